"""The plan's chapter and tables: what stands there with a plan, and nothing without one."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analysis import judge, standards
from analysis.render.results import results
from analysis.tell import Report
from analysis.tell.facts.pace import ahead_of
from analysis.tell.facts.plan_targets import planned as plan_of

from .conftest import school, small, told_otherwise

Sample = Callable[..., Report]
SPAN = re.compile(r'\[([^\]]*)\]\{\.n f="([^"]+)"(?: k=(\w+))?\}')
PLANS = [f"plan-{number}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def planned(sample: Sample) -> Sample:
    """Return the report of a sample county with a plan laid beside it; each plan is judged once."""
    held: dict[tuple[str, str], Report] = {}

    def open_planned(county: str, plan: str, lang: str = "zh") -> Report:
        if (county, plan) not in held:
            alone, laid = sample(county), standards.plan(plan)
            found = [judge.judge_plan(alone.records, laid, county, year) for year in alone.years]
            history = pl.concat([alone.history, *found])
            held[county, plan] = told_otherwise(alone, plan=plan, laid=laid, history=history)
        return told_otherwise(held[county, plan], lang=lang)

    return open_planned


def said(report: Report) -> str:
    return SPAN.sub(r"\1", report.chapter("plan").text)


def test_without_a_plan_there_is_no_heading(sample: Sample) -> None:
    report = sample("990105")
    assert report.chapter("plan").text.strip() == ""
    assert report.table("plan") is None
    assert report.table("milestones") is None
    assert report.table("yearly") is None


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_reads_as_text(planned: Sample, plan: str, lang: str) -> None:
    report = planned("990105", plan, lang=lang)
    text = said(report)
    assert text.startswith("# ")
    assert not re.search("None|Undefined", text)
    assert not re.search(r"[，；、：]\s*[。，；、]|。。|，，|\(\s*\)|（）| ,| ;| {2}", text)
    known = {row["id"] for row in results(report)["findings"]}
    for _, id, _kind in SPAN.findall(report.chapter("plan").text):
        assert id in known, id


@pytest.mark.sampled(2)
@pytest.mark.parametrize("plan", PLANS)
def test_the_opening_counts_what_the_table_lists(planned: Sample, plan: str) -> None:
    report = planned("990101", plan)
    held = plan_of(report)
    assert held
    first = said(report).split("\n\n")[1]
    total = re.search(r"目标共(\d+)项", first)
    counts = re.findall(r"(达到|未达到|无数据|未生效|未设目标|不适用)\]?(?:\{[^}]*\})?(\d+)项", first)
    assert total
    assert sum(int(number) for _, number in counts) == int(total[1]) == len(held.targets())
    table = report.table("plan")
    assert table
    assert len(table.frame) == int(total[1]) + len(held.floors())
    verdicts = dict(table.frame.head(int(total[1])).group_by("verdict").len().iter_rows())
    assert {word: int(number) for word, number in counts} == {
        report.word("verdicts", verdict): number for verdict, number in verdicts.items()
    }


def test_the_plan_changes_nothing_of_the_national_verdict(sample: Sample, planned: Sample) -> None:
    alone, beside = sample("990105"), planned("990105", "plan-3")
    assert alone.findings.equals(beside.findings.filter(pl.col("field") != "plan"))
    assert beside.finding("overall.all").verdict == "met"  # type: ignore[union-attr]
    assert beside.finding("plan.all").verdict == "not_met"  # type: ignore[union-attr]
    for name in ("resources", "improvement", "problems"):
        assert alone.chapter(name).text == beside.chapter(name).text


def test_a_plan_asks_more_than_the_framework(planned: Sample) -> None:
    """The plan asks 70 % of senior places, the framework 50 %; the county has 60.1 %."""
    report = planned("990105", "plan-3")
    assert "优质高中招生名额分配比例：60.1%，目标不低于70%。" in said(report)


def test_a_milestone_is_judged_by_its_own_year_and_one_to_come_not_at_all(planned: Sample) -> None:
    table = planned("990101", "plan-3").table("milestones")
    assert table
    schools = table.frame.filter((pl.col("item") == "达标学校比例") & (pl.col("scope") == "初中"))
    assert schools["year"].to_list() == [2023, 2025, 2026, 2027]
    assert schools["reached_in"].to_list() == [2023, 2024, 2024, 2024]
    words = [row[-1].text for row in table.body if row[1].text == "达标学校比例" and row[2].text == "初中"]
    assert words[0] in {"达到", "未达到"}
    assert words[1:] == ["未生效"] * 3


@pytest.mark.slow
def test_a_milestone_that_has_fallen_due_counts_the_classes_of_its_year(planned: Sample) -> None:
    """Plan 4 asks 45 and 50 pupils a class from the end of 2022: the classes of that year are counted."""
    report = planned("990101", "plan-4")
    table = report.table("milestones")
    assert table
    (row,) = [
        row for row in table.body if row[1].text == report.by(standards.plan("plan-4").standard).label("class_size")
    ]
    asked = report.records.schools.filter(~pl.col("school_type").is_in(["special", "vocational_junior"])).select(
        "school", "year"
    )
    classes = report.records.classes.join(asked, on=["school", "year"], how="semi")
    counted = {year: classes.filter(year=year).height for year in (2022, 2024)}
    assert counted[2022] != counted[2024]
    assert (row[0].text, row[5].text) == ("2022", f"{counted[2022]}/{counted[2022]}个班（100%）")


def test_a_plan_leaves_the_coefficients_of_results_to_the_framework(planned: Sample) -> None:
    """Plan 4 sets no limit before 2022: the framework's hold in all years, in one row for each coefficient."""
    report = planned("990101", "plan-4")
    rows = results(report)["coefficients"]
    keys = [(row["stage"], row["indicator"], row["year"]) for row in rows]
    assert len(keys) == len(set(keys)) == 2 * 7 * len(report.years)
    assert {(row["stage"], row["limit"]) for row in rows} == {("primary", 0.5), ("junior", 0.45)}


def test_floors_of_a_plan_count_their_schools_before_they_are_in_force_and_then(planned: Sample) -> None:
    """Plan 4's floors hold from the end of 2022; their milestones tell of the schools, not that there are no data."""
    report = planned("990101", "plan-4")
    table = report.table("milestones")
    assert table
    rows = [row for row in table.body if row[1].text == "生均体育运动场馆面积" or "体育运动场馆" in row[1].text]
    floors = [row for row in rows if "系数" not in row[1].text]
    assert len(floors) == 2
    held = report.history.filter(pl.col("item") == "floor_sports_area", field="plan", year=2022, stage="primary")
    met, total = held.filter(verdict="met").height, held.height
    assert 0 < met < total
    shown = report.word("cells", "schools_at_floor").format(met=met, schools=total)
    assert floors[0][5].text == shown
    # Two years before, the same schools against what is to come.
    early = dataclasses.replace(report, year=2020)
    plan = plan_of(early)
    assert plan
    (sports,) = [
        one for one in plan.floors() if (one.finding.item, one.finding.stage) == ("floor_sports_area", "primary")
    ]
    given = report.history.filter(pl.col("item") == "floor_sports_area", field="plan", year=2020, stage="primary")
    assert sports.verdict == "not_in_force"
    assert sports.met == given.filter(pl.col("value") >= 7.5).height > 0


def test_degrees_and_backbone_of_plan_3_are_dated_alike_in_all_tables(planned: Sample) -> None:
    report = planned("990101", "plan-3")
    yearly, stones = report.table("yearly"), report.table("milestones")
    assert yearly
    assert stones
    for label, item, year in (
        ("高于规定学历教师", "高于规定学历教师数达标学校比例", 2025),
        ("骨干教师", "骨干教师数达标学校比例", 2023),
    ):
        assert stones.frame.filter(item=item)["year"].to_list() == [year]
        due = yearly.frame.filter(pl.col("item").str.contains(label))["target"][0]
        assert str(year) in due
        assert "2027" in due


def test_a_target_to_come_is_told_with_the_pace_that_it_needs(planned: Sample) -> None:
    """85.0 % of junior schools meet the rule in 2024, 90 % are asked in 2026: 2.5 points a year."""
    report = planned("990101", "plan-3")
    held = plan_of(report)
    assert held
    (schools,) = [
        one
        for one in ahead_of(held.case, held.milestones())
        if (one.finding.item, one.finding.stage, one.milestone.day.year) == ("schools", "junior", 2026)
    ]
    assert schools.needed == pytest.approx((0.9 - 0.85) / 2)
    assert "达标学校比例（初中）由85.0%到2026年的90%，每年须提高2.5个百分点" in said(report)
    # What is reached already needs nothing: 97.3 % of primary schools, 90 % asked in 2026.
    assert "（小学）由97.3%到2026年" not in said(report)


def test_the_thirty_one_indicators_year_by_year(planned: Sample) -> None:
    """Plan 4's table of 31 indicators has empty year columns: attained or not by the data, the plan's years beside."""
    report = planned("990101", "plan-4")
    table = report.table("yearly")
    assert table
    assert table.frame["number"].to_list() == list(range(1, 33))
    assert table.frame["item"][30] == "国家监测学业水平等级；国家监测校际差异率"
    assert table.frame["item"][31] == "社会认可度"
    assert table.frame.columns == ["number", "item", "target", *map(str, range(2019, 2025))]
    assert table.frame["target"].to_list() == ["2022年"] * 26 + ["2020年"] + ["2022年"] * 5
    # No class sizes were reported before 2022: not attained is not what that is.
    assert table.frame.filter(number=12).row(0)[3:] == ("no_data",) * 3 + ("met",) * 3
    # A county item is attained as its finding says, an indicator where every school is at its floor as well.
    assert table.frame.filter(number=23)["2024"][0] == report.finding("quality.retention").verdict  # type: ignore[union-attr]
    below = report.history.filter(
        pl.col("item").is_in(["floor_sports_area", "cv_sports_area"]), verdict="not_met", field="resources"
    )
    years = {str(year) for year in below["year"].unique()}
    row = table.frame.filter(number=5).row(0, named=True)
    assert {year for year in table.frame.columns[3:] if row[year] == "not_met"} == years


def test_years_to_come_have_a_target_or_none(planned: Sample) -> None:
    table = planned("990101", "plan-3").table("yearly")
    assert table
    assert table.frame.columns[3:] == [str(year) for year in range(2020, 2028)]
    rows = {row["item"]: row for row in table.frame.iter_rows(named=True)}
    sizes = rows["所有班级人数不超过规定班额"]
    assert (sizes["target"], sizes["2026"], sizes["2027"]) == ("2027年", "未设目标", "规划目标")
    retention = rows["初中三年巩固率"]
    assert (retention["target"], retention["2025"]) == ("各年", "规划目标")
    layout = rows["学校规划布局合理，符合国家规定要求"]  # due in 2020, so asked in every year since
    assert (layout["target"], layout["2027"]) == ("2020年", "规划目标")
    assert rows["课程开齐开足，教学秩序规范，综合实践活动有效开展"]["target"] == "未设目标"


def test_a_target_left_open_is_none(planned: Sample) -> None:
    table = planned("990101", "plan-6").table("yearly")
    assert table
    rows = {row["item"]: row["target"] for row in table.frame.iter_rows(named=True)}
    assert rows["初中三年巩固率"] == "各年"
    assert rows["残疾儿童少年入学率"] == rows["社会认可度"] == rows["生均体育运动场馆面积"] == "未设目标"


def test_the_order_of_recognition_is_told(planned: Sample, sample: Sample) -> None:
    steps = "资格审查、质量监测、社会认可度调查、指标审核、实地核查评估。"
    assert steps in SPAN.sub(r"\1", sample("990105").chapter("grounds").text)
    assert "旗县自评、盟市复核申报、自治区评估申报、国家审核认定。" in said(planned("990105", "plan-7"))
    assert "认定程序" not in said(planned("990105", "plan-3"))


def test_duty_holders_and_days_stand_where_the_plan_has_them(planned: Sample) -> None:
    with_holders = planned("990105", "plan-8").table("plan")
    assert with_holders
    assert with_holders.labels[-1] == "责任单位"
    without = planned("990105", "plan-3").table("plan")
    assert without
    assert "责任单位" not in without.labels
    assert "3月31日前" in said(planned("990105", "plan-7"))


@pytest.mark.slow
def test_the_verdict_and_its_tables_are_the_national_ones(sample: Sample, planned: Sample) -> None:
    alone, beside = sample("990106"), planned("990106", "plan-8")
    for name in ("overall.all", "resources.all", "government.all"):
        mine, national = beside.finding(name), alone.finding(name)
        assert mine is not None
        assert national is not None
        assert mine.verdict == national.verdict
    for name in ("fields", "coefficients", "monitoring", "problems"):
        with_plan, without = beside.table(name), alone.table(name)
        assert (with_plan and with_plan.body) == (without and without.body), name
    assert "**对照规划。**" in beside.chapter("conclusion").text


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("area", "short"), [(600.0, True), (1500.0, False)])
def test_a_plan_that_sets_floors_alone_counts_the_schools_at_them(
    area: float, short: bool, lang: str, tmp_path: Path
) -> None:
    """One school of two lies below 7.5 m2, or none: the share of schools at the floors is the county's target."""
    file = tmp_path / "floors.yml"
    file.write_text(
        "id: floors\nname: {zh: 某规划, en: A plan}\ntitle: {zh: 某规划, en: A plan}\nextends: national-2017\n"
        "document: 某规划\nfrom: 2020-01-01\nindicators: {sports_area: {floor: {primary: 7.5}}}\n",
        encoding="utf-8",
    )
    report = small([school("1", sports_area=area), school("2")], plan=str(file), lang=lang)
    held = plan_of(report)
    assert held
    assert {one.kind for one in held.targets()} == {"schools"}
    text = said(report)
    assert "共0项" not in text
    assert "sets 0 target" not in text
    reached = {"zh": "小学体育运动场馆2所中1所达到", "en": "primary sports area, 1 of 2"}[lang]
    assert (reached in text) is short
    assert ({"zh": "各校全部达到", "en": "every one is reached"}[lang] in text) is not short
    first = SPAN.sub(r"\1", report.chapter("conclusion").text)
    assert "0项目标" not in first
    assert "Of 0 targets" not in first


@pytest.mark.parametrize(("county", "lang"), [("990101", "zh"), ("990101", "en")])
def test_a_plan_with_targets_tells_its_floors_beside_them(planned: Sample, county: str, lang: str) -> None:
    report = planned(county, "plan-3", lang)
    assert {"zh": "自定的目标共68项", "en": "sets 68 targets"}[lang] in said(report)
    assert {"zh": "学校规定的标准共14项，其中3项有学校没有达到：初中体育运动场馆20所中17所达到",
            "en": "Of 14 floors that it sets for schools 3 are not reached"}[lang] in said(report)  # fmt: skip


def cells(report: Report, item: str) -> dict[str, str]:
    """The cells of the row of the plan's table whose item holds `item`, by column."""
    table = report.table("plan")
    assert table
    (row,) = [one for one in table.body if one[0].text == item]
    return dict(zip(table.frame.columns, [cell.text for cell in row], strict=True))


@pytest.mark.parametrize(
    ("plan", "item", "said"),
    [
        ("plan-4", "所有班级人数不超过规定班额", "每所学校每班不超过小学45人、初中50人"),
        ("plan-4", "消除超大班额", "每所学校每班不超过65人"),
        ("plan-4", "学校规模不超过规定人数", "每所学校不超过2,000人（九年一贯制2,500人）"),
        ("plan-3", "小学、初中起始年级班额不超过45人、50人", "每所学校起始年级每班不超过小学45人、初中50人"),
    ],
)
def test_a_target_of_schools_says_what_it_asks_of_each(planned: Sample, plan: str, item: str, said: str) -> None:
    shown = cells(planned("990101", plan), item)["target"]
    assert shown.startswith(said)
    assert "100%" not in shown


def test_what_is_our_reading_is_marked(planned: Sample) -> None:
    report = planned("990101", "plan-4")
    assert cells(report, "消除超大班额")["article"].endswith("（推定）")
    assert not cells(report, "所有班级人数不超过规定班额")["article"].endswith("（推定）")
    table = report.table("items_government")
    assert table
    marked = [row[1].text for row in table.body if "原文未写明" in row[-1].text]
    assert marked == [report.standard.items["special_rooms"].label.zh]
    assert "科目和年级按推定的口径" in SPAN.sub(r"\1", report.chapter("quality").text)


@pytest.mark.parametrize(("plan", "warned"), [("plan-5", True), ("plan-7", True), ("plan-3", False)])
def test_a_plan_on_another_framework_warns(planned: Sample, plan: str, warned: bool) -> None:
    assert ("本规划以教督〔2012〕3号为依据" in said(planned("990101", plan))) == warned


def test_the_yearly_table_asks_of_a_school_no_more_than_its_document(planned: Sample) -> None:
    table = planned("990101", "plan-4").table("yearly")
    assert table
    assert "学校达标只须其中6项" in table.markdown()
    assert "须每所学校" not in table.markdown()
