"""A county over its years: findings of each, what changed between them, and the ledger of what is open."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verification.english import called
from verification.places import here, labels_here
from verification.plans import Plan
from verification.plans import plan as plan_of
from verification.raw.county import County, county
from verification.rules import COMPOSITE, Standard, standard
from verification.worked.finding import Finding
from verification.worked.findings import Year
from verification.worked.least_cost import Planned
from verification.worked.trend import Pace, pace

if TYPE_CHECKING:
    from verification.worked.visited import Visited


@dataclass
class Case:
    """`now` is the year of the report, `before` the last one before it that has statistics.

    `foretold` is what results.json foretells: drawn by lot, so that it is held against itself and traced.
    `plans` are those of least cost that results.json tells, by their names there. `plan_over` is the county's own plan,
    laid over the standard; `by_plan` says that its targets are told (`laid`) beside those of the case `outer`.
    `visited` is the field check by whose values this case is judged, `told_from` the day that deadlines are told from
    ("": that of the data).
    """

    county: County
    standard: Standard
    year: int
    lang: str
    audience: str
    plans: dict[str, Planned] = field(default_factory=dict)
    held: dict[int, Year] = field(default_factory=dict)
    foretold: dict[str, Any] = field(default_factory=dict)
    plan_over: Plan | None = None
    by_plan: bool = False
    outer: "Case | None" = None
    visited: "Visited | None" = None
    told_from: str = ""

    def at(self, year: int) -> Year:
        """Return one year of the county."""
        if year not in self.held:
            named = self.plan_over.named if self.by_plan and self.plan_over else None
            self.held[year] = Year(self.county, self.standard, year, named)
        return self.held[year]

    @cached_property
    def laid(self) -> "Case | None":
        """Return the county told by its own plan: its standard, and findings on the plan's own targets alone."""
        plan = self.plan_over
        return replace(self, standard=plan.standard, held={}, by_plan=True, outer=self) if plan else None

    @property
    def told_by(self) -> "Case":
        """Return the case by whose standard the report judges."""
        return self.outer or self

    @property
    def public(self) -> bool:
        """Whether the report is told to the public: codes in place of names, files by their tables."""
        return self.audience == "public"

    @property
    def now(self) -> Year:
        """Return the year of the report."""
        return self.at(self.year)

    @property
    def years(self) -> list[int]:
        """Return the years with statistics up to the report's."""
        return [one for one in self.county.years() if one <= self.year]

    @property
    def before(self) -> Year | None:
        """Return the last year with statistics before the report's."""
        earlier = [one for one in self.years if one < self.year]
        return self.at(earlier[-1]) if earlier else None

    def finding(self, id: str, year: int | None = None) -> Finding | None:
        """Return a finding by its id."""
        return self.at(year or self.year).findings.get(id)

    def plan(self, which: str = "plan") -> Planned:
        """Return a plan of least cost; LookupError where results.json tells none."""
        return self.plans[which]

    def series(self, indicator: str, stage: str) -> dict[int, Fraction]:
        """Return the coefficient of each year that has one."""
        found = {}
        for year in self.years:
            if indicator == COMPOSITE and (together := self.at(year).composite(stage)) is not None:
                found[year] = together
            one = self.at(year).coefficients.get((indicator, stage))
            if one is not None and one.cv is not None and one.schools > 1:
                found[year] = one.cv
        return found

    def pace(self, indicator: str, stage: str) -> Pace | None:
        """Return the pace of a coefficient; None where it has none this year."""
        series = self.series(indicator, stage)
        limit = self.standard.limit(indicator, stage, self.now.day)
        if self.year not in series or limit is None:
            return None
        return pace(series, limit, self.year)

    @cached_property
    def _schools(self) -> list[dict[str, Any]]:
        years = sorted(self.county.years(), key=lambda year: (year <= self.year, year))
        tables = [self.county.tables["schools"][year] for year in years]
        return [row for table in tables for row in (*table.rows, *table.aside)]

    @cached_property
    def characters(self) -> dict[str, str]:
        """Return the schools' names in statistics, of the latest year up to the report's that has each."""
        return {str(row["school"]): str(row["name"]) for row in self._schools}

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the schools' names in the language."""
        if self.lang == "zh":
            return self.characters
        given = {str(row["school"]): str(row["name_en"]) for row in self._schools if row.get("name_en")}
        places = {str(row["township"]) for row in self._schools if row.get("township")}
        return called(self.characters, given, (self.county.entry["zh"], *sorted(places)))

    def here(self, text: str) -> str:
        """Return a text of ours as the county says it."""
        return here(text, str(self.county.entry["zh"]), self.lang)

    def name(self, school: str) -> str:
        """Return how a school is printed."""
        return self.names.get(school, school)


def case(raw: Path, standards: Path, code: str, year: int, name: str, lang: str, audience: str, plan: str = "") -> Case:
    """Return a county's case from its raw folder and the folder of standards."""
    of, known = county(raw, code), standard(standards, name)
    over = plan_of(standards, plan) if plan else None
    known = _called(known, of)
    if over is not None:
        over = replace(over, standard=_called(over.standard, of), framework=_called(over.framework, of))
    return Case(of, known, year, lang, audience, plan_over=over)


def _called(of: Standard, county: County) -> Standard:
    """Return a standard whose names are as a county says them."""
    name = str(county.entry["zh"])
    return replace(of, data=labels_here(of.data, name), words=labels_here(of.words, name))
