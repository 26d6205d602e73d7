"""A county's own plan, told beside the national verdict and never instead of it."""

from dataclasses import dataclass

from analysis import ids
from analysis.standards import Label
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class PlanSummary:
    """The targets of a plan this year by verdict, and the notes on what its text leaves open or contradicts."""

    name: str
    whole: Finding
    total: int
    met: tuple[Finding, ...]
    unmet: tuple[Finding, ...]
    absent: tuple[Finding, ...]
    unset: tuple[Finding, ...]
    later: tuple[Finding, ...]
    notes: tuple[str, ...]


def plan_summary(case: Case) -> PlanSummary | None:
    """Return what the plan's targets came to; None where the report has no plan."""
    whole = case.now.get(ids.whole(Field.PLAN))
    if case.laid is None or whole is None:
        return None
    rows = [finding for finding in case.now.plan if finding.school is None and finding.kind != Kind.ALL]
    by = {
        verdict: tuple(row for row in rows if row.verdict == verdict)
        for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.NO_DATA, Verdict.TARGET_NOT_SET, Verdict.NOT_IN_FORCE)
    }
    texts: list[Label] = [note.text for note in case.laid.standard.notes]
    return PlanSummary(
        name=case.laid.standard.name.text(case.lang),
        whole=whole,
        total=len(rows) - len(by[Verdict.NOT_IN_FORCE]),
        met=by[Verdict.MET],
        unmet=by[Verdict.NOT_MET],
        absent=by[Verdict.NO_DATA],
        unset=by[Verdict.TARGET_NOT_SET],
        later=by[Verdict.NOT_IN_FORCE],
        notes=tuple(text.text(case.lang) for text in texts),
    )
