"""Features of a layout that lie in single cells and in how they are shown."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from analysis.sample.layouts.page import Cell, Page, Value
from analysis.sample.layouts.words import words

Feature = Callable[[Page, random.Random], None]
#: What no row can do without; a cell of these that can't be read may cost the row.
_COSTLY = {
    "year",
    "grade",
    "pupils",
    "area",
    "teachers",
    "asked",
    "satisfied",
    "pupils_primary",
    "pupils_junior",
    "pupils_senior",
}
_SHARES = {"rate", "share_1", "share_2", "share_3", "share_4"}


def _drawn(page: Page, rng: random.Random, test: Callable[[Value, Any], bool]) -> Value | None:
    """Return a value that is read right so far and whose cell a test likes."""
    able = [
        value
        for value in page.values
        if value.state == "right"
        and value.why != "double"
        and (value.row, value.column) in page.cells
        and test(value, _content(page, value))
    ]
    return rng.choice(able) if able else None


def _content(page: Page, value: Value) -> Any:
    return page.cells[value.row, value.column].value


def _number(value: Value, content: Any) -> bool:
    return isinstance(content, int | float) and value.field not in _COSTLY | _SHARES | {"school"}


def _typed(page: Page, rng: random.Random, why: str, state: str, shapes: list[str]) -> None:
    """Write one number as somebody typed it; what no row can do without takes the row along."""
    value = _drawn(page, rng, lambda value, content: _number(value, content))
    if value:
        number = _content(page, value)
        page.put(value.row, value.column, rng.choice(shapes).format(number))
        page.turned(state, why, row=value.row, column=value.column)


def footnotes(page: Page, rng: random.Random) -> None:
    """Put a footnote's mark behind a number."""
    _typed(page, rng, "footnotes", "either", [f"{{}}{mark}" for mark in words()["footnotes"]])


def vague(page: Page, rng: random.Random) -> None:
    """Say a number in a way that is none: 约7000."""
    _typed(page, rng, "vague", "told", words()["vague"])


def vague_enrolment(page: Page, rng: random.Random) -> None:
    """Say an enrolment in a way that is none: its row goes aside."""
    value = _drawn(
        page, rng, lambda value, content: value.field in _COSTLY - {"year", "grade"} and not isinstance(content, str)
    )
    if value:
        page.put(value.row, value.column, rng.choice(words()["vague"]).format(_content(page, value)))
        page.turned("told", "vague_enrolment", row=value.row, column=value.column)
        page.turned("either", "vague_enrolment", row=value.row)


def error_cell(page: Page, rng: random.Random) -> None:
    """Let a formula have failed."""
    value = _drawn(page, rng, _number)
    if value:
        page.put(value.row, value.column, rng.choice(words()["errors"]), kind="error")
        page.turned("told", "error_cell", row=value.row, column=value.column)


def bare_formula(page: Page, rng: random.Random) -> None:
    """Leave a formula without its value, as programs write it that don't calculate."""
    value = _drawn(page, rng, _number)
    if value:
        page.put(value.row, value.column, f"={_content(page, value)}+1", kind="bare")
        page.turned("told", "bare_formula", row=value.row, column=value.column)


def formulas(page: Page, rng: random.Random) -> None:
    """Calculate a column by formulas, their values stored."""
    value = _drawn(page, rng, _number)
    for other in page.values:
        if value and other.column == value.column and isinstance(content := _at(page, other), int | float):
            cell = page.cells[other.row, other.column]
            page.cells[other.row, other.column] = replace(cell, value=content, kind="formula")


def empty_formula(page: Page, rng: random.Random) -> None:
    """Let a formula come to an empty text."""
    value = _drawn(page, rng, _number)
    if value:
        page.put(value.row, value.column, "", kind="formula")
        page.values[page.values.index(value)] = replace(value, value=None)


def _at(page: Page, value: Value) -> Any:
    cell = page.cells.get((value.row, value.column))
    return cell.value if cell and cell.kind == "plain" else None


def negative(page: Page, rng: random.Random) -> None:
    """Make a number negative."""
    value = _drawn(page, rng, lambda value, content: _number(value, content) and content > 0)
    if value:
        page.put(value.row, value.column, -_content(page, value))
        page.turned("told", "negative", row=value.row, column=value.column)


def blank_marks(page: Page, rng: random.Random) -> None:
    """Write a dash for nothing."""
    for _ in range(rng.randint(1, 3)):
        value = _drawn(page, rng, _number)
        if value:
            page.put(value.row, value.column, rng.choice(words()["blanks"]))
            page.values[page.values.index(value)] = replace(value, value=None)


def number_texts(page: Page, rng: random.Random) -> None:
    """Store a column of numbers as text, grouped or not."""
    value = _drawn(page, rng, _number)
    shape = rng.choice(("{}", "{:,}", " {}"))
    _whole_column(page, value, lambda cell: Cell(shape.format(cell.value)))


def number_codes(page: Page, rng: random.Random) -> None:
    """Store codes as numbers, where none begins with a zero."""
    codes = [value for value in page.values if value.field == "school"]
    if not any(str(_at(page, code)).startswith("0") for code in codes):
        for code in codes:
            if str(content := _at(page, code)).isdigit():
                page.put(code.row, code.column, int(content))


def zero_codes(page: Page, rng: random.Random) -> None:
    """Store codes as numbers that a format shows with their zeros."""
    for value in page.values:
        if value.field == "school" and str(content := _at(page, value)).isdigit():
            page.put(value.row, value.column, int(content), "0" * len(content))


def excel_codes(page: Page, rng: random.Random) -> None:
    """Write codes as Excel wants them in a text file: ="9990010001"."""
    for value in page.values:
        if value.field == "school" and str(content := _at(page, value)).isalnum():
            page.put(value.row, value.column, f'="{content}"')


def _whole_column(
    page: Page, value: Value | None, change: Callable[[Cell], Cell], state: str = "right", why: str = ""
) -> None:
    if value is None:
        return
    for other in list(page.values):
        if (other.column, other.field) == (value.column, value.field) and isinstance(_at(page, other), int | float):
            page.cells[other.row, other.column] = change(page.cells[other.row, other.column])
            if why:
                page.turned(state, why, row=other.row, column=other.column)


def thousands(page: Page, rng: random.Random) -> None:
    """Show a column of numbers grouped."""
    shape = rng.choice(("#,##0", "#,##0.00", "0.00", "#,##0_ ;[Red]-#,##0 ", "General", "0_);(0)"))
    _whole_column(page, _drawn(page, rng, _number), lambda cell: replace(cell, format=shape))


def literal_percent(page: Page, rng: random.Random) -> None:
    """Show 17.3 as 17.3% by a percent sign that is mere text."""
    value = _drawn(
        page,
        rng,
        lambda value, content: value.field in _SHARES and isinstance(content, float) and content == value.value,
    )
    shape = rng.choice(('0.0"%"', "0.0\\%", '0.00"%"'))
    head = value and not page.cells[value.row, value.column].format
    if head:
        _whole_column(
            page, value, lambda cell: Cell(round(float(cell.value or 0) * 100, 6), shape), "either", "literal_percent"
        )


def scaled_format(page: Page, rng: random.Random) -> None:
    """Show a column in 万 by its format."""
    shape = rng.choice(("0!.0,", '0!.0,"万"', "0\\.0,"))
    value = _drawn(page, rng, lambda value, content: _number(value, content) and isinstance(content, int))
    _whole_column(page, value, lambda cell: replace(cell, format=shape), "marked", "scaled_format")


def text_beside(page: Page, rng: random.Random) -> None:
    """Show a text beside the numbers of a column."""
    shape = rng.choice(('"约"0', '0"余"', '0.0"（估）"'))
    _whole_column(page, _drawn(page, rng, _number), lambda cell: replace(cell, format=shape), "marked", "text_beside")


def hidden_format(page: Page, rng: random.Random) -> None:
    """Show nothing at all where there are numbers."""
    _whole_column(page, _drawn(page, rng, _number), lambda cell: replace(cell, format=";;;"), "marked", "hidden_format")


def merged_down(page: Page, rng: random.Random) -> None:
    """Merge one township over two schools."""
    towns = [value for value in page.values if value.field == "township" and isinstance(_at(page, value), str)]
    pairs = [(a, b) for a, b in pairwise(towns) if b.row == a.row + 1 and a.column == b.column]
    if pairs:
        above, below = rng.choice(pairs)
        page.merges.append((above.row, above.column, below.row, below.column))
        del page.cells[below.row, below.column]
        page.values[page.values.index(below)] = replace(below, value=above.value)


def hidden_rows(page: Page, rng: random.Random) -> None:
    """Hide a row or two by hand."""
    rows = sorted({value.row for value in page.values})
    for row in rng.sample(rows, min(len(rows), rng.randint(1, 2))):
        page.hidden_rows.add(row)
        page.turned("marked", "hidden_rows", row=row)


def filtered_rows(page: Page, rng: random.Random) -> None:
    """Hide rows by a filter."""
    hidden_rows(page, rng)
    page.filtered = True


def spaces(page: Page, rng: random.Random) -> None:
    """Leave cells behind that hold nothing but spaces."""
    for _ in range(rng.randint(1, 3)):
        place = rng.randint(0, page.bottom + 2), rng.randint(0, page.right + 1)
        within = any(
            top <= place[0] <= bottom and left <= place[1] <= right for top, left, bottom, right in page.merges
        )
        if place not in page.cells and not within:
            page.put(*place, rng.choice((" ", "　", "  ")))


def stray(page: Page, rng: random.Random) -> None:
    """Leave something beside the table, under no head."""
    row = rng.choice(sorted({value.row for value in page.values}))
    column = page.right + rng.randint(0, 2)
    page.put(row, column, rng.choice(("见附表", 123, "张三核对", 0.5)))
    page.unused.add((row, column))


def loosened(page: Page) -> None:
    """Ask less of an old workbook, which does not say how its numbers are shown."""
    for value in list(page.values):
        cell = page.cells.get((value.row, value.column))
        if cell and (value.field in _SHARES or cell.format):
            page.turned("either", "format of an old workbook", row=value.row, column=value.column)


#: In the order in which they are applied.
FEATURES: dict[str, Feature] = {
    "merged_down": merged_down,
    "number_codes": number_codes,
    "zero_codes": zero_codes,
    "excel_codes": excel_codes,
    "thousands": thousands,
    "literal_percent": literal_percent,
    "scaled_format": scaled_format,
    "text_beside": text_beside,
    "hidden_format": hidden_format,
    "number_texts": number_texts,
    "formulas": formulas,
    "empty_formula": empty_formula,
    "blank_marks": blank_marks,
    "footnotes": footnotes,
    "vague": vague,
    "error_cell": error_cell,
    "bare_formula": bare_formula,
    "negative": negative,
    "vague_enrolment": vague_enrolment,
    "hidden_rows": hidden_rows,
    "filtered_rows": filtered_rows,
    "stray": stray,
    "spaces": spaces,
}
