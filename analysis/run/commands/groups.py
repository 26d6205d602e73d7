"""What `junheng cv` and `junheng icc` share: groups of a table of one's own, their spelling, and notes on them."""

from collections.abc import Mapping, Sequence

import polars as pl

from analysis.errors import DataError, RequestError, message
from analysis.read import labels
from analysis.read.anytable import WHOLE, Asked, Table, as_code
from analysis.run.commands.show import warn
from analysis.statistics.pieces import is_extreme


def asked(sheet: str, encoding: str, missing: Sequence[str] | None) -> Asked:
    """Return what a person says of a file; codes for missing may be separated by commas."""
    codes = (code.strip() for codes in missing or [] for code in codes.split(","))
    return Asked(sheet, encoding or None, tuple(code for code in codes if code))


def keys_of(by: Sequence[str]) -> dict[str, str]:
    """Return the inner names of the group columns: g0, g1, ..., which collide with nothing."""
    return {f"g{place}": name for place, name in enumerate(by)}


def refuse_clash(names: Sequence[str], columns: Sequence[str]) -> None:
    """Raise RequestError for the first group that is called as a column of the result, or as another group."""
    for place, name in enumerate(names):
        if name in columns or name in names[:place]:
            raise RequestError("column_clash", column=name)


def in_one_spelling(table: Table, rows: pl.DataFrame, named: Mapping[str, str]) -> pl.DataFrame:
    """Return rows in which what differs in width and spaces alone has one name, and tell it once."""
    spelled = labels.one_spelling(rows, named)
    refuse_damaged(table, rows, named)
    warn([*spellings(table, spelled, named), *odd_codes(table, rows, named)])
    return rows.with_columns(pl.col(key).replace(same) for key, same in spelled.items())


def spellings(table: Table, spelled: Mapping[str, Mapping[str, str]], named: Mapping[str, str]) -> list[str]:
    """Return what to tell of names that differ in width and spaces alone, once for each column."""
    sentences = []
    for key, same in spelled.items():
        other, spelling = next(iter(same.items()))
        sentences.append(
            message("names_joined", file=table.path.name, column=named[key], one=spelling, other=other, count=len(same))
        )
    return sentences


def odd_codes(table: Table, rows: pl.DataFrame, named: Mapping[str, str]) -> list[str]:
    """Return what to tell of codes that differ in zeros before them, or in capitals, alone: once for each column."""
    return [
        message(key, file=table.path.name, column=named[name], one=first, other=second, count=number)
        for key, alike in (("codes_alike", labels.alike_numbers), ("names_alike", labels.alike_letters))
        for name, (first, second, number) in alike(rows, named).items()
    ]


def refuse_damaged(table: Table, rows: pl.DataFrame, named: Mapping[str, str]) -> None:
    """Raise DataError for the first code that a spreadsheet has made a number in scientific notation, as which several
    are the same."""
    for key, name in named.items():
        for code in labels.damaged(rows[key]):
            raise DataError("codes_damaged", file=table.path.name, column=name, value=code)


def refuse_extreme(table: Table, numbers: Mapping[str, str]) -> None:
    """Raise DataError for the first number that is too large or too near 0, column by column, where there is one."""
    for name in numbers:
        wrong = is_extreme(name)
        if table.columns(numbers, {}).select(wrong.any()).collect(engine="streaming").item():
            table.fail_where(wrong, numbers, name, "number_extreme")


def codes_of(frame: pl.DataFrame, names: dict[str, str]) -> list[pl.Expr]:
    """Return key columns as text under their own names."""
    return [as_code(key, frame.schema[key]).alias(name) for key, name in names.items()]


def whole(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Return numbers of pupils as integers where all are whole: 302, not 302.0."""
    each = frame[column]
    whole = bool(((each == each.floor()) & (each.abs() <= WHOLE)).all())
    return pl.col(column).cast(pl.Int64) if whole else pl.col(column)


def without_group(table: pl.DataFrame, keys: list[str], figures: list[str]) -> pl.DataFrame:
    """Take the figures from rows whose group is missing in part or whole: they are no group."""
    missing = pl.any_horizontal(pl.col(key).is_null() for key in keys) if keys else pl.lit(value=False)
    return table.with_columns(
        *(pl.when(~missing).then(pl.col(name)).alias(name) for name in figures),
        why=pl.when(missing).then(pl.lit("")).otherwise(pl.col("why")),
        group_missing=missing,
    )


def note(flags: Sequence[str]) -> pl.Expr:
    """Return the note: why there is no figure, then the flags that are set, ";" between them."""
    parts = [pl.when(pl.col("why") != "").then(pl.col("why"))]
    parts += [pl.when(pl.col(name)).then(pl.lit(name)) for name in flags]
    return pl.concat_str(parts, separator=";", ignore_nulls=True).alias("note")
