"""The rows of sheets to typed rows: each cell parsed, each row with the rules it broke and the notices it gave."""

from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.clean import classes, doubtful_cells, identity, item_units, private, row_units, typed_cells
from analysis.clean.checks import OF_VALUE, ONCE, error_rules, value_rules
from analysis.clean.failed_cells import Parsed, added
from analysis.clean.merged import merged_places, own_cells
from analysis.clean.records import NOTICES
from analysis.read import RawSheet
from analysis.read.binding import Binding
from analysis.read.cell_places import column_letters
from analysis.read.fields import Column, Table
from analysis.read.row_kinds import parted
from analysis.tables import Schema

#: Rules of what a row has to have and has not.
_GAPS = ("missing_key", "missing_required")
_PLACE: Schema = {"county": pl.String, "year": pl.Int32, "file": pl.String, "sheet": pl.String}
_NOTICES: Schema = {"of": pl.Int64} | NOTICES
#: Which row broke which rule: `place` counts rows from 0.
BROKEN: Schema = {"place": pl.UInt32, "rule": pl.String}


@dataclass(frozen=True, eq=False)
class TypedSheets:
    """The rows of sheets of one table that follow one another and are alike; `raws` are these sheets.

    `rows`: the table's schema, `heights` of them from each sheet; `broken`: the rules they broke; `notices`: what was
    mended or found wrong (NOTICES); `totals`: the cells of the rows that are totals (columns of RawSheet). Notices and
    totals have the number of their sheet, from 0, in `of`, and are in its order.
    """

    raws: list[RawSheet]
    heights: list[int]
    rows: pl.DataFrame
    broken: pl.DataFrame
    notices: pl.DataFrame
    totals: pl.DataFrame


def type_sheets(
    groups: list[list[RawSheet]], table: Table, known: pl.DataFrame | None = None
) -> list[list[TypedSheets]]:
    """Return, group by group, the data rows of the sheets that are read, in their order.

    Sheets of all groups that are alike are typed in one go. `known` (name, school) are the names that make a damaged
    code certain; with them there is one group, that of one county.
    """
    runs: list[tuple[int, list[RawSheet]]] = []
    alike: dict[object, list[int]] = {}
    for group, raws in enumerate(groups):
        for like, run in groupby((raw for raw in raws if not raw.unread), key=lambda raw: raw.alike):
            sheets = list(run)
            alike.setdefault(like, []).append(len(runs))
            runs.append((group, sheets))
    typed: dict[int, TypedSheets] = {}
    for numbers in alike.values():
        together = [runs[number][1] for number in numbers]
        whole = _typed([raw for sheets in together for raw in sheets], table, known)
        typed |= zip(numbers, _cut(whole, [len(sheets) for sheets in together]), strict=True)
    typed_groups: list[list[TypedSheets]] = [[] for _ in groups]
    for number, (group, _) in enumerate(runs):
        typed_groups[group].append(typed[number])
    return typed_groups


def _cut(whole: TypedSheets, numbers: list[int]) -> list[TypedSheets]:
    """Return sheets that were typed in one go as runs of these numbers of sheets, each as if it were alone."""
    if len(numbers) == 1:
        return [whole]
    raws, heights = parted(whole.raws, numbers), parted(whole.heights, numbers)
    rows = [sum(part) for part in heights]
    sheets = np.cumsum(numbers)
    parts = zip(
        raws,
        heights,
        parted(whole.rows, rows),
        _counted_anew(whole.broken, "place", np.cumsum(rows)),
        _counted_anew(whole.notices, "of", sheets),
        _counted_anew(whole.totals, "of", sheets),
        strict=True,
    )
    return [TypedSheets(*part) for part in parts]


def _counted_anew(frame: pl.DataFrame, column: str, ends: NDArray[np.int64]) -> list[pl.DataFrame]:
    """Return the rows of a frame by the part that a number falls into; `column` counts from the part's start.

    `ends` are the numbers at which the parts end, each the start of the next.
    """
    parts = [frame.clear()] * len(ends)
    if frame.height:
        part = np.searchsorted(ends, frame[column].to_numpy(), side="right")
        start = np.concatenate([[0], ends])[part]
        counted = frame.with_columns(pl.col(column) - pl.Series(start, dtype=frame.schema[column]), part=part)
        for (number,), rows in counted.partition_by("part", as_dict=True, include_key=False).items():
            parts[number] = rows
    return parts


def _typed(raws: list[RawSheet], table: Table, known: pl.DataFrame | None) -> TypedSheets:
    """Return the data rows of sheets that are alike, with every column of the table in its type and unit."""
    every = pl.concat([raw.rows for raw in raws])
    every = every.with_columns(of=np.repeat(np.arange(len(raws)), [raw.rows.height for raw in raws]))
    data = every if every["data"].all() else every.filter("data")
    frame = _origin(raws, data)
    layout = raws[0].layout
    bound = layout.bound()
    values: list[pl.Series] = []
    broken: list[pl.DataFrame] = []
    told_columns: list[_Told] = []
    for name, implied in layout.implied.items():
        values.append(pl.repeat(implied, data.height, eager=True).alias(name))
    columns = [column for column in table.columns.values() if column.name in bound]
    merged, told_units = merged_places(raws, frame), row_units.told_beside(layout, data)
    every_parsed = _parsed(raws[0], data, columns)
    numbers = [number for number, column in enumerate(columns) if column.kind in doubtful_cells.SUMMED]
    commas = doubtful_cells.decimal_comma(
        [every_parsed[number] for number in numbers],
        [data[f"c{bound[columns[number].name].position}"] for number in numbers],
    )
    for column, parsed in zip(columns, every_parsed, strict=True):
        text = data[f"c{bound[column.name].position}"]
        if column.kind in doubtful_cells.SUMMED:
            parsed = doubtful_cells.sure_numbers(parsed, text, merged.get(bound[column.name].position), commas)
        if column.kind == "share" and not bound[column.name].addends:
            parsed = doubtful_cells.sure_shares(parsed, text, bound[column.name].unit, raws)
        parsed = row_units.sure(parsed, column, bound[column.name].unit, told_units)
        if column.within:
            beside = [data[f"c{bound[name].position}"] for name in column.within if name in bound]
            parsed = classes.sure(parsed, text, beside)
        if column.percent:
            parsed = item_units.sure(parsed, text, data, column, raws)
        if known is not None and column.name == "school" and "name" in bound:
            parsed = identity.recovered(parsed, text, data[f"c{bound['name'].position}"], known)
        values.append(parsed.values.alias(column.name))
        parsed = _required(parsed, column, table)
        if parsed.odd.is_empty():
            continue
        if not _without_rules(parsed.odd):
            broken.append(_broken(parsed.odd, column))
        if not column.person:
            told_columns.append(_Told(column, bound[column.name], parsed, text, values[-1]))
    long = _places(frame, [raw.too_long for raw in raws])
    if len(long):
        broken.append(pl.DataFrame({"place": long, "rule": ["row_too_long"] * len(long)}, schema=BROKEN))
    strange = _strangers(raws, frame)
    broken.append(strange.select(list(BROKEN)))
    noted = [_of_rows(rows, frame, table) for rows in (strange, _short(raws, frame)) if rows.height]
    if told_columns:
        of_cells = _cell_notices(frame, _told(raws, frame, data, told_columns), table)
        noted.append(_without_gaps(of_cells, strange) if strange.height else of_cells)
    return TypedSheets(
        raws,
        [int(raw.rows["data"].sum()) for raw in raws],
        _in_order([*frame, *values], table),
        pl.concat(broken),
        _by_sheet(pl.concat(noted), raws) if noted else pl.DataFrame(schema=_NOTICES),
        every.filter("total") if every["total"].any() else every.clear(),
    )


def _by_sheet(notices: pl.DataFrame, raws: list[RawSheet]) -> pl.DataFrame:
    """Return notices in the order of their sheets; those of one sheet are spared a sort of all that they say."""
    return notices.sort("of", maintain_order=True) if len(raws) > 1 else notices


def _in_order(series: list[pl.Series], table: Table) -> pl.DataFrame:
    """Return a table's columns from those given, null where one is not."""
    by_name, schema = {column.name: column for column in series}, table.schema()
    absent = (pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in by_name)
    return pl.DataFrame(list(by_name.values())).with_columns(absent).select(*schema)


def _places(frame: pl.DataFrame, numbers: list[list[int]]) -> pl.Series:
    """Return the places of the rows of these numbers, sheet by sheet, as far as they are data."""
    rows = [(of, number) for of, of_sheet in enumerate(numbers) for number in of_sheet]
    if not rows:
        return pl.Series(dtype=pl.UInt32)
    wanted = pl.DataFrame(rows, schema={"of": frame.schema["of"], "row": pl.Int32}, orient="row")
    return frame.with_row_index("place").join(wanted, on=["of", "row"], how="semi")["place"]


def _short(raws: list[RawSheet], frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with fewer fields than their header, and what to tell of them."""
    unsaid = [pl.lit(None, pl.String).alias(name) for name in ("column", "before", "after")]
    places = _places(frame, [raw.too_short for raw in raws])
    return pl.DataFrame({"place": places}).with_columns(pl.lit("row_too_short").alias("rule"), *unsaid)


def _strangers(raws: list[RawSheet], frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are hardly the source's own (RawSheet.odds) and are set aside: place, rule, what to tell."""
    errors = error_rules()
    odd_rows = [
        (number, row, odd.rule, odd.column or None, odd.said or None, odd.entry or None)
        for number, raw in enumerate(raws)
        for odd in raw.odds
        if odd.rule in errors
        for row in odd.rows
    ]
    names = ("of", "row", "rule", "column", "before", "after")
    kinds = (frame.schema["of"], pl.Int32(), *[pl.String()] * 4)
    strange = pl.DataFrame(odd_rows, schema=pl.Schema(zip(names, kinds, strict=True)), orient="row")
    if not odd_rows:
        return strange.with_columns(pl.lit(None, pl.UInt32).alias("place"))
    placed = frame.select("of", "row").with_row_index("place")
    return strange.join(placed, on=["of", "row"], maintain_order="left")


def _without_gaps(of_cells: pl.DataFrame, strange: pl.DataFrame) -> pl.DataFrame:
    """Return notices of cells without those of what such a row lacks: nobody is to fill it in."""
    gaps = of_cells.filter(pl.col("rule").is_in(_GAPS)).join(strange, on=["of", "row"], how="semi")
    return of_cells.join(gaps, on=["of", "row", "rule"], how="anti", maintain_order="left") if gaps.height else of_cells


def _of_rows(told: pl.DataFrame, frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return a notice for each of these rows (place, rule, column, before, after)."""
    columns = told.select("rule", "column", "before", "after", pl.lit(table.name).alias("table"))
    rows = frame[told["place"]].with_columns(
        pl.format("{}:{}", "row", "row").alias("place"), pl.lit(0, pl.Int32).alias("unused")
    )
    return pl.concat([rows, columns], how="horizontal").select(list(_NOTICES)).cast(pl.Schema(_NOTICES))


def _origin(raws: list[RawSheet], data: pl.DataFrame) -> pl.DataFrame:
    """Return where each row comes from: `of`, county, year, file, sheet, row."""
    origins = [(raw.source.county, raw.source.year, raw.source.file, raw.name) for raw in raws]
    places = pl.DataFrame(dict(zip(_PLACE, zip(*origins, strict=True), strict=True)), schema=_PLACE)
    return places[data["of"]].hstack([data["of"], data["row"]])


def _parsed(raw: RawSheet, data: pl.DataFrame, columns: list[Column]) -> list[Parsed]:
    """Parse the cells of each column, adding those of columns that come in parts; `raw` says how to read them."""
    bound = raw.layout.bound()
    shapes, places = [], []
    for column in columns:
        place = bound[column.name]
        shapes += [typed_cells.Shape(column, place.unit, raw.styled)] * (1 + len(place.addends))
        places += [place.position, *place.addends]
    parts = iter(typed_cells.parse_columns([data[f"c{position}"] for position in places], shapes))
    return [reduce(added, islice(parts, 1 + len(bound[column.name].addends))) for column in columns]


def _required(parsed: Parsed, column: Column, table: Table) -> Parsed:
    """Return the cells of a column; an empty one is odd, and breaks a rule, where the column is required."""
    if not column.required or not parsed.values.null_count():
        return parsed
    empty = pl.DataFrame({"place": parsed.values.is_null().arg_true().cast(pl.UInt32)})
    known = parsed.odd.filter(pl.col("broken").is_not_null())
    rule = "missing_key" if column.name in table.key else "missing_required"
    missing = empty.join(known, on="place", how="anti").with_columns(
        pl.lit(rule).alias("broken"), pl.lit(None, pl.String).alias("mended")
    )
    others = parsed.odd.join(missing, on="place", how="anti")
    return Parsed(parsed.values, pl.concat([others, missing]).sort("place"))


def _broken(odd: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return the rules that odd cells broke (BROKEN): where they cost no row, those that set the value aside."""
    return odd.select("place", _rule(pl.lit(column.costs_row)).alias("rule")).drop_nulls()


def _without_rules(odd: pl.DataFrame) -> bool:
    """Tell whether no odd cell broke a rule: most are but written in another way, and told as such."""
    return odd["broken"].null_count() == odd.height


def _rule(costs_row: pl.Expr) -> pl.Expr:
    """Return the rule that a cell broke: of a column that costs no row, the one that sets its value aside.

    What a row has to have and has not always costs the row: there is no value to be set aside.
    """
    broken = pl.col("broken")
    return pl.when(costs_row | broken.is_in(_GAPS)).then(broken).otherwise(broken + OF_VALUE)


@dataclass(frozen=True, eq=False)
class _Told:
    """A column with odd cells: what was read, its text and what became of it."""

    column: Column
    binding: Binding
    parsed: Parsed
    text: pl.Series
    value: pl.Series

    def before(self) -> pl.Series:
        """Return what the odd cells said."""
        known = self.parsed.texts
        return self.text.gather(self.parsed.odd["place"]) if known is None else known

    def after(self) -> pl.Series:
        """Return as text what they were read as."""
        read = self.value[self.parsed.odd["place"]]
        return read.cast(pl.String).str.strip_suffix(".0") if read.dtype.is_float() else read.cast(pl.String)

    def filled(self, raws: list[RawSheet], frame: pl.DataFrame, data: pl.DataFrame) -> pl.Series:
        """Return how many cells each of these values is made of: one, or those that are added up; copies are none."""
        places = self.parsed.odd["place"]
        positions = self.binding.position, *self.binding.addends
        if any(raw.block.sheet.present is not None for raw in raws):
            return own_cells(raws, frame, positions, places)
        parts = data.select(f"c{position}" for position in positions)[places]
        return parts.select(pl.sum_horizontal(pl.all().is_not_null()).cast(pl.Int32)).to_series()


def _told(raws: list[RawSheet], frame: pl.DataFrame, data: pl.DataFrame, columns: list[_Told]) -> pl.DataFrame:
    """Return the odd cells of columns as they were written and as they are read, with their letters and number."""
    odd = [column.parsed.odd for column in columns]
    said = pl.concat([column.before() for column in columns])
    number = np.repeat(np.arange(len(columns)), [part.height for part in odd])
    names = pl.Series(
        [column.column.name for column in columns], dtype=pl.Enum([column.column.name for column in columns])
    )
    letters = [column_letters(column.binding.position + raw.left) for column in columns for raw in raws]
    whole = pl.concat(odd)
    if not _without_rules(whole):
        costs_row = pl.Series([column.column.costs_row for column in columns]).gather(number)
        whole = whole.with_columns(_rule(pl.lit(costs_row)).alias("broken"))
    sheet = number * len(raws)
    if len(raws) > 1:
        sheet = sheet + frame["of"].gather(whole["place"]).to_numpy()
    if any(column.binding.addends or raw.block.sheet.present is not None for column in columns for raw in raws):
        filled = pl.concat([column.filled(raws, frame, data) for column in columns])
    else:
        filled = said.is_not_null().cast(pl.Int32)
    return whole.with_columns(
        names.gather(number).alias("column"),
        pl.Series(letters, dtype=pl.String).gather(sheet).alias("letters"),
        filled.alias("filled"),
        said.alias("before"),
        pl.concat([column.after() for column in columns]).alias("after"),
    )


def _cell_notices(frame: pl.DataFrame, odd: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return a notice for each cell that was mended or broke a rule, sheet by sheet and there column by column."""
    if _without_rules(odd):
        rule, unused = pl.col("mended"), pl.lit(0, pl.Int32)
    else:
        rule = pl.coalesce("broken", "mended")
        unused = pl.when(rule.is_in(value_rules())).then("filled").otherwise(0).cast(pl.Int32)
    notices = pl.concat([frame[odd["place"]], odd.drop("place")], how="horizontal").with_columns(
        rule.alias("rule"),
        pl.lit(table.name).alias("table"),
        pl.concat_str("letters", pl.col("row").cast(pl.String)).alias("place"),
        unused.alias("unused"),
    )
    same = (notices["before"] == notices["after"]).fill_null(value=False)
    altered = (notices.filter(~same) if same.any() else notices).select(list(_NOTICES))
    # A dash for "nothing", or an absent pupil, is told once a column, not once a cell, after the column's other cells.
    marks = pl.col("rule").is_in(ONCE)
    column = pl.col("place").str.strip_chars("0123456789")
    once = altered.filter(marks).with_columns(pl.lit(None, pl.Int32).alias("row"), column.alias("place"))
    once = once.unique(maintain_order=True)
    ordered = altered if once.is_empty() else pl.concat([altered.filter(~marks), once])
    if len(once) or ordered["of"].n_unique() > 1:  # those of one sheet are given column by column
        ordered = ordered.sort("of", "column", maintain_order=True)
    return ordered.cast(pl.Schema(_NOTICES))


def raw_cells(raw: RawSheet, table: Table, rows: pl.DataFrame, schools: pl.Series) -> pl.DataFrame:
    """Return columns row, cells (JSON object header -> text) for the rows named in `rows`.

    What may name a person is masked (clean.private); `schools` are the codes of the county's schools.
    """
    data = raw.data.join(rows.select("row"), on="row", how="semi")
    known = {binding.position: table.columns[binding.column] for binding in raw.layout.bindings}
    shown, names = [], set()
    for position in range(len(raw.layout.texts)):
        header = raw.layout.texts[position] or f"#{position + 1}"
        while header in names:
            header += "'"
        names.add(header)
        text = private.cells(data[f"c{position}"], table, known.get(position), header, schools)
        shown.append(text.alias(header))
    frame = pl.DataFrame(shown)
    return data.select("row").with_columns(frame.to_struct("cells").struct.json_encode().alias("cells"))
