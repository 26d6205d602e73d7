"""annex.xlsx: every table of a report, and its coefficients as formulas that a reviewer can follow and change."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis.standards import Sense
from analysis.tell import Report, Table, numbers
from analysis.tell.brand import brand
from analysis.tell.table import CLASS_OF

from .meta import Meta, words_of

#: Tables of the report that become sheets as they are, in this order; the first comes before our own sheets.
FIRST = "fields"
TABLES = (
    "schools_primary",
    "schools_junior",
    "monitoring",
    "items_government",
    "items_quality",
    "recognition",
    "problems",
    "scope",
    "accounts",
)
#: A cell that a spreadsheet would take for a formula when it is typed again.
LIVE = ("=", "+", "-", "@", "\t", "\r")
HEAD_ROW = 2
WIDEST = 48
#: What a value does that misses a target of this sense.
FAILS = {Sense.AT_LEAST: "<", Sense.AT_MOST: ">", Sense.BELOW: ">=", Sense.ABOVE: "<="}


def write(report: Report, path: Path, meta: Meta) -> None:
    """Write the workbook of `report` to `path`; the same bytes for the same report.

    Every coefficient is a formula over amounts and enrolments with its value stored beside, so it is there also before
    anything is calculated. To the public, sheets with single schools hold what the report shows, and no formula.
    """
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    made = datetime.fromisoformat(meta.date)
    book.set_properties(
        {
            "title": meta.title,
            "subject": meta.subtitle,
            "author": meta.office,
            "created": made,
            "keywords": ", ".join(meta.keywords),
        }
    )
    book.set_calc_mode("auto")
    annex = _Annex(report, meta, book)
    annex.table(FIRST, "conclusion")
    annex.findings()
    if not report.public:
        annex.coefficients()
    for name in TABLES:
        annex.table(name, name)
    annex.records()
    annex.sources()
    book.close()


class _Annex:
    """A workbook in the making."""

    def __init__(self, report: Report, meta: Meta, book: xlsxwriter.Workbook) -> None:
        self.report, self.meta, self.book = report, meta, book
        self.words: dict[str, Any] = words_of(report.lang)["annex"]
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties, the same object each time."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "等线", "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self.book.add_format(base | properties)
        return self._formats[key]

    def sheet(self, name: str, title: str, columns: int) -> Worksheet:
        """Add a sheet with its title, the mark of synthetic data, and the set-up of its print."""
        sheet = self.book.add_worksheet(str(self.words["sheets"][name]))
        ink, mark = brand().colours["ink"], brand().colours["vermilion"]
        sheet.write_string(0, 0, title, self.format(bold=True, font_size=13, font_color=ink))
        sheet.write_string(1, 0, self.meta.mark, self.format(font_color=mark))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_header(f"&L{_plain(self.meta.header)}&R{_plain(self.meta.mark)}")
        sheet.set_footer("&C— &P —")
        sheet.hide_gridlines(2)
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, text: str | None, **properties: Any) -> None:
        """Write words that stay words, whatever they begin with."""
        if text is None or text == "":
            return
        if text.startswith(LIVE):
            properties["quote_prefix"] = True
        sheet.write_string(row, column, text, self.format(**properties))

    def number(self, sheet: Worksheet, row: int, column: int, value: float | None, shown: str) -> None:
        """Write a number with the decimals that the report shows."""
        if value is not None:
            sheet.write_number(row, column, value, self.format(num_format=_number_format(shown)))

    def heads(self, sheet: Worksheet, labels: Sequence[str], row: int = HEAD_ROW) -> None:
        """Write the heads of columns and freeze them."""
        style = self.format(bold=True, text_wrap=True, bottom=1, bg_color=brand().colours["faint"], align="center")
        for column, label in enumerate(labels):
            sheet.write_string(row, column, label, style)
        sheet.freeze_panes(row + 1, 1)

    def verdicts(self, sheet: Worksheet, column: int, last: int) -> None:
        """Shade the cells of a column that holds verdict words."""
        if last <= HEAD_ROW:
            return
        for verdict in CLASS_OF:
            rule = {"type": "cell", "criteria": "==", "value": f'"{self.report.word("verdicts", verdict)}"'}
            sheet.conditional_format(HEAD_ROW + 1, column, last, column, rule | {"format": self.shade(verdict)})

    def shade(self, verdict: str) -> Format:
        """Return the format of a failing cell."""
        return self.book.add_format(
            {"bg_color": brand().tint(verdict), "font_color": brand().colour(verdict), "bold": verdict == "not_met"}
        )

    def table(self, table: str, name: str) -> None:
        """Add a sheet with a table of the report: its values unrounded, shown as the report shows them."""
        made = self.report.table(table)
        if made is None:
            return
        sheet = self.sheet(name, made.caption, len(made.labels))
        self.heads(sheet, made.labels)
        values = made.frame.rows()
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
            sheet.set_column(column, column, _width(shown))
        sheet.autofilter(HEAD_ROW, 0, last, len(made.labels) - 1)
        if made.source:
            self.text(sheet, last + 2, 0, made.source, font_color=brand().colours["muted"])

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
            found = [self.report.finding(cell.finding) for cell in cells]
            targets = {(one.target, numbers.sense_of(one, self.report.standard)) for one in found if one}
            if len(targets) == 1:
                self.below(sheet, (HEAD_ROW + 1, last), column, *targets.pop())
                continue
            for row, (cell, finding) in enumerate(zip(cells, found, strict=True), HEAD_ROW + 1):
                if finding and cell.verdict in CLASS_OF:
                    self.below(
                        sheet, (row, row), column, finding.target, numbers.sense_of(finding, self.report.standard)
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
        found = [one for one in self.report.now if one.school is None]
        sheet = self.sheet("findings", str(self.words["sheets"]["findings"]), len(labels))
        self.heads(sheet, list(labels.values()))
        word = self.report.word
        for row, one in enumerate(found, HEAD_ROW + 1):
            words = (
                word("fields", one.field),
                self.report.label(one.item),
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
                    told = numbers.of(one, value, self.report.standard, self.report.lang, judged=False)
                    self.number(sheet, row, column, value, told)
            self.text(sheet, row, 9, word("verdicts", one.verdict), align="center")
            self.text(sheet, row, 10, word("reasons", one.reason) if one.reason else "")
            self.text(sheet, row, 11, one.id, font_color=brand().colours["muted"])
        last = HEAD_ROW + len(found)
        self.verdicts(sheet, 9, last)
        for column, width in enumerate((14, 34, 10, 12, 9, 10, 12, 12, 12, 12, 34, 44)):
            sheet.set_column(column, column, width)
        sheet.autofilter(HEAD_ROW, 0, last, len(labels) - 1)

    def coefficients(self) -> None:
        """Add the sheet of coefficients, and per stage the sheet of schools that its formulas stand on."""
        report, labels = self.report, self.words["coefficients"]
        indicators = list(report.standard.indicators)
        summary = self.sheet("coefficients", str(self.words["sheets"]["coefficients"]), len(labels))
        self.heads(summary, list(labels.values()))
        row = HEAD_ROW + 1
        for stage in report.stage_ids:
            places = self.stage(stage, indicators)
            for indicator in indicators:
                finding = report.finding(f"resources.cv_{indicator}.{stage}")
                one = report.standard.indicators[indicator]
                self.text(summary, row, 0, report.word("stages", stage))
                self.text(summary, row, 1, one.label.text(report.lang))
                self.text(summary, row, 2, report.word("units", one.unit))
                for column, statistic, shown in (
                    (3, "schools", "0"),
                    (4, "mean", "0." + "0" * one.decimals),
                    (5, "cv", "0.0000"),
                ):
                    value = report.measured.stage(report.year, stage, indicator, statistic)
                    style = self.format(num_format=shown)
                    summary.write_formula(
                        row, column, f"={places[indicator][statistic]}", style, "" if value is None else value
                    )
                    if statistic == "cv" and value is not None:
                        summary.write_number(row, 6, value, style)
                if finding and finding.target is not None:
                    summary.write_number(row, 7, finding.target, self.format(num_format="0.00"))
                if finding:
                    self.text(summary, row, 8, report.word("verdicts", finding.verdict), align="center")
                row += 1
        figure, limit = f"$F{HEAD_ROW + 2}", f"$H{HEAD_ROW + 2}"
        shade = {"type": "formula", "criteria": f"=AND(ISNUMBER({figure}),ISNUMBER({limit}),{figure}>{limit})"}
        if row > HEAD_ROW + 1:
            summary.conditional_format(HEAD_ROW + 1, 5, row - 1, 5, shade | {"format": self.shade("not_met")})
        self.verdicts(summary, 8, row - 1)
        for column, width in enumerate((10, 44, 16, 10, 12, 12, 12, 10, 12)):
            summary.set_column(column, column, width)
        self.text(summary, row + 1, 0, str(self.words["how"]), font_color=brand().colours["muted"])

    def stage(self, stage: str, indicators: Sequence[str]) -> dict[str, dict[str, str]]:
        """Add a stage's schools with amounts, values and deviations; return where each statistic stands."""
        report, words = self.report, self.words
        label = words["school"]
        rows = report.rows.filter(pl.col("in_scope") & (pl.col("stage") == stage)).sort("school")
        sheet = self.sheet(f"cv_{stage}", str(words["sheets"][f"cv_{stage}"]), 3 + 3 * len(indicators))
        own = str(words["sheets"][f"cv_{stage}"])
        top, first = HEAD_ROW + 5, HEAD_ROW + 6
        last = first + rows.height - 1
        places: dict[str, dict[str, str]] = {}
        bold = self.format(bold=True, text_wrap=True, align="center", bottom=1, bg_color=brand().colours["faint"])
        for offset, name in enumerate(("schools", "mean", "cv", "limit")):
            self.text(sheet, HEAD_ROW + offset, 1, str(words["rows"][name]), bold=True)
        for column, key in enumerate(("school", "name", "pupils")):
            sheet.write_string(top, column, str(label[key]), bold)
        codes, pupils = rows["school"].to_list(), rows["pupils"].to_list()
        for row, code in enumerate(codes, first):
            self.text(sheet, row, 0, code)
            self.text(sheet, row, 1, report.school(code))
            if pupils[row - first] is not None:
                sheet.write_number(row, 2, pupils[row - first], self.format(num_format="#,##0", locked=False))
        for place, indicator in enumerate(indicators):
            column = 3 + 3 * place
            places[indicator] = self.indicator(
                sheet, own, stage, indicator, column, (first, last), rows[indicator].to_list()
            )
            short = report.label(indicator, short=True)
            for offset, key in enumerate(("amount", "value", "part")):
                sheet.write_string(top, column + offset, f"{short}\n{label[key]}", bold)
        sheet.set_row(top, 42)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, 2 + 3 * len(indicators), 13)
        sheet.freeze_panes(first, 3)
        return places

    def indicator(
        self,
        sheet: Worksheet,
        own: str,
        stage: str,
        indicator: str,
        column: int,
        span: tuple[int, int],
        amounts: list[float | None],
    ) -> dict[str, str]:
        """Write the three columns of an indicator and the cells that sum it up."""
        report, one = self.report, self.report.standard.indicators[indicator]
        first, last = span
        measured = {
            name: report.measured.stage(report.year, stage, indicator, name) for name in ("schools", "mean", "cv")
        }
        mean_cell = cell_name(HEAD_ROW + 1, column + 1, row_abs=True, col_abs=True)
        area = {
            key: _range(first, last, place)
            for key, place in (("pupils", 2), ("amount", column), ("value", column + 1), ("part", column + 2))
        }
        counted = f'SUMIF({area["value"]},">=0",{area["pupils"]})'
        total = f'SUMIF({area["value"]},">=0",{area["amount"]})'
        formulas = {
            "schools": f"=COUNT({area['value']})",
            "mean": f'=IF({counted}>0,{total}/{counted}*{one.per},"")',
            "cv": f'=IF(N({mean_cell})>0,SQRT(SUM({area["part"]})/{counted})/{mean_cell},"")',
        }
        decimals = "0." + "0" * one.decimals
        styles = {"schools": "0", "mean": decimals, "cv": "0.0000"}
        for offset, name in enumerate(("schools", "mean", "cv")):
            value = measured[name]
            sheet.write_formula(
                HEAD_ROW + offset,
                column + 1,
                formulas[name],
                self.format(num_format=styles[name], bold=True),
                "" if value is None else value,
            )
        finding = report.finding(f"resources.cv_{indicator}.{stage}")
        if finding and finding.target is not None:
            sheet.write_number(HEAD_ROW + 3, column + 1, finding.target, self.format(num_format="0.00"))
            here, limit = cell_name(HEAD_ROW + 2, column + 1), cell_name(HEAD_ROW + 3, column + 1)
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({here}),{here}>{limit})",
                "format": self.shade("not_met"),
            }
            sheet.conditional_format(HEAD_ROW + 2, column + 1, HEAD_ROW + 2, column + 1, rule)
        codes = (
            report.rows.filter(pl.col("in_scope") & (pl.col("stage") == stage))
            .sort("school")
            .select("school", "pupils")
            .rows()
        )
        for row, ((code, pupils), amount) in enumerate(zip(codes, amounts, strict=True), first):
            here = {
                key: cell_name(row, place) for key, place in (("pupils", 2), ("amount", column), ("value", column + 1))
            }
            if amount is not None:
                sheet.write_number(row, column, amount, self.format(num_format="#,##0.##"))
            known = report.measured.school(report.year, stage, indicator, code)
            value = known.value if known else None
            both = f"ISNUMBER({here['amount']}),ISNUMBER({here['pupils']}),N({here['pupils']})>0"
            sheet.write_formula(
                row, column + 1, f'=IF(AND({both}),{here["amount"]}/{here["pupils"]}*{one.per},"")',
                self.format(num_format=decimals), "" if value is None else value,
            )  # fmt: skip
            mean = measured["mean"]
            deviation = f"{here['pupils']}*({here['value']}-{mean_cell})^2"
            part = "" if value is None or mean is None or pupils is None else pupils * (value - mean) ** 2
            sheet.write_formula(
                row, column + 2, f'=IF(AND(ISNUMBER({here["value"]}),ISNUMBER({mean_cell})),{deviation},"")',
                self.format(num_format="#,##0.00", font_color=brand().colours["muted"]), part,
            )  # fmt: skip
        return {
            name: f"'{own}'!{cell_name(HEAD_ROW + offset, column + 1)}"
            for offset, name in enumerate(("schools", "mean", "cv"))
        }

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
        for column, width in enumerate((34, 40, 26, 12, 14, 8, 10, 68)):
            sheet.set_column(column, column, width)

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


def _range(first: int, last: int, column: int) -> str:
    begin = cell_name(first, column, row_abs=True, col_abs=True)
    return f"{begin}:{cell_name(last, column, row_abs=True, col_abs=True)}"


@cache
def _number_format(shown: str) -> str:
    """Return the number format that shows a number as `shown` does: decimals, thousands, percent.

    >>> _number_format("85.3%"), _number_format("1,234"), _number_format("0.1496")
    ('0.0%', '#,##0', '0.0000')
    """
    match = re.fullmatch(r"[+−-]?([\d,]+)(\.\d+)?(%?)", shown)
    if match is None:
        return "General"
    decimals = "." + "0" * (len(match[2]) - 1) if match[2] else ""
    return f"{'#,##0' if ',' in match[1] else '0'}{decimals}{match[3]}"


def _width(texts: Sequence[str]) -> float:
    """Return a column's width in characters: Chinese counts double."""
    longest = max(sum(2.1 if ord(letter) >= 0x2E80 else 1.1 for letter in text) for text in texts)
    return min(max(longest + 2, 8), WIDEST)


def _plain(text: str) -> str:
    return text.replace("&", "&&")
