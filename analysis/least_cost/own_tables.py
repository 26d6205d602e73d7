"""What an office gives of its own: unit costs, limits, budgets by year, scenarios of enrolment.

Each is a table of read/fields.yml, with a blank workbook and checks as all others: among a county's sources, or in a
file that is named in its place.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from analysis import sources
from analysis.clean import Records, clean, of_frames
from analysis.errors import DataError, RequestError
from analysis.least_cost.costs import Costs, examples
from analysis.least_cost.moves import Distances
from analysis.least_cost.own_checks import check_lost, check_once, check_rows, choice, with_codes
from analysis.least_cost.reading import Limits

STAGES = ("primary", "junior")


def rows_of(table: str, records: Records, year: int, path: Path | None) -> pl.DataFrame:
    """Return the rows of an office's own table: of a file, else of the county's sources, the latest up to the year;
    schools by their codes.

    Raises RequestError for a file that is not there, DataError for one that can't be read or of which a row can't be
    used, with file, sheet and row.
    """
    if path is None:
        rows = records.frames()[table].filter(pl.col("year") <= year)
        rows = rows.filter(pl.col("year") == pl.col("year").max())
    else:
        rows = _of_file(table, records, year, path)
    rows = with_codes(rows, records, year)
    check_once(rows, table)
    return rows


def _of_file(table: str, records: Records, year: int, path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise RequestError("table_missing", file=str(path))
    source = sources.Source(path.name, records.county, table, year)
    county = sources.County(records.county, records.county, records.county)
    catalogue = sources.Catalogue(path.resolve().parent, {"zh": "", "en": ""}, {records.county: county}, (source,))
    read = clean(catalogue, records.county)
    check_rows(read, table, path.name)
    check_lost(catalogue, source)
    rows = read.frames()[table]
    if rows.is_empty():
        raise DataError("plan_table_empty", file=path.name, table=table)
    return rows


def costs_of(records: Records, year: int, path: Path | None = None) -> Costs:
    """Return unit costs: the examples, with the prices that an office gives in their place.

    Raises what `rows_of` raises, and DataError for a price of 0 or of something that has no entry in costs.yml.
    """
    usual = examples()
    rows = rows_of("costs", records, year, path)
    prices: dict[tuple[str, str], dict[str, float]] = {}
    move = usual.move
    kinds = {entry.key for entry in usual.entries}
    for row in _general_first(rows).iter_rows(named=True):
        ways = [key for key in sorted(kinds) if key[1] == row["indicator"] and row["kind"] in (None, key[0])]
        if row["kind"] == "move":
            move = float(row["cost"])
            continue
        if not ways:
            raise _no_way("costs", row)
        if not row["cost"] or row["cost"] <= 0:
            raise DataError("plan_no_price", **_place(row))
        for key in ways:
            prices.setdefault(key, {})[row["place"] or ""] = float(row["cost"])
    if rows.is_empty():
        return usual
    return usual.with_prices(prices, move)


def _general_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows in an order in which what is told of one way comes after what is told of all: the last holds."""
    return rows.sort(pl.col("kind").is_not_null(), maintain_order=True)


def limits_of(records: Records, year: int, path: Path | None = None) -> Limits:
    """Return what can be added at most, by school ("": in the whole county) and way; raises what `rows_of` raises."""
    kinds = {entry.key for entry in examples().entries}
    most: dict[tuple[str, str, str], float] = {}
    for row in _general_first(rows_of("limits", records, year, path)).iter_rows(named=True):
        ways = [key for key in sorted(kinds) if key[1] == row["indicator"] and row["kind"] in (None, key[0])]
        if not ways:
            raise _no_way("limits", row)
        for key in ways:
            most[(row["school"] or "", *key)] = float(row["most"])
    return Limits(most)


def _no_way(table: str, row: Mapping[str, Any]) -> DataError:
    """Return the fault of a row that names a way by which its indicator can't be raised."""
    words = {name: choice(table, name, row[name]) for name in ("indicator", "kind")}
    return DataError("plan_no_way", **_place(row), **words)


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"file": Path(row["file"]).name, "row": row["row"]}


def budgets_of(records: Records, year: int, path: Path) -> dict[int, float]:
    """Return what each year has, in yuan; raises what `rows_of` raises."""
    rows = rows_of("budgets", records, year, path).sort("spent")
    return {int(row["spent"]): float(row["amount"]) for row in rows.iter_rows(named=True)}


def distances_of(records: Records, year: int, path: Path | None = None) -> Distances | None:
    """Return how far places are apart, None where nobody says; raises what `rows_of` raises."""
    rows = rows_of("distances", records, year, path)
    if rows.is_empty():
        return None
    ends = pl.concat_list("start", "target").list.sort()
    check_once(rows.with_columns(ends.list.first().alias("start"), ends.list.last().alias("target")), "distances")
    return Distances({(row["start"], row["target"]): float(row["kilometres"]) for row in rows.iter_rows(named=True)})


def scenario_of(records: Records, year: int, path: Path | None = None) -> pl.DataFrame:
    """Return how enrolment changes, by stage, area and township; raises what `rows_of` raises."""
    return rows_of("scenarios", records, year, path)


def with_scenario(records: Records, year: int, scenario: pl.DataFrame) -> Records:
    """Return the clean tables with the enrolment of a year as a scenario has it: rounded to whole pupils, none below 0.

    A row holds for the stage, the area and the township that it names, all of them where it names none; the last that
    holds counts.
    """
    if scenario.is_empty():
        return records
    schools = records.schools
    for stage in STAGES:
        change: pl.Expr = pl.lit(0.0)
        for row in scenario.iter_rows(named=True):
            if row["stage"] not in (None, stage):
                continue
            holds = pl.col("year") == year
            for column in ("area", "township"):
                if row[column] is not None:
                    holds = holds & (pl.col(column) == row[column])
            change = pl.when(holds).then(float(row["change"])).otherwise(change)
        column = f"pupils_{stage}"
        changed = (pl.col(column) * (1 + change)).round().clip(lower_bound=0)
        schools = schools.with_columns(changed.cast(schools.schema[column]).alias(column))
    return of_frames(records.county, records.frames() | {"schools": schools})
