"""Pieces of a table of pupils, on paper: groups in order, what was left out, numbers that can't be computed with."""

import polars as pl
import pytest

from analysis.statistics import by_group, pieces

PUPILS = pl.DataFrame(
    {
        "g0": ["b", "b", "b", "a", "a", "a"],
        "school": ["1", "1", "1", "2", "2", None],
        "x0": [1.0, 3.0, None, 5.0, 5.0, 9.0],
    }
)


def gathered(frame: pl.DataFrame) -> pieces.Pieces:
    lazy, wanted = pieces.planned(frame.lazy(), {"score": {"score": "x0"}}, None, [])
    sums = pieces.summed(lazy, wanted, ["g0"], None, [], pl.LazyFrame.collect)
    assert pieces.sound(sums)
    return pieces.of_sums(lazy, sums, wanted, ["g0"], 0.9, pl.LazyFrame.collect)


def test_groups_come_in_order_and_a_pupil_without_a_school_is_told() -> None:
    found = gathered(PUPILS)
    assert found.groups["g0"].to_list() == ["b", "a"]
    told = found.subjects[0].left_out.sort("group")
    assert told["scores_missing"].to_list() == [True, False]
    assert told["school_missing"].to_list() == [False, True]


def test_statistics_of_schools_by_hand() -> None:
    # 1 and 3: mean 2, squares (1 + 1), sd sqrt(2); 5 and 5: mean 5, sd 0. Who has no score counts nowhere.
    rows = by_group.schools(gathered(PUPILS)).select("school", "pupils", "n", "mean", "sd").rows()
    assert rows == [("1", 2, 2, 2, pytest.approx(2**0.5)), ("2", 2, 2, 5, 0)]


def test_all_at_one_end_is_crowded() -> None:
    assert gathered(PUPILS).subjects[0].crowded == (1,)


def test_plausible_values_count_together_or_not_at_all() -> None:
    frame = pl.DataFrame({"school": ["1", "1"], "x0": [1.0, 2.0], "x1": [1.0, None]}).lazy()
    lazy, (wanted,) = pieces.planned(frame, {"pv": {"p": "x0", "q": "x1"}}, None, [])
    assert wanted.score == "x0_all"
    assert lazy.collect()["x0_all"].to_list() == [1.0, None]


@pytest.mark.parametrize(("size", "told"), [(0.0, False), (1.0, False), (1e100, False), (2e100, True), (1e-101, True)])
def test_numbers_that_cannot_be_squared_are_extreme(size: float, told: bool) -> None:
    for number in (size, -size):
        assert pieces.extreme(pl.DataFrame({"x": [1.0, number]}), ["x"]) is told
