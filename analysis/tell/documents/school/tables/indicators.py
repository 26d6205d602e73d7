"""The indicators of a school against their floors, over five years; of a combined school what it shares, split."""

import polars as pl

from analysis import ids
from analysis.tables import Field
from analysis.tell.documents.school.sheet import SchoolSheet
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text


def table(sheet: SchoolSheet) -> Table | None:
    """Return one row per stage and indicator: amount (whole and the stage's part), years, floor, line of the ledger."""
    case = sheet.case
    combined = bool(sheet.shares)
    columns = [
        *([Column("stage")] if len(sheet.stages) > 1 else []),
        Column("indicator"),
        *([Column("whole", pl.Float64, number=True)] if combined else []),
        Column("part" if combined else "amount", pl.Float64, number=True),
        *(Column(f"year_{year}", pl.Float64, number=True, label=str(year)) for year in sheet.course),
        Column("floor", pl.Float64, number=True),
        Column("lacking", pl.Float64, number=True),
        Column("opened", pl.Int32, number=True),
    ]
    rows = [
        _row(sheet, stage.id, indicator)
        for stage in sheet.stages
        if stage.id and any(_is_measured(sheet, year, stage.id) for year in sheet.course)
        for indicator in case.standard.indicators
    ]
    return make(case, "school_indicators", columns, rows, name="indicators", texts="school", sheet=sheet)


def _is_measured(sheet: SchoolSheet, year: int, stage: str) -> bool:
    """Return whether the standard counted the school's stage in a year."""
    measured, indicators = sheet.case.measured, sheet.case.standard.indicators
    return any(measured.school(year, stage, indicator, sheet.code) for indicator in indicators)


def _row(sheet: SchoolSheet, stage: str, indicator: str) -> dict[str, Value]:
    case, rule = sheet.case, sheet.case.standard.indicators[indicator]
    measured = case.measured.school(case.year, stage, indicator, sheet.code)
    amount = measured.amount if measured else None
    now = case.finding(ids.finding(Field.RESOURCES, ids.floor(indicator), stage, sheet.code))
    lines = sheet.lines.filter(id=now.id).rows(named=True) if now else []
    line = lines[0] if lines else None
    unit = case.word("units", rule.unit)
    row = {
        "stage": text(case.word("stages", stage)),
        "indicator": text(case.word("labels", "with_unit").format(name=case.label(indicator, short=True), unit=unit)),
        "whole": _amount(sheet, (sheet.record or {}).get(rule.amount)),
        "amount": _amount(sheet, amount, case.counted(indicator, "amounts")),
        "floor": number(None, blank(case))
        if now is None or now.target is None
        else number(now.target, numbers.target(now, case.standard, case.lang)),
        "lacking": number(line["lacking"], "".join(case.missing(indicator, line["lacking"], "amounts")))
        if line and line["lacking"] is not None
        else number(None, ""),
        "opened": number(line["opened"], str(line["opened"])) if line else number(None, ""),
    }
    row["part"] = row["amount"]
    return row | {f"year_{year}": _value(sheet, year, stage, indicator) for year in sheet.course}


def _value(sheet: SchoolSheet, year: int, stage: str, indicator: str) -> Value:
    """Return the value of a year, shaded where it missed the floor of that year; data-f where it is this year's."""
    case = sheet.case
    finding = case.at(year).get(ids.finding(Field.RESOURCES, ids.floor(indicator), stage, sheet.code))
    if finding and finding.value is not None:
        shown = numbers.of(finding, finding.value, case.standard, case.lang)
        return number(finding.value, shown, verdict=finding.verdict, finding=finding.id if year == case.year else "")
    measured = case.measured.school(year, stage, indicator, sheet.code)
    if measured is None or measured.value is None:
        return number(None, blank(case), verdict=finding.verdict if finding else "")
    return number(measured.value, numbers.decimal(measured.value, case.standard.indicators[indicator].decimals))


def _amount(sheet: SchoolSheet, amount: float | None, unit: str = "") -> Value:
    """Return an amount with its unit; a part of a whole thing has a decimal."""
    if amount is None:
        return number(None, blank(sheet.case))
    shown = numbers.whole(amount) if float(amount).is_integer() or amount >= 1000 else numbers.decimal(amount, 1)
    return number(amount, shown + unit)
