"""Figures of a school that contradict another source or another year, and rows of it that were set aside."""

from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.clean.checks import checks
from analysis.read.fields import tables
from analysis.tell.language import wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, make, number, text

if TYPE_CHECKING:
    from analysis.tell.documents.school.sheet import SchoolSheet

COLUMNS = [Column("table"), Column("file"), Column("row", pl.Int32, number=True), Column("sentence")]
_PLACE = ["table", "file", "sheet", "row"]


def found(sheet: "SchoolSheet") -> list[dict[str, Any]]:
    """Return what was found about the school in the report's year: place, rule, column, before, after.

    Warnings about its rows, and all that was found in a row set aside that bears its code.
    """
    records, year = sheet.report.records, sheet.report.year
    notices = records.notices.filter(year=year)
    kept = [
        frame.filter(school=sheet.code, year=year).select(pl.lit(name).alias("table"), *_PLACE[1:])
        for name, frame in records.frames().items()
        if name in tables() and "school" in frame.columns
    ]
    warnings = [name for name, one in checks().items() if one.severity == "warning"]
    own = notices.filter(pl.col("rule").is_in(warnings)).join(pl.concat(kept), on=_PLACE, how="semi")
    marked = pl.col("cells").str.contains(f'"{sheet.code}"', literal=True)
    aside = records.quarantine.filter(marked, year=year).explode("rules").rename({"rules": "rule"})
    told = aside.join(notices, on=[*_PLACE, "rule"], how="left", maintain_order="left")
    wanted = [*_PLACE, "rule", "column", "before", "after"]
    return pl.concat([own.select(wanted), told.select(wanted)]).unique(maintain_order=True).rows(named=True)


def table(sheet: "SchoolSheet") -> Table | None:
    """Return one row per contradiction; beyond `contradictions` of emphasis.yml only their number is told."""
    most, all_found = wording.emphasis()["sheet"]["contradictions"], found(sheet)
    more = max(len(all_found) - most, 0)
    rows = [_row(sheet, one) for one in all_found[:most]]
    return make(
        sheet.report,
        "school_contradictions",
        COLUMNS,
        rows,
        name="contradictions",
        texts="school",
        sheet=sheet,
        more=more,
    )


def _row(sheet: "SchoolSheet", one: dict[str, Any]) -> dict[str, Value]:
    known = tables()[one["table"]].columns
    names = [known[name].zh if name in known else name for name in (one["column"] or "").split(",")]
    check = checks()[one["rule"]]
    said = check.sentence(sheet.report.lang, column="、".join(names), before=one["before"], after=one["after"])
    return {
        "table": text(sheet.report.word("tables", one["table"])),
        "file": text(one["file"]),
        "row": number(one["row"], str(one["row"])),
        "sentence": text(said),
    }
