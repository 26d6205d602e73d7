"""The law of cells, checked over layouts: `python -m tests.sample.law 1000 --seed 0` says what breaks it, and how.

Each value is read right or told; nothing is both used and told to be unused; cells add up, against what other readers
count.
"""

import argparse
import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import polars as pl
import python_calamine
import yaml

from analysis import sources
from analysis.clean import Records, clean
from analysis.errors import DataError
from analysis.read.blocks import sheet_of
from analysis.sample import layouts
from analysis.sample.layouts import Drawn, Layout, Page, Value, office

_SAME = 1e-9
#: They doubt what a share says, however it is laid out.
_OF_CONTENT = ("share_small_value", "share_uncertain_value")
#: They name a column beside which another is read: of two with equal values it is no matter which.
_OF_EQUALS = ("column_double", "column_narrower", "column_hidden")
_PLACE = re.compile(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")
Cell = tuple[int, int]
Block = tuple[int, int]
Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A layout as a file of a raw folder: one county, one source."""

    made: Drawn
    county: str
    path: Path


@dataclass(frozen=True)
class Fault:
    """One breach of the law: what kind, and what was seen where."""

    kind: str
    seen: str


def write(laid: Iterable[Layout], folder: Path) -> list[Written]:
    """Write layouts as a raw folder; those for LibreOffice are saved in one run for each format."""
    written = []
    for number, layout in enumerate(laid):
        county = str(100_000 + number)
        (folder / county).mkdir(parents=True)
        made = layouts.lay(layout)
        path = layouts.write(made, folder / county, f"{layout.table}_{layouts.YEAR}")
        written.append(Written(made, county, path))
    written = [*_of_office(written, folder)]
    told = {
        "counties": {one.county: {"zh": f"第{one.county}县", "en": one.county} for one in written},
        "sources": [
            {
                "file": one.path.relative_to(folder).as_posix(),
                "county": one.county,
                "table": one.made.layout.table,
                "year": layouts.YEAR,
            }
            for one in written
        ],
    }
    (folder / "sources.yml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return written


def _of_office(written: list[Written], folder: Path) -> Iterator[Written]:
    """Yield what was written, those for LibreOffice as it saves them."""
    for ending in office.FILTERS:
        mine = [one for one in written if one.made.layout.writer == f"office-{ending}"]
        if mine:
            with TemporaryDirectory() as beside:
                before = [one.path.rename(Path(beside) / f"{one.county}.xlsx") for one in mine]
                after = office.convert(before, ending, Path(beside) / "after")
                for one, path in zip(mine, after, strict=True):
                    target = one.path.with_suffix(f".{ending}")
                    target.write_bytes(path.read_bytes())
                    yield Written(one.made, one.county, target)
    yield from (one for one in written if not one.made.layout.writer.startswith("office"))


def check(laid: Iterable[Layout]) -> Iterator[tuple[Layout, list[Fault]]]:
    """Yield each layout with what breaks the law in it."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        written = write(laid, folder)
        catalogue = sources.load(folder)
        for one in written:
            yield one.made.layout, list(_faults(one, catalogue))


def _faults(one: Written, catalogue: sources.Catalogue) -> Iterator[Fault]:
    refused: list[DataError] = []
    try:
        records = clean(catalogue, one.county, refused)
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is a breach
        yield Fault(f"exception {type(fault).__name__}", str(fault)[:300])
        return
    if refused:
        asked = refused[0].key == "header_doubtful" and one.made.layout.features & {"beside_same", "below_same"}
        if not one.made.refused and not asked:
            yield Fault(f"file refused: {refused[0].key}", str(refused[0]))
        return
    if one.made.refused:
        yield Fault("not refused", f"a file in {one.made.refused} was read")
        return
    read = _Read(one, records)
    counted = _count(one)
    for number, page in enumerate(one.made.pages):
        sheet = read.name(number, page)
        yield from _values(read, page, sheet)
        yield from _accounts(read, page, sheet, counted[number])


@dataclass(frozen=True)
class _Told:
    """A notice: where it is, whether what it is of is not used."""

    rule: str
    sheet: str | None
    row: int | None
    column: str
    place: str
    unused: int
    others: tuple[str, ...] = ()

    def covers(self, cell: Cell) -> bool:
        """Tell whether a cell lies in the notice's place; the whole sheet or file where it has none.

        What stands in columns of `others`, blocks beside the notice's own, does not.
        """
        if any(_within(cell, columns) for columns in self.others):
            return False
        if self.place:
            return any(_within(cell, part) for part in re.split("[,、 ]", self.place) if part)
        return self.row is None or self.row == cell[0] + 1


def _within(cell: Cell, place: str) -> bool:
    edges = _edges(place)
    return edges is not None and edges[0] <= cell[0] <= edges[1] and edges[2] <= cell[1] <= edges[3]


@lru_cache(maxsize=10_000)
def _edges(place: str) -> tuple[float, float, float, float] | None:
    """Return the first and last row and column of a place, counted from 0, None where it is none."""
    found = _PLACE.fullmatch(place)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    right, bottom = (right or left, bottom or top) if ":" in place else (left, top)
    rows = int(top) - 1 if top else 0, int(bottom) - 1 if bottom else math.inf
    return *rows, _number(left) if left else 0, _number(right) if right else math.inf


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class _Read:
    """What was read of a file, by sheet and row."""

    def __init__(self, one: Written, records: Records) -> None:
        self.layout = one.made.layout
        self.text = one.path.suffix == ".csv"
        rows = records.frames()[self.layout.table]
        self.rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in rows.iter_rows(named=True):
            self.rows.setdefault((sheet_of(row["sheet"] or ""), row["row"] - 1), []).append(row)
        self.accounts = records.accounts
        labels = {*rows["sheet"], *records.notices["sheet"], *records.quarantine["sheet"]}
        beside = sorted(label for label in labels if label and label.endswith("]"))
        self.notices = [
            _Told(
                told["rule"],
                sheet_of(told["sheet"] or ""),
                told["row"],
                told["column"] or "",
                told.get("place") or "",
                told.get("unused") or 0,
                tuple(label.split("[")[1][:-1] for label in beside if told["sheet"] == sheet_of(label)),
            )
            for told in records.notices.iter_rows(named=True)
            if told["rule"] != "unregistered"
        ]
        self.sheets = records.accounts["sheet"].to_list()

    def name(self, number: int, page: Page) -> str:
        """Return what the reader calls a sheet: a text file has but one."""
        return (self.sheets[0] if self.sheets else "") if self.text else page.name

    def told(self, sheet: str) -> list[_Told]:
        """Return the notices of a sheet and of its whole file."""
        return [one for one in self.notices if not one.sheet or one.sheet == sheet]


def _values(read: _Read, page: Page, sheet: str) -> Iterator[Fault]:
    told = read.told(sheet)
    unused = [one for one in told if one.unused]
    rows = {row: held for (where, row), held in read.rows.items() if where == sheet}
    records: dict[Block, list[Value]] = {}
    for one in page.values:
        records.setdefault((one.row, one.block), []).append(one)
    for (row, _), values in records.items():
        held = _record(values, rows.get(row, []), sum(where == row for where, _ in records))
        for one in values:
            covering = [notice for notice in told if notice.covers((one.row, one.column))]
            yield from _value(one, held, covering, unused, page)
        for name in _beyond(held, {one.field for one in values}):
            yield Fault("read from elsewhere", f"{sheet} row {row + 1}: {name} {held and held[name]!r}")
    for row in sorted(rows.keys() - {row for row, _ in records}):
        yield Fault("a row that is none", f"{sheet} row {row + 1}: {_brief(rows[row][0])}")
    for cell in sorted(page.unused & page.cells.keys()):
        aside = any(one.row == cell[0] + 1 and (cell[0] not in rows or one.unused > 1) for one in unused)
        if not (aside or any(one.covers(cell) for one in unused)):
            yield Fault("not told as unused", f"{_a1(cell)} {page.cells[cell].value!r} of {sheet}")


def _record(values: list[Value], held: list[Row], blocks: int) -> Row | None:
    """Return the row that was read of a record: of several in one row of the sheet, that of its school."""
    if len(held) <= 1 and blocks == 1:
        return held[0] if held else None
    school = next((one.value for one in values if one.field == "school"), None)
    return next((row for row in held if row.get("school") == school), None)


def _beyond(held: Row | None, known: set[str]) -> list[str]:
    """Return the columns of a row that hold what its file does not."""
    own = {"county", "year", "file", "sheet", "row"}
    return [name for name, value in (held or {}).items() if value is not None and name not in known | own]


def _value(one: Value, held: Row | None, covering: list[_Told], unused: list[_Told], page: Page) -> Iterator[Fault]:
    got, kept = (held or {}).get(one.field), held is not None
    where = f"{one.field} at {_a1((one.row, one.column))}{f' ({one.why})' if one.why else ''}"
    typed = page.cells.get((one.row, one.column))
    said = f"{where}: {typed.value if typed else None!r} is {one.value!r}, read {got!r}"
    here = [notice for notice in covering if notice.unused]
    if got is None:
        if one.value is None or typed is None:
            return
        aside = here or (not kept and any(notice.row == one.row + 1 for notice in unused))
        # Of an error of LibreOffice's other readers see nothing: it counts as no cell, and is told all the same.
        exactly = any(notice.place == _a1((one.row, one.column)) for notice in covering)
        aside = aside or (one.state == "told" and exactly)
        if not aside:
            yield Fault(f"lost: {one.why or 'plain'}", said)
        elif one.state == "right" and not any(notice.rule in _OF_CONTENT for notice in here):
            rules = sorted({notice.rule for notice in here}) if here else ["row"]
            yield Fault(f"told for nothing: {','.join(rules)}", said)
        return
    if not _equal(got, one.value):
        yield Fault(f"wrong: {one.why or 'plain'}", said)
    elif one.state == "told":
        yield Fault(f"taken in silence: {one.why}", said)
    elif one.state == "marked" and not covering:
        yield Fault(f"not marked: {one.why}", said)
    named = [notice for notice in here if notice.place and notice.rule not in _OF_EQUALS]
    if named and typed is not None:
        yield Fault("used and told unused", f"{said}; {named[0]}")


def _equal(got: Any, true: Any) -> bool:
    if isinstance(true, int | float) and isinstance(got, int | float):
        return abs(got - true) <= _SAME * max(abs(true), 1)
    return bool(got == true)


def _accounts(read: _Read, page: Page, sheet: str, counted: int) -> Iterator[Fault]:
    accounts = read.accounts.filter(pl.col("sheet").map_elements(sheet_of, pl.String) == sheet)
    if accounts.is_empty():
        yield Fault("not accounted for", sheet)
        return
    account = accounts.select(pl.col("cells", "used", "unused").sum()).row(0, named=True)
    if account["cells"] != counted:
        yield Fault("cells counted wrongly", f"{sheet}: {account['cells']} cells, another reader finds {counted}")
    if account["cells"] != account["used"] + account["unused"]:
        yield Fault("cells don't add up", f"{sheet}: {account}")
    named = sum(one.unused for one in read.notices if one.sheet == sheet or not one.sheet)
    if named != account["unused"]:
        per_notice = [(one.rule, one.place, one.unused) for one in read.notices if one.unused and one.sheet == sheet]
        yield Fault(
            "unused cells don't add up", f"{sheet}: {account['unused']} unused, {named} named: {per_notice[:6]}"
        )


def _count(one: Written) -> list[int]:
    """Return how many cells of each page another reader finds: openpyxl, calamine, for text the csv module."""
    content, ending = one.path.read_bytes(), one.path.suffix
    if ending == ".csv":
        encoding, separator = one.made.dialect
        rows = csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=separator)
        return [sum(bool(cell.strip()) for row in rows for cell in row)]
    if ending in (".ods", ".xls"):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        return [sum(cell != "" for row in found[page.name] for cell in row) for page in one.made.pages]
    if one.made.layout.writer == "respelled":  # openpyxl can't read every spelling, and they say the same
        bare = "bare_formula" in one.made.layout.features  # then openpyxl wrote it, which writes no empty text
        return [sum(cell.value != "" or not bare for cell in page.cells.values()) for page in one.made.pages]
    sheets = openpyxl.load_workbook(io.BytesIO(content))
    return [
        sum(cell.value is not None for row in sheets[page.name].iter_rows() for cell in row) for page in one.made.pages
    ]


def _a1(cell: Cell) -> str:
    letters, number = "", cell[1] + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{cell[0] + 1}"


def _brief(row: Row) -> str:
    return str({name: value for name, value in row.items() if value is not None and name not in ("county", "file")})[
        :200
    ]


def smallest(layout: Layout, kind: str) -> tuple[Layout, Fault]:
    """Return the layout with as few of its features as still break the law in this way."""
    for feature in sorted(layout.features):
        less = layout.without(feature)
        if any(fault.kind == kind for _, found in check([less]) for fault in found):
            layout = less
    found = next(fault for _, faults in check([layout]) for fault in faults if fault.kind == kind)
    return layout, found


def main() -> None:
    """Check layouts and print each kind of breach, the smallest layout of it, and its number."""
    parser = argparse.ArgumentParser(prog="python -m tests.sample.law", description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--writer", default="", help="one writer for all: csv, openpyxl, office-xls, ...")
    parser.add_argument("--table", default="")
    parser.add_argument("--whole", action="store_true", help="leave layouts as they are drawn")
    asked = parser.parse_args()
    kinds: dict[str, list[Layout]] = {}
    failing = 0
    seeds = range(asked.seed, asked.seed + asked.number)
    for start in range(0, asked.number, 500):
        drawn = [layouts.draw(seed, asked.writer, asked.table) for seed in seeds[start : start + 500]]
        for layout, faults in check(drawn):
            failing += bool(faults)
            for kind in {fault.kind for fault in faults}:
                kinds.setdefault(kind, []).append(layout)
    print(f"{asked.number} layouts from seed {asked.seed}: {failing} break the law")  # noqa: T201 - this is what the command says
    for kind, found in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        first = min(found, key=lambda layout: len(layout.features))
        layout, fault = (first, None) if asked.whole else smallest(first, kind)
        print(f"{len(found):6} {kind}\n       {layout}\n       {fault.seen if fault else ''}")  # noqa: T201


if __name__ == "__main__":
    main()
