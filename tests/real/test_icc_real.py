"""The rate on two public data sets: what is published, what exact arithmetic gives, and what another program finds."""

import json
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from analysis import cli
from analysis.statistics import variance

DATA = Path(__file__).parent / "data"
Array = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def hsb82() -> pl.DataFrame:
    return pl.read_csv(DATA / "hsb82_schools.csv")


@pytest.fixture(scope="module")
def chem97() -> pl.DataFrame:
    mean = pl.col("total") / pl.col("n")
    return pl.read_csv(DATA / "chem97_schools.csv").with_columns(
        mean=mean, ss=pl.col("squares") - pl.col("total") * mean
    )


@pytest.fixture(scope="module")
def authorities(chem97: pl.DataFrame) -> variance.Estimates:
    return variance.estimate(chem97["n"], chem97["mean"], chem97["ss"], chem97["lea"], limit=0.15)


def exact(n: list[int], mean: list[float], within: float, high: str) -> tuple[float, float]:
    """Return tau2 and sigma2 by REML, the equation solved in decimal arithmetic of 40 digits by halving."""
    with localcontext() as context:
        context.prec = 40
        sizes, means, w = [Decimal(k) for k in n], [Decimal(repr(m)) for m in mean], Decimal(repr(within))
        low, top, number = Decimal(0), Decimal(high), Decimal(sum(n))
        for _ in range(100):
            theta = (low + top) / 2
            weights = [k / (1 + k * theta) for k in sizes]
            total = sum(weights, Decimal(0))
            mu = sum((a * m for a, m in zip(weights, means, strict=True)), Decimal(0)) / total
            q = sum((a * (m - mu) ** 2 for a, m in zip(weights, means, strict=True)), Decimal(0))
            spread = sum((a * a * (m - mu) ** 2 for a, m in zip(weights, means, strict=True)), Decimal(0))
            slope = total - sum((a * a for a in weights), Decimal(0)) / total - (number - 1) * spread / (w + q)
            low, top = (theta, top) if slope < 0 else (low, theta)
        sigma2 = (w + q) / (number - 1)
        return float(low * sigma2), float(sigma2)


def likelihood(school: pl.DataFrame, tau2: float, sigma2: float) -> float:
    """Return the restricted log-likelihood, constants included."""
    n, mean, ss = (school[name].to_numpy().astype(float) for name in ("n", "mean", "ss"))
    weight = n / (sigma2 + n * tau2)
    mu = weight @ mean / weight.sum()
    rest = ss.sum() / sigma2 + weight @ (mean - mu) ** 2
    logs = (n.sum() - len(n)) * np.log(sigma2) + np.log(sigma2 + n * tau2).sum() + np.log(weight.sum())
    return float(-0.5 * ((n.sum() - 1) * np.log(2 * np.pi) + logs + rest))


def test_hsb82_as_published(hsb82: pl.DataFrame) -> None:
    found = variance.estimate(hsb82["n"], hsb82["mean"], hsb82["ss"], limit=0.15)
    assert (int(found.schools[0]), int(found.pupils[0])) == (160, 7185)
    assert round(float(found.tau2[0]), 2) == 8.61
    assert round(float(found.sigma2[0]), 2) == 39.15
    assert round(float(found.icc[0]), 2) == 0.18
    assert round(float(found.icc[0]), 4) == 0.1804
    assert round(float(found.eta2[0]), 4) == 0.1910
    assert round(float(found.anova[0]), 4) == 0.1736
    assert round(float(found.sigma2[0]), 4) == 39.1483


def test_hsb82_to_the_last_digit(hsb82: pl.DataFrame) -> None:
    found = variance.estimate(hsb82["n"], hsb82["mean"], hsb82["ss"], limit=0.15)
    tau2, sigma2 = exact(hsb82["n"].to_list(), hsb82["mean"].to_list(), float(hsb82["ss"].sum()), "1")
    assert found.tau2[0] == pytest.approx(tau2, rel=1e-10)
    assert found.sigma2[0] == pytest.approx(sigma2, rel=1e-12)


def test_hsb82_is_no_better_at_what_statsmodels_stops_at(hsb82: pl.DataFrame) -> None:
    # statsmodels 0.14 and 0.15 stop at tau2 = 8.6148; the maximum is at 8.6140.
    found = variance.estimate(hsb82["n"], hsb82["mean"], hsb82["ss"], limit=0.15)
    assert likelihood(hsb82, found.tau2[0], found.sigma2[0]) > likelihood(hsb82, 8.6148, 39.1483)
    assert found.tau2[0] == pytest.approx(8.6148, abs=1e-3)


def test_chem97_shape(authorities: variance.Estimates) -> None:
    assert len(authorities.groups) == 131
    assert (int(authorities.schools.sum()), int(authorities.pupils.sum())) == (2410, 31022)
    assert authorities.groups[authorities.note != ""].tolist() == [8]
    assert authorities.note[7] == "one_school"
    rated = authorities.note == ""
    assert np.isfinite(authorities.icc[rated]).all()
    assert (authorities.ci_low[rated] <= authorities.icc[rated]).all()
    assert (authorities.icc[rated] <= authorities.ci_high[rated]).all()


def test_chem97_is_never_below_statsmodels(chem97: pl.DataFrame, authorities: variance.Estimates) -> None:
    peer = {row["lea"]: row for row in pl.read_csv(DATA / "chem97_statsmodels.csv").to_dicts()}
    agree = 0
    for place, lea in enumerate(authorities.groups.tolist()):
        if authorities.note[place]:
            continue
        school, row = chem97.filter(pl.col("lea") == lea), peer[lea]
        ours = likelihood(school, authorities.tau2[place], authorities.sigma2[place])
        theirs = likelihood(school, row["tau2"], row["sigma2"])
        assert ours >= theirs - 1e-9, lea
        if row["converged"] and ours - theirs <= 1e-8:
            agree += 1
            assert row["tau2"] / (row["tau2"] + row["sigma2"]) == pytest.approx(authorities.icc[place], abs=1e-4)
    assert agree > 90


@pytest.mark.parametrize("lea", [2, 85, 119])
def test_chem97_to_the_last_digit(lea: int, chem97: pl.DataFrame, authorities: variance.Estimates) -> None:
    school, place = chem97.filter(pl.col("lea") == lea), authorities.groups.tolist().index(lea)
    tau2, sigma2 = exact(school["n"].to_list(), school["mean"].to_list(), float(school["ss"].sum()), "5")
    assert authorities.tau2[place] == pytest.approx(tau2, rel=1e-8)
    assert authorities.sigma2[place] == pytest.approx(sigma2, rel=1e-9)


def test_whole_files_from_the_command_line(shared: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def run(*words: str) -> list[dict[str, object]]:
        assert cli.main([*words, "--format", "json"]) == 0
        rows: list[dict[str, object]] = json.loads(capfdbinary.readouterr().out)
        return rows

    row = run("icc", str(shared / "data" / "hsb82.csv.gz"), "--score", "mAch", "--school", "school")[0]
    assert (row["schools"], row["pupils"], row["note"]) == (160, 7185, "")
    assert row["icc"] == pytest.approx(0.18035179, abs=1e-8)
    words = ["--score", "score", "--school", "school", "--by", "lea", "--covariate", "gcsescore"]
    rows = run("icc", str(shared / "data" / "chem97.csv.gz"), *words)
    assert [row["lea"] for row in rows[:3]] == ["1", "2", "3"]
    assert (len(rows), rows[7]["lea"], rows[7]["note"], rows[7]["icc"]) == (131, "8", "one_school", None)
    row = run("cv", str(shared / "data" / "cv_worked_example.csv"), "--amount", "books", "--pupils", "students")[0]
    assert (row["schools"], row["pupils"]) == (5, 302)
    assert round(float(str(row["cv"])), 4) == 0.5153
