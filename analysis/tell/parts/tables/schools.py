"""Every school of a stage against the floors."""

import polars as pl

from analysis import ids
from analysis.tables import Field, Kind
from analysis.tell.case.case import Case
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text, verdict


def stage_table(case: Case, stage: str) -> Table | None:
    """Return one row per school in scope of a stage: pupils, value per indicator, indicators met, verdict.

    To the public a school that is hidden (tell.case.disclosure) shows no figures.
    """
    indicators = list(case.standard.indicators)
    rules = bool(case.standard.school_rule)
    columns = [
        Column("school"),
        Column("pupils", pl.Float64, number=True),
        *(
            Column(indicator, pl.Float64, number=True, label=case.label(indicator, short=True))
            for indicator in indicators
        ),
        *([Column("met", pl.Float64, number=True), Column("verdict")] if rules else []),
    ]
    hidden = case.word("blank", "suppressed")
    rows = []
    for code, pupils in case.rows.filter(stage=stage, in_scope=True).sort("school").select("school", "pupils").rows():
        row = {"school": text(case.school_in_full(code))}
        if not case.may_show(code, stage):
            row |= {column.id: Value(None, Cell(hidden, number=column.number)) for column in columns[1:]}
            rows.append(row)
            continue
        row["pupils"] = count(pupils, case)
        for indicator in indicators:
            finding = case.finding(ids.finding(Field.RESOURCES, ids.floor(indicator), stage, code))
            measured = case.measured.school(case.year, stage, indicator, code)
            amount = measured.value if measured else None
            if finding and finding.value is not None:
                shown = numbers.of(finding, finding.value, case.standard, case.lang)
            elif amount is not None:
                shown = numbers.decimal(amount, case.standard.indicators[indicator].decimals)
            else:
                shown = blank(case)
            row[indicator] = number(
                amount, shown, verdict=finding.verdict if finding else "", finding=finding.id if finding else ""
            )
        rule = case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOL_RULE, stage, code))
        if rules:
            row["met"] = count(rule.value if rule else None, case)
            row["verdict"] = verdict(rule, case) if rule else text(None)
        rows.append(row)
    types = case.rows.filter(stage=stage, in_scope=True)["school_type"].unique()
    floors = {finding.indicator: finding for finding in case.now.where(kind=Kind.FLOOR, stage=stage)}
    return make(
        case,
        f"schools_{stage}",
        columns,
        rows,
        name="schools",
        sortable=True,
        stage=stage,
        # Before it is in force, and where it is open, a floor is no standard to tell of.
        floors=[floors[name] for name in indicators if name in floors and floors[name].target is not None],
        bases=_bases(case),
        shared=any(len(case.standard.school_types.get(kind, ())) > 1 for kind in types),
    )


def _bases(case: Case) -> list[tuple[str, list[str]]]:
    """Return the indicators by what they are counted on, each with a unit of that."""
    bases: dict[str, tuple[str, list[str]]] = {}
    for name, indicator in case.standard.indicators.items():
        base = wording.of_unit("bases", indicator.unit, case.lang)
        if base:
            bases.setdefault(base, (indicator.unit, []))[1].append(name)
    return list(bases.values())
