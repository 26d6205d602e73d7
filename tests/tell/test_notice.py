"""The notice for publication: from the public edition alone; every number is one of its results, no school is in it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.render.results import results
from analysis.tell import Report
from analysis.tell.documents.notice import Notice
from tests.tell.conftest import school, small

CHAPTERS = ("notice", "notice_resources", "notice_items", "notice_end")
TABLES = ("fields", "coefficients", "items_government", "items_quality", "recognition")


def said(told: Notice) -> str:
    tables = [made for name in TABLES if (made := told.table(name))]
    return "\n".join([*(told.chapter(name).text for name in CHAPTERS), *(made.markdown() for made in tables)])


def test_it_can_be_told_to_nobody_but_the_public() -> None:
    report = small([school("a"), school("b")])
    with pytest.raises(ValueError, match="public"):
        Notice(report)
    assert Notice(replace(report, audience="public")).case.public


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_school_and_nothing_of_a_county_in_its_own_words_is_in_it(sample: Callable[..., Report], lang: str) -> None:
    report = sample("990101", audience="public", lang=lang)
    text = said(Notice(report))
    names = set(report.records.schools["name"].drop_nulls()) | set(report.records.schools["school"])
    assert names
    assert not [name for name in names if name in text]
    documents = set(report.records.government["evidence"].drop_nulls())
    assert documents
    assert not [one for one in documents if one in text]


@pytest.mark.parametrize("county", ["990101", "990102", "990109"])
def test_its_figures_are_those_of_the_public_results(sample: Callable[..., Report], county: str) -> None:
    report = sample(county, audience="public")
    told = Notice(report)
    found = {one["id"]: one for one in results(report)["findings"]}
    assert set(re.findall(r'(?:data-f|f)="([^"]+)"', said(told))) <= set(found)
    made = told.table("coefficients")
    assert made is not None
    published = {(one["stage"], one["indicator"]): one for one in results(report)["coefficients"]
                 if one["year"] == report.year}  # fmt: skip
    for row in made.body:
        id = next(cell.finding for cell in row if cell.finding)
        stage, indicator = found[id]["stage"], found[id]["item"].removeprefix("cv_")
        assert found[id]["value"] == published[stage, indicator]["cv"]
    assert told.met == sum(one.verdict == "met" for one in told.judged)
    assert f"[{len(told.judged)}]" in told.chapter("notice").text


def test_a_hidden_school_is_not_given_away_by_the_table() -> None:
    """With a school of nine pupils the tables are those of the public report, rows and all."""
    report = small([school("a", pupils=9), school("b"), school("c"), school("d")], audience="public")
    mine, public = Notice(report).table("coefficients"), report.table("coefficients")
    assert mine is not None
    assert public is not None
    assert [row[3].text for row in mine.body] == [row[3].text for row in public.body]


def test_what_the_county_knows_alone_is_a_blank_with_its_name() -> None:
    text = Notice(small([school("a"), school("b")], audience="public")).chapter("notice_end").text
    blanks = re.findall("【此处由县填写：([^】]+)】", text)
    assert blanks == ["公示起止日期", "受理单位", "联系电话", "通信地址和电子邮箱"]
    signed = Notice(small([school("a"), school("b")], audience="public", date="2025-03-01"))
    assert "2025年3月1日" in signed.chapter("notice_end").text
