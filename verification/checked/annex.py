"""The workbook: its tables, and the sheets in which coefficients are worked out school by school."""

from fractions import Fraction
from sys import float_info

from verification.checked.annexed import contents, hold, is_contents, is_rule, rule
from verification.checked.kinds import Kind, Record
from verification.checked.tables import Tables
from verification.printed.xlsx import HEAD, Book
from verification.worked.case import Case
from verification.worked.stages import STAGES, Place

#: Rows of a coefficient's sheet under the heads: what they hold, in this order; schools begin below the labels.
SUMMED = ("schools", "mean", "cv", "limit")
SCHOOLS = HEAD + 6
#: Columns of an indicator: its amount, the value per pupil, its part of the squares; the first stands in the fourth.
FIRST, WIDTH = 4, 3


def check(case: Case, book: Book, tables: Tables, record: Record) -> None:
    """Hold every sheet of a workbook against what it should hold."""
    stages, ruled = iter(STAGES), iter(STAGES)
    for place, kept, worked in book.faults():
        record.bad(book.name, place, kept, worked)
    for sheet in book.titles:
        if _is_by_school(book, sheet):
            _by_school(case, book, sheet, next(stages), record)
            continue
        if is_rule(book, sheet):
            rule(case, book, sheet, next(ruled), record)
            continue
        if is_contents(book, sheet):
            contents(case, book, sheet, record)
            continue
        grid = book.grid(sheet)
        if not tables.check(book.name, grid):
            numbers = [cell for row in grid.rows for cell in row if isinstance(cell, int | float)]
            for number in numbers:
                record.bad(book.name, sheet, number)


def _is_by_school(book: Book, sheet: str) -> bool:
    """Whether a sheet works out coefficients: its third row counts schools by a formula."""
    given = book.sheets.book[sheet].cell(HEAD, FIRST + 1).value
    return isinstance(given, str) and given.startswith("=COUNT(")


def _by_school(case: Case, book: Book, sheet: str, stage: str, record: Record) -> None:
    page = book.sheets.book[sheet]
    inside = sorted(case.now.inside(stage), key=lambda one: one.school)
    codes = [str(page.cell(row, 1).value) for row in range(SCHOOLS, page.max_row + 1) if page.cell(row, 1).value]
    if codes != [one.school for one in inside]:
        record.bad(book.name, sheet, f"{len(codes)} schools", f"{len(inside)} schools in scope")
        return
    for row, place in enumerate(inside, SCHOOLS):
        hold(book, sheet, (row, 3), place.pupils, Kind.TRACED, record)
    for at, name in enumerate(case.standard.indicators):
        _indicator(case, book, sheet, stage, name, FIRST + WIDTH * at, inside, record)


def _indicator(
    case: Case, book: Book, sheet: str, stage: str, name: str, column: int, inside: list[Place], record: Record
) -> None:
    found = case.now.coefficients[name, stage]
    per = Fraction(str(case.standard.indicators[name]["per"]))
    limit = case.standard.limit(name, stage, case.now.day)
    summed = {"schools": Fraction(found.schools), "mean": found.mean * per, "cv": found.cv, "limit": limit}
    for offset, key in enumerate(SUMMED):
        kind = Kind.RULE if key == "limit" else Kind.WORKED
        hold(book, sheet, (HEAD + offset, column + 1), summed[key], kind, record)
    for row, place in enumerate(inside, SCHOOLS):
        amount, value = place.amounts[name], place.per_pupil(name, case.standard)
        split = amount is not None and amount != place.row.get(case.standard.indicators[name]["amount"])
        lost = name in place.lost
        hold(book, sheet, (row, column), amount, Kind.WORKED if split else Kind.TRACED, record, lost=lost)
        hold(book, sheet, (row, column + 1), value, Kind.WORKED, record)
        if value is None:
            hold(book, sheet, (row, column + 2), None, Kind.WORKED, record)
            continue
        pupils, mean = place.pupils or Fraction(0), found.mean * per
        part = pupils * (value - mean) ** 2
        hold(book, sheet, (row, column + 2), part, Kind.WORKED, record, cancelled(pupils, value, mean))


def cancelled(pupils: Fraction, value: Fraction, mean: Fraction) -> float:
    """Return how far doubles may be from P(v - mean)^2, since the difference of two near numbers keeps few digits.

    With an error e in v - mean the square moves by 2|v - mean|e + e^2; e is eight roundings of the larger of the two.
    """
    rounding = 8 * Fraction(float_info.epsilon) * max(abs(value), abs(mean))
    return float(pupils * (2 * abs(value - mean) * rounding + rounding**2))
