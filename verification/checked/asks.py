"""What a computed item asks of each school: the numbers that its words name, in their order."""

from collections.abc import Callable
from typing import Any

from verification import numbers
from verification.rules import fraction
from verification.worked.case import Case


def _whole(number: Any) -> str:
    return numbers.whole(fraction(number))


def _rooms(given: dict[str, Any], lang: str) -> list[str]:
    music, art = _whole(given["music_area"]), _whole(given["art_area"])
    said = [_whole(given["classes_per_room"]), music, art, "1"] if lang == "zh" else []
    said = said or [music, art, _whole(given["classes_per_room"])]
    if given.get("built_before") and given["music_area_before"] != given["music_area"]:
        said += [*str(given["built_before"]).split("-")]
        said += [_whole(given["music_area_before"]), _whole(given["art_area_before"])]
    return said


def _sizes(given: dict[str, Any], lang: str) -> list[str]:
    whole, nine = given.get("primary"), given.get("nine_year")
    said = [_whole(whole or nine or next(iter(given.values())))]
    said += [_whole(nine)] if whole and nine and nine != whole else []
    if given.get("primary_before") and given["primary_before"] != whole:
        said += [*str(given["built_before"]).split("-"), _whole(given["primary_before"])]
        said += [_whole(given["nine_year_before"])] if given.get("nine_year_before") else []
    return said


def _classes(given: dict[str, Any], lang: str) -> list[str]:
    one, two = given.get("primary"), given.get("junior")
    return [_whole(one), _whole(two)] if one and two and one != two else [_whole(one or two)]


def _funded(given: dict[str, Any], lang: str) -> list[str]:
    return [_whole(given["pupils_below"]), _whole(given["funded_as"])]


def _part(given: dict[str, Any], lang: str) -> list[str]:
    return [numbers.part(fraction(given["part"]))]


ASKED: dict[str, Callable[[dict[str, Any], str], list[str]]] = {
    "special_rooms": _rooms,
    "school_size": _sizes,
    "class_size": _classes,
    "small_school_funding": _funded,
    "training_funds": _part,
}


def asks(case: Case, item: str) -> list[str] | None:
    """Return the numbers of what an item asks of each school; None where it asks nothing so."""
    entry = case.standard.items.get(item) or {}
    words = ASKED.get(str(entry.get("rule"))) if entry.get("kind") == "computed" else None
    return None if words is None else words(entry["parameters"], case.lang)
