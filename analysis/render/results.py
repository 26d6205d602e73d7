"""results.json: everything that was found about one county and year, flat, unrounded, null where there is nothing."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from polars import selectors

from analysis import ids
from analysis.least_cost import Plan
from analysis.least_cost.output import row_of
from analysis.tables import WRITTEN, Field, Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.least_cost import least, left_alone
from analysis.tell.facts.outlook import foretold
from analysis.tell.facts.rates import rates
from analysis.tell.facts.versions import versions
from analysis.tell.parts.chapters import recognition

from .readable_json import text_of

FLOATS = selectors.float()


@cache
def schema() -> dict[str, Any]:
    """Return the JSON schema of results.json."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "results.schema.json").read_text(encoding="utf-8"))
    return loaded


def results(report: Case) -> dict[str, Any]:
    """Return what results.json holds; to the public without the figures of schools that may not be shown."""
    history = _may_be_shown(report, report.history)
    return {
        "county": report.county,
        "names": dict(report.names),
        "year": report.year,
        "standard": report.standard.id,
        "plan": report.plan,
        "audience": report.audience,
        "lang": report.lang,
        "synthetic": report.synthetic,
        "status": report.status,
        "date": report.date or None,
        "findings": _rows(history.filter(pl.col("year") == report.year).select(WRITTEN)),
        "coefficients": _rows(_coefficients(report)),
        "rates": _rates(report),
        "least_cost": _least_cost(report),
        "data_quality": _data_quality(report),
        "forecast": foretold(report),
        "sources": [vars(file) for file in report.source_files],
        "versions": versions(),
    }


def write(report: Case, path: Path) -> None:
    """Write results.json; a test holds it to its schema."""
    path.write_text(text_of(results(report)) + "\n", encoding="utf-8")


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.when(FLOATS.is_finite()).then(FLOATS)).to_dicts()


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _may_be_shown(report: Case, findings: pl.DataFrame) -> pl.DataFrame:
    if not report.public:
        return findings
    of_schools = findings.filter(pl.col("school").is_not_null())
    hidden = [
        id
        for id, school, stage in of_schools.select("id", "school", "stage").iter_rows()
        if not report.may_show(school, stage)
    ]
    groups = {ids.group(group) for group in recognition.groups(report)[1]}
    hidden += findings.filter(pl.col("item").is_in(list(groups)))["id"].to_list()
    codes = of_schools.filter(pl.col("id").is_in(hidden))["school"].unique().to_list()
    # A list of the schools that decide names no hidden one.
    lists = (
        pl.col("evidence")
        .str.split(";")
        .list.eval(pl.element().filter(~pl.element().str.contains_any(codes)) if codes else pl.element())
    )
    listed = pl.col("school").is_null() & ~pl.col("evidence").str.starts_with("{")
    return findings.filter(~pl.col("id").is_in(hidden)).with_columns(
        pl.when(listed).then(lists.list.join(";")).otherwise(pl.col("evidence")).alias("evidence")
    )


def _coefficients(report: Case) -> pl.DataFrame:
    keys = ["stage", "indicator", "year"]
    stage_rows = report.measurements.filter(
        pl.col("school").is_null()
        & pl.col("statistic").is_in(["schools", "mean", "cv"])
        & (pl.col("year") <= report.year)
    )
    wide = stage_rows.group_by(keys, maintain_order=True).agg(
        pl.col("value").filter(pl.col("statistic") == name).first().alias(name) for name in ("schools", "mean", "cv")
    )
    # By the framework: a plan's own limits stand in the same history, once more for each coefficient.
    judged = report.history.filter(ids.is_kind(Kind.CV) & (pl.col("field") != Field.PLAN.value)).select(
        "stage",
        ids.name_of(pl.col("item"), Kind.CV).alias("indicator"),
        "year",
        pl.col("target").alias("limit"),
        "verdict",
    )
    return wide.join(judged, on=keys, how="left", maintain_order="left").with_columns(pl.col("schools").cast(pl.Int64))


def _rates(report: Case) -> list[dict[str, Any]]:
    """National rates and the county's own tests, one row each, `kind` national or own."""
    rows = []
    for national, own in rates(report):
        if national is not None:
            rows.append(_rate(national, "national"))
        if own is not None:
            rows.append(
                _rate(own.finding, "own")
                | {name: _plain(getattr(own, name)) for name in ("eta2", "anova", "p_below", "schools", "pupils")}
                | {"ci_low": _plain(own.low), "ci_high": _plain(own.high)}
            )
    return rows


def _least_cost(report: Case) -> dict[str, Any] | None:
    """Return the plan of least cost with the usual reserve, the bare one and that of every indicator.

    None where there is no plan to speak of; where an emergency stopped the search nothing of it is told. The public is
    told its sums, never what a school is given.
    """
    plan_found = least(report)
    if plan_found is None or plan_found.plan.stopped:
        return None
    names = {code: report.school(code) for code in report.rows["school"].unique().to_list()}
    plans = {"plan": plan_found.plan, "bare": plan_found.bare, "every": plan_found.every}
    return {name: None if plan is None else _plan(report, plan, names) for name, plan in plans.items()}


def _plan(report: Case, plan: Plan, names: dict[str, str]) -> dict[str, Any]:
    row = row_of(plan, names, report.plan)
    if not report.public:
        return row
    sums = {"schools": len({action.school for action in plan.actions}), "left": len(left_alone(plan))}
    untold: dict[str, Any] = {name: [] for name in ("actions", "left_at_85", "budget_curve", "undecided")}
    return row | untold | {"shortfall": None} | sums


def _rate(finding: Any, kind: str) -> dict[str, Any]:
    blank = dict.fromkeys(("ci_low", "ci_high", "p_below", "schools", "pupils", "eta2", "anova"))
    return {
        "kind": kind,
        "subject": finding.subject,
        "grade": finding.grade,
        "year": finding.data_year,
        "rate": _plain(finding.value),
        "limit": finding.target,
        "verdict": finding.verdict,
        "reason": finding.reason,
    } | blank


def _data_quality(report: Case) -> dict[str, Any]:
    year = pl.col("year") == report.year
    accounts = report.records.accounts.filter(year)
    sums = accounts.select(pl.col("read", "kept", "quarantined", "other").sum()).row(0, named=True)
    rules = report.records.quarantine.filter(year).explode("rules").group_by("rules").len().sort("rules")
    notices = report.records.notices.filter(year).group_by("rule").len().sort("rule")
    return {
        **sums,
        "quarantine_rules": dict(rules.iter_rows()),
        "notices": dict(notices.iter_rows()),
    }
