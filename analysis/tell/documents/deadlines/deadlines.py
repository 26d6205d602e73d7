"""What the notebook of the deadlines talks to."""

from functools import cached_property
from typing import ClassVar

from analysis.tell.documents.beside import Beside
from analysis.tell.facts.deadlines import Deadlines, Due, deadlines_of, stretches


class DeadlineReport(Beside):
    """The ledger of a county by its days."""

    kind: ClassVar[str] = "deadlines"

    @cached_property
    def dues(self) -> Deadlines:
        """The lines with their days."""
        return deadlines_of(self.case)

    @property
    def soon(self) -> list[Due]:
        """Open lines due within the first stretch of days, the day that is told from among them."""
        return self.dues.due_in(0, stretches()[0])

    @property
    def next(self) -> list[Due]:
        """Open lines due after that, within the second stretch."""
        first, second = stretches()
        return self.dues.due_in(first + 1, second)

    @property
    def days(self) -> list[int]:
        """The ends of the two stretches."""
        return stretches()
