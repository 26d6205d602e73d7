"""Published coefficients of counties, judged by a standard (`junheng judge`)."""

from datetime import date
from pathlib import Path

import polars as pl

from analysis.judge import rounding
from analysis.judge.verdicts import combined
from analysis.measure import COMPOSITE
from analysis.read.anytable import open_table
from analysis.read.published import FIRST_ROW, KEYS, checked
from analysis.standards import Sense, Standard, State, load, names
from analysis.tables import Verdict

ANSWER = ("verdict", COMPOSITE, "over", "missing")
PUBLISHED = f"{COMPOSITE}_published"


def judge_file(path: Path, standard: str) -> pl.DataFrame:
    """Read a table of published coefficients and judge it by the standard of that id; see `judge_published`.

    Raises RequestError and DataError of the table, RequestError of the standard.
    """
    rule = load(standard)
    table = open_table(path)
    frame = table.collect(table.columns({}, {name: name for name in table.schema}), {})
    known = {indicator for name in names() for indicator in load(name).indicators} - set(rule.indicators)
    figures = [name for name in frame.columns if name in known or name == COMPOSITE]
    frame = frame.with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in figures)
    return judge_published(frame, rule, path.name, first_row=table.first_row)


def judge_published(
    frame: pl.DataFrame, standard: Standard, file: str, day: date | None = None, first_row: int = FIRST_ROW
) -> pl.DataFrame:
    """Return one row per county and stage, in the order given: county, stage, verdict, composite, over, missing, other
    columns.

    `frame` holds coefficients in columns named by indicator; with a column `statistic` only its rows `cv` count.
    `over` and
    `missing` are lists of ids. not_met where an indicator is over its limit, or the composite of all (2012) is; else
    no_data where
    one is missing; not_applicable where the standard has no limit on `day` (today). An input `composite` is kept as
    composite_published. `file` is named in faults,
    with rows counted from `first_row`.

    Raises RequestError for missing columns, an unknown stage or a cell that is no coefficient.
    """
    when = day or date.today()
    rows, present = checked(frame, standard, file, first_row)
    if COMPOSITE in rows.columns:
        rows = rows.rename({COMPOSITE: PUBLISHED})
    every = list(standard.indicators)
    others = [name for name in rows.columns if name not in {*KEYS, *every, *ANSWER, "__row"}]
    mean = pl.concat_list(present).list.mean() if len(present) == len(every) else pl.lit(None, pl.Float64)
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in present)
    rows = rows.with_columns(
        (pl.when(whole).then(mean) if standard.composite else pl.lit(None, pl.Float64)).alias(COMPOSITE),
        *(pl.lit(None, pl.Float64).alias(name) for name in every if name not in present),
    )
    sense = standard.composite.sense if standard.composite else Sense.AT_MOST
    schedules = {name: indicator.cv for name, indicator in standard.indicators.items() if indicator.cv}
    if standard.composite:
        schedules[COMPOSITE] = standard.composite.values
    over, judged = [], []
    for name, stages in schedules.items():
        limits = {stage.value: standard.value_at(schedule, when) for stage, schedule in stages.items()}
        state = pl.col("stage").replace_strict({key: limit.value for key, (limit, _) in limits.items()}, default=None)
        limit = pl.col("stage").replace_strict(
            {key: value for key, (_, value) in limits.items()}, default=None, return_dtype=pl.Float64
        )
        reaches = rounding.reaches(pl.col(name), limit, sense)
        over.append(pl.when(~reaches).then(pl.lit(name)))
        judged.append(
            pl.when(state != State.SET.value)
            .then(state)
            .when(reaches.is_null())
            .then(pl.lit(Verdict.NO_DATA.value))
            .when(reaches)
            .then(pl.lit(Verdict.MET.value))
            .otherwise(pl.lit(Verdict.NOT_MET.value))
        )
    absent = [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in every]
    verdicts = rows.with_columns(
        pl.concat_list(over).list.drop_nulls().alias("over"),
        pl.concat_list(absent).list.drop_nulls().alias("missing"),
        pl.concat_list(judged).list.eval(combined(pl.element())).list.first().alias("verdict"),
    )
    return verdicts.select(*KEYS, *ANSWER, *others)
