"""The rate given covariates, against arithmetic with whole matrices."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy import optimize, stats

from analysis.statistics import conditional, variance

Array = npt.NDArray[np.float64]


def draw(sizes: list[int], seed: int, covariates: int = 2) -> tuple[Array, Array, Array]:
    """Return school of each pupil, score and covariates; the second covariate is one of the school."""
    chance = np.random.default_rng(seed)
    school = np.repeat(np.arange(len(sizes)), sizes)
    x = np.column_stack([chance.normal(0, 1, len(school)) + 0.5 * school, chance.normal(0, 1, len(sizes))[school]])[
        :, :covariates
    ]
    y = (
        5
        + x @ np.array([1.5, 0.7])[:covariates]
        + chance.normal(0, 0.6, len(sizes))[school]
        + chance.normal(0, 1, len(school))
    )
    return school.astype(float), y, x


def reduce(school: Array, y: Array, x: Array) -> tuple[Array, Array, Array]:
    tables = [np.column_stack([y, x])[school == one] for one in np.unique(school)]
    means = np.array([table.mean(axis=0) for table in tables])
    cross = np.array([(table - table.mean(axis=0)).T @ (table - table.mean(axis=0)) for table in tables])
    return np.array([float(len(table)) for table in tables]), means, cross


class Whole:
    """The same model with its covariance matrix written out."""

    def __init__(self, school: Array, y: Array, x: Array) -> None:
        self.z = (school[:, None] == np.unique(school)).astype(float)
        self.y, self.x = y, np.column_stack([np.ones(len(y)), x])

    def left(self, theta: float) -> tuple[float, Array, float, float]:
        v = np.eye(len(self.y)) + theta * self.z @ self.z.T
        inverse = np.linalg.inv(v)
        normal = self.x.T @ inverse @ self.x
        b = np.linalg.solve(normal, self.x.T @ inverse @ self.y)
        rest = self.y - self.x @ b
        return float(rest @ inverse @ rest), b, float(np.linalg.slogdet(v)[1]), float(np.linalg.slogdet(normal)[1])

    def minus_twice(self, theta: float) -> float:
        rest, _, v, normal = self.left(theta)
        return float((len(self.y) - self.x.shape[1]) * np.log(rest) + v + normal)

    def pivot(self, theta: float) -> tuple[float, int, int]:
        both = np.column_stack([self.x, self.z])
        rank = int(np.linalg.matrix_rank(both))
        within = self.y - both @ np.linalg.lstsq(both, self.y, rcond=None)[0]
        between, freedom = rank - self.x.shape[1], len(self.y) - rank
        rest = float(within @ within)
        return (self.left(theta)[0] - rest) / between / (rest / freedom), between, freedom


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("covariates", [1, 2])
def test_against_whole_matrices(seed: int, covariates: int) -> None:
    school, y, x = draw([3, 4, 1, 9, 20, 6, 2, 12], seed, covariates)
    whole = Whole(school, y, x)
    found = conditional.estimate(*reduce(school, y, x), pivot="wald", limit=0.15)
    best = optimize.minimize_scalar(
        lambda t: whole.minus_twice(t), bounds=(0, 20), method="bounded", options={"xatol": 1e-10}
    )
    theta = found.tau2[0] / found.sigma2[0]
    assert whole.minus_twice(theta) <= best.fun + 1e-8
    rest, b, _, _ = whole.left(theta)
    assert found.sigma2[0] == pytest.approx(rest / (len(y) - covariates - 1))
    assert [found.intercept[0], *found.slopes[0]] == pytest.approx(b.tolist(), rel=1e-6)
    value, between, freedom = whole.pivot(0.15 / 0.85)
    assert found.p_below[0] == pytest.approx(stats.f.sf(value, between, freedom), abs=1e-9)
    for end, probability in ((found.ci_low[0], 0.975), (found.ci_high[0], 0.025)):
        wanted = stats.f.ppf(probability, between, freedom)
        at = whole.pivot(end / (1 - end))[0]
        assert at == pytest.approx(wanted, rel=1e-6) if end > 0 else at <= wanted


def test_a_covariate_that_says_nothing_leaves_the_rate() -> None:
    school, y, x = draw([60] * 40, 5, 1)
    noise = np.random.default_rng(1).normal(0, 1, len(y))[:, None]
    noise -= np.array([noise[school == one].mean() for one in range(40)])[school.astype(int)][:, None]
    n, mean, cross = reduce(school, y, noise)
    plain = variance.estimate(n, mean[:, 0], cross[:, 0, 0], limit=0.15)
    assert conditional.estimate(n, mean, cross, limit=0.15).icc[0] == pytest.approx(plain.icc[0], abs=0.005)
    assert conditional.estimate(*reduce(school, y, x), limit=0.15).icc[0] < plain.icc[0]


def test_units_of_scores_and_covariates_change_nothing() -> None:
    school, y, x = draw([5, 6, 7, 8, 9, 10], 3)
    one, other = (
        conditional.estimate(*reduce(school, y, x), limit=0.15),
        conditional.estimate(*reduce(school, 100 * y + 7, 0.001 * x - 50), limit=0.15),
    )
    for name in ("icc", "ci_low", "ci_high", "p_below"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-5)
    assert other.slopes == pytest.approx(one.slopes * 1e5, rel=1e-5)


def test_groups_alone_give_the_same() -> None:
    parts = [reduce(*draw([5, 6, 7, 8, 9, 10 + seed], seed)) for seed in range(3)]
    n, mean, cross = (np.concatenate(each) for each in zip(*parts, strict=True))
    together = conditional.estimate(n, mean, cross, np.repeat(["c", "a", "b"], 6), limit=0.15)
    assert together.groups.tolist() == ["c", "a", "b"]
    for place, part in enumerate(parts):
        alone = conditional.estimate(*part, limit=0.15)
        assert together.icc[place] == pytest.approx(alone.icc[0], abs=1e-9)
        assert together.ci_high[place] == pytest.approx(alone.ci_high[0], abs=1e-9)


@pytest.mark.parametrize(
    ("sizes", "change", "note"),
    [
        ([9], None, "one_school"),
        ([1, 1, 1, 1], None, "single_pupils"),
        ([5, 5], None, "few_schools"),
        ([1, 1, 1, 2], "one", "few_pupils"),
        ([5, 5], "one", ""),
        ([5, 6, 7, 8], "constant", "collinear"),
        ([5, 6, 7, 8], "copy", "collinear"),
        ([5, 6, 7, 8], "exact", "no_variance"),
        ([5, 6, 7, 8], None, ""),
    ],
)
def test_what_gives_no_rate(sizes: list[int], change: str | None, note: str) -> None:
    school, y, x = draw(sizes, 1)
    match change:
        case "constant":
            x[:, 0] = 4.0
        case "copy":
            x[:, 1] = 2 * x[:, 0] + 1
        case "one":
            x = x[:, :1]
        case "exact":
            y = 3 * x[:, 0] + school
    found = conditional.estimate(*reduce(school, y, x), limit=0.15)
    assert found.note.tolist() == [note]
    assert np.isnan(found.icc[0]) == bool(note)


def test_faulty_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        conditional.estimate([1.0, 2.0], [[1.0, 2.0]], np.ones((2, 2, 2)), limit=0.15)
    with pytest.raises(ValueError, match="must be known"):
        conditional.estimate([1.0, 2], [[1.0, 2.0], [float("nan"), 1.0]], np.ones((2, 2, 2)), limit=0.15)
    with pytest.raises(ValueError, match="between 0 and 1"):
        conditional.estimate([1.0, 2], [[1.0, 2.0], [1.0, 1.0]], np.ones((2, 2, 2)), level=2, limit=0.15)
