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
    filled = [cell.value for cell in head.cells if cell.value is not None]
    return bool(head.field and filled) and all(isinstance(value, _NUMBER) for value in filled) and head.state == "right"


def free(head: Head) -> bool:
    """Tell whether a column may be doubtful without costing its rows: an amount that no key and no rule needs."""
    return numeric(head) and head.field not in {"year", "grade", "pupils", "area", "teachers", "asked", "satisfied"}


def _some(heads: Heads, rng: random.Random, most: int = 1, test: Callable[[Head], bool] = free) -> list[int]:
    able = [place for place, head in enumerate(heads) if test(head)]
    return sorted(rng.sample(able, min(len(able), rng.randint(1, most))))


def _older(head: Head, rng: random.Random) -> Head:
    """Return the column of another year: other numbers."""
    cells = tuple(Cell(None if cell.value is None else rng.randint(1, 99), cell.format) for cell in head.cells)
    return replace(head, field="", cells=cells, unused=True)


def _by_year(heads: Heads, years: tuple[int, int], year: int, rng: random.Random, shape: str) -> Heads:
    """Return the heads with up to three columns once for each year, side by side, under the years or above them."""
    places = _some(heads, rng, 3)
    if not places:
        return heads
    is_older = year not in years
    printed = {each_year: [] for each_year in years}  # type: dict[int, Heads]
    for place in places:
        head = heads[place]
        for each_year in years:
            path = {"over": (f"{each_year}年", *head.path), "under": (*head.path, f"{each_year}年")}.get(shape)
            path = path or (*head.path[:-1], f"{each_year}年{head.last}")
            mine = head if each_year == year else _older(head, rng)
            printed[each_year].append(
                replace(mine, path=path, state="told" if is_older else "right", why="years" if is_older else "")
            )
    if shape == "over":
        beside = [head for each_year in years for head in printed[each_year]]
    else:
        beside = [printed[each_year][at] for at in range(len(places)) for each_year in years]
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
    arranged = list(heads)
    for place in _some(heads, rng):
        arranged[place] = replace(heads[place], why="double")
        arranged.append(replace(heads[place], field="", truth=(None,) * len(heads[place].cells)))
    return arranged


def double_differs(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Print a column twice with different numbers: nobody knows which is right."""
    arranged = list(heads)
    for place in _some(heads, rng):
        arranged[place] = replace(heads[place], state="told", why="double_differs")
        arranged.insert(rng.randint(place + 1, len(arranged)), _older(heads[place], rng))
    return arranged


def hidden_old(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Keep an old year's column, hidden, before the one that is shown."""
    arranged = list(heads)
    for place in _some(heads, rng):
        arranged.insert(place, replace(_older(heads[place], rng), hidden=True))
    return arranged


def hidden_only(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Hide a column that is the only one of its kind."""
    arranged = list(heads)
    for place in _some(heads, rng):
        arranged[place] = replace(heads[place], hidden=True, state="marked", why="hidden_only")
    return arranged


def near_head(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Call a column in words of one's own."""
    said = words()["near"]
    arranged = list(heads)
    for place in _some(heads, rng, test=lambda head: free(head) and head.field in said and len(head.path) == 1):
        arranged[place] = replace(
            arranged[place], path=(rng.choice(said[arranged[place].field]),), state="either", why="near_head"
        )
    return arranged


def annotated_head(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Say something in brackets behind a head."""
    arranged = list(heads)
    for place in _some(heads, rng):
        head = heads[place]
        path = (*head.path[:-1], f"{head.last}（{rng.choice(words()['annotated'])}）")
        arranged[place] = replace(head, path=path, state="either", why="annotated_head")
    return arranged


def unknown_unit(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Give a column a unit that nobody converts."""
    arranged = list(heads)
    for place in _some(heads, rng, test=lambda head: free(head) and bool(head.unit)):
        arranged[place] = replace(
            heads[place], unit=rng.choice(words()["unknown_units"]), state="told", why="unknown_unit"
        )
    return arranged


def unit_in_cells(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Write the unit behind each number instead of in the head."""
    arranged = list(heads)
    known = words()["in_cells"]
    for place in _some(heads, rng, test=lambda head: free(head) and head.unit in known):
        head, unit = heads[place], heads[place].unit
        gap = rng.choice(("", "", " "))
        cells = tuple(Cell(None if cell.value is None else f"{cell.value}{gap}{unit}") for cell in head.cells)
        arranged[place] = replace(head, unit="", cells=cells, state="either", why="unit_in_cells")
    return arranged


def parts(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Print parts beside a column: 合计, 其中：女 under one group."""
    groups = {head.path[0] for head in heads if len(head.path) == 2 and head.path[0] in words()["parts"]}
    if groups:
        group = rng.choice(sorted(groups))
        last = max(place for place, head in enumerate(heads) if head.path[0] == group)
        arranged = [
            replace(head, path=(group, "合计")) if head.path == (group, "全校") and rng.random() < 0.7 else head
            for head in heads
        ]
        for part in words()["parts"][group]:
            if (group, part) not in [head.path for head in arranged]:
                arranged.insert(last + 1, _part((group, part), arranged[last], rng))
        return arranged
    arranged = list(heads)
    for place in _some(heads, rng, test=lambda head: free(head) and len(head.path) == 1 and bool(head.unit)):
        head = heads[place]
        group = f"{head.last}（{head.unit}）"
        arranged[place] = replace(head, path=(group, "合计"), unit="")
        arranged.insert(place + 1, _part((group, rng.choice(words()["single_parts"])), head, rng))
    return arranged


def _part(path: tuple[str, ...], like: Head, rng: random.Random) -> Head:
    cells = tuple(Cell(rng.randint(1, 90)) for _ in like.cells)
    return Head(path, cells=cells, truth=(None,) * len(cells), unused=True)


def starred_heads(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Mark some heads with a star."""
    arranged = []
    for head in heads:
        star = rng.choice(("*{}", "{}*", "★{}", "{}")) if head.field else "{}"
        arranged.append(replace(head, path=(*head.path[:-1], star.format(head.last))))
    return arranged


def broken_heads(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Break or space out heads: 学校\\n代码, 校 名."""
    arranged = []
    for head in heads:
        text, at = head.last, len(head.last) // 2
        gap = rng.choice(("\n", " ", "　", "")) if head.field else ""
        arranged.append(replace(head, path=(*head.path[:-1], text[:at] + gap + text[at:])))
    return arranged


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
    path, next_ = heads[place].path, heads[place + 1].path
    return len(path) > 1 and len(next_) > 1 and path[0] == next_[0]


def blank_column(heads: Heads, year: int, rng: random.Random) -> Heads:
    """Leave a column blank somewhere."""
    arranged = list(heads)
    height = len(heads[0].cells)
    arranged.insert(rng.randint(2, len(arranged)), Head((), cells=(Cell(None),) * height, truth=(None,) * height))
    return arranged


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
