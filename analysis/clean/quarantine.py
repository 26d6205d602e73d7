"""Which rows are set aside, and why: rules within and across the rows of a table, quarantine."""

from functools import cache

import polars as pl

from analysis.clean import classes, doubles
from analysis.clean.checks import broken_places, checks, within_rows
from analysis.clean.typed_sheets import raw_cells
from analysis.read import RawSheet
from analysis.read.fields import Table
from analysis.tables import QUARANTINE

#: Of more rows than these it is cheaper to look at each part of their key first.
_MANY = 10_000


def broken(rows: pl.DataFrame, wanted: Table, raws: list[RawSheet]) -> list[pl.DataFrame]:
    """Return the rules that the rows of a table, read of `raws`, break, and where: within a row, then across rows."""
    rules = within_rows(wanted.name)
    within = broken_places(rows, [breaks for _, breaks in rules])
    across = [doubles.told_apart(doubles.broken(rows, wanted), rows, wanted, raws)]
    if wanted.name == "classes":
        across.append(_at(classes.sums_others(rows), "class_sums_others"))
    return [*(_at(places, rules[number][0].id) for number, places in within), *across]


def _at(places: pl.Series, rule: str) -> pl.DataFrame:
    return pl.DataFrame({"place": places, "rule": [rule] * len(places)})


@cache
def errors() -> list[str]:
    """Return the rules that set a row aside."""
    return [check.id for check in checks().values() if check.severity == "error"]


def places(broken: pl.DataFrame) -> pl.Series:
    """Return the places of rows that broke a rule of severity error."""
    if broken.is_empty():
        return broken["place"]
    return broken.filter(pl.col("rule").is_in(errors()))["place"].unique().sort()


def without(rows: pl.DataFrame, aside: pl.Series) -> pl.DataFrame:
    """Return the rows but those set aside."""
    if not len(aside):
        return rows
    return rows.filter(pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True).scatter(aside, False))


def rejected(rows: pl.DataFrame, broken: pl.DataFrame, aside: pl.Series) -> pl.DataFrame:
    """Return the rows set aside, with all rules they broke in the column `rules`."""
    if not len(aside):
        return rows.clear().hstack([pl.Series("rules", dtype=pl.List(pl.String))])
    rules = broken.group_by("place").agg(pl.col("rule").unique(maintain_order=True).alias("rules"))
    listed = pl.DataFrame({"place": aside}).join(rules, on="place", how="left", maintain_order="left")
    return rows[aside].with_columns(listed["rules"])


def quarantine(raws: list[RawSheet], wanted: Table, rejected: pl.DataFrame, schools: pl.Series) -> pl.DataFrame:
    """Return rejected rows (file, sheet, row, rules) as they stood in the sheets of their table (QUARANTINE).

    What may name a person is masked (clean.private); `schools` are the codes of the county's schools.
    """
    parts = [pl.DataFrame(schema=QUARANTINE)]
    for raw in raws if rejected.height else []:
        mine = rejected.filter((pl.col("file") == raw.source.file) & (pl.col("sheet") == raw.name))
        mine = mine.join(raw.rows.select("row"), on="row", how="semi", maintain_order="left")
        if mine.height:
            mine = mine.join(raw_cells(raw, wanted, mine, schools), on="row", how="left", maintain_order="left")
            year = pl.lit(raw.source.year, pl.Int32).alias("year")
            parts.append(mine.with_columns(year, pl.lit(wanted.name).alias("table")).select(list(QUARANTINE)))
    return pl.concat(parts)
