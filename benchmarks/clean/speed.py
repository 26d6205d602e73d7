"""How long one national year of schools takes: `python -m benchmarks.clean.speed [schools]`.

CSV: reading and cleaning against reading every column as text, a loose cast and a filter by dataframely; with hardly an
odd cell, with many, and with a space inside every name. XLSX (a tenth of the rows): reading and cleaning against what
fastexcel needs to load the sheet. Medians of five, by the processor, taking turns in this process after a first turn.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dataframely as dy
import fastexcel
import polars as pl

from analysis import sources
from analysis.clean import clean
from analysis.read.fields import DTYPES, Column, table
from benchmarks import outcome

COUNTY = "990101"
RUNS = 5
CSV, XLSX = 2.0, 4.0
#: Kinds of years: the share of numbers that are written in an odd way, and what a school is called.
YEARS = {
    "one number of a thousand in an odd way": (0.001, "第{}小学"),
    "one of twenty in an odd way": (0.05, "第{}小学"),
    "a space inside every name": (0.001, "第 {}小学"),
}
#: Amounts that others of their row, all above MIDDLE, can't be less than: a usual year contradicts itself nowhere.
PARTS = (
    *("training_funds", "indoor_pe_area", "in_catchment_primary", "in_catchment_junior"),
    *("migrants", "disabled"),
)
MIDDLE, MOST = 4_000_000, 9_000_000
#: The type of school that has the pupils of every column.
WHOLE = "twelve_year"
KINDS = {"count": dy.Int64, "amount": dy.Float64}


def schools(number: int, dirty: float, name: str) -> pl.DataFrame:
    """Return schools as text under printed headers, a share of the numbers written in an odd way, each with a name."""
    rng = random.Random(1)
    frame: dict[str, list[str | None]] = {}
    for column in table("schools").columns.values():
        frame[f"{column.zh}（{column.unit}）" if column.unit else column.zh] = [
            _cell(column, row, rng, dirty, name) for row in range(number)
        ]
    return pl.DataFrame(frame)


def _cell(column: Column, row: int, rng: random.Random, dirty: float, name: str) -> str | None:
    if column.kind == "code":
        return f"{row:010}"
    if column.kind == "choice":
        texts = [names for choice, names in column.choices.items() if column.name != "school_type" or choice == WHOLE]
        return texts[row % len(texts)][0]
    if column.kind == "date":
        return f"{1950 + row % 70}-{row % 12 + 1:02}"
    if column.kind == "text":
        return name.format(row)
    if column.name.startswith("teachers"):
        value = 4000 if "_" in column.name else 9000  # so that no part is above its whole
    elif "teachers" in column.name:
        value = rng.randint(1, 2000)
    elif column.name in PARTS:
        value = rng.randint(1, MIDDLE)
    else:
        value = rng.randint(MIDDLE, MOST)
    return f"{value:,}".replace(",", "，") if rng.random() < dirty else str(value)


class Schema(dy.Schema):
    """The columns of the baseline; those of text may be anything."""


def _schema(columns: dict[str, Column]) -> type[dy.Schema]:
    kinds: dict[str, Any] = {
        header: KINDS.get(column.kind, dy.String)(nullable=True) for header, column in columns.items()
    }
    return type("Schools", (Schema,), kinds)


def baseline(path: Path, columns: dict[str, Column]) -> int:
    """Read all columns as text, cast loosely, filter by the schema."""
    frame = pl.read_csv(path, infer_schema=False)
    cast = frame.with_columns(
        pl.col(header).cast(DTYPES[column.kind], strict=False)
        for header, column in columns.items()
        if column.kind in KINDS
    )
    good, _ = _schema(columns).filter(cast)
    return good.height


def turns(
    peer: Callable[[], object], own: Callable[[], object], rounds: int = RUNS
) -> tuple[outcome.Spread, outcome.Spread, outcome.Spread]:
    """Return processor seconds of both, taking turns, and of their ratios; a first turn of several is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + (rounds > 1)):
        for run, spent in zip((peer, own), taken, strict=True):
            start = time.process_time()
            run()
            spent.append(time.process_time() - start)
    counted = [spent[-rounds:] for spent in taken]
    ratio = [b / a for a, b in zip(*counted, strict=True)]
    return outcome.spread(counted[0]), outcome.spread(counted[1]), outcome.spread(ratio)


def lay(folder: Path, name: str, frame: pl.DataFrame) -> sources.Catalogue:
    """Write a raw folder of one file and return its catalogue."""
    (folder / COUNTY).mkdir(parents=True)
    path = folder / COUNTY / name
    if path.suffix == ".csv":
        frame.write_csv(path)
    else:
        frame.with_columns(pl.all().cast(pl.String)).write_excel(path)
    entry = f"{{file: {COUNTY}/{name}, county: '{COUNTY}', table: schools, year: 2024}}"
    (folder / "sources.yml").write_text(f"sources: [{entry}]", encoding="utf-8")
    return sources.load(folder)


def of_csv(folder: Path, number: int, kind: str) -> outcome.Row:
    """Return what reading and cleaning a year of CSV costs."""
    frame = schools(number, *YEARS[kind])
    columns = dict(zip(frame.columns, table("schools").columns.values(), strict=True))
    catalogue = lay(folder, "schools_2024.csv", frame)
    path = folder / COUNTY / "schools_2024.csv"
    plain, own, ratio = turns(lambda: baseline(path, columns), lambda: clean(catalogue, COUNTY))
    what = f"reading and cleaning {number:,} rows of CSV, {kind}, against a loose cast and a filter"
    return outcome.Row(what, own, plain, ratio, f"<= {CSV:.0f}", ratio["median"] <= CSV)


def of_workbook(folder: Path, number: int, kind: str) -> outcome.Row:
    """Return what reading and cleaning a workbook costs."""
    books = lay(folder, "schools_2024.xlsx", schools(number, *YEARS[kind]))
    book = folder / COUNTY / "schools_2024.xlsx"
    plain, own, ratio = turns(
        lambda: fastexcel.read_excel(book).load_sheet(0, header_row=None, dtypes="string").to_polars(),
        lambda: clean(books, COUNTY),
    )
    what = f"reading and cleaning {number:,} rows of XLSX, {kind}, against loading the sheet"
    return outcome.Row(what, own, plain, ratio, f"<= {XLSX:.0f}", ratio["median"] <= XLSX)


def main() -> int:
    """Measure, keep and print ratios; 1 where a target is missed."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 210_000
    with TemporaryDirectory() as temporary:
        rows = [of_csv(Path(temporary) / str(order), number, kind) for order, kind in enumerate(YEARS)]
        rows.append(of_workbook(Path(temporary) / "xlsx", number // 10, next(iter(YEARS))))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    outcome.keep("clean", {"rows": number, "gigabytes": peak}, rows)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
