"""Government duties: what is met, what is not and where, what has no data."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.judge.evidence import LACK, listed
from analysis.tell.facts.obstacles import short_schools
from analysis.tell.findings import Finding

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


@dataclass(frozen=True)
class Unmet:
    """An item that is not met, with the schools that fall short where it is computed."""

    finding: Finding
    schools: tuple[Finding, ...]


def unproven(report: "Report") -> list[Finding]:
    """Return what the county reported, in whatever field, without naming a document that shows it."""
    found = listed(report.findings, report.records, report.standard, report.year)
    bare = found.filter((pl.col("rows") > 0), basis="reported", state=LACK)
    return [one for one in map(report.finding, bare["id"]) if one]


def facts(report: "Report") -> dict[str, Any]:
    """Return what the chapter on government duties says."""
    items = [
        one for one in report.now.where(field="government") if one.item in report.standard.items and not one.school
    ]
    entry = [one for one in report.now.where(field="entry", school=None) if one.item != "all"]
    met = [one for one in items if one.verdict == "met"]
    measured = [one for one in met if one.margin is not None and one.target and one.margin > 0]
    return {
        "whole": report.now.whole("government"),
        "total": len(items),
        "met": met,
        "unmet": [Unmet(one, short_schools(report, one)) for one in items if one.verdict == "not_met"],
        "entry": entry,
        "steps": report.standard.steps,
        "entry_met": [one for one in entry if one.verdict == "met"],
        "entry_unmet": [one for one in entry if one.verdict == "not_met"],
        "entry_whole": report.now.whole("entry"),
        "absent": [one for one in items if one.verdict == "no_data"],
        "unproven": unproven(report),
        "lowest": min(measured, key=lambda one: ((one.margin or 0) / (one.target or 1), one.id)) if measured else None,
    }
