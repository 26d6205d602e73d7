"""Every plan of the sample counties, laid over their records and judged again, keeps its promise."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from analysis import project, sources, standards
from analysis.clean import Records
from analysis.judge import cached, judge
from analysis.least_cost import Goal, Plan, Status, Wish, plan_of
from analysis.least_cost.judged_again import changed
from analysis.measure import measure

STANDARD = standards.load("national-2017")
YEAR = 2024
COUNTIES = [str(code) for code in range(990101, 990111)]
#: Wishes, and counties in which they take long.
WISHES = {
    "usual": Wish(),
    "bare": Wish(reserve=0.0),
    "every": Wish(reserve=0.0, every=True),
    "transfers": Wish(transfers=0.1),
    "years": Wish(by=2027),
}
LONG = "990109"


def opened(county: str) -> Records:
    records, _ = cached.open_county(sources.load(project.raw()), county, project.processed(), "national-2017")
    return records


def kept(plan: Plan, records: Records) -> None:
    """Hold what a plan promises against the ordinary judge, and its figures against each other."""
    assert plan.status in (Status.OPTIMAL, Status.WITHIN_GAP, Status.NOTHING_TO_DO)
    assert plan.units is not None
    assert plan.cost is not None
    assert plan.bound is not None
    assert plan.bound <= plan.cost + 1e-6
    assert all(plan.cost <= rule + 1e-6 for rule in plan.rules if rule is not None)
    assert sum(action.cost for action in plan.actions) == pytest.approx(plan.cost)
    laid = changed(records, plan.reading.problem, plan.units, YEAR)
    findings = judge(measure(laid, STANDARD), laid, STANDARD, plan.county, YEAR)
    resources = findings.filter(
        (pl.col("field") == "resources") & pl.col("kind").is_in(["cv", "schools", "school_rule"])
    )
    assert set(resources["verdict"]) <= {"met", "not_applicable"}
    after = {(row["stage"], row["indicator"]): row["after"] for row in plan.coefficients}
    for row in resources.filter(pl.col("kind") == "cv").iter_rows(named=True):
        if row["verdict"] == "met":
            assert row["value"] == pytest.approx(after[row["stage"], row["item"].removeprefix("cv_")])


def cases() -> list[Any]:
    pairs = [(county, wish) for county in COUNTIES for wish in WISHES]
    quick = {("990101", "usual"), ("990101", "transfers"), ("990103", "usual"), ("990104", "usual"), ("990106", "bare")}
    return [pytest.param(*pair, marks=() if pair in quick else pytest.mark.slow) for pair in pairs]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("county", "wish"), cases())
def test_a_plan_keeps_what_it_promises(county: str, wish: str) -> None:
    records = opened(county)
    kept(plan_of(records, STANDARD, county, YEAR, WISHES[wish]), records)


def test_the_plan_of_990101_is_what_its_schools_lack() -> None:
    records = opened("990101")
    bare = plan_of(records, STANDARD, "990101", YEAR, WISHES["bare"])
    # 1,463, 1,865 and 1,342 m2 of sports area at 400 yuan, four rooms at 40,000: as worked out from the floors by hand.
    assert {(action.school, action.indicator): action.amount for action in bare.actions} == {
        ("9901010011", "multimedia_rooms"): 4,
        ("9901010040", "sports_area"): 1463,
        ("9901010041", "sports_area"): 1865,
        ("9901010049", "sports_area"): 1342,
    }
    assert bare.cost == bare.bound == 400 * (1463 + 1865 + 1342) + 4 * 40_000
    usual = plan_of(records, STANDARD, "990101", YEAR)
    assert (usual.schools, usual.cost) == (7, 2_634_700)
    sports = next(row for row in bare.coefficients if (row["stage"], row["indicator"]) == ("junior", "sports_area"))
    assert (round(sports["before"], 3), round(sports["after"], 3)) == (0.470, 0.423)


def test_a_little_more_raises_a_coefficient_exactly_above_mean_times_one_and_cv_squared() -> None:
    problem = plan_of(opened("990101"), STANDARD, "990101", YEAR, WISHES["bare"]).reading.problem
    cone = problem.cone_of["junior", problem.indicators.index("sports_area")]
    x, p = problem.base[cone.rows, cone.indicator], problem.pupils[cone.rows]
    before = problem.coefficient(problem.base, cone)
    turn = x.sum() / p.sum() * (1 + before**2)
    assert round(turn, 1) == 18.3
    for row, value in zip(cone.rows, x / p, strict=True):
        more = problem.base.copy()
        more[row, cone.indicator] += 1.0
        assert (problem.coefficient(more, cone) > before) == (value > turn)


def test_money_brings_more_schools_and_never_fewer() -> None:
    records = opened("990101")
    plan = plan_of(records, STANDARD, "990101", YEAR, WISHES["bare"])
    costs, schools = ([point[name] for point in plan.money] for name in ("cost", "schools"))
    assert (np.diff(costs) > 0).all()
    assert (np.diff(schools) > 0).all()
    assert costs[0] == 0
    most = plan_of(records, STANDARD, "990101", YEAR, Wish(reserve=0.0, goal=Goal.SCHOOLS, budget=(700_000.0,)))
    assert most.reached is not None
    assert most.reached["schools"] == max(n for cost, n in zip(costs, schools, strict=True) if cost <= 700_000)


def test_the_same_county_gets_the_same_plan() -> None:
    records = opened("990103")
    first, second = (plan_of(records, STANDARD, "990103", YEAR) for _ in range(2))
    assert (first.actions, first.cost, first.bound, first.work) == (
        second.actions,
        second.cost,
        second.bound,
        second.work,
    )
