"""School size, classes, special rooms and funds of a school against their rules."""

from typing import Any

import polars as pl

from analysis.tables import Stage
from analysis.tell.documents.school.sheet import SchoolSheet
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, make, target, text, value, verdict
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy

COLUMNS = [
    Column("item"),
    Column("value", pl.Float64, number=True),
    Column("target", pl.Float64, number=True),
    Column("verdict"),
    Column("detail"),
]


def table(sheet: SchoolSheet) -> Table | None:
    """Return one row per duty that is computed for this school: value, target, verdict, what was counted."""
    rows = [_row(sheet, one) for one in sheet.duties]
    return make(sheet.case, "school_duties", COLUMNS, rows, name="duties", texts="school", sheet=sheet)


def _row(sheet: SchoolSheet, finding: Finding) -> dict[str, Value]:
    case = sheet.case
    details = wording.texts("school", case.lang)["details"]
    rule = case.standard.items[finding.item].rule or ""
    said = spoken(case).render(details.get(rule, details["other"]), f=finding, **counted(sheet, finding))
    return {
        "item": text(spoken(case).render(wording.texts("school", case.lang)["duty"], f=finding)),
        "value": _with_unit(sheet, value(finding, case), finding),
        "target": _with_unit(sheet, target(finding, case), finding),
        "verdict": verdict(finding, case),
        "detail": text(tidy(said, case.lang)),
    }


def _with_unit(sheet: SchoolSheet, given: Value, finding: Finding) -> Value:
    if given.value is None or given.cell is None:
        return given
    old = given.cell
    unit = spoken(sheet.case).unit(finding)
    return Value(given.value, Cell(old.text + str(unit), old.number, old.verdict, old.finding))


def counted(sheet: SchoolSheet, finding: Finding) -> dict[str, Any]:
    """Return what was counted: rooms by type with the smallest area, classes of the finding's stage."""
    records, year = sheet.case.records, sheet.case.year
    rooms = records.rooms.filter(school=sheet.code, year=year)
    of_type = {
        kind: {"number": part.height, "least": part["area"].min()}
        for kind in ("music", "art")
        for part in [rooms.filter(room_type=kind)]
    }
    stage = Stage.PRIMARY if finding.stage == Stage.PRIMARY.value else Stage.JUNIOR
    grades = pl.col("grade").is_in(list(sheet.case.standard.grades[stage]))
    classes = records.classes.filter(grades, school=sheet.code, year=year)
    return {"rooms": of_type, "classes": classes.height, "mean": classes["pupils"].mean()}
