"""The workbook of the ledger: what people fill in beside its lines. It is read, never changed."""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis.errors import DataError
from analysis.read import grid
from analysis.read.cell_places import cell
from analysis.read.runs import STROKE
from analysis.sources import shown

#: What people fill in of a line, and what is read of it.
OWN = ("holder", "due", "measure", "person", "date")
READ = ("id", "school", "item", "missing", *OWN)
#: What else a line of one's own may say; older workbooks lack these columns.
ASIDE = ("value", "target", "opened")
#: What the id of a line of one's own begins with; its row in the sheet follows.
OWN_LINE = "own."
#: How people write a day, a month or a year: 2025-06-30, 2025.6.30, 2025年6月30日, 2025年6月底前, 20250630, 2025.
_DATE = re.compile(
    r"(\d{4})(?:(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)|年?)[底末]?(?:[以之]?前|内)?|(\d{2})(\d{2}))",
    re.ASCII,
)

#: An error, a formula without a value, and what is struck out.
_ODD = re.compile(rf"^#(?:N/A|[A-Z0-9/]+[!?])$|^=|{STROKE}")
#: What can only be meant as a date.
_NUMERIC = re.compile(r"[\d\-./年月日]+", re.ASCII)


@cache
def columns() -> dict[str, dict[str, Any]]:
    """Return the columns of the workbook: name -> {zh, en, own}."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "ledger.yml").read_text(encoding="utf-8")
    )
    return loaded


def entries(path: Path) -> pl.DataFrame:
    """Return READ and ASIDE (all text) of the lines in which something is filled in; none without a file.

    The id of a line of one's own, which has none, is OWN_LINE with its row. Raises DataError where the file is no
    workbook, or has no row of heads, or two rows that say different things of one line, or where a date is none.
    """
    schema = dict.fromkeys((*READ, *ASIDE), pl.String)
    if not path.exists():
        return pl.DataFrame(schema=schema)
    sheet, rows_read = rows(path, READ, columns(), "ledger", ASIDE)
    # A line of ours counts where people wrote into it, one of their own wherever anything stands.
    filled = {
        number: row
        for number, row in rows_read.items()
        if any(row[name] for name in OWN) or (not row["id"] and any(row.values()))
    }
    for number, row in filled.items():
        row["id"] = row["id"] or f"{OWN_LINE}{number}"
        for name in ("date", "due"):
            if row[name] and not _is_date(row[name]):
                raise DataError(f"ledger_{name}", file=path, sheet=sheet, row=number, date=shown(row[name]))
        if row["due"] and last_day(row["due"]) is None:
            raise DataError("ledger_due", file=path, sheet=sheet, row=number, date=shown(row["due"]))
    lines = single(path, sheet, filled, OWN, "ledger")
    return pl.DataFrame(lines, schema=schema)


def single(
    path: Path, sheet: str, filled: dict[int, dict[str, str]], own: tuple[str, ...], form: str
) -> list[dict[str, str]]:
    """Return the rows of a workbook, one an id; raises DataError where two of one id differ in what people filled in.

    Neither is to be preferred; `form` is what its messages begin with.
    """
    by_id: dict[str, tuple[int, dict[str, str]]] = {}
    for number, row in filled.items():
        first, other = by_id.setdefault(row["id"], (number, row))
        if any(other[name] != row[name] for name in own):
            raise DataError(f"{form}_twice", file=path, sheet=sheet, rows=f"{first}, {number}", id=shown(row["id"]))
    return [row for _, row in by_id.values()]


def last_day(text: str) -> date | None:
    """Return the last day that a date means: 2025年6月 is 30 June 2025, 2025 the last of December; None for words."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", "".join(text.split())))
    if not match:
        return None
    year, *rest = match.groups()
    month = int(rest[0] or rest[2] or 12)
    try:
        return date(int(year), month, int(rest[1] or rest[3] or monthrange(int(year), month)[1]))
    except ValueError:
        return None


def _is_date(text: str) -> bool:
    """Tell whether a text names a day, month or year that there is, or is in words (长期坚持, 2025年秋季学期)."""
    plain = unicodedata.normalize("NFKC", "".join(text.split()))
    match = _DATE.fullmatch(plain)
    if not match:
        return not _NUMERIC.fullmatch(plain)
    year, *rest = match.groups()
    month, day = (rest[0] or rest[2] or "1", rest[1] or rest[3] or "1")
    try:
        return bool(date(int(year), int(month), int(day)))
    except ValueError:
        return False


def rows(
    path: Path, read: tuple[str, ...], columns: dict[str, dict[str, Any]], form: str, also: tuple[str, ...] = ()
) -> tuple[str, dict[int, dict[str, str]]]:
    """Return the first sheet's name, and what `read` names of every row below the heads by its number in the sheet.

    `columns` are those of the workbook, `also` those that may be lacking, "" there, `form` is what its messages begin
    with. Raises DataError where the file is no
    workbook, or has no row with the heads of all that is read.
    """
    sheets = grid.own(path, f"{form}_unreadable")
    sheet = next((sheet for sheet in sheets if not sheet.hidden), None)
    name = sheet.name if sheet else ""
    texts = [[_text(cell) for cell in row] for row in sheet.cells.rows()] if sheet else []
    places = [_places(row, read, columns) for row in texts]
    heads = [(number, place) for number, place in enumerate(places) if len(place) == len(read)]
    if not heads:
        raise DataError(f"{form}_heads", file=path, heads=", ".join(columns[name]["zh"] for name in read))
    number, first = heads[0]
    more = _places(texts[number], also, columns)
    below = list(enumerate(texts[number + 1 :], start=number + 2))
    known = {place for place, text in enumerate(texts[number]) if text}
    for at, row in below:
        if beside := [place for place, text in enumerate(row) if text and place not in known]:
            values = {"place": cell(at, beside[0]), "text": shown(row[beside[0]])}
            raise DataError("form_beside", file=path, sheet=name, **values)
        if doubtful := [place for place in first.values() if _ODD.search(row[place])]:
            values = {"place": cell(at, doubtful[0]), "text": shown(row[doubtful[0]])}
            raise DataError("form_cell", file=path, sheet=name, **values)
    empty = dict.fromkeys(also, "")
    return name, {number: empty | {each: row[place] for each, place in (first | more).items()} for number, row in below}


def ids(path: Path) -> set[str]:
    """Return the ids of all lines of the workbook, filled in or not; raises as `entries` does."""
    if not path.exists():
        return set()
    return {row["id"] for row in rows(path, READ, columns(), "ledger")[1].values() if row["id"]}


def _places(row: list[str], read: tuple[str, ...], columns: dict[str, dict[str, Any]]) -> dict[str, int]:
    heads = {text: name for name in read for text in (columns[name]["zh"], columns[name]["en"])}
    return {heads[text]: place for place, text in enumerate(row) if text in heads}


def _text(cell: str | None) -> str:
    """Return a cell's text, a day without the hour that a workbook gives it."""
    return (cell or "").strip().removesuffix(" 00:00:00")
