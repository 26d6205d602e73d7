"""The sheets of coefficients: formulas over amounts and enrolments, with the values of the report stored beside."""

from collections.abc import Sequence

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis import ids
from analysis.brand import brand
from analysis.standards.model import Indicator
from analysis.tables import Field, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding

from .workbook import HEAD_ROW, Workbook

#: Indicators that are printed side by side.
_PRINTED = 3


def coefficients(book: Workbook, case: Case) -> None:
    """Add the sheet of coefficients, and per stage the sheet of schools that its formulas stand on."""
    labels = book.words["coefficients"]
    indicators = list(case.standard.indicators)
    summary = book.sheet("coefficients", str(book.words["sheets"]["coefficients"]), len(labels))
    book.heads(summary, list(labels.values()))
    row = HEAD_ROW + 1
    for stage in case.stage_ids:
        places = _stage(book, case, stage, indicators)
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
                    row, column, f"={places[indicator][statistic]}", style, "" if value is None else value
                )
                if statistic == "cv" and value is not None:
                    summary.write_number(row, 6, value, style)
            if finding and finding.target is not None:
                summary.write_number(row, 7, finding.target, book.format(num_format="0.00"))
            if finding:
                book.text(summary, row, 8, case.word("verdicts", finding.verdict), align="center")
            row += 1
    figure, limit = f"$F{HEAD_ROW + 2}", f"$H{HEAD_ROW + 2}"
    shade = {"type": "formula", "criteria": f"=AND(ISNUMBER({figure}),ISNUMBER({limit}),{figure}>{limit})"}
    if row > HEAD_ROW + 1:
        summary.conditional_format(HEAD_ROW + 1, 5, row - 1, 5, shade | {"format": book.shade(Verdict.NOT_MET)})
    book.verdicts(summary, 8, row - 1)
    for column, width in enumerate((10, 44, 16, 10, 12, 12, 12, 10, 12)):
        summary.set_column(column, column, width)
    book.text(summary, row + 1, 0, str(book.words["how"]), font_color=brand().colours["muted"])


def _stage(book: Workbook, case: Case, stage: str, indicators: Sequence[str]) -> dict[str, dict[str, str]]:
    """Add a stage's schools with amounts, values and deviations; return where each statistic stands."""
    words = book.words
    label = words["school"]
    rows = case.rows.filter(pl.col("in_scope") & (pl.col("stage") == stage)).sort("school")
    sheet = book.sheet(f"cv_{stage}", str(words["sheets"][f"cv_{stage}"]), 3 + 3 * len(indicators))
    own = str(words["sheets"][f"cv_{stage}"])
    top, first = HEAD_ROW + 5, HEAD_ROW + 6
    last = first + rows.height - 1
    places: dict[str, dict[str, str]] = {}
    bold = book.format(bold=True, text_wrap=True, align="center", bottom=1, bg_color=brand().colours["faint"])
    for offset, name in enumerate(("schools", "mean", "cv", "limit")):
        book.text(sheet, HEAD_ROW + offset, 1, str(words["rows"][name]), bold=True)
    for column, key in enumerate(("school", "name", "pupils")):
        sheet.write_string(top, column, str(label[key]), bold)
    codes, pupils = rows["school"].to_list(), rows["pupils"].to_list()
    for row, code in enumerate(codes, first):
        book.text(sheet, row, 0, code)
        book.text(sheet, row, 1, case.school(code))
        if pupils[row - first] is not None:
            sheet.write_number(row, 2, pupils[row - first], book.format(num_format="#,##0", locked=False))
    for place, indicator in enumerate(indicators):
        column = 3 + 3 * place
        places[indicator] = _indicator(
            book, case, sheet, own, stage, indicator, column, (first, last), rows[indicator].to_list()
        )
        short = case.label(indicator, short=True)
        for offset, key in enumerate(("amount", "value", "part")):
            sheet.write_string(top, column + offset, f"{short}\n{label[key]}", bold)
    sheet.set_row(top, 42)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2 + 3 * len(indicators), 13)
    sheet.freeze_panes(first, 3)
    # On one page its columns would print too small to read: so many indicators a page, schools at the left of each.
    sheet.fit_to_pages(-(-len(indicators) // _PRINTED), 0)
    sheet.repeat_columns(0, 2)
    return places


def _indicator(
    book: Workbook,
    case: Case,
    sheet: Worksheet,
    own: str,
    stage: str,
    indicator: str,
    column: int,
    span: tuple[int, int],
    amounts: list[float | None],
) -> dict[str, str]:
    """Write the three columns of an indicator and the cells that sum it up."""
    entry, (first, last) = case.standard.indicators[indicator], span
    measured = {name: case.measured.stage(case.year, stage, indicator, name) for name in ("schools", "mean", "cv")}
    mean_cell = cell_name(HEAD_ROW + 1, column + 1, row_abs=True, col_abs=True)
    area = {
        key: _range(first, last, place)
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
    _schools(book, case, sheet, stage, indicator, column, first, amounts)
    return {
        name: f"'{own}'!{cell_name(HEAD_ROW + offset, column + 1)}"
        for offset, name in enumerate(("schools", "mean", "cv"))
    }


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
    column: int,
    first: int,
    amounts: list[float | None],
) -> None:
    """Write a row per school: its amount, the value by pupils, its part of the sum of squares."""
    entry, mean = case.standard.indicators[indicator], case.measured.stage(case.year, stage, indicator, "mean")
    mean_cell = cell_name(HEAD_ROW + 1, column + 1, row_abs=True, col_abs=True)
    rows = case.rows.filter(pl.col("in_scope") & (pl.col("stage") == stage)).sort("school")
    codes = rows.select("school", "pupils").rows()
    for row, ((code, pupils), amount) in enumerate(zip(codes, amounts, strict=True), first):
        here = {key: cell_name(row, place) for key, place in (("pupils", 2), ("amount", column), ("value", column + 1))}
        if amount is not None:
            sheet.write_number(row, column, amount, book.format(num_format="#,##0.##"))
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
