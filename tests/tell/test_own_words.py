"""What a county says in its own words: kept in its workbook by year, checked, and printed in its place."""

import dataclasses
from pathlib import Path

import openpyxl
import pytest

from analysis import decisions
from analysis.decisions import OwnText
from analysis.errors import DataError
from analysis.render.decisions import lay
from analysis.tell import Report
from analysis.tell.documents.forms.forms import SelfAssessment

from .conftest import school, small

CODE = "990101"
CAUSES = "一是场地受限，*共 3 处*。"


def workbook(folder: Path, *rows: list[object]) -> Path:
    path = lay(folder, CODE)
    book = openpyxl.load_workbook(path)
    for row in rows:
        book["县填文字"].append(row)
    book.save(path)
    return folder


def test_rows_of_each_year_stay_and_are_read(tmp_path: Path) -> None:
    folder = workbook(
        tmp_path,
        [2023, "问题原因", "上年的原因"],
        [2024, "问题原因", "第一段\n第二段", "First.\nSecond.", "是"],
    )
    before, now = decisions.of_county(folder, CODE).texts
    assert (before.year, before.paragraphs("zh"), before.paragraphs("en")) == (2023, ("上年的原因",), ("上年的原因",))
    assert (now.paragraphs("zh"), now.paragraphs("en")) == (("第一段", "第二段"), ("First.", "Second."))
    assert (now.public, before.public) == (True, False)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([2024, "原因", "文字"], "第 4 行“写在哪里”写作“原因”"),
        (["今年", "问题原因", "文字"], "第 4 行“年份”写作“今年”"),
        ([2024, "问题原因", ""], "第 4 行没有填写“文字”"),
        ([2024, "问题原因", "字" * 1501], "不超过 1500 字"),
        ([2024, "问题原因", "甲\u202e乙"], "没有控制字符"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_row(tmp_path: Path, row: list[object], told: str) -> None:
    with pytest.raises(DataError) as fault:
        decisions.of_county(workbook(tmp_path, row), CODE)
    assert told in str(fault.value)
    assert "县填文字" in str(fault.value)


def test_a_text_of_the_greatest_length_is_read(tmp_path: Path) -> None:
    (text,) = decisions.of_county(workbook(tmp_path, [2024, "问题原因", "字" * 1500]), CODE).texts
    assert len(text.text) == 1500


def test_two_texts_for_one_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="4, 5 行"):
        decisions.of_county(workbook(tmp_path, [2024, "问题原因", "甲"], [2024, "问题原因", "乙"]), CODE)


@pytest.fixture(scope="module")
def told() -> Report:
    met = small([school("1"), school("2")])
    texts = (
        OwnText(met.year, "causes", f"{CAUSES}\n二是{met.rows['name'][0]}扩招。"),
        OwnText(met.year, "measures_funds", "投入增加。", public=True),
        OwnText(met.year - 1, "notes", "上年的说明。"),
    )
    return dataclasses.replace(met, texts=texts)


def test_each_text_stands_in_its_chapter_of_its_year(told: Report) -> None:
    problems = told.chapter("problems").text
    assert "**存在的问题和原因分析（由县填写）。**一是场地受限，\\*共 3 处\\*。\n\n二是" in problems
    assert "**主要做法：经费投入和资源配置（由县填写）。**投入增加。" in told.chapter("improvement").text
    assert "由县填写" not in told.chapter("data").text + told.chapter("basics").text


def test_the_public_reads_what_is_meant_for_it_and_no_name(told: Report) -> None:
    public = dataclasses.replace(told, audience="public")
    assert "由县填写" not in public.chapter("problems").text
    assert "投入增加。" in public.chapter("improvement").text
    name = told.rows["name"][0]
    named = dataclasses.replace(told, texts=(OwnText(told.year, "causes", f"{name}扩招。", public=True),))
    said = dataclasses.replace(named, audience="public").chapter("problems").text
    assert "扩招。" in said
    assert name not in said


def test_the_form_takes_them_in_place_of_its_blanks(told: Report) -> None:
    form = SelfAssessment(case=told)
    assert str(form.blank("causes")).startswith("一是场地受限，\\*共 3 处\\*。\n\n二是")
    assert "填写" in str(form.blank("next_steps"))
