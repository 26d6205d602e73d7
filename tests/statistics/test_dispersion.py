"""The coefficient and what follows from it, checked on paper and by properties."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import dispersion, expressions

#: The official worked example: books and pupils of five schools; it prints mean 6.33 and coefficient 0.52.
STUDENTS = [45, 37, 89, 76, 55]
BOOKS = [279, 137, 935, 160, 402]

schools = st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(1, 5000)), min_size=2, max_size=30)


def test_the_official_example() -> None:
    found = dispersion.coefficient(BOOKS, STUDENTS)
    assert (found.schools, found.pupils, found.note) == (5, 302, "")
    assert found.mean == pytest.approx(1913 / 302)
    assert round(found.cv, 4) == 0.5153
    assert found.shares.sum() == pytest.approx(1)
    assert int(found.shares.argmax()) == 2


def test_two_schools_on_paper() -> None:
    # 100 pupils with 2 each, 100 with 4 each: mean 3, S = 1.
    found = dispersion.coefficient([200, 400], [100, 100])
    assert found.cv == pytest.approx(1 / 3)
    assert found.shares.tolist() == [0.5, 0.5]


def test_enrolment_weighs() -> None:
    # 300 pupils with 2, 100 with 6: mean 3, S squared = 3/4 * 1 + 1/4 * 9 = 3.
    found = dispersion.coefficient([600, 600], [300, 100])
    assert found.cv == pytest.approx(np.sqrt(3) / 3)
    assert found.shares.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("amount", "pupils", "counted", "cv", "note"),
    [
        ([5], [10], 1, 0.0, "one_school"),
        ([], [], 0, None, "no_schools"),
        ([None, 4], [10, 10], 1, 0.0, "one_school"),
        ([9, 4], [0, 10], 1, 0.0, "one_school"),
        ([0, 0], [10, 10], 2, None, "mean_zero"),
        ([0], [10], 1, None, "one_school"),
        ([None, 4], [10, None], 0, None, "no_schools"),
        ([0.1, 0.2, 0.3], [1, 2, 3], 3, 0.0, ""),
    ],
)
def test_edges(
    amount: list[float | None], pupils: list[float | None], counted: int, cv: float | None, note: str
) -> None:
    found = dispersion.coefficient(np.array(amount, dtype=float), np.array(pupils, dtype=float))
    assert (found.schools, found.note) == (counted, note)
    assert (None if np.isnan(found.cv) else found.cv) == cv
    frame = pl.DataFrame({"x": amount, "p": pupils}, schema={"x": pl.Float64, "p": pl.Float64})
    row = frame.select(
        n=expressions.schools("x", "p"), cv=expressions.cv("x", "p"), note=expressions.cv_note("x", "p")
    ).row(0)
    assert row == (counted, cv, note)


def test_zero_amount_is_not_missing() -> None:
    # 0 and 2 per pupil, equally many: mean 1, S = 1; with the zero taken as missing it would be 0.
    assert dispersion.coefficient([0, 20], [10, 10]).cv == pytest.approx(1)


def test_negative_enrolment_is_refused() -> None:
    with pytest.raises(ValueError, match="position 1"):
        dispersion.coefficient([1, 2], [3, -3])


def test_leaving_one_out_is_the_coefficient_of_the_others() -> None:
    effects = dispersion.without(BOOKS, STUDENTS)
    for place in range(5):
        others = [i for i in range(5) if i != place]
        direct = dispersion.coefficient(np.array(BOOKS)[others], np.array(STUDENTS)[others]).cv
        assert effects[place] == pytest.approx(direct, rel=1e-12)


def test_leaving_one_out_skips_what_does_not_count() -> None:
    found = dispersion.without([200, np.nan, 400, 5], [100, 50, 100, 0])
    assert found[[0, 2]].tolist() == [0, 0]
    assert np.isnan(found[[1, 3]]).all()


def test_decomposition_on_paper() -> None:
    # urban 2 and 4 (mean 3), rural 6 and 8 (mean 7), 10 pupils each: mean 5, between 4, within 1.
    found = dispersion.decompose([20, 40, 60, 80], [10, 10, 10, 10], ["urban", "urban", "rural", "rural"])
    assert found.parts.tolist() == ["urban", "rural"]
    assert found.between.tolist() == [2, 2]
    assert found.within.tolist() == [0.5, 0.5]
    assert found.share_between == pytest.approx(0.8)
    assert found.cv.tolist() == pytest.approx([1 / 3, 1 / 7])


@settings(deadline=None, max_examples=50)
@given(schools, st.data())
def test_decomposition_adds_up(rows: list[tuple[float, int]], data: st.DataObject) -> None:
    amount, pupils = np.array(rows, dtype=float).T
    parts = data.draw(st.lists(st.sampled_from("abcd"), min_size=len(rows), max_size=len(rows)))
    whole = dispersion.coefficient(amount, pupils)
    found = dispersion.decompose(amount, pupils, parts)
    assert found.within.sum() + found.between.sum() == pytest.approx(
        whole.sd**2, rel=1e-9, abs=1e-20 + 1e-12 * whole.mean**2
    )


@settings(deadline=None, max_examples=50)
@given(schools, st.floats(1e-3, 1e3), st.randoms())
def test_scale_and_order_change_nothing(rows: list[tuple[float, int]], scale: float, chance: object) -> None:
    amount, pupils = np.array(rows, dtype=float).T
    cv = dispersion.coefficient(amount, pupils).cv
    assert dispersion.coefficient(amount * scale, pupils).cv == pytest.approx(cv, rel=1e-9, abs=1e-12)
    turned = np.random.default_rng(len(rows)).permutation(len(rows))
    assert dispersion.coefficient(amount[turned], pupils[turned]).cv == pytest.approx(cv, rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(st.floats(0.001, 1e6), st.lists(st.integers(1, 5000), min_size=2, max_size=20))
def test_equal_schools_have_coefficient_0(value: float, pupils: list[int]) -> None:
    found = dispersion.coefficient(value * np.array(pupils), pupils)
    assert found.cv == 0
    assert found.shares.tolist() == [0.0] * len(pupils)


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(st.none() | st.just(0.0) | st.floats(1e-6, 1e5), st.none() | st.integers(0, 900)),
        min_size=1,
        max_size=12,
    )
)
def test_expressions_say_the_same(rows: list[tuple[float | None, int | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"x": pl.Float64, "p": pl.Int64}, orient="row")
    both = frame.with_columns(g=pl.lit(1)).select(
        cv=expressions.cv("x", "p").over("g"),
        mean=expressions.mean("x", "p").over("g"),
        share=expressions.share("x", "p").over("g"),
    )
    found = dispersion.coefficient(frame["x"].to_numpy(), frame["p"].cast(pl.Float64).to_numpy())
    numpy = pl.DataFrame({"cv": found.cv, "mean": found.mean, "share": found.shares}).fill_nan(None)
    assert both.null_count().rows() == numpy.null_count().rows()
    assert np.allclose(both.fill_null(-1).to_numpy(), numpy.fill_null(-1).to_numpy(), rtol=1e-9, atol=1e-12)


def test_composite_is_the_plain_mean() -> None:
    published = [0.881, 1.299, 0.977, 0.379, 0.170, 0.334, 0.286, 0.408]
    assert round(dispersion.composite(published), 3) == 0.592
    assert np.isnan(dispersion.composite([0.5, np.nan]))
    assert np.isnan(dispersion.composite([]))


def test_bounds_are_what_amounts_that_are_not_known_can_reach() -> None:
    # 200 and 400 of 100 pupils each; of 50 and 30 pupils more the amounts are not known. Tried up to 10^6 each.
    tried = np.unique(np.concatenate([np.linspace(0, 400, 41), np.geomspace(1, 1e6, 13)]))
    grid = [dispersion.coefficient([200, 400, a, b], [100, 100, 50, 30]).cv for a in tried for b in tried[::2]]
    known = dispersion.coefficient([200, 400], [100, 100]).cv
    frame = pl.DataFrame({"c": [known], "p": [200.0], "u": [80.0], "one": [30.0]})
    least = frame.select(expressions.cv_least("c", "p", "u")).item()
    most = frame.select(expressions.cv_most("c", "p", "u", "one")).item()
    assert least == pytest.approx(min(grid), rel=1e-2)
    assert least <= min(grid)
    # All to the smaller: 280 pupils against 30.
    assert most == pytest.approx((280 / 30 - 1) ** 0.5)
    assert max(grid) == pytest.approx(most, rel=1e-2)
    assert max(grid) <= most
    assert dispersion.least(known, 200, 80) == pytest.approx(least)
    assert dispersion.most(known, 200, 80, 30) == pytest.approx(most)


def test_bounds_where_nothing_else_is_known_or_all_of_it_is_0() -> None:
    frame = pl.DataFrame({"c": [None], "p": [0.0], "u": [80.0], "one": [30.0]}, schema_overrides={"c": pl.Float64})
    bounds = frame.select(expressions.cv_least("c", "p", "u"), most=expressions.cv_most("c", "p", "u", "one")).row(0)
    assert bounds == (0, pytest.approx((80 / 30 - 1) ** 0.5))
    # 200 pupils have nothing: at best the 80 have as much each: sqrt(200 / 80).
    none = frame.with_columns(p=pl.lit(200.0))
    assert none.select(expressions.cv_least("c", "p", "u")).item() == pytest.approx((200 / 80) ** 0.5)


def test_no_amount_of_a_large_school_outdoes_the_spread_of_the_others() -> None:
    # 0.5 among 100 pupils, and one school of 10,000: with nothing it leaves (0.25 * 10,100 + 10,000) / 100.
    frame = pl.DataFrame({"c": [0.5], "p": [100.0], "u": [10_000.0], "one": [10_000.0]})
    assert frame.select(expressions.cv_most("c", "p", "u", "one")).item() == pytest.approx(125.25**0.5)
