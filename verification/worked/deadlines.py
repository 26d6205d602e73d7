"""When lines of the ledger are due: on the day that people entered, else by the plan's or the standard's dates."""

from dataclasses import dataclass, field
from datetime import date

from verification.raw.entered import Entry, last_day
from verification.worked.calendar import since
from verification.worked.case import Case
from verification.worked.due import due_day
from verification.worked.ledger import Line, lines

#: The ends of the two stretches of days that are told.
SOON, NEXT = 30, 90


@dataclass(frozen=True)
class Due:
    """A line of the ledger, its last day, who answers for it, how many days are left from the day told from, and what
    people entered; a line that they added is an entry alone."""

    line: Line | None
    day: date | None
    holder: str
    left: int | None
    entry: Entry = field(default_factory=Entry)

    @property
    def closed(self) -> bool:
        """Whether it was closed this year."""
        return self.line is not None and self.line.state == "closed"

    @property
    def id(self) -> str:
        """Return the line's id, that of people's own by its row."""
        return self.line.finding.id if self.line else f"own.{self.entry.row}"

    @property
    def item(self) -> str:
        """Return the id of the line's item, or what people call theirs."""
        return self.line.finding.item if self.line else self.entry.item

    @property
    def part(self) -> str:
        """Return in which part of the time it falls."""
        if self.left is None:
            return "undated"
        if self.left < 0:
            return "overdue"
        return "soon" if self.left <= SOON else "next" if self.left <= NEXT else "later"


def holder_of(case: Case, id: str, item: str) -> str:
    """Return the office that answers for a line: as people entered it, else by the plan or standard; "" for none."""
    standard = case.plan_over.standard if case.plan_over else case.standard
    holders = standard.data.get("duty_holders") or {}
    held = holders.get(item) or holders.get(item.removeprefix("floor_")) or {}
    return case.county.entered.get(id, Entry()).holder or str(held.get(case.lang, ""))


def dues(case: Case) -> list[Due]:
    """Return every line that is open, or was closed this year."""
    standard = case.plan_over.standard if case.plan_over else case.standard
    found = []
    for id, line in lines(case).items():
        item, entry = line.finding.item, case.county.entered.get(id, Entry())
        day = due_day(standard, item, line.finding.stage, case.now.day)
        day = last_day(entry.until) if entry.until else day
        found.append(Due(line, day, holder_of(case, id, item) or entry.person, _left(case, day), entry))
    for entry in [] if case.public else case.county.own_lines:
        day = last_day(entry.until) if entry.until else None
        found.append(Due(None, day, entry.holder or entry.person, _left(case, day), entry))
    return found


def _left(case: Case, day: date | None) -> int | None:
    return (day - since(case)).days if day else None


def open_in(case: Case, part: str = "") -> list[Due]:
    """Return the open lines, those of one part of the time alone where it is given."""
    return [one for one in dues(case) if not one.closed and part in ("", one.part)]
