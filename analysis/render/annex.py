"""annex.xlsx: every table of a report, and its coefficients as formulas that a reviewer can follow and change."""

from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis import standards
from analysis.read.ledger import columns
from analysis.standards import Sense
from analysis.tell import Report, Table
from analysis.tell.facts import ledger as lines
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.brand import brand
from analysis.tell.parts.chapters.recognition import PREFIX, groups
from analysis.tell.parts.table import CLASS_OF

from .annex_coefficients import coefficients
from .meta import Meta
from .workbook import HEAD_ROW, Workbook, opened, width

#: Tables of the report that become sheets as they are, in this order; the first comes before our own sheets.
FIRST = "fields"
TABLES = (
    "schools_primary",
    "schools_junior",
    "monitoring",
    "items_entry",
    "items_government",
    "items_quality",
    "evidence",
    "recognition",
    "plan",
    "milestones",
    "improvement",
    "yearly",
    "problems",
    "ledger",
    "scope",
    "accounts",
)
#: The one table where nothing but published coefficients is known.
PUBLISHED = "published"
#: What a value does that misses a target of this sense.
FAILS = {Sense.AT_LEAST: "<", Sense.AT_MOST: ">", Sense.BELOW: ">=", Sense.ABOVE: "<="}


def write(report: Report, path: Path, meta: Meta) -> None:
    """Write the workbook of `report` to `path`; the same bytes for the same report.

    Every coefficient is a formula over amounts and enrolments with its value stored beside, so it is there also before
    anything is calculated. To the public, sheets with single schools hold what the report shows, and no formula.
    """
    book = opened(path, meta)
    annex = Annex(report, meta, book)
    annex.table(FIRST, "conclusion")
    annex.findings()
    if report.records.schools.is_empty():
        annex.table(PUBLISHED, "coefficients")
    elif not report.public:
        coefficients(annex)
    for name in TABLES:
        if name == "ledger":
            annex.ledger()
        else:
            annex.table(name, name)
    annex.records()
    annex.sources()
    book.close()


class Annex(Workbook):
    """The sheets that hold the report's own tables and records."""

    def table(self, table: str, name: str) -> None:
        """Add a sheet with a table of the report: its values unrounded, shown as the report shows them."""
        made = self.report.table(table)
        if made is not None:
            self.put(made, name)

    def finding(self, id: str) -> Finding | None:
        """Return the finding that a cell names."""
        return self.report.finding(id)

    def put(self, made: Table, name: str) -> None:
        """Add a sheet with a table, as `table` does."""
        sheet = self.sheet(name, made.caption, len(made.labels))
        self.heads(sheet, made.labels)
        values = made.frame.select(made.columns).rows()
        for row, cells in enumerate(made.body, HEAD_ROW + 1):
            for column, cell in enumerate(cells):
                value = values[row - HEAD_ROW - 1][column]
                if cell.number and isinstance(value, int | float):
                    self.number(sheet, row, column, value, cell.text)
                else:
                    self.text(sheet, row, column, cell.text, align="right" if cell.number else "left")
        last = HEAD_ROW + len(made.body)
        self.failing(sheet, made)
        for column, label in enumerate(made.labels):
            shown = [label, *(cells[column].text for cells in made.body)]
            sheet.set_column(column, column, width(shown))
        sheet.autofilter(HEAD_ROW, 0, last, len(made.labels) - 1)
        if made.source:
            self.text(sheet, last + 2, 0, made.source, font_color=brand().colours["muted"])

    def ledger(self) -> None:
        """Add the ledger in the columns of the workbook that people fill in, ids and all, with each line's state."""
        report = self.report
        found = [one for one in report.ledger.lines.to_dicts() if report.may_show(one["school"], one["stage"])]
        if not found:
            return
        labels = [told[report.lang] for told in columns().values()] + [str(self.words["ledger_state"])]
        made = report.table("ledger")
        sheet = self.sheet("ledger", made.caption if made else str(self.words["sheets"]["ledger"]), len(labels))
        self.heads(sheet, labels)
        rows = [
            [*map(lines.cells(report, one).get, columns()), report.word("ledger_states", one["state"])] for one in found
        ]
        for row, values in enumerate(rows, HEAD_ROW + 1):
            for column, value in enumerate(values):
                self.any(sheet, row, column, value)
        for column, label in enumerate(labels):
            sheet.set_column(column, column, width([label, *(str(row[column] or "") for row in rows)]))
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(rows), len(labels) - 1)

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
            found = [self.finding(cell.finding) for cell in cells]
            targets = {(one.target, numbers.sense_of(one, self.report.standard_of(one))) for one in found if one}
            if len(targets) == 1:
                self.below(sheet, (HEAD_ROW + 1, last), column, *targets.pop())
                continue
            for row, (cell, finding) in enumerate(zip(cells, found, strict=True), HEAD_ROW + 1):
                if finding and cell.verdict in CLASS_OF:
                    self.below(
                        sheet,
                        (row, row),
                        column,
                        finding.target,
                        numbers.sense_of(finding, self.report.standard_of(finding)),
                    )

    def below(
        self, sheet: Worksheet, rows: tuple[int, int], column: int, target: float | None, sense: Sense | None
    ) -> None:
        """Shade the cells of `rows` that miss a target; nothing where there is none."""
        if target is None or sense is None:
            return
        here = cell_name(rows[0], column)
        criteria = f"=AND(ISNUMBER({here}),{here}{FAILS[sense]}{target!r})"
        rule = {"type": "formula", "criteria": criteria, "format": self.shade("not_met")}
        sheet.conditional_format(rows[0], column, rows[1], column, rule)

    def findings(self) -> None:
        """Add the sheet of all findings that are not about one school."""
        labels: dict[str, str] = self.words["findings"]
        hidden = {f"{PREFIX}_{one}" for one in groups(self.report)[1]}
        every = [one for one in (*self.report.now, *self.report.now.plan) if one.school is None]
        found = [one for one in every if one.item not in hidden]
        sheet = self.sheet("findings", str(self.words["sheets"]["findings"]), len(labels))
        self.heads(sheet, list(labels.values()))
        word = self.report.word
        for row, one in enumerate(found, HEAD_ROW + 1):
            words = (
                word("fields", one.field),
                standards.label(self.report.standard_of(one), one.item, self.report.lang),
                word("stages", one.stage) if one.stage else "",
                word("subjects", one.subject) if one.subject else "",
                word("grades", str(one.grade)) if one.grade else "",
            )
            for column, text in enumerate(words):
                self.text(sheet, row, column, text)
            if one.data_year is not None:
                sheet.write_number(row, 5, one.data_year, self.format())
            for column, value in ((6, one.value), (7, one.target), (8, one.margin)):
                if one.item == "level" and value is not None:
                    self.number(sheet, row, column, value, "0")
                elif value is not None:
                    told = numbers.of(one, value, self.report.standard_of(one), self.report.lang, judged=False)
                    self.number(sheet, row, column, value, told)
            self.text(sheet, row, 9, word("verdicts", one.verdict), align="center")
            self.text(sheet, row, 10, word("reasons", one.reason) if one.reason else "")
            self.text(sheet, row, 11, one.id, font_color=brand().colours["muted"])
        last = HEAD_ROW + len(found)
        self.verdicts(sheet, 9, last)
        for column, wide in enumerate((14, 34, 10, 12, 9, 10, 12, 12, 12, 12, 34, 44)):
            sheet.set_column(column, column, wide)
        sheet.autofilter(HEAD_ROW, 0, last, len(labels) - 1)

    def records(self) -> None:
        """Add what was mended or marked, and what was set aside, as it stood."""
        this_year = pl.col("year") == self.report.year
        for name in ("notices", "quarantine"):
            frame = getattr(self.report.records, name).filter(this_year)
            labels: dict[str, str] = self.words[name]
            if self.report.public or frame.is_empty():
                continue
            sheet = self.sheet(name, str(self.words["sheets"][name]), len(labels))
            self.heads(sheet, list(labels.values()))
            for row, values in enumerate(frame.select(list(labels)).iter_rows(), HEAD_ROW + 1):
                for column, value in enumerate(values):
                    self.any(sheet, row, column, value)
            for column in range(len(labels)):
                sheet.set_column(column, column, 18 if column < len(labels) - 1 else 60)

    def sources(self) -> None:
        """Add the sources with their SHA-256."""
        labels: dict[str, str] = self.words["sources"]
        sheet = self.sheet("sources", str(self.words["sheets"]["sources"]), len(labels))
        self.heads(sheet, list(labels.values()))
        for row, source in enumerate(self.report.source_files, HEAD_ROW + 1):
            for column, key in enumerate(labels):
                self.any(sheet, row, column, getattr(source, key))
        for column, wide in enumerate((34, 40, 26, 12, 14, 8, 10, 68)):
            sheet.set_column(column, column, wide)

    def any(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        """Write a value of a record."""
        if isinstance(value, bool):
            self.text(sheet, row, column, str(self.words["answers"][str(value).lower()]))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.format())
        elif isinstance(value, list):
            self.text(sheet, row, column, "; ".join(map(str, value)))
        else:
            self.text(sheet, row, column, value)
