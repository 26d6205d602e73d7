"""School size, classes, special rooms and funds of a school against their rules."""

from typing import Any

import polars as pl

from analysis.judge.rules import counted
from analysis.standards import rules
from analysis.tell.documents.school.sheet import SchoolSheet
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, make, text, verdict
from analysis.tell.parts.tables.computed import target, value
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
    rows = [_row(sheet, duty) for duty in sheet.duties]
    return make(sheet.case, "school_duties", COLUMNS, rows, name="duties", texts="school", sheet=sheet)


def _row(sheet: SchoolSheet, finding: Finding) -> dict[str, Value]:
    case = sheet.case
    rule = rules.of(case.standard.items[finding.item].rule)
    detail = rule.detail.text(case.lang) if rule and rule.detail else wording.texts("school", case.lang)["detail"]
    said = spoken(case).render(detail, f=finding, **_facts(sheet, finding))
    return {
        "item": text(spoken(case).render(wording.texts("school", case.lang)["duty"], f=finding)),
        "value": _with_unit(sheet, value(finding, case), finding),
        "target": _with_unit(sheet, target(finding, case), finding),
        "verdict": verdict(finding, case),
        "detail": text(tidy(said, case.lang)),
    }


def _with_unit(sheet: SchoolSheet, value: Value, finding: Finding) -> Value:
    if value.value is None or value.cell is None:
        return value
    old = value.cell
    unit = spoken(sheet.case).unit(finding)
    return Value(value.value, Cell(old.text + str(unit), old.number, old.verdict, old.finding))


def _facts(sheet: SchoolSheet, finding: Finding) -> dict[str, Any]:
    """Return what the item's rule counted in the school."""
    item, case = sheet.case.standard.items[finding.item], sheet.case
    rule = rules.of(item.rule)
    if rule is None:
        return {}
    rows = case.records.frames()[rule.table].filter(school=sheet.code, year=case.year)
    return counted(rows, item, case.standard, finding.stage)
