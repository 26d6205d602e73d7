"""Print a frame the way it was asked for: a table to read, CSV, or JSON as a flat list of rows."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import language
from analysis.plaintext import MISLEADING, PATTERN, harmless

if TYPE_CHECKING:
    import polars as pl

_MISLEADING = re.compile(MISLEADING)
#: How a cell begins that a spreadsheet takes for a formula.
_FORMULA = r"^[=+\-@\t\r]"


class Format(StrEnum):
    """How results are printed; the columns are the same in each."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


#: From here on six significant digits do not reach the point.
MANY = 1e6


def show(frame: "pl.DataFrame", form: Format = Format.TABLE) -> str:
    """Return the frame as text ending with a newline.

    JSON and CSV are unrounded; what is not there is null in JSON, empty in the others, never NaN. Lists are lists in
    JSON, in the others their items with ";" between them. The table shows six significant digits, of large numbers all
    before the point. Characters that steer a terminal or turn the order of letters around are left out, in JSON
    escaped; in CSV a text that a spreadsheet would take for a formula gets an apostrophe.
    """
    # Imported here so that the command line can name the formats without loading Polars.
    import polars as pl
    import polars.selectors as cs

    frame = frame.with_columns(cs.float().fill_nan(None))
    if form is Format.JSON:
        text = json.dumps(frame.to_dicts(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        return _MISLEADING.sub(lambda column: f"\\u{ord(column[0]):04x}", text)
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(";") for name in lists)
    frame = frame.with_columns(cs.string().str.replace_all(PATTERN, "")).rename(harmless)
    if form is Format.CSV:
        texts = [_as_text(name) for name, kind in frame.schema.items() if kind == pl.String]
        return frame.with_columns(texts).rename(_no_formula).write_csv()
    return _table(frame)


def headed(frame: "pl.DataFrame", form: Format) -> str:
    """Return what `show` does, a table under heads in the reader's words (heads.yml)."""
    heads = _heads()[language()] if form is Format.TABLE else {}
    return show(frame.rename({name: heads[name] for name in frame.columns if name in heads}), form)


@cache
def _heads() -> dict[str, dict[str, str]]:
    import yaml

    heads: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("heads.yml").read_text(encoding="utf-8"))
    return heads


def _as_text(name: str) -> "pl.Expr":
    """Return a column of text whose cells are no formulas where a spreadsheet opens them; a number is none."""
    import polars as pl

    cell = pl.col(name).replace("", None)
    formula = cell.str.contains(_FORMULA) & cell.cast(pl.Float64, strict=False).is_null()
    return pl.when(formula).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell).alias(name)


def _no_formula(header: str) -> str:
    return f"'{header}" if re.match(_FORMULA, header) else header


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
    if isinstance(value, float):
        return f"{value:.0f}" if MANY <= abs(value) < float("inf") else f"{value:.6g}"
    return str(value)


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
