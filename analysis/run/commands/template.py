"""Blank workbooks for someone at a terminal: of which table and year, and where they go."""

import datetime
import re
from pathlib import Path

from analysis import sources
from analysis.errors import RequestError
from analysis.render.template import BOUNDS, write


def year_of(text: str) -> int | None:
    """Return the year that a user typed, None for an empty word; RequestError for what is no year of statistics."""
    word = text.strip()
    _, least, most = BOUNDS["year"]
    if word and not (re.fullmatch(r"[0-9]{4}", word) and least <= int(word) <= most):
        raise RequestError("option_unknown", option="year", value=sources.shown(word), known=f"{least}–{most}")
    return int(word) if word else None


def place(table: str, year: int | None, out: str) -> Path:
    """Write a table's blank workbook to `out`, a file or an existing folder (default: the current one)."""
    of = year or datetime.datetime.now(tz=datetime.UTC).year
    target = Path(out or ".")
    return write(table, target / f"{table}_{of}.xlsx" if target.is_dir() else target, of)
