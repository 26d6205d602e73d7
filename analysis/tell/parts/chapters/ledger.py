"""The annex on the ledger: what became of its lines, of schools that are gone, of what people filled in."""

from dataclasses import dataclass

from analysis import ids
from analysis.tell.case.case import Case
from analysis.tell.facts.ledger import Gone, Ledger, gone, ledger_of
from analysis.tell.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the annex on the ledger says; `gone` schools have lines that can't be judged any more."""

    overall: Finding | None
    ledger: Ledger
    gone: list[Gone]


def facts(case: Case) -> Facts:
    """Return what the annex on the ledger says."""
    return Facts(overall=case.finding(ids.OVERALL), ledger=ledger_of(case), gone=gone(case))
