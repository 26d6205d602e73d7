"""The ledger of what is to be mended (整改台账): one line per school and unmet item, open until it is met (销号)."""

import math
from collections.abc import Iterable
from datetime import date

import polars as pl

from analysis import ids
from analysis.judge import rounding
from analysis.judge.rules import lacking as lacking_by
from analysis.standards import Plan, Standard, rules
from analysis.standards.dated import Dated
from analysis.standards.items import Item
from analysis.tables import Field, Kind, Schema, Stage, Verdict

#: One row is one line. `id` is that of its finding, so it stays from year to year. `lacking` is in `unit`, whole
#: where things are
#: counted. `opened` is the first year of the present run, `closed` the year in which it was met again.
LINES: Schema = {
    "id": pl.String,
    "county": pl.String,
    "school": pl.String,
    "field": pl.String,
    "item": pl.String,
    "stage": pl.String,
    "state": pl.String,
    "opened": pl.Int32,
    "closed": pl.Int32,
    "value": pl.Float64,
    "target": pl.Float64,
    "lacking": pl.Float64,
    "unit": pl.String,
    "decides": pl.Boolean,
    "holder": pl.String,
    "due": pl.Int32,
}
OPEN, REOPENED, UNKNOWN, CLOSED = "open", "reopened", "unknown", "closed"
#: What a unit per pupil counts, and whether it comes in whole things.
THINGS = {
    "persons_per_hundred": ("persons", True),
    "rooms_per_hundred": ("rooms", True),
    "sets_per_hundred": ("sets", True),
    "persons_per_pupil": ("persons", True),
    "books_per_pupil": ("books", True),
    "square_metres_per_pupil": ("square_metres", False),
    "yuan_per_pupil": ("yuan", False),
}
#: Kinds that have no line of their own: sums, and what stands beside the verdict.
SUMMED = (*ids.BESIDE, Kind.SCHOOL_RULE, Kind.SCHOOLS, Kind.ROWS_SET_ASIDE)
#: What people fill in, by line.
ENTRIES: Schema = dict.fromkeys(
    ("id", "school", "item", "missing", "holder", "due", "measure", "person", "date"), pl.String
)


def _whole(number: pl.Expr) -> pl.Expr:
    """Return the next whole number, noise in the last digits apart."""
    return number.round_sig_figs(rounding.DIGITS).ceil()


def _runs(history: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return one row per id that was ever unmet up to `year`: state, opened, closed."""
    when, verdict = pl.col("year"), pl.col("verdict")
    known = history.filter(when <= year).select("id", "year", "verdict")
    unmet = known.filter(verdict == Verdict.NOT_MET.value)
    met = known.filter(verdict == Verdict.MET.value).select("id", pl.col("year").alias("met"))
    last = unmet.group_by("id", maintain_order=True).agg(when.max().alias("last"), when.min().alias("first"))
    turns = (
        last.join(met, on="id", how="left", maintain_order="left")
        .group_by("id", maintain_order=True)
        .agg(
            pl.col("met").filter(pl.col("met") < pl.col("last")).max().alias("before"),
            pl.col("met").filter(pl.col("met") > pl.col("last")).min().alias("closed"),
        )
    )
    begun = (
        unmet.join(turns, on="id")
        .filter(pl.col("before").is_null() | (when > pl.col("before")))
        .group_by("id", maintain_order=True)
        .agg(when.min().alias("opened"))
    )
    now = known.filter(when == year).select("id", verdict.alias("now"))
    rows = last.join(turns, on="id", maintain_order="left").join(begun, on="id", maintain_order="left")
    state = (
        pl.when(pl.col("closed").is_not_null())
        .then(pl.lit(CLOSED))
        .when(pl.col("now").fill_null("") != Verdict.NOT_MET.value)
        .then(pl.lit(UNKNOWN))
        .when(pl.col("before") > pl.col("first"))
        .then(pl.lit(REOPENED))
        .otherwise(pl.lit(OPEN))
    )
    return rows.join(now, on="id", how="left", maintain_order="left").select(
        "id", state.alias("state"), "opened", "closed", "last"
    )


def _lacking(rows: pl.DataFrame, measurements: pl.DataFrame, schools: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Add `lacking` and `unit` in things that can be counted or built."""
    per = {ids.floor(name): indicator.per for name, indicator in standard.indicators.items()}
    things = {
        ids.floor(name): THINGS.get(indicator.unit, (indicator.unit, False))
        for name, indicator in standard.indicators.items()
    }
    unit = {item: counted_in for item, (counted_in, _) in things.items()}
    counted = [item for item, (_, whole) in things.items() if whole]
    amounts = measurements.filter(pl.col("statistic") == "value").select(
        "county",
        "year",
        "stage",
        "school",
        ids.of_kind(Kind.FLOOR, pl.col("indicator")).alias("item"),
        "amount",
        "pupils",
    )
    ruled = {name: rules.of(item.rule) for name, item in standard.items.items()}
    columns = {column for rule in ruled.values() if rule for column in rule.columns}
    reported = schools.select("county", "year", "school", *sorted(columns))
    rows = rows.join(amounts, on=["county", "year", "stage", "school", "item"], how="left", maintain_order="left").join(
        reported, on=["county", "year", "school"], how="left", maintain_order="left"
    )
    item, target = pl.col("item"), pl.col("target")
    factor = item.replace_strict(per, default=None, return_dtype=pl.Float64)
    missing = target * pl.col("pupils") / factor - pl.col("amount")
    lacking = pl.when(item.is_in(counted)).then(_whole(missing)).when(factor.is_not_null()).then(missing)
    for rule in sorted({item.rule for item in standard.items.values() if item.rule}):
        mine = [name for name, item in standard.items.items() if item.rule == rule]
        lacking = lacking.when(item.is_in(mine)).then(lacking_by(rule))
    units = unit | {name: item.target.unit for name, item in standard.items.items() if item.target}
    units |= {name: rule.lacking_unit for name, rule in ruled.items() if rule and rule.lacking_unit}
    return rows.with_columns(
        lacking.otherwise(lacking_by(None)).alias("lacking"),
        item.replace_strict(units, default="", return_dtype=pl.String).alias("unit"),
    )


def _schedule(standard: Standard, item: str, stage: str | None) -> tuple[Dated, ...]:
    """Return the dated values of an item; () where it has none."""
    level = Stage(stage) if stage else Stage.PRIMARY
    item_id = ids.parse(item)
    if item_id.kind in (Kind.FLOOR, Kind.CV) and item_id.name in standard.indicators:
        schedules = getattr(standard.indicators[item_id.name], item_id.kind)
        return tuple(schedules[level]) if schedules else ()
    if item_id.kind in (Kind.LEVEL, Kind.RATE):
        return getattr(standard.monitoring, item_id.kind).values[level] if standard.monitoring else ()
    if item_id.kind is Kind.RECOGNITION:
        target = standard.recognition.target if standard.recognition else None
        return target.values[level] if target else ()
    known: Item | None = standard.items.get(item)
    if known is not None and known.target is None and known.since is not None:
        return (Dated.model_validate({"from": known.since, "value": 1}),)
    return known.target.values[level] if known is not None and known.target is not None else ()


def due_day(standard: Standard, item: str, stage: str | None, day: date) -> date | None:
    """Return the day from which the next value of an item holds, or the last one that was named; None where none is
    dated."""
    dates = sorted(entry.since for entry in _schedule(standard, item, stage) if entry.since and entry.value is not None)
    return next((date for date in dates if date >= day), dates[-1] if dates else None)


def due_year(standard: Standard, item: str, stage: str | None, day: date) -> int | None:
    """Return the year in which the next value of an item holds, or the last one that was named; None where none is
    dated."""
    due = due_day(standard, item, stage, day)
    return due.year if due else None


def lines(
    history: pl.DataFrame,
    measurements: pl.DataFrame,
    schools: pl.DataFrame,
    standard: Standard,
    year: int,
    lang: str = "zh",
    plan: Plan | None = None,
) -> pl.DataFrame:
    """Return LINES of one county in `year`: open ones first by how far they are from their target, closed ones last.

    `history` holds the FINDINGS of all years up to `year`, `measurements` and `schools` theirs. A line is a school's
    unmet item, or a
    county's own (reported values and answers, levels, rates, recognition). State: open; reopened (was met in
    between); unknown (not
    judged in `year`, so not closed); closed. `decides`: the school misses the school rule. Holders and due years are
    the plan's
    where there is one, else the standard's.
    """
    duties = standard if plan is None else plan.standard
    computed = {name for name, item in standard.items.items() if item.kind == "computed" and item.rule is not None}
    own = history.filter(
        ~ids.is_kind(*SUMMED)
        & (pl.col("field") != Field.PLAN.value)
        & (pl.col("school").is_not_null() | ~pl.col("item").is_in(list(computed)))
    )
    runs = _runs(own, year)
    last = own.join(runs.select("id", pl.col("last").alias("year")), on=["id", "year"], how="semi")
    rows = _lacking(last, measurements, schools, standard).join(runs, on="id", maintain_order="left")
    # The framework's rule alone: a plan's own stands in the same history, once more for each school.
    missing = history.filter(
        ids.is_kind(Kind.SCHOOL_RULE)
        & (pl.col("verdict") == Verdict.NOT_MET.value)
        & (pl.col("field") != Field.PLAN.value)
    )
    deciding = missing.filter(pl.col("year") == year).select("school", "stage", pl.lit(value=True).alias("decides"))
    rows = rows.join(deciding, on=["school", "stage"], how="left", maintain_order="left", nulls_equal=False)
    holders = {name: holder.text(lang) for name, holder in duties.duty_holders.items()}
    base = ids.name_of(pl.col("item"), Kind.FLOOR)
    pairs = rows.select("item", "stage").unique().rows()
    dues = pl.DataFrame(
        [(item, stage, due_year(duties, item, stage, date(year, 12, 31))) for item, stage in pairs],
        schema={"item": pl.String, "stage": pl.String, "due": pl.Int32},
        orient="row",
    )
    rows = rows.join(dues, on=["item", "stage"], how="left", maintain_order="left", nulls_equal=True).with_columns(
        pl.coalesce(
            pl.col("item").replace_strict(holders, default=None, return_dtype=pl.String),
            base.replace_strict(holders, default=None, return_dtype=pl.String),
            pl.lit(""),
        ).alias("holder"),
        pl.col("decides").fill_null(value=False),
    )
    part = (pl.col("value") / pl.col("target") - 1).abs()
    order = pl.col("state").replace_strict({OPEN: 0, REOPENED: 0, UNKNOWN: 1, CLOSED: 2}, return_dtype=pl.Int8)
    sorted_rows = rows.sort(order, ~pl.col("decides"), -part.fill_null(math.inf), "id", maintain_order=True)
    return sorted_rows.select(pl.col(name).cast(dtype) for name, dtype in LINES.items())


def merged(lines: pl.DataFrame, entries: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return LINES with what people filled in (measure, person, date), and the ids of entries that match no line.

    A duty holder that they name, and a year in which a line is due (`until` is the text of it), go before the plan's.
    """
    known = set(lines["id"])
    typed = entries.filter(pl.any_horizontal(pl.col("measure", "person", "date") != ""))
    lost: Iterable[str] = (entry for entry in typed["id"] if entry not in known)
    own = entries.select("id", "measure", "person", "date", named="holder", until="due")
    both = lines.join(own.unique("id", keep="last", maintain_order=True), on="id", how="left", maintain_order="left")
    named = pl.when(pl.col("named").fill_null("") != "").then("named").otherwise("holder").alias("holder")
    due = pl.coalesce(pl.col("until").str.extract(r"^(\d{4})").cast(pl.Int32, strict=False), "due").alias("due")
    return both.with_columns(named, due).drop("named"), list(dict.fromkeys(lost))
