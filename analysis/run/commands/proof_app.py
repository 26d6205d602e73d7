"""Commands that show where a report's figures come from: arguments in, calls out; nothing else."""

from typing import Annotated

import typer

from analysis.errors import message
from analysis.run.commands.options import Data, Form, Lang, Plan, StandardId, Year, shared
from analysis.run.commands.show import Format

#: They stand beside the others: the group has no name.
proof = typer.Typer(rich_markup_mode=None)


@proof.command(help=message("help_trace"))
def trace(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    finding: Annotated[str, typer.Argument(metavar="ID", help=message("help_trace_id"))] = "",
    year: Year = "",
    standard: StandardId = "",
    plan: Plan = "",
    lang: Lang = "",
    form: Form = Format.TABLE,
    data: Data = "",
) -> None:
    """Print the formula, the rule and the rows of the sources behind a finding."""
    from analysis.run.commands import show
    from analysis.run.commands import trace as origin

    words = {"standard": standard, "plan": plan, "lang": lang, "data": data}
    show.emit(origin.run(county, finding, year, words, form))


@proof.command(help=message("help_verify"))
@shared("year", "standard", "plan", "audience", "lang", "data", "out")
def verify(
    county: Annotated[str, typer.Argument(metavar="COUNTY|FOLDER", help=message("help_verify_what"))] = "",
    form: Form = Format.TABLE,
    **words: str,
) -> None:
    """Have every printed number of a county's report worked out again, or every file of a folder looked at."""
    from analysis.run.commands import verify as again

    raise typer.Exit(again.run(county, words, form))
