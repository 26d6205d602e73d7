"""A standard as it would be without something that it rests on and that is not sure."""

import json
from functools import cache

from analysis.standards.load import merged
from analysis.standards.model import Standard
from analysis.standards.practice import Practice


def doubtful(standard: Standard) -> tuple[Practice, ...]:
    """Return what a standard rests on that may be read otherwise."""
    return tuple(practice for practice in standard.practice if practice.otherwise is not None)


def otherwise(standard: Standard, practice: Practice) -> Standard:
    """Return a standard with the other reading of one of its practices laid over it."""
    return _over(standard.model_dump_json(by_alias=True), practice.id)


@cache
def _over(content: str, practice: str) -> Standard:
    written = json.loads(content)
    other = next(entry["otherwise"] for entry in written["practice"] if entry["id"] == practice)
    return Standard.model_validate(merged(written, other))
