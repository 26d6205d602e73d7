"""A region, sentence by sentence: said in both languages where it holds, and only there."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import project, regions, sources
from analysis.tell import Report
from analysis.tell.documents.region import RegionReport, gather, of_gathered
from analysis.tell.documents.region import gathering as parts
from analysis.tell.documents.review import ReviewForm
from tests.tell.conftest import aloud, school, small
from tests.tell.test_region import county, gathered, region_of

OF = {"county": "990999", "year": 2024}
GROUPS = ("pupils", "parents", "teachers", "heads", "deputies", "cppcc", "others")
SHORT: dict[str, Any] = {"sports_area": 187.5}
WELL: dict[str, Any] = {"sports_area": 1500.0}


def of(*ones: dict[str, Any], year: int = 2024, tables: Any = None, **words: Any) -> Report:
    """Return a county of schools that differ so from ones that have plenty, two more beside them."""
    rows = [school(str(place), year, **each) for place, each in enumerate((*ones, {}, {}))]
    return small(rows, tables, **words)


def answers(*items: str, **met: str) -> dict[str, list[dict[str, Any]]]:
    """Return the county items that are answered with no, and those with another answer."""
    return {"government": [OF | {"item": item, "answer": "no", "evidence": "册"} for item in items]
            + [OF | {"item": item, "answer": answer, "evidence": "册"} for item, answer in met.items()]}  # fmt: skip


@cache
def missing(*items: str) -> Report:
    """Return a county that answers with no for these items."""
    return of(tables=answers(*items))


@pytest.fixture(scope="module")
def short() -> Report:
    return of(SHORT)


@pytest.fixture(scope="module")
def well() -> Report:
    return of(WELL)


def region(*reports: Report | None, **words: Any) -> RegionReport:
    """Return a region of counties 990700, 990701 and so on with these reports."""
    counties = ((county(f"9907{place:02}"), report, parts.JUDGED if report else parts.ABSENT)
                for place, report in enumerate(reports))  # fmt: skip
    return region_of(*counties, **words)


def said(told: RegionReport, *chapters: str) -> dict[str, str]:
    made = {lang: replace(told, base=replace(told.base, lang=lang)) for lang in ("zh", "en")}
    return {lang: aloud("\n".join(each.chapter(name).text for name in chapters)) for lang, each in made.items()}


@pytest.mark.parametrize("many", [5, 6])
def test_more_counties_than_are_named_in_brackets_are_others(short: Report, many: int) -> None:
    told = region(*[short] * many)
    # Of each subject and grade there is a level and a rate, or neither.
    assert told.pairs("level") == told.pairs("rate") != []
    text = said(told, "conclusion")
    names = "、".join(f"{place}县" for place in range(5))
    assert (f"（{names}等），校际差异系数均高于上限" in text["zh"]) is (many > 5)
    assert (", County 4, and others): the coefficient is above its limit" in text["en"]) is (many > 5)
    assert ("（0县、1县、2县、3县和4县），校际差异系数均高于上限" in text["zh"]) is (many == 5)
    # No item is alone at the head, and all are missed as widely: the text names both.
    assert ("其余各项" in text["zh"]) is False


@pytest.mark.parametrize("uneven", [1, 2])
def test_the_counties_over_a_limit_are_told_apart_from_those_that_lack(uneven: int) -> None:
    """Of ten schools one at a quarter of the floor leaves the coefficient within its limit; of three it does not."""
    even = small([school("0", **SHORT), *(school(str(place)) for place in range(1, 10))])
    text = said(region(*[of(SHORT)] * uneven, *[even] * (3 - uneven)), "conclusion")
    names = " and ".join(f"County {place}" for place in range(uneven))
    zh = "0县" if uneven == 1 else "0县和1县"
    assert f"制约3个县区，其中{uneven}个县区（{zh}）校际差异系数高于上限，3个县区的3所未达标学校低于标准" in text["zh"]
    assert f"holds back 3 counties: in {uneven} ({names}) the coefficient is above its limit" in text["en"]


def test_what_is_short_in_persons_is_told_in_the_plural() -> None:
    text = said(region(of({"backbone_teachers_primary": 0.0})), "conclusion")
    assert "ackbone teachers of primary schools hold back 1 county (County 0): the coefficient is" in text["en"]
    assert "ports area of primary schools holds back 1 county" in said(region(of(SHORT)), "conclusion")["en"]


@pytest.mark.parametrize("satisfied", [84, 85])
def test_recognition_below_its_floor_is_told_with_its_counties(satisfied: int) -> None:
    rows = [OF | {"group": group, "asked": 100, "satisfied": satisfied} for group in GROUPS]
    text = said(region(of(tables={"survey": rows})), "conclusion", "recognition")
    below = satisfied < 85
    assert ("1个县区（0县）社会认可度低于标准。" in text["zh"]) is below
    assert ("n 1 county (County 0) recognition is below its floor." in text["en"]) is below
    assert f"社会认可度达到标准的县区{int(not below)}个{'，未达到1个' if below else ''}，见" in text["zh"]
    assert (", not met by 1:" in text["en"]) is below


@pytest.mark.parametrize("answer", ["no", "yes"])
def test_an_item_is_told_by_its_name(answer: str) -> None:
    text = said(region(of(tables=answers(layout=answer))), "conclusion")
    unmet = answer == "no"
    assert ("1个县区（0县）“学校规划布局合理，符合国家规定要求”未达到。" in text["zh"]) is unmet
    assert ('n 1 county (County 0) "School layout is planned to national rules" is not met.' in text["en"]) is unmet
    assert ("**没有县区未达到的项目。**" in text["zh"]) is not unmet
    assert ("**No county misses an item.**" in text["en"]) is not unmet
    assert ("1 item is not met somewhere" in text["en"]) is unmet


ITEMS = ("layout", "four_standards", "teacher_pay", "performance_pay", "posts_allotted")


@pytest.mark.parametrize(("missed", "zh", "en"), [
    # How many of three counties miss each of five items; the first three are named where none of the others is as bad.
    ((3, 2, 2, 1, 1), "，其余各项不超过1个县区。", "; each of the others by 1 county at most."),
    ((3, 3, 3, 2, 1), "，其余各项不超过2个县区。", "; each of the others by 2 counties at most."),
    ((2, 2, 2, 2, 1), "，最多的4项各有2个县区未达到。", "; 4 of them in 2 counties each, more than any other."),
    ((2, 2, 2, 2, 2), "5项有县区未达到，各有2个县区未达到。", "5 items are not met somewhere, each in 2 counties."),
])  # fmt: skip
def test_items_lead_only_where_more_counties_miss_them(missed: tuple[int, ...], zh: str, en: str) -> None:
    made = [missing(*(item for item, many in zip(ITEMS, missed, strict=True) if place < many)) for place in range(3)]
    text = said(region(*made), "conclusion")
    assert zh in text["zh"]
    assert en in text["en"]


@pytest.mark.parametrize(("first", "zh", "en"), [
    (2023, "**与2023年相比，**", "**Since 2023,**"), (2022, "**与各县区上一个有数据的年份相比，**", "**Since each"),
])  # fmt: skip
def test_counties_are_compared_with_the_year_that_they_have(first: int, zh: str, en: str) -> None:
    def two(before: int) -> Report:
        return small([school(code, year) for year in (before, 2024) for code in "12"])

    text = said(region(two(2023), two(first)), "conclusion")
    assert zh in text["zh"]
    assert en.replace("’", "'") in text["en"]


@pytest.mark.parametrize("many", [4, 5])
def test_more_coefficients_that_crossed_than_are_told_stand_in_the_table(many: int) -> None:
    """The year before, all schools had 15 m² a pupil; now one has 1.875: 0, then 0.582."""
    crossed = small([school(code, year, **(SHORT if (code, year) == ("1", 2024) else {}))
                     for year in (2023, 2024) for code in "123"])  # fmt: skip
    text = said(region(*[crossed] * many), "conclusion")
    assert f"越过上限的有{many}个：" in text["zh"]
    assert ("其余见[@tbl-region-changes]。" in text["zh"]) is (many > 4)
    assert ("The others: [@tbl-region-changes]." in text["en"]) is (many > 4)


@pytest.mark.parametrize("many", [0, 1, 2])
def test_counties_that_are_barred_are_named(well: Report, many: int) -> None:
    vetoed = of(tables=answers("no_false_data"))
    text = said(region(*[vetoed] * many, well), "conclusion")
    names = {0: "", 1: "0县", 2: "0县和1县"}[many]
    assert (f"{many}个县区（{names}）有申报条件未达到或触犯一票否决" in text["zh"]) is bool(many)
    assert ("1 county (County 0) does not meet an entry condition or falls under a veto" in text["en"]) is (many == 1)
    assert ("2 counties (County 0 and County 1) do not meet an entry condition or fall under" in text["en"]) is (
        many == 2
    )
    assert ("Entry conditions" in text["en"]) is bool(many)


@pytest.mark.parametrize(("acceptance", "many"), [((2024,), 1), ((2024, 2023), 2), ((2025, 2025), 0)])
def test_counties_whose_planned_year_has_come_are_named(short: Report, acceptance: tuple[int, ...], many: int) -> None:
    counties = (
        (county(f"9907{place:02}", acceptance=year), short, parts.JUDGED) for place, year in enumerate(acceptance)
    )
    text = said(region_of(*counties), "conclusion")
    assert (f"{many}个县区已到计划认定年份而未达到标准" in text["zh"]) is bool(many)
    assert ("1 county has reached the planned year" in text["en"]) is (many == 1)
    assert ("2 counties have reached the planned year" in text["en"]) is (many == 2)


@pytest.mark.parametrize("many", [1, 12, 13])
def test_counties_with_older_data_are_named_up_to_twelve(many: int) -> None:
    older = of(WELL, year=2023)
    text = said(region(*[older] * many), "conclusion")
    assert f"{many}个县区没有2024年的数据，用其最近一年的结论：0县（2023年）" in text["zh"]
    assert ("等。" in text["zh"].split("数据年份")[1]) is (many > 12)
    assert (" and others." in text["en"].split("**Years.**")[1]) is (many > 12)
    assert (f"{many} counties have no statistics of 2024" in text["en"]) is (many > 1)


def test_one_that_meets_and_one_above_its_limit_are_told_in_the_singular(short: Report, well: Report) -> None:
    told = region(short, well)
    frame = told.gathered.findings
    met = (pl.col("county") == "990701") & (pl.col("id") == "overall.all")
    findings = frame.with_columns(verdict=pl.when(met).then(pl.lit("met")).otherwise("verdict"))
    text = said(replace(told, gathered=replace(told.gathered, findings=findings)), "conclusion", "coefficients")
    assert "2个县区中，1个达到优质均衡标准" in text["zh"]
    assert "1 of 2 counties of Trial City meets the standard of high-quality balance" in text["en"]
    # 1.875, 15 and 15 of equal schools have the coefficient 0.582, over 0.50.
    assert "14个受判断的差异系数中，1个高于上限" in text["zh"]
    assert "Of 14 coefficients that are judged, 1 is above the limit" in text["en"]
    assert ", 2 are above the limit" in said(region(short, short), "coefficients")["en"]


@pytest.mark.parametrize("met", [1, 4])
def test_published_counties_stand_apart_from_those_judged(well: Report, met: int) -> None:
    """Four composites of two real counties are published for 2012, all within the limits of 0.65 and 0.55."""
    catalogue = sources.load(project.raw())
    real = regions.find_region(catalogue, "34")
    found = gather(catalogue, real, 2012, "national-2017")
    composites = (pl.col("item") == "cv_composite").cum_sum() > met
    verdict = pl.when((pl.col("item") == "cv_composite") & composites).then(pl.lit("not_met")).otherwise("verdict")
    found = replace(found, findings=found.findings.with_columns(verdict=verdict))
    alone = said(of_gathered(real, found, 2012), "conclusion", "published", "fields")
    assert "没有可以按学校数据判断的县区。" in alone["zh"]
    assert "No county can be judged by its schools." in alone["en"]
    assert f"4个综合差异系数中{met}个达到。" in alone["zh"]
    assert f"{met} of 4 composites {'is' if met == 1 else 'are'} met." in alone["en"]
    assert "2个县区没有学校数据，只有公布的差异系数，按公布时的标准判断综合差异系数" in alone["zh"]
    assert "Of 2 counties there are no school statistics." in alone["en"]
    mine = gathered((county("340199"), well, parts.JUDGED))
    together = replace(found, **{name: pl.concat([getattr(found, name), getattr(mine, name)], how="diagonal_relaxed")
                                 for name in ("counties", "findings", "schools")})  # fmt: skip
    text = said(of_gathered(real, together, 2024), "conclusion", "fields")
    assert "没有可以按学校数据判断的县区" not in text["zh"]
    assert f"4个综合差异系数中{met}个达到，单独列出，不计入以上各数。" in text["zh"]
    assert "met; they stand apart and count in none of these numbers." in text["en"]
    assert "1个县区中" in text["zh"]


@pytest.mark.parametrize("lacking", [0, 2])
def test_schools_that_lack_data_are_counted_apart(lacking: int) -> None:
    text = said(region(of(*[{"teaching_area": None}] * lacking)), "schools")
    every = 2 + lacking
    assert f"小学{every}所，达标2所，未达标0所{'，数据不全而不能判定2所' if lacking else ''}。" in text["zh"]
    assert ("; 2 cannot be judged because data are missing." in text["en"]) is bool(lacking)


PLAN = """
id: city-plan
name: {zh: 规划, en: Plan}
title: {zh: 本市规划, en: Plan of the city}
extends: national-2017
document: 市政发〔2022〕1号
from: 2022-01-01
regional: {counties: 2, schedule: [{from: SINCE, value: 1}]}
items:
  retention: {target: {values: 0.98}}
  rotation: {target: {values: 0.15}}
"""


@pytest.mark.parametrize(
    ("since", "retention", "rotation", "zh", "en"),
    [
        ("2024-12-31", 0.99, 0.2, "没有县区未达到，见", "Of 2 targets for counties none is missed by a county:"),
        (
            "2026-12-31",
            0.97,
            0.2,
            "其中1项有县区未达到，未达到县区最多的是“",
            "1 is not met by some county; most counties miss '",
        ),
        (
            "2024-12-31",
            0.97,
            0.1,
            "其中2项有县区未达到，各有1个县区未达到，见",
            "2 are not met by some county, each by 1 county:",
        ),
    ],
)
def test_a_plan_tells_what_it_asks_and_where_counties_fall_short(
    since: str, retention: float, rotation: float, zh: str, en: str, tmp_path: Path
) -> None:
    path = tmp_path / "city-plan.yml"
    path.write_text(PLAN.replace("SINCE", since), "utf-8")
    rows = [OF | {"item": item, "value": value, "evidence": "册"}
            for item, value in (("retention", retention), ("rotation", rotation))]  # fmt: skip
    told = region(of(tables={"government": rows}, plan=str(path)), None, plan=str(path))
    text = said(told, "plan")
    assert zh in text["zh"]
    assert en in text["en"]
    named = since < "2025"
    assert ("规划没有写明2024年的个数" in text["zh"]) is not named
    assert ("the plan names no number for 2024" in text["en"]) is not named
    assert ("规划到2024年底应达到1个" in text["zh"]) is named


@pytest.mark.parametrize(("missed", "zh", "en"), [
    ((2, 2, 1), "其中3项有县区未达到，最多的2项各有2个县区未达到，见", "; 2 by 2 counties each, more than any other:"),
    ((2, 1, 1), "，未达到县区最多的是“初中三年巩固率”（0县和1县），见", "; most counties miss 'Three-year"),
    ((1, 1, 1), "其中3项有县区未达到，各有1个县区未达到，见", "3 are not met by some county, each by 1 county:"),
])  # fmt: skip
def test_no_target_is_told_as_missed_most_that_others_are_missed_as_widely(
    missed: tuple[int, ...], zh: str, en: str, tmp_path: Path
) -> None:
    path = tmp_path / "city-plan.yml"
    path.write_text(PLAN.replace("SINCE", "2024-12-31") + "  rotation_backbone: {target: {values: 0.3}}\n", "utf-8")
    items = ("retention", "rotation", "rotation_backbone")
    made = [
        of(tables={"government": [OF | {"item": item, "value": 0.1 if place < many else 1.0, "evidence": "册"}
                                  for item, many in zip(items, missed, strict=True)]}, plan=str(path))
        for place in range(2)
    ]  # fmt: skip
    text = said(region(*made, plan=str(path)), "plan")
    assert zh in text["zh"]
    assert en in text["en"]


@pytest.mark.parametrize("open_", [True, False])
def test_a_review_counts_counties_that_are_open(open_: bool, well: Report) -> None:
    told = region(well, None)
    frame = told.gathered.findings
    whole = pl.col("id") == "overall.all"
    verdict = pl.when(whole & open_).then(pl.lit("undecidable")).otherwise("verdict")
    changed = replace(told, gathered=replace(told.gathered, findings=frame.with_columns(verdict=verdict)))
    text = {lang: aloud(ReviewForm(region=replace(changed, base=replace(changed.base, lang=lang))).text().text)
            for lang in ("zh", "en")}  # fmt: skip
    assert ("，尚不能判定的1个。" in text["zh"]) is open_
    assert (", 1 can't be decided yet." in text["en"]) is open_
    assert "已判定的项目没有县区未达到。" in text["zh"]
    assert "Of what was judged, all is met by every county." in text["en"]
