"""What an old XLS workbook says beside the values of its cells: errors, formulas without value, formats, hiding.

Its formulas can't be told from mere values. Where they have no result yet they have an empty text, which a formula that
was calculated may well have: only who wrote the workbook tells.
"""

import contextlib
import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import polars as pl
import python_calamine
import xlrd

from analysis.read import formats, runs, unclear_cells, xls_formulas
from analysis.read.facts import WIDE, Package, SheetFacts, check_cells

#: Who writes formulas without calculating them leaves the name of the user out, as libraries do.
_NOBODY = ("", "None")


def open_package(content: bytes, file: str) -> Package:
    """Return what a workbook says; CalamineError where it is none, DataError where a sheet spans too many cells."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    facts_of = _told(content)
    sheets = {}
    for sheet in book.sheets_metadata:
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        page = book.get_sheet_by_name(sheet.name)
        if page.end:
            check_cells(page.end[0] + 1, page.end[1] + 1, file, sheet.name)
        facts = facts_of.get(sheet.name) or SheetFacts(list(page.merged_cell_ranges or []), styled=False)
        facts.visible = sheet.visible == python_calamine.SheetVisibleEnum.Visible
        sheets[sheet.name] = facts
    return Package(sheets, content)


def _told(content: bytes) -> dict[str, SheetFacts]:
    """Return what each sheet says; nothing where only the reader of values understands the file.

    A file that is damaged in its formats alone fails in as many ways as it has bytes: its values can still be read.
    """
    with contextlib.suppress(Exception):
        return _of_book(xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO()), content)
    return {}


def _of_book(book: Any, content: bytes) -> dict[str, SheetFacts]:
    facts_of = {sheet.name: _facts(book, sheet) for sheet in book.sheets()}
    if book.user_name.strip() == xls_formulas.WRITER:
        for facts, unsure in zip(facts_of.values(), xls_formulas.unsure_zeros(content), strict=False):
            facts.texts |= dict.fromkeys(unsure, "=0")
    return facts_of


def with_values(content: bytes, file: str) -> Iterator[tuple[str, SheetFacts, pl.DataFrame]]:
    """Yield the name of each sheet, what it says, and its cells (c0, c1, ...) of text: by a reader that looks at no
    formula, for the usual one gives up on some that it can't parse.

    Raises DataError where a sheet spans too many cells, and whatever else of a file that is damaged.
    """
    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    facts_of = _of_book(book, content)
    for sheet in book.sheets():
        check_cells(sheet.nrows, sheet.ncols, file, sheet.name)
        facts = facts_of[sheet.name]
        facts.visible = sheet.visibility == 0
        rows = [[_text(cell, book.datemode) for cell in sheet.row(number)] for number in range(sheet.nrows)]
        names = [f"c{number}" for number in range(sheet.ncols)]
        full = [row + [None] * (sheet.ncols - len(row)) for row in rows]
        yield sheet.name, facts, pl.DataFrame(full, schema=dict.fromkeys(names, pl.String), orient="row")


def _text(cell: Any, epoch: int) -> str | None:
    """Return a cell as the usual reader gives it."""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "true" if cell.value else "false"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return str(xlrd.xldate.xldate_as_datetime(cell.value, epoch))
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return str(int(cell.value)) if cell.value % 1 == 0 else f"{cell.value:.15g}"  # without the noise of fractions
    return None


def _facts(book: Any, sheet: Any) -> SheetFacts:
    facts = SheetFacts([((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells])
    facts.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0}
    facts.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    odd, looks = _odd_styles(book), _looks(book)
    uncalculated = book.user_name.strip() in _NOBODY
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, kind in enumerate(kinds):
            if kind == xlrd.XL_CELL_ERROR:
                facts.texts[row, column] = xlrd.error_text_from_code.get(values[column], "#VALUE!")
            elif kind == xlrd.XL_CELL_TEXT and values[column] == "" and uncalculated:
                facts.texts[row, column] = "="
            elif kind == xlrd.XL_CELL_NUMBER and odd:
                shape = odd.get(sheet.cell_xf_index(row, column))
                if shape is not None:
                    facts.show(row, column, repr(values[column]), shape)
            if kind == xlrd.XL_CELL_NUMBER and unclear_cells.is_long(values[column]):
                facts.texts[row, column] = unclear_cells.scientific(str(int(values[column])))
            if looks and kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                look = looks.get(book.xf_list[sheet.cell_xf_index(row, column)].font_index, runs.USUAL)
                _look(facts, sheet, row, column, look, looks)
    return facts


def _look(facts: SheetFacts, sheet: Any, row: int, column: int, look: runs.Look, looks: dict[int, runs.Look]) -> None:
    """Note the look of a cell, or of the runs of its text."""
    font_runs = sheet.rich_text_runlist_map.get((row, column), [])
    if not any(font in looks for _, font in font_runs):
        if look:
            facts.looks.setdefault(look, []).append(row * WIDE + column)  # type: ignore[union-attr]
        return
    text, runs_found = sheet.cell_value(row, column), []
    edges = [(0, None), *font_runs, (len(text), None)]
    for (begin, font), (end, _) in pairwise(edges):
        runs_found.append((text[begin:end], None if font is None else looks.get(font, runs.USUAL)))
    facts.texts[row, column] = runs.drawn(runs_found, look)


def _looks(book: Any) -> dict[int, runs.Look]:
    """Return the looks of fonts, by their number, that are not usual."""
    heights = {1: 1, 2: -1}
    looks = {
        number: runs.Look(heights.get(font.escapement, 0), bool(font.struck_out))
        for number, font in enumerate(book.font_list)
    }
    return {number: look for number, look in looks.items() if look}


def _odd_styles(book: Any) -> dict[int, formats.Format]:
    """Return the number formats that are not plain by the number of the cell style that has them."""
    odd_styles = {}
    for number, style in enumerate(book.xf_list):
        format_ = book.format_map.get(style.format_key)
        if format_ is not None and not (shape := formats.parse(format_.format_str)).plain:
            odd_styles[number] = shape
    return odd_styles
