"""annex.xlsx: every table of a report, and its coefficients as formulas that a reviewer can follow and change."""

from pathlib import Path

import polars as pl
import xlsxwriter

from analysis import ids, standards
from analysis.brand import brand
from analysis.read.ledger import columns
from analysis.tables import Kind
from analysis.tell import Report
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.chapters.recognition import groups
from analysis.tell.parts.tables import ledger as lines

from .annex_coefficients import coefficients
from .annex_plan import plan_sheets
from .meta import Meta
from .table_sheets import TableSheets
from .workbook import HEAD_ROW, opened, width

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
    "calendar",
    "problems",
    "least_cost",
    "ledger",
    "scope",
    "accounts",
)
#: The one table where nothing but published coefficients is known.
PUBLISHED = "published"


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
        coefficients(annex, report)
    for name in TABLES:
        if name == "ledger":
            annex.ledger()
        else:
            annex.table(name, name)
        if name == "least_cost":
            plan_sheets(annex, report)
    annex.records()
    annex.sources()
    book.close()


class Annex(TableSheets):
    """The sheets that hold the report's own tables and records."""

    def __init__(self, report: Report, meta: Meta, book: xlsxwriter.Workbook) -> None:
        super().__init__(report, meta, book)
        self.report = report

    def table(self, table: str, name: str) -> None:
        """Add a sheet with a table of the report: its values unrounded, shown as the report shows them."""
        built = self.report.table(table)
        if built is not None:
            self.put(built, name)

    def finding(self, id: str) -> Finding | None:
        """Return the finding that a cell names."""
        return self.report.finding(id)

    def ledger(self) -> None:
        """Add the ledger in the columns of the workbook that people fill in, ids and all, with each line's state."""
        report = self.report
        open_lines = [
            line for line in ledger_of(report).lines.to_dicts() if report.may_show(line["school"], line["stage"])
        ]
        if not open_lines:
            return
        labels = [heading[report.lang] for heading in columns().values()] + [str(self.words["ledger_state"])]
        table = report.table("ledger")
        sheet = self.sheet("ledger", table.caption if table else str(self.words["sheets"]["ledger"]), len(labels))
        self.heads(sheet, labels)
        rows = [
            [*map(lines.cells(report, line).get, columns()), report.word("ledger_states", line["state"])]
            for line in open_lines
        ]
        rows += [[line.get(name, "") for name in columns()] + [""] for line in ledger_of(report).own.to_dicts()]
        for row, values in enumerate(rows, HEAD_ROW + 1):
            for column, value in enumerate(values):
                self.any(sheet, row, column, value)
        for column, label in enumerate(labels):
            sheet.set_column(column, column, width([label, *(str(row[column] or "") for row in rows)]))
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(rows), len(labels) - 1)

    def findings(self) -> None:
        """Add the sheet of all findings that are not about one school."""
        labels: dict[str, str] = self.words["findings"]
        hidden = {ids.group(group) for group in groups(self.report)[1]}
        every = [finding for finding in (*self.report.now, *self.report.now.plan) if finding.school is None]
        shown = [finding for finding in every if finding.item not in hidden]
        sheet = self.sheet("findings", str(self.words["sheets"]["findings"]), len(labels))
        self.heads(sheet, list(labels.values()))
        word = self.report.word
        for row, finding in enumerate(shown, HEAD_ROW + 1):
            words = (
                word("fields", finding.field),
                standards.label(self.report.standard_of(finding), finding.item, self.report.lang),
                word("stages", finding.stage) if finding.stage else "",
                word("subjects", finding.subject) if finding.subject else "",
                word("grades", str(finding.grade)) if finding.grade else "",
            )
            for column, text in enumerate(words):
                self.text(sheet, row, column, text)
            if finding.data_year is not None:
                sheet.write_number(row, 5, finding.data_year, self.format())
            for column, value in ((6, finding.value), (7, finding.target), (8, finding.margin)):
                if finding.kind == Kind.LEVEL and value is not None:
                    # A level stays a number and shows its numeral; how far it lies from its target is none.
                    numeral = "0" if column == 8 else f'"{numbers.level(value, self.report.lang)}"'
                    sheet.write_number(row, column, value, self.format(num_format=numeral))
                elif value is not None:
                    number = numbers.of(
                        finding, value, self.report.standard_of(finding), self.report.lang, judged=False
                    )
                    self.number(sheet, row, column, value, number)
            self.text(sheet, row, 9, word("verdicts", finding.verdict), align="center")
            self.text(sheet, row, 10, word("reasons", finding.reason) if finding.reason else "")
            self.text(sheet, row, 11, finding.id, font_color=brand().colours["muted"])
        last = HEAD_ROW + len(shown)
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
