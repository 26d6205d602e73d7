"""The workbook in which people fill in measures, holder and date of the ledger's lines."""

from pathlib import Path

import polars as pl

from analysis.brand import brand
from analysis.read.ledger import columns
from analysis.tell.case.case import Case
from analysis.tell.parts.tables.ledger import cells

from .meta import words_of
from .whole import AS_TYPED, WholeWorkbook

_WIDE = {"id": 44, "school": 24, "item": 30, "measure": 40}


def write(case: Case, path: Path, lines: pl.DataFrame) -> None:
    """Write a workbook of some lines of a report's ledger to `path`, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeWorkbook(path, AS_TYPED) as book:
        sheet = book.add_worksheet(str(words_of(case.lang)["annex"]["sheets"]["ledger"]))
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": brand().colours["faint"]})
        own = book.add_format(
            {"bg_color": brand().colours["ochre-tint"], "border": 1, "text_wrap": True, "num_format": "@"}
        )
        for column, (name, heading) in enumerate(columns().items()):
            sheet.write_string(0, column, heading[case.lang], head)
            sheet.set_column(column, column, _WIDE.get(name, 14))
        for row, line in enumerate(lines.iter_rows(named=True), start=1):
            shown = cells(case, line)
            for column, (name, heading) in enumerate(columns().items()):
                if heading.get("own"):
                    sheet.write_blank(row, column, None, own)
                elif shown[name] is not None:
                    sheet.write(row, column, shown[name])
        sheet.freeze_panes(1, 1)
