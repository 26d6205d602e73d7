"""The sources of counties to typed rows: read, corrected, and typed again where names make damaged codes certain."""

from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice

import polars as pl

from analysis.clean import corrections, identity, notices
from analysis.clean.typed_sheets import TypedSheets, type_sheets
from analysis.errors import DataError
from analysis.read import FoundSheet, RawSheet, find_sheets, read_cache, rows_of
from analysis.read.fields import table, tables
from analysis.read.own_rows import settled
from analysis.read.row_kinds import parted
from analysis.read.shared_files import share_of
from analysis.registered import aliases
from analysis.sources import Catalogue, Source, file_hash


@dataclass(frozen=True, eq=False)
class Gathered:
    """The sheets of one table, all years, as they were read and, those that hold data, as they were typed."""

    raws: list[RawSheet]
    typed: list[TypedSheets]

    def rows(self) -> pl.DataFrame:
        """Return the rows of all sheets."""
        return pl.concat([sheets.rows for sheets in self.typed])

    def broken(self) -> pl.DataFrame:
        """Return what the cells of these rows broke."""
        parts, before = [], 0
        for sheets in self.typed:
            parts.append(
                sheets.broken.with_columns((pl.col("place") + before).cast(pl.UInt32)) if before else sheets.broken
            )
            before += sheets.rows.height
        return pl.concat(parts)


#: The sheets of each source of one county.
Found = list[tuple[Source, list[FoundSheet]]]


def find(catalogue: Catalogue, county: str, faults: list[DataError] | None = None) -> Found:
    """Return the sheets of a county's sources.

    A source that can't be read raises its DataError, or is passed over and noted in `faults` where a list is given.
    """
    sheets_of: Found = []
    seen: dict[tuple[str, int], Source] = {}
    for source in catalogue.of(county):
        try:
            _check_alone(source, seen)
            sheets_of.append((source, _sheets(catalogue, source)))
        except DataError as fault:
            if faults is None:
                raise
            faults.append(fault)
    return sheets_of


def _sheets(catalogue: Catalogue, source: Source) -> list[FoundSheet]:
    """Return the sheets of a source, the very ones that are remembered where nothing that decides them is other."""
    if not read_cache.active():
        return find_sheets(catalogue, source)
    known = aliases(catalogue.folder, source.county), share_of(catalogue, source)
    key = "sheets", source, file_hash(catalogue.folder, source), known
    return read_cache.once(key, lambda: find_sheets(catalogue, source))


#: The sheets of one source, corrected and settled, and what there is to tell of its corrections.
_Rows = tuple[list[RawSheet], list[pl.DataFrame]]


def gather(
    catalogue: Catalogue, counties: list[Found], entries: corrections.Entries
) -> list[tuple[dict[str, Gathered], list[pl.DataFrame]]]:
    """Return, county by county, the sheets of each table that it has, and what there is to tell of them (NOTICES).

    What is alike is read and typed in one go, whichever county it is of.
    """
    read = _remembered_rows if read_cache.active() else _rows
    raws: list[dict[str, list[RawSheet]]] = []
    notes: list[list[pl.DataFrame]] = []
    rows_of_sources = iter(read(catalogue, [source for county in counties for source in county], entries))
    for county in counties:
        mine: dict[str, list[RawSheet]] = {}
        outcome_rows: list[pl.DataFrame] = []
        for (source, _), (settled_sheets, outcomes) in zip(county, rows_of_sources, strict=False):
            outcome_rows += outcomes
            mine.setdefault(source.table, []).extend(settled_sheets)
        raws.append(mine)
        notes.append(outcome_rows)
    gathered: list[dict[str, Gathered]] = [{} for _ in counties]
    for name in tables():
        for tables_of, mine, typed_sheets in zip(gathered, raws, _typed_of(raws, name), strict=True):
            if name in mine:
                tables_of[name] = Gathered(mine[name], typed_sheets)
    return [(_recovered(tables_of), corrected) for tables_of, corrected in zip(gathered, notes, strict=True)]


def _typed_of(raws: list[dict[str, list[RawSheet]]], name: str) -> list[list[TypedSheets]]:
    """Return the typed sheets of a table, county by county; sheets that are the same ones are typed once."""
    sheets = [mine.get(name, []) for mine in raws]
    key = "typed", name, tuple(map(tuple, sheets))
    return read_cache.once(key, lambda: type_sheets(sheets, table(name)))


def _rows(catalogue: Catalogue, sources_found: Found, entries: corrections.Entries) -> list[_Rows]:
    """Return the rows of sources, in their order."""
    read = iter(rows_of([sheet for _, sheets in sources_found for sheet in sheets]))
    rows: list[_Rows] = []
    for source, sheets in sources_found:
        wanted = sheets[0].table
        corrected, outcomes = corrections.apply(list(islice(read, len(sheets))), wanted, entries.of(source.file))
        correction_notices = [notices.of_correction(source, wanted, outcome) for outcome in outcomes]
        rows.append((settled(catalogue, source, corrected), correction_notices))
    return rows


def _remembered_rows(catalogue: Catalogue, sources_found: Found, entries: corrections.Entries) -> list[_Rows]:
    """Return the rows of sources, those of the same sheets, entries and counties as before as they were."""
    named = repr((catalogue.counties, catalogue.former))
    rows: list[_Rows] = []
    for source, sheets in sources_found:
        key = "rows", tuple(sheets), repr(entries.of(source.file)), named
        rows += read_cache.once(key, partial(_rows, catalogue, [(source, sheets)], entries))
    return rows


def _check_alone(source: Source, seen: dict[tuple[str, int], Source]) -> None:
    other = seen.setdefault((source.table, source.year), source)
    if other is not source and not (other.registered and source.registered):
        raise DataError("years_twice", table=source.table, file=other.file, other=source.file)


def _recovered(gathered: dict[str, Gathered]) -> dict[str, Gathered]:
    """Type those sheets again whose codes a spreadsheet damaged, now that all names are known."""
    coded = [
        sheets
        for table_gathered in gathered.values()
        for sheets in table_gathered.typed
        if "school" in sheets.rows.columns
    ]
    lengths = {edge for sheets in coded for edge in _lengths(sheets.rows["school"])}
    if "schools" not in gathered or not (len(lengths) > 1 or any(len(_damaged(sheets)) for sheets in coded)):
        return gathered
    known = identity.certain_codes(gathered["schools"].rows())
    return {name: _typed_again(name, table_gathered, known) for name, table_gathered in gathered.items()}


def _lengths(codes: pl.Series) -> set[int]:
    """Return the lengths of the shortest and the longest code."""
    lengths = codes.str.len_bytes()
    return {edge for edge in (lengths.min(), lengths.max()) if isinstance(edge, int)}


def _damaged(typed: TypedSheets) -> pl.Series:
    """Return the places of the rows in which a code was damaged."""
    return typed.broken.filter(pl.col("rule") == "code_damaged")["place"]


def _typed_again(name: str, table_gathered: Gathered, known: pl.DataFrame) -> Gathered:
    """Type sheets again: with `known` where a code was damaged, or is none of the codes that names make certain."""
    if "school" not in table(name).columns:
        return table_gathered
    doubtful: list[bool] = []
    for group in table_gathered.typed:
        strange = (
            group.rows.select(~pl.col("school").is_in(known["school"].implode())).to_series().fill_null(value=False)
        )
        doubtful += [part.any() for part in parted(strange.scatter(_damaged(group), True), group.heights)]
    if not any(doubtful):
        return table_gathered
    sheets = zip((raw for group in table_gathered.typed for raw in group.raws), doubtful, strict=True)
    again: list[TypedSheets] = []
    for damaged, alike in groupby(sheets, key=lambda pair: pair[1]):
        again += type_sheets([[raw for raw, _ in alike]], table(name), known if damaged else None)[0]
    return Gathered(table_gathered.raws, again)
