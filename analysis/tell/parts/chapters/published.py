"""Published coefficients: the verdict of each stage, what differs most, what nobody can tell without school rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.measure import COMPOSITE
from analysis.tables import Stage
from analysis.tell.findings import Finding

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

#: How many coefficients a sentence names.
MOST = 3


@dataclass(frozen=True)
class Part:
    """One coefficient of a stage: a measurement, not judged; `id` is that of its row in results.json."""

    id: str
    indicator: str
    cv: float


@dataclass(frozen=True)
class Composite:
    """A stage: the finding of its composite, the published composite, the indicators that differ most."""

    finding: Finding
    published: float | None
    highest: list[Part]
    count: int


def facts(report: "Report") -> dict[str, Any]:
    """Return `judged` (a Composite per stage), `open` (findings without data) and `origin`, the source file."""
    judged = [_composite(report, one.value) for one in Stage]
    return {
        "judged": [one for one in judged if one],
        "open": [one for one in report.now if one.verdict == "no_data" and one.item != "all" and one.stage is None],
        "origin": report.source_files[0],
    }


def _composite(report: "Report", stage: str) -> Composite | None:
    finding = report.finding(f"resources.cv_{COMPOSITE}.{stage}")
    if finding is None:
        return None
    known = [
        Part(f"coefficients.{one}.{stage}", one, cv)
        for one in report.standard.indicators
        if (cv := report.measured.stage(report.year, stage, one, "cv")) is not None
    ]
    highest = sorted(known, key=lambda one: -one.cv)[:MOST]
    return Composite(finding, report.measured.stage(report.year, stage, COMPOSITE, "published"), highest, len(known))
