"""What the verdict hangs on that is not sure: practices without which it would be another."""

from dataclasses import dataclass

from analysis.judge.readings import Changed, changed
from analysis.standards.practice import Practice
from analysis.tables import Field
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@dataclass(frozen=True)
class Hanging:
    """A practice that is not sure, and the verdicts that would be others without it."""

    practice: Practice
    changes: tuple[Changed, ...]

    @property
    def decides(self) -> bool:
        """Return whether the verdict on the whole hangs on it."""
        return any(change.field == Field.OVERALL for change in self.changes)


@once
def hanging(case: Case) -> list[Hanging]:
    """Return what the verdicts of a case hang on, in the standard's order."""
    changes = changed(case.records, case.standard, case.year, case.findings)
    practices = {change.practice.id: change.practice for change in changes}
    return [
        Hanging(practice, tuple(change for change in changes if change.practice == practice))
        for practice in practices.values()
    ]
