"""A plan as one object for JSON, and what is missing where there is none, as a paragraph."""

import math
from collections.abc import Mapping
from typing import Any

from analysis import standards
from analysis.errors import LANGUAGES, message
from analysis.least_cost.actions import UNITS
from analysis.least_cost.model import NOTHING
from analysis.least_cost.plan import Plan, solver

#: Yuan in which sums are told, and below which part of them one decimal says too little.
WAN, SMALL = 1e4, 0.1
#: So many things that are missing are told one by one.
TOLD = 6


def row_of(
    plan: Plan, names: Mapping[str, str], policy: str | None, forecast: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return everything that a plan says, unrounded.

    `names` are those of schools, `policy` the plan laid over it, `forecast` what the years to come may bring.
    """
    wish = plan.wish
    return {
        "county": plan.county,
        "year": plan.year,
        "standard": plan.standard,
        "plan": policy,
        "goal": wish.goal.value,
        "by": wish.by,
        "status": plan.status.value,
        "cost": plan.cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "reserve": wish.reserve,
        "solver": solver(),
        "actions": [action.row() for action in plan.actions],
        "coefficients": [dict(row) for row in plan.coefficients],
        "left_at_85": [dict(row) for row in plan.left],
        "budget_curve": [dict(point) for point in plan.money],
        "shortfall": None if plan.shortfall is None else shortfall(plan, names),
        "forecast": None if forecast is None else dict(forecast),
        "reached": None if plan.reached is None else dict(plan.reached),
        "rules_of_thumb": {"naive": plan.rules[0], "by_rule": plan.rules[1]},
        "undecided": [{"school": school, "stage": stage} for school, stage in plan.reading.undecided],
        "prices": {"example": plan.costs.example, "source": plan.costs.source.model_dump()},
        "stopped": plan.stopped,
    }


def shortfall(plan: Plan, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what is missing, and the paragraph that says it, in both languages."""
    assert plan.shortfall is not None
    return dict(plan.shortfall) | {"text": {lang: paragraph(plan, names, lang) for lang in LANGUAGES}}


def paragraph(plan: Plan, names: Mapping[str, str], lang: str, *, public: bool = False) -> str:
    """Return what an infeasible wish lacks, and from when it would be feasible, in a paragraph; to the `public` no
    school and no amount of one."""
    short = plan.shortfall or {}
    kind = short.get("kind", "limits")
    if kind == "limits" and short.get("needed") is None:
        return message("plan_short_nothing", lang, reserve=reserve_of(plan.wish.reserve, lang))
    said = {name: wan(short[name]) for name in ("needed", "budget") if name in short}
    if kind == "limits":
        said["missing"] = _limits(short, names, lang, public=public)
    elif "missing" in short:
        said["missing"] = wan(short["missing"])
    stage = standards.vocabulary()["stages"].get(short.get("stage") or "")
    first = message(
        f"plan_short_{kind}",
        lang,
        **said,
        reserve=reserve_of(plan.wish.reserve, lang),
        by=short.get("by"),
        schools=short.get("schools"),
        of=short.get("of"),
        year=short.get("year"),
        stage=stage.text(lang) if stage else "",
    )
    when = short.get("feasible_from")
    second = message("plan_short_from" if when else f"plan_short_never_{kind}", lang, year=when)
    return f"{first}{second}" if lang == "zh" else f"{first} {second}"


def reserve_of(part: float, lang: str | None = None) -> str:
    """Return with which reserve something is met, in words."""
    return message("plan_with_reserve" if part else "plan_no_reserve", lang, part=f"{100 * part:.4g}%")


def wan(yuan: Any) -> str:
    """Return a sum in ten thousands of yuan as people read it: with one decimal, or as many as a small one needs."""
    told = float(yuan) / WAN
    return f"{told:,.1f}" if told == 0 or abs(told) >= SMALL else f"{told:.2g}"


def _limits(short: Mapping[str, Any], names: Mapping[str, str], lang: str, *, public: bool) -> str:
    words = standards.load("national-2017").indicators
    parts: dict[str, None] = {}
    for each in short["missing"]:
        indicator = words[each["indicator"]]
        where = names.get(each["school"], each["school"]) if each["school"] else message("plan_whole_county", lang)
        text = message(
            "plan_short_limit",
            lang,
            school=where,
            indicator=indicator.short.text(lang),
            way=message(f"plan_way_{each['kind']}", lang),
            missing=f"{math.ceil(each['missing'] - NOTHING):,}",
            unit=message(f"plan_unit_{UNITS[indicator.unit]}", lang),
        )
        parts[indicator.short.text(lang) if public else text] = None
    told = list(parts)[:TOLD]
    if more := len(parts) - len(told):
        told.append(message("plan_short_more", lang, more=more))
    return ("；" if lang == "zh" else "; ").join(told)
