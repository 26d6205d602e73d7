"""Tables of the early-warning sheet; their words are those of warning.yml."""

import math
from collections.abc import Sequence

import polars as pl

from analysis.standards import label
from analysis.tables import Kind
from analysis.tell.case.case import Case
from analysis.tell.documents.warning.warning import WarningSheet
from analysis.tell.facts.calendar import Day
from analysis.tell.facts.outlook import Losing
from analysis.tell.facts.plan_targets import planned
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, target, text, value
from analysis.tell.parts.tables.plan import aim, scope

ITEM = [Column("field"), Column("item"), Column("scope")]
VALUES = [Column("value", pl.Float64, number=True), Column("target", pl.Float64, number=True)]
YEARS = Column("years", pl.Int64, number=True)


def _made(warning: WarningSheet, name: str, columns: Sequence[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(warning.case, f"warning_{name}", columns, rows, name=name, texts="warning", sortable=True, told=warning)


def _item(case: Case, finding: Finding) -> dict[str, Value]:
    return {
        "field": text(case.word("fields", finding.field)),
        "item": text(case.label(finding.item, short=True)),
        "scope": text(scope(case, finding)),
    }


def near(warning: WarningSheet) -> Table | None:
    """Return one row per finding of the county near its limit: value, limit, margin in parts of it, years running."""
    case = warning.case
    rows = [
        _item(case, near.finding)
        | {"value": value(near.finding, case), "target": target(near.finding, case)}
        | {"part": number(near.part, numbers.percent(near.part)), "years": count(near.years, case)}
        for near in warning.near
    ]
    return _made(warning, "near", [*ITEM, *VALUES, Column("part", pl.Float64, number=True), YEARS], rows)


def near_schools(warning: WarningSheet) -> Table | None:
    """Return one row per item and stage with schools near its limit: how many, and the nearest by name."""
    case, most = warning.case, int(wording.emphasis()["named"])
    rows = []
    for school in warning.near_schools:
        names = [case.school(each.school or "") for each in school.findings[:most]]
        said = case.word("lists", "between").join(names)
        if len(school.findings) > most:
            said = case.word("region_cells", "and_more").format(names=said, number=len(school.findings))
        row = {
            "item": text(label(case.standard, school.item, case.lang, short=True)),
            "stage": text(case.word("stages", school.stage) if school.stage else blank(case)),
            "schools": count(len(school.findings), case),
            "names": text(said),
        }
        rows.append(row)
    columns = [Column("item"), Column("stage"), Column("schools", pl.Int64, number=True), Column("names")]
    return _made(warning, "near_schools", columns, rows)


def lost(warning: WarningSheet) -> Table | None:
    """Return one row per item that is met and likely to be lost: by which year, value now and then, limit, how likely,
    and what to do now."""
    case = warning.case
    rows = []
    for loss in warning.lost:
        finding, standard = loss.finding, case.standard_of(loss.finding)
        alone = finding.school is not None and not case.combined(finding.school)
        place = [case.school(finding.school)] if finding.school else []
        place += [case.word("stages", finding.stage)] if finding.stage and not alone else []
        rows.append(
            {
                "item": text(case.label(finding.item, short=True)),
                "scope": text(" ".join(place)),
                "year": number(loss.year, str(loss.year)),
                "value": value(finding, case),
                "then": number(loss.value, numbers.of(finding, loss.value, standard, case.lang, judged=False)),
                "target": target(finding, case),
                "probability": number(loss.probability, numbers.part(round(loss.probability, 2))),
                "now": text(_to_do(case, loss)),
            }
        )
    heads = [Column("item"), Column("scope"), Column("year", pl.Int64, number=True), *VALUES[:1]]
    heads += [Column("then", pl.Float64, number=True), VALUES[1], Column("probability", pl.Float64, number=True)]
    return _made(warning, "lost", [*heads, Column("now")], rows)


def _to_do(case: Case, loss: Losing) -> str:
    """Return what keeps an item: the amount that a floor will lack, fewer pupils, what brings schools together."""
    said = wording.texts("warning", case.lang)["to_do"]
    finding = loss.finding
    if finding.kind == Kind.FLOOR and finding.indicator:
        amount, word = case.missing(finding.indicator, loss.lacking or 0.0)
        return str(said["floor"]).format(amount=amount, word=word)
    if finding.kind == Kind.ITEM and loss.lacking is not None:
        return str(said["size"]).format(number=numbers.whole(math.ceil(loss.lacking)))
    return str(said["stage"])


def coming(warning: WarningSheet) -> Table | None:
    """Return one row per target that comes into force, then per day and item of lines of the ledger that fall due."""
    case = warning.case
    rows = [_target(case, target) for target in warning.targets]
    by_day: dict[tuple[str, str], int] = {}
    called: dict[str, str] = {}
    for due in warning.lines:
        key = (due.day.isoformat() if due.day else "", due.line["item"])
        by_day[key] = by_day.get(key, 0) + 1
        called[due.line["item"]] = ledger.item(case, due.line)
    for (day, item), lines in sorted(by_day.items()):
        rows.append(
            {
                "day": text(day),
                "kind": text(case.word("calendar", "line")),
                "item": text(called[item]),
                "scope": text(case.word("cells", "lines").format(number=lines)),
                "target": text(blank(case)),
                "value": number(None, blank(case)),
            }
        )
    columns = [Column("day"), Column("kind"), Column("item"), Column("scope"), Column("target")]
    return _made(warning, "coming", [*columns, Column("value", pl.Float64, number=True)], rows)


def _target(case: Case, day: Day) -> dict[str, Value]:
    plan = planned(case)
    said, finding = (plan.case if plan else case), day.finding
    known = finding is not None and finding.value is not None and finding.school is None
    now = number(None, blank(case))
    if finding is not None and known:
        now = number(finding.value, numbers.of(finding, finding.value or 0.0, said.standard, case.lang, judged=False))
    return {
        "day": text(day.day.isoformat()),
        "kind": text(case.word("calendar", day.what)),
        "item": text(said.label(day.item, short=True)),
        "scope": text(case.word("stages", day.stage) if day.stage else blank(case)),
        "target": text(aim(said, finding) if finding else blank(case)),
        "value": now,
    }


def years(warning: WarningSheet) -> Table | None:
    """Return one row per finding of the county that is not met: since when, for how many years running."""
    case = warning.case
    rows = [
        _item(case, running.finding)
        | {"value": value(running.finding, case)}
        | {"target": target(running.finding, case), "since": number(running.since, str(running.since))}
        | {"years": count(running.years, case)}
        for running in warning.running
    ]
    return _made(warning, "years", [*ITEM, *VALUES, Column("since", pl.Int64, number=True), YEARS], rows)
