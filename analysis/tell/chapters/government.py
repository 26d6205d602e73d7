"""Government duties: what is met, what is not and where, what has no data."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.tell.findings import Finding
from analysis.tell.matters import LIST

if TYPE_CHECKING:
    from analysis.tell.report import Report


@dataclass(frozen=True)
class Unmet:
    """An item that is not met, with the schools that its evidence names where it is computed."""

    finding: Finding
    schools: tuple[str, ...]


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on government duties says."""
    items = [
        one for one in report.now.where(field="government") if one.item in report.standard.items and not one.school
    ]
    met = [one for one in items if one.verdict == "met"]
    measured = [one for one in met if one.margin is not None and one.target and one.margin > 0]
    return {
        "whole": report.now.whole("government"),
        "total": len(items),
        "met": met,
        "unmet": [Unmet(one, _schools(report, one)) for one in items if one.verdict == "not_met"],
        "absent": [one for one in items if one.verdict == "no_data"],
        "lowest": min(measured, key=lambda one: ((one.margin or 0) / (one.target or 1), one.id)) if measured else None,
    }


def _schools(report: "Report", finding: Finding) -> tuple[str, ...]:
    if report.standard.items[finding.item].kind != "computed":
        return ()
    return tuple(code for code in (finding.evidence or "").split(LIST) if code)
