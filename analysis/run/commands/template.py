"""Blank workbooks for someone at a terminal: of which table and year, and where they go."""

import re
from dataclasses import dataclass
from pathlib import Path

from analysis import project, sources, standards
from analysis.errors import RequestError, message
from analysis.render.template import BOUNDS, write
from analysis.standards import Standard

#: The month in which a school year begins.
_SCHOOL_YEAR = 9


def year_of(text: str) -> int | None:
    """Return the year that a user typed, None for an empty word; RequestError for what is no year of statistics."""
    word = text.strip()
    _, least, most = BOUNDS["year"]
    if word and not (re.fullmatch(r"[0-9]{4}", word) and least <= int(word) <= most):
        raise RequestError("option_unknown", option="year", value=sources.shown(word), known=f"{least}–{most}")
    return int(word) if word else None


@dataclass(frozen=True)
class Asked:
    """What a blank workbook is to have: the items of a standard or plan, "" for the national ones; parts of columns."""

    standard: str = ""
    plan: str = ""
    parts: bool = False

    def items_of(self) -> Standard | None:
        """Return the standard whose items are filled in beforehand; RequestError for one that is unknown or faulty."""
        if self.plan:
            return standards.plan(self.plan).standard
        return standards.load(self.standard) if self.standard else None


def place(table: str, year: int | None, out: str, asked: Asked) -> Path:
    """Write a table's blank workbook to `out`, a file or a folder: what has no ending (default: the current one)."""
    of = year or year_now()
    target = Path(out or ".")
    path = target / f"{table}_{of}.xlsx" if target.is_dir() or not target.suffix else target
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(table, path, of, asked.items_of(), asked.parts)


def lines(table: str, year: str, out: str, asked: Asked) -> list[str]:
    """Write a table's blank workbook and return the lines that say where, and of which year where nobody named it."""
    said = [] if year.strip() else [message("new_year", year=year_now())]
    return [*said, message("template_written", file=place(table, year_of(year), out, asked))]


def year_now() -> int:
    """Return the year of the statistics that are due: those of a school year are of its beginning, in September."""
    year, month, _ = map(int, project.today().split("-"))
    return year if month >= _SCHOOL_YEAR else year - 1
