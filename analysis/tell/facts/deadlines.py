"""When lines of the ledger are due: overdue, due soon, by who answers for them, month by month."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from analysis.judge.ledger import CLOSED, LINES, OPEN, due_day
from analysis.read.ledger import last_day
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.facts.reference_day import as_of
from analysis.tell.language import wording

MONTHS, QUARTER = 12, 3


@dataclass(frozen=True)
class Due:
    """A line of the ledger (LINES with measure, person, date) and its last day; one that people added has their texts.

    It is the day that people entered (`entered`), else the last of the year in which the plan's or standard's value
    holds; None where neither is known, or what was entered is no day.
    """

    line: dict[str, Any]
    day: date | None
    entered: bool

    @property
    def closed(self) -> bool:
        """Whether the line was closed this year."""
        return bool(self.line["state"] == CLOSED)


@dataclass(frozen=True)
class Span:
    """A month or quarter (1 to 12, 1 to 4): lines due in it, of them closed, open, and open after their day."""

    number: int
    due: int
    closed: int
    open: int
    overdue: int


@dataclass(frozen=True, eq=False)
class Deadlines:
    """The lines of a ledger with their days, as they stand on the day `since`."""

    since: date
    lines: tuple[Due, ...]

    @cached_property
    def open(self) -> list[Due]:
        """Lines that are not closed, by their day, those without one last."""
        own = [line for line in self.lines if not line.closed]
        return sorted(own, key=lambda due: due.day or date.max)

    @cached_property
    def overdue(self) -> list[Due]:
        """Open lines whose day lies before `since`."""
        return [due for due in self.open if due.day and due.day < self.since]

    def due_in(self, least: int, most: int) -> list[Due]:
        """Return the open lines that are due at least so many and at most so many days after `since`, both included."""
        return [due for due in self.open if due.day and least <= (due.day - self.since).days <= most]

    @property
    def undated(self) -> list[Due]:
        """Open lines without a day."""
        return [due for due in self.open if due.day is None]

    @property
    def later(self) -> list[Due]:
        """Open lines that are due after the last of the stretches of days that are told."""
        return [due for due in self.open if due.day and (due.day - self.since).days > stretches()[-1]]

    @cached_property
    def holders(self) -> list[str]:
        """Who answers for open lines, by name; "" where nobody is named, last."""
        return sorted({holder(due) for due in self.open}, key=lambda name: (not name, name))

    def months(self) -> list[Span]:
        """Return the months of the year of `since`."""
        return [self._span(number, {number}) for number in range(1, MONTHS + 1)]

    def quarters(self) -> list[Span]:
        """Return the quarters of the year of `since`."""
        every = range(1, MONTHS // QUARTER + 1)
        return [self._span(day, set(range(QUARTER * (day - 1) + 1, QUARTER * day + 1))) for day in every]

    def _span(self, number: int, months: set[int]) -> Span:
        mine = [
            line for line in self.lines if line.day and line.day.year == self.since.year and line.day.month in months
        ]
        closed = sum(due.closed for due in mine)
        late = sum(not due.closed and due.day is not None and due.day < self.since for due in mine)
        return Span(number, len(mine), closed, len(mine) - closed, late)


def stretches() -> list[int]:
    """Return the ends of the stretches of days that are told, ascending: 30 and 90."""
    days: list[int] = wording.emphasis()["deadlines"]["days"]
    return days


def holder(due: Due) -> str:
    """Return who answers for a line: its duty holder, else the person that was entered, "" for nobody."""
    return due.line["holder"] or due.line["person"] or ""


@once
def deadlines_of(case: Case) -> Deadlines:
    """Return the lines of a report's ledger with their days; lines closed in earlier years are left out."""
    standard = (case.laid.standard if case.laid else None) or case.standard
    end = date(case.year, MONTHS, 31)
    dues = []
    for line in ledger_of(case).lines.to_dicts():
        text = (line["date"] or line["until"] or "").strip()
        day = last_day(text) if text else due_day(standard, line["item"], line["stage"], end)
        dues.append(Due(line, day, bool(text)))
    for line in ledger_of(case).own.to_dicts():
        text = line["date"] or line["due"]
        dues.append(Due(dict.fromkeys(LINES) | line | {"state": OPEN, "date": text}, last_day(text), bool(text)))
    return Deadlines(as_of(case), tuple(dues))
