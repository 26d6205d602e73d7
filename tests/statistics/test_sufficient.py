"""Sufficient statistics: weights on paper, pieces that add up, what is left out."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import variance
from analysis.statistics.sufficient import from_sd, merge, sufficient

PUPILS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(-1e3, 1e3), st.integers(1, 9)), min_size=1, max_size=40)


def table(rows: list[tuple[str, float, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["school", "y", "w"], orient="row")


def test_on_paper() -> None:
    found = sufficient(pl.DataFrame({"s": ["b", "b", "a", "b"], "y": [1.0, 2.0, 5.0, 6.0]}), "y", "s")
    assert found.drop("rest").rows() == [("b", 3, 3.0, 3.0, 14.0), ("a", 1, 1.0, 5.0, 0.0)]
    assert found["rest"].to_list() == [0, 0]


def test_weights_on_paper() -> None:
    # Weights 1, 1, 2: n = 16 / 6, mean (1 + 2 + 12) / 4 = 3.75, squares (7.5625 + 3.0625 + 2 * 5.0625) / 4 = 5.1875.
    found = sufficient(pl.DataFrame({"s": "a", "y": [1.0, 2.0, 6.0], "w": [1.0, 1.0, 2.0]}), "y", "s", weight="w")
    (_, pupils, n, mean, ss, _) = found.row(0)
    assert pupils == 3
    assert (n, mean, ss) == (pytest.approx(16 / 6), pytest.approx(3.75), pytest.approx(16 / 6 * 5.1875))


def test_what_is_left_out() -> None:
    frame = pl.DataFrame(
        {
            "s": ["a", "a", None, "a", "a", "a"],
            "y": [1.0, None, 3.0, float("nan"), 5.0, 7.0],
            "w": [1.0, 1.0, 1.0, 1.0, 0.0, None],
        }
    )
    assert sufficient(frame, "y", "s")["pupils"].to_list() == [3]
    assert sufficient(frame, "y", "s", weight="w")["pupils"].to_list() == [1]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        sufficient(pl.DataFrame({"s": ["a"], "y": [1.0], "w": [-1.0]}), "y", "s", weight="w")


@settings(deadline=None, max_examples=50)
@given(PUPILS, st.integers(0, 40))
def test_pieces_add_up_to_the_whole(rows: list[tuple[str, float, int]], cut: int) -> None:
    frame = table(rows)
    whole = sufficient(frame, "y", "school")
    pieces = pl.concat(sufficient(part, "y", "school") for part in (frame[:cut], frame[cut:]) if part.height)
    joined = merge(pieces, ["school"])
    assert joined["school"].to_list() == whole["school"].to_list()
    assert joined["pupils"].to_list() == whole["pupils"].to_list()
    assert np.allclose(joined.select("n", "mean", "ss"), whole.select("n", "mean", "ss"), rtol=1e-9, atol=1e-6)


@settings(deadline=None, max_examples=50)
@given(PUPILS, st.floats(0.01, 100))
def test_the_unit_of_weights_changes_nothing(rows: list[tuple[str, float, int]], unit: float) -> None:
    frame = table(rows)
    one = sufficient(frame, "y", "school", weight="w")
    other = sufficient(frame.with_columns(pl.col("w") * unit), "y", "school", weight="w")
    assert np.allclose(one.select("n", "mean", "ss"), other.select("n", "mean", "ss"), rtol=1e-8, atol=1e-6)


@settings(deadline=None, max_examples=50)
@given(PUPILS)
def test_equal_weights_are_no_weights(rows: list[tuple[str, float, int]]) -> None:
    frame = table(rows).with_columns(w=pl.lit(3.5))
    plain, weighted = sufficient(frame, "y", "school"), sufficient(frame, "y", "school", weight="w")
    assert np.allclose(plain.select("n", "mean", "ss"), weighted.select("n", "mean", "ss"), rtol=1e-8, atol=1e-5)


def test_weighted_components_are_recovered() -> None:
    draw = np.random.default_rng(8)
    school = np.repeat(np.arange(4000), 12)
    y = draw.normal(0, np.sqrt(0.2), 4000)[school] + draw.normal(0, np.sqrt(0.8), len(school))
    frame = pl.DataFrame({"s": school, "y": y, "w": draw.choice([1.0, 2.0, 6.0], len(school))})
    found = sufficient(frame, "y", "s", weight="w")
    rate = variance.estimate(found["n"], found["mean"], found["ss"], limit=0.15)
    assert rate.tau2[0] == pytest.approx(0.2, abs=0.02)
    assert rate.sigma2[0] == pytest.approx(0.8, abs=0.02)


def test_from_sd() -> None:
    assert from_sd([3, 1, 0], [2.0, np.nan, np.nan]).tolist() == [8, 0, 0]
    with pytest.raises(ValueError, match="two pupils"):
        from_sd([3], [np.nan])
