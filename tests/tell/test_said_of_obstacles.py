"""What keeps a county from its verdict, sentence by sentence: said in both languages where it holds, and only there."""

import re
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.tell import Report
from analysis.tell.facts.changes import moved
from analysis.tell.facts.school_effects import effects
from analysis.tell.language import numbers
from tests.tell.conftest import PLENTY, WHOLE, national, own_standard, school, small, told

OF = {"county": "990999", "year": 2024}
GROUPS = ("pupils", "parents", "teachers", "heads", "deputies", "cppcc", "others")


def surveyed(satisfied: int) -> list[dict[str, Any]]:
    """Return a survey of all groups, 100 forms each."""
    return [OF | {"group": group, "asked": 100, "satisfied": satisfied} for group in GROUPS]


@pytest.mark.parametrize(("satisfied", "met"), [(84, False), (85, True)])
def test_recognition_below_its_floor_is_told_with_both(satisfied: int, met: bool) -> None:
    said = told(small([school("1"), school("2")], {"survey": surveyed(satisfied)}), "problems", "advice", "conclusion")
    assert ("社会认可度84.0%，低于85%" in said["zh"]) is not met
    assert ("Social recognition is 84.0%, below 85%" in said["en"]) is not met
    assert ("听取并回应群众意见" in said["zh"]) is not met


@pytest.mark.parametrize(("times", "over"), [(5.0, True), (4.5, False)])
def test_a_composite_over_its_limit_is_told_with_it(times: float, over: bool) -> None:
    """Two schools, one with so many times all that the other has: (t - 1) / (t + 1) in every indicator."""
    composite = (times - 1) / (times + 1)
    assert (composite > 0.65) is over
    rows = [school("1", **WHOLE), school("2", **{name: times * amount for name, amount in WHOLE.items()})]
    said = told(small(rows, standard="national-2012"), "conclusion")
    assert (f"小学校际综合差异系数{composite:.2f}（上限0.65）" in said["zh"]) is over
    assert (f"composite coefficient of primary schools is {composite:.2f} (limit 0.65)" in said["en"]) is over
    for lang, advice in (("zh", "新增投入向低于平均的学校倾斜"), ("en", "direct new resources to schools below")):
        assert (advice in said[lang]) is over


def shared(value: float, standard: str = "national-2017", item: str = "rotation") -> dict[str, str]:
    rows = [OF | {"item": item, "value": value, "evidence": "册"}]
    return told(small([school("1"), school("2")], {"government": rows}, standard=standard), "problems")


@pytest.mark.parametrize(("value", "points"), [(0.05, "5.0"), (0.0996, "0.04"), (0.10, None)])
def test_a_share_short_of_its_target_is_told_in_points(value: float, points: str | None) -> None:
    """0.04 points short are never told as 0.0."""
    said = shared(value)
    assert points is None or float(points) == pytest.approx((0.10 - value) * 100)
    assert (f"比规定的10%低{points}个百分点" in said["zh"]) is (points is not None)
    assert (f"{points} percentage points below the 10% required" in said["en"]) is (points is not None)
    assert "个百分点" not in said["zh"] or points is not None


@pytest.mark.parametrize(
    ("value", "sense", "zh", "en"),
    [
        (0.125, "at_most", "比规定的10%高2.5个百分点", "2.5 percentage points above the 10% required"),
        (0.10, "at_most", "", ""),
        (0.10, "below", "10.0%，规定低于10%", "10.0%, below 10% required"),
    ],
)
def test_a_share_over_its_most_is_told_above_it(value: float, sense: str, zh: str, en: str, tmp_path: Path) -> None:
    item = {
        "field": "government", "number": 1, "label": {"zh": "大班额占比", "en": "Share of large classes"},
        "measure": {"zh": "分流", "en": "relieve them"}, "kind": "value",
        "target": {"sense": sense, "unit": "share", "values": 0.10},
    }  # fmt: skip
    said = shared(value, own_standard(tmp_path, items={"large": item}), "large")
    assert ("大班额占比" in said["zh"], "hare of large classes" in said["en"]) == (bool(zh), bool(en))
    assert zh in said["zh"]
    assert en in said["en"]
    assert "0.0个百分点" not in said["zh"]


def with_test(*below: int, scores: bool = True, up: float = 30.0, rate: float = 0.2) -> Report:
    """Return ten schools with a national rate over its limit; a test in which some lie so far below, one above."""
    rows = [
        OF | {"subject": "mathematics", "grade": 4, "school": str(place), "pupil": f"{place}-{pupil}",
              "score": 60.0 + pupil - 30 * (place in below) + up * (place == 9)}
        for place in range(10)
        for pupil in range(20)
    ]  # fmt: skip
    national = [OF | {"subject": "mathematics", "grade": 4, "level": 3, "rate": rate}]
    tables = {"monitoring": national} | ({"scores": rows} if scores else {})
    return small([school(str(place)) for place in range(10)], tables)


def test_of_a_test_only_schools_below_the_mean_are_told() -> None:
    """A school clearly above the county's mean keeps nobody from saying that none is below it, and no more is said."""
    report = with_test()
    (test,) = effects(report).tests
    assert (test.below, test.above) == ((), ("9",))
    said = told(report, "conclusion", "problems")
    assert said["zh"].count("本县测试中没有学校的成绩明显低于全县平均。") == 2
    assert said["en"].count("In the county’s own test no school is clearly below the county mean.") == 2
    assert "全县加强本学科教研和教学指导" in said["zh"]
    assert "strengthen the teaching of the subject throughout the county" in said["en"]
    (test,) = effects(with_test(1)).tests
    assert test.below == ("1",)
    said = told(with_test(1), "conclusion", "problems")
    assert "没有学校的成绩明显低于" not in said["zh"]
    assert "明显低于全县平均的有1小学" in said["zh"]
    assert "clearly below the county mean: 1 Primary School" in said["en"]


def test_without_a_test_nothing_is_told_of_schools() -> None:
    said = told(with_test(scores=False), "conclusion", "problems")
    assert "本县没有这一学科可用的测试成绩，不能分辨差在哪些学校。建议：组织测试，查明薄弱学校" in said["zh"]
    assert "no usable test scores in this subject and cannot tell which schools fall behind" in said["en"]
    apart = told(with_test(1), "conclusion", "problems")
    assert "可用的测试成绩" not in apart["zh"]
    assert "usable test scores" not in apart["en"]
    assert "可用的测试成绩" not in told(with_test(scores=False, rate=0.1), "conclusion")["zh"]


@pytest.mark.parametrize("due", ["2026", ""])
def test_who_answers_by_when_is_what_was_filled_in(due: str) -> None:
    report = small([school("1", sports_area=10.0), school("2")])
    entry = dict.fromkeys(report.entries.columns, "") | {
        "id": "resources.floor_sports_area.primary.1", "holder": "教育局", "due": due,
    }  # fmt: skip
    said = told(replace(report, entries=pl.DataFrame([entry], schema=report.entries.schema)), "conclusion")
    blank = r"\[(?:&nbsp;)+\]\{\.blank\}"
    assert re.search(f"责任单位教育局，时限{f'{due}年' if due else blank}。", said["zh"])
    assert re.search(f"responsible: 教育局, by {due or blank}\\.", said["en"])


def funds(*training: float | None) -> list[dict[str, Any]]:
    return [
        school(str(place), public_funds=100.0, training_funds=each) for place, each in enumerate(training, start=1)
    ]  # fmt: skip


@pytest.mark.parametrize(("unknown", "en"), [(0, ""), (1, ", 1 is not judged"), (2, ", 2 are not judged")])
def test_schools_that_are_not_judged_are_counted_apart(unknown: int, en: str) -> None:
    said = told(small(funds(4.0, 6.0, *[None] * unknown)), "problems")
    every, share = 2 + unknown, numbers.percent(1 / (2 + unknown))
    missing = f"，{unknown}所没有结论" if unknown else ""
    assert f"{every}所学校中1所达到要求（占{share}）{missing}，规定不低于5%" in said["zh"]
    assert f"1 of {every} schools do ({share}){en}; the rule: at least 5%" in said["en"]


@pytest.mark.parametrize("unmet", [1, 2])
def test_an_item_is_named_with_how_many_schools_fall_short(unmet: int) -> None:
    report = small(funds(*[4.0] * unmet, 6.0))
    for lang, named in (("zh", f"（{unmet}所未达到）"), ("en", f"({unmet} school{'s' if unmet > 1 else ''} short)")):
        table = replace(report, lang=lang).table("advice")
        assert table is not None
        assert named in table.markdown()


@pytest.mark.parametrize(("met", "least"), [(1, True), (2, False)])
def test_where_not_all_schools_are_asked_the_part_is_told(met: int, least: bool, tmp_path: Path) -> None:
    funded = national()["items"]["training_funds"]
    item = funded | {"target": funded["target"] | {"values": 0.6}}
    standard = own_standard(tmp_path, items={"training_funds": item})
    said = told(small(funds(*[6.0] * met, *[4.0] * (3 - met)), standard=standard), "problems")
    assert ("3所学校中1所达到要求（占33.3%），要求60%达到，规定不低于5%" in said["zh"]) is least
    assert ("1 of 3 schools do (33.3%), 60% asked; the rule: at least 5%" in said["en"]) is least
    assert ("要求60%" in said["zh"]) is least


def two_years(before: dict[str, float], now: dict[str, float], **words: Any) -> Report:
    """Return schools of 100 pupils whose equipment per pupil is given for two years."""
    rows = [
        school(code, year, equipment_value=100.0 * each)
        for year, values in ((2023, before), (2024, now))
        for code, each in values.items()
    ]
    return small(rows, **words)


def cv(values: list[int]) -> float:
    """Return the coefficient of schools with as many pupils each."""
    return statistics.pstdev(values) / statistics.fmean(values)


OTHERS = dict.fromkeys("23456", 10_000.0)


def test_others_whose_level_fell_are_told_so() -> None:
    """30 and five times 10 thousand: 0.559; 30 and five times 6: 0.894. The first stood still."""
    report = two_years({"1": 30_000} | OTHERS, {"1": 30_000} | dict.fromkeys(OTHERS, 6000.0))
    (change,) = [one for one in moved(report) if one.indicator == "equipment_value"]
    assert change.difference == pytest.approx(0.8944 - 0.5590, abs=1e-4)
    said = told(report, "improvement")
    assert "主要因为其他学校整体降低：不计1小学，其余5所学校生均由10,000减至6,000元" in said["zh"]
    assert "mainly because the level of the other schools fell: without 1 Primary School, 5 schools went" in said["en"]
    raised = told(two_years({"1": 30_000} | dict.fromkeys(OTHERS, 6000.0), {"1": 30_000} | OTHERS), "improvement")
    assert "整体提高：不计1小学，其余5所学校生均由6,000增至10,000元" in raised["zh"]


def test_a_level_that_moved_by_less_than_its_decimals_is_told_with_more() -> None:
    """Five schools of 0.304 backbone teachers per 100 pupils, then 0.297, beside one of 0.912 in both years."""
    rows = [
        school(code, year, 100_000, backbone_teachers_primary=912.0 if code == "1" else teachers)
        for year, teachers in ((2023, 304.0), (2024, 297.0))
        for code in "123456"
    ]
    said = told(small(rows), "improvement")
    assert "其余5所学校每百名学生由0.304减至0.297" in said["zh"]
    assert "5 schools went from 0.304 to 0.297" in said["en"]


@pytest.mark.parametrize(
    ("before", "now", "along", "against"),
    [
        # Eight at 10 and eight at 20 draw together to 14 and 15 or move apart; the last works the other way.
        ([10] * 8 + [20] * 8 + [15], [14] * 8 + [15] * 8 + [18], 16, 1),
        ([14] * 8 + [15] * 8 + [25], [10] * 8 + [20] * 8 + [15], 16, 1),
    ],
)
def test_schools_that_worked_either_way_are_counted(
    before: list[int], now: list[int], along: int, against: int
) -> None:
    codes = "123456789abcdefgh"
    report = two_years(*({code: 1000.0 * each for code, each in zip(codes, row, strict=True)} for row in (before, now)))
    (change,) = [one for one in moved(report) if one.indicator == "equipment_value"]
    assert change.cause is not None
    assert (change.cause.movers, change.cause.others) == ((), None)
    assert (change.cause.along, change.cause.against) == (along, against)
    put_back = [cv([*now[:place], before[place], *now[place + 1 :]]) for place in range(len(now))]
    own = [(cv(now) - each) * change.difference for each in put_back]
    assert (sum(each > 0 for each in own), sum(each < 0 for each in own)) == (along, against)
    up, down = ("上升", "下降") if change.difference > 0 else ("下降", "上升")
    said = told(report, "improvement")
    assert f"（{along}所学校的变化使其{up}，{against}所使其{down}）" in said["zh"]
    assert f", by the changes of {along} schools against those of {against}" in said["en"]


def test_what_schools_did_only_together_is_ascribed_to_none() -> None:
    """Four at 10 (0), then 20, 20, 20, 21.5 (0.032): with any one put back the schools would differ more."""
    report = two_years(dict.fromkeys("1234", 10_000.0), {**dict.fromkeys("123", 20_000.0), "4": 21_500.0})
    (change,) = [one for one in moved(report) if one.indicator == "equipment_value"]
    assert change.cause is not None
    assert (change.cause.along, change.cause.against) == (0, 4)
    said = told(report, "improvement")
    assert "（是各校变化共同的结果，单看没有一所学校的变化使其上升）" in said["zh"]
    assert ", by what schools did together: the change of none alone made it rise" in said["en"]
    # 10 and 30 (0.5), then 30 and 15 (0.333): with either put back the two would differ less, 10 and 15 or 30 and 30.
    crossed = two_years({"1": 10_000.0, "2": 30_000.0}, {"1": 30_000.0, "2": 15_000.0})
    (change,) = [one for one in moved(crossed) if one.indicator == "equipment_value"]
    assert change.cause is not None
    assert (change.difference < 0, change.cause.along, change.cause.against) == (True, 0, 2)
    fell = told(crossed, "improvement")
    assert "（是各校变化共同的结果，单看没有一所学校的变化使其下降）" in fell["zh"]
    assert ", by what schools did together: the change of none alone made it fall" in fell["en"]
    assert not re.search(r"0所学校的变化|changes of 0 schools", said["zh"] + said["en"])


@pytest.mark.parametrize(("rate", "alike"), [(0.204, True), (0.21, False)])
def test_a_rate_that_reads_alike_is_told_once(rate: float, alike: bool) -> None:
    results = [
        OF | {"year": year, "subject": "mathematics", "grade": 4, "level": 3, "rate": each}
        for year, each in ((2021, rate), (2024, 0.2))
    ]
    rows = [school(code, year) for year in (2023, 2024) for code in "12"]
    said = told(small(rows, {"monitoring": results}), "improvement")
    assert ("校际差异率2021年和2024年均为0.20" in said["zh"]) is alike
    assert ("difference rate 0.20 both times" in said["en"]) is alike
    assert ("由2021年的0.21变为2024年的0.20" in said["zh"]) is not alike


@pytest.mark.parametrize(
    ("own", "failing", "zh", "en"),
    [
        ({"sports_area": 700.0, "teaching_area": 400.0}, "sports_area",
         "小学生均体育运动场馆面积不足、校际差异偏大：1所未达标学校低于标准，差异系数1.34（上限0.50）",
         "space per pupil is short and unevenly distributed in primary schools: 1 failing school below the floor"),
        ({"sports_area": 600.0}, "sports_area",
         "小学生均体育运动场馆面积不足、校际差异偏大：1所学校不足标准的85%，差异系数",
         "in primary schools: 1 school below 85% of the floor, coefficient"),
        ({"pe_arts_teachers_primary": 0.0}, "pe_arts_teachers_primary",
         "小学体育、艺术（美术、音乐）专任教师数不足、校际差异偏大：1所学校不足标准的85%，差异系数",
         "Full-time PE and arts teachers are short and unevenly distributed in primary schools"),
        ({}, "pe_arts_teachers_primary",
         "小学体育、艺术（美术、音乐）专任教师数校际差异偏大：差异系数",
         "Full-time PE and arts teachers are unevenly distributed in primary schools: coefficient"),
    ],
)  # fmt: skip
def test_short_and_uneven_is_told_as_far_as_it_goes(own: dict[str, Any], failing: str, zh: str, en: str) -> None:
    """700 of 750 m² is no gap of more than 15 %, and a school with two gaps misses its rule all the same; sums of area:
    7, 15, 15 and 180 per pupil have the mean 54.25 and the standard deviation 72.69, a coefficient of 1.34."""
    most: dict[str, Any] = {failing: 12 * PLENTY[failing]}
    said = told(small([school("1", **own), school("2"), school("3"), school("4", **most)]), "problems")
    assert zh in said["zh"]
    assert en in said["en"]
