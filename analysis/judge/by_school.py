"""The schools of an item that is judged school by school: which it looks at, their rows, what these come to."""

from typing import Any

import polars as pl

from analysis.clean import values
from analysis.judge import frames, quarantined, rules
from analysis.judge.computed import SCHOOL, Cell, Inputs
from analysis.judge.resources import ASIDE
from analysis.judge.verdicts import combined
from analysis.standards.items import SchoolSelect
from analysis.standards.rules import SCHOOLS, Rule, every
from analysis.tables import DECIDED, Verdict

#: What an item may ask of the schools that it looks at.
ATTRIBUTES = ("school_type", "run_by", "area", "boarding")
#: What it is where a school does not say so: a form that does not ask has no boarding school.
UNTOLD = {"boarding": "no"}


def selected(schools: pl.DataFrame, selects: tuple[SchoolSelect, ...]) -> pl.DataFrame:
    """Return the schools that any of `selects` takes, or may take (`unsure`: what it asks about is not reported); all
    where there is none."""
    taken = pl.lit(value=not selects)
    for select in selects:
        here = pl.lit(value=True)
        for column in ATTRIBUTES:
            wanted = list(getattr(select, column))
            if wanted:
                said = pl.col(column).fill_null(UNTOLD[column]) if column in UNTOLD else pl.col(column)
                here = here & said.is_in(wanted)
        taken = taken | here
    return schools.with_columns(taken.is_null().alias("unsure")).filter(taken.fill_null(value=True))


def _if_selected(rows: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` of a rule with no_data where a school falls short that the item perhaps does not look at."""
    unsure = schools.filter("unsure")
    if unsure.is_empty():
        return rows
    aside = unsure.filter(values.has(*ATTRIBUTES))
    rows = _doubtful(rows, aside, Verdict.NOT_MET.value, ASIDE, Verdict.UNDECIDABLE)
    return _doubtful(rows, unsure, Verdict.NOT_MET.value, "attribute_missing")


def _doubtful(
    rows: pl.DataFrame,
    schools: pl.DataFrame,
    verdict: str,
    reason: str,
    becomes: Verdict = Verdict.NO_DATA,
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return `rows` of a rule with the verdict `becomes`, and why, where one of `schools` has `verdict`; `where` limits
    the rows that may change."""
    if schools.is_empty():
        return rows
    marked = rows.join(
        schools.select(SCHOOL).unique().with_columns(pl.lit(value=True).alias("doubtful")),
        on=SCHOOL,
        how="left",
        maintain_order="left",
    )
    doubtful = pl.col("doubtful").is_not_null() & (pl.col("verdict") == verdict)
    if where is not None:
        doubtful &= where
    return marked.with_columns(
        pl.when(doubtful).then(pl.lit(becomes.value)).otherwise("verdict").alias("verdict"),
        pl.when(doubtful).then(pl.lit(reason)).otherwise("reason").alias("reason"),
    ).drop("doubtful")


def _unless_set_aside(rows: pl.DataFrame, rule: Rule, quarantine: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` of a rule with no_data where source rows in quarantine could turn a school's verdict round."""
    if rule.turned is None:
        return rows
    schools = quarantined.schools_of(quarantine, rule.table, rows.select(SCHOOL).unique(maintain_order=True))
    return _doubtful(rows, schools, rule.turned.value, quarantined.ITEM)


def _where_set_aside(rows: pl.DataFrame, inputs: Inputs, rule: Rule) -> pl.DataFrame:
    """Return `rows` of a rule undecidable where they hang on values that are set aside: those without an amount, and
    what the rule itself doubts."""
    tables = {**inputs.frames, SCHOOLS: inputs.schools}
    lost = [tables[name].filter(values.has(*columns)).select(SCHOOL) for name, columns in rule.rests.items()]
    absent = pl.col("reason") == "missing_amount"
    if lost:
        rows = _doubtful(rows, pl.concat(lost), Verdict.NO_DATA.value, ASIDE, Verdict.UNDECIDABLE, absent)
    for schools, verdict, where in rules.doubts(inputs):
        rows = _doubtful(rows, schools, verdict.value, ASIDE, Verdict.UNDECIDABLE, where)
    return rows


def school_rows(inputs: Inputs) -> pl.DataFrame:
    """Return the rows of an item's schools (computed.ROWS), open where values or source rows are set aside."""
    rule = every()[str(inputs.item.rule)]
    rows = _where_set_aside(rules.schools(inputs), inputs, rule)
    return _unless_set_aside(_if_selected(rows, inputs.schools), rule, inputs.frames["quarantine"])


def counted(rows: pl.DataFrame) -> dict[Cell, dict[str, Any]]:
    """Return what the school rows of a rule come to, by county and year: how many there are (`all`), `met` and
    `unsure`, the verdict of these together (`open`), the schools that fall `short` and are `undecided`, and whether
    none says anything (`silent`)."""
    verdict = pl.col("verdict")
    unsure, short = ~verdict.is_in([verdict.value for verdict in DECIDED]), verdict == Verdict.NOT_MET.value
    counts = rows.group_by(frames.KEYS).agg(
        pl.len().alias("all"),
        (verdict == Verdict.MET.value).sum().alias("met"),
        unsure.sum().alias("unsure"),
        combined(verdict.filter(unsure)).alias("open"),
        pl.col("school").filter(short).unique(maintain_order=True).str.join(frames.LIST).alias("short"),
        pl.col("school").filter(unsure).unique(maintain_order=True).str.join(frames.LIST).alias("undecided"),
        (pl.col("reason") == "no_rows_of_school").all().alias("silent"),
    )
    return {(row["county"], row["year"]): row for row in counts.iter_rows(named=True)}
