"""Find, merge and check a standard's file."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from analysis.errors import RequestError
from analysis.standards.model import Standard

FOLDER = Path(__file__).parent
NO_STANDARDS = {"vocabulary"}
DEPTH = 8
#: libyaml's safe loader where PyYAML was built with it: a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def names() -> list[str]:
    """Return the ids of the standards that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem not in NO_STANDARDS)


def path_of(name: str | Path) -> Path:
    """Return the file of a standard: an id that comes with the package, or a path to a YAML file.

    Raises RequestError where neither is there.
    """
    if isinstance(name, str) and name in names():
        return FOLDER / f"{name}.yml"
    path = Path(name)
    if path.suffix in {".yml", ".yaml"} and path.is_file():
        return path
    raise RequestError("standard_unknown", name=name, known=", ".join(names()))


def _read(path: Path) -> dict[str, Any]:
    try:
        given = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise RequestError("standard_unreadable", file=path.name, reason=str(fault)) from fault
    if not isinstance(given, dict):
        raise RequestError("standard_unreadable", file=path.name, reason=type(given).__name__)
    return given


def merged(below: Any, above: Any) -> Any:
    """Return `below` overridden by name: mappings are merged key by key, everything else is replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {
            key: merged(below[key], above[key]) if key in below and key in above else {**below, **above}[key]
            for key in {**below, **above}
        }
    return above


def own(name: str | Path) -> dict[str, Any]:
    """Return what a standard's own file says, without the one that it extends; RequestError as `read`."""
    return _read(path_of(name))


def read(name: str | Path, depth: int = 0) -> dict[str, Any]:
    """Return a standard's data, laid over the one that it extends.

    Raises RequestError for an unknown or unreadable file, or one that extends itself.
    """
    path = path_of(name)
    given = _read(path)
    below = given.get("extends")
    if below is None:
        return given
    if depth >= DEPTH:
        raise RequestError("standard_circular", file=path.name)
    return dict(merged(read(str(below), depth + 1), given))


def _fault(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "-"
    value = error["input"]
    shown = "" if isinstance(value, dict | list | tuple) else f" = {value!r}"
    return f"{key}{shown}: {error['msg']}"


def faults(name: str | Path) -> list[str]:
    """Return every fault of a standard's file, each with its key, its value and what is asked."""
    try:
        Standard.model_validate(read(name))
    except ValidationError as error:
        return [_fault(each) for each in error.errors()]
    return []


@cache
def load(name: str | Path) -> Standard:
    """Load a standard by id or path.

    Raises RequestError that names all faults of the file.
    """
    given = read(name)
    try:
        return Standard.model_validate(given)
    except ValidationError as error:
        told = "; ".join(_fault(each) for each in error.errors())
        raise RequestError("standard_faulty", file=path_of(name).name, faults=told) from error
