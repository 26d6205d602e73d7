"""What a region tells of its counties: each with its findings, and what several of them share."""

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from analysis import ids
from analysis.judge.rounding import exact
from analysis.judge.verdicts import place
from analysis.standards import Standard
from analysis.tables import Verdict
from analysis.tell.documents.region import gathering
from analysis.tell.facts.obstacle_kinds import ObstacleKind
from analysis.tell.findings import Finding
from analysis.tell.language import wording

WHOLE = ids.OVERALL


@dataclass(frozen=True, eq=False)
class RegionCounty:
    """One county: its findings of `year` and of `before` by the ids of its own report; each bears the county's code.

    `acceptance` is the year of acceptance that it plans, `planned_acceptance` that of the region's standard, None where
    the plan is about another certificate.
    """

    code: str
    name: str
    state: str
    year: int | None
    before: int | None
    acceptance: int | None
    planned_acceptance: int | None
    synthetic: bool
    fault: str
    files: int
    standard: Standard
    now: dict[str, Finding] = field(default_factory=dict)
    then: dict[str, Finding] = field(default_factory=dict)
    planned: dict[str, Finding] = field(default_factory=dict)
    verdicts: dict[int, str] = field(default_factory=dict)
    schools: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=gathering.SCHOOLS))

    @property
    def verdict(self) -> str:
        """The verdict of the whole, "" where the county was not judged."""
        return self.now[WHOLE].verdict if WHOLE in self.now else ""

    @cached_property
    def judged(self) -> list[Finding]:
        """The findings that make the verdict, as the county's own conclusion counts them."""
        return [
            finding
            for finding in self.now.values()
            if ids.judged(finding.item, finding.field, finding.school, finding.verdict)
        ]

    @property
    def unmet(self) -> list[Finding]:
        """Those of `judged` that are not met."""
        return [finding for finding in self.judged if finding.verdict == Verdict.NOT_MET]

    def rule(self, stage: str, *verdicts: str) -> list[str]:
        """Return the names of the schools of a stage this year whose school rule has one of these verdicts."""
        here = self.schools.filter(year=self.year, stage=stage)
        return (
            here.filter(pl.col("verdict").is_in(list(verdicts)))["name"].to_list()
            if verdicts
            else here["name"].to_list()
        )


@dataclass(frozen=True)
class Holding:
    """An item that counties don't meet: its key (id of the finding), what it is called, and the counties."""

    key: str
    called: str
    counties: tuple[RegionCounty, ...]


@dataclass(frozen=True)
class Turn:
    """A county whose verdict is another one than in its last year with data."""

    county: RegionCounty
    now: Finding
    then: Finding

    @property
    def better(self) -> bool:
        """Whether the verdict of now is nearer to met."""
        return place(self.now.verdict) > place(self.then.verdict)


@dataclass(frozen=True)
class Move:
    """A coefficient of a county in two years; it changed when it moved by `moved` (emphasis.yml) or more."""

    county: RegionCounty
    now: Finding
    then: Finding

    @property
    def difference(self) -> float:
        """The value of now less that of then."""
        assert self.now.value is not None
        assert self.then.value is not None
        return self.now.value - self.then.value

    @property
    def changed(self) -> bool:
        """Whether it moved far enough to be called a change."""
        return bool(exact(abs(self.difference)) >= wording.emphasis()["moved"])


@dataclass(frozen=True)
class Thing:
    """A matter that several counties share: those above the limit of a coefficient, those with schools that lack it."""

    key: str
    kind: ObstacleKind
    finding: Finding
    counties: tuple[RegionCounty, ...]
    over: tuple[RegionCounty, ...]
    short: tuple[RegionCounty, ...]
    schools: int
    missing: int
