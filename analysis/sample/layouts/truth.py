"""What a file is to say: a few rows of one table, in the types and units of the clean tables."""

import random
from typing import Any

from analysis.read.fields import Column, table
from analysis.sample.layouts.words import words
from analysis.sample.names import ORDINALS
from analysis.sample.settings import model, stories

Truth = list[dict[str, Any]]
_TYPES = ("primary", "junior", "nine_year", "teaching_point", "complete_secondary")
_STAGES = {
    "primary": ("primary", "nine_year", "teaching_point"),
    "junior": ("junior", "nine_year", "complete_secondary"),
}
_ENDINGS = {
    "primary": "小学",
    "teaching_point": "教学点",
    "junior": "初级中学",
    "nine_year": "学校",
    "complete_secondary": "中学",
}


def rows(name: str, year: int, rng: random.Random) -> Truth:
    """Return rows of a table, every column filled that may be; none breaks a rule of checks.yml."""
    number = rng.randint(*words()["tables"][name]["rows"])
    prefix = rng.choice(("999001", "999002", "010101"))
    towns = rng.sample(model()["townships"], 5)
    drawn = []
    for place in range(number):
        keys = _keys(name, place, year, prefix, towns, rng)
        drawn.append(_filled(name, keys, rng))
    return drawn


def _keys(name: str, place: int, year: int, prefix: str, towns: list[str], rng: random.Random) -> dict[str, Any]:
    kind = _TYPES[place % len(_TYPES)]
    school = {
        "school": f"{prefix}{place + 1:04}",
        "name": f"{towns[place % 5]}镇第{ORDINALS[place]}{_ENDINGS[kind]}",
    }
    if name == "schools":
        return school | {"school_type": kind, "township": f"{towns[place % 5]}镇"}
    if name == "classes":
        return school | {"grade": place % 9 + 1, "class": f"{place + 1}班"}
    if name == "rooms":
        return school | {"room": f"音{place + 1}"}
    if name == "teachers":
        return school | {"stage": rng.choice(("primary", "junior"))}
    if name == "survey":
        return {"group": list(table(name).columns["group"].choices)[place]}
    subjects = list(table(name).columns["subject"].choices)
    return {"year": year, "grade": stories()["monitoring"]["grades"][place % 2], "subject": subjects[place // 2]}


def _filled(name: str, row: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    for column in table(name).columns.values():
        if column.name not in row:
            row[column.name] = _drawn(column, row, rng)
    if name == "monitoring":
        shares = [round(0.24 * rng.random(), 3) for _ in range(4)]
        row |= {f"share_{level}": share for level, share in enumerate(shares, 1)} | {"tested": "yes"}
    if name == "rooms":
        row["number"] = 1
    return row


def _drawn(column: Column, row: dict[str, Any], rng: random.Random) -> Any:
    kind = row.get("school_type")
    for stage, types in _STAGES.items():
        if kind and column.name.endswith(f"_{stage}") and kind not in types:
            return None
    if column.name.endswith("_senior") and kind != "complete_secondary":
        return None
    if column.kind == "choice":
        return rng.choice(list(column.choices))
    if column.kind == "date":
        return f"{rng.randint(1930, 2020)}-{rng.randint(1, 12):02}"
    if column.kind == "level":
        return rng.randint(1, 4)
    if column.kind == "share":
        return round(rng.uniform(0.01, 0.3), 3)
    if column.kind in ("count", "amount"):
        return _number(column, row, rng)
    return "见附件" if column.kind == "text" else None


def _number(column: Column, row: dict[str, Any], rng: random.Random) -> int | float | None:
    name, whole = column.name, words()["wholes"].get(column.name)
    stem, _, stage = name.rpartition("_")
    if stage in ("primary", "junior") and f"{stem}_teachers" not in name and stem.endswith("_teachers"):
        whole = f"teachers_{stage}"
    if whole == "teachers_primary_rest":
        high = row["teachers"] - (row["teachers_primary"] or 0)
    elif whole:
        high = row.get(whole)
    else:
        high = words()["highest"].get(name, 500)
    if high is None:
        return None
    low = high // 3 if not whole else 0
    value = rng.randint(low, high)
    return round(value + rng.choice((0, 0, 0.5, 0.25)), 2) if column.kind == "amount" else value
