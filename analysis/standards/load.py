"""Find, merge and check a standard's file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from analysis import ids, yamlfile
from analysis.errors import DataError, RequestError
from analysis.files import bounds, check_regular
from analysis.standards import rules, terms
from analysis.standards.model import Standard
from analysis.standards.terms import LOADER
from analysis.tables import Kind

FOLDER = Path(__file__).parent
NO_STANDARDS = {"vocabulary", "rules"}
DEPTH = 8


@dataclass(frozen=True)
class Fault:
    """What is wrong with a standard's file: where, the value as it stands, what is wrong, of which kind, what may stand
    there."""

    key: str
    value: str
    text: str
    kind: str
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.key}{f' = {self.value}' if self.value else ''}: {self.text}"


def names() -> list[str]:
    """Return the ids of the standards that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem not in NO_STANDARDS)


def path_of(name: str | Path, folder: Path | None = None) -> Path:
    """Return the file of a standard: an id that comes with the package, or a path to a YAML file, from `folder` on.

    Raises RequestError where neither is there.
    """
    if isinstance(name, str) and name in names():
        return FOLDER / f"{name}.yml"
    path = (folder or Path()) / name
    if path.suffix in {".yml", ".yaml"} and path.is_file():
        return path
    raise RequestError("standard_unknown", name=name, known=", ".join(names()))


def _read(path: Path) -> dict[str, Any]:
    check_regular(path, path.name, bounds().yaml_megabytes)
    try:
        content = yamlfile.loaded(yamlfile.within_bounds(path.read_bytes(), path.name), path.name, yamlfile.Loader)
    except DataError as fault:
        raise RequestError("standard_unreadable", file=path.name, reason=str(fault)) from fault
    if not isinstance(content, dict):
        raise RequestError("standard_unreadable", file=path.name, reason=f"{type(content).__name__}.")
    return content


def merged(below: Any, above: Any) -> Any:
    """Return `below` overridden by name: mappings are merged key by key, everything else is replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {
            key: merged(below[key], above[key]) if key in below and key in above else {**below, **above}[key]
            for key in {**below, **above}
        }
    return above


def chain(name: str | Path) -> list[tuple[str | Path, dict[str, Any]]]:
    """Return a standard's file and those that it extends, itself first: name and what the file says.

    What a file of one's own extends is looked for beside it. Raises RequestError for an unknown or unreadable file, or
    one that extends itself.
    """
    layers: list[tuple[str | Path, dict[str, Any]]] = []
    path = path_of(name)
    said: str | Path = name
    while True:
        content = _read(path)
        layers.append((said, content))
        below = content.get("extends")
        if below is None:
            return layers
        if len(layers) > DEPTH:
            raise RequestError("standard_circular", file=path_of(name).name)
        path = path_of(str(below), path.parent)
        said = str(below) if path.parent == FOLDER else path


def _over(files: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what files say that are laid over each other, the uppermost first."""
    result: dict[str, Any] = {}
    for content in reversed(files):
        result = dict(merged(result, content))
    return result


def own(name: str | Path) -> dict[str, Any]:
    """Return what a standard says of its own: its file, and the plans that it extends, without the framework below.

    Raises RequestError as `chain`.
    """
    files = [content for _, content in chain(name)]
    return _over(files[:-1] or files)


def read(name: str | Path) -> dict[str, Any]:
    """Return a standard's data, laid over the one that it extends; RequestError as `chain`."""
    return _over([content for _, content in chain(name)])


def _key(parts: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in parts) or "-"


def _repeated(node: yaml.Node | None, place: tuple[Any, ...] = ()) -> Iterator[Fault]:
    """Yield keys that stand twice in one mapping: YAML would take the last without a word."""
    if isinstance(node, yaml.SequenceNode):
        for number, each in enumerate(node.value):
            yield from _repeated(each, (*place, number))
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        inside = (*place, key.value)
        if key.value in seen and key.value != "<<":
            yield Fault(_key(inside), "", f"stands twice, again in line {key.start_mark.line + 1}", "key_repeated")
        seen.add(key.value)
        yield from _repeated(value, inside)


def named(content: dict[str, Any], kind: str) -> Iterator[tuple[str, Any, rules.Rule]]:
    """Yield what the items of a standard's data give their rules as parameters of one type: key, value, rule."""
    items = content.get("items")
    entries: dict[tuple[str, ...], Any] = {
        ("items", name): item for name, item in (items.items() if isinstance(items, dict) else ())
    }
    entries |= {(*place, "rows"): item.get("rows") for place, item in entries.items() if isinstance(item, dict)}
    for place, item in entries.items():
        rule, parameters = (item.get("rule"), item.get("parameters")) if isinstance(item, dict) else (None, None)
        if not isinstance(parameters, dict) or rule not in rules.names():
            continue
        for each, parameter in rules.parameters(rule).items():
            if each in parameters and parameter.type in (kind, f"{kind}s"):
                named_here = parameters[each] if parameter.type != kind and isinstance(parameters[each], list) else None
                for value in (parameters[each],) if named_here is None else named_here:
                    yield _key((*place, "parameters", each)), value, rules.every()[rule]


def _strangers(content: dict[str, Any]) -> Iterator[Fault]:
    """Yield ids of items that findings make by themselves (one would be taken for the other), and ids that duty
    holders, notes or rules name and that the standard does not have."""

    def part(name: str) -> dict[str, Any]:
        entries = content.get(name)
        return entries if isinstance(entries, dict) else {}

    items, indicators = set(part("items")), set(part("indicators"))
    for name in items:
        if name in terms.known("items") or ids.parse(str(name)).kind is not Kind.ITEM:
            yield Fault(_key(("items", name)), "", "an id that findings make by themselves", "id_reserved")
    coined = {make(name) for make in (ids.floor, ids.cv) for name in {*indicators, "composite"}}
    known = items | indicators | coined | set(terms.known("items"))
    for name in part("duty_holders"):
        if name not in known:
            yield Fault(_key(("duty_holders", name)), "", "no such item or indicator", "id_unknown")
    notes = content.get("notes")
    for number, note in enumerate(notes if isinstance(notes, list) else []):
        about = note.get("about") if isinstance(note, dict) else None
        for name in about if isinstance(about, list) else []:
            if name not in known:
                yield Fault(_key(("notes", number, "about")), str(name), "no such item or indicator", "id_unknown")
    for key, indicator, _ in named(content, "indicator"):
        if indicator not in indicators:
            yield Fault(key, str(indicator), "no such indicator", "id_unknown")


def _told(error: Any) -> Fault:
    value = error["input"]
    shown = "" if isinstance(value, dict | list | tuple) or hasattr(value, "model_fields") else repr(value)
    return Fault(
        _key(error["loc"]), shown, error["msg"], error["type"], str((error.get("ctx") or {}).get("expected", ""))
    )


def _checked(name: str | Path) -> tuple[Standard | None, list[Fault]]:
    faults: list[Fault] = []
    files = chain(name)
    for said, _ in files:
        path = path_of(said)
        if path.parent != FOLDER:
            faults += _repeated(yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER))
    content, standard = _over([each for _, each in files]), None
    try:
        standard = Standard.model_validate(content)
    except ValidationError as error:
        faults += [_told(each) for each in error.errors()]
    return standard, [*faults, *_strangers(content)]


def problems(name: str | Path) -> list[Fault]:
    """Return every fault of a standard's file, and of those of one's own that it extends; none where it is whole.

    Raises RequestError where a file can't be read at all.
    """
    return _checked(name)[1]


def faults(name: str | Path) -> list[str]:
    """Return every fault of a standard's file, each with its key, its value and what is asked."""
    return [str(each) for each in problems(name)]


@cache
def load(name: str | Path) -> Standard:
    """Load a standard by id or path.

    Raises RequestError that names all faults of the file.
    """
    standard, faults = _checked(name)
    if standard is None or faults:
        raise RequestError("standard_faulty", file=path_of(name).name, faults="; ".join(map(str, faults)))
    return standard
