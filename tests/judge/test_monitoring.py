"""Results of the monitoring: what counts as one."""

from typing import Any

import pytest

from tests.judge.given import YEAR, judged, records, result, school


def maths(*rows: dict[str, Any]) -> list[tuple[str, str, int | None]]:
    found = judged(records(school("1"), monitoring=[result("mathematics", 4, **row) for row in rows]))
    return [
        (each["verdict"], each["reason"], each["data_year"])
        for each in (found[f"quality.{item}.mathematics.4"] for item in ("level", "rate"))
    ]


def test_what_was_not_tested_has_no_result_whatever_stands_beside_it() -> None:
    level = {"level": 3, "rate": 0.1}
    assert maths({"year": YEAR, "tested": "yes"} | level) == [("met", "", YEAR)] * 2
    assert maths({"year": YEAR, "tested": None} | level) == [("met", "", YEAR)] * 2
    assert maths({"year": YEAR, "tested": "no"} | level) == [("no_data", "not_tested", None)] * 2
    # An earlier result stands.
    before = {"year": YEAR - 1, "level": 1, "rate": 0.9}
    assert maths({"year": YEAR, "tested": "no"} | level, before) == [("not_met", "", YEAR - 1)] * 2


@pytest.mark.parametrize(("old", "reason"), [(2, "not_tested"), (3, "no_result")])
def test_a_year_without_a_test_is_told_as_long_as_its_results_would_count(old: int, reason: str) -> None:
    assert maths({"year": YEAR - old, "tested": "no", "level": None, "rate": None}) == [("no_data", reason, None)] * 2


@pytest.mark.parametrize(
    ("level", "rate", "verdicts"),
    [(3, 0.1499, ["met", "met"]), (2, 0.15, ["not_met", "not_met"]), (4, None, ["met", "no_data"])],
)
def test_level_and_rate_on_either_side_of_their_limits(level: int, rate: float | None, verdicts: list[str]) -> None:
    assert [verdict for verdict, *_ in maths({"year": YEAR, "level": level, "rate": rate})] == verdicts
