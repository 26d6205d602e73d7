"""Items of a county below the resources: what is answered, given as a value, or computed from records."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from analysis.judge import frames, rounding, set_aside
from analysis.judge.computed import FIGURES, RULES, Figure, Given
from analysis.judge.verdicts import combine
from analysis.standards import Standard, State, Target
from analysis.standards.model import Item, SchoolSelect
from analysis.tables import FINDINGS, Verdict

DECIDED = (Verdict.MET.value, Verdict.NOT_MET.value)
SHARE = "share"
#: Rule -> the table that it reads besides the schools, and the verdict that one row more could turn round: one more
#: class may be too large, one more room may suffice.
TURNED = {"class_size": ("classes", Verdict.MET.value), "special_rooms": ("rooms", Verdict.NOT_MET.value)}


def _selected(schools: pl.DataFrame, selects: tuple[SchoolSelect, ...]) -> pl.DataFrame:
    """Return the schools that any of `selects` takes, or may take (`unsure`: what it asks about is not reported); all
    where there is none."""
    taken = pl.lit(value=not selects)
    for one in selects:
        here = pl.lit(value=True)
        for column in ("school_type", "run_by", "area"):
            wanted = list(getattr(one, column))
            if wanted:
                here = here & pl.col(column).is_in(wanted)
        taken = taken | here
    return schools.with_columns(taken.is_null().alias("unsure")).filter(taken.fill_null(value=True))


def _if_selected(rows: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` of a rule with no_data where a school falls short that the item perhaps does not look at."""
    unsure = schools.filter("unsure")["school"].to_list()
    if not unsure:
        return rows
    doubtful = pl.col("school").is_in(unsure) & (pl.col("verdict") == Verdict.NOT_MET.value)
    return rows.with_columns(
        pl.when(doubtful).then(pl.lit(Verdict.NO_DATA.value)).otherwise("verdict").alias("verdict"),
        pl.when(doubtful).then(pl.lit("attribute_missing")).otherwise("reason").alias("reason"),
    )


def _unless_set_aside(rows: pl.DataFrame, rule: str, quarantine: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return `rows` of a rule with no_data where source rows in quarantine could turn a school's verdict round."""
    if rule not in TURNED:
        return rows
    table, verdict = TURNED[rule]
    schools = set_aside.schools_of(quarantine, table, year, rows["school"].unique(maintain_order=True).to_list())
    if not schools:
        return rows
    doubtful = pl.col("school").is_in(schools) & (pl.col("verdict") == verdict)
    return rows.with_columns(
        pl.when(doubtful).then(pl.lit(Verdict.NO_DATA.value)).otherwise("verdict").alias("verdict"),
        pl.when(doubtful).then(pl.lit(set_aside.ITEM)).otherwise("reason").alias("reason"),
    )


def _target(item: Item, standard: Standard, day: date) -> tuple[str, float | None]:
    """Return the state of an item on `day`, and its target; an item without one holds from the standard's date."""
    if item.target is None:
        return (State.SET.value if day >= (item.since or standard.since) else State.NOT_IN_FORCE.value), None
    return frames.target_at(standard, item.target, day)


def _impossible(value: float, target: Target) -> bool:
    """Return whether no county can have this value: no share is above 1, no score above its points, none negative."""
    most = 1.0 if target.unit == SHARE and target.most is None else target.most
    return value < 0 or (most is not None and rounding.exact(value) > most)


def _finding(name: str, item: Item, verdict: str, reason: str = "", **values: Any) -> dict[str, Any]:
    return {"field": item.field, "item": name, "verdict": verdict, "reason": reason} | values


def reported(name: str, item: Item, row: dict[str, Any] | None, target: float | None, year: int) -> dict[str, Any]:
    """Judge what a county reported on one item: a value against its target, or an answer with its evidence.

    A yes without evidence is no_data: nothing shows it yet. So is a value that can't be, such as 95 for 95 %.
    """
    if row is None:
        return _finding(name, item, Verdict.NO_DATA, "no_records", target=target)
    told: dict[str, Any] = {"evidence": row["evidence"] or "", "data_year": year, "target": target}
    if item.kind == "value" and item.target is not None and target is not None:
        value = row["value"]
        if value is None:
            return _finding(name, item, Verdict.NO_DATA, "value_missing", **told)
        if _impossible(value, item.target):
            return _finding(name, item, Verdict.NO_DATA, "value_impossible", value=value, **told)
        met = rounding.holds(value, target, item.target.sense)
        margin = rounding.apart(value, target, item.target.sense)
        return _finding(name, item, Verdict.MET if met else Verdict.NOT_MET, value=value, margin=margin, **told)
    if row["answer"] == "no":
        return _finding(name, item, Verdict.NOT_MET, **told)
    if row["answer"] == "yes":
        shown = bool(told["evidence"])
        return _finding(name, item, Verdict.MET if shown else Verdict.NO_DATA, "" if shown else "no_evidence", **told)
    return _finding(name, item, Verdict.NO_DATA, "value_missing", **told)


def _of_schools(name: str, item: Item, rows: pl.DataFrame, target: float, year: int) -> list[dict[str, Any]]:
    """Return a finding per school row and the county's: value = share that meet for certain, judged in best and
    worst case."""
    assert item.target is not None
    if rows.is_empty():
        return [_finding(name, item, Verdict.NOT_APPLICABLE, "no_such_schools", target=target, data_year=year)]
    head: dict[str, Any] = {"field": item.field, "item": name, "data_year": year}
    each = [head | row for row in rows.iter_rows(named=True)]
    met = sum(row["verdict"] == Verdict.MET.value for row in each)
    unsure = [row for row in each if row["verdict"] not in DECIDED]
    share, best = met / len(each), (met + len(unsure)) / len(each)
    told: dict[str, Any] = {"value": share, "target": target, "data_year": year}
    short = _schools(row for row in each if row["verdict"] == Verdict.NOT_MET.value)
    if rounding.holds(share, target, item.target.sense):
        county = _finding(name, item, Verdict.MET, margin=rounding.apart(share, target, item.target.sense), **told)
    elif not rounding.holds(best, target, item.target.sense):
        margin = rounding.apart(share, target, item.target.sense)
        county = _finding(name, item, Verdict.NOT_MET, "schools_short", margin=margin, evidence=short, **told)
    else:
        silent = all(row["reason"] == "no_rows_of_school" for row in each)
        schools = "" if silent else _schools(unsure)
        reason = "no_records" if silent else "schools_missing"
        county = _finding(name, item, combine(row["verdict"] for row in unsure), reason, evidence=schools, **told)
    return [county, *each]


def _schools(rows: Iterable[dict[str, Any]]) -> str:
    """Return the schools of `rows` as evidence, each once."""
    return frames.LIST.join(dict.fromkeys(row["school"] for row in rows))


def _of_figure(name: str, item: Item, figure: Figure, target: float, year: int) -> dict[str, Any]:
    assert item.target is not None
    told: dict[str, Any] = {"target": target, "evidence": figure.evidence}
    if figure.value is None:
        return _finding(name, item, Verdict.NO_DATA, figure.reason, **told)
    if _impossible(figure.value, item.target):
        return _finding(name, item, Verdict.NO_DATA, "value_impossible", value=figure.value, **told)
    met = rounding.holds(figure.value, target, item.target.sense)
    finite = figure.value != float("inf")
    told |= {"data_year": year, "value": figure.value if finite else None}
    told |= {"margin": rounding.apart(figure.value, target, item.target.sense) if finite else None}
    return _finding(name, item, Verdict.MET if met else Verdict.NOT_MET, "" if met else figure.reason, **told)


def _computed(name: str, item: Item, given: Given, state: str, target: float | None, year: int) -> list[dict[str, Any]]:
    rule = str(item.rule)
    if rule in RULES:
        if target is None:
            return [_finding(name, item, state, state)]
        before = year - given.standard.statistics_lag
        rows = _if_selected(RULES[rule](given), given.schools)
        rows = _unless_set_aside(rows, rule, given.frames["quarantine"], before)
        return _of_schools(name, item, rows, target, before)
    figure = FIGURES[rule](given)
    if target is None:
        return [_finding(name, item, state, state, value=figure.value, data_year=year)]
    return [_of_figure(name, item, figure, target, year)]


def findings(held: dict[str, pl.DataFrame], standard: Standard, year: int, day: date) -> pl.DataFrame:
    """Return the findings of the standard's items of one county.

    `held` maps schools, classes, rooms, teachers, government to the rows of one county and year, monitoring and
    quarantine to those of all its years.
    """
    given_rows = {row["item"]: row for row in held["government"].iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for name, item in standard.items.items():
        state, target = _target(item, standard, day)
        if item.kind == "computed" and held["schools"].is_empty() and item.rule in RULES:
            rows.append(_finding(name, item, Verdict.NO_DATA, "no_records", target=target))
        elif item.kind == "computed" and state != State.NOT_IN_FORCE.value:
            used = replace_year(item, year)
            given = Given(name, used, standard, _selected(held["schools"], item.schools), held)
            rows += _computed(name, item, given, state, target, year)
        elif state != State.SET.value:
            value = given_rows[name]["value"] if name in given_rows else None
            rows.append(_finding(name, item, state, state, value=value))
        else:
            rows.append(reported(name, item, given_rows.get(name), target, year))
    schema = {name: dtype for name, dtype in FINDINGS.items() if name not in {"id", "county", "year"}}
    return frames.shaped(pl.DataFrame(rows, schema=schema, orient="row"))


def replace_year(item: Item, year: int) -> Item:
    """Return `item` with the year of the judgement among its parameters."""
    return item.model_copy(update={"parameters": {**item.parameters, "year": year}})
