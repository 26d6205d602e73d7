"""The annex on the county's own tests: rates with their intervals, what would decide them, schools that lie apart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.rates import Decides, OwnRate, decides, rates
from analysis.tell.facts.school_effects import Test, effects
from analysis.tell.findings import Finding
from analysis.tell.parts.figures.effects import effects_data
from analysis.tell.parts.figures.levels import levels_data

#: Why an own test is undecidable: too many scores at an end, or a few schools far from all others could turn it.
CROWDED, TAILS = "scores_crowded", "tails_unknown"


@dataclass(frozen=True)
class OwnTest:
    """An own test beside the national result: what would decide it, and which schools lie apart (None: not told)."""

    national: Finding | None
    own: OwnRate
    decides: Decides
    test: Test | None

    @property
    def interval(self) -> bool:
        """Whether the interval is known."""
        return self.own.low is not None

    @property
    def reachable(self) -> bool:
        """Whether more schools or pupils could decide it."""
        return bool(self.decides.schools or self.decides.pupils)

    @property
    def apart(self) -> bool:
        """Whether some school lies apart from the county's mean."""
        return self.test is not None and bool(self.test.below or self.test.above)

    def undecided(self, *reasons: str) -> bool:
        """Return whether it is undecidable, for one of these reasons where some are given."""
        finding = self.own.finding
        return finding.verdict == Verdict.UNDECIDABLE and (not reasons or finding.reason in reasons)

    @property
    def against(self) -> bool:
        """Whether the national result and the own test, both decided, point different ways."""
        own, other = self.own.finding.verdict, self.national.verdict if self.national else ""
        return own in DECIDED and other in DECIDED and own != other


def _own_test(case: Case, national: Finding | None, own: OwnRate) -> OwnTest:
    key = (own.finding.subject, own.finding.grade)
    test = next((test for test in effects(case).tests if (test.subject, test.grade) == key), None)
    return OwnTest(national, own, decides(case, own), test)


def _repeated(tests: Iterable[Test]) -> tuple[str, ...]:
    """Return the schools that lie below the county's mean in two tests or more, most often first."""
    counts = Counter(school for test in tests for school in test.below)
    return tuple(school for school, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if count > 1)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the annex on own tests says.

    Of `owns` the interval is `spanning` the limit, clears it but for the `tails`, is `crowded`, or lies `within` or
    `beyond` it; more tests can decide those `decidable`, not those `exhausted`, nor those of which `all_tested` schools
    there are; in those `apart` some school lies apart from the mean, in those `alike` none; `alone` are own tests that
    can't be judged; `repeated` schools lie below in several.
    """

    whole: Finding | None
    has_beside: bool
    has_rates: bool
    has_effects: bool
    owns: list[OwnTest]
    spanning: list[OwnTest]
    tails: list[OwnTest]
    crowded: list[OwnTest]
    decidable: list[OwnTest]
    all_tested: list[OwnTest]
    exhausted: list[OwnTest]
    within: list[OwnTest]
    beyond: list[OwnTest]
    against: list[OwnTest]
    apart: list[OwnTest]
    alike: list[OwnTest]
    alone: list[Finding]
    repeated: tuple[str, ...]


def facts(case: Case) -> Facts:
    """Return what the annex on own tests says."""
    owns = [_own_test(case, tested, own) for tested, own in rates(case) if own]
    open_ = [own for own in owns if own.undecided() and not own.undecided(CROWDED)]
    return Facts(
        whole=case.now.whole(Field.QUALITY),
        has_beside=not levels_data(case, beside=True)[0].is_empty(),
        has_rates=bool(owns)
        or any(national and national.value is not None and national.verdict in DECIDED for national, _ in rates(case)),
        has_effects=not effects_data(case)[0].is_empty(),
        owns=owns,
        spanning=[own for own in open_ if not own.undecided(TAILS)],
        tails=[own for own in open_ if own.undecided(TAILS)],
        crowded=[own for own in owns if own.undecided(CROWDED)],
        decidable=[own for own in open_ if own.reachable],
        all_tested=[own for own in open_ if not own.reachable and own.decides.all_tested],
        exhausted=[own for own in open_ if not own.reachable and not own.decides.all_tested],
        within=[own for own in owns if own.own.finding.verdict == Verdict.MET],
        beyond=[own for own in owns if own.own.finding.verdict == Verdict.NOT_MET],
        against=[own for own in owns if own.against],
        apart=[own for own in owns if own.test and own.apart],
        alike=[own for own in owns if own.test and not own.apart],
        alone=[finding for finding in case.now.where(kind=Kind.RATE_OWN) if finding.verdict == Verdict.NOT_APPLICABLE],
        repeated=_repeated(effects(case).tests),
    )
