"""Quality: levels and rates of the national monitoring, what the county's own tests add, and the county's items."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.tables import DECIDED, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.rates import Decides, OwnRate, decides, rates
from analysis.tell.facts.school_effects import Test, effects
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class OwnTest:
    """An own test beside the national result: what would decide it, and which schools lie apart (None: not told)."""

    national: Finding | None
    own: OwnRate
    decides: Decides
    test: Test | None

    @property
    def against(self) -> bool:
        """Whether the national result and the own test, both decided, point different ways."""
        one, other = self.own.finding.verdict, self.national.verdict if self.national else ""
        return one in DECIDED and other in DECIDED and one != other


def _told(case: Case, national: Finding | None, own: OwnRate) -> OwnTest:
    key = (own.finding.subject, own.finding.grade)
    test = next((one for one in effects(case).tests if (one.subject, one.grade) == key), None)
    return OwnTest(national, own, decides(case, own), test)


def _repeated(tests: Iterable[Test]) -> tuple[str, ...]:
    """Return the schools that lie below the county's mean in two tests or more, most often first."""
    counts = Counter(school for test in tests for school in test.below)
    return tuple(school for school, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if count > 1)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on quality says: levels and national rates by verdict, quality items by verdict, own tests.

    `rate_met` has the highest first; `alone` are own tests that can't be judged; `repeated` schools lie below in
    several.
    """

    whole: Finding | None
    low: list[Finding]
    high: list[Finding]
    judged: list[Finding]
    rate_met: list[Finding]
    untested: list[Finding]
    unmet_items: list[Finding]
    met_items: list[Finding]
    absent_items: list[Finding]
    owns: list[OwnTest]
    alone: list[Finding]
    repeated: tuple[str, ...]


def facts(case: Case) -> Facts:
    """Return what the chapter on quality says."""
    levels = [one for one in case.now.where(kind=Kind.LEVEL) if one.subject]
    national = [one for one in case.now.where(kind=Kind.RATE) if one.subject]
    items = [one for one in case.now.where(field="quality", school=None) if one.item in case.standard.items]
    met = [one for one in national if one.verdict == Verdict.MET and one.value is not None]
    return Facts(
        whole=case.now.whole("quality"),
        low=[one for one in levels if one.verdict == Verdict.NOT_MET],
        high=[one for one in national if one.verdict == Verdict.NOT_MET],
        judged=[one for one in levels if one.verdict == Verdict.MET],
        rate_met=sorted(met, key=lambda one: (-(one.value or 0), one.id)),
        untested=[one for one in levels if one.verdict == Verdict.NO_DATA and one.reason],
        unmet_items=[one for one in items if one.verdict == Verdict.NOT_MET],
        met_items=[one for one in items if one.verdict == Verdict.MET],
        absent_items=[one for one in items if one.verdict == Verdict.NO_DATA],
        owns=[_told(case, tested, own) for tested, own in rates(case) if own],
        alone=[one for one in case.now.where(kind=Kind.RATE_OWN) if one.verdict == Verdict.NOT_APPLICABLE],
        repeated=_repeated(effects(case).tests),
    )
