"""What keeps a county from its verdict: what is missing, counted by hand, and in which order it is told."""

import pytest

from analysis.tell.facts.obstacles import Obstacle, drivers, leading, obstacles, shortfalls
from analysis.tell.parts.chapters.conclusion import most_important, risks

from .conftest import school, small


def test_what_a_school_lacks_is_its_gap_times_its_pupils_rounded_up() -> None:
    # 300 m2 for 100 pupils are 3.0 a pupil, 4.5 below the floor of 7.5: 450 m2. 1 backbone teacher for 130 pupils are
    # 0.77 per 100; 1.3 are needed, so one more.
    report = small(
        [school("1", sports_area=300.0), school("2", pupils=130, backbone_teachers_primary=1.0), school("3")]
    )
    missing = {(one.school, one.finding.indicator): one.missing for one in shortfalls(report)}
    assert missing == {("1", "sports_area"): 450, ("2", "backbone_teachers"): 1}


@pytest.mark.parametrize(("area", "breaks"), [(637.5, False), (637.4, True)])
def test_one_indicator_at_85_percent_of_its_floor_does_not_break_the_rule(area: float, breaks: bool) -> None:
    report = small([school("1", sports_area=area), school("2"), school("3")])
    assert [one.breaks for one in shortfalls(report)] == [breaks]
    assert [one.kind for one in obstacles(report)] == (["indicator"] if breaks else [])


def test_a_coefficient_over_its_limit_is_a_matter_with_those_that_drive_it() -> None:
    report = small([school("1", sports_area=9000.0), school("2"), school("3"), school("4")])
    (matter,) = obstacles(report)
    assert matter.finding.id == "resources.cv_sports_area.primary"
    assert [(one.school, one.above) for one in matter.drivers] == [("1", True)]


def test_without_its_drivers_the_coefficient_is_that_of_the_others() -> None:
    # Others of 100 pupils with 1500, 1500 and 3000: mean 20 a pupil, deviation 7.071, coefficient 0.354.
    schools = [school("1", sports_area=30_000.0), school("2"), school("3"), school("4", sports_area=3000.0)]
    (matter,) = obstacles(small(schools))
    assert [one.school for one in matter.drivers] == ["1"]
    assert matter.rest == pytest.approx(50**0.5 / 20)
    assert "不计这所学校，其余学校之间的系数为[0.35]" in small(schools).chapter("conclusion").text
    # To the public it would give away the one school.
    assert obstacles(small(schools, audience="public"))[0].rest is None


def test_with_every_floor_reached_the_coefficient_is_that_of_the_lifted_schools() -> None:
    # Areas 300, 1500, 1500, 3000 of 100 pupils each: 0.6080. Floor 750; lifted, 7.5, 15, 15, 30 a pupil; mean 16.875,
    # squares 87.89 + 2 x 3.516 + 172.27, variance 66.80, coefficient 0.4843.
    schools = [school("1", sports_area=300.0), school("2"), school("3"), school("4", sports_area=3000.0)]
    (matter,) = obstacles(small(schools))
    assert matter.cv is not None
    assert matter.cv.value == pytest.approx(0.6080, abs=1e-4)
    assert matter.mended == pytest.approx(0.4843, abs=1e-4)
    assert matter.mends
    assert "补足之后校际差异系数为[0.48]" in small(schools).chapter("conclusion").text


def test_shares_of_the_difference_add_up_to_one() -> None:
    report = small([school("1", sports_area=3000.0), school("2"), school("3", sports_area=800.0)])
    found = drivers(report, "primary", "sports_area")
    assert sum(one.share for one in found) == pytest.approx(1)
    assert found[0].school == "1"
    assert len(leading(found)) == 1


def test_a_floor_and_a_coefficient_of_one_indicator_are_one_matter() -> None:
    report = small([school("1", sports_area=9000.0), school("2", sports_area=300.0), school("3")])
    (matter,) = obstacles(report)
    assert matter.cv is not None
    assert [one.school for one in matter.breaking] == ["2"]
    assert matter.missing == 450


def test_kinds_come_before_more_of_the_same() -> None:
    report = small([school("1", sports_area=300.0), school("2"), school("3")])
    finding = report.now.where(verdict="not_met")[0]
    found = [
        Obstacle(kind, weight, finding)
        for kind, weight in (("subject", 9), ("subject", 8), ("item", 2), ("indicator", 1))
    ]
    assert [one.kind for one in most_important(found, 3)] == ["subject", "item", "indicator"]
    assert [one.weight for one in most_important(found[:2], 3)] == [9, 8]


def test_what_is_met_but_near_its_limit_is_a_risk() -> None:
    # Amounts 1500, 1500 and 4325 of 100 pupils each: mean 2441.7, deviation 1331.7, coefficient 0.545; at 3900: 0.493.
    near = small([school("1"), school("2"), school("3", sports_area=3900.0)])
    assert [(one.kind, one.finding.id) for one in risks(near, 3)] == [("cv", "resources.cv_sports_area.primary")]
    assert risks(small([school("1"), school("2")]), 3) == []
