"""Workbooks of the evidence: the one that people fill in, and the register with the schools' folders."""

from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from analysis.brand import brand
from analysis.read.register import columns
from analysis.tell import Report
from analysis.tell.case.case import Case
from analysis.tell.facts.register import register_of
from analysis.tell.findings import Finding
from analysis.tell.parts.table import Table, selected
from analysis.tell.parts.tables.evidence import called

from .meta import Meta, words_of
from .table_sheets import TableSheets
from .whole_workbook import AS_TYPED, WholeWorkbook
from .workbook import HEAD_ROW, LINE, lines, opened, print_across

#: The sheets of the register, each a table of the report, and the columns that each shows (all where it names none).
TABLES = {
    "evidence": ("field", "item", "basis", "document", "number", "page", "holder", "state", "missing"),
    "evidence_missing": (),
    "folder": (),
    "folders": (),
}
#: Widths of columns in characters: of the form that people fill in, and of what is printed on A4.
_FORM = {"id": 24, "item": 32, "known": 30, "document": 30, "number": 18, "holder": 16}
_NARROW = 12
_PRINTED = {
    "item": 32,
    "document": 30,
    "number": 20,
    "holder": 18,
    "missing": 18,
    "proves": 44,
    "code": 12,
    "school": 22,
}
_OTHERS, _BOX = 11, 7


def write_form(case: Case, path: Path) -> None:
    """Write the workbook in which people fill in document, number, page and holder, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeWorkbook(path, AS_TYPED) as book:
        sheet = book.add_worksheet(str(words_of(case.lang)["annex"]["sheets"]["evidence"]))
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": brand().colours["faint"]})
        own = book.add_format(
            {"bg_color": brand().colours["ochre-tint"], "border": 1, "text_wrap": True, "num_format": "@"}
        )
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        small = book.add_format({"text_wrap": True, "valign": "top", "font_size": 8})
        for column, (name, heading) in enumerate(columns().items()):
            sheet.write_string(0, column, heading[case.lang], head)
            sheet.set_column(column, column, _FORM.get(name, _NARROW))
        papers = register_of(case)
        for row, paper in enumerate(papers, start=1):
            shown = {
                "id": paper.finding.id,
                "field": case.word("fields", paper.finding.field),
                "item": called(case, paper),
                "basis": case.word("bases_of_evidence", paper.basis),
                "known": paper.document,
            }
            for column, (name, heading) in enumerate(columns().items()):
                if heading.get("own"):
                    sheet.write_blank(row, column, None, own)
                else:
                    sheet.write_string(row, column, shown[name], small if name == "id" else plain)
            sheet.set_row(row, LINE * max(lines(text, _FORM.get(name, _NARROW)) for name, text in shown.items()))
        sheet.autofilter(0, 0, len(papers), len(columns()) - 1)
        sheet.freeze_panes(1, 3)
        print_across(sheet)


def write(report: Report, path: Path, meta: Meta) -> None:
    """Write the register and what each school's folder holds to `path`."""
    book = opened(path, meta)
    sheets = _Sheets(report, meta, book)
    for name, shown in TABLES.items():
        table = report.table(name)
        if table is not None:
            sheets.put(selected(table, shown) if shown else table, name)
    sheets.spread({str(sheets.words["sheets"]["folders"]): 2})
    book.close()


class _Sheets(TableSheets):
    """The sheets of the register."""

    def __init__(self, report: Report, meta: Meta, book: xlsxwriter.Workbook) -> None:
        super().__init__(report, meta, book)
        self.report = report

    def text(self, sheet: Worksheet, row: int, column: int, text: str | None, **properties: Any) -> None:
        """Write words that break within their column."""
        super().text(sheet, row, column, text, **(properties if row <= HEAD_ROW else {"text_wrap": True} | properties))

    def put(self, table: Table, name: str) -> None:
        """Add a sheet with a table, so narrow that it can be read in print."""
        super().put(table, name)
        widths: list[int] = []
        sheet, boxes = self.book.worksheets()[-1], name == "folders"
        for place, column in enumerate(table.columns):
            numbers = column in ("number", "page") and table.numeric[place]
            wide = _BOX if numbers or (boxes and place > 1) else _PRINTED.get(column, _OTHERS)
            sheet.set_column(place, place, wide)
            widths.append(wide)
        for row, texts in enumerate((table.labels, *([cell.text for cell in cells] for cells in table.body)), HEAD_ROW):
            sheet.set_row(row, LINE * max(lines(text, wide) for text, wide in zip(texts, widths, strict=True)))
        if table.source:
            sheet.set_row(HEAD_ROW + len(table.body) + 2, LINE * lines(table.source, sum(widths)))

    def finding(self, id: str) -> Finding | None:
        """Return the finding that a cell names."""
        return self.report.finding(id)
