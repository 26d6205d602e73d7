"""A local plan and published coefficients, sentence by sentence: said in both languages where it holds."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.judge.rounding import shown
from analysis.tell import Report, open_published
from analysis.tell.parts.chapters.plan import facts
from tests.tell.conftest import WHOLE, aloud, school, small, told

COUNTY = {"county": "990999"}
FLOORS = {"advanced_degree_teachers": 8, "backbone_teachers": 2, "pe_arts_teachers": 2, "teaching_area": 9,
          "sports_area": 15, "equipment_value": 4000}  # fmt: skip


def planned(folder: Path, extends: str = "national-2017", **parts: Any) -> str:
    """Return the file of a plan with these parts, in force from 2020 on."""
    head = {"id": "own", "name": {"zh": "规划", "en": "Plan"}, "title": {"zh": "本县规划", "en": "Our plan"},
            "document": "县〔2020〕1号", "extends": extends, "from": "2020-01-01"}  # fmt: skip
    file = folder / "plan.yml"
    file.write_text(yaml.safe_dump(head | parts, allow_unicode=True), encoding="utf-8")
    return str(file)


def asked(*dated: tuple[int, float], **more: Any) -> dict[str, Any]:
    """Return an item whose share is asked from the ends of these years on."""
    values = [{"from": f"{year}-12-31", "value": value} for year, value in dated]
    return {"target": {"sense": "at_least", "unit": "share", "values": values}} | more


def reported(item: str, *values: float, last: int = 2024) -> list[dict[str, Any]]:
    """Return what the county reports of an item in the years up to the last."""
    first = last - len(values) + 1
    return [
        COUNTY | {"year": year, "item": item, "value": value, "evidence": "册"}
        for year, value in enumerate(values, first)
    ]


def of(plan: str, rows: list[dict[str, Any]], years: tuple[int, ...] = (2024,)) -> Report:
    return small([school(code, year) for year in years for code in "12"], {"government": rows}, plan=plan)


@pytest.mark.parametrize(("floor", "composite"), [(True, False), (True, True), (False, False)])
def test_a_plan_without_targets_for_the_county_is_told_so(floor: bool, composite: bool, tmp_path: Path) -> None:
    """Over the framework of 2012, which has no rule for schools, a plan may set floors alone, or nothing."""
    parts: dict[str, Any] = {"indicators": {"books": {"floor": {"primary": 5, "junior": 5}}}} if floor else {}
    if composite:
        parts["composite"] = {"sense": "at_most", "unit": "coefficient", "values": {"primary": 0.6, "junior": 0.5}}
    plan = planned(tmp_path, "national-2012", **parts)
    said = told(small([school("1", **WHOLE), school("2", **WHOLE)], standard="national-2012", plan=plan), "plan")
    assert ("《本县规划》没有县级目标，只规定各校标准（[@tbl-plan]）。" in said["zh"]) is (floor and not composite)
    assert ("“Our plan” sets no target for the county, only floors for its schools" in said["en"]) is (
        floor and not composite
    )
    assert ("《本县规划》没有县级目标。" in said["zh"]) is not floor
    assert ("“Our plan” sets no target for the county." in said["en"]) is not floor
    assert ("自定的目标共" in said["zh"]) is composite


@pytest.mark.parametrize("short", [0, 5, 6])
def test_floors_that_schools_miss_are_named_up_to_five(short: int, tmp_path: Path) -> None:
    """The second school has half of what the first has in so many indicators, and the plan asks what the first has."""
    plan = planned(
        tmp_path, indicators={name: {"floor": {"primary": floor, "junior": floor}} for name, floor in FLOORS.items()}
    )
    columns = [name if name in WHOLE else f"{name}_primary" for name in FLOORS]
    half: dict[str, Any] = {name: WHOLE[name] / 2 for name in columns[:short]}
    said = told(small([school("1", **WHOLE), school("2", **(WHOLE | half))], plan=plan), "plan")
    count = f"其中{short}项有学校没有达到：" if short else "各校全部达到。"
    assert f"规划对学校规定的标准共6项，{count}" in said["zh"]
    assert said["zh"].count("2所中1所达到") == min(short, 5)
    assert said["en"].count(", 1 of 2") == min(short, 5)
    assert ("2所中1所达到等。" in said["zh"]) is (short > 5)
    assert (", 1 of 2 and others." in said["en"]) is (short > 5)


@pytest.mark.parametrize("assumed", [True, False])
def test_what_is_our_reading_of_a_plan_is_told_as_such(assumed: bool, tmp_path: Path) -> None:
    plan = planned(tmp_path, items={"rotation": asked((2021, 0.3), assumed=assumed)})
    said = told(of(plan, reported("rotation", 0.2)), "plan")
    assert ("20.0%，目标不低于30%（口径为推定，原文未写明）" in said["zh"]) is assumed
    assert ("asked: at least 30% (our reading, the text does not say)" in said["en"]) is assumed


@pytest.mark.parametrize(("dated", "coming"), [(6, True), (5, True), (6, False)])
def test_targets_to_come_are_named_up_to_five_and_past_ones_are_over(dated: int, coming: bool, tmp_path: Path) -> None:
    names = ("rotation", "rotation_backbone", "teacher_training", "certificates", "nearest_primary", "retention")
    year = 2026 if coming else 2022
    plan = planned(tmp_path, items={name: asked((year, 0.9)) for name in names[:dated]})
    report = of(plan, reported("rotation", 0.95))
    said = told(report, "plan")
    held = facts(report)
    assert len(getattr(held, "coming", ())) == (dated if coming else 0)
    assert ("下一批目标在2026年底前到期：" in said["zh"]) is coming
    assert ("等（[@tbl-milestones]）。" in said["zh"]) is (coming and dated > 5)
    assert (", and others ([@tbl-milestones])." in said["en"]) is (coming and dated > 5)
    assert ("规划分年度的目标均已到期，各年实际见[@tbl-milestones]。" in said["zh"]) is not coming
    assert ("All dated targets of the plan have fallen due;" in said["en"]) is not coming


@pytest.mark.parametrize(("values", "zh", "en"), [
    ((0.9, 0.9, 0.9), "近年每年没有变化", "; of late no change"),
    ((0.88, 0.89, 0.9), "近年每年提高1.0个百分点", "; of late 1.0 percentage points more a year"),
    ((0.92, 0.91, 0.9), "近年每年下降1.0个百分点", "; of late 1.0 percentage points less a year"),
    ((0.91, 0.9), "", ""),
])  # fmt: skip
def test_the_pace_that_a_plan_needs_stands_beside_that_of_late(
    values: tuple[float, ...], zh: str, en: str, tmp_path: Path
) -> None:
    """From 90 % in 2024 to 98 % in 2026 it takes 4 points a year; a pace needs three years."""
    plan = planned(tmp_path, items={"retention": asked((2026, 0.98))})
    years = tuple(range(2024 - len(values) + 1, 2025))
    said = told(of(plan, reported("retention", *values), years), "plan")
    assert f"由90.0%到2026年的98%，每年须提高4.0个百分点{'，' if zh else ''}{zh}" in said["zh"]
    assert "from 90.0% to 98% in 2026, 4.0 percentage points more a year" in said["en"]
    assert en in said["en"]
    assert ("近年每年" in said["zh"], "; of late" in said["en"]) == (bool(zh), bool(en))


HEAD = "county,stage,statistic,teaching_area,sports_area,equipment_value,computers,books,teacher_pupil_ratio,"
HEAD += "above_qualification_teachers,senior_title_teachers,composite\n"
SOURCES = """
counties:
  "340103": {zh: 庐阳区, en: Luyang, published: true}
published:
  - {file: published/cv.csv, counties: ["340103"], standard: national-2012, year: 2012, title: 公布, publisher: 省}
"""


@pytest.mark.parametrize(("coefficients", "composite"), [
    ((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), "0.4512"),
    ((0.7,) * 8, ""),
    ((0.1, 0.2, None, 0.4, 0.5, 0.6, 0.7, 0.8), ""),
])  # fmt: skip
def test_published_coefficients_are_told_as_far_as_they_go(
    coefficients: tuple[float | None, ...], composite: str, tmp_path: Path
) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "sources.yml").write_text(SOURCES, encoding="utf-8")
    cells = ",".join("" if each is None else str(each) for each in coefficients)
    (tmp_path / "published" / "cv.csv").write_text(f"{HEAD}庐阳区,primary,cv,{cells},{composite}\n", encoding="utf-8")
    said = {
        lang: aloud(open_published("340103", lang=lang, data=tmp_path).chapter("published").text)
        for lang in ("zh", "en")
    }
    basics = open_published("340103", data=tmp_path).chapter("basics").text
    assert "本年没有学校数据。" in basics
    known = [each for each in coefficients if each is not None]
    whole = len(known) == len(coefficients)
    mean = sum(known) / len(known)
    assert ("公布的差异系数不全，不能算出综合差异系数。" in said["zh"]) is not whole
    assert ("Some coefficients were not published, so there is no composite." in said["en"]) is not whole
    value = shown(mean, None, 2, None)
    assert (f"校际综合差异系数{value}，上限0.65" in said["zh"]) is whole
    assert (f"The composite coefficient between schools is {value}, the limit 0.65;" in said["en"]) is whole
    assert ("公布的综合差异系数为0.451。" in said["zh"]) is bool(composite)
    assert ("the published composite is 0.451." in said["en"]) is bool(composite)
    assert ("；未公布综合差异系数。" in said["zh"]) is (whole and not composite)
    assert ("no composite was published." in said["en"]) is (whole and not composite)
    assert ("没有公布这一学段的差异系数。" in said["zh"], "No coefficient of this stage was" in said["en"]) == (
        True,
        True,
    )
    assert f"小学校际综合差异系数：{'无数据' if not whole else '达到' if mean <= 0.65 else '未达到'}" in said["zh"]
    highest = "、".join(f"{each:.3f}" for each in sorted(known, reverse=True)[:3])
    told_highest = said["zh"].split(f"在公布的{len(known)}项差异系数中，最高的是")[1].split("。")[0]
    assert (
        "、".join(part.split("（")[1].rstrip("）") for part in told_highest.replace("和", "、").split("、")) == highest
    )
    assert f"Of the {len(known)} published coefficients the highest are" in said["en"]
