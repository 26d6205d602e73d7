"""Scores far from 0: against sums of fractions of the same stored numbers, so that what differs is our arithmetic's."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from analysis.run.commands import pupils, rates
from analysis.statistics import dispersion
from analysis.statistics.sufficient import merge, of_pupils, sufficient
from benchmarks.statistics import digits

FAR, SPREADS = (0.0, 1e6, 1e9), (1.0, 100.0)
#: Double precision has sixteen digits; no result loses more than eight.
LOST = 1e-8


class Exact:
    """Sums of a county's schools in fractions, centred exactly before anything is rounded; covariates first."""

    def __init__(self, frame: pl.DataFrame, columns: list[str], weight: bool) -> None:
        rows = [
            (row["school"], Fraction(row["w"] if weight else 1), [Fraction(row[name]) for name in columns])
            for row in frame.iter_rows(named=True)
        ]
        schools = sorted({school for school, _, _ in rows})
        size, means, cross = [], [], []
        for one in schools:
            mine = [(w, values) for school, w, values in rows if school == one]
            total = sum((w for w, _ in mine), Fraction(0))
            n = total**2 / sum(w * w for w, _ in mine)
            mean = [sum((w * v[i] for w, v in mine), Fraction(0)) / total for i in range(len(columns))]
            cross.append(
                [
                    [
                        sum(w * (v[i] - mean[i]) * (v[j] - mean[j]) for w, v in mine) * n / total
                        for j in range(len(mean))
                    ]
                    for i in range(len(mean))
                ]
            )
            size.append(n)
            means.append(mean)
        everyone = sum(size, Fraction(0))
        grand = [sum(n * m[i] for n, m in zip(size, means, strict=True)) / everyone for i in range(len(columns))]
        self.n = np.array([float(n) for n in size])
        self.mean = np.array([[float(m - g) for m, g in zip(mean, grand, strict=True)] for mean in means])
        self.within = np.array(
            [[float(sum(c[i][j] for c in cross)) for j in range(len(columns))] for i in range(len(columns))]
        )

    def left(self, theta: complex) -> tuple[complex, complex]:
        """Return what the covariates leave of the score, and log|X'V^-1X|, at a theta that may be complex."""
        weight = self.n / (1 + self.n * theta)
        z = np.column_stack([np.ones(len(self.n)), self.mean])
        a = (z * weight[:, None]).T @ z
        a[1:, 1:] += self.within
        b = np.linalg.solve(a[:-1, :-1], a[:-1, -1])
        return a[-1, -1] - a[:-1, -1] @ b, np.log(np.linalg.det(a[:-1, :-1]))

    def theta(self) -> float:
        """Return REML's estimate: where the derivative of the criterion, by a complex step, is 0."""
        p = self.mean.shape[1]

        def slope(theta: float) -> float:
            at = theta + 1e-200j
            rest, logs = self.left(at)
            value = (self.n.sum() - p) * np.log(rest) + np.log(1 + self.n * at).sum() + logs
            return float(value.imag / 1e-200)

        if slope(0.0) >= 0:
            return 0.0
        high = next(high for high in (50.0 * 2**step for step in range(60)) if slope(high) >= 0)
        return float(optimize.brentq(slope, 0, high, xtol=1e-16, rtol=1e-14))

    def pivot(self, theta: float) -> tuple[float, float, float]:
        """Return Wald's statistic and its degrees of freedom; covariates differ within schools."""
        p, j, total = self.mean.shape[1], len(self.n), self.n.sum()
        of_x = self.within[:-1, :-1]
        within = self.within[-1, -1] - (
            self.within[:-1, -1] @ np.linalg.solve(of_x, self.within[:-1, -1]) if p > 1 else 0
        )
        between, rest = j - 1, total - j - (p - 1)
        return (self.left(theta)[0].real - within) / between / (within / rest), between, rest


@pytest.mark.sampled(8)
@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("way", ["scores", "weights", "covariate", "weights and covariate"])
def test_the_rate_of_the_stored_numbers(way: str, far: float, spread: float, tmp_path: Path) -> None:
    for seed in range(4):
        frame, _ = digits.county(seed, far, spread)
        file = tmp_path / "pupils.parquet"
        frame.write_parquet(file)
        question = pupils.Question("school", **digits.WAYS[way], pivot="wald")  # type: ignore[arg-type]
        found = rates.icc(file, question).row(0, named=True)
        weight = "weight" in way
        plain = Exact(frame, ["y"], weight)
        exact = Exact(frame, ["x", "y"], weight) if "covariate" in way else plain
        end = "_conditional" if "covariate" in way else ""
        theta = exact.theta()
        assert found[f"icc{end}"] == pytest.approx(theta / (1 + theta), rel=LOST, abs=1e-15)
        names = ("icc_conditional_low", "icc_conditional_high") if end else ("ci_low", "ci_high")
        for name, probability in zip(names, (0.975, 0.025), strict=True):
            value, between, within = exact.pivot(found[name] / (1 - found[name]))
            assert found[name] == 0 or value == pytest.approx(stats.f.ppf(probability, between, within), rel=LOST)
        value, between, within = exact.pivot(0.15 / 0.85)
        assert found[f"p_below{end}"] == pytest.approx(stats.f.sf(value, between, within), rel=1e-6, abs=1e-12)
        apart = float(plain.n @ plain.mean[:, 0] ** 2)
        assert found["eta2"] == pytest.approx(apart / (apart + plain.within[0, 0]), rel=LOST)
        theta = plain.theta()
        sigma2 = plain.left(theta)[0].real / (plain.n.sum() - 1)
        assert found["sigma2"] == pytest.approx(sigma2, rel=LOST)
        assert found["tau2"] == pytest.approx(theta * sigma2, rel=LOST, abs=1e-12)


@pytest.mark.parametrize("way", digits.WAYS)
@settings(deadline=None, max_examples=8)
@given(seed=st.integers(100, 10**6), far=st.sampled_from(FAR[1:]), spread=st.sampled_from(SPREADS))
@pytest.mark.sampled(1)
def test_nothing_that_is_told_of_pupils_loses_more_than_eight_digits(
    way: str, seed: int, far: float, spread: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for lost in digits.rates(way, seed, far, spread, tmp_path_factory.mktemp("far")):
        assert lost <= LOST


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(100, 10**6), far=st.sampled_from(FAR), spread=st.sampled_from(SPREADS))
def test_no_coefficient_loses_more_than_eight_digits(seed: int, far: float, spread: float) -> None:
    if far:
        assert max(digits.coefficient(seed, far, spread)) <= LOST


def test_parts_of_a_coefficient_far_from_0() -> None:
    draw = np.random.default_rng(3)
    p = draw.integers(50, 2000, 12).astype(float)
    x, part = p * (1e9 + draw.normal(0, 1, 12)), np.repeat(["town", "village", "hill"], 4)
    a, b = [Fraction(v) for v in x], [Fraction(v) for v in p]
    mean = sum(a) / sum(b)
    found = dispersion.decompose(x, p, part)
    for place, name in enumerate(("town", "village", "hill")):
        mine = np.flatnonzero(part == name)
        pupils_ = sum(b[i] for i in mine)
        own = sum(a[i] for i in mine) / pupils_
        between = pupils_ / sum(b) * (own - mean) ** 2
        within = sum(b[i] * (a[i] / b[i] - own) ** 2 for i in mine) / sum(b)
        assert found.between[place] == pytest.approx(float(between), rel=LOST)
        assert found.within[place] == pytest.approx(float(within), rel=LOST)
    shares = [float(w * (v / w - mean) ** 2 / sum(f * (e / f - mean) ** 2 for e, f in zip(a, b, strict=True)))
              for v, w in zip(a, b, strict=True)]  # fmt: skip
    assert dispersion.coefficient(x, p).shares == pytest.approx(shares, rel=LOST)


Read = Callable[[pl.DataFrame], pl.DataFrame]
READINGS: dict[str, Read] = {
    "read": lambda frame: sufficient(frame, "y", "s"),
    "in memory": lambda frame: frame.group_by("s", maintain_order=True).agg(of_pupils("y")),
    "in pieces": lambda frame: merge(
        pl.concat(sufficient(piece, "y", "s") for piece in (frame[::2], frame[1::2])), ["s"]
    ),
    "pupil by pupil": lambda frame: merge(frame.select("s", n=1.0, mean="y", ss=0.0), ["s"]),
}


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("reading", READINGS)
def test_means_and_squares_of_schools(reading: str, far: float) -> None:
    frame = digits.county(1, far, 1.0)[0].select(s="school", y="y")
    for row in READINGS[reading](frame).iter_rows(named=True):
        scores = [Fraction(y) for y in frame.filter(s=row["s"])["y"]]
        mean = sum(scores) / len(scores)
        lacking = Fraction(row["mean"]) + Fraction(row["rest"]) - mean
        assert abs(float(lacking)) <= 1e-13
        assert row["ss"] == pytest.approx(float(sum((y - mean) ** 2 for y in scores)), rel=1e-10)
