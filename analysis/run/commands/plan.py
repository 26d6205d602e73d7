"""The least-cost plan for someone at a terminal (`junheng plan`): what is wished, read and checked; then the plan."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from analysis import project, sources, standards
from analysis.clean import Records
from analysis.errors import RequestError, language, message
from analysis.forecast import forecast_of
from analysis.judge import cached
from analysis.least_cost import (
    Costs,
    Goal,
    Limits,
    Plan,
    Status,
    Wish,
    budgets_of,
    costs_of,
    distances_of,
    ground_of,
    last_change,
    limits_of,
    plan_of,
    problem_of,
    scenario_of,
    with_scenario,
)
from analysis.least_cost.output import paragraph, reserve_of, row_of, wan
from analysis.run.commands import percent
from analysis.run.commands.show import Format, show
from analysis.run.request import Request, one_of, resolve
from analysis.standards import Standard

#: The columns of actions as tables and CSV have them.
COLUMNS = {
    "school": pl.String,
    "stage": pl.String,
    "indicator": pl.String,
    "kind": pl.String,
    "from": pl.String,
    "amount": pl.Float64,
    "unit": pl.String,
    "year": pl.Int64,
    "cost": pl.Float64,
    "before": pl.Float64,
    "after": pl.Float64,
    "floor": pl.Float64,
    "reason": pl.String,
    "finding": pl.String,
    "bar": pl.Float64,
    "part": pl.Float64,
    "price": pl.Float64,
    "name": pl.String,
}
_SUM = re.compile(r"(\d{1,15}(?:\.\d{1,4})?) ?(万|亿|万元|亿元|元)?", re.ASCII)
_TIMES = {"万": 1e4, "亿": 1e8}


def run(
    county: str, year: str, asked: dict[str, str], files: dict[str, str], words: dict[str, str], form: Format
) -> tuple[str, list[str]]:
    """Return what to print of the least-cost plan of a county, and sentences on it for the terminal.

    JSON is one object with everything; a table and CSV are the actions. Raises RequestError for a wish that says
    nothing, DataError for a file that can't be used, and what resolve raises.
    """
    request = resolve(county, year, **words)
    records, standard = opened(request)
    wish = wish_of(request, records, asked)
    own = {name: Path(text) if text.strip() else None for name, text in files.items()}
    if own["distances"] and not wish.transfers:
        raise RequestError("plan_distances_alone")
    costs, limits = costs_of(records, request.year, own["cost"]), limits_of(records, request.year, own["limits"])
    laid = with_scenario(records, request.year, scenario_of(records, request.year, own["scenario"]))
    distances = distances_of(records, request.year, own["distances"])
    plan = plan_of(laid, standard, request.county.code, request.year, wish, costs, limits, distances=distances)
    names = dict(records.schools.filter(pl.col("year") == request.year).select("school", "name").iter_rows())
    if form is Format.JSON:
        laid_over = standards.plan(request.plan) if request.plan else None
        forecast = forecast_of(laid, standard, request.county.code, request.year, plan=laid_over, by=wish.by)
        row = row_of(plan, names, request.plan or None, forecast)
        return json.dumps(row, ensure_ascii=False, allow_nan=False, indent=1) + "\n", []
    rows = [action.row() | {"name": names.get(action.school)} for action in plan.actions]
    frame = pl.DataFrame([[row[name] for name in COLUMNS] for row in rows], schema=COLUMNS, orient="row")
    later = _asked_later(plan, laid, standard, costs, limits)
    if later is not None:
        return show(frame, form), [message("plan_nothing_yet", year=request.year, later=later)]
    return show(frame, form), said_of(plan, names)


def _asked_later(plan: Plan, records: Records, standard: Standard, costs: Costs, limits: Limits) -> int | None:
    """Return the last year in which more comes into force than a county meets that has nothing to do today; None where
    there is no such year, or a year was asked for."""
    if plan.status is not Status.NOTHING_TO_DO or plan.wish.by is not None or plan.wish.goal is not Goal.COST:
        return None
    later = last_change(standard, plan.year)
    if later is None:
        return None
    ground = ground_of(records, standard, plan.year, costs, limits)
    problem = problem_of(ground, replace(plan.wish, by=later)).problem
    return None if problem.satisfied(problem.base) else later


def opened(request: Request) -> tuple[Records, Standard]:
    """Return the clean tables of a county, and the standard with a plan laid over it.

    Raises RequestError where only coefficients of the county are published.
    """
    if request.published:
        raise RequestError("plan_published", county=request.county.name(language()))
    processed = project.processed(request.data)
    records, _ = cached.open_county(
        request.catalogue, request.county.code, processed, request.standard, request.plan or None
    )
    standard = standards.plan(request.plan).standard if request.plan else standards.load(request.standard)
    return records, standard


def wish_of(request: Request, records: Records, asked: dict[str, str]) -> Wish:
    """Return what the words of a user wish; RequestError for a word that says nothing."""
    usual = Wish()
    goal = Goal(one_of("--goal", asked["goal"] or Goal.COST, tuple(Goal)))
    budget = _budget(request, records, asked["budget"])
    by = _year(request, asked["by"] or (str(request.year + len(budget)) if len(budget) > 1 else ""))
    if goal is not Goal.COST and not budget:
        raise RequestError("plan_goal_budget", goal=goal)
    parts = {name: percent.part(f"--{name}", asked[name]) for name in ("reserve", "transfers", "gap")}
    return Wish(
        goal=goal,
        reserve=usual.reserve if parts["reserve"] is None else parts["reserve"],
        transfers=parts["transfers"] or 0.0,
        budget=budget,
        by=by,
        gap=usual.gap if parts["gap"] is None else parts["gap"],
        seconds=_seconds(asked["seconds"], usual.seconds),
    )


def _budget(request: Request, records: Records, text: str) -> tuple[float, ...]:
    """Return what each year from the next on has; one sum is of all years together."""
    if not text.strip():
        return ()
    if fits := _SUM.fullmatch(text.strip().replace(",", "").replace("，", "")):
        return (float(fits[1]) * _TIMES.get((fits[2] or "")[:1], 1.0),)
    if not Path(text.strip()).is_file():
        raise RequestError("plan_money", value=sources.shown(text))
    budgets = budgets_of(records, request.year, Path(text.strip()))
    years = range(request.year + 1, max(budgets) + 1)
    if not years:
        raise RequestError("plan_budget_past", file=Path(text).name, year=request.year)
    return tuple(budgets.get(year, 0.0) for year in years)


def _year(request: Request, text: str) -> int | None:
    word = text.strip()
    if not word:
        return None
    if not re.fullmatch(r"[0-9]{4}", word) or not request.year < int(word) <= request.year + 30:
        raise RequestError("plan_by", value=sources.shown(text), first=request.year + 1, last=request.year + 30)
    return int(word)


def _seconds(text: str, usual: float) -> float:
    word = text.strip()
    if not word:
        return usual
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", word) or float(word) <= 0:
        raise RequestError("plan_seconds", value=sources.shown(text))
    return float(word)


def said_of(plan: Plan, names: Mapping[str, str]) -> list[str]:
    """Return sentences on a plan, for someone at a terminal."""
    if plan.status is Status.INFEASIBLE:
        return [paragraph(plan, names, language())]
    if plan.status is Status.NOTHING_TO_DO and plan.reached is None:
        return [message("plan_nothing", reserve=reserve_of(plan.wish.reserve))]
    assert plan.cost is not None
    assert plan.bound is not None
    if plan.reached is not None:
        return [*_most(plan), *_priced(plan)]
    key = "plan_feasible" if plan.status is Status.FEASIBLE else "plan_least"
    lines = [
        message(
            key,
            cost=wan(plan.cost),
            bound=wan(plan.bound),
            gap=f"{100 * (plan.gap or 0):.2g}",
            schools=plan.schools,
            reserve=reserve_of(plan.wish.reserve),
        )
    ]
    return [*lines, *_priced(plan)]


def _priced(plan: Plan) -> list[str]:
    return [message("plan_examples")] if plan.costs.example else []


def _most(plan: Plan) -> list[str]:
    """Return what a sum reaches: how many schools, or pupils in them, meet the rule."""
    got = dict(plan.reached or {})
    key = ("plan_most_pupils" if plan.wish.goal is Goal.PUPILS else "plan_most") if got["proven"] else "plan_many"
    return [
        message(
            key,
            budget=wan(got["budget"]),
            cost=wan(plan.cost or 0),
            reserve=reserve_of(plan.wish.reserve),
            **{name: f"{got[name]:,}" for name in ("schools", "pupils", "of", "before")},
        )
    ]
