"""What stands between a county and its verdict, heaviest first, and what is missing in countable things."""

import math
from dataclasses import dataclass, field, replace

import polars as pl

from analysis import ids
from analysis.judge.rounding import exact, holds
from analysis.measure import COMPOSITE, whatif
from analysis.standards import Sense
from analysis.standards.model import SchoolRule
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once
from analysis.tell.facts.obstacle_kinds import ObstacleKind
from analysis.tell.facts.rates import OwnRate, own_rate
from analysis.tell.facts.school_effects import Test, effects
from analysis.tell.facts.tally import Tally, tally
from analysis.tell.findings import Finding
from analysis.tell.language import wording

LIST = ";"
PRIVATE = "private"


@dataclass(frozen=True)
class Shortfall:
    """A school below the floor of one indicator; `missing` whole units of the amount, `pupils` of the stage.

    Half a teacher can't be hired and no other school shares him: each school's gap is rounded up, sums are of those.
    """

    finding: Finding
    school: str
    missing: int
    pupils: float
    breaks: bool  # the school misses its rule
    allowed: bool  # the school meets its rule, which allows this; where neither holds its rule can't be judged
    enough: int | None = None  # what makes the school meet its rule, where that asks less than the floor of this alone

    @property
    def part(self) -> float:
        """The value as a part of its floor."""
        assert self.finding.value is not None
        assert self.finding.target
        return self.finding.value / self.finding.target


@dataclass(frozen=True)
class Driver:
    """A school's share of the difference in one indicator (of S squared, 0 to 1), its value in parts of the county's
    mean (`times`), and whether it is private: the county cannot act on it as on its own."""

    school: str
    share: float
    times: float
    private: bool

    @property
    def above(self) -> bool:
        """Whether it lies above the mean."""
        return self.times > 1


@dataclass(frozen=True)
class Lift:
    """The school that brings a coefficient within its limit, and lowest, by reaching its floor alone: what it lacks,
    and the coefficient then."""

    school: str
    missing: int
    cv: float


@dataclass(frozen=True)
class Obstacle:
    """One thing that keeps the verdict from being met: an indicator of a stage, a subject and grade, an item, a field.

    `finding` is what decides it, first of those that are not met.
    """

    kind: ObstacleKind
    weight: float
    finding: Finding
    cv: Finding | None = None
    below: tuple[Shortfall, ...] = ()
    drivers: tuple[Driver, ...] = ()
    level: Finding | None = None
    rate: Finding | None = None
    own: OwnRate | None = None
    test: Test | None = None
    rest: float | None = None  # the coefficient of all schools but the drivers; None for the public
    mended: float | None = (
        None  # the coefficient once every school below the floor is lifted to it; None for the public
    )
    eased: float | None = None  # the coefficient once every school that misses its rule has `enough`; not to the public
    lift: Lift | None = None
    schools: tuple[Finding, ...] = field(default=())  # of a computed item: the schools that fall short
    tally: Tally | None = None
    plural: bool = False  # what is short is told in the plural: teachers are, floor area is

    @property
    def alone(self) -> bool:
        """Whether it rules out the certificate by itself: an entry condition or a veto."""
        return self.finding.field == Field.ENTRY

    @property
    def cv_unmet(self) -> bool:
        """Whether the coefficient is above its limit."""
        return self.cv is not None and self.cv.verdict == Verdict.NOT_MET

    @property
    def level_unmet(self) -> bool:
        """Whether the level of the subject falls short."""
        return self.level is not None and self.level.verdict == Verdict.NOT_MET

    @property
    def rate_unmet(self) -> bool:
        """Whether the national difference rate of the subject is not below its limit."""
        return self.rate is not None and self.rate.verdict == Verdict.NOT_MET

    def far_below(self, rule: SchoolRule | None) -> list[Shortfall]:
        """Return the schools below the part of the floor that a school rule asks of every indicator; none without."""
        return [shortfall for shortfall in self.breaking if shortfall.part < rule.rest_part] if rule else []

    @property
    def breaking(self) -> list[Shortfall]:
        """Schools that miss their rule and lie below this floor."""
        return [shortfall for shortfall in self.below if shortfall.breaks]

    @property
    def breaking_schools(self) -> list[str]:
        """The codes of `breaking`."""
        return [shortfall.school for shortfall in self.breaking]

    @property
    def below_schools(self) -> list[str]:
        """The codes of the schools below this floor."""
        return [shortfall.school for shortfall in self.below]

    @property
    def below_missing(self) -> int:
        """What the schools below this floor lack together, up to the floor."""
        return sum(shortfall.missing for shortfall in self.below)

    @property
    def drivers_share(self) -> float:
        """The part of the difference that the drivers hold together."""
        return sum(driver.share for driver in self.drivers)

    @property
    def mends(self) -> bool:
        """Whether the coefficient is within its limit once every school below the floor is lifted to it."""
        assert self.cv is not None
        assert self.cv.target is not None
        return self.mended is not None and holds(self.mended, self.cv.target, Sense.AT_MOST)

    @property
    def eases(self) -> bool:
        """Whether the coefficient is within its limit once every school that misses its rule has `enough`."""
        assert self.cv is not None
        assert self.cv.target is not None
        return self.eased is not None and holds(self.eased, self.cv.target, Sense.AT_MOST)

    @property
    def pupils(self) -> float:
        """The pupils of the schools that miss their rule and lie below this floor."""
        return sum(shortfall.pupils for shortfall in self.breaking)

    @property
    def missing(self) -> int:
        """What the schools that miss their rule lack together."""
        return sum(shortfall.missing for shortfall in self.breaking)

    @property
    def enough(self) -> int | None:
        """What makes all of them meet their rule, less than up to the floors; None where this alone does not."""
        each = [shortfall.enough for shortfall in self.breaking]
        return sum(amount for amount in each if amount is not None) if each and None not in each else None

    @property
    def lacking_most(self) -> list[str]:
        """The schools below the floor, those that lack most first."""
        return [
            shortfall.school
            for shortfall in sorted(self.below, key=lambda shortfall: (-shortfall.missing, shortfall.school))
        ]


def shortfalls(case: Case, stage: str | None = None, indicator: str | None = None) -> list[Shortfall]:
    """Return every school below a floor this year, farthest below first; none is hidden, for a sum would tell of it."""
    lacking = []
    for finding in case.now.where(kind=Kind.FLOOR, verdict=Verdict.NOT_MET):
        if (stage and finding.stage != stage) or (indicator and finding.indicator != indicator):
            continue
        assert finding.school
        assert finding.stage
        if not case.may_show(finding.school, finding.stage):
            continue
        measured = case.measured.school(case.year, finding.stage, finding.indicator, finding.school)
        rule = case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOL_RULE, finding.stage, finding.school))
        if measured is None or measured.pupils is None or finding.margin is None:
            continue
        per = case.standard.indicators[finding.indicator].per
        missing = math.ceil(exact(-finding.margin * measured.pupils / per))
        breaks = rule is not None and rule.verdict == Verdict.NOT_MET
        allowed = rule is not None and rule.verdict == Verdict.MET
        enough = _enough(case, finding, rule, measured.pupils / per, missing) if breaks else None
        lacking.append(Shortfall(finding, finding.school, missing, measured.pupils, breaks, allowed, enough))
    return sorted(lacking, key=lambda shortfall: (shortfall.part, shortfall.school))


def _enough(case: Case, floor: Finding, rule: Finding | None, per: float, missing: int) -> int | None:
    """Return what lifts a school to the part of the floor that its rule allows; None where it has more gaps than that,
    or the rule allows none."""
    asked = case.standard.school_rule
    if asked is None or rule is None or rule.value is None or floor.value is None or floor.target is None:
        return None
    gaps = len(case.standard.indicators) - rule.value
    if gaps > len(case.standard.indicators) - asked.must_meet:
        return None
    needed = math.ceil(exact((asked.rest_part * floor.target - floor.value) * per))
    return needed if needed < missing else None


def failing(case: Case) -> list[Finding]:
    """Return the school rules that are not met and may be shown, fewest floors met first, primary before junior."""
    rules = [
        rule
        for rule in case.now.where(kind=Kind.SCHOOL_RULE, verdict=Verdict.NOT_MET)
        if rule.stage in case.stage_ids and case.may_show(rule.school, rule.stage)
    ]
    return sorted(rules, key=lambda rule: (case.stage_ids.index(rule.stage or ""), rule.value or 0.0, rule.id))


def drivers(case: Case, stage: str, indicator: str, year: int | None = None) -> list[Driver]:
    """Return the schools by their share of the difference, largest first; none where one is hidden."""
    when = year or case.year
    if case.hides(stage, when):
        return []
    mean = case.measured.stage(when, stage, indicator, "mean")
    schools = case.stages.filter(year=when, stage=stage, in_scope=True).select("school", "run_by")
    pulling = []
    for code, run_by in schools.iter_rows():
        measured = case.measured.school(when, stage, indicator, code)
        if measured and measured.share is not None and measured.value is not None and mean:
            pulling.append(Driver(code, measured.share, measured.value / mean, run_by == PRIVATE))
    return sorted(pulling, key=lambda driver: (-driver.share, driver.school))


def leading(pulling: list[Driver]) -> tuple[Driver, ...]:
    """Return the first schools that hold `drivers.part` of the difference together, at most `drivers.most`."""
    rule = wording.emphasis()["drivers"]
    taken: list[Driver] = []
    for driver in pulling[: rule["most"]]:
        taken.append(driver)
        if sum(each.share for each in taken) >= rule["part"]:
            break
    return tuple(taken)


def excess(finding: Finding) -> float:
    """Return how far a finding lies beyond its target, as a part of it; 0 where it does not."""
    if finding.verdict != Verdict.NOT_MET or finding.margin is None or not finding.target:
        return 0.0
    return max(-finding.margin / finding.target, 0.0)


def _indicators(case: Case) -> list[Obstacle]:
    weights = wording.emphasis()["weights"]
    below = shortfalls(case)
    obstacle_list = []
    for stage in case.stage_ids:
        count = case.rows.filter(stage=stage, in_scope=True).height
        for indicator in case.standard.indicators:
            cv = case.finding(ids.finding(Field.RESOURCES, ids.cv(indicator), stage))
            over = cv is not None and cv.verdict == Verdict.NOT_MET
            short = tuple(
                shortfall
                for shortfall in below
                if shortfall.finding.stage == stage and shortfall.finding.indicator == indicator
            )
            breaking = [shortfall for shortfall in short if shortfall.breaks]
            if not over and not breaking:
                continue
            weight = weights["schools"] * len(breaking) / max(count, 1) + weights["cv"] * (excess(cv) if cv else 0.0)
            if over:
                # Beyond its limit by a hair weighs something all the same.
                weight += weights["cv"] * wording.emphasis()["near"]
            finding = cv if over and cv else breaking[0].finding
            leaders = leading(drivers(case, stage, indicator)) if over else ()
            plural = case.standard.indicators[indicator].per != 1
            obstacle = Obstacle(
                ObstacleKind.INDICATOR, weight, finding, cv=cv, below=short, drivers=leaders, plural=plural
            )
            obstacle_list.append(obstacle if case.public or not over else _what_if(case, obstacle, stage, indicator))
    return obstacle_list


def _what_if(case: Case, matter: Obstacle, stage: str, indicator: str) -> Obstacle:
    """Return a matter with the coefficients that there would be without its drivers, and with every floor reached."""
    rows = case.rows.filter((pl.col("stage") == stage) & pl.col("in_scope"))
    per = case.standard.indicators[indicator].per
    floors = {
        shortfall.school: shortfall.finding.target * shortfall.pupils / per
        for shortfall in matter.below
        if shortfall.finding.target is not None
    }
    part = case.standard.school_rule.rest_part if case.standard.school_rule else 1.0
    mended = whatif.lifted(rows, indicator, floors) if floors else None
    alone = [
        Lift(shortfall.school, shortfall.missing, cv)
        for shortfall in matter.breaking
        if (cv := whatif.lifted(rows, indicator, {shortfall.school: floors[shortfall.school]})) is not None
        and matter.cv is not None
        and matter.cv.target is not None
        and holds(cv, matter.cv.target, Sense.AT_MOST)
    ]
    eased = {shortfall.school: floors[shortfall.school] * part for shortfall in matter.breaking}
    return replace(
        matter,
        eased=whatif.lifted(rows, indicator, eased) if matter.enough is not None else None,
        lift=min(alone, key=lambda shortfall: (shortfall.cv, shortfall.school), default=None)
        if len(matter.below) > 1
        else None,
        rest=whatif.without(rows, indicator, [driver.school for driver in matter.drivers]) if matter.drivers else None,
        mended=mended,
    )


def _subjects(case: Case) -> list[Obstacle]:
    weights = wording.emphasis()["weights"]
    obstacle_list = []
    pairs = {
        (finding.subject, finding.grade): None
        for finding in case.now
        if finding.item in {"level", "rate"} and finding.subject
    }
    for subject, grade in pairs:
        level, rate = (case.finding(ids.finding(Field.QUALITY, item, subject, grade)) for item in ("level", "rate"))
        tested = case.finding(ids.finding(Field.QUALITY, Kind.RATE_OWN, subject, grade))
        own = own_rate(tested) if tested else None
        failing = [finding for finding in (level, rate) if finding and finding.verdict == Verdict.NOT_MET]
        if not failing:
            continue
        weight = 0.0
        if level in failing and level and level.margin is not None:
            weight += weights["level"] * -level.margin
        if rate in failing and rate:
            weight += weights["rate"] * (excess(rate) + wording.emphasis()["near"])
        test = next((test for test in effects(case).tests if (test.subject, test.grade) == (subject, grade)), None)
        obstacle_list.append(
            Obstacle(ObstacleKind.SUBJECT, weight, failing[0], level=level, rate=rate, own=own, test=test)
        )
    return obstacle_list


def _items(case: Case) -> list[Obstacle]:
    weights, least = wording.emphasis()["weights"], wording.emphasis()["unmet"]
    obstacle_list = []
    for finding in case.now:
        if finding.verdict != Verdict.NOT_MET or finding.school is not None:
            continue
        if finding.item in case.standard.items:
            weight = weights["item"] * (least + excess(finding))
            obstacle_list.append(
                Obstacle(
                    ObstacleKind.ITEM, weight, finding, schools=short_schools(case, finding), tally=tally(case, finding)
                )
            )
        elif finding.kind == Kind.RECOGNITION:
            obstacle_list.append(
                Obstacle(ObstacleKind.RECOGNITION, weights["recognition"] * (least + excess(finding)), finding)
            )
        elif finding.item == ids.cv(COMPOSITE):
            obstacle_list.append(Obstacle(ObstacleKind.COMPOSITE, weights["cv"] * (least + excess(finding)), finding))
    return obstacle_list


def short_schools(case: Case, finding: Finding) -> tuple[Finding, ...]:
    """Return the findings of the schools that fall short of a computed item: most classes over first, else farthest."""
    short = [
        finding for finding in case.now.where(item=finding.item, verdict=Verdict.NOT_MET) if finding.school is not None
    ]
    short = [finding for finding in short if case.may_show(finding.school, finding.stage)]
    return tuple(sorted(short, key=lambda finding: (-(finding.details.get("over") or 0), -excess(finding), finding.id)))


@once
def obstacles(case: Case) -> list[Obstacle]:
    """Return what keeps the verdict from being met: entry conditions and vetoes, each of which decides alone, then the
    heaviest first (weights: emphasis.yml)."""
    unsorted = [*_indicators(case), *_subjects(case), *_items(case)]
    return sorted(unsorted, key=lambda obstacle: (not obstacle.alone, -obstacle.weight, obstacle.finding.id))
