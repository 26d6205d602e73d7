"""Scores that crowd at an end: who is counted, and that no second reading is spared wrongly."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.crowding import at_end, most_at_end


def part(scores: list[float | None]) -> float | None:
    found: float | None = pl.DataFrame({"y": scores}, schema={"y": pl.Float64}).select(at_end("y")).item()
    return found


def test_the_fuller_end_counts() -> None:
    assert part([1, 2, 3, 5, 5]) == pytest.approx(0.4)
    assert part([1, 1, 1, 4, 5, 5]) == pytest.approx(0.5)
    assert part([1, 2, 2, 2, 3]) == pytest.approx(0.2)
    assert part([None, 7, 7, None]) == 1
    assert part([]) is None
    assert part([None]) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 4)), min_size=1, max_size=40))
def test_schools_tell_what_it_is_at_most(rows: list[tuple[int, int | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"school": pl.Int64, "y": pl.Float64}, orient="row")
    schools = frame.group_by("school").agg(n=pl.col("y").count(), low=pl.col("y").min(), high=pl.col("y").max())
    exact, most = frame.select(at_end("y")).item(), schools.select(most_at_end("n", "low", "high")).item()
    assert (exact is None) == (most is None)
    assert exact is None or exact <= most


def test_what_schools_tell_on_paper() -> None:
    # The least score, 1, is in schools of 3 and of 2 pupils, the greatest, 5, in that of 3 alone: at most 5 of 10.
    schools = pl.DataFrame({"n": [3, 2, 5], "low": [1, 1, 2], "high": [5, 3, 4]})
    assert schools.select(most_at_end("n", "low", "high")).item() == 0.5
    assert schools.select(most_at_end("n", 6 - pl.col("high"), 6 - pl.col("low"))).item() == 0.5
