"""Scores have the variance components that their story names; the rate is estimated back from the committed files."""

from pathlib import Path

import polars as pl
import pytest

from analysis import project
from analysis.sample.settings import model, spec_of, stories
from analysis.statistics import variance

LAST = stories()["years"][-1]
TESTED = [code for code in sorted(stories()["counties"]) if spec_of(code)["scores"]]


def file(code: str, year: int) -> Path:
    return project.root() / "data" / "raw" / code / f"scores_{year}.csv.gz"


def estimates(code: str) -> variance.Estimates:
    """Return the rate per grade and subject of the last year, from (n, mean, sum of squares) per school."""
    scores = pl.read_csv(file(code, LAST), schema_overrides={"学校代码": pl.String}).drop_nulls("成绩")
    schools = scores.group_by("年级", "学科", "学校代码", maintain_order=True).agg(
        n=pl.len(), mean=pl.col("成绩").mean(), ss=(pl.col("成绩") - pl.col("成绩").mean()).pow(2).sum()
    )
    group = schools.select(pl.format("{} {}", "年级", "学科")).to_series().to_numpy()
    return variance.estimate(
        schools["n"].to_numpy(), schools["mean"].to_numpy(), schools["ss"].to_numpy(), group, limit=0.15
    )


@pytest.mark.parametrize("code", TESTED)
def test_the_known_components_lie_in_their_intervals(code: str) -> None:
    says = spec_of(code)["scores"]
    true = says["tau2"] / (says["tau2"] + says["sigma2"])
    found = estimates(code)
    assert says["tau2"] + says["sigma2"] == pytest.approx(model()["scores"]["total_variance"])
    assert len(found.icc) == 4
    for schools, low, high, sigma2 in zip(found.schools, found.ci_low, found.ci_high, found.sigma2, strict=True):
        assert sigma2 == pytest.approx(says["sigma2"], rel=0.25)
        if schools > 1:
            assert low < true < high


def test_one_county_cannot_be_decided_and_one_can() -> None:
    undecided, met = estimates("990110"), estimates("990103")
    assert ((undecided.ci_low < 0.15) & (undecided.ci_high > 0.15)).any()
    assert (met.ci_high < 0.15).any()


def test_one_county_has_no_scores_and_one_junior_school_has_no_rate() -> None:
    assert not any(file("990107", year).exists() for year in stories()["years"])
    assert "one_school" in list(estimates("990106").note)


def test_pupil_numbers_are_unique_and_some_pupils_were_absent() -> None:
    scores = pl.read_csv(file("990101", LAST), schema_overrides={"考生号": pl.String})
    assert scores.select("考生号", "学科").is_unique().all()
    assert scores["成绩"].null_count() > 0
