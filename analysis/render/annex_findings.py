"""The sheet of findings: to a county's own people its verdicts are formulas, from the coefficients and the school rule
to each field and the county."""

from collections.abc import Mapping

from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis import ids, standards
from analysis.brand import brand
from analysis.judge.field_verdicts import BESIDE
from analysis.standards import vocabulary
from analysis.tables import Kind
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.chapters.recognition import groups

from .annex_coefficients import StageSheet
from .annex_rule import RuleSheet
from .annex_way import Way
from .workbook import HEAD_ROW, Workbook, number_format

#: What only a report with formulas has: the verdict as the report tells it, and whether a finding counts in its field.
INTERNAL = ("reported", "counts")
WIDTHS = {"field": 16, "item": 32, "verdict": 10, "reported": 10, "reason": 24, "id": 26}
#: Columns whose texts may take several lines.
WRAPPED = ("item", "reason")


class FindingsSheet:
    """The findings that are not about one school, one a row; the sheet stands where it is made, and is filled later."""

    def __init__(self, book: Workbook, case: Case) -> None:
        hidden = {ids.group(group) for group in groups(case)[1]}
        every = [finding for finding in (*case.now, *case.now.plan) if finding.school is None]
        self.book, self.case = book, case
        self.shown = [finding for finding in every if finding.item not in hidden]
        labels: dict[str, str] = book.words["findings"]
        self.labels = {name: label for name, label in labels.items() if not (case.public and name in INTERNAL)}
        self.column = {name: place for place, name in enumerate(self.labels)}
        self.row = {finding.id: row for row, finding in enumerate(self.shown, HEAD_ROW + 1)}
        self.name = str(book.words["sheets"]["findings"])
        self.sheet: Worksheet = book.sheet("findings", str(book.words["titles"]["findings"]), len(self.labels))

    def verdict(self, id: str, *, reported: bool = False) -> str:
        """Return the cell of a finding's verdict as other sheets name it; "" where the sheet has none."""
        column = self.column.get("reported" if reported else "verdict")
        if column is None or id not in self.row:
            return ""
        return f"'{self.name}'!{cell_name(self.row[id], column, row_abs=True, col_abs=True)}"

    def fill(self, stages: Mapping[str, StageSheet], rules: Mapping[str, RuleSheet]) -> None:
        """Write the rows."""
        book, case = self.book, self.case
        book.heads(self.sheet, list(self.labels.values()))
        way = None if case.public else Way(book, case, self.column, self.row, stages, rules)
        for finding in self.shown:
            self._words(finding)
            self._numbers(finding, way)
            self._verdict(finding, way)
        last = HEAD_ROW + len(self.shown)
        book.verdicts(self.sheet, self.column["verdict"], last)
        if way is not None and self.shown:
            here, reported = (
                cell_name(HEAD_ROW + 1, self.column[name], col_abs=True) for name in ("verdict", "reported")
            )
            apart = {"type": "formula", "criteria": f"={here}<>{reported}", "format": book.format(bold=True)}
            self.sheet.conditional_format(HEAD_ROW + 1, self.column["reported"], last, self.column["reported"], apart)
            book.note(self.sheet, last + 2, str(book.words["findings_how"]), self.column["id"])
        if way is not None:
            self._levels()
        for name, column in self.column.items():
            self.sheet.set_column(column, column, WIDTHS.get(name, 9))
        # The ids are for who looks a finding up, and would make all else too small on paper.
        self.sheet.print_area(0, 0, last, self.column["id"] - 1)
        self.sheet.autofilter(HEAD_ROW, 0, last, len(self.labels) - 1)

    def _words(self, finding: Finding) -> None:
        case, word, row = self.case, self.case.word, self.row[finding.id]
        words = {
            "field": word("fields", finding.field),
            "item": case.here(standards.label(case.standard_of(finding), finding.item, case.lang)),
            "stage": word("stages", finding.stage) if finding.stage else "",
            "subject": word("subjects", finding.subject) if finding.subject else "",
            "grade": word("grades", str(finding.grade)) if finding.grade else "",
            "reason": word("reasons", finding.reason) if finding.reason else "",
        }
        if not case.public:
            counted = ids.judged(finding.item, finding.field, finding.school, "") or _stands_beside(finding)
            words["counts"] = str(self.book.words["answers"][str(counted).lower()])
        for name, text in words.items():
            wraps = {"text_wrap": True} if name in WRAPPED else {}
            self.book.text(self.sheet, row, self.column[name], text, **wraps)
        self.book.wrapped(self.sheet, row, [(words[name], WIDTHS[name]) for name in WRAPPED])
        self.book.text(self.sheet, row, self.column["id"], finding.id, font_color=brand().colours["muted"])
        if finding.data_year is not None:
            self.sheet.write_number(row, self.column["data_year"], finding.data_year, self.book.format())

    def _numbers(self, finding: Finding, way: Way | None) -> None:
        """Write value, target and margin; the value by formula where it stands in a sheet of schools."""
        for name, value in (("value", finding.value), ("target", finding.target), ("margin", finding.margin)):
            formula = way.number(finding, name) if way else ""
            shown = "General" if value is None else self._format(finding, name, value)
            style, place = self.book.format(num_format=shown), (self.row[finding.id], self.column[name])
            if formula:
                self.sheet.write_formula(*place, formula, style, "" if value is None else value)
            elif value is not None:
                self.sheet.write_number(*place, value, style)

    def _levels(self) -> None:
        """Have a level that is changed show its own numeral."""
        for finding in self.shown:
            if finding.kind != Kind.LEVEL:
                continue
            row, column = self.row[finding.id], self.column["value"]
            for level, label in vocabulary()["levels"].items():
                numeral = self.book.book.add_format({"num_format": f'"{label.text(self.case.lang)}"'})
                rule = {"type": "cell", "criteria": "==", "value": int(level), "format": numeral}
                self.sheet.conditional_format(row, column, row, column, rule)

    def _format(self, finding: Finding, name: str, value: float) -> str:
        """Return the number format of a finding's number: a level shows its numeral, but how far it is off is none."""
        case = self.case
        if finding.kind == Kind.LEVEL:
            return "0" if name == "margin" else f'"{numbers.level(value, case.lang)}"'
        return number_format(numbers.of(finding, value, case.standard_of(finding), case.lang, judged=False))

    def _verdict(self, finding: Finding, way: Way | None) -> None:
        row, word = self.row[finding.id], self.case.word("verdicts", finding.verdict)
        formula = way.verdict(finding) if way else ""
        style = self.book.format(align="center")
        if formula:
            self.sheet.write_formula(row, self.column["verdict"], formula, style, word)
        else:
            self.book.text(self.sheet, row, self.column["verdict"], word, align="center")
        if way is not None:
            self.book.text(self.sheet, row, self.column["reported"], word, align="center")


def _stands_beside(finding: Finding) -> bool:
    """Return whether a finding counts in a field beside the four: entry conditions and vetoes."""
    return finding.field in BESIDE and finding.kind != Kind.ALL
