"""Resources at a glance: a row per indicator, both stages side by side."""

from typing import Any

import polars as pl

from analysis import ids
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.changes import moved
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, target, text, value

#: What is told of a stage: the floor, schools below it, the mean, the coefficient, that of the year before.
TOLD = ("floor", "below", "mean", "cv", "before")


def table(case: Case) -> Table | None:
    """Return one row per indicator; what no indicator of a stage has is left out.

    A coefficient is shaded by its verdict, a number of schools where one of those below the floor misses its rule.
    """
    before = {move.now.id: move.before for move in moved(case)}
    rows = [
        {"indicator": text(case.label(name, short=True))}
        | {key: cell for stage in case.stage_ids for key, cell in _cells(case, stage, name, before).items()}
        for name in case.standard.indicators
        if case.stage_ids
    ]
    columns = [Column("indicator")]
    for stage in case.stage_ids:
        for name in TOLD:
            label = f"{case.word('stages', stage)}{'' if case.lang == 'zh' else ' '}{case.word('of_stage', name)}"
            if any(row[f"{name}_{stage}"].value is not None for row in rows):
                columns.append(Column(f"{name}_{stage}", pl.Float64, number=True, label=_begun(label)))
    limits = {
        stage: limit
        for stage in case.stage_ids
        if (limit := next((f for f in case.now.where(kind=Kind.CV, stage=stage) if f.target is not None), None))
    }
    shown = {column.id.partition("_")[0] for column in columns}
    return make(
        case,
        "resources",
        columns,
        rows,
        limits=limits,
        below="below" in shown,
        before=case.before if "before" in shown else None,
    )


def _begun(label: str) -> str:
    return label[:1].upper() + label[1:]


def _cells(case: Case, stage: str, indicator: str, before: dict[str, Any]) -> dict[str, Value]:
    dash = number(None, blank(case))
    floors = [
        finding
        for finding in case.now.where(item=ids.floor(indicator), stage=stage)
        if finding.verdict in DECIDED and finding.school
    ]
    cv = case.finding(ids.finding(Field.RESOURCES, ids.cv(indicator), stage))
    mean = case.measured.stage(case.year, stage, indicator, "mean")
    spread = case.measured.stage(case.year, stage, indicator, "cv")
    cells = dict.fromkeys(TOLD, dash)
    if floors and floors[0].target is not None:
        cells["floor"] = target(floors[0], case)
        cells["below"] = _below(case, stage, floors)
    if mean is not None:
        cells["mean"] = number(mean, numbers.decimal(mean, case.standard.indicators[indicator].decimals))
    if cv is not None and cv.value is not None:
        cells["cv"] = value(cv, case)
        past = before.get(cv.id)
        if past is not None and past.value is not None:
            cells["before"] = number(past.value, numbers.ratio(past.value))
    elif spread is not None:
        cells["cv"] = number(spread, numbers.ratio(spread))
    return {f"{name}_{stage}": cell for name, cell in cells.items()}


def _below(case: Case, stage: str, floors: list[Any]) -> Value:
    """Return how many schools lie below a floor, shaded where one of them misses its rule."""
    short = [finding for finding in floors if finding.verdict == Verdict.NOT_MET]
    rules = (case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOL_RULE, stage, finding.school)) for finding in short)
    breaks = any(rule is not None and rule.verdict == Verdict.NOT_MET for rule in rules)
    shown = f"{numbers.whole(len(short))}/{numbers.whole(len(floors))}"
    return number(len(short), shown, verdict=Verdict.NOT_MET if breaks else "")
