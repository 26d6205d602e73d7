"""Commands that look ahead, and at how far a verdict can be trusted: arguments in, calls out; nothing else."""

from typing import Annotated

import typer

from analysis.errors import message
from analysis.run.commands.options import Data, Form, Lang, Plan, StandardId, Year
from analysis.run.commands.show import Format

#: They stand beside the others: the group has no name.
ahead = typer.Typer(rich_markup_mode=None)


@ahead.command(help=message("help_least_cost"))
def plan(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    region: Annotated[str, typer.Option(metavar="REGION", help=message("help_least_cost_region"))] = "",
    year: Year = "",
    standard: StandardId = "",
    plan: Plan = "",
    by: Annotated[str, typer.Option("--by", metavar="YEAR", help=message("help_least_cost_by"))] = "",
    budget: Annotated[str, typer.Option(metavar="SUM|FILE", help=message("help_least_cost_budget"))] = "",
    goal: Annotated[str, typer.Option(metavar="cost|schools|pupils", help=message("help_least_cost_goal"))] = "",
    reserve: Annotated[str, typer.Option(metavar="PART", help=message("help_least_cost_reserve"))] = "",
    transfers: Annotated[str, typer.Option(metavar="PART", help=message("help_least_cost_transfers"))] = "",
    cost: Annotated[str, typer.Option("--cost", metavar="FILE", help=message("help_least_cost_cost"))] = "",
    limits: Annotated[str, typer.Option(metavar="FILE", help=message("help_least_cost_limits"))] = "",
    distances: Annotated[str, typer.Option(metavar="FILE", help=message("help_least_cost_distances"))] = "",
    scenario: Annotated[str, typer.Option(metavar="FILE", help=message("help_least_cost_scenario"))] = "",
    gap: Annotated[str, typer.Option(metavar="PART", help=message("help_least_cost_gap"))] = "",
    seconds: Annotated[str, typer.Option(metavar="N", help=message("help_least_cost_seconds"))] = "",
    form: Form = Format.TABLE,
    data: Data = "",
) -> None:
    """Print the least that must be done so that all schools meet the standard, with its proof."""
    from analysis.run.commands import plan as least
    from analysis.run.commands import plan_region, show

    asked = {"by": by, "budget": budget, "goal": goal, "reserve": reserve, "transfers": transfers, "gap": gap}
    files = {"cost": cost, "limits": limits, "distances": distances, "scenario": scenario}
    words = {"standard": standard, "plan": plan, "data": data}
    asked["seconds"] = seconds
    if region.strip():
        text, said = plan_region.run(region, county, year, asked, files, words, form)
    else:
        text, said = least.run(county, year, asked, files, words, form)
    show.emit(text)
    show.warn(said)


@ahead.command(help=message("help_fragile"))
def fragile(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    error: Annotated[str, typer.Option(metavar="PART", help=message("help_fragile_error"))] = "",
    year: Year = "",
    standard: StandardId = "",
    lang: Lang = "",
    form: Form = Format.TABLE,
    data: Data = "",
) -> None:
    """Print how many overstated reports would turn each verdict 'met', and how many visits meet one of them."""
    from analysis.run.commands import fragile as trusted
    from analysis.run.commands import show

    text, said = trusted.run(county, error, year, {"standard": standard, "lang": lang, "data": data}, form)
    show.emit(text)
    show.warn(said)


@ahead.command(help=message("help_forecast"))
def forecast(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    by: Annotated[str, typer.Option(metavar="YEAR", help=message("help_forecast_by"))] = "",
    scenario: Annotated[str, typer.Option(metavar="FILE", help=message("help_forecast_scenario"))] = "",
    year: Year = "",
    standard: StandardId = "",
    plan: Plan = "",
    lang: Lang = "",
    form: Form = Format.TABLE,
    data: Data = "",
) -> None:
    """Print what the years to come may bring: values, intervals and probabilities."""
    from analysis.run.commands import forecast as foretold
    from analysis.run.commands import show

    words = {"standard": standard, "plan": plan, "lang": lang, "data": data}
    text, said = foretold.run(county, by, scenario, year, words, form)
    show.emit(text)
    show.warn(said)
