"""Figures of a school that contradict another source or another year, and rows of it that were set aside."""

from typing import Any

import polars as pl

from analysis.clean.checks import checks
from analysis.read.fields import tables
from analysis.tell.documents.school.sheet import SchoolSheet
from analysis.tell.facts.contradictions import Refuting, contradictions, refuting
from analysis.tell.language import wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, make, number, text
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy

COLUMNS = [Column("table"), Column("file"), Column("row", pl.Int32, number=True), Column("sentence")]


def table(sheet: SchoolSheet) -> Table | None:
    """Return one row per contradiction; beyond `contradictions` of emphasis.yml only their number is told."""
    most = wording.emphasis()["sheet"]["contradictions"]
    against = [_against(sheet, refuting_row) for refuting_row in refuting(sheet.case, sheet.code)]
    all_found = [*against, *(_row(sheet, contradiction) for contradiction in contradictions(sheet.case, sheet.code))]
    more = max(len(all_found) - most, 0)
    rows = all_found[:most]
    return make(
        sheet.case,
        "school_contradictions",
        COLUMNS,
        rows,
        name="contradictions",
        texts="school",
        sheet=sheet,
        more=more,
    )


def _against(sheet: SchoolSheet, refuting_row: Refuting) -> dict[str, Value]:
    said = spoken(sheet.case).render(
        wording.texts("school", sheet.case.lang)["against"], f=refuting_row.finding, mine=refuting_row
    )
    return {
        "table": text(sheet.case.word("tables", refuting_row.table)),
        "file": text(refuting_row.file),
        "row": number(refuting_row.row, str(refuting_row.row)),
        "sentence": text(tidy(said, sheet.case.lang)),
    }


def _row(sheet: SchoolSheet, contradiction: dict[str, Any]) -> dict[str, Value]:
    known = tables()[contradiction["table"]].columns
    names = [known[name].zh if name in known else name for name in (contradiction["column"] or "").split(",")]
    check = checks()[contradiction["rule"]]
    said = check.sentence(
        sheet.case.lang, column="、".join(names), before=contradiction["before"], after=contradiction["after"]
    )
    return {
        "table": text(sheet.case.word("tables", contradiction["table"])),
        "file": text(contradiction["file"]),
        "row": number(contradiction["row"], str(contradiction["row"])),
        "sentence": text(said),
    }
