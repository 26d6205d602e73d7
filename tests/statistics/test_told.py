"""What docs/method.md says of changes, paces and named schools, by the benchmark's figures and by draws of its own."""

import json

import pytest

from benchmarks.statistics import told
from benchmarks.statistics.places import RESULTS

FOUND = json.loads((RESULTS / "told.json").read_text(encoding="utf-8"))


def test_a_change_is_told_seldom_where_schools_are_mostly_the_same() -> None:
    for row in FOUND["changes"]:
        shares = [value for name, value in row.items() if name.endswith("schools")]
        assert max(shares) < (5 if row["correlation"] == "0.7" else 100 / 6), row


def test_the_interval_of_a_pace_holds_however_years_hang_together() -> None:
    for row in FOUND["paces"]:
        assert row["held"] >= 95 - 3 * 100 * (0.95 * 0.05 / FOUND["draws"]["paces"]) ** 0.5, row
    assert min(row["kendall"] for row in FOUND["paces"]) < 50


def test_the_farthest_school_is_held_where_schools_are_taken_together() -> None:
    for row in FOUND["named"]:
        assert row["all together"] >= 95
        assert row["every school at once"] >= 95 - 3 * 100 * (0.95 * 0.05 / FOUND["draws"]["named"]) ** 0.5


@pytest.mark.parametrize("place", range(4))
def test_draws_of_the_benchmark_are_what_it_says(place: int) -> None:
    again = told.changes(150)[2 * place + 1]
    assert again["correlation"] == "0.7"
    for name in ("10 schools", "20 schools", "40 schools"):
        assert float(str(again[name])) <= 5 + 3 * 100 * (0.05 * 0.95 / 150) ** 0.5, again
