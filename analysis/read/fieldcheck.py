"""The workbook of a field check: the schools drawn and the values that people enter. It is read, never changed."""

import itertools
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import DataError
from analysis.read import fields, grid
from analysis.sources import parse_yaml

#: What is read of a row: a value of a table, and the entry as a number and as it was typed.
ENTRIES = {
    "school": pl.String,
    "table": pl.String,
    "column": pl.String,
    "place": pl.String,
    "verified": pl.Float64,
    "text": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
}
#: What names a value, of each line.
LINES = {name: ENTRIES[name] for name in ("school", "table", "column", "place")}
#: A number with marks between thousands: in 12,5 the comma is none.
_GROUPED = re.compile(r"-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?%?")


@dataclass(frozen=True)
class Remark:
    """What people noted beside a value, in their words; `about` is the value as it is called there."""

    school: str
    about: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """What a workbook holds: schools drawn, the seed, the values listed (LINES), ENTRIES filled in.

    `days` are the dates of visits by school and `remarks` what was noted beside values, as they were typed. `error` is
    the overstatement by which schools were drawn, None where they were drawn by type, risk and lot.
    """

    schools: tuple[str, ...]
    seed: int | None
    listed: pl.DataFrame
    entries: pl.DataFrame
    days: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    error: float | None = None


@cache
def words() -> dict[str, dict[str, dict[str, Any]]]:
    """Return sheets, heads (`sample`, `values`), tables and settings: name -> {zh, en, own, read}."""
    loaded: dict[str, dict[str, dict[str, Any]]] = parse_yaml(
        (Path(__file__).parent / "fieldcheck.yml").read_text(encoding="utf-8")
    )
    return loaded


def path_of(data: Path, county: str, year: int) -> Path:
    """Return where the workbook of a county and year lies in a folder of raw statistics."""
    return data / "fieldcheck" / f"{county}_{year}.xlsx"


def read(path: Path) -> Sheet:
    """Return what a workbook holds; nothing where there is no file.

    A table or column that no name is known for is kept as it was typed, and what is no finite number as null, so that
    judging can tell it. Raises DataError where the file is no workbook or no sheet has the heads of the values.
    """
    if not path.exists():
        return Sheet((), None, pl.DataFrame(schema=LINES), pl.DataFrame(schema=ENTRIES))
    sheets = grid.own(path, "fieldcheck_unreadable")
    pages = {sheet.name: [list(row) for row in sheet.cells.rows()] for sheet in sheets}
    rows = pl.DataFrame(
        [row for name, page in pages.items() for row in _values(name, page)], schema=ENTRIES, orient="row"
    )
    needed = [word["zh"] for word in words()["values"].values() if word.get("read")]
    if not any(_heads(page, "values", _read()) for page in pages.values()):
        raise DataError("fieldcheck_heads", file=path, heads=", ".join(needed))
    drawn = [pair for page in pages.values() for pair in _drawn(page)]
    schools = [code for code, _ in drawn]
    days = tuple((code, day) for code, day in drawn if day)
    remarks = tuple(remark for page in pages.values() for remark in _remarks(page))
    filled = rows.filter(pl.col("text") != "")
    seed, error = _setting(pages, "seed"), _setting(pages, "error")
    whole = None if seed is None else int(seed)
    return Sheet(tuple(dict.fromkeys(schools)), whole, rows.select(list(LINES)), filled, days, remarks, error)


def _read() -> set[str]:
    return {name for name, headers in words()["values"].items() if headers.get("read")}


def _heads(page: list[list[str | None]], kind: str, needed: set[str]) -> tuple[int, dict[str, int]] | None:
    """Return the number of the row of heads and the place of each column; None where no row has those needed."""
    heads = {headers[lang]: name for name, headers in words()[kind].items() for lang in ("zh", "en")}
    for number, row in enumerate(page):
        places = {heads[_text(cell)]: place for place, cell in enumerate(row) if _text(cell) in heads}
        if needed <= places.keys():
            return number, places
    return None


def _values(name: str, page: list[list[str | None]]) -> list[tuple[Any, ...]]:
    head = _heads(page, "values", _read())
    if head is None:
        return []
    first, places = head
    known = {headers[lang]: table for table, headers in words()["tables"].items() for lang in ("zh", "en")}
    rows = []
    for number, row in enumerate(page[first + 1 :], start=first + 2):
        cells = {column: row[place] if place < len(row) else None for column, place in places.items()}
        typed = _text(cells["verified"])
        if not typed and not (_text(cells["school"]) and _text(cells["column"])):
            continue
        table = known.get(_text(cells["table"]), _text(cells["table"]))
        column = _column(table, _text(cells["column"]))
        place, found_there = _text(cells["place"]), _number(cells["verified"])
        rows.append((_text(cells["school"]), table, column, place, found_there, typed, name, number))
    return rows


def _column(table: str, text: str) -> str:
    """Return the column of a table that one of its headers, or its English name, names; the text itself where none
    does."""
    if table not in fields.tables():
        return text
    columns = fields.table(table).columns.values()
    return next((column.name for column in columns if text in (*column.headers, column.en, column.name)), text)


def _remarks(page: list[list[str | None]]) -> list[Remark]:
    """Return what people noted beside values."""
    head = _heads(page, "values", _read() | {"remark"})
    if head is None:
        return []
    first, places = head
    remarks = []
    for row in page[first + 1 :]:
        cells = {name: _text(row[place]) if place < len(row) else "" for name, place in places.items()}
        if cells["remark"]:
            about = " ".join(filter(None, (cells["column"], cells["place"])))
            remarks.append(Remark(cells["school"], about, cells["remark"]))
    return remarks


def _drawn(page: list[list[str | None]]) -> list[tuple[str, str]]:
    """Return the schools drawn, each with the day of its visit, "" where nobody wrote it."""
    head = _heads(page, "sample", {"school", "chosen"})
    if head is None:
        return []
    first, places = head
    codes = []
    for row in page[first + 1 :]:
        code = _text(row[places["school"]])
        if not code:
            break
        day = places.get("day", len(row))
        codes.append((code, _text(row[day]).removesuffix(" 00:00:00") if day < len(row) else ""))
    return codes


def _setting(pages: dict[str, list[list[str | None]]], name: str) -> float | None:
    """Return a setting: the number to the right of its name."""
    for row in itertools.chain.from_iterable(pages.values()):
        for cell, following in itertools.pairwise(row):
            number = _number(following)
            if _text(cell) in words()["settings"][name].values() and number is not None:
                return number
    return None


def _number(cell: str | None) -> float | None:
    """Return the number that a cell shows, a percentage as the share that it is; None where it is none."""
    text = unicodedata.normalize("NFKC", _text(cell))
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    if "_" in text:  # which Python takes for a mark between thousands
        return None
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _text(cell: str | None) -> str:
    return (cell or "").strip()
