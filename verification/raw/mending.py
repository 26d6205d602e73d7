"""Cells that an entry changes: which cell it means, and what became of it."""

import re
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import column_index_from_string

from verification.raw import cells
from verification.raw.sheets import Sheet

#: What becomes of an entry; `WRITTEN` is a cell that no entry changes, put into another form.
CORRECTED, UNUSED, DONE, UNMATCHED = "corrected", "correction_unused", "correction_mended", "correction_unmatched"
WRITTEN = "number_written"


@dataclass(frozen=True)
class Done:
    """What became of an entry: by its rule, at which row (from 1) and position."""

    rule: str
    row: int
    at: int | None


def _bare(cell: Any) -> str:
    """Return a text without blanks and the apostrophe that marks text in a spreadsheet."""
    return re.sub(r"[\s\u200b\ufeff]+", "", cells.text(cell)).removeprefix("'")


def _position(at_of: dict[str, int], column: str) -> int | None:
    if column in at_of:
        return at_of[column]
    return column_index_from_string(column) - 1 if re.fullmatch("[A-Z]{1,3}", column) else None


def mend(sheet: Sheet, at_of: dict[str, int], start: int, entry: dict[str, Any]) -> Done:
    """Change the cell of a sheet that an entry means: the first below the header that says what it says was there.

    `at_of` are the positions of columns by their names and heads.
    """
    at, row = _position(at_of, str(entry["column"])), entry.get("row")
    done = Done(UNMATCHED, int(row or 0), None)
    if at is None or entry.get("sheet") not in (None, "", sheet.title):
        return done
    before, after = _bare(entry["before"]), _bare(entry["after"])
    for index in range(start, len(sheet.rows)) if row is None else (int(row) - 1,):
        if index >= len(sheet.rows) or not _is_of(sheet.rows[index], at_of, entry.get("key") or {}):
            continue
        raw = sheet.rows[index]
        said = _bare(raw[at]) if at < len(raw) else ""
        if said == before:
            raw += [None] * (at + 1 - len(raw))
            raw[at] = entry["after"] or None
            return Done(CORRECTED, index + 1, at)
        if said == after:
            done = Done(DONE, index + 1, at)
    return done


def _is_of(row: list[Any], at_of: dict[str, int], key: dict[str, Any]) -> bool:
    places = [(_position(at_of, str(name)), value) for name, value in key.items()]
    return all(at is not None and at < len(row) and _bare(row[at]) == _bare(value) for at, value in places)
