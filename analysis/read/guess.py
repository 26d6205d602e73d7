"""What a file that came by hand is, from its content: which table, of which year and county, and what tells it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.read import grid, header
from analysis.read.fields import Table, header_words, known_as, tables
from analysis.read.header_names import plain
from analysis.read.header_units import narrow
from analysis.read.row_words import headers
from analysis.read.titles import years_told
from analysis.registered import Aliases

_SHOWN = 3


@dataclass(frozen=True)
class Guess:
    """One table of a file: where it stands, what was read of it, and what tells its year and county.

    `head` is the row of the header, from 1. `read` are the headers that name a column, `strange` those that name none,
    `lacking` the columns that the table must have and that no header names. `years` are those told, by what tells
    them; `begin` counts with what six digits codes begin; `places` are texts above the table, and the names of file and
    folder, `counties` those of columns that name counties, by header; `first` are the first rows as they stand.
    """

    table: str
    sheet: str
    head: int
    rows: int
    read: tuple[str, ...]
    strange: tuple[str, ...]
    lacking: tuple[str, ...]
    years: dict[str, tuple[int, ...]]
    begin: dict[str, int]
    places: tuple[str, ...]
    counties: dict[str, tuple[str, ...]]
    first: tuple[tuple[str, ...], ...]

    def year(self) -> int | None:
        """Return the year that all that tells one agrees on; None where nothing does, or they differ."""
        agreed: set[int] = set()
        for years in self.years.values():
            agreed = agreed & set(years) if agreed else set(years)
            if not agreed:
                return None
        return agreed.pop() if len(agreed) == 1 else None


def guess(path: Path, aliases: Aliases) -> list[Guess]:
    """Return a guess for each table that stands in a file, that of most columns where sheets hold the same.

    Empty where no sheet has a header of any table. Raises DataError where the file can't be read.
    """
    best: dict[str, Guess] = {}
    for sheet in grid.read(path, path.name):
        if sheet.hidden or sheet.blank:
            continue
        guessed = _of_sheet(sheet, path, aliases)
        if guessed and (guessed.table not in best or len(guessed.read) > len(best[guessed.table].read)):
            best[guessed.table] = guessed
    whole = [each for each in best.values() if not each.lacking]
    return whole or list(best.values())[:1]


def _of_sheet(sheet: grid.Sheet, path: Path, aliases: Aliases) -> Guess | None:
    layouts = []
    for name in tables():
        wanted = known_as(name, aliases)
        layout = header.find(sheet.cells, wanted)
        if layout is not None:
            layouts.append((not wanted.needed - layout.named, len(layout.bindings), wanted, layout))
    if not layouts:
        return None
    _, _, wanted, layout = max(layouts, key=lambda each: each[:2])
    return _guess(sheet, path, wanted, layout)


def _guess(sheet: grid.Sheet, path: Path, wanted: Table, layout: header.Layout) -> Guess:
    above = [text for row in sheet.cells.head(max(layout.first, 0)).rows() for text in dict.fromkeys(row) if text]
    below = sheet.cells.slice(layout.last + 1)
    data = _data(below, sheet.cells.slice(layout.first, layout.last + 1 - layout.first), wanted, layout)
    texts = [text for text in layout.texts if text]
    numbers = {text for text in texts if plain(text) in _notes()}
    strange = [text for place, text in enumerate(layout.texts) if text and place not in layout.positions]
    return Guess(
        wanted.name,
        sheet.name,
        layout.last + 1,
        data.height,
        tuple(text for place, text in enumerate(layout.texts) if place in layout.positions),
        tuple(text for text in strange if text not in numbers),
        tuple(wanted.columns[name].zh for name in wanted.columns if name in wanted.needed - layout.named),
        dict(_years(above, sheet.name, path)),
        _begin(data, layout),
        (*above, path.name, path.parent.name),
        _counties(data, layout),
        tuple(tuple(text or "" for text in row) for row in data.head(_SHOWN).rows()),
    )


def _data(below: pl.DataFrame, heads: pl.DataFrame, wanted: Table, layout: header.Layout) -> pl.DataFrame:
    """Return the rows below the heads that hold something of the table's key; none where no head names any of it."""
    keys = [f"c{layout.bound()[name].position}" for name in wanted.key if name in layout.bound()]
    if not keys:
        return below.head(0)
    again = pl.all_horizontal(pl.col(name).is_in(heads[name].implode()) for name in keys)
    data = below.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in keys))
    return data.filter(~again.fill_null(value=False))  # cells merged downwards are read twice


def _notes() -> frozenset[str]:
    return frozenset(map(plain, header_words()["notes"]))


def _years(above: Iterable[str], sheet: str, path: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what tells a year and which it may be: titles, else the sheet's name, else the file's."""
    titles_with_years = [(text, years) for text in above if (years := years_told(text, titled=True))]
    if titles_with_years:
        yield from titles_with_years
        return
    for text in (sheet, re.sub(r"_", " ", path.name.split(".")[0])):
        if text and (years := years_told(text, titled=False)):
            yield text, years
            return


def _begin(data: pl.DataFrame, layout: header.Layout) -> dict[str, int]:
    binding = layout.bound().get("school")
    if binding is None or data.is_empty():
        return {}
    codes = [narrow(text).lstrip("'") for text in data[f"c{binding.position}"].drop_nulls()]
    return dict(Counter(code[:6] for code in codes if re.fullmatch(r"[0-9]{6}[0-9A-Za-z]+", code)).most_common())


def _counties(data: pl.DataFrame, layout: header.Layout) -> dict[str, tuple[str, ...]]:
    """Return the texts of columns that name counties, by their headers."""
    return {
        text: tuple(data[f"c{place}"].drop_nulls().unique(maintain_order=True))
        for place, text in enumerate(layout.texts)
        if text and plain(text) in headers("county_columns")
    }
