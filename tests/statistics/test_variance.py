"""The rate, checked on paper where sizes are equal, by properties, and at every edge."""

from dataclasses import fields

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from analysis.statistics import components, tails, variance

Array = npt.NDArray[np.float64]


def pupils(sizes: list[int], icc: float, seed: int) -> tuple[Array, Array, Array]:
    """Return n, mean and ss of schools drawn with a rate."""
    draw = np.random.default_rng(seed)
    scores = [draw.normal(draw.normal(0, np.sqrt(icc)), np.sqrt(1 - icc), size) for size in sizes]
    return (
        np.array(sizes, dtype=float),
        np.array([s.mean() for s in scores]),
        np.array([s.var() * len(s) for s in scores]),
    )


def test_equal_sizes_on_paper() -> None:
    # Three schools of 4, means 1, 2, 6 (mean 3), ss 9 each: MSB = 4 * 14 / 2 = 28, MSW = 27 / 9 = 3, F = 28 / 3.
    found = variance.estimate([4, 4, 4], [1, 2, 6], [9, 9, 9], pivot="wald", limit=0.15)
    tau2 = (28 - 3) / 4
    assert found.tau2[0] == pytest.approx(tau2)
    assert found.sigma2[0] == pytest.approx(3)
    assert found.icc[0] == pytest.approx(tau2 / (tau2 + 3))
    assert found.anova[0] == pytest.approx(found.icc[0])
    assert found.eta2[0] == pytest.approx(56 / 83)
    for end, probability in ((found.ci_low, 0.975), (found.ci_high, 0.025)):
        theta = (28 / 3 / stats.f.ppf(probability, 2, 9) - 1) / 4
        assert end[0] == pytest.approx(theta / (1 + theta))
    at_limit = 28 / 3 / (1 + 4 * 0.15 / 0.85)
    assert found.p_below[0] == pytest.approx(stats.f.sf(at_limit, 2, 9))


def test_no_difference_is_0_and_its_interval_too_where_f_is_small() -> None:
    found = variance.estimate([50, 50, 50], [1.0, 1.0001, 1.0002], [50, 50, 50], limit=0.15)
    assert (found.tau2[0], found.icc[0], found.ci_low[0], found.ci_high[0]) == (0, 0, 0, 0)
    assert found.sigma2[0] == pytest.approx(150 / 149, rel=1e-6)
    assert found.p_below[0] > 0.999


@pytest.mark.parametrize("seed", range(6))
def test_unequal_sizes_reach_the_greatest_likelihood(seed: int) -> None:
    sizes = [1, 1, 2, 3, 5, 8, 40, 150, 400]
    n, mean, ss = pupils(sizes, 0.02 * seed**2, seed)

    def minus_twice(theta: float) -> float:
        weight = n / (1 + n * theta)
        mu = (weight @ mean) / weight.sum()
        rest = ss.sum() + weight @ (mean - mu) ** 2
        return float((n.sum() - 1) * np.log(rest) + np.log1p(n * theta).sum() + np.log(weight.sum()))

    found = variance.estimate(n, mean, ss, limit=0.15)
    theta = found.tau2[0] / found.sigma2[0]
    best = min(minus_twice(t) for t in np.concatenate([[0], np.geomspace(1e-6, 1e3, 4001)]))
    assert minus_twice(theta) <= best + 1e-9
    if theta > 0:
        local = optimize.minimize_scalar(minus_twice, bracket=(theta * 0.9, theta, theta * 1.1), tol=1e-12)
        assert theta == pytest.approx(local.x, rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_ends_of_the_interval_are_where_the_pivot_says(seed: int) -> None:
    n, mean, ss = pupils([2, 3, 30, 31, 90, 200], 0.1 + 0.1 * seed, seed)
    found = variance.estimate(n, mean, ss, level=0.9, pivot="wald", limit=0.15)
    held = components.arrange(n, mean, ss)
    for end, probability in ((found.ci_low[0], 0.95), (found.ci_high[0], 0.05)):
        at = components.pivot(held, np.array([end / (1 - end)]))[0]
        wanted = stats.f.ppf(probability, 5, n.sum() - 6)
        assert at == pytest.approx(wanted, rel=1e-9) if end > 0 else at <= wanted


def nothing(found: variance.Estimates, *names: str) -> bool:
    return all(np.isnan(getattr(found, name)).all() for name in names)


ALL = ("tau2", "sigma2", "icc", "ci_low", "ci_high", "p_below", "p_safe", "anova", "eta2")


def test_one_school_has_no_rate() -> None:
    found = variance.estimate([10], [5], [90], limit=0.15)
    assert found.note.tolist() == ["one_school"]
    assert nothing(found, "tau2", "icc", "ci_low", "ci_high", "p_below", "anova", "eta2")
    assert found.sigma2[0] == 10


def test_schools_of_one_pupil_cannot_tell_the_components_apart() -> None:
    found = variance.estimate([1, 1, 1], [5, 6, 7], [0, 0, 0], limit=0.15)
    assert found.note.tolist() == ["single_pupils"]
    assert nothing(found, *ALL)


def test_some_schools_of_one_pupil_count() -> None:
    found = variance.estimate([1, 1, 2], [5, 9, 7], [0, 0, 0.5], limit=0.15)
    assert found.note.tolist() == [""]
    assert (found.schools[0], found.pupils[0]) == (3, 4)
    assert 0 <= found.ci_low[0] <= found.icc[0] <= found.ci_high[0] <= 1


def test_all_scores_equal() -> None:
    found = variance.estimate([3, 3], [0.1, 0.1 + 1e-17], [0, 1e-34], limit=0.15)
    assert found.note.tolist() == ["no_variance"]
    assert (found.tau2[0], found.sigma2[0]) == (0, 0)
    assert nothing(found, "icc", "ci_low", "ci_high", "p_below", "anova", "eta2")


def test_pupils_alike_within_schools() -> None:
    found = variance.estimate([3, 5, 2], [1, 2, 6], [0, 0, 0], limit=0.15)
    assert found.note.tolist() == ["constant_schools"]
    assert (found.icc[0], found.ci_low[0], found.ci_high[0], found.p_below[0]) == (1, 1, 1, 0)
    assert (found.tau2[0], found.sigma2[0], found.anova[0], found.eta2[0]) == (pytest.approx(7), 0, 1, 1)


def test_two_schools_have_an_interval() -> None:
    found = variance.estimate([30, 30], [1, 2], [30, 30], limit=0.15)
    assert found.note.tolist() == [""]
    assert found.ci_low[0] < found.icc[0] < 1
    assert found.ci_high[0] > 0.99


def test_schools_without_pupils_are_left_out() -> None:
    found = variance.estimate([4, 0, 4, 4], [1, np.nan, 2, 6], [9, 0, 9, 9], limit=0.15)
    assert (found.schools[0], found.icc[0]) == (
        3,
        pytest.approx(variance.estimate([4, 4, 4], [1, 2, 6], [9] * 3, limit=0.15).icc[0]),
    )
    empty = variance.estimate([0.0], [np.nan], [0.0], limit=0.15)
    assert empty.note.tolist() == ["no_pupils"]
    assert nothing(empty, *ALL)


def test_no_schools_at_all() -> None:
    assert variance.estimate([], [], [], limit=0.15).icc.tolist() == []


@pytest.mark.parametrize(
    ("n", "mean", "ss", "said"),
    [
        ([1, 2], [1.0], [0, 0], "length"),
        ([-1, 2], [1, 2], [0, 0], "n must"),
        ([1, np.nan], [1, 2], [0, 0], "n must"),
        ([1, 2], [1, 2], [0, -1], "ss must"),
        ([1, 2], [1, np.nan], [0, 1], "mean must"),
        ([2, 1], [1, np.nan], [1, 0], "mean must"),
    ],
)
def test_faulty_statistics_are_refused(n: list[float], mean: list[float], ss: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        variance.estimate(n, mean, ss, limit=0.15)


@pytest.mark.parametrize(("limit", "level"), [(0, 0.95), (1, 0.95), (0.15, 0), (0.15, 1)])
def test_limits_outside_their_range_are_refused(limit: float, level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        variance.estimate([2, 2], [1, 2], [1, 1], limit=limit, level=level)


def test_groups_come_in_order_of_first_appearance_and_alone_give_the_same() -> None:
    n, mean, ss = pupils([4, 9, 30, 6, 7, 12, 5, 5], 0.3, 3)
    labels = np.array(["south", "east", "south", "east", "west", "south", "east", "south"])
    found = variance.estimate(n, mean, ss, labels, limit=0.15)
    assert found.groups.tolist() == ["south", "east", "west"]
    assert found.note.tolist() == ["", "", "one_school"]
    for place, label in enumerate(found.groups):
        alone = variance.estimate(n[labels == label], mean[labels == label], ss[labels == label], limit=0.15)
        for name in (*ALL, "schools", "pupils"):
            assert getattr(found, name)[place] == pytest.approx(getattr(alone, name)[0], rel=1e-9, nan_ok=True)


rows = st.lists(
    st.tuples(st.integers(1, 60), st.floats(-50, 50), st.floats(0.01, 100)), min_size=2, max_size=15
).filter(lambda rows: max(row[0] for row in rows) > 1)


def statistics_of(given_rows: list[tuple[int, float, float]]) -> tuple[Array, Array, Array]:
    n, mean, variance_within = np.array(given_rows, dtype=float).T
    return n, mean, np.where(n > 1, n * variance_within, 0.0)


def same(one: variance.Estimates, other: variance.Estimates, squared: float = 1.0) -> None:
    for field in fields(one):
        if field.name in {"groups", "note"}:
            continue
        factor = squared if field.name in {"tau2", "sigma2"} else 1.0
        size = max(1.0, abs(float(np.nan_to_num(one.sigma2[0])))) if field.name in {"tau2", "sigma2"} else 1.0
        assert getattr(other, field.name)[0] == pytest.approx(
            getattr(one, field.name)[0] * factor, rel=1e-5, abs=1e-6 * size * factor, nan_ok=True
        ), field.name


@settings(deadline=None, max_examples=50)
@given(rows, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_scale_and_shift_change_nothing_in_the_rate(
    given_rows: list[tuple[int, float, float]], scale: float, shift: float
) -> None:
    n, mean, ss = statistics_of(given_rows)
    same(
        variance.estimate(n, mean, ss, limit=0.15),
        variance.estimate(n, mean * scale + shift, ss * scale**2, limit=0.15),
        scale**2,
    )


@settings(deadline=None, max_examples=50)
@given(rows, st.integers(0, 100))
def test_order_changes_nothing(given_rows: list[tuple[int, float, float]], seed: int) -> None:
    n, mean, ss = statistics_of(given_rows)
    turned = np.random.default_rng(seed).permutation(len(n))
    same(variance.estimate(n, mean, ss, limit=0.15), variance.estimate(n[turned], mean[turned], ss[turned], limit=0.15))


@settings(deadline=None, max_examples=50)
@given(rows, st.floats(0.05, 0.5))
def test_the_interval_contains_the_estimate(given_rows: list[tuple[int, float, float]], limit: float) -> None:
    found = variance.estimate(*statistics_of(given_rows), limit=limit)
    assert 0 <= found.ci_low[0] <= found.icc[0] <= found.ci_high[0] <= 1
    assert 0 <= found.p_below[0] <= 1
    assert found.note[0] == ""


def test_change_and_its_interval() -> None:
    n, mean, ss = pupils([30, 40, 50, 60, 70, 80, 90, 30], 0.3, 2)
    before, after = variance.estimate(n, mean, ss, limit=0.15), variance.estimate(n, mean * 0.1, ss, limit=0.15)
    found = variance.rate_change(before, after)
    assert found.change[0] == after.icc[0] - before.icc[0]
    down = np.hypot(after.icc - after.ci_low, before.ci_high - before.icc)
    assert found.low[0] == pytest.approx((found.change - down)[0])
    assert found.changed.tolist() == [True]
    assert variance.rate_change(before, before).changed.tolist() == [False]
    with pytest.raises(ValueError, match="same groups"):
        variance.rate_change(before, variance.estimate(n, mean, ss, np.repeat([0, 1], 4), limit=0.15))


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [pupils([5, 9, 20, 3 + seed, 60], 0.02 * seed, seed) for seed in range(30)]
    n, mean, ss = (np.concatenate(each) for each in zip(*parts, strict=True))
    labels = np.repeat(np.arange(30), 5)
    whole = variance.estimate(n, mean, ss, labels, limit=0.15)
    monkeypatch.setattr(components, "BLOCK", 7)
    cut = variance.estimate(n, mean, ss, labels, limit=0.15)
    for name in ALL:
        assert getattr(cut, name) == pytest.approx(getattr(whole, name), rel=1e-9, abs=1e-12)


def minus_twice(n: Array, mean: Array, within: float, theta: float) -> float:
    weight = n / (1 + n * theta)
    rest = within + weight @ (mean - weight @ mean / weight.sum()) ** 2
    return float((n.sum() - 1) * np.log(rest) + np.log1p(n * theta).sum() + np.log(weight.sum()))


@pytest.mark.parametrize(
    ("n", "mean", "ss"),
    [
        ([2, 4, 1800, 485, 6871], [8.283, 0.212, 0.001, -0.001, -0.038], [0.2, 2, 1804.9, 520, 6914.2]),
        ([2, 3012, 21, 258, 4546], [-5.118, 0.01, 0.163, 0.009, 0.044], [3.3, 2965, 18, 210.4, 4581.3]),
        ([3, 17, 326, 12, 575], [0.356, -0.017, 0.028, -0.989, 0.04], [1.2, 18.8, 327.7, 9.1, 640]),
        ([19, 5, 7520, 3917, 15], [-0.607, -0.865, -0.005, 0.012, 0], [10.2, 4.8, 7582.3, 3846.5, 11.9]),
        ([19, 5, 7520, 3917, 15], [-1.0, -1.1, -0.005, 0.012, 0], [10.2, 4.8, 7582.3, 3846.5, 11.9]),
    ],
)
def test_of_several_maxima_the_greatest_counts(n: list[float], mean: list[float], ss: list[float]) -> None:
    # Large schools alike and a tiny one far away: the likelihood has one maximum for each reading of that.
    sizes, means, within = np.array(n, dtype=float), np.array(mean), sum(ss)
    values = np.array([minus_twice(sizes, means, within, t) for t in [0, *np.geomspace(1e-7, 1e4, 4000)]])
    inner = (values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])
    assert inner.sum() + (values[0] < values[1]) == 2
    # In a block with a group that has but one maximum, which the search among several leaves alone.
    labels = [0] * len(n) + [1] * 3
    found = variance.estimate([*n, 4, 4, 4], [*mean, 1, 2, 6], [*ss, 9, 9, 9], labels, limit=0.15)
    assert minus_twice(sizes, means, within, float(found.tau2[0] / found.sigma2[0])) <= values.min() + 1e-9
    assert found.icc[1] == pytest.approx(25 / 37)


@pytest.mark.parametrize(("schools", "size", "above"), [(10, 200, False), (80, 8, True), (6, 100, False), (5, 4, True)])
def test_eta_squared_lies_above_or_below_the_rate_by_sizes(schools: int, size: int, above: bool) -> None:
    draw, times = np.random.default_rng(schools), 800
    mean = draw.normal(0, np.sqrt(0.15 + 0.85 / size), (times, schools))
    ss = 0.85 * draw.chisquare(size - 1, mean.shape)
    labels = np.repeat(np.arange(times), schools)
    found = variance.estimate(np.full(mean.size, size), mean.ravel(), ss.ravel(), labels, limit=0.15)
    told = variance.eta2_bias(schools, schools * size, 0.15)[0]
    assert (told > 0) == (found.eta2.mean() > 0.15) == above
    assert told == pytest.approx(found.eta2.mean() - 0.15, abs=0.02)


@pytest.mark.parametrize(("schools", "far"), [(10, 6.0), (64, 3.3)])
def test_the_correction_on_paper(schools: int, far: float) -> None:
    # Schools of 100 at 0, -1 and 1 in turn but for one, pupils' variance 1: hardly any chance in the means.
    n, mean, ss = np.full(schools, 100.0), np.tile([0.0, -1, 1], schools // 3), np.full(schools, 99.0)
    mean, free, rest = np.append(mean, far), schools - 1, 99.0 * schools
    found = {pivot: variance.estimate(n, mean, ss, pivot=pivot, limit=0.15) for pivot in tails.PIVOTS}
    z = mean - mean.mean()
    kurtosis = schools * (mean**4).sum() / (z**2).sum() ** 2
    theta = found["wald"].tau2[0] / found["wald"].sigma2[0]
    excess = (kurtosis - tails.NORMAL) * 100 * theta / (1 + 100 * theta)
    value = 100 * (z**2).sum() / free
    low = value / stats.f.ppf(0.975, 2 * free / (2 + excess), rest)
    assert found["corrected"].ci_low[0] == pytest.approx((low - 1) / 100 / (1 + (low - 1) / 100))
    # Of ten schools no fewer than `safe` has; of 64 the kurtosis counts the more, by the root of 63 over 30.
    least, steeper = tails.FACTOR * free**tails.POWER, tails.STEEPER * max(free / 30, 1) ** 0.5
    assert (2 * free / (2 + steeper * excess) < least) == (schools == 10)
    high = value / stats.f.ppf(0.025, max(2 * free / (2 + steeper * excess), least), rest)
    assert found["corrected"].ci_high[0] == pytest.approx((high - 1) / 100 / (1 + (high - 1) / 100), rel=1e-3)
    assert found["wald"].ci_low > found["corrected"].ci_low >= found["safe"].ci_low
    assert found["wald"].ci_high < found["corrected"].ci_high <= found["safe"].ci_high


@settings(deadline=None, max_examples=40)
@given(rows, st.floats(0.05, 0.5), st.sampled_from(tails.PIVOTS))
def test_the_ends_are_where_the_confidence_says(
    given_rows: list[tuple[int, float, float]], limit: float, pivot: tails.Pivot
) -> None:
    found = variance.estimate(*statistics_of(given_rows), limit=limit, pivot=pivot)
    for end, tail, beyond in ((found.ci_low[0], 0.025, limit), (found.ci_high[0], 0.975, limit)):
        if 0 < end < 1 and end != found.icc[0] and pivot != "safe":
            at_end = variance.estimate(*statistics_of(given_rows), limit=float(end), pivot=pivot)
            assert at_end.p_below[0] == pytest.approx(tail, abs=1e-6), beyond
    wald = variance.estimate(*statistics_of(given_rows), limit=limit, pivot="wald")
    assert found.ci_low[0] <= wald.ci_low[0] * (1 + 1e-9)
    assert found.ci_high[0] >= wald.ci_high[0] * (1 - 1e-9)


def test_the_variance_of_schools_whose_pupils_are_alike_counts_those_of_one_pupil() -> None:
    # Means 1, 2 and 6: mean 3, squares 4 + 1 + 9 over 2. The fourth school has no pupils.
    found = variance.estimate([1, 3, 2, 0], [1, 2, 6, np.nan], [0, 0, 0, 0], limit=0.15)
    assert (found.note[0], found.schools[0], found.tau2[0]) == ("constant_schools", 3, pytest.approx(7))
