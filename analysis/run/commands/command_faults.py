"""What is said where a command can't be parsed: one sentence of messages.yml, never the parser's English."""

import difflib
import re
from typing import Any

import typer

from analysis.errors import message
from analysis.sources import shown

#: How a value that the parser could not read is told, by pydantic's id of the error.
_KINDS = {
    "int_parsing": "usage_whole",
    "int_from_float": "usage_whole",
    "float_parsing": "usage_number",
    "finite_number": "usage_number",
    "greater_than_equal": "usage_least",
    "less_than_equal": "usage_most",
}
_NEAR = 0.6


def sentence(fault: typer.TyperException) -> str:
    """Return the line that tells a wrong command; of a command without arguments, its whole help."""
    said = fault.format_message()
    if "\n" in said:
        return said
    # The parser's own classes are private to it: what a fault carries tells which it is.
    option = shown(getattr(fault, "option_name", "") or "")
    param, context = getattr(fault, "param", None), getattr(fault, "ctx", None)
    command = context.command_path if context is not None else "junheng"
    if hasattr(fault, "possibilities"):
        near = _near(option, context)
        return message("usage_option_near" if near else "usage_option", option=option, near=near, command=command)
    if option:
        key = "usage_value_extra" if "not take a value" in said else "usage_value_missing"
        return message(key, option=option, command=command)
    if param is not None and hasattr(fault, "param_type"):
        return message("usage_missing", name=_name(param), command=command)
    if param is not None:
        return _value(fault, param, command)
    if unknown := re.fullmatch(r"No such command '(.*)'\.", said):
        return message("usage_command", name=shown(unknown[1]), command=command)
    if extra := re.fullmatch(r"Got unexpected extra argument\(?s?\)? \((.*)\)", said):
        return message("usage_extra", words=shown(extra[1]), command=command)
    return message("usage", fault=said.rstrip("."), command=command)


def _near(option: str, context: Any) -> str:
    """Return the options of the command that were meant, perhaps; "" where none is like it."""
    known = [name for param in context.command.params for name in param.opts] if context is not None else []
    names = {name.lstrip("-"): name for name in known if name.startswith("--")}
    close = difflib.get_close_matches(option.lstrip("-"), names, n=2, cutoff=_NEAR)
    return " / ".join(names[name] for name in close)


def _name(param: Any) -> str:
    """Return an option as it is typed, an argument as the help names it."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return str(param.metavar or param.name).upper()


def _value(fault: typer.TyperException, param: Any, command: str) -> str:
    """Return what is wrong with a value that was given."""
    errors: list[dict[str, Any]] = getattr(fault.__cause__, "errors", list)()
    first: dict[str, Any] = errors[0] if errors else {"type": "", "input": ""}
    bounds = first.get("ctx") or {}
    choices = re.search(r"is not one of (.+)$", fault.message)
    known = ", ".join(re.findall(r"'([^']*)'", choices[1])) if choices else ""
    key = "usage_choice" if known else _KINDS.get(first["type"], "usage_value")
    limit = next((f"{bounds[name]:g}" for name in ("ge", "le") if name in bounds), "")
    value = shown(str(first["input"]))
    return message(key, name=_name(param), value=value, limit=limit, known=known, command=command)
