"""The results and the workbook of a report.

They are written where the notebook's cells were executed, while documents are made of it here: what they ask of the
report (a plan, a forecast) is known there by then. Without such a child they are written here.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.run.request import FILES

if TYPE_CHECKING:
    from analysis.run.build.cell_client import Child
    from analysis.tell import Report

_WRITTEN = "written"


def write(report: "Report", formats: Sequence[str], work: Path) -> None:
    """Write results.json into `work`, and the workbook where it is asked for."""
    from analysis.render import annex, results
    from analysis.run.build import titles

    results.write(report, work / "results.json")
    if "xlsx" in formats:
        annex.write(report, work / FILES["xlsx"], titles.meta(report))


def write_there(child: "Child", notebook: Path, report: "Report", formats: Sequence[str], work: Path) -> None:
    """Have the child that has executed `notebook` write them; where its report is not `report`, write them here.

    Raises NotebookError where the child fails, takes longer than a cell may or was killed.
    """
    from analysis.run.build.execute import ask

    words = ", ".join(map(repr, (_about(report), tuple(formats), str(work))))
    source = f"from analysis.run.build import tables\ntables.answer(globals().get('report'), {words})"
    if ask(child, notebook, source).strip() != _WRITTEN:
        write(report, formats, work)


def answer(report: object, about: tuple[Any, ...], formats: Sequence[str], work: str) -> None:
    """Write them of the report that a notebook has left, and say so, if it is the one that is asked for."""
    from analysis.tell import Report

    if isinstance(report, Report) and _about(report) == about:
        write(report, formats, Path(work))
        sys.stdout.write(_WRITTEN)


def _about(report: "Report") -> tuple[Any, ...]:
    """Return what tells reports of the same data apart."""
    by = report.standard.id, report.plan
    return report.county, report.year, *by, report.audience, report.lang, report.status, report.date
