"""A researcher's own table, lazily: CSV (also gzipped), Parquet, XLSX, SPSS and Stata, with the columns asked for.

Columns are numbers (text in one is a fault that names its row) or keys (codes: text, so that 010203 keeps its zero).
Missing are empty cells, for numbers the words in MISSING too, what SPSS and Stata declare missing, and numbers that
are not finite. CSV and Parquet are scanned, SPSS and Stata read in pieces, so none of them needs to fit into memory.
"""

import codecs
import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import fastexcel
import polars as pl
import pyreadstat
from polars.io.plugins import register_io_source

from analysis.errors import DataError, RequestError

#: What stands for a missing number in text, in any case. A code is missing where it is empty: NA may well be one.
MISSING = ("", "na", "n/a", "nan", "null", "none", ".", "#n/a")
SEPARATORS = (",", "\t", ";", "|")
PIECE = 200_000
STATISTICAL = {".sav": pyreadstat.read_sav, ".zsav": pyreadstat.read_sav, ".dta": pyreadstat.read_dta}
KINDS = ("csv", "csv.gz", "tsv", "txt", "parquet", "xlsx", "xls", "ods", "sav", "zsav", "dta")


@dataclass(frozen=True)
class Table:
    """A table on disk: its columns as they stand there, and the file's row of the first row of data.

    `typed` where columns have types of their own.
    """

    path: Path
    frame: pl.LazyFrame
    schema: pl.Schema
    first_row: int
    typed: bool = False

    def columns(self, numbers: Mapping[str, str], keys: Mapping[str, str]) -> pl.LazyFrame:
        """Return columns under new names (new: old): numbers as Float64 with null for missing, keys null where missing.

        Text keys are trimmed where the file is text (Parquet's stand as they are; see `blank_to_null`); integer keys
        keep their type, which groups faster: `as_code` makes text of them later.
        Raises RequestError for a column that is not there, naming those that are.
        """
        for name in [*numbers.values(), *keys.values()]:
            if name not in self.schema:
                there = ", ".join(self.schema.names())
                raise RequestError("column_missing", file=self.path.name, column=name, columns=there)
        casts = {new: _number(old, self.schema[old]) for new, old in numbers.items()}
        casts |= {new: _key(old, self.schema[old], self.typed) for new, old in keys.items()}
        return self.frame.select(**casts)

    def collect(self, query: pl.LazyFrame, numbers: Mapping[str, str]) -> pl.DataFrame:
        """Run a query over `columns`, streaming; text in one of `numbers` raises DataError naming its row."""
        try:
            return query.collect(engine="streaming")
        except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError, OSError) as fault:
            self._blame(numbers)
            raise _unreadable(self.path, fault) from fault

    def fail_where(self, wrong: pl.Expr, numbers: Mapping[str, str], column: str, key: str) -> NoReturn:
        """Raise DataError `key` for the first row of `numbers` in which `wrong` holds, naming row, column and value."""
        rows = self.columns(numbers, {}).with_row_index("row").filter(wrong).head(1).collect(engine="streaming")
        row, value = rows["row"][0] + self.first_row, rows[column][0]
        raise DataError(key, file=self.path.name, row=row, column=numbers[column], value=f"{value:g}")

    def _blame(self, numbers: Mapping[str, str]) -> None:
        for name in numbers.values():
            if self.schema[name] != pl.String:
                continue
            text = _text(name)
            bad = text.is_not_null() & text.cast(pl.Float64, strict=False).is_null()
            found = self.frame.select(name).with_row_index("row").filter(bad).head(1).collect(engine="streaming")
            if found.height:
                row, value = found["row"][0] + self.first_row, found[name][0]
                raise DataError("number_expected", file=self.path.name, row=row, column=name, value=value)


def _unreadable(path: Path, fault: Exception) -> DataError:
    """Return what to say of a file: the row that is too long for its header, else what the reader says."""
    if "more fields than defined" in str(fault) and (found := _too_long(path)):
        return found
    return DataError("table_unreadable", file=path.name, reason=_first_line(fault))


def _too_long(path: Path) -> DataError | None:
    """Return the fault of the first row of a CSV with more cells than its header has, where there is one."""
    encoding, separator = _dialect(path)
    with (
        gzip.open(path, "rt", encoding=encoding)
        if path.suffix.lower() == ".gz"
        else path.open(encoding=encoding) as file
    ):
        rows = csv.reader(file, delimiter=separator)
        columns = len(next(rows, []))
        for cells in rows:
            if len(cells) > columns:
                return DataError("row_too_long", file=path.name, row=rows.line_num, cells=len(cells), columns=columns)
    return None


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__


def _text(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(~text.str.to_lowercase().is_in(MISSING)).then(text)


def _number(name: str, kind: pl.DataType) -> pl.Expr:
    column = (_text(name) if kind == pl.String else pl.col(name)).cast(pl.Float64)
    return pl.when(column.is_finite()).then(column)


def _key(name: str, kind: pl.DataType, typed: bool) -> pl.Expr:
    if kind == pl.String:
        return pl.col(name) if typed else pl.col(name).str.strip_chars()
    if kind.is_integer():
        return pl.col(name)
    return as_code(name, kind)


def blank_to_null(frame: pl.DataFrame, keys: Iterable[str]) -> pl.DataFrame:
    """Make null of empty text in key columns: done after grouping, where there are few rows."""
    texts = [name for name in keys if frame.schema[name] == pl.String]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts)


def as_code(name: str, kind: pl.DataType) -> pl.Expr:
    """Return a key as text: whole numbers without a decimal point, NaN as null."""
    column = pl.col(name)
    if not kind.is_float():
        return column.cast(pl.String)
    whole = pl.when(column.is_finite() & (column == column.floor())).then(column)
    return pl.coalesce(whole.cast(pl.Int64).cast(pl.String), column.fill_nan(None).cast(pl.String))


def open_table(path: Path) -> Table:
    """Open a table by its name's ending.

    Raises RequestError (no such file or kind) and DataError (unreadable, no rows).
    """
    if not path.is_file():
        raise RequestError("table_missing", file=str(path))
    ending = path.suffix.lower()
    kind = path.with_suffix("").suffix.lower() if ending == ".gz" else ending
    try:
        table = _open(path, kind, zipped=ending == ".gz")
        empty = table.frame.head(1).select(pl.len()).collect(engine="streaming").item() == 0
    except DataError:
        raise
    except pl.exceptions.NoDataError as fault:
        raise DataError("table_empty", file=path.name) from fault
    except (
        pl.exceptions.PolarsError,
        fastexcel.FastExcelError,
        pyreadstat.ReadstatError,
        UnicodeError,
        EOFError,
        OSError,
    ) as fault:
        raise _unreadable(path, fault) from fault
    if empty:
        raise DataError("table_empty", file=path.name)
    return table


def _open(path: Path, kind: str, zipped: bool) -> Table:
    if kind in {".csv", ".tsv", ".txt"}:
        frame = _csv(path, zipped)
        return Table(path, frame, frame.collect_schema(), 2)
    if kind == ".parquet" and not zipped:
        frame = pl.scan_parquet(path)
        return Table(path, frame, frame.collect_schema(), 1, typed=True)
    if kind in {".xlsx", ".xlsm", ".xls", ".ods"} and not zipped:
        return _workbook(path)
    if kind in STATISTICAL and not zipped:
        return _statistical(path, kind)
    raise RequestError("table_kind", file=path.name, kinds=", ".join(KINDS))


def _csv(path: Path, zipped: bool) -> pl.LazyFrame:
    """Scan a CSV with every column as text: UTF-8 as it stands, other encodings turned into UTF-8 in memory."""
    encoding, separator = _dialect(path)
    source: Any = path
    if encoding != "utf-8":
        with gzip.open(path) if zipped else path.open("rb") as file:
            source = file.read().decode(encoding).lstrip("\ufeff").encode()
    return pl.scan_csv(source, separator=separator, infer_schema=False, raise_if_empty=True)


def _dialect(path: Path) -> tuple[str, str]:
    """Return the encoding and the separator of a CSV, from its beginning."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        head = file.read(1 << 18)
    encoding = _encoding(head)
    first = head.decode(encoding, errors="replace").lstrip("\ufeff").splitlines()[:1] or [""]
    return encoding, max(SEPARATORS, key=first[0].count)


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _workbook(path: Path) -> Table:
    """Read the first sheet; the first row that is not empty names the columns. Rows keep their numbers."""
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
    cells = sheet.to_polars()
    filled = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    if not filled.any():
        raise DataError("table_empty", file=path.name)
    header = int(filled.arg_true()[0])
    names: dict[str, str] = {}
    for column, name in zip(cells.columns, cells.row(header), strict=True):
        if name is not None and name.strip() not in names.values():
            names[column] = name.strip()
    frame = cells.slice(header + 1).select(list(names)).rename(names)
    # Rows below the table that hold nothing are no rows of data.
    last = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    frame = frame.head(int(last[-1]) + 1 if len(last) else 0)
    return Table(path, frame.lazy(), frame.schema, header + 2)


def _pieces(
    path: Path,
    reader: Any,
    schema: pl.Schema,
    with_columns: list[str] | None,
    predicate: pl.Expr | None,
    n_rows: int | None,
    batch_size: int | None,
) -> Iterator[pl.DataFrame]:
    wanted, start, left = with_columns or schema.names(), 0, n_rows
    while left is None or left > 0:
        size = PIECE if left is None else min(PIECE, left)
        data, _ = reader(str(path), row_offset=start, row_limit=size, usecols=wanted, output_format="dict")
        piece = pl.DataFrame({name: pl.Series(name, list(data[name]), strict=False) for name in wanted})
        piece = piece.select(pl.col(name).cast(schema[name], strict=False) for name in wanted)
        start += piece.height
        left = None if left is None else left - piece.height
        if piece.height:
            yield piece if predicate is None else piece.filter(predicate)
        if piece.height < size:
            return


def _statistical(path: Path, kind: str) -> Table:
    """Scan an SPSS or Stata file in pieces: numbers as Float64 (declared missing ones as null), the rest as text."""
    _, meta = STATISTICAL[kind](str(path), metadataonly=True)
    kinds = meta.readstat_variable_types
    schema = pl.Schema({name: pl.String if kinds[name] == "string" else pl.Float64 for name in meta.column_names})
    frame = register_io_source(partial(_pieces, path, STATISTICAL[kind], schema), schema=schema)
    return Table(path, frame, schema, 1)
