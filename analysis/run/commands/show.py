"""Print a frame the way it was asked for: a table to read, CSV, or JSON as a flat list of rows."""

import json
import sys
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


class Format(StrEnum):
    """How results are printed; the columns are the same in each."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def show(frame: "pl.DataFrame", form: Format = Format.TABLE) -> str:
    """Return the frame as text ending with a newline.

    JSON and CSV are unrounded; what is not there is null in JSON, empty in the others, never NaN. Lists are lists in
    JSON, in the others their items with ";" between them. The table shows six significant digits.
    """
    # Imported here so that the command line can name the formats without loading Polars.
    import polars as pl
    import polars.selectors as cs

    frame = frame.with_columns(cs.float().fill_nan(None))
    if form is Format.JSON:
        return json.dumps(frame.to_dicts(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(";") for name in lists)
    if form is Format.CSV:
        return frame.with_columns(cs.string().replace("", None)).write_csv()
    return _table(frame)


def _table(frame: "pl.DataFrame") -> str:
    columns = []
    for name in frame.columns:
        cells = [_cell(value) for value in frame[name]]
        wide = max(map(_width, [name, *cells]))
        right = frame[name].dtype.is_numeric()
        columns.append([_pad(text, wide, right) for text in [name, "-" * wide, *cells]])
    return "".join("  ".join(row).rstrip() + "\n" for row in zip(*columns, strict=True))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Return the columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, wide: int, right: bool) -> str:
    space = " " * (wide - _width(text))
    return space + text if right else text + space


def emit(text: str) -> None:
    """Write text to standard output as UTF-8, whatever the terminal's own encoding."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def warn(lines: Iterable[str]) -> None:
    """Write sentences on what was read to standard error, one a line."""
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201
