"""What rounded figures leave open of a school that is not shown, on paper: schools of 100 pupils each."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.statistics.disclosure import Published, interval, protected

#: 1,000 m2, three others shown with 1,000 each: mean 10 to the next whole number, so 3,800 to 4,200 in all.
ALONE = Published(1000, 100, (), 300, 3000, 30_000, (10, 0.5), None, counted=False)
#: Two are not shown, and the total of all four is known exactly.
TWO = replace(ALONE, hidden=((1000, 100),), pupils=200, total=2000, squares=20_000, mean=(10, 0))
#: Three teachers each, two schools not shown, the total known.
TEACHERS = Published(3, 100, ((3, 100),), 200, 6, 0.18, (0.03, 0), None, counted=True)


def test_a_rounded_mean_leaves_what_rounds_to_it() -> None:
    assert interval(ALONE) == (800, 1200)
    # One decimal more: 3,980 to 4,020.
    assert interval(replace(ALONE, mean=(10, 0.05))) == (1000, 1000)
    # Nothing that is tried agrees.
    assert interval(replace(ALONE, mean=(100, 0.5))) == (np.inf, -np.inf)


def test_a_coefficient_leaves_less() -> None:
    # With 1,100 the coefficient is sqrt(3) / 4 * 1 / 10.25 = 0.042, with 1,125 it is 0.052; 900 gives 0.044, 875 0.056.
    assert interval(replace(ALONE, cv=(0.0, 0.05))) == (900, 1100)
    # Both bounds of the coefficient count: with 1,000 it is 0.
    low, high = interval(replace(ALONE, cv=(0.06, 0.02)))
    assert (low, high) == (825, 1175)
    assert interval(replace(ALONE, cv=(0.5, 0.01))) == (np.inf, -np.inf)


def test_of_two_that_are_not_shown_either_may_have_all() -> None:
    assert interval(TWO) == (0, 2000)
    # Twice the part on both sides: 2,000 wide, so a part of 1 holds and no larger one.
    assert protected(TWO, 1.0)
    assert not protected(TWO, 1.01)
    assert protected(replace(TWO, amount=0.0), 100.0)


def test_whole_amounts_are_tried_one_by_one() -> None:
    alone = replace(TEACHERS, hidden=(), pupils=300, total=9, squares=0.27, mean=(0.03, 0.005))
    # 10 to 14 in all, 9 of them shown.
    assert interval(alone) == (1, 5)
    assert interval(TEACHERS) == (0, 6)
    # 2 and 4 have a coefficient of 0.2357, 1 and 5 one of 0.471.
    assert interval(replace(TEACHERS, cv=(0.0, 0.235))) == (3, 3)
    assert interval(replace(TEACHERS, cv=(0.0, 0.236))) == (2, 4)
    assert interval(replace(TEACHERS, cv=(0.2, 0.05))) == (2, 4)


@pytest.mark.parametrize(("width", "holds"), [(0.235, False), (0.236, True)])
def test_of_a_whole_amount_two_must_be_possible(width: float, holds: bool) -> None:
    assert protected(replace(TEACHERS, cv=(0.0, width)), 0.01) == holds


def test_three_that_are_not_shown_share_what_is_left() -> None:
    # Three schools have 9 teachers: 3 each have a coefficient of 0, 2 and 4 beside 3 and 3 one of 0.2357.
    three = replace(TEACHERS, hidden=((3, 100), (3, 100)), pupils=100, total=3, squares=0.09)
    assert interval(replace(three, cv=(0.0, 0.1))) == (3, 3)
    assert interval(replace(three, cv=(0.0, 0.236))) == (2, 4)
    assert interval(three) == (0, 9)
