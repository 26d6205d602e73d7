"""A certificate after years running below the standard."""

from typing import Any

import pytest

from analysis import standards
from analysis.judge import judge
from analysis.judge.certificate_risk import standing
from analysis.measure import measure
from tests.judge.given import COUNTY, judged, national, records, school

BELOW, MET, UNDECIDED = "not_met", "met", "no_data"


@pytest.mark.parametrize(
    ("course", "certified", "verdict", "years"),
    [
        ([BELOW, BELOW, BELOW], 2020, "not_met", (2021, 2022, 2023)),
        ([MET, BELOW, BELOW], 2020, "met", (2022, 2023)),
        ([BELOW, BELOW, MET], 2020, "met", ()),
        ([BELOW, MET, BELOW], 2020, "met", (2023,)),
        # The year of the certificate and those before it do not count.
        ([BELOW, BELOW, BELOW], 2021, "met", (2022, 2023)),
        # A year that is not decided could be the third.
        ([UNDECIDED, BELOW, BELOW], 2020, "no_data", (2022, 2023)),
        ([BELOW, UNDECIDED, BELOW], 2020, "no_data", (2023,)),
        ([MET, UNDECIDED, BELOW], 2020, "met", (2023,)),
    ],
)
def test_three_years_running(course: list[str], certified: int, verdict: str, years: tuple[int, ...]) -> None:
    found = standing(dict(zip((2021, 2022, 2023), course, strict=True)), certified, 2023, 3)
    assert (found.verdict, found.years) == (verdict, years)


def test_the_year_asked_about_ends_the_run() -> None:
    below = dict.fromkeys(range(2019, 2024), BELOW)
    assert standing(below, 2018, 2020, 3).years == (2019, 2020)
    assert standing(below, 2018, 2021, 3).verdict == "not_met"


def row(year: int, **given: Any) -> dict[str, Any]:
    return {"county": COUNTY, "year": year, "item": "government_score"} | given


def test_plan_7_tells_when_the_certificate_is_at_risk() -> None:
    scores = [row(year, value=80.0) for year in (2014, 2015, 2016)]
    certificate = {"county": COUNTY, "year": 2014, "item": "certified_year", "value": 2013.0}
    region = standards.load("plan-7")
    schools = [school("1", year=2013), school("2", year=2013)]
    found = judged(records(*schools, government=[*scores, certificate]), region, 2016)
    three = found["entry.three_years"]
    assert (three["verdict"], three["reason"], three["value"]) == ("not_met", "years_below", 3)
    assert three["evidence"] == "2014;2015;2016"
    found = judged(records(*schools, government=[*scores[:2], certificate]), region, 2015)
    assert (found["entry.three_years"]["verdict"], found["entry.three_years"]["value"]) == ("met", 2)
    found = judged(records(*schools, government=scores), region, 2016)
    assert found["entry.three_years"]["verdict"] == "no_data"


def test_the_year_of_the_certificate_follows_from_the_years_since() -> None:
    scores = [row(year, value=80.0) for year in (2014, 2015, 2016)]
    schools = [school("1", year=2013), school("2", year=2013)]
    since = row(2015, item="basic_balance_years", value=2.0)  # 2013
    found = judged(records(*schools, government=[*scores, since]), standards.load("plan-7"), 2016)
    assert found["entry.three_years"]["verdict"] == "not_met"
    # Where the year itself is named, it holds: certified in 2014, so two years.
    named = row(2014, item="certified_year", value=2014.0)
    found = judged(records(*schools, government=[*scores, since, named]), standards.load("plan-7"), 2016)
    assert (found["entry.three_years"]["verdict"], found["entry.three_years"]["value"]) == ("met", 2)


def test_an_exceptional_year_is_none_of_the_three() -> None:
    rows = [row(year, value=80.0) for year in (2014, 2015, 2016)]
    rows += [row(2014, item="certified_year", value=2013.0)]
    schools = [school("1", year=2013), school("2", year=2013)]

    def three(**told: Any) -> tuple[str, float]:
        excuse = {"county": COUNTY, "year": 2015, "item": "exceptional_circumstances", **told}
        found = judged(records(*schools, government=[*rows, excuse]), standards.load("plan-7"), 2016)
        return found["entry.three_years"]["verdict"], found["entry.three_years"]["value"]

    assert three(answer="yes", evidence="洪灾，民政部门公告") == ("met", 1)
    assert three(answer="yes") == ("not_met", 3)
    assert three(answer="no", evidence="无") == ("not_met", 3)


def test_the_rule_of_a_plan_stands_among_its_targets() -> None:
    rows = [row(year, value=80.0) for year in (2014, 2015, 2016)]
    rows += [row(2014, item="certified_year", value=2013.0)]
    held = records(*(school(code, year=year) for code in "12" for year in (2013, 2014, 2015, 2016)), government=rows)
    plan = standards.plan("plan-7")
    found = judge(measure(held, national(2012)), held, national(2012), COUNTY, 2016, plan=plan)
    three = found.filter(id="plan.three_years").row(0, named=True)
    assert (three["verdict"], three["value"], three["evidence"]) == ("not_met", 3, "2014;2015;2016")
    assert "entry.three_years" not in found["id"].to_list()


def test_last_years_statistics_feed_this_years_judgement() -> None:
    amounts = dict.fromkeys(("computers", "books", "teachers_primary", "senior_title_teachers_primary"), 100)
    rows = [school(code, year=2013, **amounts) for code in ("1", "2")]
    found = judged(records(*rows), standards.load("plan-7"), 2014)
    assert found["resources.cv_composite.primary"]["verdict"] == "met"
    assert found["resources.cv_composite.primary"]["data_year"] == 2013
    assert "entry.three_years" not in judged(records(*rows), national(2012), 2013)
