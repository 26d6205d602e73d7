"""The annex on the ledger: what became of its lines, of schools that are gone, of what people filled in."""

from dataclasses import dataclass

from analysis import ids
from analysis.tell.case.case import Case
from analysis.tell.facts.ledger import Gone, Ledger, gone, ledger_of
from analysis.tell.findings import Finding
from analysis.tell.parts.tables import least_cost, least_cost_print, ledger_closed, ledger_unknown


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the annex on the ledger says; `gone` schools have lines that can't be judged any more.

    `spends`: the plan of least cost has actions, which a table lists, or sums up (`summed`); `lists_unknown`,
    `lists_closed`: a table has such lines, which it has not where they are all of schools that may not be shown.
    """

    overall: Finding | None
    ledger: Ledger
    gone: list[Gone]
    spends: bool
    summed: bool
    lists_unknown: bool
    lists_closed: bool


def facts(case: Case) -> Facts:
    """Return what the annex on the ledger says."""
    return Facts(
        overall=case.finding(ids.OVERALL),
        ledger=ledger_of(case),
        gone=gone(case),
        spends=least_cost.table(case) is not None,
        summed=least_cost_print.summed(case),
        lists_unknown=ledger_unknown.table(case) is not None,
        lists_closed=ledger_closed.table(case) is not None,
    )
