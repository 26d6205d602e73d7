"""The verdict names what decides it, and counts what is not met once, as the table does."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.tell import Report

from .conftest import school, small

FULL = {"computers": 10, "books": 100, "teachers_primary": 9, "senior_title_teachers_primary": 5}


def spoken(text: str) -> str:
    """A text without the marks of its numbers."""
    return re.sub(r"\[([^\]]*)\]\{\.n [^}]*\}", r"\1", text)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "暂无数据的有：资源配置2项（小学校际综合差异系数、"),
        ("en", "resources 2 (the composite coefficient of primary schools, "),
    ],
)
@pytest.mark.parametrize("lacking", [True, False])
def test_the_missing_item_that_decides_is_named(lacking: bool, lang: str, said: str) -> None:
    rows = [school(code, **FULL) | ({"books": None} if lacking else {}) for code in "12"]
    text = spoken(small(rows, standard="national-2012", lang=lang).chapter("conclusion").text)
    assert (said in text) is lacking
    assert "0项全部达到" not in text
    assert "All 0 items" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("standard", "hundred", "each"), [
    ("national-2017", {"高于规定学历教师", "网络多媒体教室"}, {"体育运动场馆"}),
    ("national-2012", {"计算机"}, {"体育运动场馆", "图书"}),
])  # fmt: skip
def test_below_a_table_stands_what_each_indicator_is_counted_on(
    standard: str, hundred: set[str], each: set[str], lang: str
) -> None:
    report = small([school("1", **FULL), school("2", **FULL)], standard=standard, lang=lang)
    source = report.table("schools_primary").source  # type: ignore[union-attr]
    if lang == "en":
        assert "per 100 pupils" in source
        assert "per pupil" in source
        return
    first, second = (part.rpartition("。")[2] for part in source.split("计。")[0].split("；"))
    parts = {("每百名学生" in part): part for part in (first, second)}
    assert all(name in parts[True] for name in hundred)
    assert all(name in parts[False] for name in each)


@pytest.mark.parametrize(("standard", "told"), [("national-2017", True), ("national-2012", False)])
def test_a_planned_year_is_that_of_its_own_standard(standard: str, told: bool) -> None:
    report = replace(small([school("1", **FULL), school("2", **FULL)], standard=standard), acceptance=2030)
    assert ("2030年" in report.chapter("conclusion").text) is told


def test_what_is_not_met_is_counted_as_the_table_of_fields_does(sample: Callable[..., Report]) -> None:
    report = sample("990109")
    table = report.table("fields")
    assert table is not None
    number = max(table.frame["not_met"])
    assert f"、未达到{number}项、" in spoken(report.chapter("conclusion").text)


@pytest.mark.parametrize(("rates", "zh", "en"), [
    ((0.139, 0.139), "八年级英语、八年级数学，均为0.139，比0.15低0.011",
     "grade 8 English and grade 8 mathematics, 0.139, 0.011 below 0.15"),
    ((0.139, 0.12), "八年级数学，0.139，比0.15低0.011", "grade 8 mathematics, 0.139, 0.011 below 0.15"),
])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_highest_rates_are_all_named_with_their_distance(
    rates: tuple[float, float], zh: str, en: str, lang: str
) -> None:
    base = {"county": "990999", "year": 2024, "grade": 8, "level": 3}
    rows = [
        base | {"subject": subject, "rate": rate}
        for subject, rate in zip(("mathematics", "english"), rates, strict=True)
    ]
    report = small([school("1"), school("2")], {"monitoring": rows}, lang=lang)
    said = spoken(report.chapter("quality").text)
    assert {"zh": zh, "en": en}[lang].lower() in said.lower()
    assert "离限值都有余地" not in spoken(report.chapter("conclusion").text)
