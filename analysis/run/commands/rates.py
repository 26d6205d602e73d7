"""`junheng icc`: the rate between schools of a table of one's own, and what each school adds."""

from pathlib import Path

import polars as pl

from analysis.run.commands.groups import codes_of, keys_of, note, refuse_clash, whole, without_group
from analysis.run.commands.pupils import Question, limit_of, read
from analysis.statistics import by_group
from analysis.statistics.by_group import CONDITIONAL, RATES
from analysis.statistics.pieces import LEFT_OUT

ICC_COLUMNS = ("score", "schools", "pupils", *RATES, *CONDITIONAL, "note")
EFFECT_COLUMNS = ("score", "pupils", "effect", "low", "high", "reliability")
SCHOOL_COLUMNS = ("score", "pupils", "n", "mean", "sd")


def icc(path: Path, question: Question) -> pl.DataFrame:
    """Return the rate of each group and subject with its interval: the groups..., then ICC_COLUMNS.

    Groups come in order of first appearance, their values as text. `score` is there with several subjects alone,
    CONDITIONAL with covariates alone. Pupils without a score, a school or a weight above 0 are left out and the
    note says so; pupils whose group is missing get no rate. Raises what `pupils.read` does.
    """
    refuse_clash(question.by, ICC_COLUMNS)
    pieces = read(path, question)
    codes = pieces.schools["group"].to_numpy()
    parts = []
    for subject in pieces.subjects:
        rates = by_group.rates(subject, codes, limit_of(question), question.level, question.pivot)
        pupils = pieces.groups.join(subject.left_out, on="group", how="left").join(rates, on="group", how="left")
        crowded = pl.col("group").is_in(subject.crowded)
        parts.append(pupils.with_columns(score=pl.lit(subject.name), scores_crowded=crowded))
    table = pl.concat(parts).sort("group", maintain_order=True)
    numbers = [*RATES, *(CONDITIONAL if question.covariates else ())]
    table = table.with_columns(
        pl.col("schools", "pupils").fill_null(0),
        pl.col("why").fill_null("no_pupils"),
        pl.col(*numbers).fill_nan(None),
        pl.col(*LEFT_OUT).fill_null(value=False),
    )
    keys = keys_of(question.by)
    table = without_group(table, list(keys), numbers)
    several = ["score"] if len(parts) > 1 else []
    table = table.with_columns(pl.col("scores_crowded") & pl.col("icc").is_not_null())
    notes = note(["group_missing", "scores_crowded", *LEFT_OUT])
    return table.select(*codes_of(table, keys), *several, "schools", whole(table, "pupils"), *numbers, notes)


def schools(path: Path, question: Question) -> pl.DataFrame:
    """Return the sufficient statistics that `icc` computes from: groups..., [score,] school, pupils, n, mean, sd.

    n is the effective number of pupils (without weights the pupils themselves), sd has the divisor n - 1 and is null
    where n is 1. Of plausible values there is one row each. Saved, the result can be asked again by its columns n,
    mean and sd. Raises what `pupils.read` does.
    """
    refuse_clash([*question.by, question.school], SCHOOL_COLUMNS)
    pieces = read(path, question)
    table = by_group.schools(pieces)
    several = ["score"] if sum(len(subject.columns) for subject in pieces.subjects) > 1 else []
    names = keys_of(question.by) | {"school": question.school}
    codes = codes_of(table, names)
    return table.select(*codes[:-1], *several, codes[-1], whole(table, "pupils"), whole(table, "n"), "mean", "sd")


def effects(path: Path, question: Question) -> pl.DataFrame:
    """Return what each school adds: groups..., [score,] school, pupils, effect, low, high, reliability.

    Effects are in units of the score around the group's mean; with covariates they are the value-added. Of plausible
    values there is one row each. A school of a group without a rate has none. Raises what `pupils.read` does.
    """
    refuse_clash([*question.by, question.school], EFFECT_COLUMNS)
    pieces = read(path, question)
    table = by_group.effects(pieces, question.level)
    several = ["score"] if sum(len(subject.columns) for subject in pieces.subjects) > 1 else []
    codes = codes_of(table, keys_of(question.by) | {"school": question.school})
    return table.select(*codes[:-1], *several, codes[-1], whole(table, "pupils"), *EFFECT_COLUMNS[2:])
