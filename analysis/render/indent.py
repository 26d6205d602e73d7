"""JSON as the standard library indents it, by its fast encoder: that knows no indentation, but separators."""

from functools import cache
from json import JSONEncoder
from typing import Any

_NESTED = (dict, list)


def indented(value: Any, depth: int = 0) -> str:
    """Return JSON of dicts with string keys, lists and scalars, one space deeper for each level.

    The same text as `json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)`. ValueError for a number that is
    not finite.
    """
    inside = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(value, _NESTED) or not inside:
        return _encoder(depth).encode(value)
    brackets = "{}" if isinstance(value, dict) else "[]"
    head, between = "\n" + " " * (depth + 1), ",\n" + " " * (depth + 1)
    if not any(isinstance(one, _NESTED) for one in inside):
        body = _encoder(depth).encode(value)[1:-1]
    elif isinstance(value, dict):
        body = between.join(f"{_encoder(0).encode(key)}: {indented(one, depth + 1)}" for key, one in value.items())
    else:
        body = between.join(indented(one, depth + 1) for one in inside)
    return brackets[0] + head + body + "\n" + " " * depth + brackets[1]


@cache
def _encoder(depth: int) -> JSONEncoder:
    separators = (",\n" + " " * (depth + 1), ": ")
    return JSONEncoder(ensure_ascii=False, allow_nan=False, separators=separators)
