"""Sufficient statistics of the schools in a table of pupils, subject by subject: what rates and effects are made of.

A table has a column `school` and the keys of a group (g0, g1, ...); groups are numbered in order of first appearance.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from .arrays import LARGEST, LEAST
from .crowding import crowded, ends
from .sufficient import Moments, Variables, beside_centres, nearer

#: What may have been left out of a group, in the order in which its note says so.
LEFT_OUT = ("scores_missing", "school_missing", "weights_missing", "weights_zero", "covariates_missing")
Collect = Callable[[pl.LazyFrame], pl.DataFrame]


@dataclass(frozen=True)
class Subject:
    """Moments of one subject, row for row with the schools: one entry per plausible value (a plain score has one).

    `conditional` likewise, with the covariates after the score; empty without covariates. `left_out` has a row per
    group: `group` and one boolean per entry of LEFT_OUT. `crowded` are the groups whose scores crowd at an end.
    """

    name: str
    columns: tuple[str, ...]
    moments: tuple[Moments, ...]
    conditional: tuple[Moments, ...]
    left_out: pl.DataFrame
    crowded: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pieces:
    """`groups`: group (number), keys g0, g1, ..., in order of first appearance; `schools`: group, the keys, school."""

    groups: pl.DataFrame
    schools: pl.DataFrame
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class Scores:
    """What is summed of one subject: the columns of its scores, alone (`plain`) and with covariates (`conditional`)."""

    name: str
    columns: tuple[str, ...]
    prefix: str
    score: str
    plain: tuple[Variables, ...]
    conditional: tuple[Variables, ...]


def planned(
    frame: pl.LazyFrame,
    subjects: Mapping[str, Mapping[str, str]],
    weight: str | None,
    covariates: Sequence[str],
) -> tuple[pl.LazyFrame, list[Scores]]:
    """Return what is to be summed of each subject, and pupils with the columns that this needs.

    `subjects` gives the columns of each by the names they bear outside. A pupil counts with all plausible values of a
    subject or not at all.
    """
    wanted: list[Scores] = []
    for place, (subject, inside) in enumerate(subjects.items()):
        values = list(inside.values())
        if len(values) > 1:
            there = pl.all_horizontal(pl.col(name).is_not_null() for name in values)
            frame = frame.with_columns(pl.when(there).then(pl.col(name)).alias(f"{name}_all") for name in values)
            values = [f"{name}_all" for name in values]
        plain = tuple(Variables((name,), weight, f"{place}_{number}_") for number, name in enumerate(values))
        conditional = tuple(
            Variables((name, *covariates), weight, f"{place}_{number}_given_")
            for number, name in enumerate(values if covariates else [])
        )
        wanted.append(Scores(subject, tuple(inside), f"{place}_", values[0], plain, conditional))
    return frame, wanted


def summed(
    frame: pl.LazyFrame,
    wanted: Sequence[Scores],
    keys: Sequence[str],
    weight: str | None,
    covariates: Sequence[str],
    collect: Collect,
) -> pl.DataFrame:
    """Return the sums of each school of each group, a row each, in order of first appearance.

    `rows` says how many rows a school has, `least` is its least weight. Raises what `collect` does, which runs a query.
    """
    aggregates = [pl.col("row").min(), pl.len().alias("rows")]
    if weight:
        aggregates.append(pl.col(weight).min().alias("least"))
    for subject in wanted:
        for each in (*subject.plain, *subject.conditional):
            aggregates += each.sums()
        aggregates += _left_out(subject.prefix, subject.score, weight, covariates) + ends(subject.prefix, subject.score)
    sets = [each for subject in wanted for each in (*subject.plain, *subject.conditional)]
    beside = beside_centres(frame.with_row_index("row"), [*keys, "school"], sets, collect)
    sums = collect(beside.group_by([*keys, "school"]).agg(aggregates))
    return nearer(frame, keys, "school", sets, sums, collect).sort("row")


def sound(sums: pl.DataFrame) -> bool:
    """Return whether sums are finite, and centres and weights neither too large nor too near 0 to compute with."""
    middles = [name for name in sums.columns if name.rpartition("_")[2].startswith(("mean", "w"))]
    finite = sums.select(pl.all_horizontal(pl.selectors.float().is_finite().all())).item()
    return bool(finite) and not extreme(sums, middles)


def of_sums(
    frame: pl.LazyFrame,
    sums: pl.DataFrame,
    wanted: Sequence[Scores],
    keys: Sequence[str],
    crowded_above: float,
    collect: Collect,
) -> Pieces:
    """Return the pieces that `summed` comes to; scores crowd where more than a part `crowded_above` is at an end."""
    groups, sums = numbered(sums, keys)
    left_out = [_by_group(sums, subject.prefix) for subject in wanted]
    schools = sums.filter(pl.col("school").is_not_null())
    scored = {subject.prefix: subject.score for subject in wanted}
    crowds = crowded(frame, schools, scored, keys, crowded_above, collect)
    subjects = [
        Subject(
            each.name,
            each.columns,
            tuple(variables.moments(schools) for variables in each.plain),
            tuple(variables.moments(schools) for variables in each.conditional),
            left_out[place],
            tuple(crowds[each.prefix]),
        )
        for place, each in enumerate(wanted)
    ]
    return Pieces(groups, schools.select("group", *keys, "school"), tuple(subjects))


def numbered(rows: pl.DataFrame, keys: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the groups, numbered in order of first appearance, and the rows with the number of their group."""
    if not keys:
        return pl.DataFrame({"group": [0]}, schema={"group": pl.Int64}), rows.with_columns(group=pl.lit(0, pl.Int64))
    groups = rows.select(keys).unique(maintain_order=True).with_row_index("group")
    groups = groups.with_columns(pl.col("group").cast(pl.Int64))
    return groups, rows.join(groups, on=list(keys), how="left", nulls_equal=True, maintain_order="left")


def extreme(frame: pl.DataFrame, columns: Iterable[str]) -> bool:
    """Return whether a number is too large, or too near 0 without being 0, to compute with."""
    return bool(frame.select(pl.any_horizontal(is_extreme(name).any() for name in columns)).item())


def is_extreme(column: str) -> pl.Expr:
    """Return whether a number is too large, or too near 0 without being 0, to compute with."""
    size = pl.col(column).abs()
    return (size > LARGEST) | ((size < LEAST) & (size > 0))


def _left_out(prefix: str, score: str, weight: str | None, covariates: Sequence[str]) -> list[pl.Expr]:
    """Return, per school, whether any pupil was left out, by reason: those of LEFT_OUT but the missing school."""
    x = pl.col(score)
    nobody = pl.lit(value=False)
    w = pl.col(weight) if weight else None
    gaps = pl.any_horizontal(pl.col(name).is_null() for name in covariates) if covariates else None
    flags = {
        "scores_missing": x.count() < pl.len(),
        "weights_missing": nobody if w is None else (w.is_null() & x.is_not_null()).any(),
        "weights_zero": nobody if w is None else (w == 0).any(),
        "covariates_missing": nobody if gaps is None else (gaps & x.is_not_null()).any(),
    }
    return [flag.alias(prefix + name) for name, flag in flags.items()]


def _by_group(sums: pl.DataFrame, prefix: str) -> pl.DataFrame:
    flags = {name: pl.col(prefix + name).any() for name in LEFT_OUT if name != "school_missing"}
    return sums.group_by("group").agg(**flags, school_missing=pl.col("school").is_null().any())
