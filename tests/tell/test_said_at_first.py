"""The first page, sentence by sentence: said in both languages where it holds, and only there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.tell import Report
from analysis.tell.facts.obstacles import drivers
from analysis.tell.parts.chapters.conclusion import risks
from tests.tell.conftest import PLENTY, WHOLE, national, own_standard, school, small, told

OF = {"county": "990999", "year": 2024}


@pytest.mark.parametrize(
    ("status", "zh", "en"), [("draft", "征求意见稿 · 合成", "Draft for comment · "), ("final", "\n合成", "\nS")]
)
def test_a_draft_is_marked_as_one(status: str, zh: str, en: str) -> None:
    report = small([school("1"), school("2")], status=status)
    said = told(report, "conclusion", "sign")
    assert zh in said["zh"]
    assert en in said["en"]
    assert ("本稿供征求意见，尚未签署" in said["zh"]) is (status == "draft")
    assert ("This draft is sent out for comment and is not signed" in said["en"]) is (status == "draft")


#: Chapters that have nothing to say of a year in which the standard asks for nothing.
EMPTY = {
    "conclusion": ("2013年试验县没有按优质均衡标准判定的项目，不作结论",
                   "has no item that the standard of high-quality balance judges, so there is no verdict"),
    "attainment": ("本年没有可以判定的项目", "nothing can be judged this year"),
    "grounds": ("本年没有可以判定的项目", "Nothing can be judged this year"),
    "quality": ("对本年没有单独判断教育质量的项目", "has no item of quality to be judged by itself this year"),
    "government": ("对本年没有逐项判断政府保障程度的项目", "has no item of the government guarantee"),
    "recognition": ("对本年不以社会认可度为达标条件", "sets no condition on social recognition this year"),
}  # fmt: skip


@pytest.mark.parametrize("survey", [False, True])
def test_before_a_standard_is_in_force_nothing_is_claimed_of_schools(survey: bool) -> None:
    """教督〔2017〕6号 holds from 2017 on: in 2013 no school fails it or lacks data for it, and no survey is asked."""
    asked = [{"county": "990999", "year": 2013, "group": "parents", "asked": 100, "satisfied": 50}]
    report = small([school("1", 2013), school("2", 2013, sports_area=1.0)], {"survey": asked} if survey else {})
    assert {one.verdict for one in report.now if one.field != "entry" and not one.school} == {
        "not_in_force",
        "not_applicable",
    }
    for chapter, (zh, en) in EMPTY.items():
        said = told(report, chapter)
        assert zh in said["zh"], chapter
        assert en in said["en"], chapter
    said = told(report, "resources")
    assert said["zh"].strip().endswith("资源配置不适用。")
    assert "缺少数据" not in said["zh"]
    now = small([school("1"), school("2")])
    for chapter, (zh, en) in EMPTY.items():
        said = told(now, chapter)
        assert zh not in said["zh"], chapter
        assert en not in said["en"], chapter


def test_a_county_without_a_school_that_counts_has_schools_all_the_same() -> None:
    report = small([school("1", school_type="special")])
    said = told(report, "annex", "basics", "coefficients", "resources")
    assert "本年没有参加测算的学校。" in said["zh"]
    assert "No school is counted this year." in said["en"]
    assert "有义务教育学校1所" in said["zh"]
    assert "本年没有校际差异系数。" in said["zh"]
    assert "There are no coefficients this year." in said["en"]
    # The special school has a junior part, of which nothing is reported.
    assert "小学在校生100人（" in said["zh"]
    assert "Primary: 100 pupils ([" in said["en"]
    two = told(small([school("1"), school("2")]), "annex", "coefficients")
    assert "没有参加测算的学校" not in two["zh"]
    assert "本年没有校际差异系数" not in two["zh"]


@pytest.mark.parametrize("unset", [True, False])
def test_a_target_that_is_not_set_leaves_the_verdict_open(unset: bool, tmp_path: Path) -> None:
    """All coefficients and floors are met; the only other item is one whose target the text leaves open, or names."""
    known = national()
    values: Any = [{"from": "2017-04-19", "unset": True}] if unset else 0.1
    item = known["items"]["rotation"] | {"target": {"sense": "at_least", "unit": "share", "values": values}}
    standard = own_standard(tmp_path, items={"rotation": item}, monitoring=None, recognition=None)
    rows = [OF | {"item": "rotation", "value": 0.2, "evidence": "册"}]
    report = small([school("1"), school("2")], {"government": rows}, standard=standard)
    overall = report.finding("overall.all")
    assert overall is not None
    assert overall.verdict == ("target_not_set" if unset else "met")
    said = told(report, "conclusion")
    assert ("有项目未设目标，不能作出是否达到本县标准的结论\n\n9项判定中达到8项、未设目标1项。" in said["zh"]) is unset
    assert ("1项达到0项，未设目标1项\n" in said["zh"]) is unset
    assert ("Of 9 items judged, 8 are met, 1 without a target." in said["en"]) is unset
    assert ("has items whose target is not set, so nothing can be concluded" in said["en"]) is unset


@pytest.mark.parametrize(("held", "open_"), [(8, True), (22, False)])
def test_what_rows_contradict_is_counted_as_not_yet_decidable(held: int, open_: bool) -> None:
    """The county says that all teachers have certificates; of two schools with 22 each one has so many who do."""
    rows = [OF | {"item": "certificates", "value": 1.0, "evidence": "册"}]
    teachers = [
        OF | {"school": code, "stage": "primary", "teachers": 22, "certified": certified}
        for code, certified in (("1", 22), ("2", held))
    ]
    report = small([school("1"), school("2")], {"government": rows, "teachers": teachers})
    finding = report.finding("government.certificates")
    assert finding is not None
    assert (finding.verdict == "undecidable") is open_
    said = told(report, "conclusion")
    assert ("，尚不能判定1项\n" in said["zh"]) is open_
    assert (", 1 not yet decidable\n" in said["en"]) is open_


@pytest.mark.parametrize(("before", "now"), [(1500.0, 100.0), (100.0, 1500.0), (100.0, 100.0)])
def test_the_number_of_schools_that_pass_goes_the_way_it_went(before: float, now: float) -> None:
    rows = [
        school(code, year, sports_area=area if code == "1" else 1500.0)
        for year, area in ((2023, before), (2024, now))
        for code in "12"
    ]
    said = told(small(rows), "conclusion")
    fell, rose = before > now, before < now
    assert ("达标小学由2所减至1所（共2所）" in said["zh"]) is fell
    assert ("fell from 2 to 1 of 2" in said["en"]) is fell
    assert ("达标小学由1所增至2所（共2所）" in said["zh"]) is rose
    assert ("rose from 1 to 2 of 2" in said["en"]) is rose
    assert ("达标小学仍为1所" in said["zh"]) is (before == now)


@pytest.mark.parametrize(("before", "now", "zh", "en"), [
    (1, 2, "7项校际差异系数全部上升", "7 coefficients all rose"),
    (2, 1, "7项校际差异系数全部下降", "7 coefficients all fell"),
    (1, 1, "7项校际差异系数的变动都小于0.01", "7 coefficients moved by less than 0.01"),
])  # fmt: skip
def test_all_coefficients_rose_or_fell(before: int, now: int, zh: str, en: str) -> None:
    """The first school has so many times what the second has in all that is counted: 0 or a third."""
    plenty: dict[str, Any] = {
        "advanced_degree_teachers_primary": 10.0, "backbone_teachers_primary": 2.0, "pe_arts_teachers_primary": 2.0,
        "teaching_area": 900.0, "sports_area": 1500.0, "equipment_value": 400_000.0, "multimedia_rooms": 5.0,
    }  # fmt: skip
    rows = [
        school(code, year, **{name: amount * (times if code == "1" else 1) for name, amount in plenty.items()})
        for year, times in ((2023, before), (2024, now))
        for code in "12"
    ]
    said = told(small(rows), "conclusion")
    assert zh in said["zh"]
    assert en in said["en"]


@pytest.mark.parametrize(("ratio", "moved"), [(1.0, 0), (3.0, 1)])
def test_of_a_composite_alone_it_is_said_that_it_is_one(ratio: float, moved: int) -> None:
    """Two schools alike, then one of them with so many times all that the other has: 0, then (r - 1) / (r + 1)."""
    rows = [
        school(
            code,
            year,
            **{name: amount * (ratio if (code, year) == ("1", 2024) else 1) for name, amount in WHOLE.items()},
        )
        for year in (2023, 2024)
        for code in "12"
    ]
    report = small(rows, standard="national-2012")
    said = told(report, "conclusion")
    improvement = told(report, "improvement")
    assert ("1项校际综合差异系数的变动都小于0.01" in said["zh"]) is not moved
    assert ("1 composite coefficient moved by less than 0.01" in said["en"]) is not moved
    assert ("1项校际综合差异系数上升。" in improvement["zh"]) is bool(moved)
    assert ("1 composite coefficient rose." in improvement["en"]) is bool(moved)
    assert ("1项校际综合差异系数的变动都小于0.01" in improvement["zh"]) is not moved
    assert ("1 composite coefficient moved by less than 0.01" in improvement["en"]) is not moved


def test_composites_of_both_stages_are_told_as_such_whichever_way_they_went() -> None:
    """Of the primary stage they draw together from a half, of the junior apart to a half; then the other way round."""

    def rows(primary: tuple[float, float], junior: tuple[float, float]) -> list[dict[str, Any]]:
        made = []
        for year, *times in ((2023, primary[0], junior[0]), (2024, primary[1], junior[1])):
            for stage, many in zip(("primary", "junior"), times, strict=True):
                for code in "12":
                    plenty = {name.replace("primary", stage): amount * (many if code == "1" else 1)
                              for name, amount in WHOLE.items()}  # fmt: skip
                    pupils = {"pupils_primary": None, f"pupils_{stage}": 100}
                    nothing: dict[str, Any] = dict.fromkeys(name for name in WHOLE if name.endswith("_primary"))
                    made.append(school(f"{stage}{code}", year, school_type=stage, **nothing | pupils | plenty))
        return made

    for primary, junior, zh, en in (
        ((3, 1), (1, 3), "1项校际综合差异系数下降，1项上升", "1 composite coefficient fell and 1 rose"),
        (
            (3, 1),
            (3, 1),
            "2项校际综合差异系数全部下降。",
            "all 2 composite coefficients fell.",
        ),
        (
            (1, 3),
            (1, 3),
            "2项校际综合差异系数全部上升。",
            "all 2 composite coefficients rose.",
        ),
        (
            (3, 1),
            (1, 1),
            "1项校际综合差异系数下降，没有一项上升0.01以上，1项变动小于0.01。",
            "1 composite coefficient fell and none rose by 0.01 or more; 1 moved by less than 0.01.",
        ),
        (
            (1, 3),
            (1, 1),
            "1项校际综合差异系数上升，没有一项下降0.01以上，1项变动小于0.01。",
            "1 composite coefficient rose and none fell by 0.01 or more; 1 moved by less than 0.01.",
        ),
    ):
        said = told(small(rows(primary, junior), standard="national-2012"), "improvement", "conclusion")
        assert zh in said["zh"]
        assert en in said["en"]
        assert ("2项校际综合差异系数全部上升" in said["zh"]) is (primary == junior == (1, 3))
        assert ("2 composite coefficients all rose" in said["en"]) is (primary == junior == (1, 3))
        assert ("2项校际综合差异系数1项下降、1项上升" in said["zh"]) is ((primary, junior) == ((3, 1), (1, 3)))


@pytest.mark.parametrize("failing", [1, 2])
def test_where_much_is_not_met_failing_schools_are_counted(failing: int) -> None:
    """With five items not met and the area there is more than is named one by one; ten schools keep it even."""
    items = ("layout", "four_standards", "teacher_pay", "performance_pay", "posts_allotted")
    rows = [OF | {"item": item, "answer": "no", "evidence": "册"} for item in items]
    schools = [school(str(place), sports_area=187.5 if place < failing else 1500.0) for place in range(10)]
    said = told(small(schools, {"government": rows}), "conclusion")
    assert f"（小学{failing}所学校未达标）" in said["zh"]
    assert f"({failing} primary {'school fails' if failing == 1 else 'schools fail'} the school test)" in said["en"]


def test_without_a_composite_of_both_years_none_is_compared() -> None:
    """The year before, no school reports its computers: seven coefficients alone are no composite."""
    rows = [
        school(code, year, **WHOLE) | ({"computers": None} if year == 2023 else {})
        for year in (2023, 2024)
        for code in "12"
    ]
    said = told(small(rows, standard="national-2012"), "improvement")
    assert "没有一项校际综合差异系数可以比较" in said["zh"]
    assert "no composite coefficient can be compared" in said["en"]
    rows = [
        school(code, year) | (dict.fromkeys(PLENTY) if year == 2023 else {}) for year in (2023, 2024) for code in "12"
    ]
    said = told(small(rows), "improvement")
    assert "没有一项校际差异系数可以比较" in said["zh"]
    assert "no coefficient can be compared" in said["en"]


def rounds(*results: tuple[str, int, tuple[int, float], tuple[int, float]]) -> Report:
    """Return a county with results of the monitoring: subject, year before, level and rate then and in 2024."""
    rows = [
        OF | {"subject": subject, "year": year, "grade": 4, "level": level, "rate": rate}
        for subject, before, then, now in results
        for year, (level, rate) in ((before, then), (2024, now))
    ]
    return small([school(code, year) for year in (2023, 2024) for code in "12"], {"monitoring": rows})


@pytest.mark.parametrize(("then", "now", "zh", "en"), [
    ((3, 0.2), (3, 0.22), "四年级数学差异率由0.20（2021年）到0.22（2024年）不能认定为退步", "show no certain decline"),
    ((3, 0.2), (3, 0.18), "四年级数学差异率由0.20（2021年）到0.18（2024年）不能认定为改善", "show no certain progress"),
    ((3, 0.2), (2, 0.2), "两轮之间学业水平等级的变化不能认定为改善或退步", "a change of level between rounds shows"),
    ((3, 0.2), (3, 0.2), "", ""),
])  # fmt: skip
def test_a_round_of_the_monitoring_shows_no_progress(
    then: tuple[int, float], now: tuple[int, float], zh: str, en: str
) -> None:
    said = told(rounds(("mathematics", 2021, then, now)), "conclusion")
    assert zh in said["zh"]
    assert en in said["en"]
    assert ("不公布误差" in said["zh"], "no margins of error" in said["en"]) == (bool(zh), bool(en))


def test_of_two_subjects_neither_is_shown_to_have_changed() -> None:
    said = told(
        rounds(("mathematics", 2021, (3, 0.2), (3, 0.18)), ("chinese", 2022, (3, 0.21), (3, 0.22))), "conclusion"
    )
    assert "（2024年）不能认定为改善或退步。" in said["zh"]
    assert "so the grade 4 Chinese rates of 0.21 (2022) and 0.22 (2024), the grade 4 mathematics rates" in said["en"]
    assert "show no certain change." in said["en"]


def spread(times: float, schools: int = 2) -> list[dict[str, Any]]:
    """Return schools of which the first has so many times the sports area of the others."""
    return [school("1", sports_area=1500.0 * times), *(school(str(place)) for place in range(2, schools + 1))]


@pytest.mark.parametrize(("times", "near"), [(2.9, True), (2.5, False), (3.1, False)])
def test_a_coefficient_near_its_limit_is_told_with_what_makes_it(times: float, near: bool) -> None:
    """(t - 1) / (t + 1) of two schools: 0.487, 0.429, 0.512; within a twentieth of 0.50 is what is over 0.475."""
    value = (times - 1) / (times + 1)
    assert (0.475 <= value <= 0.5) is near
    said = told(small(spread(times)), "conclusion", "advice")
    assert (f"小学生均体育运动场馆面积差异系数{value:.2f}，接近上限0.50，差异主要来自1小学。" in said["zh"]) is near
    assert (
        f"sports space per pupil is {value:.2f}, near its limit of 0.50; most of the difference comes" in said["en"]
    ) is near
    assert ("**需要关注。**小学" in said["zh"]) is near


def test_what_three_schools_do_not_make_half_of_is_ascribed_to_none() -> None:
    """Ten schools at 500 and ten at 1450 of 100 pupils: each has a twentieth of the difference."""
    rows = [school(str(place), sports_area=800.0 if place % 2 else 2300.0) for place in range(20)]
    report = small(rows)
    assert max(one.share for one in drivers(report, "primary", "sports_area")) == pytest.approx(1 / 20)
    (risk,) = risks(report, 3)
    assert (risk.kind, risk.schools) == ("cv", ())
    said = told(report, "conclusion")
    assert "接近上限0.50。" in said["zh"]
    assert "near its limit of 0.50." in said["en"]


@pytest.mark.parametrize(("area", "risk"), [(640.0, True), (690.0, False), (630.0, False)])
def test_a_school_that_hardly_passes_is_told(area: float, risk: bool) -> None:
    """A school may lie at 85 % of one floor of 7.5 a pupil, 6.375; up to 90 % of it, 6.75, it hardly does."""
    assert (0.85 <= area / 750 < 0.90) is risk
    said = told(small([school("1", sports_area=area), school("2"), school("3")]), "conclusion")
    zh = f"1小学生均体育运动场馆面积为{area / 100:.2f}平方米，低于标准7.5平方米，在规则允许之内，应防止下滑"
    assert (zh in said["zh"]) is risk
    en = f"1 Primary School has {area / 100:.2f} m² in sports area, below the floor of 7.5 m² but within what"
    assert (en in said["en"]) is risk


@pytest.mark.parametrize(("rate", "near"), [(0.148, True), (0.14, False), (0.15, False)])
def test_a_rate_near_its_limit_is_told_with_its_distance_and_the_next_test(rate: float, near: bool) -> None:
    """Mathematics is tested in 2021, 2024 and so on: next in 2027."""
    rows = [OF | {"subject": "mathematics", "grade": 4, "level": 3, "rate": rate}]
    said = told(small([school("1"), school("2")], {"monitoring": rows}), "conclusion")
    zh = f"四年级数学国家监测校际差异率{rate:.3f}，距0.15仅差{0.15 - rate:.3f}，2027年监测前应予关注。"
    assert (zh in said["zh"]) is near
    en = f"mathematics is {rate:.3f}, only {0.15 - rate:.3f} below 0.15, and needs attention before the 2027"
    assert (en in said["en"]) is near


@pytest.mark.parametrize(("since", "total"), [("2020-01-01", 1), ("2030-01-01", 0)])
def test_a_plan_without_a_target_for_the_year_is_told_so(since: str, total: int, tmp_path: Path) -> None:
    file = tmp_path / "plan.yml"
    item = {"target": {"sense": "at_least", "unit": "share", "values": [{"from": since, "value": 0.15}]}}
    plan = {"id": "own", "name": {"zh": "本县规划", "en": "Our plan"}, "title": {"zh": "本县规划", "en": "Our plan"},
            "document": "县〔2020〕1号", "extends": "national-2017", "from": "2020-01-01",
            "items": {"rotation": item}}  # fmt: skip
    file.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
    said = told(small([school("1"), school("2")], plan=str(file)), "conclusion")
    assert ("本县规划在2024年没有生效的县级目标" in said["zh"]) is not total
    assert ("has no target for the county in force in 2024" in said["en"]) is not total
    assert ("本县规划在2024年生效的1项目标中" in said["zh"]) is bool(total)
