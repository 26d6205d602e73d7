"""The school rule as formulas: how many times its floor each school's value is, and what the rule makes of it."""

from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis import ids
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case

from .annex_coefficients import StageSheet
from .workbook import HEAD_ROW, Workbook

#: Decimals to which a part of a floor is compared: twelve digits, as values are judged.
EXACT = 11
#: What a floor must be for its formula to hold: in force, and not left open.
_OPEN = (Verdict.NOT_IN_FORCE, Verdict.TARGET_NOT_SET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class RuleSheet:
    """Where the verdicts on a stage's schools stand, as other sheets name them."""

    verdicts: str
    schools: int


def rule_sheets(book: Workbook, case: Case, stages: dict[str, StageSheet]) -> dict[str, RuleSheet]:
    """Add for each stage the sheet of its school rule; none for a stage whose floors are not all in force."""
    return {
        stage: _stage(book, case, stage, coefficients, floors)
        for stage, coefficients in stages.items()
        if (floors := _floors(case, stage)) is not None
    }


def _floors(case: Case, stage: str) -> dict[str, float] | None:
    """Return the floors of the indicators that count; None where there is no rule, or not every floor is in force."""
    counting = [name for name, indicator in case.standard.indicators.items() if indicator.counts]
    floor_findings = [
        finding
        for finding in case.now.where(kind=Kind.FLOOR, stage=stage)
        if finding.indicator in counting and finding.school is not None
    ]
    if case.standard.school_rule is None or any(
        not finding.target or finding.verdict in _OPEN for finding in floor_findings
    ):
        return None
    floors = {finding.indicator: float(finding.target) for finding in floor_findings if finding.target is not None}
    return {name: floors[name] for name in counting if name in floors} or None


def _stage(book: Workbook, case: Case, stage: str, coefficients: StageSheet, floors: dict[str, float]) -> RuleSheet:
    rule = case.standard.school_rule
    assert rule is not None
    name, labels = f"rule_{stage}", book.words["rule"]
    indicators = [case.label(indicator, short=True) for indicator in floors]
    heads = [labels["school"], labels["name"], *indicators, labels["met"], labels["least"], labels["verdict"]]
    sheet = book.sheet(name, str(book.words["titles"]["rule"]).format(stage=case.word("stages", stage)), len(heads))
    book.heads(sheet, heads)
    top, first, met = HEAD_ROW + 1, HEAD_ROW + 2, 2 + len(floors)
    book.text(sheet, top, 1, str(book.words["rows"]["floor"]), bold=True)
    for column, (indicator, floor) in enumerate(floors.items(), 2):
        decimals = case.standard.indicators[indicator].decimals
        sheet.write_number(top, column, floor, book.format(num_format="0." + "0" * decimals if decimals else "0"))
    sheet.write_number(top, met, rule.must_meet, book.format(num_format="0"))
    sheet.write_number(top, met + 1, rule.rest_part, book.format(num_format="0.00"))
    for row, code in enumerate(coefficients.codes, first):
        book.text(sheet, row, 0, code)
        book.text(sheet, row, 1, case.school(code))
        _school(book, case, stage, coefficients, list(floors), sheet, row, code)
    last = first + len(coefficients.codes) - 1
    floor_row = {"type": "formula", "format": book.shade(Verdict.NOT_MET)}
    here = cell_name(first, 2)
    sheet.conditional_format(first, 2, last, met - 1, floor_row | {"criteria": f"=AND(ISNUMBER({here}),{here}<1)"})
    book.verdicts(sheet, met + 2, last)
    for column, wide in enumerate((14, 26, *(13 for _ in floors), 10, 10, 12)):
        sheet.set_column(column, column, wide)
    sheet.set_row(HEAD_ROW, 42)
    sheet.freeze_panes(first, 2)
    how = str(book.words["rule_how"]).format(cv=coefficients.name)
    book.note(sheet, last + 2, how, len(heads))
    ends = (cell_name(row, met + 2, row_abs=True, col_abs=True) for row in (first, last))
    return RuleSheet(f"'{book.words['sheets'][name]}'!{':'.join(ends)}", len(coefficients.codes))


def _school(
    book: Workbook,
    case: Case,
    stage: str,
    coefficients: StageSheet,
    floors: list[str],
    sheet: Worksheet,
    row: int,
    code: str,
) -> None:
    """Write how many times its floors a school has, how many it meets, and the verdict, as judge.resources has it."""
    values = [case.measured.school(case.year, stage, indicator, code) for indicator in floors]
    targets = [_floor_of(case, stage, indicator, code) for indicator in floors]
    ratios = [
        round(known.value / target, EXACT) if known and known.value is not None and target else None
        for known, target in zip(values, targets, strict=True)
    ]
    shown = book.format(num_format="0.00")
    place = coefficients.codes.index(code)
    for column, (indicator, ratio) in enumerate(zip(floors, ratios, strict=True), 2):
        value = coefficients.cell(coefficients.first + place, indicator)
        floor = cell_name(HEAD_ROW + 1, column, row_abs=True, col_abs=True)
        otherwise, note = '""', ""
        if place in coefficients.aside[indicator]:
            amount = coefficients.cell(coefficients.first + place, indicator, "amount")
            otherwise, note = f'IF(ISTEXT({amount}),{amount},"")', str(book.words["aside"])
        formula = f"=IF(ISNUMBER({value}),ROUND({value}/{floor},{EXACT}),{otherwise})"
        sheet.write_formula(row, column, formula, shown, note if ratio is None else ratio)
    ends = cell_name(row, 2), cell_name(row, 1 + len(floors))
    known = [ratio for ratio in ratios if ratio is not None]
    met, area = 2 + len(floors), ":".join(ends)
    sheet.write_formula(row, met, f'=COUNTIF({area},">=1")', book.format(num_format="0"), sum(r >= 1 for r in known))
    least = min(known) if known else ""
    sheet.write_formula(row, met + 1, f'=IF(COUNT({area})>0,MIN({area}),"")', shown, least)
    finding = case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOL_RULE, stage, code))
    word = case.word("verdicts", finding.verdict) if finding else ""
    sheet.write_formula(row, met + 2, _verdict(book, case, row, area, len(floors)), book.format(align="center"), word)


def _floor_of(case: Case, stage: str, indicator: str, code: str) -> float | None:
    finding = case.finding(ids.finding(Field.RESOURCES, ids.floor(indicator), stage, code))
    return finding.target if finding else None


def _verdict(book: Workbook, case: Case, row: int, area: str, floors: int) -> str:
    """Return the formula of a school's verdict: what is not known counts as met at best, as far below at worst."""
    word = {verdict: f'"{case.word("verdicts", verdict)}"' for verdict in Verdict}
    sure = cell_name(row, 2 + floors)
    must, part = (cell_name(HEAD_ROW + 1, 2 + floors + place, row_abs=True, col_abs=True) for place in (0, 1))
    far = f'COUNTIF({area},"<"&{part})>0'
    unknown = f'IF(COUNTIF({area},"{book.words["aside"]}")>0,{word[Verdict.UNDECIDABLE]},{word[Verdict.NO_DATA]})'
    certain = f"AND({sure}>={must},COUNT({area})={floors})"
    return (
        f"=IF(OR({far},{sure}+{floors}-COUNT({area})<{must}),{word[Verdict.NOT_MET]},"
        f"IF({certain},{word[Verdict.MET]},{unknown}))"
    )
