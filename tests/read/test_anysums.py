"""Rows that are the sum of others: found wherever they stand, and not where chance made them."""

import numpy as np
import pytest

from analysis.read.anysums import CHANCE, Sum, expected, of_all_others, of_runs

Rows = list[tuple[float, float]]
FOUR: Rows = [(1000, 100), (2400, 200), (3000, 300), (1800, 150)]


def arrays(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    x, p = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return x, p


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_row_that_is_the_sum_of_all_others(place: int) -> None:
    rows = [*FOUR[:place], (8200, 750), *FOUR[place:]]
    assert of_all_others(*arrays(rows)) == place


@pytest.mark.parametrize("row", [(8200, 751), (8201, 750), (750, 8200), (2050, 187.5)])
def test_a_row_that_is_the_sum_in_one_column_alone_is_none(row: tuple[float, float]) -> None:
    assert of_all_others(*arrays([*FOUR, row])) is None
    assert of_runs(*arrays([*FOUR, row])) == []


@pytest.mark.parametrize("rows", [[(1.0, 1.0), (1.0, 1.0)], [(0, 0), (0, 0), (0, 0)], FOUR])
def test_too_few_rows_and_empty_ones_have_no_sum(rows: Rows) -> None:
    assert of_all_others(*arrays(rows)) is None
    assert of_runs(*arrays(rows)) == []


def test_subtotals_below_and_above_their_rows() -> None:
    one, other = (3400, 300), (4800, 450)
    assert of_runs(*arrays([*FOUR[:2], one, *FOUR[2:], other])) == [Sum(2, 0, 1, True), Sum(5, 3, 4, True)]
    assert of_runs(*arrays([one, *FOUR[:2], other, *FOUR[2:]])) == [Sum(0, 1, 2, True), Sum(3, 4, 5, True)]


def test_rows_of_zeros_part_no_run() -> None:
    rows: Rows = [FOUR[0], (0, 0), FOUR[1], (3400, 300)]
    assert of_runs(*arrays(rows)) == [Sum(3, 0, 2, True)]
    assert of_runs(*arrays([FOUR[0], (0, 0), FOUR[0], FOUR[1]])) == []


def test_sums_of_decimal_fractions() -> None:
    rows: Rows = [(0.1, 10.5), (0.2, 20.25), (0.3, 30.75)]
    assert 0.1 + 0.2 != 0.3
    assert of_all_others(*arrays(rows)) == 2


def test_what_chance_makes_is_not_sure() -> None:
    """Of amounts up to 3 a third are sums of others by chance; 4 rows have 8 runs: 8 / (150 * 2) a table."""
    rows: Rows = [(1, 100), (2, 200), (3, 300), (2, 150)]
    x, p = arrays(rows)
    assert of_runs(x, p)[0] == Sum(2, 0, 1, False)
    assert expected(x, p, 8) == 8 / (175 * 2) > CHANCE
    # Ten books for each pupil: where pupils are a sum, books are as well.
    alike = [(10 * pupils, pupils) for _, pupils in rows]
    assert of_runs(*arrays(alike))[0] == Sum(2, 0, 1, False)


def test_schools_drawn_at_random_have_no_sums() -> None:
    draw = np.random.default_rng(13)
    for _ in range(1000):
        n = int(draw.integers(3, 120))
        pupils, amounts = (draw.integers(20, most, n).astype(float) for most in (3000, 9000))
        assert of_all_others(amounts, pupils) is None
        assert of_runs(amounts, pupils) == []


def test_totals_put_among_schools_drawn_at_random_are_all_found() -> None:
    draw = np.random.default_rng(14)
    for _ in range(300):
        n = int(draw.integers(3, 120))
        rows: Rows = [
            (float(x), float(p)) for x, p in zip(draw.integers(20, 9000, n), draw.integers(20, 3000, n), strict=True)
        ]
        first = int(draw.integers(0, n - 1))
        last = int(draw.integers(first + 2, n + 1))
        total = (sum(x for x, _ in rows[first:last]), sum(p for _, p in rows[first:last]))
        place = last if draw.random() < 0.5 else first
        assert [one.place for one in of_runs(*arrays([*rows[:place], total, *rows[place:]])) if one.sure] == [place]
