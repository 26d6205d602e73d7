"""annex.xlsx: every table of a report, and the way to its verdict as formulas that a reviewer can follow and change."""

from pathlib import Path

import polars as pl
import xlsxwriter

from analysis.read.ledger import columns
from analysis.tables import Kind
from analysis.tell import Report
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.findings import Finding
from analysis.tell.parts.tables import ledger as lines

from .annex_coefficients import StageSheet, coefficients
from .annex_findings import FindingsSheet
from .annex_plan import plan_sheets
from .annex_rule import rule_sheets
from .meta import Meta
from .table_sheets import TableSheets
from .workbook import HEAD_ROW, Worked, opened, width

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
#: Columns that stand on each page of a sheet that is wider than one, where the first alone tells no row from another.
LEFT = {"evidence": 2, "problems": 4, "ledger": 3, "plan_schools": 4}
#: The one table where nothing but published coefficients is known.
PUBLISHED = "published"
#: Width of the column that holds a record as it stood.
RECORD = 60


def write(report: Report, path: Path, meta: Meta) -> None:
    """Write the workbook of `report` to `path`; the same bytes for the same report.

    Coefficients, the school rule, and the verdicts of items, fields and county are formulas over amounts and enrolments
    with their values stored beside, so they are there also before anything is calculated. To the public, sheets with
    single schools hold what the report shows, and no formula.
    """
    book = opened(path, meta)
    annex = Annex(report, meta, book)
    contents = annex.contents()
    annex.table(FIRST, "conclusion")
    findings = FindingsSheet(annex, report)
    stages: dict[str, StageSheet] = {}
    if report.records.schools.is_empty():
        annex.table(PUBLISHED, "coefficients")
    elif not report.public:
        stages = coefficients(annex, report, findings.verdict)
    findings.fill(stages, rule_sheets(annex, report, stages))
    for name in TABLES:
        if name == "ledger":
            annex.ledger()
        else:
            annex.table(name, name)
        if name == "least_cost":
            plan_sheets(annex, report)
    annex.records()
    annex.sources()
    annex.list_sheets(contents, () if report.public else _verdicts(report, findings))
    annex.spread({str(annex.words["sheets"][name]): many for name, many in LEFT.items()})
    book.close()


def _verdicts(report: Report, findings: FindingsSheet) -> list[Worked]:
    """Return the verdicts on the county and its fields, each by the cell in which it is worked out."""
    wholes = [finding for finding in report.now if finding.kind == Kind.ALL and findings.verdict(finding.id)]
    return [
        Worked(report.word("fields", whole.field), findings.verdict(whole.id), report.word("verdicts", whole.verdict))
        for whole in wholes
    ]


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
                    self.any(sheet, row, column, value, wraps=column == len(labels) - 1)
                self.wrapped(sheet, row, [(str(values[-1] or ""), RECORD)])
            for column in range(len(labels)):
                sheet.set_column(column, column, 18 if column < len(labels) - 1 else RECORD)
