"""Ways in which right values come in written wrongly, and what a reader has to make of each.

A kind takes the text of a clean cell and returns the text that someone typed, or None where it does not apply. Its
rule is the check that its row breaks; empty where the value can be known for certain.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from analysis.sample.settings import fields, model
from analysis.sample.sheets import Cell, Column

WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
GRADES = {str(i): f"{text}年级" for i, text in enumerate("一二三四五六七八九", start=1)}
NUMBERS = ("count", "amount", "number", "share")
NUMERALS = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"}
#: Parts of a school's teachers, and the check that holds them to the whole.
PARTS = {
    f"{part}_teachers{suffix}": (f"teachers{suffix}", f"{part}_above_teachers{suffix}")
    for part in ("advanced_degree", "backbone", "pe_arts", "senior_title")
    for suffix in ("", "_primary", "_junior")
}
Typed = Callable[[str, Column], str | None]


def _thousands(text: str, mark: str, point: str) -> str | None:
    whole, _, part = text.partition(".")
    if len(whole) < 4 or not whole.isdigit():
        return None
    grouped = f"{int(whole):,}".replace(",", mark)
    return f"{grouped}{point}{part}" if part else grouped


def _european(text: str) -> str | None:
    grouped = _thousands(text, ".", ",")
    return None if grouped is None else grouped if "," in grouped else f"{grouped},00"


def _united(text: str, column: Column) -> str | None:
    return f"{text}{column.unit}" if column.unit else None


def _serial(text: str) -> str:
    year, month = (int(part) for part in text.split("-"))
    return str((date(year, month, 1) - date(1899, 12, 30)).days)


def _dated(text: str) -> tuple[int, int]:
    year, _, month = text.replace("年", "-").removesuffix("月").partition("-")
    return int(year), int(month)


def _date_as(shape: str) -> Typed:
    def typed(text: str, _: Column) -> str | None:
        year, month = _dated(text)
        return None if "." in shape and month in (1, 10) else shape.format(year=year, month=month)

    return typed


def _negated(shape: str) -> Typed:
    return lambda text, _: shape.format(text) if text.strip("0.") else None


@dataclass(frozen=True)
class Kind:
    """One kind of dirt, for columns of these kinds (`fields.yml`)."""

    id: str
    columns: tuple[str, ...]
    typed: Typed
    rule: str = ""


KINDS = (
    Kind("as_text", NUMBERS, lambda text, _: text),
    Kind("full_width", (*NUMBERS, "code", "year", "grade"), lambda text, _: text.translate(WIDE)),
    Kind("padded", (*NUMBERS, "code", "year", "choice", "text", "date"), lambda text, _: f" {text}　"),
    Kind("thousands", ("count", "amount"), lambda text, _: _thousands(text, ",", ".")),
    Kind("thousands_wide", ("count", "amount"), lambda text, _: _thousands(text, "，", ".")),
    Kind("apostrophes", ("count", "amount"), lambda text, _: _thousands(text, "'", ".")),
    Kind("european", ("count", "amount"), lambda text, _: _european(text)),
    Kind("with_unit", ("count", "amount"), _united),
    Kind("plus", ("count", "amount"), lambda text, _: f"+{text}"),
    Kind(
        "percent",
        ("share",),
        lambda text, column: f"{round(float(text) * 100, 6):g}%" if column.factor == 1 else f"{text}%",
    ),
    Kind("decimal_code", ("code",), lambda text, _: f"{text}.0"),
    Kind("apostrophe_code", ("code",), lambda text, _: f"'{text}"),
    Kind("date_chinese", ("date",), _date_as("{year}年{month}月")),
    Kind("date_dot", ("date",), _date_as("{year}.{month}")),
    Kind("date_slash", ("date",), _date_as("{year}/{month:02d}")),
    Kind("date_serial", ("date",), lambda text, _: _serial(f"{_dated(text)[0]}-{_dated(text)[1]}")),
    Kind("year_word", ("year",), lambda text, _: f"{text}年"),
    Kind("grade_word", ("grade",), lambda text, _: GRADES.get(text)),
    Kind("other_numeral", ("level",), lambda text, _: NUMERALS.get(text)),
    Kind("level_word", ("level",), lambda text, _: f"{text}级"),
    Kind("negative", ("count", "amount", "share"), _negated("-{}"), "negative"),
    Kind("bracketed", ("count", "amount", "share"), _negated("({})"), "negative"),
    Kind("guessed", NUMBERS, lambda text, _: f"约{text}", "text_in_number"),
    Kind("error_value", NUMBERS, lambda text, _: "#DIV/0!", "formula"),
    Kind("half", ("count",), lambda text, _: f"{text}.5", "not_whole"),
    Kind("above_one", ("share",), lambda text, column: f"{column.factor * 1.2:g}", "share_above_one"),
    Kind("scientific", ("code",), lambda text, _: f"{float(text):.5E}" if text.isdigit() else None, "code_damaged"),
    Kind("no_code", ("code",), lambda text, _: "", "missing_key"),
    Kind("lost_zero", ("date",), lambda text, _: f"{_dated(text)[0]}.1", "month_uncertain"),
    Kind("unknown_choice", ("choice",), lambda text, _: "待核实", "choice_unknown"),
    Kind("unknown_grade", ("grade",), lambda text, _: "毕业班", "grade_unreadable"),
    Kind("unknown_level", ("level",), lambda text, _: "良好", "level_unreadable"),
)
BLANKS = ("—", "/", "无", "空", "-", "…", "——")
#: Cells that only a correction can mend: the value is plausible where it stands.
MISTAKEN = {"ten_thousandfold"}


@dataclass(frozen=True)
class Mark:
    """A cell (row from 0) as it should be and as it was typed; `rule` is empty where it can be read."""

    row: int
    column: str
    kind: str
    before: str
    after: str
    rule: str


def by_name(kind: str) -> Callable[[Cell, Column], Cell]:
    """Return `ten_thousandfold` or one of KINDS as a function of a cell."""
    if kind == "ten_thousandfold":
        return lambda cell, _: round(cell * 10_000) if isinstance(cell, int | float) else cell
    dirt = next(dirt for dirt in KINDS if dirt.id == kind)
    return lambda cell, column: dirt.typed("" if cell is None else str(cell), column)


def zeros(frame: pl.DataFrame, rate: float, rng: np.random.Generator) -> list[Mark]:
    """Return amounts with a zero too many, about `rate` of those that model.yml names; their rule is `warned`.

    No reader can mend them: they are kept, and stand out against the year before.
    """
    marks = []
    for column in (name for name in model()["dirt"]["mistaken"] if name in frame.columns):
        texts = frame[column]
        for row in np.flatnonzero(rng.random(frame.height) < rate):
            text = texts[int(row)]
            if text is not None and text.isdigit() and text != "0":
                marks.append(Mark(int(row), column, "extra_zero", text, f"{text}0", "warned"))
    return marks


def _alias(text: str, choices: dict[str, list[str]], rng: np.random.Generator) -> str | None:
    for texts in choices.values():
        if text == texts[0] and len(texts) > 1:
            return texts[int(rng.integers(1, len(texts)))]
    return None


def draw(
    frame: pl.DataFrame, table: str, columns: tuple[Column, ...], rate: float, rng: np.random.Generator
) -> list[Mark]:
    """Return the cells of a table of text (null where blank) that are typed wrongly, about `rate` of all."""
    width = len(columns)
    total = frame.height * width
    chosen = rng.choice(total, size=int(rng.binomial(total, rate)), replace=False)
    if not len(chosen):
        return []
    entries, subjects = fields()["tables"][table]["columns"], fields()["tables"]["monitoring"]["columns"]["subject"]
    luck = rng.random((len(chosen), 2))
    marks = []
    cache: dict[int, list[str | None]] = {}
    broken: set[int] = set()
    for (spoil, pick), place in zip(luck, chosen, strict=True):
        row, at = divmod(int(place), width)
        column = columns[at]
        texts = cache.setdefault(at, frame[column.id].to_list())
        entry = entries[column.id] if "choices_of" not in entries[column.id] else subjects
        spoils = bool(spoil < model()["dirt"]["spoiling"]) and row not in broken
        mark = _mark(texts[row], row, column, entry, spoils, pick, rng, frame)
        if mark is not None:
            marks.append(mark)
            if mark.rule:
                broken.add(row)
    return marks


def _mark(
    text: str | None,
    row: int,
    column: Column,
    entry: dict[str, Any],
    spoils: bool,
    pick: float,
    rng: np.random.Generator,
    frame: pl.DataFrame,
) -> Mark | None:
    if text is None:
        blank = BLANKS[int(pick * len(BLANKS))]
        return None if entry.get("required") else Mark(row, column.id, "blank_mark", "", blank, "")
    if spoils and column.id in PARTS and pick < 0.5:
        whole, rule = PARTS[column.id]
        limit = frame[whole][row] if whole in frame.columns else None
        return None if limit is None else Mark(row, column.id, "above_whole", text, str(int(limit) + 3), rule)
    able = [kind for kind in KINDS if entry["kind"] in kind.columns and bool(kind.rule) == spoils]
    if entry["kind"] == "choice" and not spoils and pick < 0.6:
        after = _alias(text, entry["choices"], rng)
        return None if after is None else Mark(row, column.id, "alias", text, after, "")
    if not able:
        return None
    kind = able[int(pick * len(able))]
    after = kind.typed(text, column)
    return None if after is None else Mark(row, column.id, kind.id, text, after, kind.rule)


def rows(height: int, rate: float, busy: set[int], rng: np.random.Generator) -> list[tuple[int, str]]:
    """Return (row from 0, kind) of rows that are repeated, contradicted, or followed by what is no data.

    Rows in `busy` hold cells that are dirty already and are left alone.
    """
    drawn = []
    for kind, part in model()["dirt"]["rows"].items():
        number = int(rng.binomial(height, min(rate * part, 1.0)))
        for row in rng.choice(height, size=number, replace=False):
            if int(row) not in busy:
                busy.add(int(row))
                drawn.append((int(row), kind))
    return sorted(drawn)
