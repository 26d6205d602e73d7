"""What the public is not shown of schools: groups that are too small, and what would give them away.

A school with fewer pupils in a stage than `suppress_below` (emphasis.yml) is hidden there, and with it the school's
other stage, for shared assets are split between the two by enrolment. Where a stage hides a school, the next smallest
are hidden with it until there are `suppress.schools` and nobody can place an amount of the small one within
`suppress.part` of it (p % rule and feasibility intervals: statistics.disclosure); mean and coefficient then stand as
printed, without the places that would tell more, and no school's share of the difference is told.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import ids
from analysis.judge.rounding import half, shown
from analysis.measure import COMPOSITE
from analysis.standards import Sense, Standard
from analysis.statistics import disclosure
from analysis.statistics.disclosure import Published
from analysis.tables import Kind
from analysis.tell.language import numbers

#: An amount per hundred pupils counts persons, rooms or sets.
COUNTED = 100
Pair = tuple[str, str]


@dataclass(frozen=True)
class Withheld:
    """Per year the pairs of school and stage that are hidden; measurements and findings as they may be published."""

    hidden: dict[int, frozenset[Pair]]
    measurements: pl.DataFrame
    history: pl.DataFrame


def withhold(
    stages: pl.DataFrame, measurements: pl.DataFrame, history: pl.DataFrame, standard: Standard, rule: dict[str, Any]
) -> Withheld:
    """Return what is hidden of the stage rows and the tables without it; `rule` is emphasis.yml."""
    hidden: dict[int, frozenset[Pair]] = {}
    coarse: list[dict[str, Any]] = []
    for (year,), rows in stages.partition_by("year", as_dict=True).items():
        pairs = _small(rows, rule["suppress_below"])
        for (stage,), within in rows.filter("in_scope").partition_by("stage", as_dict=True).items():
            here = {school for school, where in pairs if where == stage} & set(within["school"])
            if not here:
                continue
            stage_measurements = measurements.filter((pl.col("year") == year) & (pl.col("stage") == stage))
            judged = history.filter((pl.col("year") == year) & (pl.col("stage") == stage))
            printed = _printed(stage_measurements, judged, standard)
            pairs |= {(school, stage) for school in _more(within, here, stage_measurements, printed, standard, rule)}
            coarse += [
                {"year": year, "stage": stage, "indicator": indicator, "statistic": statistic, "printed": number}
                for (indicator, statistic), (number, _) in printed.items()
            ]
        hidden[year] = frozenset(pairs)
    if not coarse:
        return Withheld(hidden, measurements, history)
    return Withheld(hidden, *_coarsened(measurements, history, coarse))


def _small(rows: pl.DataFrame, below: int) -> set[Pair]:
    """Return pairs of fewer pupils, with every stage of such a school."""
    schools = rows.filter(pl.col("pupils") < below)["school"].unique()
    return set(rows.filter(pl.col("school").is_in(schools.implode())).select("school", "stage").iter_rows())


def _printed(
    measurements: pl.DataFrame, judged: pl.DataFrame, standard: Standard
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return (indicator, statistic) -> the figure as printed and half a unit of its last place."""
    limits = dict(judged.filter(ids.is_kind(Kind.CV)).select("item", "target").iter_rows())
    printed = {}
    stage_rows = measurements.filter(pl.col("school").is_null() & pl.col("statistic").is_in(["mean", "cv"]))
    for indicator, statistic, value in stage_rows.select("indicator", "statistic", "value").iter_rows():
        if value is None:
            continue
        if statistic == "mean":
            text = shown(value, None, standard.indicators[indicator].decimals, None)
        else:
            sense = standard.composite.sense if indicator == COMPOSITE and standard.composite else Sense.AT_MOST
            text = shown(value, limits.get(ids.cv(indicator)), numbers.RATIO, sense)
        places = len(text.partition(".")[2])
        printed[indicator, statistic] = float(text), half(places)
    return printed


def _more(
    rows: pl.DataFrame,
    small: set[str],
    measurements: pl.DataFrame,
    printed: dict[tuple[str, str], tuple[float, float]],
    standard: Standard,
    rule: dict[str, Any],
) -> set[str]:
    """Return the schools of a stage that are hidden: the small ones and as many of the next smallest as it takes.

    At most `suppress.most` of them; where that is not enough, all.
    """
    pupils = dict(rows.filter(pl.col("pupils") > 0).select("school", "pupils").iter_rows())
    amounts = {
        (school, indicator): amount
        for school, indicator, amount in measurements.filter(pl.col("statistic") == "value")
        .select("school", "indicator", "amount")
        .iter_rows()
        if amount is not None and school in pupils
    }
    order = sorted(pupils.keys() - small, key=lambda school: (pupils[school], school))
    for number in range(rule["suppress"]["most"] + 1):
        hidden = {*small, *order[:number]}
        if len(hidden) >= rule["suppress"]["schools"] and all(
            _safe(school, hidden, pupils, amounts, printed, standard, rule) for school in small & pupils.keys()
        ):
            return hidden
    return small | pupils.keys()


def _safe(
    school: str,
    hidden: set[str],
    pupils: dict[str, float],
    amounts: dict[tuple[str, str], float],
    printed: dict[tuple[str, str], tuple[float, float]],
    standard: Standard,
    rule: dict[str, Any],
) -> bool:
    """Return whether what is printed of a stage leaves every amount of a hidden school open by enough."""
    shown = (
        indicator
        for indicator in standard.indicators
        if (school, indicator) in amounts and (indicator, "mean") in printed
    )
    return all(
        disclosure.protected(
            _published(indicator, school, hidden, pupils, amounts, printed, standard), rule["suppress"]["part"]
        )
        for indicator in shown
    )


def _published(
    indicator: str,
    school: str,
    hidden: set[str],
    pupils: dict[str, float],
    amounts: dict[tuple[str, str], float],
    printed: dict[tuple[str, str], tuple[float, float]],
    standard: Standard,
) -> Published:
    having = {other: (amounts[other, indicator], n) for other, n in pupils.items() if (other, indicator) in amounts}
    rest = [pair for other, pair in having.items() if other not in hidden]
    per = standard.indicators[indicator].per
    mean, half = printed[indicator, "mean"]
    return Published(
        amount=having[school][0],
        enrolment=having[school][1],
        hidden=tuple(pair for other, pair in having.items() if other in hidden - {school}),
        pupils=sum(n for _, n in rest),
        total=sum(x for x, _ in rest),
        squares=sum(x * x / n for x, n in rest),
        mean=(mean / per, half / per),
        cv=printed.get((indicator, "cv")),
        counted=per == COUNTED and all(amount.is_integer() for amount, _ in having.values()),
    )


def _coarsened(
    measurements: pl.DataFrame, history: pl.DataFrame, coarse: list[dict[str, Any]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put the printed figures in the place of those that tell more; drop the shares of S squared in these stages."""
    keys = ["year", "stage", "indicator", "statistic"]
    frame = pl.DataFrame(coarse).with_columns(pl.col("year").cast(pl.Int32))
    where = frame.select("year", "stage").unique().with_columns(withheld=pl.lit(value=True))
    coarsened = (
        measurements.join(
            frame.with_columns(school=pl.lit(None, pl.String)), [*keys, "school"], "left", nulls_equal=True,
            maintain_order="left",
        )
        .join(where, ["year", "stage"], "left", maintain_order="left")
        .with_columns(
            pl.coalesce("printed", "value").alias("value"),
            pl.when("withheld").then(None).otherwise(pl.col("share")).alias("share"),
            *(
                pl.when(pl.col("withheld") & pl.col("school").is_null()).then(None).otherwise(pl.col(name)).alias(name)
                for name in ("amount", "pupils")
            ),
        )
        .select(measurements.columns)
    )  # fmt: skip
    limits = frame.filter(pl.col("statistic") == "cv").select(
        "year", "stage", ids.of_kind(Kind.CV, pl.col("indicator")).alias("item"), "printed"
    )
    limited = (
        history.join(limits, ["year", "stage", "item"], "left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("value").is_not_null()).then(pl.coalesce("printed", "value")).alias("value"),
            pl.when(pl.col("printed").is_not_null() & pl.col("margin").is_not_null())
            .then((pl.col("target") - pl.col("printed")).round(12))
            .otherwise(pl.col("margin"))
            .alias("margin"),
        )
        .select(history.columns)
    )
    return coarsened, limited
