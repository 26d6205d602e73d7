"""Which rows are set aside, and why: rules within and across the rows of a table, quarantine."""

from functools import cache

import polars as pl

from analysis.clean.checks import broken_places, checks, within_rows
from analysis.clean.closer_look import normal
from analysis.clean.sheets import BROKEN, raw_cells
from analysis.read import RawSheet
from analysis.read.fields import Table
from analysis.tables import QUARANTINE

#: Of more rows than these it is cheaper to look at each part of their key first.
_MANY = 10_000


def broken(rows: pl.DataFrame, wanted: Table) -> list[pl.DataFrame]:
    """Return the rules that the rows of a table break, and where: within a row, then across rows."""
    found = within_rows(wanted.name)
    within = broken_places(rows, [breaks for _, breaks in found])
    return [*(_at(places, found[number][0].id) for number, places in within), _across_rows(rows, wanted)]


def _at(places: pl.Series, rule: str) -> pl.DataFrame:
    return pl.DataFrame({"place": places, "rule": [rule] * len(places)})


def _across_rows(rows: pl.DataFrame, wanted: Table) -> pl.DataFrame:
    """Mark rows that share a key: of rows that say the same the later, of rows that differ all."""
    names = ["year", *[name for name in wanted.key if name != "year"]]
    key = [_compared(name, wanted) for name in names]
    if rows.height > _MANY and rows.height in rows.select(one.n_unique() for one in key).row(0):
        return pl.DataFrame(schema=BROKEN)  # where a part of the key is never the same, the whole is not
    whole = pl.all_horizontal(pl.col(names).is_not_null())
    several = rows.select(pl.struct(key).is_duplicated() & whole).to_series()
    if not several.any():
        return pl.DataFrame(schema=BROKEN)
    told = [_compared(name, wanted) for name in wanted.columns if name not in names]
    alike = rows.with_row_index("place").filter(several)
    content = pl.struct(told) if told else pl.lit(0)
    differ = content.n_unique().over(key) > 1
    later = pl.int_range(pl.len()).over(key) > 0
    rule = pl.when(differ).then(pl.lit("duplicate")).when(later).then(pl.lit("repeated"))
    return alike.select(pl.col("place").cast(pl.UInt32), rule.alias("rule")).drop_nulls()


def _compared(name: str, wanted: Table) -> pl.Expr:
    """Return a column as rows are compared by it: text in one width and without spaces."""
    column = wanted.columns.get(name)
    return normal(pl.col(name)) if column and column.kind == "text" else pl.col(name)


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


def quarantine(raws: list[RawSheet], wanted: Table, rejected: pl.DataFrame) -> pl.DataFrame:
    """Return rejected rows (file, sheet, row, rules) as they stood in the sheets of their table (QUARANTINE)."""
    parts = [pl.DataFrame(schema=QUARANTINE)]
    for raw in raws if rejected.height else []:
        mine = rejected.filter((pl.col("file") == raw.source.file) & (pl.col("sheet") == raw.name))
        mine = mine.join(raw.rows.select("row"), on="row", how="semi", maintain_order="left")
        if mine.height:
            mine = mine.join(raw_cells(raw, wanted, mine), on="row", how="left", maintain_order="left")
            year = pl.lit(raw.source.year, pl.Int32).alias("year")
            parts.append(mine.with_columns(year, pl.lit(wanted.name).alias("table")).select(list(QUARANTINE)))
    return pl.concat(parts)
