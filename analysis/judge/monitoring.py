"""The national monitoring: level and rate per subject and grade, and the rate of the county's own tests beside it."""

from datetime import date

import polars as pl

from analysis.clean import values
from analysis.judge import frames, rounding
from analysis.judge.resources import ASIDE
from analysis.standards import Sense, Standard, State
from analysis.standards.monitoring import Monitoring
from analysis.statistics import crowding, variance
from analysis.statistics.sufficient import of_pupils
from analysis.statistics.tails import SAFE
from analysis.tables import Field, Kind, Verdict

SHARES = ("share_1", "share_2", "share_3", "share_4")
CELL = ["subject", "grade"]
#: Notes of an estimate that say there is no rate because there is nothing to compare.
NO_RATE = {"one_school": Verdict.NOT_APPLICABLE}


def _level_of_shares(rule: Monitoring) -> pl.Expr:
    """Return the highest level that the rule's share of pupils reach; null without a rule or with a share missing."""
    if rule.level_from_shares is None:
        return pl.lit(None, pl.Float64)
    asked, result = rule.level_from_shares.share, pl.lit(1.0)
    for level in range(2, len(SHARES) + 1):
        reach = pl.sum_horizontal(SHARES[level - 1 :], ignore_nulls=False)
        result = pl.when(rounding.reaches(reach, pl.lit(asked), Sense.AT_LEAST)).then(float(level)).otherwise(result)
    return pl.when(pl.all_horizontal(pl.col(share).is_not_null() for share in SHARES)).then(result)


def _cells(rule: Monitoring) -> pl.DataFrame:
    rows = [(name, grade) for name, subject in rule.subjects.items() if subject.concerned for grade in subject.grades]
    return pl.DataFrame(rows, schema={"subject": pl.String, "grade": pl.Int64}, orient="row")


def _latest(
    results: pl.DataFrame, rule: Monitoring, cells: pl.DataFrame, has_result: pl.Expr, unread: pl.Expr
) -> pl.DataFrame:
    """Return one row per county and year of `cells`, subject concerned and grade.

    A result that is set aside (`unread`) is a result, and no earlier one takes its place: its `value` is null.

    `value` is the latest result up to the year, of the year `at`, `old` years before; `untested` says that a year whose
    results count names the subject as not tested. Null where there is no such result, and no such year.
    """
    wanted = cells.select(frames.KEYS).join(_cells(rule), how="cross")
    each = [*frames.KEYS, *CELL]
    known = results.select(
        "county",
        "subject",
        pl.col("grade").cast(pl.Int64),
        pl.col("year").alias("at"),
        pl.when(~unread).then("value").alias("value"),
        (has_result | unread).alias("has"),
        unread.alias("unread"),
        (pl.col("tested") == "no").alias("untested"),
    )
    known = (
        wanted.join(known, on=["county", *CELL], maintain_order="left_right")
        .with_columns((pl.col("year") - pl.col("at")).alias("old"))
        .filter(pl.col("at") <= pl.col("year"))
    )
    last = known.filter("has").sort("at", maintain_order=True).group_by(each, maintain_order=True).last()
    inside = known.filter(pl.col("at") > pl.col("year") - rule.window_years)
    marked = inside.group_by(each, maintain_order=True).agg(pl.col("untested").any())
    return wanted.join(last.drop("has", "untested"), on=each, how="left", maintain_order="left").join(
        marked, on=each, how="left", maintain_order="left"
    )


def _absence(rule: Monitoring) -> pl.Expr:
    """Return why a cell has no result that counts, null where it has one."""
    return (
        pl.when(pl.col("old") < rule.window_years)
        .then(None)
        .when(pl.col("untested"))
        .then(pl.lit("not_tested"))
        .when(pl.col("old").is_not_null())
        .then(pl.lit("older_result"))
        .otherwise(pl.lit("no_result"))
    )


def _judged(cells: pl.DataFrame, item: str, sense: Sense, targets: pl.DataFrame, absence: pl.Expr) -> pl.DataFrame:
    """Judge each cell's `value` by the target of its year; `absence` is why it has none."""
    value, limit, open_ = pl.col("value"), pl.col("target"), pl.col("state") == State.SET.value
    counts = absence.is_null()
    verdict = (
        pl.when(~open_)
        .then("state")
        .when(pl.col("unread") & counts)
        .then(pl.lit(Verdict.UNDECIDABLE.value))
        .when(value.is_null())
        .then(pl.lit(Verdict.NO_DATA.value))
        .when(rounding.reaches(value, limit, sense))
        .then(pl.lit(Verdict.MET.value))
        .otherwise(pl.lit(Verdict.NOT_MET.value))
    )
    absence = pl.coalesce(absence, pl.when("unread").then(pl.lit(ASIDE)))
    counted = cells.join(targets, on="year", how="left", maintain_order="left").with_columns(
        pl.when(open_).then(absence).otherwise("state").alias("reason"),
        pl.when(counts).then("at").alias("data_year"),
        pl.when(counts).then(value).alias("value"),
    )
    return frames.shaped(
        counted.with_columns(
            pl.lit(Field.QUALITY.value).alias("field"),
            pl.lit(item).alias("item"),
            rounding.margin(value, limit, sense).alias("margin"),
            verdict.alias("verdict"),
        )
    )


def levels(results: pl.DataFrame, standard: Standard, cells: pl.DataFrame, days: dict[int, date]) -> pl.DataFrame:
    """Return the finding `level` of each county and year of `cells`, subject concerned and grade: the latest of the
    year and the years that count before it. `days` maps each year to the day whose rules hold."""
    rule = standard.monitoring
    if rule is None:
        return frames.shaped(pl.DataFrame())
    value = pl.coalesce(pl.col("level").cast(pl.Float64), _level_of_shares(rule)).alias("value")
    any_result = pl.col("level").is_not_null() | pl.any_horizontal(pl.col(share).is_not_null() for share in SHARES)
    tested = pl.col("tested").fill_null("yes") != "no"
    unread = tested & (values.has("level") | (pl.col("level").is_null() & values.has(*SHARES)))
    latest = _latest(results.with_columns(value), rule, cells, any_result & tested, unread)
    unruled = pl.when(pl.col("value").is_null() & ~pl.col("unread").fill_null(value=False)).then(
        pl.lit("shares_without_rule")
    )
    targets = frames.in_force(standard, rule.level, days)
    return _judged(latest, "level", rule.level.sense, targets, pl.coalesce(_absence(rule), unruled))


def rates(results: pl.DataFrame, standard: Standard, cells: pl.DataFrame, days: dict[int, date]) -> pl.DataFrame:
    """Return the finding `rate` of each county and year of `cells`, subject concerned and grade, from the national
    centre's published figure."""
    rule = standard.monitoring
    if rule is None:
        return frames.shaped(pl.DataFrame())
    latest = _latest(
        results.with_columns(pl.col("rate").alias("value")),
        rule,
        cells,
        pl.col("rate").is_not_null() & (pl.col("tested").fill_null("yes") != "no"),
        values.has("rate") & (pl.col("tested").fill_null("yes") != "no"),
    )
    return _judged(latest, "rate", rule.rate.sense, frames.in_force(standard, rule.rate, days), _absence(rule))


def own_rates(scores: pl.DataFrame, standard: Standard, cells: pl.DataFrame, days: dict[int, date]) -> pl.DataFrame:
    """Return the finding `rate_own` of each county and year of `cells`, subject and grade tested by the county then.

    It is evidence beside the rate. value is the REML estimate; `evidence` a JSON object with ci_low, ci_high (95 %),
    p_below (of the limit), p_safe, tau2, sigma2, anova, eta2, schools, pupils, usual_low, usual_high, at_end
    (`crowding`). A test with more pupils at an end of the scores than the standard bears is undecidable
    (`scores_crowded`). An interval that spans the limit is undecidable (`spans_limit`), and so is one that clears it
    where a few schools far from the rest could mean otherwise (`tails_unknown`): where p_safe, which holds for heavy
    tails of school effects too, is not as sure as the interval. There ci_low and ci_high are the ends of the wider
    interval that holds for them; the usual ones, everywhere else the same, are usual_low and usual_high.
    Pupils without a score are left out.
    """
    if standard.monitoring is None or scores.is_empty():
        return frames.shaped(pl.DataFrame())
    tested = scores.filter(pl.col("score").is_not_null() & pl.col("score").is_finite())
    tested = tested.join(cells.select(frames.KEYS), on=frames.KEYS, how="semi", maintain_order="left")
    by_cell = [
        _own_rates(mine, standard, standard.monitoring, days[int(mine["year"][0])])
        for mine in tested.partition_by(frames.KEYS, maintain_order=True)
    ]
    return pl.concat(by_cell) if by_cell else frames.shaped(pl.DataFrame())


def _own_rates(tested: pl.DataFrame, standard: Standard, rule: Monitoring, day: date) -> pl.DataFrame:
    """Return the findings of the pupils of one county and year."""
    _, target = frames.target_at(standard, rule.rate, day)
    if target is None:
        return frames.shaped(pl.DataFrame())
    county, year = tested["county"][0], tested["year"][0]
    schools = (
        tested.group_by("subject", pl.col("grade").cast(pl.Int64), "school", maintain_order=True)
        .agg(of_pupils("score"))
        .with_columns(pl.struct(CELL).rank("dense").cast(pl.Int64).alias("cell"))
    )
    n, mean, ss, rest, cell = (schools[name].to_numpy() for name in ("n", "mean", "ss", "rest", "cell"))
    usual = variance.estimate(n, mean, ss, cell, limit=target, level=rule.own_tests.level, rest=rest)
    wide = variance.estimate(n, mean, ss, cell, limit=target, level=rule.own_tests.level, rest=rest, pivot=SAFE)
    numbers = ("p_below", "p_safe", "tau2", "sigma2", "anova", "eta2", "schools", "pupils")
    ends = {"usual_low": usual.ci_low, "usual_high": usual.ci_high, "ci_low": wide.ci_low, "ci_high": wide.ci_high}
    crowd = tested.group_by("subject", pl.col("grade").cast(pl.Int64)).agg(crowding.at_end("score").alias("at_end"))
    cells = (
        pl.DataFrame(
            {"cell": usual.groups, "value": usual.icc, "note": usual.note}
            | {name: getattr(usual, name) for name in numbers}
            | ends
        )
        .with_columns(pl.selectors.float().fill_nan(None), pl.col("schools").cast(pl.Int64))
        .join(schools.select("cell", *CELL).unique(), on="cell", how="left", maintain_order="left")
        .join(crowd, on=CELL, how="left", maintain_order="left")
    )
    limit = pl.lit(target)
    verdict, why_open = _own_verdict(limit, rule)
    ends_of = [
        pl.when((verdict == Verdict.UNDECIDABLE.value) & (why_open == "tails_unknown")).then(end).otherwise(usual)
        for end, usual in (("ci_low", "usual_low"), ("ci_high", "usual_high"))
    ]
    return frames.shaped(
        cells.with_columns(
            pl.lit(Field.QUALITY.value).alias("field"),
            pl.lit(Kind.RATE_OWN.value).alias("item"),
            pl.lit(county).alias("county"),
            pl.lit(year).alias("year"),
            pl.lit(year).alias("data_year"),
            limit.alias("target"),
            rounding.margin(pl.col("value"), limit, rule.rate.sense).alias("margin"),
            verdict.alias("verdict"),
            why_open.alias("why_open"),
            pl.struct(
                ends_of[0].alias("ci_low"), ends_of[1].alias("ci_high"), *numbers, "usual_low", "usual_high", "at_end"
            )
            .struct.json_encode()
            .alias("evidence"),
        ).with_columns(
            pl.when(pl.col("verdict") == Verdict.UNDECIDABLE.value)
            .then(pl.col("why_open"))
            .when(pl.col("value").is_null())
            .then(pl.col("note"))
            .otherwise(pl.lit(""))
            .alias("reason")
        )
    )


def _own_verdict(limit: pl.Expr, rule: Monitoring) -> tuple[pl.Expr, pl.Expr]:
    """Return the verdict of an own test from its estimate and evidence, and the reason where it is undecidable."""
    sure, tail, sense = pl.col("p_safe"), (1 - rule.own_tests.level) / 2, rule.rate.sense
    below, above = (
        rounding.reaches(pl.col("usual_high"), limit, sense),
        ~rounding.reaches(pl.col("usual_low"), limit, sense),
    )
    crowded = pl.col("at_end") > rule.own_tests.crowded
    verdict = (
        pl.when(pl.col("value").is_null())
        .then(pl.col("note").replace_strict({k: v.value for k, v in NO_RATE.items()}, default=Verdict.NO_DATA.value))
        .when(crowded)
        .then(pl.lit(Verdict.UNDECIDABLE.value))
        .when(below & (sure >= 1 - tail))
        .then(pl.lit(Verdict.MET.value))
        .when(above & (sure <= tail))
        .then(pl.lit(Verdict.NOT_MET.value))
        .otherwise(pl.lit(Verdict.UNDECIDABLE.value))
    )
    why = pl.when(crowded).then(pl.lit("scores_crowded")).when(below | above).then(pl.lit("tails_unknown"))
    return verdict, why.otherwise(pl.lit("spans_limit"))
