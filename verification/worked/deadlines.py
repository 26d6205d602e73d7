"""When lines of the ledger are due: by the plan's or the standard's dates; what people entered is not looked at."""

from dataclasses import dataclass
from datetime import date

from verification.worked.calendar import days
from verification.worked.case import Case
from verification.worked.due import due_day
from verification.worked.ledger import Line, lines

#: The ends of the two stretches of days that are told.
SOON, NEXT = 30, 90


@dataclass(frozen=True)
class Due:
    """A line of the ledger, its last day, who answers for it, and how many days are left from the day told from."""

    line: Line
    day: date | None
    holder: str
    left: int | None

    @property
    def closed(self) -> bool:
        """Whether it was closed this year."""
        return self.line.state == "closed"

    @property
    def part(self) -> str:
        """Return in which part of the time it falls."""
        if self.left is None:
            return "undated"
        if self.left < 0:
            return "overdue"
        return "soon" if self.left <= SOON else "next" if self.left <= NEXT else "later"


def since(case: Case) -> date:
    """Return the day told from: that of the latest statistics."""
    return days(case)[-1]


def dues(case: Case) -> list[Due]:
    """Return every line that is open, or was closed this year."""
    standard = case.plan_over.standard if case.plan_over else case.standard
    holders = standard.data.get("duty_holders") or {}
    found = []
    for line in lines(case).values():
        item = line.finding.item
        day = due_day(standard, item, line.finding.stage, case.now.day)
        held = holders.get(item) or holders.get(item.removeprefix("floor_")) or {}
        left = (day - since(case)).days if day else None
        found.append(Due(line, day, str(held.get(case.lang, "")), left))
    return found


def open_in(case: Case, part: str = "") -> list[Due]:
    """Return the open lines, those of one part of the time alone where it is given."""
    return [one for one in dues(case) if not one.closed and part in ("", one.part)]
