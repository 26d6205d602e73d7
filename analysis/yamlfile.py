"""YAML that people write, read within bounds (bounds.yml): no size, depth or alias of it hangs or fells what reads it.

Dates stay text, and a key may stand once. Whatever is wrong is one DataError that names file and line.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from analysis.errors import DataError
from analysis.files import bounds
from analysis.plaintext import MISLEADING, misleading

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACKETS = re.compile(r"[\[\]{}]")
#: What a line begins with where lists and mappings stand within one another.
_NESTED = re.compile(r"^[ \-?:]+", re.MULTILINE)
_MISLEADING = re.compile(MISLEADING)
#: Digits of a whole number: an identity number has 18.
_DIGITS = 30
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class Loader(_FAST):  # type: ignore[misc]
    """The safe loader, in C where there is one, whose whole numbers have an end."""

    def construct_yaml_int(self, node: Any) -> int:
        """Build a whole number; ConstructorError where it has more digits than any has here."""
        try:
            number = int(super().construct_yaml_int(node))
        except ValueError as fault:
            raise yaml.constructor.ConstructorError(None, None, node.value[:_DIGITS], node.start_mark) from fault
        if abs(number) >= 10**_DIGITS:
            raise yaml.constructor.ConstructorError(None, None, node.value[:_DIGITS], node.start_mark)
        return number


Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_yaml_int)


class _Loader(Loader):
    """The same; dates are text, and a key that stands twice is a fault."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping; ConstructorError where a key stands twice, for one of its values would be lost."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen and key.value != "<<":
                    raise yaml.constructor.ConstructorError(None, None, f"{key.value}: 2 x", key.start_mark)
                seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != _TIMESTAMP] for first, pairs in _FAST.yaml_implicit_resolvers.items()
}


def parse(content: bytes, name: str) -> Any:
    """Return what YAML holds, `name` is how it is called; DataError where it is none, misleads or is out of bounds."""
    return loaded(within_bounds(content, name), name, _Loader)


def within_bounds(content: bytes, name: str) -> str:
    """Return the text of YAML that may be given to any loader; DataError where it misleads or is out of bounds."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("yaml_encoding", file=name) from error
    if (match := _MISLEADING.search(text)) is not None:
        row = text.count("\n", 0, match.start()) + 1
        raise DataError("yaml_controls", file=name, row=row, characters=misleading(match[0]))
    if _is_suspect(text):
        with _one_line(name):
            _check(text, name)
    return text


def loaded(text: str, name: str, loader: Any) -> Any:
    """Return what a loader makes of a text that is within bounds; DataError where it is no YAML."""
    with _one_line(name):
        return yaml.load(text, Loader=loader)


@contextmanager
def _one_line(name: str) -> Iterator[None]:
    """Turn whatever YAML raises into one DataError with its line."""
    try:
        yield
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        raise DataError("yaml_syntax", file=name, row=line, reason=getattr(error, "problem", "") or "") from error
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise DataError("yaml_syntax", file=name, row="?", reason=type(error).__name__) from error


def _is_suspect(text: str) -> bool:
    """Tell whether a text may go beyond the bounds of depth and aliases: cheap, and true of few that don't."""
    if "&" in text or "\\" in text:  # no alias without an anchor; what is escaped may mislead
        return True
    deepest = depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    widest = max((len(nested) for nested in _NESTED.findall(text)), default=0)
    return deepest > bounds().yaml_depth or widest > bounds().yaml_depth


def _check(text: str, name: str) -> None:
    """Go through the events of YAML, which takes no depth, and raise DataError for the first that is out of bounds."""
    limits = bounds()
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    size, expanded = 0, 0
    for event in yaml.parse(text, Loader=_FAST):
        where: dict[str, Any] = {"file": name, "row": event.start_mark.line + 1}  # type: ignore[union-attr]
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor, size))
            size = 1
            if len(opened) > limits.yaml_depth:
                raise DataError("yaml_deep", **where, limit=limits.yaml_depth)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor:
                sizes[anchor] = size
            size += before
        elif isinstance(event, yaml.ScalarEvent):
            if codes := misleading(event.value):
                raise DataError("yaml_controls", **where, characters=codes)
            size += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in {anchor for anchor, _ in opened}:
                raise DataError("yaml_circle", **where, anchor=event.anchor)
            weight = sizes.get(event.anchor or "", 1)
            size, expanded = size + weight, expanded + weight
            if expanded > limits.yaml_expanded:
                raise DataError("yaml_expands", **where, limit=limits.yaml_expanded)
