"""Social recognition: overall and by group, each with its interval."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis import ids
from analysis.tables import DECIDED, Field, Kind, Stage
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True)
class Asked:
    """A group (or all): valid questionnaires, those satisfied, and the 95 % interval of their share."""

    finding: Finding
    group: str
    asked: int
    satisfied: int
    low: float
    high: float


def _asked(finding: Finding) -> Asked | None:
    if finding.value is None:
        return None
    answers = finding.details
    return Asked(
        finding,
        ids.parse(finding.item).name,
        int(answers["asked"]),
        int(answers["satisfied"]),
        answers["ci_low"],
        answers["ci_high"],
    )


def groups(case: Case) -> tuple[list[Asked], list[str]]:
    """Return the groups asked this year, lowest first, and those that this report must not show.

    To the public a group of fewer than ten questionnaires is hidden, and the next smallest with it until the total less
    the others leaves open how many of the small group are satisfied.
    """
    every = [group for group in map(_asked, case.now.where(kind=Kind.RECOGNITION_GROUP)) if group]
    by_size = sorted(every, key=lambda group: (group.asked, group.group))
    limit = wording.emphasis()["suppress_below"]
    small = sum(group.asked < limit for group in every) if case.public else 0
    count = max(small, 2) if small else 0
    while count < len(by_size) and not all(_open(group, by_size[:count]) for group in by_size[:small]):
        count += 1
    hidden = [group.group for group in by_size[:count]]
    shown = [group for group in every if group.group not in hidden]
    return sorted(shown, key=lambda group: (group.finding.value or 0.0, group.group)), hidden


def _open(small: Asked, hidden: list[Asked]) -> bool:
    """Return whether the sums of hidden groups leave the number satisfied in one of them open, widely enough."""
    others = sum(group.asked for group in hidden) - small.asked
    satisfied = sum(group.satisfied for group in hidden)
    low, high = max(satisfied - others, 0), min(satisfied, small.asked)
    return bool(high - low >= max(2 * wording.emphasis()["suppress"]["part"] * small.satisfied, 1))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on recognition says: all asked, each group shown, groups nobody asked.

    `below`: groups whose whole interval lies below `floor`; `doubtful`: those below it whose interval reaches it.
    `lowest`, `highest`: the group whose interval lies apart from all others', None where there is none. `spans`: the
    interval of a decided figure spans its target. `limited`: the standard says how many forms decide. `suppressed`:
    some group is too small to be shown.
    """

    whole: Finding | None
    finding: Finding | None
    overall: Asked | None
    groups: list[Asked]
    below: list[Asked]
    doubtful: list[Asked]
    lowest: Asked | None
    highest: Asked | None
    asked: list[str]
    lacking: list[str]
    floor: float | None
    suppressed: bool
    spans: bool
    limited: bool


def _apart(group: Asked, shown: list[Asked], beyond: Callable[[Asked, Asked], bool]) -> bool:
    others = [other for other in shown if other is not group]
    return bool(others) and all(beyond(group, other) for other in others)


def _spans(finding: Finding | None) -> bool:
    """Return whether a decided figure is so on a sample that leaves the other side of its target open."""
    if finding is None or finding.target is None or finding.verdict not in DECIDED:
        return False
    return bool(finding.details["ci_low"] < finding.target <= finding.details["ci_high"])


def facts(case: Case) -> Facts:
    """Return what the chapter on recognition says."""
    rule = case.standard.recognition
    finding = next(iter(case.now.where(kind=Kind.RECOGNITION)), None)
    shown, hidden = groups(case)
    asked = {group.group for group in shown} | set(hidden)
    floor = finding.target if finding else None
    if floor is None and rule and rule.target:
        floor = next((target.value for target in rule.target.values[Stage.PRIMARY] if target.value is not None), None)
    return Facts(
        whole=case.now.whole(Field.RECOGNITION),
        finding=finding,
        overall=_asked(finding) if finding else None,
        groups=shown,
        below=[group for group in shown if floor is not None and group.high < floor],
        doubtful=[group for group in shown if floor is not None and (group.finding.value or 0.0) < floor <= group.high],
        lowest=next((group for group in shown if _apart(group, shown, lambda a, b: a.high < b.low)), None),
        highest=next((group for group in shown if _apart(group, shown, lambda a, b: a.low > b.high)), None),
        asked=list(rule.groups) if rule else [],
        lacking=[group for group in rule.groups if group not in asked] if rule else [],
        floor=floor,
        suppressed=bool(hidden),
        spans=_spans(finding),
        limited=bool(rule and rule.sample),
    )
