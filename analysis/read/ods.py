"""What only the XML of an ODS workbook says: merges, percentages, errors, hidden sheets."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
from lxml import etree

from analysis.errors import DataError
from analysis.read.xlsx import Merge, check_cells, check_size, written

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_REPEATED_ROWS = f"{_TABLE}number-rows-repeated"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


@dataclass(frozen=True)
class Package:
    """A workbook's sheets: merged ranges, leftmost columns, and the text of cells whose value hides it."""

    ranges: dict[str, list[Merge]]
    lefts: dict[str, int]
    texts: dict[str, dict[tuple[int, int], str]]
    hidden: frozenset[str]

    def visible(self, name: str) -> bool:
        """Tell whether a sheet is shown."""
        return name not in self.hidden

    def left(self, name: str) -> int:
        """Return the number of the leftmost column that holds a cell."""
        return self.lefts.get(name, 0)

    def merges(self, name: str) -> list[Merge]:
        """Return a sheet's merged ranges."""
        return self.ranges.get(name, [])

    def mark(self, name: str, cells: pl.DataFrame, left: int) -> pl.DataFrame:
        """Return the cells with percentages and errors as they are shown."""
        changed: dict[str, dict[int, str]] = {}
        for (row, column), text in self.texts.get(name, {}).items():
            if f"c{column - left}" in cells.columns and row < cells.height:
                changed.setdefault(f"c{column - left}", {})[row] = text
        return written(cells, changed)


def open_package(content: bytes, file: str) -> Package:
    """Return what the XML of a workbook says; DataError where it is no whole workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_size(archive, file)
            root = etree.fromstring(archive.read("content.xml"), etree.XMLParser(huge_tree=True))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, zlib.error, EOFError, OSError) as error:
        raise DataError("file_broken", file=file, reason=type(error).__name__) from error
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    package = Package({}, {}, {}, frozenset(_hidden(root, unseen)))
    for sheet in root.iter(f"{_TABLE}table"):
        name = str(sheet.get(f"{_TABLE}name"))
        check_cells(*_read(sheet, name, package), file, name)
    return package


def _hidden(root: Any, unseen: set[str]) -> list[str]:
    return [one.get(f"{_TABLE}name") for one in root.iter(f"{_TABLE}table") if one.get(f"{_TABLE}style-name") in unseen]


def _read(sheet: Any, name: str, package: Package) -> tuple[int, int]:
    """Note what a sheet's cells hide; return how many rows and columns it spans."""
    row, lefts, rows, columns = 0, [], 0, 0
    package.ranges[name], package.texts[name] = [], {}
    for line in sheet.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            if cell.tag not in _CELLS:
                continue
            repeated = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            if len(cell):
                lefts.append(column)
                rows, columns = row + int(line.get(_REPEATED_ROWS, 1)), max(columns, column + repeated)
                _note(cell, row, column, repeated, name, package)
            column += repeated
        row += int(line.get(_REPEATED_ROWS, 1))
    package.lefts[name] = min(lefts, default=0)
    return rows, columns


def _note(cell: Any, row: int, column: int, repeated: int, name: str, package: Package) -> None:
    down = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
    across = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
    if down * across > 1:
        package.ranges[name].append(((row, column), (row + down - 1, column + across - 1)))
    text = None
    if cell.get(f"{_OFFICE}value-type") == "percentage":
        text = f"{(Decimal(cell.get(f'{_OFFICE}value')) * 100).normalize():f}%"
    elif re.fullmatch(r"\d{4}\.\d0", shown := "".join(cell.itertext())):
        text = shown  # 2018.10 is no 2018.1
    elif cell.get(f"{_CALC}value-type") == "error":
        text = "".join(cell.itertext()) or "#VALUE!"
    if text is not None:
        package.texts[name].update({(row, column + step): text for step in range(repeated)})
