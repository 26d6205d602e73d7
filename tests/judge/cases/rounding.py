"""Rounding: limits are closed, the rate is open, and what is shown never contradicts the verdict."""

import polars as pl

from analysis.judge import rounding, shown
from analysis.standards import Sense
from tests.judge.given import YEAR, case, judged, national, records, result, rule_of, school


@case
def rounding_keeps_limits_closed_and_the_rate_open() -> None:
    for value, target, sense, expected in [
        (4.2, 4.2, Sense.AT_LEAST, True),
        (4.1999, 4.2, Sense.AT_LEAST, False),
        (0.50, 0.50, Sense.AT_MOST, True),
        (0.5001, 0.50, Sense.AT_MOST, False),
        (0.5000000000000001, 0.50, Sense.AT_MOST, True),
        (0.500000000001, 0.50, Sense.AT_MOST, False),
        (0.1499, 0.15, Sense.BELOW, True),
        (0.1499999999, 0.15, Sense.BELOW, True),
        (4.2 * 0.85, 3.57, Sense.AT_LEAST, True),
        (4.2 * 0.85, 3.57, Sense.AT_MOST, True),
        (7.5 * 0.849, 7.5 * 0.85, Sense.AT_LEAST, False),
        (0.15, 0.15, Sense.BELOW, False),
        (0.15 - 1e-17, 0.15, Sense.BELOW, False),
        (0.15000000000000002, 0.15, Sense.ABOVE, False),
        (0.1 + 0.2, 0.3, Sense.AT_MOST, True),
    ]:
        assert rounding.holds(value, target, sense) is expected, (value, target, sense)
        frame = pl.DataFrame({"v": [value], "t": [target]})
        assert frame.select(rounding.reaches(pl.col("v"), pl.col("t"), sense)).item() is expected
        margin = frame.select(rounding.margin(pl.col("v"), pl.col("t"), sense)).item()
        assert (margin >= 0) if expected else (margin <= 0)


@case
def rounding_never_contradicts_the_verdict() -> None:
    assert shown(0.1496, 0.15, 2, Sense.BELOW) == "0.1496"
    assert shown(0.1449, 0.15, 2, Sense.BELOW) == "0.14"
    assert shown(0.15, 0.15, 2, Sense.BELOW) == "0.15"
    assert shown(0.5004, 0.50, 2, Sense.AT_MOST) == "0.5004"
    assert shown(0.504, 0.50, 2, Sense.AT_MOST) == "0.504"
    assert shown(0.506, 0.50, 2, Sense.AT_MOST) == "0.51"
    assert shown(0.5000000000000001, 0.50, 2, Sense.AT_MOST) == "0.50"
    assert shown(4.1999, 4.2, 2, Sense.AT_LEAST) == "4.1999"
    assert shown(4.199951, 4.2, 2, Sense.AT_LEAST) == "4.19995"
    assert shown(1999.6, 2000, 0, Sense.AT_LEAST) == "1999.6"
    assert shown(0.125, None, 2, None) == "0.13"
    assert shown(58.0, 10.0, 2, Sense.AT_LEAST) == "58.00"


@case
def rounding_at_the_boundaries_of_a_school() -> None:
    assert rule_of()["verdict"] == "met"
    assert rule_of()["value"] == 7
    # 6 of 7, the remaining one at 85 % of 4.5 = 3.825 m2, and just below.
    assert rule_of(teaching_area=3825.0)["verdict"] == "met"
    assert rule_of(teaching_area=3825.0)["evidence"] == "teaching_area"
    below = rule_of(teaching_area=3824.9)
    assert (below["verdict"], below["reason"], below["value"]) == ("not_met", "below_part", 6)
    # 5 of 7 does not do, however near.
    five = rule_of(teaching_area=4499.0, sports_area=7499.0)
    assert (five["verdict"], five["reason"], five["value"]) == ("not_met", "fewer_met", 5)
    assert five["margin"] == -1


@case
def rounding_at_the_limit_of_a_coefficient() -> None:
    # Two schools of equal size with values 1 +- c about the mean: the coefficient is c.
    for c, verdict in [(0.50, "met"), (0.5001, "not_met"), (0.4999, "met")]:
        found = judged(records(school("1", sports_area=8000 * (1 + c)), school("2", sports_area=8000 * (1 - c))))
        row = found["resources.cv_sports_area.primary"]
        assert row["verdict"] == verdict
        assert round(row["value"], 9) == c
        assert (row["margin"] >= 0) == (verdict == "met")


@case
def rounding_at_level_and_rate() -> None:
    for level, verdict in [(2, "not_met"), (3, "met"), (4, "met")]:
        found = judged(records(school("1"), monitoring=[result("mathematics", 8, YEAR, level=level, rate=0.1)]))
        assert found["quality.level.mathematics.8"]["verdict"] == verdict
    for rate, verdict in [(0.1499, "met"), (0.15, "not_met"), (0.1501, "not_met")]:
        found = judged(records(school("1"), monitoring=[result("mathematics", 8, YEAR, level=3, rate=rate)]))
        assert found["quality.rate.mathematics.8"]["verdict"] == verdict


@case
def rounding_of_the_composite_which_is_the_plain_mean_with_closed_limits() -> None:
    names = ["teaching_area", "sports_area", "equipment_value", "computers", "books", "teachers"]
    names += ["advanced_degree_teachers", "senior_title_teachers"]
    # Two schools of equal size, eight amounts of 1000 +- d: every coefficient and the composite are d / 1000.
    for d, verdict in [(650, "met"), (651, "not_met")]:
        more, less = dict.fromkeys(names, 1000 + d), dict.fromkeys(names, 1000 - d)
        found = judged(records(school("1", **more), school("2", **less)), national(2012))
        row = found["resources.cv_composite.primary"]
        assert round(row["value"], 9) == d / 1000
        assert row["verdict"] == verdict
    # One indicator at 0.8 alone: the mean of eight is 0.1, and 0.8 has no limit of its own.
    even = dict.fromkeys(names, 1000)
    rows = [school("1", **even | {"books": 1800}), school("2", **even | {"books": 200})]
    found = judged(records(*rows), national(2012))
    assert round(found["resources.cv_composite.primary"]["value"], 9) == 0.1
    assert found["resources.cv_composite.primary"]["verdict"] == "met"
    assert "resources.cv_books.primary" not in found
