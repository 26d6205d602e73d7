"""Write a page as a text file, in one of the dialects that programs write."""

import csv
import io
import random
from pathlib import Path

from analysis.sample.layouts.page import Page
from analysis.sample.layouts.words import weighted, words


def write(page: Page, path: Path, features: frozenset[str], encoding: str, rng: random.Random) -> tuple[str, str]:
    """Write the page and return encoding and separator; with `long_row` one row has a field too many."""
    separator = weighted(rng, words()["separators"])
    lines = [[_text(page, row, column) for column in range(page.right)] for row in range(page.bottom)]
    torn = _torn(page, rng) if "long_row" in features else None
    if torn:
        separator, lines[torn[0]][torn[1]] = ",", "1,500"
    if "trailing" in features:
        lines = [[*line, ""] for line in lines]
    text = io.StringIO()
    all_quoted = rng.choice((False, False, True))
    ends = rng.choice(("\r\n", "\n"))
    for row, line in enumerate(lines):
        if torn and row == torn[0]:
            text.write(separator.join(line) + ends)
        else:
            csv.writer(
                text,
                delimiter=separator,
                quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL,
                lineterminator=ends,
            ).writerow(line)
    encoding = encoding or weighted(rng, words()["encodings"])
    path.write_bytes(text.getvalue().encode(encoding))
    return encoding, separator


def _text(page: Page, row: int, column: int) -> str:
    cell = page.cells.get((row, column))
    return "" if cell is None else str(cell.value)


def _torn(page: Page, rng: random.Random) -> tuple[int, int] | None:
    """Have one row hold 1,500 that nobody quotes; return where."""
    able = [
        value
        for value in page.values
        if value.state == "right" and isinstance(value.value, int | float) and (value.row, value.column) in page.cells
    ]
    able = [
        value
        for value in able
        if not any("," in str(cell.value) for at, cell in page.cells.items() if at[0] == value.row)
    ]
    if not able:
        return None
    value = rng.choice(able)
    page.turned("told", "long_row", row=value.row)
    page.unused |= {at for at in page.cells if at[0] == value.row}
    return value.row, value.column
