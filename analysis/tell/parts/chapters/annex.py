"""The annex: what its tables hold."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


def facts(report: "Report") -> dict[str, Any]:
    """Return which stages have tables, and whether the overview has anything to show."""
    return {"stages": report.stage_ids, "overview": bool(report.now.where(kind="floor"))}
