"""Quality: levels and rates of the national monitoring, what the county's own tests add, and the county's items."""

from typing import TYPE_CHECKING, Any

from analysis.tell.rates import decides

if TYPE_CHECKING:
    from analysis.tell.report import Report


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on quality says."""
    levels = [one for one in report.now.where(item="level") if one.subject]
    rates = [one for one in report.now.where(item="rate") if one.subject]
    items = [one for one in report.now.where(field="quality", school=None) if one.item in report.standard.items]
    met = [one for one in rates if one.verdict == "met" and one.value is not None]
    return {
        "whole": report.now.whole("quality"),
        "low": [one for one in levels if one.verdict == "not_met"],
        "high": [one for one in rates if one.verdict == "not_met"],
        "judged": [one for one in levels if one.verdict == "met"],
        "rate_met": sorted(met, key=lambda one: (-(one.value or 0), one.id)),
        "untested": [one for one in levels if one.verdict == "no_data" and one.reason],
        "unmet_items": [one for one in items if one.verdict == "not_met"],
        "met_items": [one for one in items if one.verdict == "met"],
        "absent_items": [one for one in items if one.verdict == "no_data"],
        "owns": [(national, own, decides(report, own)) for national, own in report.rates if own],
        "alone": [one for one in report.now.where(item="rate_own") if one.verdict == "not_applicable"],
        "effects": report.effects.tests,
    }
