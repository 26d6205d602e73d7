"""JSON as text to be read and compared by line: each record on a line of its own."""

import json
from typing import Any


def text_of(content: Any, indent: str = "") -> str:
    """Return JSON text; what holds no further record, or list of them, takes one line.

    Raises ValueError for a number that is none.

    >>> print(text_of({"year": 2024, "findings": [{"id": "a", "value": 0.5}, {"id": "b", "value": None}]}))
    {
     "year": 2024,
     "findings": [
      {"id": "a", "value": 0.5},
      {"id": "b", "value": null}
     ]
    }
    """
    inner = indent + " "
    if isinstance(content, dict) and any(isinstance(value, (dict, list)) for value in content.values()):
        parts = [f"{inner}{_line(name)}: {text_of(value, inner)}" for name, value in content.items()]
        return _within("{}", parts, indent)
    if isinstance(content, list) and any(isinstance(value, (dict, list)) for value in content):
        return _within("[]", [inner + text_of(value, inner) for value in content], indent)
    return _line(content)


def _within(brackets: str, parts: list[str], indent: str) -> str:
    return "\n".join((brackets[0], ",\n".join(parts), indent + brackets[1]))


def _line(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)
