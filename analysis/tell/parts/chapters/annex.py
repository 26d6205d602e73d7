"""The annex: what its tables hold."""

from typing import Any

from analysis.tables import Kind
from analysis.tell.case.case import Case


def facts(case: Case) -> dict[str, Any]:
    """Return which stages have tables, and whether the overview has anything to show."""
    return {"stages": case.stage_ids, "overview": bool(case.now.where(kind=Kind.FLOOR))}
