"""How many reports would have to be overstated: the bounds, and the visits, against every set of schools."""

import itertools
from functools import cache

import numpy as np
import pytest

from analysis.statistics import fragile
from analysis.statistics.dispersion import coefficient

FACTOR = 3.0
MISS = float(np.exp(-FACTOR))
Drawn = tuple[np.ndarray, np.ndarray, float, float]


def drawn(seed: int) -> Drawn:
    """A small county whose coefficient is near its limit: amounts, pupils, limit, error."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(2, 10))
    pupils = rng.integers(20, 2000, number).astype(float)
    amount = pupils * np.exp(rng.normal(0, rng.choice([0.2, 0.5]), number))
    limit = coefficient(amount, pupils).cv * rng.choice([1.0, 1.02, 1.04, 1.06])
    return amount, pupils, float(limit), float(rng.choice([0.03, 0.05, 0.1, 0.2]))


@cache
def turning(seed: int) -> list[tuple[int, ...]]:
    """Every set of schools that turns the coefficient, the smallest first."""
    amount, pupils, limit, error = drawn(seed)
    places = range(len(amount))
    return [
        chosen
        for number in range(1, len(amount) + 1)
        for chosen in itertools.combinations(places, number)
        if fragile.over(np.where(np.isin(places, chosen), amount * (1 - error), amount), pupils, limit)
    ]


SEEDS = [seed for seed in range(60) if not fragile.over(*drawn(seed)[:3])]


def test_the_cases_hold_sets_of_one_of_several_and_of_none() -> None:
    sizes = {len(sets[0]) if (sets := turning(seed)) else 0 for seed in SEEDS}
    assert {0, 1, 2, 4} <= sizes


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_set_is_that_of_all_sets_tried(seed: int) -> None:
    sets = turning(seed)
    least = len(sets[0]) if sets else None
    result = fragile.of_coefficient(*drawn(seed), FACTOR)
    assert (result.low, result.high) == (least, least)
    assert len(result.least) == (least or 0)
    assert not sets or tuple(sorted(result.least)) in sets
    assert [int(place) for place in np.flatnonzero(result.alone)] == [one for (one, *more) in sets if not more]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_set_that_turns_it_is_missed_more_often_than_asked(seed: int) -> None:
    chance = fragile.of_coefficient(*drawn(seed), FACTOR).chance
    missed = [float(np.prod(1 - chance[list(chosen)])) for chosen in turning(seed)]
    assert max(missed, default=0) <= MISS + 1e-12


def test_a_coefficient_that_no_set_can_turn_asks_for_no_visit() -> None:
    result = fragile.of_coefficient([100.0, 110.0, 90.0], [10, 10, 10], 0.5, 0.05, FACTOR)
    assert (result.low, result.high, result.visits) == (None, None, 0)
    one = fragile.of_coefficient([100.0], [10], 0.5, 0.05, FACTOR)
    assert (one.low, one.visits) == (None, 0)


def test_an_overstatement_of_nothing_turns_nothing() -> None:
    amount, pupils = [100.0, 200.0], [10, 10]
    assert fragile.of_coefficient(amount, pupils, coefficient(amount, pupils).cv, 0.0, FACTOR).low is None


@pytest.mark.parametrize("error", [-0.1, 1.0, float("nan")])
def test_an_overstatement_that_can_not_be_is_refused(error: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        fragile.of_coefficient([1.0, 2.0], [1, 1], 1.0, error, FACTOR)


def test_a_coefficient_above_its_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="above its limit already"):
        fragile.of_coefficient([1.0, 9.0], [1, 1], 0.1, 0.05, FACTOR)


def met(ratios: list[float], must_meet: int, part: float) -> bool:
    return sum(ratio >= 1 for ratio in ratios) >= must_meet and min(ratios) >= part


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ([1.2] * 7, 1 - 1 / 1.2),
        ([0.9, *[1.25] * 6], 1 - 0.85 / 0.9),  # the one that may be below is nearest to its part
        ([0.99, 1.02, *[1.5] * 5], 1 - 1 / 1.02),  # the second may not sink below its floor
        ([1.01, 1.3, *[1.5] * 5], 1 - 0.85 / 1.01),
        ([1.0, 1.0, *[1.5] * 5], 0.0),
    ],
)
def test_a_school_falls_just_above_its_overstatement(ratios: list[float], expected: float) -> None:
    error = fragile.overstatement(ratios, 6, 0.85)
    assert error == pytest.approx(expected)
    assert met([ratio * (1 - error + 1e-9) for ratio in ratios], 6, 0.85)
    assert not met([ratio * (1 - error - 1e-9) for ratio in ratios], 6, 0.85)


def test_counts_fall_from_the_largest() -> None:
    result = fragile.of_counts([1, 2, 0, 1], 3, FACTOR)
    assert (result.low, result.high, result.least) == (2, 2, (1, 0))
    assert not result.alone.any()
    assert result.chance == pytest.approx([1 - np.exp(-1), 1 - np.exp(-2), 0, 1 - np.exp(-1)])
    assert fragile.of_counts([1, 1], 3, FACTOR).low is None
    assert fragile.of_counts([1, 1], 1, FACTOR).visits == 2
    with pytest.raises(ValueError, match="at least one"):
        fragile.of_counts([1], 0, FACTOR)
