"""The sheets of coefficients: formulas over amounts and enrolments, with the values of the report stored beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis import ids
from analysis.brand import brand
from analysis.judge.resources import ASIDE
from analysis.standards.model import Indicator
from analysis.tables import Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding

from .workbook import HEAD_ROW, Workbook

#: Indicators that are printed side by side.
_PRINTED = 3
#: Columns of an indicator, after those of the school; rows of what sums it up, from the head on.
_COLUMNS = ("amount", "value", "part")
_SUMMED = ("schools", "mean", "cv", "limit")


@dataclass(frozen=True)
class StageSheet:
    """Where the schools of a stage stand: `codes` from the row `first` on, `aside` those whose amount of an indicator
    is set aside."""

    name: str
    codes: tuple[str, ...]
    columns: dict[str, int]
    aside: dict[str, tuple[int, ...]]
    first: int = HEAD_ROW + 6

    @property
    def last(self) -> int:
        """The row of the last school."""
        return self.first + len(self.codes) - 1

    def cell(self, row: int, indicator: str, what: str = "value") -> str:
        """Return a school's cell as other sheets name it."""
        column = 2 if what == "pupils" else self.columns[indicator] + _COLUMNS.index(what)
        return f"'{self.name}'!{cell_name(row, column, row_abs=True, col_abs=True)}"

    def area(self, indicator: str, what: str = "value") -> str:
        """Return the cells of all schools as other sheets name them."""
        return f"{self.cell(self.first, indicator, what)}:{self.cell(self.last, indicator, what).split('!')[1]}"

    def summed(self, indicator: str, what: str) -> str:
        """Return the cell that sums an indicator up."""
        place = cell_name(HEAD_ROW + _SUMMED.index(what), self.columns[indicator] + 1, row_abs=True, col_abs=True)
        return f"'{self.name}'!{place}"


def coefficients(book: Workbook, case: Case, verdict: Callable[[str], str]) -> dict[str, StageSheet]:
    """Add the sheet of coefficients, and per stage the sheet of schools that its formulas stand on; return these.

    `verdict` tells the cell in which the verdict of a finding is worked out, by its id.
    """
    labels = book.words["coefficients"]
    indicators = list(case.standard.indicators)
    summary = book.sheet("coefficients", str(book.words["titles"]["coefficients"]), len(labels))
    book.heads(summary, list(labels.values()))
    row = HEAD_ROW + 1
    sheets: dict[str, StageSheet] = {}
    for stage in case.stage_ids:
        sheets[stage] = _stage(book, case, stage, indicators)
        for indicator in indicators:
            finding = case.finding(ids.finding(Field.RESOURCES, ids.cv(indicator), stage))
            entry = case.standard.indicators[indicator]
            book.text(summary, row, 0, case.word("stages", stage))
            book.text(summary, row, 1, entry.label.text(case.lang))
            book.text(summary, row, 2, case.word("units", entry.unit))
            for column, statistic, shown in (
                (3, "schools", "0"),
                (4, "mean", "0." + "0" * entry.decimals),
                (5, "cv", "0.0000"),
            ):
                value = case.measured.stage(case.year, stage, indicator, statistic)
                style = book.format(num_format=shown)
                summary.write_formula(
                    row, column, f"={sheets[stage].summed(indicator, statistic)}", style, "" if value is None else value
                )
                if statistic == "cv" and value is not None:
                    summary.write_number(row, 6, value, style)
            if finding and finding.target is not None:
                summary.write_number(row, 7, finding.target, book.format(num_format="0.00"))
            if finding:
                word = case.word("verdicts", finding.verdict)
                summary.write_formula(row, 8, f"={verdict(finding.id)}", book.format(align="center"), word)
            row += 1
    figure, limit = f"$F{HEAD_ROW + 2}", f"$H{HEAD_ROW + 2}"
    shade = {"type": "formula", "criteria": f"=AND(ISNUMBER({figure}),ISNUMBER({limit}),{figure}>{limit})"}
    if row > HEAD_ROW + 1:
        summary.conditional_format(HEAD_ROW + 1, 5, row - 1, 5, shade | {"format": book.shade(Verdict.NOT_MET)})
    book.verdicts(summary, 8, row - 1)
    for column, width in enumerate((10, 44, 16, 10, 12, 12, 12, 10, 12)):
        summary.set_column(column, column, width)
    book.note(summary, row + 1, str(book.words["how"]), len(labels))
    return sheets


def _stage(book: Workbook, case: Case, stage: str, indicators: Sequence[str]) -> StageSheet:
    """Add a stage's schools with amounts, values and deviations; return where they stand."""
    words = book.words
    label = words["school"]
    rows = case.rows.filter(pl.col("in_scope") & (pl.col("stage") == stage)).sort("school")
    title = str(words["titles"]["cv"]).format(stage=case.word("stages", stage))
    sheet = book.sheet(f"cv_{stage}", title, 3 + len(_COLUMNS) * len(indicators))
    sheet_of_stage = StageSheet(
        str(words["sheets"][f"cv_{stage}"]),
        tuple(rows["school"]),
        {indicator: 3 + len(_COLUMNS) * place for place, indicator in enumerate(indicators)},
        {indicator: _aside(case, stage, indicator, rows["school"].to_list()) for indicator in indicators},
    )
    top, first = HEAD_ROW + 5, sheet_of_stage.first
    bold = book.format(bold=True, text_wrap=True, align="center", bottom=1, bg_color=brand().colours["faint"])
    for offset, name in enumerate(_SUMMED):
        book.text(sheet, HEAD_ROW + offset, 1, str(words["rows"][name]), bold=True)
    for column, key in enumerate(("school", "name", "pupils")):
        sheet.write_string(top, column, str(label[key]), bold)
    pupils = rows["pupils"].to_list()
    for row, code in enumerate(sheet_of_stage.codes, first):
        book.text(sheet, row, 0, code)
        book.text(sheet, row, 1, case.school(code))
        if pupils[row - first] is not None:
            sheet.write_number(row, 2, pupils[row - first], book.format(num_format="#,##0", locked=False))
    for indicator, column in sheet_of_stage.columns.items():
        _indicator(book, case, sheet, stage, indicator, sheet_of_stage, rows[indicator].to_list())
        short = case.label(indicator, short=True)
        for offset, key in enumerate(_COLUMNS):
            sheet.write_string(top, column + offset, f"{short}\n{label[key]}", bold)
    sheet.set_row(top, 42)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2 + 3 * len(indicators), 13)
    sheet.freeze_panes(first, 3)
    # On one page its columns would print too small to read: so many indicators a page, schools at the left of each.
    sheet.fit_to_pages(-(-len(indicators) // _PRINTED), 0)
    sheet.repeat_columns(0, 2)
    return sheet_of_stage


def _aside(case: Case, stage: str, indicator: str, codes: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the schools whose amount is set aside."""
    known = (case.measured.school(case.year, stage, indicator, code) for code in codes)
    return tuple(place for place, cell in enumerate(known) if cell is not None and cell.note == ASIDE)


def _indicator(
    book: Workbook,
    case: Case,
    sheet: Worksheet,
    stage: str,
    indicator: str,
    sheet_of_stage: StageSheet,
    amounts: list[float | None],
) -> None:
    """Write the three columns of an indicator and the cells that sum it up."""
    entry, column = case.standard.indicators[indicator], sheet_of_stage.columns[indicator]
    measured = {name: case.measured.stage(case.year, stage, indicator, name) for name in ("schools", "mean", "cv")}
    mean_cell = cell_name(HEAD_ROW + 1, column + 1, row_abs=True, col_abs=True)
    area = {
        key: _range(sheet_of_stage.first, sheet_of_stage.last, place)
        for key, place in (("pupils", 2), ("amount", column), ("value", column + 1), ("part", column + 2))
    }
    counted = f'SUMIF({area["value"]},">=0",{area["pupils"]})'
    total = f'SUMIF({area["value"]},">=0",{area["amount"]})'
    formulas = {
        "schools": f"=COUNT({area['value']})",
        "mean": f'=IF({counted}>0,{total}/{counted}*{entry.per},"")',
        "cv": f'=IF(N({mean_cell})>0,SQRT(SUM({area["part"]})/{counted})/{mean_cell},"")',
    }
    styles = {"schools": "0", "mean": _places(entry), "cv": "0.0000"}
    for offset, name in enumerate(("schools", "mean", "cv")):
        style, value = book.format(num_format=styles[name], bold=True), measured[name]
        shown = "" if value is None else value
        sheet.write_formula(HEAD_ROW + offset, column + 1, formulas[name], style, shown)
    _limit(book, sheet, column, case.finding(ids.finding(Field.RESOURCES, ids.cv(indicator), stage)))
    _schools(book, case, sheet, stage, indicator, sheet_of_stage, amounts)


def _places(indicator: Indicator) -> str:
    return "0." + "0" * indicator.decimals


def _limit(book: Workbook, sheet: Worksheet, column: int, finding: Finding | None) -> None:
    """Write the limit of a coefficient below it, and have the coefficient shaded where it lies above."""
    if finding is None or finding.target is None:
        return
    sheet.write_number(HEAD_ROW + 3, column + 1, finding.target, book.format(num_format="0.00"))
    here, limit = cell_name(HEAD_ROW + 2, column + 1), cell_name(HEAD_ROW + 3, column + 1)
    criteria = f"=AND(ISNUMBER({here}),{here}>{limit})"
    rule = {"type": "formula", "criteria": criteria, "format": book.shade(Verdict.NOT_MET)}
    sheet.conditional_format(HEAD_ROW + 2, column + 1, HEAD_ROW + 2, column + 1, rule)


def _schools(
    book: Workbook,
    case: Case,
    sheet: Worksheet,
    stage: str,
    indicator: str,
    sheet_of_stage: StageSheet,
    amounts: list[float | None],
) -> None:
    """Write a row per school: its amount, the value by pupils, its part of the sum of squares.

    An amount that is set aside is a word, where one that is not reported is an empty cell.
    """
    column, first = sheet_of_stage.columns[indicator], sheet_of_stage.first
    entry, mean = case.standard.indicators[indicator], case.measured.stage(case.year, stage, indicator, "mean")
    mean_cell = cell_name(HEAD_ROW + 1, column + 1, row_abs=True, col_abs=True)
    rows = case.rows.filter(pl.col("in_scope") & (pl.col("stage") == stage)).sort("school")
    codes = rows.select("school", "pupils").rows()
    for row, ((code, pupils), amount) in enumerate(zip(codes, amounts, strict=True), first):
        here = {key: cell_name(row, place) for key, place in (("pupils", 2), ("amount", column), ("value", column + 1))}
        if amount is not None:
            sheet.write_number(row, column, amount, book.format(num_format="#,##0.##"))
        elif row - first in sheet_of_stage.aside[indicator]:
            book.text(sheet, row, column, str(book.words["aside"]), align="right")
        known = case.measured.school(case.year, stage, indicator, code)
        value = known.value if known else None
        both = f"ISNUMBER({here['amount']}),ISNUMBER({here['pupils']}),N({here['pupils']})>0"
        sheet.write_formula(
            row, column + 1, f'=IF(AND({both}),{here["amount"]}/{here["pupils"]}*{entry.per},"")',
            book.format(num_format=_places(entry)), "" if value is None else value,
        )  # fmt: skip
        deviation = f"{here['pupils']}*({here['value']}-{mean_cell})^2"
        part = "" if value is None or mean is None or pupils is None else pupils * (value - mean) ** 2
        sheet.write_formula(
            row, column + 2, f'=IF(AND(ISNUMBER({here["value"]}),ISNUMBER({mean_cell})),{deviation},"")',
            book.format(num_format="#,##0.00", font_color=brand().colours["muted"]), part,
        )  # fmt: skip


def _range(first: int, last: int, column: int) -> str:
    begin = cell_name(first, column, row_abs=True, col_abs=True)
    return f"{begin}:{cell_name(last, column, row_abs=True, col_abs=True)}"
