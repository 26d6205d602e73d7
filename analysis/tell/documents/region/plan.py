"""A region's plan: how many of its counties meet the standard by year, beside how many are to, and item by item."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from analysis import ids
from analysis.standards import Plan
from analysis.standards.dated import State
from analysis.standards.model import Regional
from analysis.tables import Field, Kind, Verdict
from analysis.tell.documents.region.counties import RegionCounty
from analysis.tell.documents.region.gathering import OF
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True)
class PlanYear:
    """One year: counties with statistics of it, those that meet and don't meet the standard by them, those whose own
    planned year of acceptance has come (None where the plan is about another certificate), and how many the plan asks
    for (None where it names no number)."""

    year: int
    known: int
    met: int
    unmet: int
    accepted: int | None
    target: int | None
    verdict: str


@dataclass(frozen=True)
class PlanItem:
    """One target of the plan: a finding of the first county that has it, and the counties by their verdict on it."""

    finding: Finding
    counties: dict[str, tuple[RegionCounty, ...]]

    def of(self, *verdicts: str) -> tuple[RegionCounty, ...]:
        """Return the counties with one of these verdicts."""
        return tuple(county for verdict in verdicts for county in self.counties.get(verdict, ()))


@dataclass(frozen=True, eq=False)
class RegionPlan:
    """A plan laid over the findings of a region's counties."""

    plan: Plan
    counties: list[RegionCounty]
    year: int
    lang: str

    @property
    def regional(self) -> Regional | None:
        """What the plan asks of the region as a whole."""
        return self.plan.standard.regional

    @property
    def title(self) -> str:
        """The plan's title."""
        return self.plan.standard.title.text(self.lang)

    @property
    def total(self) -> int:
        """How many counties the plan is about: as many as it says, else those of the region."""
        asked = self.regional.counties if self.regional else None
        return asked or len(self.counties)

    @cached_property
    def years(self) -> list[PlanYear]:
        """The years with statistics up to the report's, those for which the plan names a number, and this one."""
        known = {year for county in self.counties for year in county.verdicts if year <= self.year}
        dated = {entry.since.year for entry in (self.regional.schedule if self.regional else ()) if entry.since}
        return [self._year(year) for year in sorted(known | dated | {self.year})]

    def _year(self, year: int) -> PlanYear:
        # What is to come has no counts: nobody is judged by statistics that are not there.
        known_verdicts = [county.verdicts[year] for county in self.counties if year in county.verdicts]
        verdicts = known_verdicts if year <= self.year else []
        met, unmet = (verdicts.count(verdict.value) for verdict in (Verdict.MET, Verdict.NOT_MET))
        target = self._target(year)
        return PlanYear(
            year, len(verdicts), met, unmet, self._accepted(year), target, self._verdict(year, met, unmet, target)
        )

    def _accepted(self, year: int) -> int | None:
        if not wording.is_planned_for(self.plan.framework):
            return None
        return sum(county.acceptance is not None and county.acceptance <= year for county in self.counties)

    def _target(self, year: int) -> int | None:
        if self.regional is None:
            return None
        state, value = self.plan.standard.value_at(self.regional.schedule, date(year, 12, 31))
        return int(value) if state is State.SET and value is not None else None

    def _verdict(self, year: int, met: int, unmet: int, target: int | None) -> str:
        """Return whether a year's number is reached; counties without a verdict could be on either side."""
        if target is None:
            return Verdict.TARGET_NOT_SET.value
        if year > self.year:
            return Verdict.NOT_IN_FORCE.value
        if met >= target:
            return Verdict.MET.value
        return Verdict.UNDECIDABLE.value if self.total - unmet >= target else Verdict.NOT_MET.value

    @property
    def now(self) -> PlanYear:
        """The report's year."""
        return next(year for year in self.years if year.year == self.year)

    @property
    def next(self) -> PlanYear | None:
        """The next year for which the plan names a number."""
        return next((year for year in self.years if year.year > self.year and year.target is not None), None)

    @cached_property
    def items(self) -> list[PlanItem]:
        """The plan's targets for counties, in the order of the first county that has each."""
        by_item: dict[str, list[tuple[RegionCounty, Finding]]] = {}
        for county, finding in self._findings():
            by_item.setdefault(finding.id.partition(OF)[2], []).append((county, finding))
        return [_item(rows) for rows in by_item.values()]

    def _findings(self) -> Iterator[tuple[RegionCounty, Finding]]:
        for county in self.counties:
            for finding in county.planned.values():
                if finding.kind not in (Kind.ALL, Kind.SCHOOL_RULE, Kind.FLOOR):
                    yield county, finding

    def count(self, *verdicts: str) -> int:
        """Return how many counties have one of these verdicts on all of the plan that is in force."""
        id = ids.whole(Field.PLAN)
        return sum(id in county.planned and county.planned[id].verdict in verdicts for county in self.counties)

    @property
    def unmet(self) -> list[PlanItem]:
        """The targets that some county does not meet, those of most counties first."""
        short = [item for item in self.items if item.of(Verdict.NOT_MET)]
        return sorted(short, key=lambda item: -len(item.of(Verdict.NOT_MET)))

    @property
    def top(self) -> list[PlanItem]:
        """The targets that most counties do not meet: one, or several with as many."""
        return [item for item in self.unmet if len(item.of(Verdict.NOT_MET)) == self._most]

    @property
    def leading(self) -> PlanItem | None:
        """The target that more counties do not meet than any other, None where several are missed as widely."""
        return self.top[0] if len(self.top) == 1 else None

    @property
    def _most(self) -> int:
        return max((len(item.of(Verdict.NOT_MET)) for item in self.unmet), default=0)

    def counts(self) -> dict[str, int]:
        """Return the counts that texts tell, by name."""
        counts = {"plan.total": self.total, "plan.items": len(self.items), "plan.short": len(self.unmet)}
        counts |= {"plan.top": len(self.top), "plan.most": self._most}
        for verdict in Verdict:
            counts[f"plan.{verdict.value}"] = self.count(verdict.value)
        for year in self.years:
            numbers = {name: getattr(year, name) for name in ("known", "met", "unmet", "accepted", "target")}
            counts |= {f"plan.{year.year}.{name}": number for name, number in numbers.items() if number is not None}
        return counts


def _item(rows: list[tuple[RegionCounty, Finding]]) -> PlanItem:
    by_verdict: dict[str, tuple[RegionCounty, ...]] = {}
    for county, finding in rows:
        by_verdict[finding.verdict] = (*by_verdict.get(finding.verdict, ()), county)
    asked = [finding for _, finding in rows if finding.target is not None]
    return PlanItem(asked[0] if asked else rows[0][1], by_verdict)
