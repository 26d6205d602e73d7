"""What can be asked of a document: the names of its chapters, tables and figures."""

import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from analysis import project
from analysis.errors import RequestError, listed
from analysis.kinds import kind

#: What each sort of part is called where it is made: the function in a module of its own, and what a function returns.
MADE = {"table": "Table", "figure": "Picture"}
TEMPLATE = ".md.j2"


@cache
def names(of: str) -> dict[str, tuple[str, ...]]:
    """Return the names of what a document of the kind `of` gives, by `chapter`, `table` and `figure`."""
    package = kind(of).package
    return {"chapter": _chapters(of), **{part: _parts(f"{package}.{part}s", part) for part in MADE}}


def check(of: str, part: str, name: str) -> None:
    """Raise RequestError for a name that a document of the kind `of` does not give, with those that it gives."""
    if not _lies_there(of, part, name):
        raise RequestError("part_unknown", part=part, name=name, known=listed(names(of)[part]))


@cache
def _lies_there(of: str, part: str, name: str) -> bool:
    place = f"{kind(of).package}.{part}s"
    if part != "chapter" and _is_package(place):  # all its modules need not be imported to know one
        return name.isidentifier() and find_spec(f"{place}.{name}") is not None and _makes(f"{place}.{name}", part)
    return name in names(of)[part]


def _chapters(of: str) -> tuple[str, ...]:
    place = f"{kind(of).package}.chapters"
    if _is_package(place):
        return tuple(sorted(module.name for module in pkgutil.iter_modules(import_module(place).__path__)))
    texts = kind(of).texts
    files = (project.templates() / "zh").glob(f"{texts or of}*{TEMPLATE}")
    return tuple(sorted(file.name.removesuffix(TEMPLATE).removeprefix(texts) for file in files))


def _parts(place: str, part: str) -> tuple[str, ...]:
    if _is_package(place):
        modules = (module.name for module in pkgutil.iter_modules(import_module(place).__path__))
        return tuple(sorted(name for name in modules if _makes(f"{place}.{name}", part)))
    if find_spec(place) is None:
        return ()
    functions = inspect.getmembers(import_module(place), inspect.isfunction)
    return tuple(name for name, function in functions if _is_part(place, function, part) and not name.startswith("_"))


def _makes(module: str, part: str) -> bool:
    imported = import_module(module)
    return hasattr(imported, part) or hasattr(imported, f"draw_{module.rpartition('.')[2]}")


def _is_part(place: str, function: Callable[..., Any], part: str) -> bool:
    signature = inspect.signature(function)
    needed = [each for each in signature.parameters.values() if each.default is each.empty]
    annotation = signature.return_annotation
    makes = annotation is inspect.Signature.empty or MADE[part] in str(annotation)
    return function.__module__ == place and makes and len(needed) == 1  # what makes a table takes the document alone


def _is_package(place: str) -> bool:
    spec = find_spec(place)
    return spec is not None and bool(spec.submodule_search_locations)
