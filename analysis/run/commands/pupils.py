"""Sufficient statistics per school, read once from a table of pupils or of schools: what `junheng icc` needs."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from analysis.errors import DataError, RequestError
from analysis.read.anytable import AS_IT_STANDS, Asked, Table, blank_to_null, open_table
from analysis.run.commands.crowds import crowded, ends
from analysis.run.commands.show import warn
from analysis.statistics.arrays import LARGEST, LEAST
from analysis.statistics.sufficient import Moments, Variables, beside_centres, from_sd, merge, nearer
from analysis.statistics.tails import PIVOTS

#: Files up to so many bytes are read into memory at once.
AT_ONCE = 32_000_000
#: What may have been left out of a group, in the order in which its note says so.
LEFT_OUT = ("scores_missing", "school_missing", "weights_missing", "weights_zero", "covariates_missing")


@dataclass(frozen=True)
class Question:
    """What `junheng icc` is asked, columns by name.

    `pv` are plausible values of one subject, beside the subjects in `scores`; `by` are the groups. Instead of scores,
    `n`, `mean` and `sd` name sufficient statistics, one row per school (rows of the same school are merged). `pivot` is
    one of `statistics.tails`.
    """

    school: str
    scores: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    pv: tuple[str, ...] = ()
    weight: str | None = None
    covariates: tuple[str, ...] = ()
    n: str | None = None
    mean: str | None = None
    sd: str | None = None
    limit: float = 0.15
    level: float = 0.95
    asked: Asked = AS_IT_STANDS
    pivot: str = PIVOTS[0]

    def __post_init__(self) -> None:
        """Raise RequestError where the parts do not fit together."""
        statistics = (self.n, self.mean, self.sd)
        if any(statistics) and not all(statistics):
            raise RequestError("statistics_incomplete")
        if all(statistics) == bool(self.scores or self.pv):
            raise RequestError("score_or_statistics")
        if all(statistics) and (self.weight or self.covariates):
            raise RequestError("statistics_alone")
        if self.pivot not in PIVOTS:
            raise RequestError("pivot_unknown", given=self.pivot, known=", ".join(PIVOTS))
        usual = type(self)
        for name, value, example in (("--limit", self.limit, usual.limit), ("--level", self.level, usual.level)):
            if not 0 < value < 1:
                raise RequestError("share_expected", option=name, value=value, example=example)

    @property
    def subjects(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of each subject by its name: a score's own, or plausible values joined with "+"."""
        alone = {name: (name,) for name in self.scores if name not in self.pv}
        values = tuple(dict.fromkeys(self.pv))
        return alone | ({"+".join(values): values} if values else {})


@dataclass(frozen=True)
class Subject:
    """Moments of one subject, row for row with the schools: one entry per plausible value (a plain score has one).

    `given` likewise, with the covariates after the score; empty without covariates. `left_out` has a row per group:
    `group` and one boolean per entry of LEFT_OUT. `crowded` are the groups whose scores crowd at an end (`crowds`).
    """

    name: str
    columns: tuple[str, ...]
    moments: tuple[Moments, ...]
    given: tuple[Moments, ...]
    left_out: pl.DataFrame
    crowded: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pieces:
    """`groups`: group (number), keys g0, g1, ..., in order of first appearance; `schools`: group, the keys, school."""

    groups: pl.DataFrame
    schools: pl.DataFrame
    subjects: tuple[Subject, ...]


def keys_of(by: Sequence[str]) -> dict[str, str]:
    """Return the inner names of the group columns: g0, g1, ..., which collide with nothing."""
    return {f"g{place}": name for place, name in enumerate(by)}


def read(path: Path, question: Question) -> Pieces:
    """Read a table once and return its sufficient statistics.

    Raises RequestError (no such file, kind or column) and DataError (no rows, text in a number, a negative weight, an
    impossible n or sd: with file, row and column).
    """
    table = open_table(path, question.asked)
    warn(table.told)
    return _from_statistics(table, question) if question.n else _from_scores(table, question)


def _from_scores(table: Table, question: Question) -> Pieces:
    columns = [name for names in question.subjects.values() for name in names]
    inside = {name: f"x{place}" for place, name in enumerate(dict.fromkeys(columns))}
    covariates = {f"c{place}": name for place, name in enumerate(question.covariates)}
    numbers = {key: name for name, key in inside.items()} | covariates
    if question.weight:
        numbers["w"] = question.weight
    keys = keys_of(question.by)
    frame = table.columns(numbers, keys | {"school": question.school})
    weight = "w" if question.weight else None
    aggregates = [pl.col("row").min(), pl.col("w").min().alias("least")] if weight else [pl.col("row").min()]
    scored: dict[str, str] = {}
    plans: list[tuple[str, tuple[str, ...], list[Variables], list[Variables]]] = []
    for place, (subject, names) in enumerate(question.subjects.items()):
        values = [inside[name] for name in names]
        if len(values) > 1:
            # A pupil counts with all plausible values or not at all.
            there = pl.all_horizontal(pl.col(name).is_not_null() for name in values)
            frame = frame.with_columns(pl.when(there).then(pl.col(name)).alias(f"{name}_all") for name in values)
            values = [f"{name}_all" for name in values]
        plain = [Variables((name,), weight, f"{place}_{number}_") for number, name in enumerate(values)]
        given = [
            Variables((name, *covariates), weight, f"{place}_{number}_given_")
            for number, name in enumerate(values if covariates else [])
        ]
        for each in (*plain, *given):
            aggregates += each.sums()
        aggregates += _left_out(f"{place}_", values[0], weight, list(covariates)) + ends(f"{place}_", values[0])
        scored[f"{place}_"] = values[0]
        plans.append((subject, names, plain, given))
    sets = [each for _, _, plain, given in plans for each in (*plain, *given)]
    collect = partial(_collected, table, numbers)
    beside = beside_centres(frame.with_row_index("row"), [*keys, "school"], sets, collect)
    query = beside.group_by([*keys, "school"]).agg(aggregates)
    sums = nearer(frame, list(keys), "school", sets, collect(query), collect)
    sums = blank_to_null(sums.sort("row"), [*keys, "school"])
    if weight and bool((sums["least"] < 0).any()):
        table.fail_where(pl.col("w") < 0, numbers, "w", "weight_negative")
    middles = [name for name in sums.columns if name.rpartition("_")[2].startswith(("mean", "w"))]
    if extreme(sums, middles) or bool(sums.select(~pl.all_horizontal(pl.selectors.float().is_finite().all())).item()):
        refuse_extreme(table, numbers)
    groups, sums = _number(sums, list(keys))
    left_out = [_by_group(sums, f"{place}_") for place in range(len(plans))]
    schools = sums.filter(pl.col("school").is_not_null())
    crowds = crowded(frame, schools, scored, list(keys), collect)
    subjects = [
        Subject(
            name,
            names,
            tuple(each.moments(schools) for each in plain),
            tuple(each.moments(schools) for each in given),
            left_out[place],
            tuple(crowds[f"{place}_"]),
        )
        for place, (name, names, plain, given) in enumerate(plans)
    ]
    return Pieces(groups, schools.select("group", *keys, "school"), tuple(subjects))


def _collected(table: Table, numbers: Mapping[str, str], query: pl.LazyFrame) -> pl.DataFrame:
    """Run a query over the columns of a table: a small one at once, so that sums are taken in the order of its rows.

    Streaming adds up whatever pieces come first, and the last digit of a sum depends on that.
    """
    if table.path.stat().st_size <= AT_ONCE:
        # What fails is read again below, where its row is found.
        with suppress(pl.exceptions.PolarsError, OSError):
            return query.collect(engine="in-memory")
    return table.collect(query, numbers)


def extreme(frame: pl.DataFrame, columns: Iterable[str]) -> bool:
    """Return whether a number is too large, or too near 0 without being 0, to compute with."""
    sizes = [pl.col(name).abs() for name in columns]
    return bool(frame.select(pl.any_horizontal(((x > LARGEST) | ((x < LEAST) & (x > 0))).any() for x in sizes)).item())


def refuse_extreme(table: Table, numbers: Mapping[str, str]) -> None:
    """Raise DataError for the first number that is too large or too near 0, column by column, where there is one."""
    for name in numbers:
        size = pl.col(name).abs()
        wrong = (size > LARGEST) | ((size < LEAST) & (size > 0))
        if table.columns(numbers, {}).select(wrong.any()).collect(engine="streaming").item():
            table.fail_where(wrong, numbers, name, "number_extreme")


def _left_out(prefix: str, score: str, weight: str | None, covariates: list[str]) -> list[pl.Expr]:
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


def _number(rows: pl.DataFrame, keys: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the groups, numbered in order of first appearance, and the rows with the number of their group."""
    if not keys:
        return pl.DataFrame({"group": [0]}, schema={"group": pl.Int64}), rows.with_columns(group=pl.lit(0, pl.Int64))
    groups = rows.select(keys).unique(maintain_order=True).with_row_index("group")
    groups = groups.with_columns(pl.col("group").cast(pl.Int64))
    return groups, rows.join(groups, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _from_statistics(table: Table, question: Question) -> Pieces:
    if question.n is None or question.mean is None or question.sd is None:
        raise RequestError("statistics_incomplete")
    keys = keys_of(question.by)
    numbers = {"n": question.n, "mean": question.mean, "sd": question.sd}
    frame = table.columns(numbers, keys | {"school": question.school})
    rows = blank_to_null(table.collect(frame, numbers), [*keys, "school"])
    known = rows["n"].is_not_null() & (rows["n"] > 0) & rows["mean"].is_not_null()
    if extreme(rows, numbers):
        refuse_extreme(table, numbers)
    for wrong, column in ((rows["n"] < 0, "n"), (known & (rows["n"] > 1) & ~(rows["sd"].fill_null(-1.0) >= 0), "sd")):
        if bool(wrong.any()):
            place = int(wrong.arg_true()[0])
            raise DataError(
                "statistic_impossible", file=table.path.name, row=place + table.first_row, column=numbers[column],
                value="" if rows[column][place] is None else rows[column][place],
            )  # fmt: skip
    groups, rows = _number(rows, list(keys))
    left_out = rows.group_by("group").agg(
        scores_missing=(pl.col("n").is_null() | (pl.col("mean").is_null() & (pl.col("n") > 0))).any(),
        school_missing=pl.col("school").is_null().any(),
        **{name: pl.lit(value=False) for name in ("weights_missing", "weights_zero", "covariates_missing")},
    )
    rows = rows.filter(known & pl.col("school").is_not_null())
    rows = rows.with_columns(ss=pl.Series(from_sd(rows["n"].to_numpy(), rows["sd"].fill_null(0.0).to_numpy())))
    schools = merge(rows, ["group", *keys, "school"])
    n, ss = schools["n"].to_numpy(), schools["ss"].to_numpy()
    mean, rest = (schools[name].to_numpy()[:, None] for name in ("mean", "rest"))
    moments = Moments(n, n, mean, rest, np.asarray(ss)[:, None, None])
    subject = Subject(question.mean, (question.mean,), (moments,), (), left_out)
    return Pieces(groups, schools.select("group", *keys, "school"), (subject,))
