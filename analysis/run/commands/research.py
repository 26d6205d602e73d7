"""`junheng cv` and `junheng icc`: the project's statistics on a table of one's own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from analysis.clean import own_numbers
from analysis.errors import RequestError
from analysis.read import anyrows
from analysis.read.anytable import AS_IT_STANDS, WHOLE, Asked, as_code, blank_to_null, open_table
from analysis.run.commands.pupils import Question, in_one_spelling, keys_of, read, refuse_extreme
from analysis.run.commands.show import warn
from analysis.statistics import by_group, expressions
from analysis.statistics.by_group import CONDITIONAL, RATES
from analysis.statistics.pieces import LEFT_OUT, extreme

CV_COLUMNS = ("schools", "pupils", "mean", "cv", "note")
ICC_COLUMNS = ("score", "schools", "pupils", *RATES, *CONDITIONAL, "note")
EFFECT_COLUMNS = ("score", "pupils", "effect", "low", "high", "reliability")
SCHOOL_COLUMNS = ("score", "pupils", "n", "mean", "sd")


def asked(sheet: str, encoding: str, missing: Sequence[str] | None) -> Asked:
    """Return what a person says of a file; codes for missing may be separated by commas."""
    codes = (code.strip() for codes in missing or [] for code in codes.split(","))
    return Asked(sheet, encoding or None, tuple(code for code in codes if code))


def cv(path: Path, amount: str, pupils: str, by: Sequence[str] = (), said: Asked = AS_IT_STANDS) -> pl.DataFrame:
    """Return the enrolment-weighted coefficient of `amount` in each group: groups..., schools, pupils, mean, cv, note.

    Groups come in order of first appearance, their values as text. A row with a missing amount or enrolment, or without
    pupils, is left out and the note says so; rows whose group is missing get no coefficient. Raises RequestError (file,
    columns) and DataError (text in a number, a share, a negative amount or enrolment, a total, a school twice, several
    years: file, row, column).
    """
    _distinct(by, CV_COLUMNS)
    table = replace(open_table(path, said, own_numbers.read), shares=False)
    keys = keys_of(by)
    numbers = {"x": amount, "p": pupils}
    asked_for = [*numbers.values(), *by]
    warn([*table.told_of(asked_for), *table.odd_numbers(numbers.values())])
    beside = anyrows.beside(table, asked_for)
    rows = table.collect(table.columns(numbers, keys, beside.texts), numbers)
    rows = blank_to_null(rows, [*keys, *beside.texts])
    rows = in_one_spelling(table, rows, keys)
    if bool((rows["p"] < 0).any()):
        table.fail_where(pl.col("p") < 0, numbers, "p", "pupils_negative")
    if bool((rows["x"] < 0).any()):
        table.fail_where(pl.col("x") < 0, numbers, "x", "amount_negative")
    if extreme(rows, numbers):
        refuse_extreme(table, numbers)
    warn(anyrows.check(table, rows, numbers, list(keys), beside))
    figures = [
        expressions.schools("x", "p").alias("schools"),
        expressions.enrolment("x", "p").alias("pupils"),
        expressions.mean("x", "p").alias("mean"),
        expressions.cv("x", "p").alias("cv"),
        expressions.cv_note("x", "p").alias("why"),
        pl.col("x").is_null().any().alias("amount_missing"),
        pl.col("p").is_null().any().alias("pupils_missing"),
        (pl.col("p") == 0).any().alias("pupils_zero"),
    ]
    coefficients = rows.group_by(list(keys), maintain_order=True).agg(figures) if keys else rows.select(figures)
    coefficients = _without_group(coefficients, list(keys), ["mean", "cv"])
    note = _note(["group_missing", "amount_missing", "pupils_missing", "pupils_zero"])
    return coefficients.select(
        *_codes(coefficients, keys), "schools", _whole(coefficients, "pupils"), "mean", "cv", note
    )


def icc(path: Path, question: Question) -> pl.DataFrame:
    """Return the rate of each group and subject with its interval: the groups..., then ICC_COLUMNS.

    Groups come in order of first appearance, their values as text. `score` is there with several subjects alone,
    CONDITIONAL with covariates alone. Pupils without a score, a school or a weight above 0 are left out and the
    note says so; pupils whose group is missing get no rate. Raises what `pupils.read` does.
    """
    _distinct(question.by, ICC_COLUMNS)
    pieces = read(path, question)
    codes = pieces.schools["group"].to_numpy()
    parts = []
    for subject in pieces.subjects:
        rates = by_group.rates(subject, codes, question.limit, question.level, question.pivot)
        whole = pieces.groups.join(subject.left_out, on="group", how="left").join(rates, on="group", how="left")
        crowded = pl.col("group").is_in(subject.crowded)
        parts.append(whole.with_columns(score=pl.lit(subject.name), scores_crowded=crowded))
    table = pl.concat(parts).sort("group", maintain_order=True)
    numbers = [*RATES, *(CONDITIONAL if question.covariates else ())]
    table = table.with_columns(
        pl.col("schools", "pupils").fill_null(0),
        pl.col("why").fill_null("no_pupils"),
        pl.col(*numbers).fill_nan(None),
        pl.col(*LEFT_OUT).fill_null(value=False),
    )
    keys = keys_of(question.by)
    table = _without_group(table, list(keys), numbers)
    several = ["score"] if len(parts) > 1 else []
    table = table.with_columns(pl.col("scores_crowded") & pl.col("icc").is_not_null())
    note = _note(["group_missing", "scores_crowded", *LEFT_OUT])
    return table.select(*_codes(table, keys), *several, "schools", _whole(table, "pupils"), *numbers, note)


def schools(path: Path, question: Question) -> pl.DataFrame:
    """Return the sufficient statistics that `icc` computes from: groups..., [score,] school, pupils, n, mean, sd.

    n is the effective number of pupils (without weights the pupils themselves), sd has the divisor n - 1 and is null
    where n is 1. Of plausible values there is one row each. Saved, the result can be asked again by its columns n,
    mean and sd. Raises what `pupils.read` does.
    """
    _distinct([*question.by, question.school], SCHOOL_COLUMNS)
    pieces = read(path, question)
    table = by_group.schools(pieces)
    several = ["score"] if sum(len(subject.columns) for subject in pieces.subjects) > 1 else []
    names = keys_of(question.by) | {"school": question.school}
    codes = _codes(table, names)
    return table.select(*codes[:-1], *several, codes[-1], _whole(table, "pupils"), _whole(table, "n"), "mean", "sd")


def effects(path: Path, question: Question) -> pl.DataFrame:
    """Return what each school adds: groups..., [score,] school, pupils, effect, low, high, reliability.

    Effects are in units of the score around the group's mean; with covariates they are the value-added. Of plausible
    values there is one row each. A school of a group without a rate has none. Raises what `pupils.read` does.
    """
    _distinct([*question.by, question.school], EFFECT_COLUMNS)
    pieces = read(path, question)
    table = by_group.effects(pieces, question.level)
    several = ["score"] if sum(len(subject.columns) for subject in pieces.subjects) > 1 else []
    codes = _codes(table, keys_of(question.by) | {"school": question.school})
    return table.select(*codes[:-1], *several, codes[-1], _whole(table, "pupils"), *EFFECT_COLUMNS[2:])


def _codes(frame: pl.DataFrame, names: dict[str, str]) -> list[pl.Expr]:
    """Return key columns as text under their own names."""
    return [as_code(key, frame.schema[key]).alias(name) for key, name in names.items()]


def _whole(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Return numbers of pupils as integers where all are whole: 302, not 302.0."""
    each = frame[column]
    whole = bool(((each == each.floor()) & (each.abs() <= WHOLE)).all())
    return pl.col(column).cast(pl.Int64) if whole else pl.col(column)


def _without_group(table: pl.DataFrame, keys: list[str], figures: list[str]) -> pl.DataFrame:
    """Take the figures from rows whose group is missing in part or whole: they are no group."""
    missing = pl.any_horizontal(pl.col(key).is_null() for key in keys) if keys else pl.lit(value=False)
    return table.with_columns(
        *(pl.when(~missing).then(pl.col(name)).alias(name) for name in figures),
        why=pl.when(missing).then(pl.lit("")).otherwise(pl.col("why")),
        group_missing=missing,
    )


def _note(flags: Sequence[str]) -> pl.Expr:
    """Return the note: why there is no figure, then the flags that are set, ";" between them."""
    parts = [pl.when(pl.col("why") != "").then(pl.col("why"))]
    parts += [pl.when(pl.col(name)).then(pl.lit(name)) for name in flags]
    return pl.concat_str(parts, separator=";", ignore_nulls=True).alias("note")


def _distinct(names: Sequence[str], columns: Sequence[str]) -> None:
    for place, name in enumerate(names):
        if name in columns or name in names[:place]:
            raise RequestError("column_clash", column=name)
