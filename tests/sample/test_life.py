"""Counties that live: pupils move, drop out and repeat, schools build; those that do not ask stay as they were."""

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.sample.nation import invented
from analysis.sample.schools import Schools, simulate

YEARS = (2021, 2022, 2023, 2024)
STILL: dict[str, Any] = dict.fromkeys(("moves", "common", "noise", "dropout", "repeat", "build"), 0.0)
STILL |= {"build_by": [0.1, 0.2], "of": ["sports_area"]}


def lived(**life: Any) -> Schools:
    spec = invented(5, 1, "csv")
    return simulate(replace(spec, says=spec.says | {"life": STILL | life}), YEARS, 1)


def test_without_a_life_nothing_is_drawn() -> None:
    spec = invented(5, 1, "csv")
    assert spec["life"] is None
    plain, again = simulate(spec, YEARS, 1), simulate(spec, YEARS, 1)
    assert np.array_equal(plain.grades["primary"], again.grades["primary"])
    assert np.allclose(lived().amounts["sports_area"], plain.amounts["sports_area"], equal_nan=True)


def test_a_cohort_that_only_moves_up_stays() -> None:
    primary = lived().grades["primary"]
    there = primary[:, :, -1] > 0
    assert np.abs(primary[:, 1:, -1] - primary[:, :-1, -2])[there[:, 1:]].max() <= 1


def test_dropping_out_and_repeating_leave_their_marks() -> None:
    still, less, again = (
        lived(**life).grades["primary"][:, 1:, -1].sum() for life in ({}, {"dropout": 0.05}, {"repeat": 0.05})
    )
    assert less < 0.97 * still
    assert abs(again / still - 1) < 0.04
    moved = lived(moves=0.05).grades["primary"]
    assert not np.array_equal(moved[:, 1:, -1], lived().grades["primary"][:, 1:, -1])


def test_what_is_built_stays() -> None:
    plain, built = lived().amounts["sports_area"], lived(build=0.5).amounts["sports_area"]
    known = np.isfinite(plain) & (plain > 0)
    assert (built[known] >= plain[known] - 1).all()
    assert built[known].sum() > 1.1 * plain[known].sum()
    ratio = built / plain
    assert (np.diff(ratio, axis=1)[np.isfinite(np.diff(ratio, axis=1))] >= -0.01).all()
