"""The command `junheng`: arguments in, calls out; nothing else. Every command imports its room when it is called."""

from typing import Annotated

import typer

from analysis import __version__
from analysis.errors import JunhengError, message

USAGE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="junheng",
    help=message("help_junheng"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"junheng {__version__}")
        raise typer.Exit


@app.callback()
def _junheng(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=message("help_version"))
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> int:
    """Run `junheng` with `arguments` (default: those of the process) and return its exit code.

    0 done; 1 finished with failures that are listed; 2 the request is wrong; 130 interrupted. A fault of the request,
    its data or its files is told in one line on standard error; a fault of ours keeps its traceback.
    """
    try:
        code = app(arguments, prog_name="junheng", standalone_mode=False)
    except JunhengError as fault:
        typer.echo(str(fault), err=True)
        return fault.exit_code
    except typer.TyperException as fault:
        said = fault.format_message()
        # `junheng` alone is told with the whole help, which stays as it is.
        typer.echo(said if "\n" in said else message("usage", fault=said.rstrip(".")), err=True)
        return USAGE
    except OSError as fault:
        typer.echo(message("file_fault", file=fault.filename or "", reason=fault.strerror or fault), err=True)
        return USAGE
    if code == INTERRUPTED:
        typer.echo(message("interrupted"), err=True)
    return code if isinstance(code, int) else 0
