"""The schools that miss their rule: a row each, with what they have of indicators below the floor, and lack."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.obstacles import Shortfall, failing, shortfalls
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, count, make, number, text


def table(case: Case) -> Table | None:
    """Return one row per school that misses its rule, those with most floors missed first; a cell where nothing is
    lacking stays empty, an indicator that none lacks is left out.
    """
    short = {(each.finding.stage, each.school, each.finding.indicator): each for each in shortfalls(case)}
    rules = failing(case)
    lacking = {indicator for stage, school, indicator in short if (stage, school) in _pairs(case)}
    indicators = [name for name in case.standard.indicators if name in lacking]
    columns = [
        Column("stage"),
        Column("school"),
        Column("pupils", pl.Float64, number=True),
        *(Column(name, pl.Float64, number=True, label=case.label(name, short=True)) for name in indicators),
    ]
    pupils = {(stage, school): number for stage, school, number in case.rows.select("stage", "school", "pupils").rows()}
    rows = [
        {
            "stage": text(case.word("stages", rule.stage or "")),
            "school": text(case.school(rule.school or "")),
            "pupils": count(pupils.get((rule.stage, rule.school)), case),
            **{name: _cell(case, short.get((rule.stage, rule.school or "", name))) for name in indicators},
        }
        for rule in rules
    ]
    return make(case, "failing", columns, rows)


def _pairs(case: Case) -> set[tuple[str | None, str | None]]:
    return {(rule.stage, rule.school) for rule in failing(case)}


def _cell(case: Case, shortfall: Shortfall | None) -> Value:
    """Return what a school has and lacks: 5.64 (lacks 2,805); the source says in what."""
    if shortfall is None or shortfall.finding.value is None:
        return number(None, "")
    finding = shortfall.finding
    has = numbers.of(finding, shortfall.finding.value, case.standard, case.lang)
    amount, word = case.missing(finding.indicator, shortfall.missing, "amounts")
    thousands = case.word("cells", "ten_thousand") if word.startswith(case.word("cells", "ten_thousand")) else ""
    lacks = case.word("labels", "lacks").format(amount=f"{amount}{thousands}")
    return number(shortfall.missing, case.word("labels", "with_unit").format(name=has, unit=lacks))
