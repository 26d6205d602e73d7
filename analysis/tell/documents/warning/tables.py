"""Tables of the early-warning sheet; their words are those of warning.yml."""

from collections.abc import Sequence

import polars as pl

from analysis.standards import label
from analysis.tell.case.case import Case
from analysis.tell.documents.warning.warning import WarningSheet
from analysis.tell.facts.calendar import Day
from analysis.tell.facts.plan_targets import planned
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, target, text, value
from analysis.tell.parts.tables.plan import aim, scope

ITEM = [Column("field"), Column("item"), Column("scope")]
VALUES = [Column("value", pl.Float64, number=True), Column("target", pl.Float64, number=True)]
YEARS = Column("years", pl.Int64, number=True)


def _made(told: WarningSheet, name: str, columns: Sequence[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(told.case, f"warning_{name}", columns, rows, name=name, texts="warning", sortable=True, told=told)


def _item(case: Case, finding: Finding) -> dict[str, Value]:
    return {
        "field": text(case.word("fields", finding.field)),
        "item": text(case.label(finding.item, short=True)),
        "scope": text(scope(case, finding)),
    }


def near(told: WarningSheet) -> Table | None:
    """Return one row per finding of the county near its limit: value, limit, margin in parts of it, years running."""
    case = told.case
    rows = [
        _item(case, one.finding)
        | {"value": value(one.finding, case), "target": target(one.finding, case)}
        | {"part": number(one.part, numbers.percent(one.part)), "years": count(one.years, case)}
        for one in told.near
    ]
    return _made(told, "near", [*ITEM, *VALUES, Column("part", pl.Float64, number=True), YEARS], rows)


def near_schools(told: WarningSheet) -> Table | None:
    """Return one row per item and stage with schools near its limit: how many, and the nearest by name."""
    case, most = told.case, int(wording.emphasis()["named"])
    rows = []
    for one in told.near_schools:
        names = [case.school(each.school or "") for each in one.findings[:most]]
        said = case.word("lists", "between").join(names)
        if len(one.findings) > most:
            said = case.word("region_cells", "and_more").format(names=said, number=len(one.findings))
        row = {
            "item": text(label(case.standard, one.item, case.lang, short=True)),
            "stage": text(case.word("stages", one.stage) if one.stage else blank(case)),
            "schools": count(len(one.findings), case),
            "names": text(said),
        }
        rows.append(row)
    columns = [Column("item"), Column("stage"), Column("schools", pl.Int64, number=True), Column("names")]
    return _made(told, "near_schools", columns, rows)


def coming(told: WarningSheet) -> Table | None:
    """Return one row per target that comes into force, then per day and item of lines of the ledger that fall due."""
    case = told.case
    rows = [_target(case, one) for one in told.targets]
    found: dict[tuple[str, str], int] = {}
    for due in told.lines:
        key = (due.day.isoformat() if due.day else "", due.line["item"])
        found[key] = found.get(key, 0) + 1
    for (day, item), lines in sorted(found.items()):
        rows.append(
            {
                "day": text(day),
                "kind": text(case.word("calendar", "line")),
                "item": text(label(case.standard, item, case.lang, short=True)),
                "scope": text(case.word("cells", "lines").format(number=lines)),
                "target": text(blank(case)),
                "value": number(None, blank(case)),
            }
        )
    columns = [Column("day"), Column("kind"), Column("item"), Column("scope"), Column("target")]
    return _made(told, "coming", [*columns, Column("value", pl.Float64, number=True)], rows)


def _target(case: Case, one: Day) -> dict[str, Value]:
    held = planned(case)
    said, finding = (held.case if held else case), one.finding
    known = finding is not None and finding.value is not None and finding.school is None
    now = number(None, blank(case))
    if finding is not None and known:
        now = number(finding.value, numbers.of(finding, finding.value or 0.0, said.standard, case.lang, judged=False))
    return {
        "day": text(one.day.isoformat()),
        "kind": text(case.word("calendar", one.what)),
        "item": text(said.label(one.item, short=True)),
        "scope": text(case.word("stages", one.stage) if one.stage else blank(case)),
        "target": text(aim(said, finding) if finding else blank(case)),
        "value": now,
    }


def years(told: WarningSheet) -> Table | None:
    """Return one row per finding of the county that is not met: since when, for how many years running."""
    case = told.case
    rows = [
        _item(case, one.finding)
        | {"value": value(one.finding, case)}
        | {"target": target(one.finding, case), "since": number(one.since, str(one.since))}
        | {"years": count(one.years, case)}
        for one in told.running
    ]
    return _made(told, "years", [*ITEM, *VALUES, Column("since", pl.Int64, number=True), YEARS], rows)
