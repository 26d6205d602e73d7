"""What a report says of values that are set aside, and does not say where there are none."""

from typing import Any

import pytest

from analysis.tell import Report
from tests.tell.conftest import school, small

FILE = "990999/schools_2024.xlsx"


def county(amount: float | None, *rules: str, lang: str = "zh") -> Report:
    """Return a county of three schools, of which the last has this sports area, and a notice of each of these rules."""
    place = {"file": FILE, "sheet": ""}
    rows = [place | {"row": number} | school(f"99099900{number}") for number in (2, 3, 4)]
    rows[-1] |= {"sports_area": amount}
    about = place | {"county": "990999", "year": 2024, "table": "schools", "row": 4, "column": "sports_area"}
    notices = [about | {"rule": rule, "before": "约1500", "after": None} for rule in rules]
    return small(rows, {"notices": notices} if notices else {}, lang=lang)


def text(report: Report, chapter: str) -> str:
    return str(report.chapter(chapter).text)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "zh",
            {
                "resources": "有填报的数值不能采用，已剔除待核，更正之前是否达标尚不能判定",
                "conclusion": "个填报的数值不能采用",
                "method": "剔除待核的数值",
            },
        ),
        (
            "en",
            {
                "resources": "cannot be used and are set aside; until corrected, it cannot be decided",
                "conclusion": "reported value cannot be used",
                "method": "Values set aside",
            },
        ),
    ],
)
def test_values_set_aside_are_told_and_only_they(lang: str, sentences: dict[str, str]) -> None:
    told = county(None, "text_in_number_value", lang=lang)
    whole = told.finding("resources.all")
    assert whole is not None
    assert whole.verdict == "undecidable"
    silent: list[Any] = [county(None, lang=lang), county(1500.0, lang=lang)]
    for chapter, sentence in sentences.items():
        assert sentence in text(told, chapter), chapter
        assert not any(sentence in text(one, chapter) for one in silent), chapter


def test_a_coefficient_between_its_bounds_is_told_with_that_of_the_others() -> None:
    told = text(county(None, "text_in_number_value"), "resources")
    assert "但按最好和最坏两种情形判断不一致，尚不能判定" in told
    assert "体育运动场馆的系数未计入缺少数据的" not in told
    assert "体育运动场馆的系数未计入缺少数据的" in text(county(None), "resources")


def test_a_warning_is_nothing_that_was_mended() -> None:
    about = {"county": "990999", "year": 2024, "table": "schools", "file": FILE, "sheet": "", "row": 4}
    warned = about | {"column": "books", "rule": "likely_zero_more", "before": "15000", "after": "1500"}
    mended = about | {"column": "books", "rule": "number_written", "before": "1,500", "after": "1500"}
    rows = [school(f"99099900{number}") for number in (2, 3, 4)]
    assert "只统一填报格式" not in text(small(rows, {"notices": [warned]}), "method")
    assert "只统一填报格式（全角数字、千分位符号等）的单元格共[1]" in text(
        small(rows, {"notices": [warned, mended]}), "method"
    )
