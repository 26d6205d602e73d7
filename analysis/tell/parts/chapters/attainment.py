"""What is judged this year, field by field: the heading of the four fields."""

from dataclasses import dataclass

from analysis import ids
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.parts.chapters.conclusion import FieldCard, cards, judged


@dataclass(frozen=True, kw_only=True)
class Facts:
    """How many items are judged, in all and by field."""

    overall: Finding | None
    total: int
    fields: list[FieldCard]


def facts(case: Case) -> Facts:
    """Return how many items are judged."""
    return Facts(overall=case.finding(ids.OVERALL), total=len(judged(case)), fields=cards(case))
