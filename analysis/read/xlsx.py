"""What only the XML of an XLSX workbook says: merges, formulas without value, errors, hidden sheets, formats."""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import polars as pl
from lxml import etree

from analysis.errors import DataError

#: A merged range: its first and last cell as (row, column), counted from 0.
Merge = tuple[tuple[int, int], tuple[int, int]]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: One cell: its reference, its attributes, what it holds.
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FIRST = re.compile(rb'<row [^>]*>\s*<c r="([A-Z]+)\d+"')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<v[^>]*>([^<]+)</v>")
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>|<f[^>]*/>")
#: A cell that holds something: an empty one closes itself.
_FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"(?:[^>]*[^/>])?>')
_FAR = re.compile(rb'<c r="[A-Z]{3}\d+"(?:[^>]*[^/>])?>')
#: A sheet that spans more cells than this, filled or not, can't be laid out in memory.
MOST_CELLS = 25_000_000
#: A part of a workbook that unpacks to more bytes than this is no statistic.
MOST_BYTES = 2**30
_TWO_LETTERS = 702
_STYLE = re.compile(rb'\bs="(\d+)"')
_BUILT_IN_PERCENT = (9, 10)
_BUILT_IN_TWO_DECIMALS = (2, 4)


@dataclass(frozen=True)
class Package:
    """A workbook's XML: the bytes of each sheet, and which cell styles mean percent or two decimals."""

    sheets: dict[str, bytes] = field(repr=False)
    hidden: frozenset[str]
    percent: frozenset[int]
    two_decimals: frozenset[int]

    def visible(self, name: str) -> bool:
        """Tell whether a sheet is shown."""
        return name not in self.hidden

    def merges(self, name: str) -> list[Merge]:
        """Return a sheet's merged ranges."""
        found = _MERGE.findall(self.sheets.get(name, b""))
        return [((_row(top), _column(first)), (_row(bottom), _column(last))) for first, top, last, bottom in found]

    def left(self, name: str) -> int:
        """Return the number of the leftmost column that holds a cell, counted from 0."""
        return min(map(_column, set(_FIRST.findall(self.sheets.get(name, b"")))), default=0)

    def mark(self, name: str, cells: pl.DataFrame, left: int) -> pl.DataFrame:
        """Return a sheet's cells with what the reader hides made visible.

        An error value (#DIV/0!) and a formula without a stored value become text, a number shown as a percentage
        becomes "85.3%", and a number shown with two decimals keeps them (2018.10 is no 2018.1).
        """
        content = self.sheets.get(name, b"")
        styled = self.percent | self.two_decimals
        if not (b"<f" in content or b't="e"' in content or styled):
            return cells
        changed: dict[str, dict[int, str]] = {}
        for letters, row, attributes, inside in _CELL.findall(content):
            text = self._text(attributes, inside)
            place = f"c{_column(letters) - left}"
            if text is not None and place in cells.columns and int(row) <= cells.height:
                changed.setdefault(place, {})[int(row) - 1] = text
        return written(cells, changed)

    def _text(self, attributes: bytes, inside: bytes) -> str | None:
        value = _VALUE.search(inside)
        if b't="e"' in attributes:
            return value[1].decode() if value else "#VALUE!"
        if value is None:
            formula = _FORMULA.search(inside)
            return "=" + (formula[1] or b"").decode() if formula and b't="str"' not in attributes else None
        style = _STYLE.search(attributes)
        if style is None or (b't="' in attributes and b't="n"' not in attributes):
            return None
        number = int(style[1])
        try:
            if number in self.percent:
                return f"{(Decimal(repr(float(value[1]))) * 100).normalize():f}%"
            if number in self.two_decimals:
                short = Decimal(repr(float(value[1])))
                return f"{short:.2f}" if short == round(short, 2) else None
        except (ValueError, InvalidOperation):
            return None
        return None


def written(cells: pl.DataFrame, changed: dict[str, dict[int, str]]) -> pl.DataFrame:
    """Return cells with other text in some: column -> row, counted from 0 -> text."""
    return cells.with_columns(
        [cells[name].clone().scatter(list(found), list(found.values())) for name, found in changed.items()]
    )


def _row(number: bytes) -> int:
    return int(number) - 1


def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def column_number(letters: str) -> int:
    """Return the number of a column, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def open_package(content: bytes, file: str) -> Package:
    """Return what the XML of a workbook says; DataError where it is no whole workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = etree.fromstring(archive.read("xl/workbook.xml"))
            check_size(archive, file)
            targets = _targets(archive)
            percent, two_decimals = _styles(archive)
            sheets, hidden = {}, set()
            for sheet in book.iter(f"{_MAIN}sheet"):
                name, target = sheet.get("name"), targets.get(sheet.get(_RELATION), "")
                if sheet.get("state", "visible") != "visible":
                    hidden.add(name)
                elif target in archive.namelist():
                    sheets[name] = archive.read(target)
                    _check_span(sheets[name], file, str(name))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, zlib.error, EOFError, OSError) as error:
        raise DataError("file_broken", file=file, reason=type(error).__name__) from error
    return Package(sheets, frozenset(hidden), percent, two_decimals)


def check_size(archive: zipfile.ZipFile, file: str) -> None:
    """Raise DataError where a part of a workbook unpacks to more than can be read."""
    for part in archive.infolist():
        if part.file_size > MOST_BYTES:
            raise DataError("file_too_large", file=file, limit=MOST_BYTES // 2**20)


def check_cells(rows: int, columns: int, file: str, sheet: str) -> None:
    """Raise DataError where a sheet spans too many cells, naming the last, which is most often a stray one."""
    if rows * columns > MOST_CELLS:
        cell = f"{column_letters(columns - 1)}{rows}"
        raise DataError("sheet_too_wide", file=file, sheet=sheet, cell=cell)


def _check_span(content: bytes, file: str, sheet: str) -> None:
    at = content.rfind(b'<row r="')
    last = int(re.match(rb"\d+", content[at + 8 : at + 20])[0]) if at >= 0 else 0  # type: ignore[index]
    if last * _TWO_LETTERS <= MOST_CELLS and not _FAR.search(content):
        return
    rows = columns = 0
    for letters, row in _FILLED.findall(content):
        rows, columns = max(rows, int(row)), max(columns, _column(letters) + 1)
    check_cells(rows, columns, file, sheet)


def _targets(archive: zipfile.ZipFile) -> dict[str | None, str]:
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    return {one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", "")))[1:] for one in relations}


def _styles(archive: zipfile.ZipFile) -> tuple[frozenset[int], frozenset[int]]:
    if "xl/styles.xml" not in archive.namelist():
        return frozenset(), frozenset()
    styles = etree.fromstring(archive.read("xl/styles.xml"))
    codes = {int(one.get("numFmtId")): one.get("formatCode", "") for one in styles.iter(f"{_MAIN}numFmt")}
    used = [int(one.get("numFmtId", 0)) for group in styles.iter(f"{_MAIN}cellXfs") for one in group]
    percent = [number for number, code in enumerate(used) if code in _BUILT_IN_PERCENT or "%" in codes.get(code, "")]
    decimals = [
        number
        for number, code in enumerate(used)
        if code in _BUILT_IN_TWO_DECIMALS or re.match(r"[#,0]*0\.00(?!0)[^%]*$", codes.get(code, ""))
    ]
    return frozenset(percent), frozenset(decimals)
