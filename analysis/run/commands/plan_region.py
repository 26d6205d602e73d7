"""The least-cost plans of a region's counties together (`junheng plan --region`)."""

import json
from collections.abc import Mapping

import polars as pl

from analysis import project, regions, sources
from analysis.errors import JunhengError, RequestError, language, message
from analysis.judge import cached
from analysis.least_cost import Plan, Wish, costs_of, distances_of, limits_of, plan_of
from analysis.least_cost.output import reserve_of, wan
from analysis.least_cost.region import Together, row_of, together
from analysis.run.commands import plan as of_county
from analysis.run.commands.show import Format, show
from analysis.run.request import Request, resolve

#: What is asked of one county alone.
ALONE = ("by", "budget", "goal", "cost", "limits", "distances", "scenario")
#: The columns of counties as tables and CSV have them.
COLUMNS = {
    "county": pl.String,
    "name": pl.String,
    "year": pl.Int64,
    "status": pl.String,
    "cost": pl.Float64,
    "bound": pl.Float64,
    "gap": pl.Float64,
    "schools": pl.Int64,
    "open": pl.Int64,
    "cheapest": pl.Float64,
}


def run(
    region: str,
    county: str,
    year: str,
    asked: dict[str, str],
    files: dict[str, str],
    words: dict[str, str],
    form: Format,
) -> tuple[str, list[str]]:
    """Return what to print of the plans of a region's counties, each with its own prices, limits and distances, and
    sentences on them for the terminal; a county that can't be read is one of these.

    Raises RequestError for a county beside the region, for what is asked of one county alone (ALONE), and for an
    unknown region.
    """
    if county.strip():
        raise RequestError("plan_region_county", county=sources.shown(county))
    for name, value in (asked | files).items():
        if name in ALONE and value.strip():
            raise RequestError("plan_region_word", word=name)
    region_found = regions.find_region(sources.load(sources.folder_of(words["data"], region)), region)
    plans, failed = [], []
    for each in region_found.counties:
        if each.published:
            continue
        try:
            plans.append(_plan(resolve(each.code, year, **words), asked))
        except JunhengError as fault:
            failed.append(message("region_lacks", county=each.code, reason=str(fault)))
    names = {each.code: {"zh": each.zh, "en": each.en} for each in region_found.counties}
    if not plans:
        raise RequestError("plan_region_none", region=region_found.code)
    plans_together = together(plans)
    row = row_of(plans_together)
    if form is Format.JSON:
        row = {"region": region_found.code} | row
        for of_county in row["counties"]:
            of_county["name"] = names[of_county["county"]]
        return json.dumps(row, ensure_ascii=False, allow_nan=False, indent=1) + "\n", failed
    rows = [of_county | {"name": names[of_county["county"]]["zh"]} for of_county in row["counties"]]
    frame = pl.DataFrame([[of_county[name] for name in COLUMNS] for of_county in rows], schema=COLUMNS, orient="row")
    return show(frame, form), [*failed, *_said(plans_together, names)]


def _plan(request: Request, asked: dict[str, str]) -> Plan:
    records, standard = of_county.opened(request)
    wish: Wish = of_county.wish_of(request, records, asked)
    costs, limits = costs_of(records, request.year), limits_of(records, request.year)
    folder = cached.folder_of(project.processed(request.data), request.county.code, request.standard, request.plan)
    distances = distances_of(records, request.year)
    return plan_of(records, standard, request.county.code, request.year, wish, costs, limits, folder, distances)


def _said(plans_together: Together, names: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return sentences on plans together, for someone at a terminal."""
    lines = [
        message(
            "plan_region_sum",
            cost=wan(plans_together.cost),
            bound=wan(plans_together.bound),
            counties=len(plans_together.plans) - len(plans_together.lacking),
            reserve=reserve_of(plans_together.plans[0].wish.reserve),
        )
    ]
    if plans_together.lacking:
        lines.append(message("plan_region_lacking", counties=", ".join(plans_together.lacking)))
    if plans_together.stretches:
        first = plans_together.stretches[0]
        lines.append(
            message(
                "plan_region_first",
                county=names[first.county][language()],
                schools=first.schools,
                cost=wan(first.cost),
                pupils=f"{first.pupils:,}",
            )
        )
    if any(plan.costs.example for plan in plans_together.plans):
        lines.append(message("plan_examples"))
    return lines
