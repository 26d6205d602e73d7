"""What only the XML of an ODS workbook says: merges, percentages, errors, hidden sheets."""

import re
from decimal import Decimal
from typing import Any

from analysis.errors import DataError
from analysis.read.facts import Package, SheetFacts, check_cells
from analysis.read.parts import Parts, readable, root_of

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_REPEATED_ROWS = f"{_TABLE}number-rows-repeated"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def open_package(content: bytes, file: str) -> Package:
    """Return what the XML of a workbook says; DataError where it is no whole workbook."""
    parts = Parts(content, file)
    if "content.xml" not in parts:
        raise DataError("file_broken", file=file, reason="content.xml")
    with readable(file):
        root = root_of(parts.read("content.xml"))
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    found = {}
    for sheet in root.iter(f"{_TABLE}table"):
        name = str(sheet.get(f"{_TABLE}name"))
        told = _read(sheet)
        told.visible = sheet.get(f"{_TABLE}style-name") not in unseen
        check_cells(told.rows, told.columns, file, name)
        found[name] = told
    return Package(found, content)


def _read(sheet: Any) -> SheetFacts:
    """Return what a sheet's cells hide, and how many rows and columns it spans."""
    row, told = 0, SheetFacts()
    for line in sheet.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            if cell.tag not in _CELLS:
                continue
            repeated = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            if len(cell):
                told.rows = row + int(line.get(_REPEATED_ROWS, 1))
                told.columns = max(told.columns, column + repeated)
                _note(cell, row, column, repeated, told)
            column += repeated
        row += int(line.get(_REPEATED_ROWS, 1))
    return told


def _note(cell: Any, row: int, column: int, repeated: int, told: SheetFacts) -> None:
    down = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
    across = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
    if down * across > 1:
        told.merges.append(((row, column), (row + down - 1, column + across - 1)))
    text = None
    if cell.get(f"{_OFFICE}value-type") == "percentage":
        text = f"{(Decimal(cell.get(f'{_OFFICE}value')) * 100).normalize():f}%"
    elif re.fullmatch(r"\d{4}\.\d0", shown := "".join(cell.itertext())):
        text = shown  # 2018.10 is no 2018.1
    elif cell.get(f"{_CALC}value-type") == "error":
        text = "".join(cell.itertext()) or "#VALUE!"
    if text is not None:
        told.texts.update({(row, column + step): text for step in range(repeated)})
