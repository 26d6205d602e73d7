"""Commands for what an office hands in beside a report: arguments in, calls out; nothing else."""

from typing import Annotated

import typer

from analysis.errors import message
from analysis.kinds import kind
from analysis.run.commands.options import AsOf, Data, Form, Lang, Out, Plan, StandardId, Year, shared
from analysis.run.commands.show import Format

#: They stand beside the others: the group has no name.
office = typer.Typer(rich_markup_mode=None)


@office.command(help=message("help_calendar"))
def calendar(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    year: Year = "",
    standard: StandardId = "",
    plan: Plan = "",
    lang: Lang = "",
    date: AsOf = "",
    form: Form = Format.TABLE,
    data: Data = "",
) -> None:
    """Print what is due in the twelve months after a day, by the framework and the plan."""
    from analysis.run.commands import calendar as due
    from analysis.run.commands import show

    words = {"standard": standard, "plan": plan, "lang": lang, "date": date, "data": data}
    show.emit(due.run(county, year, words, form))


def _of_a_day(name: str) -> None:
    """Add the command of a kind of document that tells of a county from a day on."""

    @office.command(name, help=message(f"help_{name}"))
    @shared(*kind(name).options)
    def told(
        county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
        date: AsOf = "",
        **words: str,
    ) -> None:
        from analysis.run.commands import beside

        typer.echo(beside.run(kind(name), county, words.pop("year"), words | {"date": date}))


_of_a_day("deadlines")
_of_a_day("warning")


@office.command(help=message("help_notice"))
@shared(*kind("notice").options)
def notice(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "", **words: str
) -> None:
    """Build the notice for publication, from the public edition alone."""
    from analysis.run.commands import beside

    typer.echo(beside.run(kind("notice"), county, words.pop("year"), words | {"audience": "public"}))


@office.command(help=message("help_selfassessment"))
@shared(*kind("selfassessment").options)
def selfassessment(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "", **words: str
) -> None:
    """Build the self-assessment report and the application form."""
    from analysis.run.commands import forms

    typer.echo(forms.run(county, words.pop("year"), words))


@office.command(help=message("help_review"))
@shared(*kind("review").options)
def review(
    region: Annotated[str, typer.Argument(metavar="REGION", help=message("help_region_code"))] = "", **words: str
) -> None:
    """Build the form of a region's review."""
    from analysis.run.commands import review

    raise typer.Exit(review.run(region, words.pop("year"), words))


@office.command(help=message("help_evidence"))
def evidence(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    year: Year = "",
    standard: StandardId = "",
    plan: Plan = "",
    lang: Lang = "",
    data: Data = "",
    out: Out = "",
) -> None:
    """Write the workbook of the evidence once, and the register with what each school's folder holds."""
    from analysis.run.commands import evidence as register

    words = {"standard": standard, "plan": plan, "lang": lang, "data": data, "out": out}
    typer.echo(register.run(county, year, words))
