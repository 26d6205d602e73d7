"""One sheet of schools laid out by hand: what is read of it, what is told, and that every cell is one of both."""

from pathlib import Path

import openpyxl
import polars as pl

from analysis.clean import Records, clean
from analysis.sources import load
from tests.workbooks import COUNTY, Rows, book

BASE = ["学校代码", "学校名称", "办学类型"]
ONE, TWO = ["9901010001", "一小", "小学"], ["9901010002", "二小", "小学"]


def read(folder: Path, rows: Rows, entry: str = "", merges: tuple[str, ...] = (), aliases: str = "") -> Records:
    """Return what is read of one sheet of schools of 2024, registered with the lines of `entry`."""
    file = f"{COUNTY}/schools_2024.xlsx"
    book(folder / file, rows, merges=merges)
    if entry:
        line = f'  - {{file: {file}, county: "{COUNTY}", table: schools, year: 2024, {entry}}}\n'
        (folder / "sources.yml").write_text(f"sources:\n{line}", encoding="utf-8")
    if aliases:
        (folder / "aliases.yml").write_text(aliases, encoding="utf-8")
    records = clean(load(folder), COUNTY)
    hold_the_law(records, folder / file)
    return records


def hold_the_law(records: Records, path: Path) -> None:
    """Every cell that openpyxl finds is used or told, once."""
    pages = openpyxl.load_workbook(path)
    counted = {page.title: sum(cell.value is not None for row in page.iter_rows() for cell in row) for page in pages}
    accounts = records.accounts
    assert dict(accounts.select("sheet", "cells").iter_rows()) == counted
    assert (accounts["cells"] == accounts["used"] + accounts["unused"]).all()
    assert accounts["unused"].sum() == records.notices["unused"].sum()


def told(records: Records, *rules: str) -> list[tuple[str, str, int]]:
    """Return rule, place and number of unused cells of what is told of the layout alone."""
    found = records.notices.filter(~pl.col("rule").is_in(["unregistered", "enrolment_of_none"]))
    if rules:
        found = found.filter(pl.col("rule").is_in(rules))
    return found.select("rule", "place", "unused").rows()
