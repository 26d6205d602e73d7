"""A standard as it would be without something that it rests on and that is not sure."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache

from analysis.standards.load import merged
from analysis.standards.model import Standard
from analysis.standards.practice import Practice

#: What of a standard stands under names of its own.
NAMED = ("items", "indicators")


def doubtful(standard: Standard) -> tuple[Practice, ...]:
    """Return what a standard rests on that may be read otherwise."""
    return tuple(practice for practice in standard.practice if practice.otherwise is not None)


def otherwise(standard: Standard, practice: Practice) -> Standard:
    """Return a standard with the other reading of one of its practices laid over it."""
    return _over(standard.model_dump_json(by_alias=True), practice.id)


def held(standard: Standard, year: int) -> tuple[Practice, ...]:
    """Return what is doubtful of how a standard is carried out at the end of a year."""
    early = {practice.id for practice in _early(standard, year)}
    return tuple(practice for practice in doubtful(standard) if practice.id not in early)


def _early(standard: Standard, year: int) -> tuple[Practice, ...]:
    """Return what is not yet done at the end of a year; what is as old as the standard itself has no year before."""
    day = max(date(year, 12, 31), standard.since)
    return tuple(practice for practice in doubtful(standard) if practice.since > day)


def on(standard: Standard, year: int) -> Standard:
    """Return a standard as it is carried out in a year: what is not done yet is read otherwise."""
    for practice in _early(standard, year):
        standard = otherwise(standard, practice)
    return standard


def by_year(standard: Standard, years: Iterable[int]) -> list[tuple[Standard, list[int]]]:
    """Return the ways in which a standard is carried out in some years, one at the least, each with its years."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    for year in sorted(years):
        grouped.setdefault(tuple(practice.id for practice in _early(standard, year)), []).append(year)
    return [(on(standard, some[0]), some) for some in grouped.values()] or [(standard, [])]


@cache
def _over(content: str, practice: str) -> Standard:
    written = json.loads(content)
    other = next(entry["otherwise"] for entry in written["practice"] if entry["id"] == practice)
    # Of a standard of some items alone only these are read otherwise.
    known = {
        key: {name: each for name, each in value.items() if name in written[key]} if key in NAMED else value
        for key, value in other.items()
    }
    return Standard.model_validate(merged(written, known))
