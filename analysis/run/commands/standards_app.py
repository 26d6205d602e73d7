"""The commands `junheng standards ...`: what there is, what one holds, what is wrong with a file, how two differ."""

from typing import Annotated

import typer

from analysis.errors import message
from analysis.run.commands.options import Form
from analysis.run.commands.show import Format

standards = typer.Typer(help=message("help_standards"), no_args_is_help=True, rich_markup_mode=None)
AnyStandard = Annotated[str, typer.Argument(metavar="ID", help=message("help_any_standard"), show_default=False)]


@standards.command("list", help=message("help_standards_list"))
def _list(form: Form = Format.TABLE) -> None:
    from analysis.run.commands import show
    from analysis.standards import show as standard

    show.emit(show.show(standard.listing(), form))


@standards.command("show", help=message("help_standards_show"))
def _show(name: AnyStandard, form: Form = Format.TABLE) -> None:
    from analysis.run.commands import show
    from analysis.standards import show as standard

    show.emit(show.show(standard.shown(name), form))


@standards.command("check", help=message("help_standards_check"))
def _check(name: AnyStandard, form: Form = Format.TABLE) -> None:
    """Print every fault of a standard's file; exit code 1 where there is one."""
    from analysis.run.commands import show, standards

    faults = standards.faults(name)
    if faults.is_empty() and form is Format.TABLE:
        typer.echo(message("standard_whole", name=name))
    else:
        show.emit(show.show(faults, form))
    raise typer.Exit(0 if faults.is_empty() else 1)


@standards.command("diff", help=message("help_standards_diff"))
def _diff(a: AnyStandard, b: AnyStandard, form: Form = Format.TABLE) -> None:
    from analysis.run.commands import show
    from analysis.standards import show as standard

    show.emit(show.show(standard.differences(a, b), form))


@standards.command("new", help=message("help_standards_new"))
def _new() -> None:
    from analysis.standards import show as standard

    typer.echo(standard.starting_point(), nl=False)
