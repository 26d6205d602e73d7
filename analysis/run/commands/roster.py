"""The schools of a county as its tables name them, for a workbook of each: who they are, and what the last year has."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import project, standards
from analysis.clean import Records, clean_county
from analysis.errors import RequestError, language
from analysis.read import RawSheet, collecting, read_source
from analysis.read.fields import table
from analysis.read.header_units import narrow
from analysis.read.own_rows import settled
from analysis.run.commands.merging import is_list
from analysis.run.request import STANDARD
from analysis.sources import Catalogue, County


@dataclass(frozen=True)
class Roster:
    """`schools`: what is known of each (columns of the schools table, texts as printed), in order; `last` its rows of
    `last_year` by table, from clean tables; `doubles` are codes that stand there twice, `gone` schools of the last year
    (code and name) that the year's own table does not list.
    """

    schools: tuple[dict[str, Any], ...]
    doubles: tuple[str, ...]
    last: dict[str, dict[str, list[dict[str, Any]]]]
    last_year: int | None
    gone: tuple[str, ...] = ()


def roster(catalogue: Catalogue, county: County, year: int) -> Roster:
    """Return the schools that the table of a year lists, or that of the latest year before where there is none.

    Raises RequestError where neither names a school, DataError where a file can't be read.
    """
    tables = [each for each in catalogue.of(county.code) if each.table == "schools" and each.year <= year]
    for source in sorted(tables, key=lambda each: -each.year):
        named = [row for sheet in settled(catalogue, source, read_source(catalogue, source)) for row in _named(sheet)]
        if named:
            break
    else:
        raise RequestError("collect_no_schools", county=county.name(language()), code=county.code, year=year)
    first: dict[str, dict[str, Any]] = {}
    doubles = []
    for row in named:
        if row["school"] in first:
            doubles.append(row["school"])
        first.setdefault(row["school"], row)
    before = [each.year for each in tables if each.year < year or (each.year == year and not is_list(catalogue, each))]
    earlier = max((each for each in before if each < year), default=None)
    last: dict[str, dict[str, list[dict[str, Any]]]] = {}
    if earlier is not None:
        records = clean_county(catalogue, county.code, project.processed(catalogue.folder))
        last = _last(records, earlier)
    gone = {code: part.get("schools", [{}])[0].get("name") or "" for code, part in last.items() if code not in first}
    named_gone = tuple(f"{code} {name}".strip() for code, name in gone.items())
    return Roster(tuple(first.values()), tuple(dict.fromkeys(doubles)), last, earlier, named_gone)


def _named(sheet: RawSheet) -> list[dict[str, Any]]:
    """Return what a sheet says of each school: its code and the other columns of its identity, as printed."""
    if sheet.unread:
        return []
    bound = sheet.layout.bound()
    wanted = [name for name in collecting.declared()["parts"]["schools"]["identity"] if name in bound]
    if "school" not in wanted:
        return []
    columns = [pl.col(f"c{bound[name].position}").alias(name) for name in wanted]
    rows = sheet.data.select(columns).filter(pl.col("school").is_not_null()).to_dicts()
    return [row | {"school": narrow(row["school"]).lstrip("'")} for row in rows]


def _last(records: Records, year: int) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows of a year by school and table."""
    by_school: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name in collecting.declared()["parts"]:
        frame = records.frames()[name]
        for row in frame.filter(pl.col("year") == year).iter_rows(named=True):
            by_school.setdefault(row["school"], {}).setdefault(name, []).append(row)
    return by_school


def stages_of(known: dict[str, Any]) -> tuple[str, ...]:
    """Return the stages that a school of a type has; all where its type is not known."""
    types = standards.load(STANDARD).school_types
    choices = table("schools").columns["school_type"].choices
    said = narrow(str(known.get("school_type") or ""))
    chosen = next((choice for choice, texts in choices.items() if said in texts), "")
    levels = types.get(chosen, {})
    return tuple(level for level in ("primary", "junior", "senior") if not levels or level in levels)
