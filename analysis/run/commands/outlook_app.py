"""Commands on how far a verdict can be trusted and what is to come: arguments in, calls out; nothing else."""

from typing import Annotated

import typer

from analysis.errors import message
from analysis.run.commands.options import Data, Form, Lang, Plan, StandardId, Year
from analysis.run.commands.show import Format

#: They stand beside the others: the group has no name.
outlook = typer.Typer(rich_markup_mode=None)


@outlook.command(help=message("help_fragile"))
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


@outlook.command(help=message("help_forecast"))
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
    from analysis.run.commands import forecast as ahead
    from analysis.run.commands import show

    words = {"standard": standard, "plan": plan, "lang": lang, "data": data}
    text, said = ahead.run(county, by, scenario, year, words, form)
    show.emit(text)
    show.warn(said)
