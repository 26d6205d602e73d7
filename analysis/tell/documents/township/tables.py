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


def _table(report: TownshipReport, name: str, columns: list[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(
        report.case, f"township_{name}", columns, rows, name=name, texts="township", sortable=True, township=report
    )


def _stage(report: TownshipReport, stage: str | None) -> Value:
    return text(report.case.word("stages", stage) if stage else blank(report.case))


def schools(report: TownshipReport) -> Table | None:
    """Return one row per school and stage: pupils, classes, the school rule, what is below its floor."""
    case = report.case
    columns = [SCHOOL, STAGE, Column("type"), Column("pupils", pl.Float64, number=True)]
    columns += [Column("classes", pl.Float64, number=True), Column("met", pl.Float64, number=True)]
    columns += [Column("verdict"), Column("below")]
    rows = []
    for row in report.rows.iter_rows(named=True):
        stage, code = row["stage"] or None, row["school"]
        shown, rule = case.may_show(code, stage), report.rule(code, stage) if stage else None
        hidden = number(None, case.word("blank", "suppressed"))
        rows.append(
            {
                "school": text(case.school(code)),
                "stage": _stage(report, stage),
                "type": text(case.word("school_types", row["school_type"])),
                "pupils": count(row["pupils"], case) if shown else hidden,
                "classes": count(row["classes"], case) if shown else hidden,
                "met": _met(report, rule) if shown else hidden,
                "verdict": _verdict(report, rule, row) if shown else hidden,
                "below": text(_below(report, code, stage)),
            }
        )
    return _table(report, "schools", columns, rows)


def _met(report: TownshipReport, rule: Finding | None) -> Value:
    if rule is None or rule.value is None:
        return number(None, blank(report.case))
    return number(rule.value, numbers.whole(rule.value), finding=rule.id)


def _verdict(report: TownshipReport, rule: Finding | None, row: dict[str, object]) -> Value:
    if rule:
        return verdict(rule, report.case)
    return text(blank(report.case) if row["in_scope"] else report.case.word("cells", "out_of_scope"))


def _below(report: TownshipReport, code: str, stage: str | None) -> str:
    """Return what a school lacks in each indicator below its floor."""
    mine = [
        shortfall for shortfall in report.shortfalls if shortfall.school == code and shortfall.finding.stage == stage
    ]
    return report.case.word("lists", "clauses").join(_lacks(report, shortfall) for shortfall in mine) or blank(
        report.case
    )


def _lacks(report: TownshipReport, shortfall: Shortfall) -> str:
    case, indicator = report.case, shortfall.finding.indicator
    amount = "".join(case.missing(indicator, shortfall.missing, "amounts"))
    return case.word("cells", "lacks").format(name=case.label(indicator, short=True), amount=amount)


def lacking(report: TownshipReport) -> Table | None:
    """Return one row per stage and indicator: schools below the floor, those that miss their rule, the sum missing."""
    case = report.case
    columns = [STAGE, Column("indicator"), Column("below", pl.Int64, number=True)]
    columns += [Column("breaking", pl.Int64, number=True), Column("missing", pl.Int64, number=True)]
    rows = []
    for stage in case.stage_ids:
        for indicator in case.standard.indicators:
            mine = [
                shortfall
                for shortfall in report.shortfalls
                if shortfall.finding.stage == stage and shortfall.finding.indicator == indicator
            ]
            if mine:
                missing = sum(shortfall.missing for shortfall in mine)
                rows.append(
                    {
                        "stage": _stage(report, stage),
                        "indicator": text(case.label(indicator, short=True)),
                        "below": count(len({shortfall.school for shortfall in mine}), case),
                        "breaking": count(len({shortfall.school for shortfall in mine if shortfall.breaks}), case),
                        "missing": number(missing, "".join(case.missing(indicator, missing, "amounts"))),
                    }
                )
    return _table(report, "lacking", columns, rows)


def classes(report: TownshipReport) -> Table | None:
    """Return one row per school and stage with a finding on class size: classes, the largest, the limit, those over."""
    case = report.case
    columns = [SCHOOL, STAGE, Column("classes", pl.Int64, number=True), Column("largest", pl.Float64, number=True)]
    columns += [Column("limit", pl.Float64, number=True), Column("over", pl.Int64, number=True), Column("verdict")]
    rows = [
        {
            "school": text(case.school(finding.school or "")),
            "stage": _stage(report, finding.stage),
            "classes": count(finding.details.get("classes"), case),
            "largest": value(finding, case),
            "limit": number(
                finding.target,
                blank(case) if finding.target is None else numbers.target(finding, case.standard, case.lang),
            ),
            "over": count(finding.details.get("over"), case),
            "verdict": verdict(finding, case),
        }
        for finding in report.sizes
        if case.may_show(finding.school, finding.stage)
    ]
    return _table(report, "classes", columns, rows)


def parts(report: TownshipReport) -> Table | None:
    """Return one row per coefficient: the county's, the township's part of S squared, of pupils, both means."""
    case = report.case
    columns = [
        STAGE,
        Column("indicator"),
        Column("schools", pl.Int64, number=True),
        Column("cv", pl.Float64, number=True),
    ]
    columns += [Column(name, pl.Float64, number=True) for name in ("share", "pupils", "mean", "county")]
    rows = []
    for part in report.parts:
        places, may = case.standard.indicators[part.cv.indicator].decimals, report.may_tell(part)
        hidden = number(None, case.word("blank", "suppressed"))
        rows.append(
            {
                "stage": _stage(report, part.cv.stage),
                "indicator": text(case.label(part.cv.indicator, short=True)),
                "schools": count(part.schools, case),
                "cv": value(part.cv, case),
                "share": number(part.share, numbers.percent(part.share)) if may else hidden,
                "pupils": number(part.pupils, numbers.percent(part.pupils)),
                "mean": number(part.mean, numbers.decimal(part.mean, places)) if may else hidden,
                "county": number(part.county, numbers.decimal(part.county, places)),
            }
        )
    return _table(report, "parts", columns, rows)


def lines(report: TownshipReport) -> Table | None:
    """Return one row per open line of the ledger, as the county's ledger tells it."""
    case = report.case
    names = ("where", "item", "state", "missing", "opened", "holder", "due")
    rows = [
        {name: row[name] for name in names}
        for line in report.lines.iter_rows(named=True)
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
    return _table(report, "lines", [column for column in columns if column.id not in empty], rows)
