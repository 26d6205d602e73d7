"""Counties whose pupils move, drop out and repeat, and whose schools build: what cohorts that only move up can't show.

Asked for by `life` in a county's story; none of the sample province asks, so their files stay as they are.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Degrees of freedom of a county's common shock: now and then a year is far out.
FREEDOM = 5


def lived(
    grades: dict[str, NDArray[np.int64]], life: dict[str, Any], rng: np.random.Generator
) -> dict[str, NDArray[np.int64]]:
    """Return pupils by grade and year, (n, grades, y) per stage, as they come to be from the first year's.

    Each year a cohort moves up, less those that drop out (`dropout`, a part), with those that repeat (`repeat`), times
    what its school gains or loses for good (`moves`: the spread of a lasting drift), what the county does (`common`)
    and chance (`noise`; all three spreads of a logarithm). First grades of primary schools come as they were, those of
    junior schools are the county's last primary grade, in each school's part.
    """
    result = {stage: each.astype(float) for stage, each in grades.items()}
    number, years = len(result["primary"]), result["primary"].shape[2]
    drift = life["moves"] * rng.standard_normal(number)
    for year in range(1, years):
        for stage in ("primary", "junior"):
            shock = drift + life["common"] * rng.standard_t(FREEDOM) + life["noise"] * rng.standard_normal(number)
            result[stage][:, :, year] = _year(result, grades, stage, year, life) * np.exp(shock)[:, None]
    return {
        stage: np.where(grades[stage] > 0, np.maximum(np.rint(each), 1), 0).astype(np.int64)
        if stage in ("primary", "junior")
        else grades[stage]
        for stage, each in result.items()
    }


def _year(
    result: dict[str, Floats], grades: dict[str, NDArray[np.int64]], stage: str, year: int, life: dict[str, Any]
) -> Floats:
    """Return a year's pupils by grade before what its schools gain or lose."""
    before, now = result[stage][:, :, year - 1], np.empty_like(result[stage][:, :, year])
    now[:, 1:] = before[:, :-1] * (1 - life["dropout"] - life["repeat"])
    now[:, 0] = grades[stage][:, 0, year]
    if stage == "junior":
        usual = grades["junior"][:, 0, year].astype(float)
        leaving = result["primary"][:, -1, year - 1].sum() * (1 - life["dropout"])
        now[:, 0] = leaving * usual / usual.sum() if usual.sum() else usual
    lived_on: Floats = now + before * life["repeat"]
    return lived_on


def built(amounts: dict[str, Floats], life: dict[str, Any], rng: np.random.Generator) -> dict[str, Floats]:
    """Return amounts, (n, y) each, with what schools build: in `build` of the years a school adds to each amount named
    in `of` a part of it (`build_by`), for good."""
    result = dict(amounts)
    least, most = life["build_by"]
    for name in life["of"]:
        builds = rng.random(amounts[name].shape) < life["build"]
        part = np.where(builds, rng.uniform(least, most, amounts[name].shape), 0.0)
        grown = amounts[name] * np.cumprod(1 + part, axis=1)
        result[name] = np.where(amounts[name] == np.rint(amounts[name]), np.rint(grown), grown)
    return result
