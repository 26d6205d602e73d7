"""Options that commands share: each is declared once, and a command names those that it takes (analysis.kinds)."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from analysis.errors import message
from analysis.run.commands.show import Format

File = Annotated[Path, typer.Argument(help=message("help_file"), show_default=False)]
By = Annotated[list[str] | None, typer.Option(help=message("help_by"), metavar="COL")]
Sheet = Annotated[str, typer.Option(help=message("help_sheet"), metavar="NAME")]
Encoding = Annotated[str, typer.Option(help=message("help_encoding"), metavar="NAME")]
Missing = Annotated[list[str] | None, typer.Option(help=message("help_missing"), metavar="CODE")]
Form = Annotated[Format, typer.Option("--format", help=message("help_format"))]

Year = Annotated[str, typer.Option(metavar="YEAR", help=message("help_year"))]
StandardId = Annotated[str, typer.Option(metavar="ID", help=message("help_standard"))]
Plan = Annotated[str, typer.Option(metavar="ID", help=message("help_plan"))]
Audience = Annotated[str, typer.Option(metavar="internal|public", help=message("help_audience"))]
Lang = Annotated[str, typer.Option(metavar="zh|en", help=message("help_lang"))]
Formats = Annotated[str, typer.Option(metavar="html,pdf,docx,xlsx", help=message("help_formats"))]
Engine = Annotated[str, typer.Option(metavar="auto|quarto|embedded", help=message("help_engine"))]
Data = Annotated[str, typer.Option(metavar="DIR", help=message("help_data"))]
Status = Annotated[str, typer.Option(metavar="final|draft", help=message("help_status"))]
Date = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help=message("help_date"))]
AsOf = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help=message("help_as_of"))]
Out = Annotated[str, typer.Option(metavar="DIR", help=message("help_out"))]

OPTIONS: dict[str, Any] = {
    "year": Year,
    "standard": StandardId,
    "plan": Plan,
    "audience": Audience,
    "lang": Lang,
    "formats": Formats,
    "engine": Engine,
    "data": Data,
    "status": Status,
    "date": Date,
    "out": Out,
}

_Command = TypeVar("_Command", bound=Callable[..., None])


def shared(*names: str) -> Callable[[_Command], _Command]:
    """Give a command the shared options of these names, after its own; they come to it as keywords.

    One that the command declares itself stands where the command has it.
    """

    def give(command: _Command) -> _Command:
        own = {
            name: parameter
            for name, parameter in inspect.signature(command).parameters.items()
            if parameter.kind != parameter.VAR_KEYWORD
        }
        more = {
            name: inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default="", annotation=OPTIONS[name])
            for name in names
            if name not in own
        }
        parameters = [*own.values(), *more.values()]

        @wraps(command)
        def asked(**options: Any) -> None:
            command(**options)

        # What typer reads: the signature with the options in it, and what each of them is.
        asked.__dict__.pop("__wrapped__")
        asked.__dict__["__signature__"] = inspect.Signature(parameters)
        asked.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return asked  # type: ignore[return-value]

    return give
