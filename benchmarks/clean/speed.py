"""How long one national year of schools takes: `python -m benchmarks.clean.speed [schools] [share of dirty cells]`.

CSV: reading and cleaning against reading every column as text, a loose cast and a filter by dataframely. XLSX (a tenth
of the rows): reading and cleaning against what fastexcel needs to load the sheet. Medians of five, by the processor,
taking turns in this process.
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
CSV, XLSX = 2.0, 2.0
KINDS = {"count": dy.Int64, "amount": dy.Float64}


def schools(number: int, dirty: float) -> pl.DataFrame:
    """Return schools as text under printed headers, a share of the numbers written in an odd way."""
    rng = random.Random(1)
    frame: dict[str, list[str | None]] = {}
    for column in table("schools").columns.values():
        frame[f"{column.zh}（{column.unit}）" if column.unit else column.zh] = [
            _cell(column, row, rng, dirty) for row in range(number)
        ]
    return pl.DataFrame(frame)


def _cell(column: Column, row: int, rng: random.Random, dirty: float) -> str | None:
    if column.kind == "code":
        return f"{row:010}"
    if column.kind == "choice":
        texts = list(column.choices.values())
        return texts[row % len(texts)][0]
    if column.kind == "date":
        return f"{1950 + row % 70}-{row % 12 + 1:02}"
    if column.kind == "text":
        return f"第{row}小学"
    if column.name.startswith("teachers"):
        value = 4000 if "_" in column.name else 9000  # so that no part is above its whole
    elif "teachers" in column.name:
        value = rng.randint(1, 2000)
    else:
        value = rng.randint(1, 9_000_000)
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
    peer: Callable[[], object], own: Callable[[], object]
) -> tuple[outcome.Spread, outcome.Spread, outcome.Spread]:
    """Return processor seconds of both, taking turns, and of their ratios."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for run, spent in zip((peer, own), taken, strict=True):
            start = time.process_time()
            run()
            spent.append(time.process_time() - start)
    ratio = [b / a for a, b in zip(*taken, strict=True)]
    return outcome.spread(taken[0]), outcome.spread(taken[1]), outcome.spread(ratio)


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


def main() -> None:
    """Measure and print ratios."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 210_000
    dirty = float(sys.argv[2]) if len(sys.argv) > 2 else 0.001
    frame = schools(number, dirty)
    columns = dict(zip(frame.columns, table("schools").columns.values(), strict=True))
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        catalogue = lay(folder / "csv", "schools_2024.csv", frame)
        path = folder / "csv" / COUNTY / "schools_2024.csv"
        plain, own, ratio = turns(lambda: baseline(path, columns), lambda: clean(catalogue, COUNTY))
        csv = outcome.Row(f"reading and cleaning {number:,} rows of CSV, against a loose cast and a filter", own, plain,
                          ratio, f"<= {CSV:.0f}", ratio["median"] <= CSV)  # fmt: skip
        less = frame.head(number // 10)
        books = lay(folder / "xlsx", "schools_2024.xlsx", less)
        book = folder / "xlsx" / COUNTY / "schools_2024.xlsx"
        plain, own, ratio = turns(
            lambda: fastexcel.read_excel(book).load_sheet(0, header_row=None, dtypes="string"),
            lambda: clean(books, COUNTY),
        )
        xlsx = outcome.Row(f"reading and cleaning {less.height:,} rows of XLSX, against loading the sheet", own, plain,
                           ratio, f"<= {XLSX:.0f}", ratio["median"] <= XLSX)  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    outcome.keep("clean", {"rows": number, "dirty": dirty, "gigabytes": peak}, [csv, xlsx])


if __name__ == "__main__":
    main()
