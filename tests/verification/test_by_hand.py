"""The second reader's own arithmetic, on cases that can be worked out on paper."""

from fractions import Fraction
from typing import Any

import openpyxl
import pytest

from verification import numbers
from verification.checked.annex import cancelled
from verification.checked.results import alike
from verification.printed.formulas import FormulaError, Sheets
from verification.raw import cells
from verification.rules import holds
from verification.worked.dispersion import coefficient, lifted, without
from verification.worked.survey import Share
from verification.worked.trend import pace

#: Two schools of 100 pupils with 1 and 3 square metres a head: mean 2, both 1 away from it, so 1 / 2.
TWO = {"a": (Fraction(100), Fraction(100)), "b": (Fraction(300), Fraction(100))}


def test_a_coefficient_is_weighted_by_pupils() -> None:
    found = coefficient(TWO)
    assert found is not None
    assert (found.schools, found.mean, found.cv) == (2, Fraction(2), Fraction(1, 2))
    assert found.parts == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert found.above == {"a": False, "b": True}


def test_a_school_without_an_amount_or_pupils_is_left_out() -> None:
    found = coefficient({**TWO, "c": (None, Fraction(50)), "d": (Fraction(7), Fraction(0))})
    assert found is not None
    assert found.schools == 2


def test_what_a_coefficient_would_be() -> None:
    assert without(TWO, ["a"]) is None
    assert lifted(TWO, {"a": Fraction(300)}) == 0


def test_a_square_of_two_near_values_may_differ_by_what_doubles_lose() -> None:
    """10,000/3 and 1/1,000 more: their difference keeps nine digits of sixteen, and so does the square."""
    pupils, value = Fraction(700), Fraction(10_000, 3)
    mean = value + Fraction(1, 1000)
    exact = pupils * (value - mean) ** 2
    printed = 700 * (float(value) - float(mean)) ** 2
    beside = cancelled(pupils, value, mean)
    assert not alike(printed, exact, 1e-11)
    assert alike(printed, exact, 1e-11, beside)
    assert not alike(float(exact) + 4 * beside, exact, 1e-11, beside)


@pytest.mark.parametrize(
    ("value", "places", "target", "sense", "said"),
    [
        (Fraction(1496, 10000), 2, Fraction(15, 100), "below", "0.1496"),
        (Fraction(14, 100), 2, Fraction(15, 100), "below", "0.14"),
        (Fraction(1, 2), 2, Fraction(1, 2), "at_most", "0.50"),
        (Fraction(501, 1000), 2, Fraction(1, 2), "at_most", "0.501"),
        (Fraction(145, 1000), 2, None, None, "0.15"),
        (Fraction(-4, 100), 2, None, None, "−0.04"),
        (Fraction(7464), 0, None, None, "7,464"),
    ],
)
def test_no_printed_number_contradicts_its_verdict(
    value: Fraction, places: int, target: Fraction | None, sense: str | None, said: str
) -> None:
    assert numbers.judged(value, places, target, sense) == said


def test_shares_and_amounts_that_mend() -> None:
    assert [numbers.percent(Fraction(1)), numbers.percent(Fraction(9, 10)), numbers.part(Fraction(85, 100))] == [
        "100%",
        "90.0%",
        "85%",
    ]
    assert [numbers.mends(Fraction(12, 10)), numbers.signed(Fraction(2, 100), 2)] == ["2", "+0.02"]


def test_limits_are_closed_but_that_of_the_rate() -> None:
    assert holds(Fraction(1, 2), Fraction(1, 2), "at_most")
    assert not holds(Fraction(15, 100), Fraction(15, 100), "below")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("１０７", Fraction(107)),
        ("46,182", Fraction(46182)),
        ("—", None),
        (None, None),
        (22.72, Fraction(2272, 100)),
        ("15.6%", Fraction(156, 1000)),
    ],
)
def test_a_cell_is_read_as_it_is_written(cell: Any, number: Fraction | None) -> None:
    assert cells.number(cell) == number


def test_a_cell_that_is_no_number_is_refused() -> None:
    with pytest.raises(cells.UnreadableError):
        cells.number("约100")


def test_a_pace_is_the_median_of_all_slopes() -> None:
    found = pace({2020: Fraction(60, 100), 2021: Fraction(58, 100), 2022: Fraction(56, 100)}, Fraction(50, 100), 2022)
    assert (found.pace, found.reached, found.first) == (Fraction(-2, 100), 2025, 2020)


def test_an_interval_of_wilson() -> None:
    low, high = Share(10, 5).ends
    # (0.5 + z²/20) / (1 + z²/10) = 0.5, half its width z / (1 + z²/10) · √(0.25/10 + z²/400), z = 1.96
    assert [round(low, 4), round(high, 4)] == [0.2366, 0.7634]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=SUM($A$1:$A$3)", 6.0),
        ('=SUMIF($B$1:$B$3,">=0",$A$1:$A$3)', 4.0),
        ("=COUNT(B1:B3)", 2.0),
        ('=IF(AND(ISNUMBER(A1),N(B2)>0),A1/B2,"")', ""),
        ("=A2*(A3-A1)^2", 8.0),
        ("=SQRT(A1+A3)/2", 1.0),
        ("='another one'!A1+1", 42.0),
        ('=IF(N("")>0,1/0,7)', 7.0),
    ],
)
def test_a_formula_is_worked_out(formula: str, value: float | str) -> None:
    book = openpyxl.Workbook()
    page, other = book.active, book.create_sheet("another one")
    assert page is not None
    for row, (one, two) in enumerate([(1, 5), (2, ""), (3, 0)], 1):
        page.cell(row, 1, one)
        page.cell(row, 2, two)
    other.cell(1, 1, 41)
    page.cell(1, 4, formula)
    assert Sheets(book).value(page.title, "D1") == value


def test_a_formula_of_what_has_no_root_is_a_fault() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.cell(1, 1, "=SQRT(0-1)")
    with pytest.raises(FormulaError, match="SQRT"):
        Sheets(book).value(page.title, "A1")


def test_a_formula_that_hangs_on_itself_is_refused() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.cell(1, 1, "=B1")
    page.cell(1, 2, "=A1")
    with pytest.raises(FormulaError):
        Sheets(book).value(page.title, "A1")
