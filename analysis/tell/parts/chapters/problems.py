"""Problems and the ledger: what is not met, heaviest first, with what is missing in countable things."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.tell.facts.obstacles import shortfalls

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

#: Matters that get a line of their own; the table has all.
MOST = 10


@dataclass(frozen=True)
class Total:
    """What all schools that miss the rule lack of one indicator."""

    indicator: str
    id: str
    missing: int
    schools: int


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on problems says."""
    below = shortfalls(report)
    short = [one for one in below if one.breaks]
    totals = []
    for indicator in report.standard.indicators:
        here = [one for one in short if one.finding.indicator == indicator]
        if here:
            names = {one.school for one in here}
            totals.append(Total(indicator, here[0].finding.id, sum(one.missing for one in here), len(names)))
    return {
        "overall": report.finding("overall.all"),
        "matters": report.matters,
        "most": MOST,
        "allowed": [one for one in below if not one.breaks and report.may_show(one.school, one.finding.stage)],
        "ledger": report.ledger,
        "totals": totals if len(short) > 1 else [],
    }
