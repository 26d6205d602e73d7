"""Sheets that hold tables of a document: values unrounded, shown as the document shows them."""

from abc import abstractmethod
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis.standards import Sense
from analysis.tables import Verdict
from analysis.tell import Table
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import CLASS_OF

from .workbook import HEAD_ROW, WIDEST, Workbook, breadth, width

#: What a value does that misses a target of this sense.
FAILS = {Sense.AT_LEAST: "<", Sense.AT_MOST: ">", Sense.BELOW: ">=", Sense.ABOVE: "<="}


class TableSheets(Workbook):
    """A workbook of a document's tables and of the files behind them."""

    @abstractmethod
    def finding(self, id: str) -> Finding | None:
        """Return the finding that a cell names."""

    def put(self, table: Table, name: str) -> None:
        """Add a sheet with a table, as `table` does."""
        sheet = self.sheet(name, table.caption, len(table.labels))
        self.heads(sheet, table.labels)
        values = table.frame.select(table.columns).rows()
        for row, cells in enumerate(table.body, HEAD_ROW + 1):
            for column, cell in enumerate(cells):
                value = values[row - HEAD_ROW - 1][column]
                if cell.number and isinstance(value, int | float):
                    self.number(sheet, row, column, value, cell.text)
                else:
                    wraps = {"text_wrap": True} if breadth(cell.text) > WIDEST else {}
                    self.text(sheet, row, column, cell.text, align="right" if cell.number else "left", **wraps)
            self.wrapped(sheet, row, [(cell.text, WIDEST) for cell in cells if not cell.number])
        last = HEAD_ROW + len(table.body)
        self.failing(sheet, table)
        for column, label in enumerate(table.labels):
            shown = [label, *(cells[column].text for cells in table.body)]
            sheet.set_column(column, column, width(shown))
        sheet.autofilter(HEAD_ROW, 0, last, len(table.labels) - 1)
        if table.source:
            self.note(sheet, last + 2, table.source, len(table.labels))

    def failing(self, sheet: Worksheet, table: Table) -> None:
        """Shade what fails by conditional format: words by their verdict, figures by the target of their finding."""
        last = HEAD_ROW + len(table.body)
        for column in range(len(table.labels)):
            cells = [row[column] for row in table.body]
            if not any(cell.verdict for cell in cells):
                continue
            if not any(cell.number for cell in cells):
                self.verdicts(sheet, column, last)
                continue
            findings = [self.finding(cell.finding) for cell in cells]
            targets = {
                (finding.target, numbers.sense_of(finding, self.setting.standard_of(finding)))
                for finding in findings
                if finding
            }
            if len(targets) == 1:
                self.below(sheet, (HEAD_ROW + 1, last), column, *targets.pop())
                continue
            for row, (cell, finding) in enumerate(zip(cells, findings, strict=True), HEAD_ROW + 1):
                if finding and cell.verdict in CLASS_OF:
                    self.below(
                        sheet,
                        (row, row),
                        column,
                        finding.target,
                        numbers.sense_of(finding, self.setting.standard_of(finding)),
                    )

    def below(
        self, sheet: Worksheet, rows: tuple[int, int], column: int, target: float | None, sense: Sense | None
    ) -> None:
        """Shade the cells of `rows` that miss a target; nothing where there is none."""
        if target is None or sense is None:
            return
        here = cell_name(rows[0], column)
        criteria = f"=AND(ISNUMBER({here}),{here}{FAILS[sense]}{target!r})"
        rule = {"type": "formula", "criteria": criteria, "format": self.shade(Verdict.NOT_MET)}
        sheet.conditional_format(rows[0], column, rows[1], column, rule)

    def sources(self) -> None:
        """Add the sources with their SHA-256."""
        labels: dict[str, str] = self.words["sources"]
        sheet = self.sheet("sources", str(self.words["sheets"]["sources"]), len(labels))
        self.heads(sheet, list(labels.values()))
        for row, source in enumerate(self.setting.source_files, HEAD_ROW + 1):
            for column, key in enumerate(labels):
                self.any(sheet, row, column, getattr(source, key))
        for column, wide in enumerate((34, 40, 26, 12, 14, 8, 10, 68)):
            sheet.set_column(column, column, wide)

    def any(self, sheet: Worksheet, row: int, column: int, value: Any, *, wraps: bool = False) -> None:
        """Write a value of a record; `wraps` has a long text take several lines."""
        if isinstance(value, bool):
            self.text(sheet, row, column, str(self.words["answers"][str(value).lower()]))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.format())
        elif isinstance(value, list):
            self.text(sheet, row, column, "; ".join(map(str, value)), text_wrap=wraps)
        else:
            self.text(sheet, row, column, value, text_wrap=wraps)
