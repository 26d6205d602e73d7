"""Commands by which statistics come in: arguments in, calls out; nothing else."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import message
from analysis.run.commands.options import Data, Out, Plan, StandardId, Year

#: They stand beside the others: the group has no name.
intake = typer.Typer(rich_markup_mode=None)


@intake.command(help=message("help_add"))
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=message("help_add_files"))],
    county: Annotated[str, typer.Option(metavar="COUNTY", help=message("help_add_county"))] = "",
    table: Annotated[str, typer.Option(metavar="TABLE", help=message("help_add_table"))] = "",
    year: Annotated[str, typer.Option(metavar="YEAR", help=message("help_add_year"))] = "",
    publisher: Annotated[str, typer.Option(metavar="TEXT", help=message("help_add_publisher"))] = "",
    date: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help=message("help_add_date"))] = "",
    also: Annotated[bool, typer.Option("--also", help=message("help_add_also"))] = False,
    replace: Annotated[bool, typer.Option("--replace", help=message("help_add_replace"))] = False,
    data: Data = "",
) -> None:
    """Register files that came by hand."""
    from analysis.run.commands import add as adding

    way = "replace" if replace else "also" if also else ""
    asked = adding.Asked(county, table, year, publisher, date, way)
    typer.echo("\n".join(adding.run(files, asked, data)))


@intake.command(help=message("help_collect"))
def collect(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help=message("help_collect_folder"))] = "",
    year: Annotated[str, typer.Option(metavar="YEAR", help=message("help_template_year"))] = "",
    due: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help=message("help_collect_due"))] = "",
    data: Data = "",
    out: Out = "",
) -> None:
    """Write a workbook for each school, or take in what came back."""
    from analysis.run.commands import collect as collecting

    code, lines = collecting.run(county, folder, year, due, data, out)
    typer.echo("\n".join(lines))
    raise typer.Exit(code)


@intake.command(help=message("help_status_command"))
def status(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    year: Year = "",
    data: Data = "",
) -> None:
    """Print one page on a county."""
    from analysis.run.commands import status as page

    typer.echo("\n".join(page.run(county, year, data)))


@intake.command(help=message("help_watch"))
def watch(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "",
    year: Year = "",
    data: Data = "",
    out: Out = "",
) -> None:
    """Show how a county stands whenever one of its workbooks is saved."""
    from analysis.run.commands import watch as watching

    raise typer.Exit(watching.run(county, year, data, out))


@intake.command(help=message("help_new"))
def new(
    code: Annotated[str, typer.Argument(metavar="CODE", help=message("help_new_code"))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=message("help_new_name"))] = "",
    english: Annotated[str, typer.Option("--en", metavar="NAME", help=message("help_new_english"))] = "",
    province: Annotated[str, typer.Option(metavar="NAME", help=message("help_new_province"))] = "",
    city: Annotated[str, typer.Option(metavar="NAME", help=message("help_new_city"))] = "",
    office: Annotated[str, typer.Option(metavar="NAME", help=message("help_new_office"))] = "",
    office_en: Annotated[str, typer.Option("--office-en", metavar="NAME", help=message("help_new_office"))] = "",
    year: Annotated[str, typer.Option(metavar="YEAR", help=message("help_template_year"))] = "",
    standard: StandardId = "",
    plan: Plan = "",
    data: Data = "",
) -> None:
    """Lay the folder of a county that has none."""
    from analysis.run.commands import new, template

    asked = template.Asked(standard, plan)
    said = new.Office(english, province, city, office, office_en, asked)
    typer.echo("\n".join(new.run(code, name, said, year, data)))


@intake.command(help=message("help_starter"))
def starter(
    file: Annotated[str, typer.Argument(metavar="FILE", help=message("help_starter_out"))] = "",
) -> None:
    """Write a project for Quarto."""
    from analysis.run.commands import starter as beginning

    typer.echo(message("starter_done", file=beginning.run(file)))
