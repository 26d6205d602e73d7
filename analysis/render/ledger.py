"""The workbook in which people fill in measures, holder and date of the ledger's lines."""

from pathlib import Path

import polars as pl

from analysis.brand import brand
from analysis.read.ledger import columns
from analysis.tell.case.case import Case
from analysis.tell.parts.tables.ledger import cells

from .meta import words_of
from .whole_workbook import AS_TYPED, WholeWorkbook
from .workbook import print_across

_WIDE = {"id": 18, "school": 22, "item": 28, "measure": 36, "holder": 16}
#: What people alone fill in: nothing stands there beforehand.
_LEFT = ("measure", "person", "date")
#: Blank rows for lines of people's own, and the number of A4 paper.
_BLANK = 20


def write(case: Case, path: Path, lines: pl.DataFrame) -> None:
    """Write a workbook of some lines of a report's ledger to `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeWorkbook(path, AS_TYPED) as book:
        sheet = book.add_worksheet(str(words_of(case.lang)["annex"]["sheets"]["ledger"]))
        edge = {"border": 1, "border_color": "#BFBFBF", "text_wrap": True, "valign": "top"}
        head = book.add_format({"bold": True, "bg_color": brand().colours["faint"]} | edge)
        plain, small = book.add_format(edge), book.add_format(edge | {"font_size": 8, "font_color": "#7F7F7F"})
        own = book.add_format({"bg_color": brand().colours["ochre-tint"], "num_format": "@"} | edge)
        for column, (name, heading) in enumerate(columns().items()):
            sheet.write_string(0, column, heading[case.lang], head)
            sheet.set_column(column, column, _WIDE.get(name, 12))
        for row, line in enumerate(lines.iter_rows(named=True), start=1):
            shown = cells(case, line)
            for column, (name, heading) in enumerate(columns().items()):
                look = own if heading.get("own") else small if name == "id" else plain
                sheet.write(row, column, shown[name] if name not in _LEFT else None, look)
        last = lines.height + _BLANK
        for row in range(lines.height + 1, last + 1):  # for lines of people's own
            for column, heading in enumerate(columns().values()):
                sheet.write_blank(row, column, None, own if heading.get("own") or heading.get("free") else plain)
        sheet.autofilter(0, 0, last, len(columns()) - 1)
        sheet.freeze_panes(1, 2)
        print_across(sheet)
