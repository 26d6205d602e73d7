"""What the public is told of sources: which table and year, never how an office names its files, sheets and titles.

A workbook may have a sheet for each school, a file or a title may bear a school's name. What follows the naming
convention says no more than table and year.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from analysis.clean import Records
from analysis.clean.records import of_frames
from analysis.read.fields import tables
from analysis.tell.case.setting import SourceFile

_PLACE = ("file", "sheet")
#: A column that no table has: rooms have a `number` of their own.
NUMBERED = "number of its sheet"
#: <county>/<table>_<year>.<ending>, or what stands for another name.
_PLAIN = re.compile(r"(?P<county>\d{6})/(?P<table>[a-z_]+)_\d{4}(-\d+)?(\.[a-z]{2,4}){1,2}")
_CODE = re.compile(r"\d{6}")
_ENDING = re.compile(r"(\.[A-Za-z]{2,4}){1,2}$")


def for_public(records: Records, files: Iterable[SourceFile], lang: str) -> tuple[Records, tuple[SourceFile, ...]]:
    """Return the same with files called by county, table and year, sheets by running numbers, titles as tables' own.

    Rows that stand together stand together still. Applied to what it returned it changes nothing.
    """
    files = tuple(files)
    known = dict.fromkeys((file.file, file.table, file.year) for file in files)
    known |= dict.fromkeys(records.accounts.select("file", "table", "year").unique(maintain_order=True).iter_rows())
    names = _names(known, records.county)
    frames = records.frames()
    sheets = _sheets(frames.values())
    renamed = {name: _renamed(frame, names, sheets) for name, frame in frames.items()}
    return of_frames(records.county, renamed), tuple(
        replace(file, file=names[file.file], title=_title(file, lang)) for file in files
    )


def files_for_public(files: Iterable[SourceFile], county: str, lang: str) -> tuple[SourceFile, ...]:
    """Return the files of a county as `for_public` has them, where no tables of it are at hand."""
    files = tuple(files)
    names = _names(dict.fromkeys((file.file, file.table, file.year) for file in files), county)
    return tuple(replace(file, file=names[file.file], title=_title(file, lang)) for file in files)


def _names(known: Iterable[tuple[str, str, int]], county: str) -> dict[str, str]:
    """Return what each file is called: itself where its name says no more than table and year."""
    names: dict[str, str] = {}
    others: list[tuple[str, str, int]] = []
    for file, table, year in known:
        plain = _PLAIN.fullmatch(file)
        if plain and plain["table"] in tables():
            names[file] = file
        else:
            others.append((file, table, year))
    taken = set(names.values())
    for file, table, year in others:
        if file in names:
            continue
        ending = _ENDING.search(file)
        folder = file.partition("/")[0]
        parts = f"{folder if _CODE.fullmatch(folder) else county}/{table}_{year}", ending[0].lower() if ending else ""
        number, name = 1, "".join(parts)
        while name in taken:
            number, name = number + 1, f"{parts[0]}-{number + 1}{parts[1]}"
        names[file] = name
        taken.add(name)
    return names


def _sheets(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return columns file, sheet and NUMBERED: the sheets of each file, numbered as they come."""
    parts = [frame.select(_PLACE) for frame in frames if frame.height and set(_PLACE) <= set(frame.columns)]
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys((*_PLACE, NUMBERED), pl.String))
    named = pl.concat(parts).filter(pl.col("sheet").fill_null("") != "").unique(maintain_order=True)
    return named.with_columns((pl.int_range(pl.len()) + 1).over("file").cast(pl.String).alias(NUMBERED))


def _renamed(frame: pl.DataFrame, names: dict[str, str], sheets: pl.DataFrame) -> pl.DataFrame:
    if frame.is_empty() or not set(_PLACE) <= set(frame.columns):
        return frame
    numbered = frame.join(sheets, on=_PLACE, how="left", maintain_order="left", nulls_equal=True)
    renamed = numbered.with_columns(
        pl.col("file").replace_strict(names, default=pl.lit(""), return_dtype=pl.String),
        pl.coalesce(NUMBERED, "sheet").alias("sheet"),
    )
    return renamed.select(frame.columns)


def _title(file: SourceFile, lang: str) -> str:
    known = tables().get(file.table)
    return known.title[lang] if known and file.title else file.title
