"""What the notebook of the notice talks to."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

from analysis import ids
from analysis.tables import Verdict
from analysis.tell.documents.beside import Beside
from analysis.tell.facts.changes import Counted, counted
from analysis.tell.findings import Finding
from analysis.tell.parts.chapters.conclusion import judged


@dataclass(frozen=True, eq=False)
class Notice(Beside):
    """A county's case as the public is told it: no school is named, by name or code."""

    kind: ClassVar[str] = "notice"

    @classmethod
    def open(cls, county: str, year: int | None = None, **options: Any) -> Self:
        """Return the notice of a county and year; whatever audience is asked for, it is the public."""
        return super().open(county, year, **(options | {"audience": "public"}))

    def __post_init__(self) -> None:
        """Hold that nobody tells the public what is not for it."""
        if not self.case.public:
            raise ValueError("a notice is told from the public edition alone")

    @property
    def day(self) -> date:
        """The day of signing."""
        return date.fromisoformat(self.case.date)

    @property
    def overall(self) -> Finding | None:
        """The finding on the county."""
        return self.case.finding(ids.OVERALL)

    @cached_property
    def judged(self) -> list[Finding]:
        """What makes the verdict, as the report's first page counts it."""
        return judged(self.case)

    @property
    def met(self) -> int:
        """How many of them are met."""
        return sum(finding.verdict == Verdict.MET for finding in self.judged)

    @cached_property
    def schools(self) -> list[Counted]:
        """Schools of each stage that meet the rule."""
        return counted(self.case) if self.case.standard.school_rule else []
