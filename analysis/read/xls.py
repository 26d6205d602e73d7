"""What calamine says of an old XLS workbook beside the values of its cells. Number formats are not among it."""

import io

import python_calamine

from analysis.read.facts import Package, SheetFacts, check_cells


def open_package(content: bytes, file: str) -> Package:
    """Return what a workbook says; CalamineError where it is none, DataError where a sheet spans too many cells."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = python_calamine.SheetVisibleEnum.Visible
    found = {}
    for told in book.sheets_metadata:
        if told.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(told.name)
        facts = SheetFacts(list(sheet.merged_cell_ranges or []), visible=told.visible == visible)
        if sheet.end:
            check_cells(sheet.end[0] + 1, sheet.end[1] + 1, file, told.name)
        found[told.name] = facts
    return Package(found, content)
