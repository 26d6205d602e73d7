"""The workbook of the evidence register: which document shows an item, where in it, who keeps it."""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import DataError
from analysis.read.ledger import rows, single
from analysis.sources import parse_yaml

#: What is read of an item.
READ = ("id", "document", "number", "page", "holder")
ENTRIES = dict.fromkeys(READ, pl.String)


@cache
def columns() -> dict[str, dict[str, Any]]:
    """Return the columns of the workbook: name -> {zh, en, own}."""
    loaded: dict[str, dict[str, Any]] = parse_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return loaded


def path_of(data: Path, county: str, year: int) -> Path:
    """Return where the workbook of a county and year lies in a folder of raw statistics."""
    return data / "evidence" / f"{county}_{year}.xlsx"


def entries(path: Path) -> pl.DataFrame:
    """Return ENTRIES of the items in which something is filled in, "" where nothing is; none without a file.

    Raises DataError where the file is no workbook, or has no row of heads, or two rows that say different things of one
    item.
    """
    if not path.exists():
        return pl.DataFrame(schema=ENTRIES)
    sheet, rows_read = rows(path, READ, columns(), "register")
    filled = {number: row for number, row in rows_read.items() if any(row[name] for name in READ[1:])}
    if nameless := [number for number, row in filled.items() if not row["id"]]:
        raise DataError("register_row", file=path, sheet=sheet, row=nameless[0])
    return pl.DataFrame(single(path, sheet, filled, READ[1:], "register"), schema=ENTRIES)
