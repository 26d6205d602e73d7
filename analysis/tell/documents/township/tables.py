"""Tables of a township: its schools, what they lack, their classes, its part in the coefficients, ledger lines."""

import polars as pl

from analysis.tell.documents.township.township import TownshipReport
from analysis.tell.facts.obstacles import Shortfall
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import ledger as of_county
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text, value, verdict

SCHOOL, STAGE = Column("school"), Column("stage")


def _made(told: TownshipReport, name: str, columns: list[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(told.case, f"township_{name}", columns, rows, name=name, texts="township", sortable=True, told=told)


def _stage(told: TownshipReport, stage: str | None) -> Value:
    return text(told.case.word("stages", stage) if stage else blank(told.case))


def schools(told: TownshipReport) -> Table | None:
    """Return one row per school and stage: pupils, classes, the school rule, what is below its floor."""
    case = told.case
    columns = [SCHOOL, STAGE, Column("type"), Column("pupils", pl.Float64, number=True)]
    columns += [Column("classes", pl.Float64, number=True), Column("met", pl.Float64, number=True)]
    columns += [Column("verdict"), Column("below")]
    rows = []
    for row in told.rows.iter_rows(named=True):
        stage, code = row["stage"] or None, row["school"]
        shown, rule = case.may_show(code, stage), told.rule(code, stage) if stage else None
        hidden = number(None, case.word("blank", "suppressed"))
        rows.append(
            {
                "school": text(case.school(code)),
                "stage": _stage(told, stage),
                "type": text(case.word("school_types", row["school_type"])),
                "pupils": count(row["pupils"], case) if shown else hidden,
                "classes": count(row["classes"], case) if shown else hidden,
                "met": _met(told, rule) if shown else hidden,
                "verdict": _verdict(told, rule, row) if shown else hidden,
                "below": text(_below(told, code, stage)),
            }
        )
    return _made(told, "schools", columns, rows)


def _met(told: TownshipReport, rule: Finding | None) -> Value:
    if rule is None or rule.value is None:
        return number(None, blank(told.case))
    return number(rule.value, numbers.whole(rule.value), finding=rule.id)


def _verdict(told: TownshipReport, rule: Finding | None, row: dict[str, object]) -> Value:
    if rule:
        return verdict(rule, told.case)
    return text(blank(told.case) if row["in_scope"] else told.case.word("cells", "out_of_scope"))


def _below(told: TownshipReport, code: str, stage: str | None) -> str:
    """Return what a school lacks in each indicator below its floor."""
    mine = [one for one in told.shortfalls if one.school == code and one.finding.stage == stage]
    return told.case.word("lists", "clauses").join(_lacks(told, one) for one in mine) or blank(told.case)


def _lacks(told: TownshipReport, one: Shortfall) -> str:
    case, indicator = told.case, one.finding.indicator
    amount = "".join(case.missing(indicator, one.missing, "amounts"))
    return case.word("cells", "lacks").format(name=case.label(indicator, short=True), amount=amount)


def lacking(told: TownshipReport) -> Table | None:
    """Return one row per stage and indicator: schools below the floor, those that miss their rule, the sum missing."""
    case = told.case
    columns = [STAGE, Column("indicator"), Column("below", pl.Int64, number=True)]
    columns += [Column("breaking", pl.Int64, number=True), Column("missing", pl.Int64, number=True)]
    rows = []
    for stage in case.stage_ids:
        for indicator in case.standard.indicators:
            mine = [one for one in told.shortfalls if one.finding.stage == stage and one.finding.indicator == indicator]
            if mine:
                missing = sum(one.missing for one in mine)
                rows.append(
                    {
                        "stage": _stage(told, stage),
                        "indicator": text(case.label(indicator, short=True)),
                        "below": count(len({one.school for one in mine}), case),
                        "breaking": count(len({one.school for one in mine if one.breaks}), case),
                        "missing": number(missing, "".join(case.missing(indicator, missing, "amounts"))),
                    }
                )
    return _made(told, "lacking", columns, rows)


def classes(told: TownshipReport) -> Table | None:
    """Return one row per school and stage with a finding on class size: classes, the largest, the limit, those over."""
    case = told.case
    columns = [SCHOOL, STAGE, Column("classes", pl.Int64, number=True), Column("largest", pl.Float64, number=True)]
    columns += [Column("limit", pl.Float64, number=True), Column("over", pl.Int64, number=True), Column("verdict")]
    rows = [
        {
            "school": text(case.school(one.school or "")),
            "stage": _stage(told, one.stage),
            "classes": count(one.told.get("classes"), case),
            "largest": value(one, case),
            "limit": number(
                one.target, blank(case) if one.target is None else numbers.target(one, case.standard, case.lang)
            ),
            "over": count(one.told.get("over"), case),
            "verdict": verdict(one, case),
        }
        for one in told.sizes
        if case.may_show(one.school, one.stage)
    ]
    return _made(told, "classes", columns, rows)


def parts(told: TownshipReport) -> Table | None:
    """Return one row per coefficient: the county's, the township's part of S squared, of pupils, both means."""
    case = told.case
    columns = [
        STAGE,
        Column("indicator"),
        Column("schools", pl.Int64, number=True),
        Column("cv", pl.Float64, number=True),
    ]
    columns += [Column(name, pl.Float64, number=True) for name in ("share", "pupils", "mean", "county")]
    rows = []
    for one in told.parts:
        places, may = case.standard.indicators[one.cv.indicator].decimals, told.may_tell(one)
        hidden = number(None, case.word("blank", "suppressed"))
        rows.append(
            {
                "stage": _stage(told, one.cv.stage),
                "indicator": text(case.label(one.cv.indicator, short=True)),
                "schools": count(one.schools, case),
                "cv": value(one.cv, case),
                "share": number(one.share, numbers.percent(one.share)) if may else hidden,
                "pupils": number(one.pupils, numbers.percent(one.pupils)),
                "mean": number(one.mean, numbers.decimal(one.mean, places)) if may else hidden,
                "county": number(one.county, numbers.decimal(one.county, places)),
            }
        )
    return _made(told, "parts", columns, rows)


def lines(told: TownshipReport) -> Table | None:
    """Return one row per open line of the ledger, as the county's ledger tells it."""
    case = told.case
    names = ("where", "item", "state", "missing", "opened", "holder", "due")
    rows = [
        {name: row[name] for name in names}
        for line in told.lines.iter_rows(named=True)
        if case.may_show(line["school"], line["stage"])
        for row in [of_county.row(case, line)]
    ]
    empty = {name for name in ("holder", "due") if all(row[name].value in {None, ""} for row in rows)}
    columns = [
        Column("where"),
        Column("item"),
        Column("state"),
        Column("missing"),
        Column("opened", pl.Int64, number=True),
    ]
    columns += [Column("holder"), Column("due", pl.Int64, number=True)]
    return _made(told, "lines", [one for one in columns if one.id not in empty], rows)
