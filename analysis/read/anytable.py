"""A table of one's own, lazily: CSV (also gzipped), Parquet, XLSX, SPSS and Stata, with the columns asked for.

Columns are numbers (text in one is a fault that names its row) or keys (codes: text, so that 010203 keeps its zero).
Missing are empty cells, for numbers the words in anynumbers.MISSING too, what SPSS and Stata declare missing, and
numbers that are not finite. CSV and Parquet are scanned, SPSS and Stata read in pieces, so none of them needs to fit
into memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn, TypeVar

import polars as pl

from analysis.errors import DataError, RequestError, listed, message
from analysis.read import anybook, anycsv, labels, statistical
from analysis.read.anynumbers import Reader, Written, plain_alone, unwrapped
from analysis.read.cell_places import column_letters

#: An error value, or a formula without a stored value.
_ERROR = r"^(#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|Err:\d+)|=.*)$"
#: So many columns of text are looked at for the label of a row.
_LABELS = 4
_FAULTS = (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError, OSError)
KINDS = ("csv", "csv.gz", "tsv", "txt", "parquet", "xlsx", "xls", "ods", "sav", "zsav", "dta")


#: 1.200 is a little more than one, or twelve hundred where a point stands between thousands.
_EITHER, _THOUSAND = r"^[1-9]\d{0,2}\.\d{3}$", 1000
Rows = TypeVar("Rows", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True)
class Asked:
    """What a person says of a file: its sheet and encoding where there is a choice, and codes that mean missing."""

    sheet: str = ""
    encoding: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the codes that are numbers: -1 stands for -1.0 too."""
        numbers = pl.Series(self.missing, dtype=pl.String).cast(pl.Float64, strict=False)
        return tuple(numbers.drop_nulls())

    @property
    def words(self) -> tuple[str, ...]:
        """Return the codes as words, in small letters."""
        return tuple(code.strip().lower() for code in self.missing)


#: Nothing is said of the file.
AS_IT_STANDS = Asked()


@dataclass(frozen=True)
class Table:
    """A table on disk: its columns as they stand there, and the file's row of the first row of data.

    `typed` where columns have types of their own. `shown` where numbers come as a workbook shows them (85.3%), `shares`
    where such a percentage is a number; `wrapped` where a text file may hold ="0012", `ragged` where a row of it may
    have more fields than the header, between which `separator` stands. `reader` reads numbers that aren't plain. `told`
    are sentences on what was read of the file. `hidden` are the names of hidden columns, `merged` the first row in
    which a cell of a column is merged with others, `unseen` how many numbers of a column their format hides, and the
    row of the first.
    """

    path: Path
    frame: pl.LazyFrame
    schema: pl.Schema
    first_row: int
    typed: bool = False
    shown: bool = False
    shares: bool = True
    wrapped: bool = False
    ragged: bool = False
    separator: str = ","
    asked: Asked = AS_IT_STANDS
    reader: Reader = plain_alone
    sentences: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    merged: Mapping[str, int] = field(default_factory=dict)
    unseen: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def told_of(self, names: Iterable[str]) -> list[str]:
        """Return the sentences on what was read of the file, where these columns are asked for."""
        hidden = [name for name in dict.fromkeys(names) if name in self.hidden]
        said = {"file": self.path.name, "columns": listed(hidden)}
        return [*self.sentences, *([message("columns_hidden_used", **said)] if hidden else [])]

    def odd_numbers(self, names: Iterable[str]) -> list[str]:
        """Return what to tell of columns of numbers that may be meant otherwise: percentages beside plain numbers, a
        point that may stand between thousands, numbers that their format hides."""
        texts = [name for name in dict.fromkeys(names) if self.schema.get(name) == pl.String]
        sentences = [
            message("number_hidden", file=self.path.name, column=name, count=count, row=row)
            for name, (count, row) in self.unseen.items()
            if name in texts
        ]
        if not texts:
            return sentences
        text = pl.col(texts).str.strip_chars()
        either = text.str.contains(_EITHER)
        value = text.cast(pl.Float64, strict=False)
        other = text.str.contains(r"[.]") & ~either
        counts = self.run(
            self.frame.select(
                (text.str.ends_with("%")).sum().name.suffix(" percent"),
                (value > 1).sum().name.suffix(" plain"),
                either.sum().name.suffix(" either"),
                other.sum().name.suffix(" pointed"),
                ((value >= _THOUSAND) & ~either).sum().name.suffix(" large"),
            )
        ).row(0, named=True)
        for name in texts:
            percent, plain, point, pointed, large = (
                counts[f"{name} {kind}"] for kind in ("percent", "plain", "either", "pointed", "large")
            )
            said = {"file": self.path.name, "column": name}
            if self.shown and self.shares and percent and plain:
                sentences.append(message("percent_beside", **said, percent=percent, plain=plain))
            if point and large and not pointed:
                sentences.append(message("thousands_perhaps", **said, count=point))
        return sentences

    def labels(self, besides: Iterable[str]) -> list[str]:
        """Return the first columns of text but these: where a row says what it is."""
        others = set(besides)
        return [name for name, kind in self.schema.items() if kind == pl.String and name not in others][:_LABELS]

    def check_no_totals(self, besides: Iterable[str]) -> None:
        """Raise DataError where a row is a total or a mean, as one of the first columns of text but these says."""
        if not (texts := self.labels(besides)):
            return
        totals = self.run(labels.first_total(self.frame.select(texts), texts))
        for name in texts:
            if (place := totals[name].item()) is not None:
                self.refuse_total(int(place), self.run(self.frame.select(name).slice(place, 1)).item())

    def refuse_total(self, place: int, value: str) -> NoReturn:
        """Raise DataError for the row at a place, counted from 0, that says that it is a total or a mean."""
        raise DataError("total_among_rows", file=self.path.name, row=place + self.first_row, value=value)

    def columns(
        self, numbers: Mapping[str, str], keys: Mapping[str, str], texts: Mapping[str, str] | None = None
    ) -> pl.LazyFrame:
        """Return columns under new names (new: old): numbers as Float64 with null for missing, keys null where missing.

        `texts` are further columns, as the text that stands there. Text keys are trimmed where the file is text
        (Parquet's stand as they are; see `blank_to_null`); integer keys keep their type, which groups faster: `as_code`
        makes text of them later.
        Raises RequestError for a column that is not there, naming those that are; DataError where a cell of a number
        is merged with others, for how much each has is not known.
        """
        for name in [*numbers.values(), *keys.values()]:
            if name not in self.schema.names():
                there = ", ".join(self.schema.names())
                raise RequestError("column_missing", file=self.path.name, column=name, columns=there)
        for name in numbers.values():
            if name in self.merged:
                raise DataError("cell_merged", file=self.path.name, row=self.merged[name], column=name)
        if self.shown:
            self._check_keys(list(keys.values()))
        casts = {new: self._number(old) for new, old in numbers.items()}
        casts |= {new: self._key(old) for new, old in keys.items()}
        casts |= {new: pl.col(old).cast(pl.String).str.strip_chars() for new, old in (texts or {}).items()}
        return self.frame.select(**casts)

    def _check_keys(self, names: list[str]) -> None:
        """Raise DataError where a code is an error or a formula without value: it is no code of any group."""
        for name in names:
            bad = pl.col(name).str.contains(_ERROR)
            first_bad = self.run(self.frame.select(name).with_row_index("row").filter(bad).head(1))
            if first_bad.height:
                row, value = first_bad["row"][0] + self.first_row, first_bad[name][0]
                raise DataError("cell_error", file=self.path.name, row=row, column=name, value=value)

    def _number(self, name: str) -> pl.Expr:
        kind = self.schema[name]
        column = pl.col(name).cast(pl.Float64) if kind != pl.String else self._written.number(name)
        usable = column.is_finite()
        if self.asked.numbers:
            usable &= ~column.is_in(list(self.asked.numbers))
        return pl.when(usable).then(column)

    @property
    def _written(self) -> Written:
        return Written(self.reader, self.asked.words, self.shown and self.shares, self.wrapped)

    def _key(self, name: str) -> pl.Expr:
        kind = self.schema[name]
        if kind == pl.String:
            return pl.col(name) if self.typed else self._code(name)
        return pl.col(name) if kind.is_integer() else as_code(name, kind)

    def _code(self, name: str) -> pl.Expr:
        return (unwrapped(name) if self.wrapped else pl.col(name)).str.strip_chars()

    @property
    def optimizations(self) -> pl.QueryOptFlags:
        """Return how a query may be optimised: fields beyond the header are noticed where all columns are read."""
        return pl.QueryOptFlags(projection_pushdown=not self.ragged)

    def run(self, query: pl.LazyFrame) -> pl.DataFrame:
        """Run a query, streaming; DataError where the file can't be read."""
        try:
            return query.collect(engine="streaming", optimizations=self.optimizations)
        except _FAULTS as fault:
            raise anycsv.unreadable(self.path, fault, self.asked.encoding) from fault

    def collect(self, query: pl.LazyFrame, numbers: Mapping[str, str]) -> pl.DataFrame:
        """Run a query over `columns`, streaming; text in one of `numbers` raises DataError naming its row."""
        try:
            return query.collect(engine="streaming", optimizations=self.optimizations)
        except _FAULTS as fault:
            self._blame(numbers)
            raise anycsv.unreadable(self.path, fault, self.asked.encoding) from fault

    def fail_where(self, wrong: pl.Expr, numbers: Mapping[str, str], column: str, key: str) -> NoReturn:
        """Raise DataError `key` for the first row of `numbers` in which `wrong` holds, naming row, column and value."""
        rows = self.run(self.columns(numbers, {}).with_row_index("row").filter(wrong).head(1))
        row, value = rows["row"][0] + self.first_row, rows[column][0]
        raise DataError(key, file=self.path.name, row=row, column=numbers[column], value=f"{value:g}")

    def _blame(self, numbers: Mapping[str, str]) -> None:
        for name in numbers.values():
            if self.schema[name] != pl.String:
                continue
            bad = self._written.unreadable(name)
            first_bad = self.run(self.frame.select(name).with_row_index("row").filter(bad).head(1))
            if first_bad.height:
                row, value = first_bad["row"][0] + self.first_row, first_bad[name][0]
                raise DataError("number_expected", file=self.path.name, row=row, column=name, value=value)


def blank_to_null(frame: Rows, keys: Iterable[str]) -> Rows:
    """Make null of empty text in key columns: best done after grouping, where there are few rows."""
    schema = frame.collect_schema()
    texts = [name for name in keys if schema[name] == pl.String]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts)


#: Up to here every whole number is a float of its own.
WHOLE = 2.0**53


def as_code(name: str, kind: pl.DataType) -> pl.Expr:
    """Return a key as text: whole numbers without a decimal point, NaN as null."""
    column = pl.col(name)
    if not kind.is_float():
        return column.cast(pl.String)
    whole = pl.when((column.abs() <= WHOLE) & (column == column.floor())).then(column)
    return pl.coalesce(whole.cast(pl.Int64).cast(pl.String), column.fill_nan(None).cast(pl.String))


def open_table(path: Path, asked: Asked = AS_IT_STANDS, reader: Reader = plain_alone) -> Table:
    """Open a table by its name's ending; `reader` reads its numbers that aren't in plain characters.

    Raises RequestError (no such file, kind or sheet) and DataError (unreadable, no rows, a column twice).
    """
    if not path.is_file():
        raise RequestError("table_missing", file=str(path))
    ending = path.suffix.lower()
    kind = path.with_suffix("").suffix.lower() if ending == ".gz" else ending
    try:
        table = replace(_open(path, kind, ending == ".gz", asked), reader=reader)
        empty = table.frame.head(1).select(pl.len()).collect(engine="streaming").item() == 0
    except DataError:
        raise
    except pl.exceptions.NoDataError:
        empty = True
    except (pl.exceptions.PolarsError, UnicodeError, EOFError, OSError) as fault:
        raise anycsv.unreadable(path, fault, asked.encoding) from fault
    if empty:
        torn = anycsv.fault_of(path, asked.encoding) if kind in anycsv.ENDINGS else None
        raise torn or DataError("table_empty", file=path.name)
    return table


def _open(path: Path, kind: str, zipped: bool, asked: Asked) -> Table:
    if kind in anycsv.ENDINGS:
        opened = anycsv.scan(path, asked.encoding)
        schema = opened.frame.collect_schema()
        table = Table(path, opened.frame, schema, opened.first_row, wrapped=opened.wrapped, ragged=True, asked=asked)
        return _alone(replace(table, separator=opened.separator), opened.names)
    if kind == ".parquet" and not zipped:
        frame = pl.scan_parquet(path)
        return Table(path, frame, frame.collect_schema(), 1, typed=True, asked=asked)
    if kind in {".xlsx", ".xlsm", ".xls", ".ods"} and not zipped:
        book = anybook.read(path, asked.sheet)
        frame = book.frame.lazy()
        table = Table(path, frame, book.frame.schema, book.first_row, shown=True, asked=asked)
        table = replace(table, sentences=book.sentences, hidden=book.hidden, merged=book.merged, unseen=book.unseen)
        return _alone(table, book.names)
    if kind in statistical.READERS and not zipped:
        frame, schema = statistical.scan(path, kind)
        return Table(path, frame, schema, 1, asked=asked)
    raise RequestError("table_kind", file=path.name, kinds=", ".join(KINDS))


def _alone(table: Table, names: list[str]) -> Table:
    """Return the table under the names of its header: a column twice is one where both are equal in every row.

    Columns stand as c0, c1, ... before; those without a name are left out. Raises DataError where two differ.
    """
    first: dict[str, int] = {}
    doubles: list[tuple[str, int, int]] = []
    for place, name in enumerate(names):
        if name and first.setdefault(name, place) != place:
            doubles.append((name, first[name], place))
    if doubles:
        same = table.frame.select(
            pl.col(f"c{place}").eq_missing(pl.col(f"c{other}")).all().alias(str(number))
            for number, (_, place, other) in enumerate(doubles)
        )
        for (name, position, other), equal in zip(doubles, table.run(same).row(0), strict=True):
            if not equal:
                places = {"one": column_letters(position), "other": column_letters(other)}
                raise DataError("column_twice", file=table.path.name, column=name, **places)
    frame = table.frame.select(pl.col(f"c{place}").alias(name) for name, place in first.items())
    return replace(table, frame=frame, schema=frame.collect_schema())
