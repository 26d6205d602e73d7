"""A region held against a plan: how many counties meet the standard by year beside how many are to, and its targets."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from verification.rules import SET, Dated
from verification.worked.finding import Finding
from verification.worked.region import PLANNED, Member, Region

#: Findings on schools alone, and those that sum up.
OF_SCHOOLS = ("all", "school_rule")


@dataclass(frozen=True)
class PlanYear:
    """Counties with statistics of a year, of these that meet the standard or don't; those whose planned year has come,
    how many the plan asks for (None where neither is known), and whether that is reached."""

    year: int
    known: int
    met: int
    unmet: int
    accepted: int | None
    target: int | None
    verdict: str


@dataclass(frozen=True)
class Target:
    """A target of the plan: the finding of the first county of which it is asked, and each county's verdict."""

    finding: Finding
    verdicts: tuple[tuple[Member, str], ...]

    def of(self, *verdicts: str) -> list[Member]:
        """Return the counties with one of these verdicts."""
        return [member for verdict in verdicts for member, said in self.verdicts if said == verdict]


@dataclass
class RegionPlan:
    """The plan of a region. Raises LookupError where it is held against none."""

    region: Region

    def __post_init__(self) -> None:
        if self.region.plan_over is None:
            raise LookupError("no plan")
        self.plan = self.region.plan_over

    @property
    def total(self) -> int:
        """Return how many counties the plan is about."""
        asked = (self.plan.standard.data.get("regional") or {}).get("counties")
        return int(asked or len(self.region.members))

    @cached_property
    def years(self) -> dict[int, PlanYear]:
        """Return the years that counties have statistics of, those with a number of the plan, and the report's."""
        known = {year for one in self.region.judged for year in one.worked.years if year <= self.region.year}
        dated = {one.day.year for one in self._schedule if one.stated}
        return {year: self._year(year) for year in sorted(known | dated | {self.region.year})}

    @property
    def _schedule(self) -> list[Dated]:
        given = (self.plan.standard.data.get("regional") or {}).get("schedule")
        return self.plan.standard.schedule(given) if given else []

    def _year(self, year: int) -> PlanYear:
        held = [one.worked for one in self.region.judged if year in one.worked.years and year <= self.region.year]
        verdicts = [one.at(year).findings["overall.all"].verdict for one in held]
        met, unmet = verdicts.count("met"), verdicts.count("not_met")
        begun = [one for one in self._schedule if one.day <= date(year, 12, 31)]
        value = begun[-1].value if begun and begun[-1].state == SET else None
        target = None if value is None else int(value)
        accepted = None
        if self.plan.framework.id in PLANNED:
            planned = [int(one.entry["acceptance"]) for one in self.region.members if one.entry.get("acceptance")]
            accepted = sum(one <= year for one in planned)
        return PlanYear(year, len(verdicts), met, unmet, accepted, target, self._verdict(year, met, unmet, target))

    def _verdict(self, year: int, met: int, unmet: int, target: int | None) -> str:
        if target is None:
            return "target_not_set"
        if year > self.region.year:
            return "not_in_force"
        return "met" if met >= target else "undecidable" if self.total - unmet >= target else "not_met"

    @property
    def next(self) -> PlanYear:
        """Return the next year with a number."""
        return next(one for one in self.years.values() if one.year > self.region.year and one.target is not None)

    @cached_property
    def targets(self) -> list[Target]:
        """Return the plan's targets for counties."""
        found: dict[str, list[tuple[Member, Finding]]] = {}
        for member in self.region.judged:
            laid = member.worked.laid
            for one in laid.now.findings.values() if laid else ():
                if not one.school and one.item not in OF_SCHOOLS and not one.item.startswith("floor_"):
                    found.setdefault(one.id, []).append((member, one))
        targets = []
        for rows in found.values():
            asked = [one for _, one in rows if one.target is not None] or [rows[0][1]]
            targets.append(Target(asked[0], tuple((member, one.verdict) for member, one in rows)))
        return targets

    @property
    def short(self) -> list[Target]:
        """Return those that some county does not meet."""
        return [one for one in self.targets if one.of("not_met")]

    @property
    def most(self) -> int:
        """Return how many counties miss the target that most do."""
        return max((len(one.of("not_met")) for one in self.short), default=0)

    @property
    def top(self) -> list[Target]:
        """Return the targets that most counties miss."""
        return [one for one in self.short if len(one.of("not_met")) == self.most]

    def with_verdict(self, verdict: str) -> int:
        """Return how many counties have a verdict on all of the plan that is in force."""
        laid = [one.worked.laid for one in self.region.judged]
        return sum(one.now.findings["plan.all"].verdict == verdict for one in laid if one is not None)
