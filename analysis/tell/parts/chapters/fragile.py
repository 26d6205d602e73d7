"""How far the verdict on the resources can be trusted."""

from dataclasses import dataclass

from analysis import ids
from analysis.tables import Field
from analysis.tell.case.case import Case
from analysis.tell.facts.fragile import Trust, trust
from analysis.tell.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What overstatements do to the verdict on the resources (`whole`); none where that is not told."""

    whole: Finding | None
    levels: list[Trust]


def facts(case: Case) -> Facts:
    """Return how far it can be trusted."""
    return Facts(whole=case.finding(ids.whole(Field.RESOURCES)), levels=trust(case))
