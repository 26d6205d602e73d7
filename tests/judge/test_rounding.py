"""Whatever the value, what is shown never contradicts its verdict; and verdicts combine whatever their order."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.judge import combine, rounding, shown
from analysis.judge.verdicts import combined, place, worst_first
from analysis.standards import Sense
from analysis.tables import Verdict

NUMBERS = st.floats(0, 1e7, allow_subnormal=False)
LIMITS = st.sampled_from([0.15, 0.45, 0.5, 0.55, 0.65, 0.85, 0.95, 1.0, 4.2, 5.3, 7.5, 10.2, 45.0, 2000.0, 6000.0])
VERDICTS = st.lists(st.sampled_from([one.value for one in Verdict]), max_size=8)


@settings(max_examples=300, deadline=None)
@given(NUMBERS, LIMITS, st.integers(0, 4), st.sampled_from(Sense))
@example(0.1496, 0.15, 2, Sense.BELOW)
@example(0.14999999999, 0.15, 2, Sense.BELOW)
@example(1999.9999, 2000.0, 0, Sense.AT_LEAST)
@example(1e-9, 0.15, 2, Sense.ABOVE)
def test_what_is_shown_has_the_verdict_of_the_value(value: float, target: float, decimals: int, sense: Sense) -> None:
    text = shown(value, target, decimals, sense)
    assert rounding.holds(float(text), target, sense) == rounding.holds(value, target, sense)
    assert "e" not in text.lower()
    assert len(text.partition(".")[2]) >= decimals


@settings(max_examples=300, deadline=None)
@given(LIMITS, st.integers(-400, 400), st.sampled_from(Sense))
def test_near_a_limit_nothing_is_contradicted(target: float, steps: int, sense: Sense) -> None:
    value = target * (1 + steps * 1e-6)
    assert rounding.holds(float(shown(value, target, 2, sense)), target, sense) == rounding.holds(value, target, sense)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NUMBERS, LIMITS), min_size=1, max_size=20), st.sampled_from(Sense))
def test_a_column_is_compared_as_each_value_is(pairs: list[tuple[float, float]], sense: Sense) -> None:
    frame = pl.DataFrame(pairs, schema=["v", "t"], orient="row")
    value, target = pl.col("v"), pl.col("t")
    held, margin = frame.select(
        rounding.reaches(value, target, sense).alias("held"), rounding.margin(value, target, sense).alias("margin")
    )
    assert held.to_list() == [rounding.holds(v, t, sense) for v, t in pairs]
    assert margin.to_list() == [rounding.apart(v, t, sense) for v, t in pairs]


@pytest.mark.parametrize("sense", Sense)
def test_missing_is_neither_met_nor_not(sense: Sense) -> None:
    frame = pl.DataFrame({"v": [None, 1.0], "t": [1.0, None]}, schema={"v": pl.Float64, "t": pl.Float64})
    assert frame.select(rounding.reaches(pl.col("v"), pl.col("t"), sense))["v"].to_list() == [None, None]


@settings(max_examples=200, deadline=None)
@given(VERDICTS, st.randoms())
def test_verdicts_combine_in_any_order_and_in_parts(verdicts: list[str], random: object) -> None:
    mixed = sorted(verdicts, key=lambda _: random.random())  # type: ignore[attr-defined]
    whole = combine(verdicts)
    assert combine(mixed) == whole
    half = len(mixed) // 2
    assert combine([combine(mixed[:half]), combine(mixed[half:])]) == whole
    column = pl.DataFrame({"v": verdicts}, schema={"v": pl.String}).select(combined(pl.col("v"))).item()
    assert column == whole.value


def test_what_is_worst_wins_in_the_order_of_the_vocabulary_and_met_comes_last() -> None:
    assert worst_first() == ("not_met", "undecidable", "no_data", "target_not_set", "met")
    told = ["met", "not_applicable", "no_data", "not_met", "not_in_force"]
    assert sorted(told, key=place) == ["not_met", "no_data", "met", "not_applicable", "not_in_force"]
    assert combine(["met", "target_not_set"]) == "target_not_set"
    assert combine(["not_in_force", "not_applicable"]) == "not_applicable"
