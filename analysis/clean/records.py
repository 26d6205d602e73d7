"""The clean tables of one county, all years, and the account of how they came about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

import polars as pl

from analysis import storage
from analysis.errors import RequestError
from analysis.read.fields import tables
from analysis.tables import ACCOUNTS, QUARANTINE, Schema

#: One row is one value that was mended or marked, or one thing to tell: `rule` is an id of checks.yml, `place` where it
#: stands ("C17", "E2:E40", "" for a whole sheet or file), `unused` how many cells it names as not used.
NOTICES: Schema = {
    "county": pl.String,
    "year": pl.Int32,
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "column": pl.String,
    "rule": pl.String,
    "before": pl.String,
    "after": pl.String,
    "place": pl.String,
    "unused": pl.Int32,
}
#: What names a row of a source.
PLACE = ["file", "sheet", "row"]
#: The column that names the values of a row that are set aside, where rows are marked with them (clean.values).
ASIDE = "aside"


def schemas() -> dict[str, Schema]:
    """Return the schema of each frame of Records by its name."""
    sources = {name: table.schema() for name, table in tables().items()}
    return sources | {"quarantine": QUARANTINE, "accounts": ACCOUNTS, "notices": NOTICES}


@dataclass(frozen=True, eq=False)
class Records:
    """The clean tables of one county; each has its full schema, without rows where nothing was given.

    Shapes: columns of read/fields.yml plus county, year, file, sheet, row; values in the units declared there. Missing
    is null, never zero. `others` are tables of fields.yml that nothing is computed of: they are read, accounted for and
    listed as sources.
    """

    county: str
    schools: pl.DataFrame
    classes: pl.DataFrame
    rooms: pl.DataFrame
    teachers: pl.DataFrame
    government: pl.DataFrame
    monitoring: pl.DataFrame
    scores: pl.DataFrame
    survey: pl.DataFrame
    quarantine: pl.DataFrame
    accounts: pl.DataFrame
    notices: pl.DataFrame
    others: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return all frames by name."""
        named = {
            field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("county", "others")
        }
        return named | dict(self.others)


def _named(county: str, frames: Mapping[str, pl.DataFrame]) -> Records:
    own = {field.name for field in fields(Records)}
    others = {name: frame for name, frame in frames.items() if name not in own}
    return Records(county, **{name: frame for name, frame in frames.items() if name in own}, others=others)


def stacked(frames: list[pl.DataFrame], schema: Schema) -> pl.DataFrame:
    """Return the rows of frames of one schema, in order; those without rows cost nothing."""
    filled = [frame for frame in frames if frame.height]
    return pl.concat(filled) if filled else pl.DataFrame(schema=schema)


def of_frames(county: str, tables_given: dict[str, pl.DataFrame]) -> Records:
    """Return Records with the frames given, the others empty; columns that a frame lacks are null."""
    frames = {}
    for name, empty in _empty().items():
        frame, schema = tables_given.get(name, empty), empty.schema
        if frame.schema != schema:
            lacking = schema.keys() - frame.schema.keys()
            frame = frame.with_columns(pl.lit(None, schema[column]).alias(column) for column in lacking)
            frame = frame.select(schema.names()).cast(schema)
        frames[name] = frame
    return _named(county, frames)


def together(records: Iterable[Records]) -> Records:
    """Return the clean tables of several counties as one, county after county; its `county` is empty."""
    parts = [record.frames() for record in records]
    return _named("", {name: stacked([part[name] for part in parts], schema) for name, schema in schemas().items()})


@cache
def _empty() -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(schema=schema) for name, schema in schemas().items()}


def load(processed: Path, county: str) -> Records:
    """Return what `clean_county` wrote; RequestError where the county was not cleaned yet, storage.DamagedError where a
    file is not what was written.
    """
    folder = processed / county
    if not storage.key_of(folder):
        raise RequestError("not_cleaned", county=county, folder=processed)
    contents = storage.read(folder, [f"{name}.parquet" for name in schemas()])
    return _named(county, {name: pl.read_parquet(contents[f"{name}.parquet"]) for name in schemas()})
