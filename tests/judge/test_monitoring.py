"""Results of the monitoring: what counts as one."""

from typing import Any

import pytest

from analysis.standards.monitoring import SharesRule
from tests.judge.given import YEAR, judged, national, records, result, school


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


def of_shares(
    *parts: float | None, share: float | None = 0.85, level: int | None = None
) -> tuple[str, str, float | None]:
    """Verdict, reason and value of the level where parts of the pupils at levels I to IV are reported."""
    rule = national().monitoring
    assert rule
    shares_rule = SharesRule(share=share) if share else None
    standard = national().model_copy(update={"monitoring": rule.model_copy(update={"level_from_shares": shares_rule})})
    told = {f"share_{place}": part for place, part in enumerate(parts, 1)} | {"level": level}
    held = records(school("1"), monitoring=[result("mathematics", 4, YEAR, **told)])
    row = judged(held, standard)["quality.level.mathematics.4"]
    return row["verdict"], row["reason"], row["value"]


def test_a_level_of_parts_is_the_highest_that_enough_pupils_reach() -> None:
    # III and above: 0.25 + 0.6 = 0.85, as asked; a hundredth less is level II.
    assert of_shares(0.05, 0.1, 0.25, 0.6) == ("met", "", 3)
    assert of_shares(0.05, 0.11, 0.25, 0.59) == ("not_met", "", 2)
    assert of_shares(0.01, 0.02, 0.12, 0.85) == ("met", "", 4)
    assert of_shares(0.2, 0.2, 0.3, 0.3) == ("not_met", "", 1)
    # A level that is reported goes before, and parts of which one lacks say nothing.
    assert of_shares(0.2, 0.2, 0.3, 0.3, level=3) == ("met", "", 3)
    assert of_shares(None, 0.1, 0.3, 0.6) == ("no_data", "shares_without_rule", None)
    # The national text has no such rule.
    assert of_shares(0.05, 0.1, 0.25, 0.6, share=None) == ("no_data", "shares_without_rule", None)
    assert of_shares(None, None, None, None) == ("no_data", "no_result", None)
