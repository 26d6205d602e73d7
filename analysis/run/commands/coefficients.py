"""`junheng cv`: the coefficient between schools of a table of one's own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from analysis.clean import own_numbers
from analysis.read import anyrows
from analysis.read.anytable import AS_IT_STANDS, Asked, blank_to_null, open_table
from analysis.run.commands import repeats
from analysis.run.commands.groups import (
    codes_of,
    in_one_spelling,
    keys_of,
    note,
    refuse_clash,
    refuse_extreme,
    whole,
    without_group,
)
from analysis.run.commands.show import warn
from analysis.statistics import expressions
from analysis.statistics.pieces import extreme

CV_COLUMNS = ("schools", "pupils", "mean", "cv", "note")


def cv(path: Path, amount: str, pupils: str, by: Sequence[str] = (), said: Asked = AS_IT_STANDS) -> pl.DataFrame:
    """Return the enrolment-weighted coefficient of `amount` in each group: groups..., schools, pupils, mean, cv, note.

    Groups come in order of first appearance, their values as text. A row with a missing amount or enrolment, or without
    pupils, is left out and the note says so; rows whose group is missing get no coefficient. Raises RequestError (file,
    columns) and DataError (text in a number, a share, a negative amount or enrolment, a total, a school twice, several
    years: file, row, column).
    """
    refuse_clash(by, CV_COLUMNS)
    table = replace(open_table(path, said, own_numbers.read), shares=False)
    keys = keys_of(by)
    numbers = {"x": amount, "p": pupils}
    asked_for = [*numbers.values(), *by]
    warn([*table.told_of(asked_for), *table.odd_numbers(numbers.values())])
    beside = anyrows.beside(table, asked_for)
    rows = table.collect(table.columns(numbers, keys, beside.texts), numbers)
    rows = blank_to_null(rows, [*keys, *beside.texts])
    rows = in_one_spelling(table, rows, keys)
    repeats.refuse_filled_down(table, rows, keys)
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
    coefficients = without_group(coefficients, list(keys), ["mean", "cv"])
    left_out = note(["group_missing", "amount_missing", "pupils_missing", "pupils_zero"])
    return coefficients.select(
        *codes_of(coefficients, keys), "schools", whole(coefficients, "pupils"), "mean", "cv", left_out
    )
