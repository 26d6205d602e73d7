"""The place for date, office, signature and seal."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.tell.report import Report


def facts(report: "Report") -> dict[str, Any]:
    """Return nothing: the page is filled in by hand."""
    return {}
