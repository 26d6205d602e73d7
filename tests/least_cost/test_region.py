"""Plans of several counties together, on paper."""

from dataclasses import replace

from analysis.least_cost import Limits, Plan, Status, Wish, plan_of
from analysis.least_cost.region import curve, row_of, together
from tests.judge import given
from tests.judge.given import records, school
from tests.least_cost.counties import STANDARD


def planned(county: str, *lacking: float, limits: Limits | None = None) -> Plan:
    """Return the plan of a county with schools of 1,000 pupils that lack so many square metres, and one that lacks
    nothing."""
    rows = [school(str(number), sports_area=6375.0 - lack) for number, lack in enumerate(lacking)]
    plan = plan_of(records(*rows, school("9")), STANDARD, given.COUNTY, given.YEAR, Wish(reserve=0.0), limits=limits)
    return replace(plan, county=county)


def test_sums_and_where_money_brings_most() -> None:
    # At 400 yuan a square metre.
    held = together([planned("a", 375, 75), planned("b", 125)])
    assert (held.cost, held.bound, held.gap) == (230_000, 230_000, 0)
    assert [(each.county, each.cost, each.schools, each.pupils) for each in held.stretches] == [
        ("a", 30_000, 1, 1000),
        ("b", 50_000, 1, 1000),
        ("a", 150_000, 1, 1000),
    ]
    assert [(point["cost"], point["schools"]) for point in curve(held)] == [(30_000, 1), (80_000, 2), (230_000, 3)]
    assert [row["cheapest"] for row in row_of(held)["counties"]] == [30_000, 50_000]


def test_a_county_without_a_plan_is_named_and_no_part_of_the_sum() -> None:
    short = planned("b", 125, limits=Limits({("0", "build", "sports_area"): 100.0}))
    assert short.status is Status.INFEASIBLE
    held = together([planned("a", 75), short])
    assert (held.cost, held.bound, held.lacking) == (30_000, 30_000, ("b",))


def test_where_all_is_met_a_region_takes_nothing() -> None:
    held = together([planned("a"), planned("b")])
    assert (held.cost, held.gap, held.stretches) == (0, 0, ())
