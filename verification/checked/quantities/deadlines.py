"""What the sheet of deadlines tells: how many lines of the ledger are open, and when they are due."""

from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked.deadlines import NEXT, SOON, open_in


def due(at: At, part: str = "") -> Said:
    """Return how many lines are open, or are due in a part of the time."""
    return count(len(open_in(at.case, part)))


def days(at: At, which: str) -> Said:
    """Return an end of the stretches of days that are told."""
    return Said(str({"soon": SOON, "after": SOON + 1, "next": NEXT}[which]), Kind.RULE)


def none_due(at: At, *parts: str) -> bool:
    """Whether no open line is due in parts of the time."""
    return not any(open_in(at.case, part) for part in parts)


ALL: dict[str, Quantity] = {"due_lines": due, "due_days": days}
CLAIMS: dict[str, Claim] = {"none_due": none_due}
