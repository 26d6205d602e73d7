"""The page of coverages says what the benchmark found, and the benchmark finds it again on a few counties."""

import json

import numpy as np
import pytest

from benchmarks.forecast import coverage
from benchmarks.statistics.places import RESULTS

FOUND = json.loads((RESULTS / "forecast.json").read_text(encoding="utf-8"))


def test_the_page_says_what_was_found() -> None:
    assert coverage.filled() == coverage.PAGE.read_text(encoding="utf-8"), "run python -m benchmarks.forecast.coverage"


def test_intervals_hold_as_often_as_they_ought_to() -> None:
    assert len(FOUND["rows"]) == len(coverage.HORIZONS) * len(coverage.KINDS)
    for row in FOUND["rows"]:
        assert 0.85 <= row["held"] <= 0.97, row


def test_naive_intervals_of_enrolment_do_not() -> None:
    assert all(row["naive"] < 0.85 for row in FOUND["rows"] if row["kind"] in ("enrolment", "totals", "means"))


@pytest.mark.slow
def test_a_few_counties_give_what_the_page_says() -> None:
    for horizon in coverage.HORIZONS:
        inside = [
            each for number in range(200, 206) for each in coverage.covered(coverage.county(number), horizon)["schools"]
        ]
        assert 0.82 <= float(np.mean(inside)) <= 0.99
