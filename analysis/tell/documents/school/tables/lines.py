"""Lines of the ledger that a school has still to close, but for those that the table of indicators tells."""

from typing import Any

import polars as pl

from analysis import ids
from analysis.tell.documents.school.sheet import SchoolSheet
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text
from analysis.tell.speech.filters import spoken

COLUMNS = [
    Column("item"),
    Column("state"),
    Column("opened", pl.Int32, number=True),
    Column("lacking", pl.Float64, number=True),
    Column("holder"),
    Column("due", pl.Int32, number=True),
]


def table(sheet: SchoolSheet) -> Table | None:
    """Return one row per open line, heaviest first; beyond `lines` of emphasis.yml only their number is told."""
    most = wording.emphasis()["sheet"]["lines"]
    rows = [_row(sheet, line) for line in sheet.told_apart.head(most).iter_rows(named=True)]
    more = max(sheet.told_apart.height - most, 0)
    return make(sheet.case, "school_lines", COLUMNS, rows, name="lines", texts="school", sheet=sheet, more=more)


def _row(sheet: SchoolSheet, line: dict[str, Any]) -> dict[str, Value]:
    case = sheet.case
    stage = case.word("stages", line["stage"]) if line["stage"] and len(sheet.stages) > 1 else ""
    none = blank(case)
    return {
        "item": text(spoken(case).render(wording.texts("school", case.lang)["item"], item=line["item"], stage=stage)),
        "state": text(wording.texts("school", case.lang)["states"][line["state"]]),
        "opened": number(line["opened"], str(line["opened"])),
        "lacking": number(line["lacking"], _lacking(sheet, line)),
        "holder": text(line["holder"] or none),
        "due": number(line["due"], str(line["due"]) if line["due"] else none),
    }


def _lacking(sheet: SchoolSheet, line: dict[str, Any]) -> str:
    case, amount, unit = sheet.case, line["lacking"], line["unit"]
    if amount is None or not unit:
        return blank(case)
    indicator = ids.parse(line["item"]).name
    if indicator in case.standard.indicators:
        return "".join(case.missing(indicator, amount, "amounts"))
    if unit == "share":
        return numbers.percent(amount)
    return numbers.missing(amount) + case.word("measures", unit)
