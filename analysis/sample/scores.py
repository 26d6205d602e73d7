"""Pupil scores with known variance components: score = mean + school + pupil."""

import numpy as np
import polars as pl

from analysis.sample.resources import Floats
from analysis.sample.schools import Schools, stream
from analysis.sample.settings import model

GRADES = {4: ("primary", 3), 8: ("junior", 1)}


def _standard(values: Floats) -> Floats:
    """Return the values with mean 0 and variance 1: the schools drawn have just the variance that was asked for."""
    if len(values) < 2:
        return np.zeros_like(values)
    scaled: Floats = (values - values.mean()) / values.std(ddof=1)
    return scaled


def scores(schools: Schools, year: int, seed: int = 0) -> pl.DataFrame:
    """Return one row per pupil, grade and subject, for the regular schools that have the grade; null where absent.

    School effects have variance `tau2` in each grade and subject, pupils `sigma2` (stories.yml, `scores`).
    """
    says, habits = schools.spec["scores"], model()["scores"]
    tau2, sigma2 = says["tau2"], says["sigma2"]
    y = schools.years.index(year)
    parts = []
    for grade, (stage, at) in GRADES.items():
        pupils = schools.grades[stage][:, at, y]
        here = np.flatnonzero((pupils >= 5) & ~np.isin(schools.school_type, ["special", "vocational_junior"]))
        tested = np.minimum(np.ceil(pupils[here] * says["share"]), habits["per_school"]).astype(int)
        school = np.repeat(here, tested)
        number = np.concatenate([np.arange(1, n + 1) for n in tested])
        rng = stream(seed, schools.spec.code, 40_000 + 100 * year + grade)
        lasting = stream(seed, schools.spec.code, 50_000 + grade).standard_normal(len(schools.code))
        ability = rng.standard_normal(len(school))
        for subject, mean in habits["mean"].items():
            effect = _standard(0.9 * lasting[here] + 0.4 * rng.standard_normal(len(here)))
            within = 0.8 * ability + 0.6 * rng.standard_normal(len(school))
            value = np.round(mean + np.sqrt(tau2) * np.repeat(effect, tested) + np.sqrt(sigma2) * within, 1)
            prior = np.round(mean - 4 + np.sqrt(sigma2) * (0.7 * within + 0.71 * rng.standard_normal(len(school))), 1)
            absent = rng.random(len(school)) < habits["missing"]
            parts.append(
                pl.DataFrame(
                    {
                        "school": np.array(schools.code)[school],
                        "pupil": [
                            f"{year % 100}{schools.code[s][4:]}{grade}{n:04d}"
                            for s, n in zip(school, number, strict=True)
                        ],
                        "grade": np.full(len(school), grade),
                        "subject": np.full(len(school), subject),
                        "score": np.where(absent, np.nan, value),
                        "prior": prior,
                        "weight": np.repeat(np.round(pupils[here] / tested, 3), tested),
                    }
                )
            )
    frame = pl.concat(parts).with_columns(pl.col("score").fill_nan(None))
    extra = says.get("extra", [])
    return frame.select("school", "pupil", "grade", "subject", "score", *extra)
