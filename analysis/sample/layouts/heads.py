"""The columns of a layout: which are printed, under what texts and units, and how their values are typed."""

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from analysis.read.fields import Column, table
from analysis.sample.layouts.page import Cell, Head
from analysis.sample.layouts.truth import Truth
from analysis.sample.layouts.words import words

_GRADES = "一二三四五六七八九"
_LEVELS = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")


def chosen(name: str, rng: random.Random) -> list[Column]:
    """Return the columns of a table that a layout prints: those that a row can't do without, and some of the others."""
    columns = list(table(name).columns.values())
    needed = [column for column in columns if column.required or column.name == "name"]
    others = [column for column in columns if column not in needed and column.kind != "number"]
    least, most = words()["tables"][name]["columns"]
    picked = rng.sample(others, min(len(others), rng.randint(least, most)))
    return [column for column in columns if column in needed or column in picked]


def of(columns: Sequence[Column], truth: Truth, features: frozenset[str], rng: random.Random, text: bool) -> list[Head]:
    """Return a head for each column; `text` where the file knows no number formats."""
    return [_head(column, truth, features, rng, text) for column in columns]


def _head(column: Column, truth: Truth, features: frozenset[str], rng: random.Random, text: bool) -> Head:
    values = tuple(row[column.name] for row in truth)
    path = tuple(column.zh.split("/"))
    if len(path) > 1 and "grouped" not in features:
        path = (rng.choice([f"{path[1]}{path[0]}", f"{path[0]}/{path[1]}", f"{path[0]}（{path[1]}）"]),)
    elif len(path) == 1 and len(column.headers) > 1 and rng.random() < 0.3:
        path = (rng.choice([header for header in column.headers[1:] if "/" not in header] or [path[0]]),)
    if column.kind == "share":
        return _share(column, path, values, rng, text)
    if column.kind in ("count", "amount") and column.unit:
        return _measured(column, path, values, features, rng)
    return Head(path, column.name, tuple(Cell(_typed(column, value, rng)) for value in values), values)


def _measured(
    column: Column, path: tuple[str, ...], values: tuple[Any, ...], features: frozenset[str], rng: random.Random
) -> Head:
    """Return a column of numbers in a unit; the truth is what the printed ones come to."""
    known = [(word, Fraction(str(factor)), digits) for word, factor, digits in words()["units"][column.unit]]
    plain = (column.unit, Fraction(1), 2)
    if "unit_title" in features:  # which tells one unit of money and one of area
        word, factor, digits = known[len(features) % 2] if column.unit in ("元", "平方米") else plain
    else:
        word, factor, digits = (
            rng.choice(known) if features >= {"scaled_units"} and "no_units" not in features else plain
        )
    if column.kind == "count":
        digits = 0 if factor == 1 else len(str(factor)) - 1
    cells, truth = [], []
    for value in values:
        printed = None if value is None else _rounded(Fraction(str(value)) / factor, digits)
        exact = None if printed is None else Fraction(str(printed)) * factor
        cells.append(Cell(printed))
        truth.append(None if exact is None else int(exact) if column.kind == "count" else float(exact))
    return Head(path, column.name, tuple(cells), tuple(truth), word)


def _rounded(value: Fraction, digits: int) -> int | float:
    printed = round(float(value), digits)
    return int(printed) if printed == int(printed) else printed


def _share(column: Column, path: tuple[str, ...], values: tuple[Any, ...], rng: random.Random, text: bool) -> Head:
    """Return a column of shares: 0.173, 17.3 under a head in %, 17.3% as text, or 0.173 shown as 17.3%."""
    style = rng.choice(["fraction", "head", "sign"] + ([] if text else ["format", "format"]))
    percents = [None if value is None else round(value * 100, 6) for value in values]
    if style == "head":
        return Head(path, column.name, tuple(Cell(percent) for percent in percents), values, "%")
    if style == "sign":
        return Head(
            path, column.name, tuple(Cell(None if percent is None else f"{percent:g}%") for percent in percents), values
        )
    shown = rng.choice(["0%", "0.0%", "0.00%", "0.0%;-0.0%", "#,##0.0%"]) if style == "format" else ""
    return Head(path, column.name, tuple(Cell(value, shown) for value in values), values)


def _typed(column: Column, value: Any, rng: random.Random) -> Any:
    """Return a value as an office types it."""
    if value is None:
        return None
    if column.kind == "choice":
        return rng.choice([value, *column.choices[value]] if rng.random() < 0.1 else column.choices[value])
    if column.kind == "date":
        year, month = value.split("-")
        return rng.choice([value, f"{year}年{int(month)}月", f"{year}/{month}"])
    if column.kind == "grade":
        return rng.choice([value, f"{_GRADES[value - 1]}年级"])
    if column.kind == "level":
        return rng.choice([value, _LEVELS[value - 1], f"{_LEVELS[value - 1]}级"])
    return value


def united(heads: list[Head], rng: random.Random) -> list[Head]:
    """Return the heads with their units written behind the last text, or behind the group that they stand under."""
    written = []
    for head in heads:
        if head.unit:
            shape = rng.choice(["（{}）", "({})", "（单位：{}）", "/{}"]) if len(head.path) == 1 else "（{}）"
            path = list(head.path)
            path[-1] += shape.format(head.unit)
            head = replace(head, path=tuple(path))
        written.append(head)
    return written


def unknown(texts: tuple[str, str], height: int, rng: random.Random) -> Head:
    """Return a column that no table knows."""
    said, kind = texts
    fill = words()["unknown_texts"]
    cells = (Cell(rng.randint(1, 900) if kind == "n" else rng.choice(fill)) for _ in range(height))
    return Head((said,), cells=tuple(cells), truth=(None,) * height, unused=True)
