"""Features of a layout that lie in its columns: each takes the heads and returns others."""

import random
from collections.abc import Callable
from dataclasses import replace

from analysis.sample.layouts.page import Cell, Head
from analysis.sample.layouts.words import words

Heads = list[Head]
Feature = Callable[[Heads, int, random.Random], Heads]
_NUMBER = (int, float)


def numeric(head: Head) -> bool:
    """Tell whether a column of the table holds bare numbers, none of them a code."""
    held = [cell.value for cell in head.cells if cell.value is not None]
    return bool(head.field and held) and all(isinstance(value, _NUMBER) for value in held) and head.state == "right"


def free(head: Head) -> bool:
    """Tell whether a column may be doubtful without costing its rows: an amount that no key and no rule needs."""
    return numeric(head) and head.field not in {"year", "grade", "pupils", "area", "teachers", "asked", "satisfied"}


def _some(heads: Heads, rng: random.Random, most: int = 1, test: Callable[[Head], bool] = free) -> list[int]:
    able = [place for place, head in enumerate(heads) if test(head)]
    return sorted(rng.sample(able, min(len(able), rng.randint(1, most))))


def _older(head: Head, rng: random.Random) -> Head:
    """Return the column of another year: other numbers."""
    cells = tuple(Cell(None if one.value is None else rng.randint(1, 99), one.format) for one in head.cells)
    return replace(head, field="", cells=cells, unused=True)


def _by_year(heads: Heads, years: tuple[int, int], year: int, rng: random.Random, shape: str) -> Heads:
    """Return the heads with up to three columns once for each year, side by side, under the years or above them."""
    places = _some(heads, rng, 3)
    if not places:
        return heads
    told = year not in years
    printed = {one: [] for one in years}  # type: dict[int, Heads]
    for place in places:
        head = heads[place]
        for one in years:
            path = {"over": (f"{one}年", *head.path), "under": (*head.path, f"{one}年")}.get(shape)
            path = path or (*head.path[:-1], f"{one}年{head.last}")
            mine = head if one == year else _older(head, rng)
            printed[one].append(
                replace(mine, path=path, state="told" if told else "right", why="years" if told else "")
            )
    if shape == "over":
        beside = [head for one in years for head in printed[one]]
    else:
        beside = [printed[one][at] for at in range(len(places)) for one in years]
    kept = [head for place, head in enumerate(heads) if place not in places]
    return [*kept, *beside]


def years(shape: str) -> Feature:
    """Return the feature of two years side by side: `over` the columns, `under` them, or in the text (`leaf`)."""

    def feature(heads: Heads, year: int, rng: random.Random) -> Heads:
        pair = (year - 1, year) if rng.random() < 0.7 else (year, year - 1)
        return _by_year(heads, pair, year, rng, shape)

    return feature


def other_years(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Print two years, neither of which is the file's."""
    return _by_year(heads, (year - 2, year - 1), year, rng, "over")


def double(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Print a column twice, equal in every row."""
    made = list(heads)
    for place in _some(heads, rng):
        made[place] = replace(heads[place], why="double")
        made.append(replace(heads[place], field="", truth=(None,) * len(heads[place].cells)))
    return made


def double_differs(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Print a column twice with different numbers: nobody knows which is right."""
    made = list(heads)
    for place in _some(heads, rng):
        made[place] = replace(heads[place], state="told", why="double_differs")
        made.insert(rng.randint(place + 1, len(made)), _older(heads[place], rng))
    return made


def hidden_old(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Keep an old year's column, hidden, before the one that is shown."""
    made = list(heads)
    for place in _some(heads, rng):
        made.insert(place, replace(_older(heads[place], rng), hidden=True))
    return made


def hidden_only(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Hide a column that is the only one of its kind."""
    made = list(heads)
    for place in _some(heads, rng):
        made[place] = replace(heads[place], hidden=True, state="marked", why="hidden_only")
    return made


def near_head(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Call a column in words of one's own."""
    said = words()["near"]
    made = list(heads)
    for place in _some(heads, rng, test=lambda head: free(head) and head.field in said and len(head.path) == 1):
        made[place] = replace(made[place], path=(rng.choice(said[made[place].field]),), state="either", why="near_head")
    return made


def annotated_head(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Say something in brackets behind a head."""
    made = list(heads)
    for place in _some(heads, rng):
        head = heads[place]
        path = (*head.path[:-1], f"{head.last}（{rng.choice(words()['annotated'])}）")
        made[place] = replace(head, path=path, state="either", why="annotated_head")
    return made


def unknown_unit(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Give a column a unit that nobody converts."""
    made = list(heads)
    for place in _some(heads, rng, test=lambda head: free(head) and bool(head.unit)):
        made[place] = replace(heads[place], unit=rng.choice(words()["unknown_units"]), state="told", why="unknown_unit")
    return made


def unit_in_cells(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Write the unit behind each number instead of in the head."""
    made = list(heads)
    known = words()["in_cells"]
    for place in _some(heads, rng, test=lambda head: free(head) and head.unit in known):
        head, unit = heads[place], heads[place].unit
        gap = rng.choice(("", "", " "))
        cells = tuple(Cell(None if one.value is None else f"{one.value}{gap}{unit}") for one in head.cells)
        made[place] = replace(head, unit="", cells=cells, state="either", why="unit_in_cells")
    return made


def parts(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Print parts beside a column: 合计, 其中：女 under one group."""
    groups = {head.path[0] for head in heads if len(head.path) == 2 and head.path[0] in words()["parts"]}
    if groups:
        group = rng.choice(sorted(groups))
        last = max(place for place, head in enumerate(heads) if head.path[0] == group)
        made = [
            replace(head, path=(group, "合计")) if head.path == (group, "全校") and rng.random() < 0.7 else head
            for head in heads
        ]
        for part in words()["parts"][group]:
            if (group, part) not in [head.path for head in made]:
                made.insert(last + 1, _part((group, part), made[last], rng))
        return made
    made = list(heads)
    for place in _some(heads, rng, test=lambda head: free(head) and len(head.path) == 1 and bool(head.unit)):
        head = heads[place]
        group = f"{head.last}（{head.unit}）"
        made[place] = replace(head, path=(group, "合计"), unit="")
        made.insert(place + 1, _part((group, rng.choice(words()["single_parts"])), head, rng))
    return made


def _part(path: tuple[str, ...], like: Head, rng: random.Random) -> Head:
    cells = tuple(Cell(rng.randint(1, 90)) for _ in like.cells)
    return Head(path, cells=cells, truth=(None,) * len(cells), unused=True)


def starred_heads(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Mark some heads with a star."""
    made = []
    for head in heads:
        star = rng.choice(("*{}", "{}*", "★{}", "{}")) if head.field else "{}"
        made.append(replace(head, path=(*head.path[:-1], star.format(head.last))))
    return made


def broken_heads(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Break or space out heads: 学校\\n代码, 校 名."""
    made = []
    for head in heads:
        text, at = head.last, len(head.last) // 2
        gap = rng.choice(("\n", " ", "　", "")) if head.field else ""
        made.append(replace(head, path=(*head.path[:-1], text[:at] + gap + text[at:])))
    return made


def super_group(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Put one more text over neighbouring columns."""
    able = [place for place, head in enumerate(heads) if free(head) and len(head.path) < 3]
    runs = [place for place in able if place + 1 in able]
    if not runs:
        return heads
    first = rng.choice(runs)
    last = first
    while last + 1 in able and last < first + 3:
        last += 1
    while first > 0 and _together(heads, first - 1):
        first -= 1
    while last + 1 < len(heads) and _together(heads, last):
        last += 1
    if any(len(head.path) > 2 or not head.path for head in heads[first : last + 1]):
        return heads
    text = rng.choice(words()["super_groups"])
    return [
        replace(head, path=(text, *head.path)) if first <= place <= last else head for place, head in enumerate(heads)
    ]


def _together(heads: Heads, place: int) -> bool:
    """Tell whether a column and the next stand under one text."""
    one, next_ = heads[place].path, heads[place + 1].path
    return len(one) > 1 and len(next_) > 1 and one[0] == next_[0]


def blank_column(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Leave a column blank somewhere."""
    made = list(heads)
    height = len(heads[0].cells)
    made.insert(rng.randint(2, len(made)), Head((), cells=(Cell(None),) * height, truth=(None,) * height))
    return made


#: In the order in which they are applied.
FEATURES: dict[str, Feature] = {
    "unit_in_cells": unit_in_cells,
    "near_head": near_head,
    "annotated_head": annotated_head,
    "unknown_unit": unknown_unit,
    "parts": parts,
    "double": double,
    "double_differs": double_differs,
    "hidden_old": hidden_old,
    "hidden_only": hidden_only,
    "years_over": years("over"),
    "years_under": years("under"),
    "years_leaf": years("leaf"),
    "other_years": other_years,
    "super_group": super_group,
}
#: Applied after units are written.
LAST: dict[str, Feature] = {
    "starred_heads": starred_heads,
    "broken_heads": broken_heads,
    "blank_column": blank_column,
}
