"""Which rows of a source are its own: of its year, of its county, and schools at all."""

import re
from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from analysis.read import summed, title_places
from analysis.read.fields import header_words
from analysis.read.header import plain
from analysis.read.header_names import without_year
from analysis.read.row_words import headers, narrowed, pattern
from analysis.read.rows import Odd, RawSheet, with_rows
from analysis.registered import quoted
from analysis.sources import Catalogue, Source

#: Codes are looked at where so many of them, at least, begin as the county's do.
_MOST = 2 / 3
#: A code of a school is longer than that of a county.
_COUNTY = 6
#: A column of more different years is none of whose rows these are.
_FEW_YEARS = 12


def settled(catalogue: Catalogue, source: Source, sheets: list[RawSheet]) -> list[RawSheet]:
    """Return the sheets of a source with totals and the rows of others told apart.

    Rows that are certainly of another year, or examples, are no data; those that may be meant, or of which it is not
    known, stay data and are named by a rule that sets them aside (RawSheet.odds).
    """
    read = [number for number, sheet in enumerate(sheets) if not sheet.unread]
    settled_sheets = list(sheets)
    for number in read:
        filled = _filled(_totals(settled_sheets[number], catalogue, source))
        settled_sheets[number] = _of_place(_counted(_examples(filled)), catalogue, source)
        settled_sheets[number] = _named(_of_year(settled_sheets[number], source), catalogue, source)
    for number, odd in _codes([(number, settled_sheets[number]) for number in read], catalogue, source):
        settled_sheets[number] = odd
    return settled_sheets


def _position(sheet: RawSheet, name: str) -> str | None:
    """Return the frame's column of a column of the table."""
    binding = sheet.layout.bound().get(name)
    return None if binding is None else f"c{binding.position}"


def _without(sheet: RawSheet, rows: list[int], *odds: Odd) -> RawSheet:
    """Return the sheet with rows that are neither data nor totals any more."""
    kept = (pl.col(name) & ~pl.col("row").is_in(rows) for name in ("data", "total"))
    return with_rows(sheet, sheet.rows.with_columns(kept), odds)


def _free(sheet: RawSheet) -> pl.DataFrame:
    """Return the rows that are data and not named so far."""
    data = sheet.data
    named = [row for odd in sheet.odds for row in odd.rows]
    return data.filter(~pl.col("row").is_in(named)) if named else data


def _totals(sheet: RawSheet, catalogue: Catalogue, source: Source) -> RawSheet:
    """Return the sheet with rows of the county as a whole as totals: they bear its code, or its name and no code."""
    school, name = _position(sheet, "school"), _position(sheet, "name")
    if school is None:
        return sheet
    codes = sheet.rows[school]
    whole = codes == source.county
    if name is not None and codes.null_count():
        called = sheet.rows.select(narrowed(pl.col(name)) == _called(catalogue, source)).to_series()
        whole = (whole | (codes.is_null() & called)).fill_null(value=False)
    if not whole.any():
        return sheet
    total = (whole & sheet.rows["data"]).fill_null(value=False)
    return with_rows(
        sheet,
        sheet.rows.with_columns((pl.col("data") & ~total).alias("data"), (pl.col("total") | total).alias("total")),
    )


def _filled(sheet: RawSheet) -> RawSheet:
    """Return the sheet without rows of our own form into which nobody wrote: only what it came with stands there."""
    bound = {f"c{binding.position}": binding.column for binding in sheet.layout.bindings}
    written = [place for place, column in bound.items() if column not in sheet.table.form]
    ours = sheet.table.form and _columns(sheet.layout.texts, sheet.layout.positions, "form_columns")
    if not ours or not written:
        return sheet
    empty = sheet.data.filter(pl.all_horizontal(pl.col(written).is_null()))["row"].to_list()
    return _without(sheet, empty, Odd("rows_unfilled", tuple(empty))) if empty else sheet


def _examples(sheet: RawSheet) -> RawSheet:
    """Return the sheet with rows named that show how the form is filled in, or that look like totals."""
    if not sheet.rows["odd"].null_count() < sheet.rows.height:
        return sheet
    kinds = (("example", "row_of_example"), ("like_total", "row_like_total"))
    odds = [Odd(rule, (row,)) for kind, rule in kinds for row in sheet.rows.filter(pl.col("odd") == kind)["row"]]
    return with_rows(sheet, sheet.rows, tuple(odds))


def _counted(sheet: RawSheet) -> RawSheet:
    """Return the sheet with rows that give a number of rows as totals where so many stand above, else named."""
    if not sheet.rows["odd"].null_count() < sheet.rows.height:
        return sheet
    places = [place for name in sheet.table.key if (place := _position(sheet, name))]
    totals: list[int] = []
    odds: list[Odd] = []
    for row in sheet.rows.filter((pl.col("odd") == "count") & pl.col("data")).iter_rows(named=True):
        above = sheet.data.filter((pl.col("row") < row["row"]) & pl.col("odd").is_null())
        said = next(str(row[place]) for place in places if row[place] and re.fullmatch(pattern("counts"), row[place]))
        number = int(re.sub(r"\D", "", said))
        beside = [pl.col(place) == row[place] for place in places if row[place] and row[place] != said]
        same = [above.filter(pl.all_horizontal(beside[:depth])).height for depth in range(1, len(beside) + 1)]
        if number in (above.height, *same):
            totals.append(row["row"])
        else:
            odds.append(Odd("row_of_count", (row["row"],), said=said))
    is_total = pl.col("row").is_in(totals)
    rows = sheet.rows.with_columns(data=pl.col("data") & ~is_total, total=pl.col("total") | is_total)
    return with_rows(sheet, rows, tuple(odds))


@lru_cache(maxsize=10_000)
def _columns(texts: tuple[str, ...], positions: frozenset[int], kind: str) -> tuple[int, ...]:
    """Return the positions, none of those that are read, whose header says of what year or county rows are."""
    return tuple(
        position
        for position, text in enumerate(texts)
        if text and position not in positions and plain(text) in headers(kind)
    )


def _telling(sheet: RawSheet, source: Source, kind: str) -> Iterator[tuple[str, str]]:
    """Yield header and frame's column of those that tell of what year or county rows are, and were not decided."""
    decided = {plain(text) for text, _ in source.where}
    for position in _columns(sheet.layout.texts, sheet.layout.positions, kind):
        text = sheet.layout.texts[position]
        if plain(text) not in decided:
            yield text, f"c{position}"


def _years(text: str | None, year: int) -> tuple[int, ...]:
    """Return the years that a text tells, one or the two of a school year; none where it is not sure.

    >>> _years("2023-2024学年", 2024), _years("2024年度", 2024), _years("上学年", 2024), _years("2020-2024", 2024)
    ((2023, 2024), (2024,), (2023,), ())
    """
    bare = without_year(text or "")[1]
    words = header_words()
    if bare in words["this_year"]:
        return (year,)
    if bare in words["last_year"]:
        return (year - 1,)
    first, _, second = bare.partition("-")
    if not second:
        return (int(first),) if first else ()
    if int(second) == int(first) + 1:
        return int(first), int(second)
    return (int(first),) if int(second) % 100 <= 12 and int(second) < int(first) else ()  # 2024-09 is a month


def _of_year(sheet: RawSheet, source: Source) -> RawSheet:
    """Return the sheet without rows of other years than the source's, where a column tells the years of rows."""
    if "year" in sheet.table.columns:
        return sheet
    for header, place in _telling(sheet, source, "year_columns"):
        rows = _free(sheet).select("row", place)
        texts = rows[place].drop_nulls().unique(maintain_order=True).to_list()
        every = sheet.rows.filter(pl.col("data") | pl.col("total"))
        years_of = {text: _years(text, source.year) for text in texts}
        mine = {years for years in years_of.values() if source.year in years}
        if not any(years_of.values()) or len(set(years_of.values())) > _FEW_YEARS:
            continue
        if len(mine) != 1:
            sheet = with_rows(sheet, sheet.rows, _unclear(rows, header, place, years_of, source.year))
            continue
        others = {text: years for text, years in years_of.items() if years and source.year not in years}
        unsure = rows.filter(
            pl.col(place).is_null() | pl.col(place).is_in([text for text in texts if not years_of[text]])
        )
        odds = [
            Odd("rows_of_other_year", tuple(every.filter(pl.col(place) == text)["row"]), header, text)
            for text in others
        ]
        own = next(text for text in texts if source.year in years_of[text])
        if unsure.height:
            entry = _entry(header, own)
            odds.append(Odd("year_of_row_unclear", tuple(unsure["row"]), header, str(unsure[place][0] or ""), entry))
        sheet = _without(sheet, [row for odd in odds if odd.rule == "rows_of_other_year" for row in odd.rows], *odds)
    return sheet


def _unclear(
    rows: pl.DataFrame, header: str, place: str, years_of: dict[str, tuple[int, ...]], year: int
) -> tuple[Odd, ...]:
    """Return all rows as doubtful: none is of the year, or those of several ways of writing may be."""
    mine = [text for text, years in years_of.items() if year in years]
    if mine:
        return (Odd("year_of_row_unclear", tuple(rows["row"]), header, "、".join(mine), _entry(header, mine[0])),)
    most = rows[place].drop_nulls().value_counts(sort=True)[place][0]
    return (Odd("year_of_row_other", tuple(rows["row"]), header, "、".join(years_of), _entry(header, most)),)


def _entry(header: str, text: str) -> str:
    """Return the line that picks the rows with a text under a header."""
    shown = (quoted(text) for text in (header, text))
    return f"where: {{{': '.join(shown)}}}"


def _of_place(sheet: RawSheet, catalogue: Catalogue, source: Source) -> RawSheet:
    """Return the sheet with rows named for which a column tells another county than the source's."""
    for header, place in _telling(sheet, source, "county_columns"):
        rows = _free(sheet).select("row", place)
        texts = rows[place].drop_nulls().unique(maintain_order=True).to_list()
        if not texts:
            continue
        mine = [text for text in texts if _is_mine(text, catalogue, source)]
        mine = mine or _most(rows[place], catalogue)
        entry = _entry(header, mine[0] if mine else _called(catalogue, source))
        odds = [
            Odd("county_of_row_other", tuple(rows.filter(pl.col(place) == text)["row"]), header, text, entry)
            for text in texts
            if text not in mine
        ]
        sheet = with_rows(sheet, sheet.rows, tuple(odds))
    return sheet


def _called(catalogue: Catalogue, source: Source) -> str:
    """Return the name of the source's county, its code where none is registered."""
    county = catalogue.counties.get(source.county)
    return county.zh if county else source.county


def _is_mine(text: str, catalogue: Catalogue, source: Source) -> bool:
    """Tell whether a text names the source's county: by its name, its code, or a longer name that ends in it."""
    said, name = "".join(text.split()), _called(catalogue, source)
    codes = _own_codes(catalogue, source)
    return said.endswith(name) or any(said.startswith(code) for code in codes) or said == name[:-1]


def _most(texts: pl.Series, catalogue: Catalogue) -> list[str]:
    """Return the text of most rows, where it names no registered county: the source's may be called otherwise."""
    counts = texts.drop_nulls().value_counts(sort=True)
    text = str(counts[texts.name][0])
    return [text] if counts["count"][0] >= _MOST * len(texts) and not _is_known(text, catalogue) else []


def _is_known(text: str, catalogue: Catalogue) -> bool:
    """Tell whether a text is the name or the code of some registered county."""
    said = "".join(text.split())
    return said in catalogue.counties or any(county.zh == said for county in catalogue.counties.values())


def _own_codes(catalogue: Catalogue, source: Source) -> tuple[str, ...]:
    """Return with what the codes of the county's schools begin: its code, those that it had, or what a person said."""
    former = (old for old, new in catalogue.former.items() if new == source.county)
    return source.codes or (source.county, *former)


def _named(sheet: RawSheet, catalogue: Catalogue, source: Source) -> RawSheet:
    """Return the sheet with a row named that is the sum of all others, and titles that name another county."""
    odds = summed.odds(sheet, _free(sheet), _own_codes(catalogue, source))
    odds += title_places.odds(sheet, catalogue, source)
    return with_rows(sheet, sheet.rows, odds) if odds else sheet


def _codes(sheets: list[tuple[int, RawSheet]], catalogue: Catalogue, source: Source) -> Iterator[tuple[int, RawSheet]]:
    """Yield the sheets in which codes begin as those of another county while most of the source's are this county's."""
    begin = _own_codes(catalogue, source)
    own, number, mixed = 0, 0, []
    for at, sheet in sheets:
        school = _position(sheet, "school")
        if school is not None:
            codes = sheet.rows[school] if sheet.rows["data"].all() else sheet.data[school]
            mine = int(_begins(codes, begin).sum())
            own += mine
            number += mine
            if mine < len(codes):
                mixed.append((at, sheet, school))
    if not own and not source.codes:
        return
    looked = []
    for at, sheet, school in mixed:
        rows = _free(sheet).select("row", narrowed(pl.col(school)).str.strip_prefix("'").alias("code"))
        rows = rows.filter(pl.col("code").str.contains(rf"^[0-9]{{{_COUNTY},}}[0-9A-Za-z]+$"))
        strange = rows.filter(~_begins(rows["code"], begin))
        number += strange.height
        looked.append((at, sheet, strange))
    for at, sheet, strange in looked:
        if source.codes and strange.height:
            yield at, _without(sheet, strange["row"].to_list(), Odd("rows_not_named", tuple(strange["row"])))
        elif strange.height and own >= _MOST * number:
            yield at, with_rows(sheet, sheet.rows, _strangers(strange, begin))


def _begins(codes: pl.Series, begin: tuple[str, ...]) -> pl.Series:
    mine = codes.str.starts_with(begin[0])
    for other in begin[1:]:
        mine |= codes.str.starts_with(other)
    return mine.fill_null(value=False)


def _strangers(strange: pl.DataFrame, begin: tuple[str, ...]) -> tuple[Odd, ...]:
    """Return the rows with codes of other counties, by the county's code."""
    other = pl.col("code").str.slice(0, _COUNTY).alias("begin")
    parts = strange.with_columns(other).partition_by("begin", as_dict=True, maintain_order=True)
    odds = []
    for (prefix,), rows in parts.items():
        entry = "codes: [" + ", ".join(f'"{code}"' for code in (*begin, str(prefix))) + "]"
        odds.append(Odd("code_of_other_county", tuple(rows["row"]), "school", str(prefix), entry))
    return tuple(odds)
