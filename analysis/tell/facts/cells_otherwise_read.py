"""Cells and rows that are read otherwise than they were written, or are set aside, each with its reason."""

import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.clean.checks import checks, value_rules
from analysis.read.fields import table
from analysis.tell.case.case import Case
from analysis.tell.facts.coverage import mended
from analysis.tell.language import wording


@dataclass(frozen=True)
class Mended:
    """A cell whose text was mended by a rule of reading, or corrected by an entry in the register of corrections.

    `school` is whose row it is, empty where it is no school's; `why` what the entry says. The public isn't told these
    and the texts (empty): they may name a school, or be a figure of a tiny one.
    """

    file: str
    row: int
    column: str
    before: str
    after: str
    school: str
    why: str


@dataclass(frozen=True)
class Aside:
    """A row that was set aside, and what is wrong with it."""

    file: str
    row: int
    name: str
    reasons: list[str]


def _header(name: str, column: str) -> str:
    """Return the header of a column as statistics print it; what is no column stays as it is."""
    column_entry = table(name).columns.get(column)
    return column_entry.zh if column_entry else column


def mended_cells(case: Case, chosen: pl.Expr) -> list[Mended]:
    """Return the cells that were mended and are `chosen`, as many as are listed."""
    notices = case.records.notices.filter((pl.col("year") == case.year) & mended() & chosen)
    listed = notices.select("table", "file", "row", "column", "before", "after").head(
        wording.emphasis()["listed"]["cells"]
    )
    if case.public:
        return [
            Mended(file, row, _header(name, column), "", "", "", "") for name, file, row, column, *_ in listed.rows()
        ]
    return [
        Mended(
            file,
            row,
            _header(name, column),
            before,
            after,
            _school_of(case, name, file, row),
            case.why(file, before, after),
        )
        for name, file, row, column, before, after in listed.iter_rows()
    ]


def _school_of(case: Case, name: str, file: str, row: int) -> str:
    """Return the code of the school that a row of a source is about, empty where it is none's."""
    rows = case.records.frames()[name]
    of = rows.filter((pl.col("file") == file) & (pl.col("row") == row)) if "school" in rows.columns else rows.clear()
    return next(iter(of["school"].drop_nulls()), "") if of.height else ""


def _name(name: str, cells: str) -> str:
    """Return what the raw row gives as the school's name, empty where the table has none."""
    column = table(name).columns.get("name")
    printed: dict[str, str] = json.loads(cells)
    return next((printed[header] for header in (column.headers if column else ()) if printed.get(header)), "")


def rows_aside(case: Case) -> list[Aside]:
    """Return the rows that were set aside, with the sentence of each check that they break.

    The public isn't told the text of a cell that set a row aside: it may be a figure of one tiny school.
    """
    place = ["table", "file", "sheet", "row"]
    rows = case.records.quarantine.filter(pl.col("year") == case.year).head(wording.emphasis()["listed"]["cells"])
    errors = [check.id for check in checks().values() if check.severity == "error"]
    notices = case.records.notices.filter(pl.col("rule").is_in(errors)).unique(maintain_order=True)
    aside = []
    for name, file, _, row, cells, rules, faults in (
        rows.select(*place, "cells", "rules")
        .join(
            notices.group_by(place).agg(pl.struct("rule", "column", "before", "after")),
            on=place,
            how="left",
            nulls_equal=True,
        )
        .iter_rows()
    ):
        cell = {fault["rule"]: fault for fault in faults or []}
        reasons = []
        for rule in rules:
            if rule in errors:
                notice = cell.get(rule, {"column": None, "before": None, "after": None})
                columns = case.word("lists", "between").join(
                    _header(name, part) for part in (notice["column"] or "").split(",") if part
                )
                said = {name: "…" if case.public else notice[name] for name in ("before", "after")}
                reasons.append(checks()[rule].sentence(case.lang, column=columns, **said))
        aside.append(Aside(file, row, "" if case.public else _name(name, cells), reasons))
    return aside


def values_aside(case: Case) -> list[Aside]:
    """Return the values that were set aside, each with the sentence of its check, as `rows_aside` does with rows."""
    notices = case.records.notices.filter((pl.col("year") == case.year) & pl.col("rule").is_in(value_rules())).head(
        wording.emphasis()["listed"]["cells"]
    )
    values = []
    for notice in notices.iter_rows(named=True):
        columns = case.word("lists", "between").join(
            _header(notice["table"], part) for part in notice["column"].split(",")
        )
        said = {name: "…" if case.public else notice[name] for name in ("before", "after")}
        reason = checks()[notice["rule"]].sentence(case.lang, column=columns, **said)
        values.append(Aside(notice["file"], notice["row"], "" if case.public else _school(case, notice), [reason]))
    return values


def _school(case: Case, notice: dict[str, Any]) -> str:
    """Return the name of the school that a notice is about, "" where its table has none."""
    rows = case.records.frames()[notice["table"]]
    if "school" not in rows.columns:
        return ""
    codes = rows.filter((pl.col("file") == notice["file"]) & (pl.col("row") == notice["row"]))["school"].to_list()
    named = case.records.schools.filter(pl.col("school").is_in(codes), year=case.year)["name"].drop_nulls().to_list()
    return str(next(iter(named), ""))
