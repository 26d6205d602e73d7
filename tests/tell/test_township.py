"""A township: a selection of a county's schools, with its part in the county's differences and no verdict."""

import re
from dataclasses import replace
from typing import Any

import pytest

from analysis.errors import RequestError
from analysis.tell import Report
from analysis.tell.documents.township import TownshipReport, townships
from analysis.tell.documents.township.township import township_named
from tests.tell.conftest import school, small

TABLES = ("schools", "lacking", "classes", "parts", "lines")


def paper(**words: Any) -> Report:
    """Return four schools of 100 pupils, two in each township; in the first one has a quarter of its sports area."""
    rows = [
        school("a", township="东乡", sports_area=187.5),
        school("b", township="东乡"),
        school("c", township="西乡"),
        school("d", township="西乡"),
    ]
    classes = [
        {"county": "990999", "year": 2024, "school": one, "grade": 1, "class": f"{k}", "pupils": pupils}
        for one, sizes in {"a": (46, 45), "b": (45, 30)}.items()
        for k, pupils in enumerate(sizes)
    ]
    return small(rows, {"classes": classes}, **words)


@pytest.fixture(scope="module")
def east() -> TownshipReport:
    return TownshipReport(paper(), "东乡")


def shown(told: TownshipReport) -> str:
    tables = [told.table(name) for name in TABLES]
    texts = [told.chapter(name).text for name in ("township", "township_end")]
    return "\n".join([*texts, *(table.markdown() for table in tables if table)])


def test_its_schools_and_no_others_are_selected(east: TownshipReport) -> None:
    assert east.codes == ["a", "b"]
    stage = east.stages[0]
    assert (stage.schools, stage.met, stage.unmet) == (["a", "b"], ["b"], ["a"])
    assert townships(east.case.records, 2024) == ["东乡", "西乡"]
    text = shown(east)
    assert "a小学" in text
    assert "c小学" not in text


def test_its_part_of_the_difference_is_as_on_paper(east: TownshipReport) -> None:
    # Values 1.875, 15, 15, 15: mean 11.719; squared deviations 96.9 and three times 10.77, 129.2 in all.
    part = next(one for one in east.parts if one.cv.indicator == "sports_area")
    assert part.share == pytest.approx((96.90 + 10.77) / 129.20, abs=1e-3)
    assert part.pupils == pytest.approx(0.5)
    assert part.mean == pytest.approx((1.875 + 15) / 2)
    assert part.county == pytest.approx(11.71875)
    west = TownshipReport(east.case, "西乡")
    other = next(one for one in west.parts if one.cv.indicator == "sports_area")
    assert part.share + other.share == pytest.approx(1)


def test_what_it_lacks_is_countable(east: TownshipReport) -> None:
    table = east.table("lacking")
    assert table is not None
    assert table.frame.rows() == [("小学", "体育运动场馆", 1, 1, 563)]
    lines = east.table("lines")
    assert lines is not None
    assert all(row[0].text == "a小学" for row in lines.body)
    assert any("563平方米" in cell.text for row in lines.body for cell in row)


def test_classes_beyond_the_limit_are_told(east: TownshipReport) -> None:
    table = east.table("classes")
    assert table is not None
    rows = {row[0].text: [cell.text for cell in row[2:]] for row in table.body}
    assert rows == {"a小学": ["2", "46", "45", "1", "未达到"], "b小学": ["2", "45", "45", "0", "达到"]}


def test_it_has_no_verdict_of_its_own(east: TownshipReport) -> None:
    text = east.chapter("township").text
    assert ".verdict .no-data" in text
    assert "判断的单位是县区" in text
    spans = re.findall(r'\{\.n f="([^"]+)"', shown(east))
    assert spans
    assert all(east.case.finding(id) for id in spans)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_public_sees_codes_and_no_mean_of_few_schools(east: TownshipReport, lang: str) -> None:
    told = TownshipReport(replace(east.case, audience="public", lang=lang), "东乡")
    text = shown(told)
    assert not re.search("a小学|b小学", text)
    table = told.table("parts")
    assert table is not None
    assert set(table.frame["mean"]) == {None}
    assert set(table.frame["share"]) == {None}


def test_to_the_public_a_tiny_school_shows_no_figure() -> None:
    rows = [
        school("a", township="东乡", pupils=9, sports_area=1.0),
        school("b", township="东乡"),
        school("c", township="西乡"),
    ]
    told = TownshipReport(small(rows, audience="public"), "东乡")
    table = told.table("schools")
    assert table is not None
    tiny = table.frame.row(0, named=True)
    assert {tiny[name] for name in ("pupils", "met", "verdict")} == {None}
    assert told.shortfalls == []
    assert told.table("lacking") is None
    assert "9" not in [cell.text for cell in table.body[0]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_has_a_hole(east: TownshipReport, lang: str) -> None:
    for audience in ("internal", "public"):
        for name in ("东乡", "西乡"):
            text = shown(TownshipReport(replace(east.case, audience=audience, lang=lang), name))
            assert not re.search(r"\b(nan|None|null|inf)\b|\{\{|\}\}", text)
            assert not re.search("。。|，，|，。|；。|：。", text)


def test_a_township_is_found_by_name_or_beginning_and_else_told(east: TownshipReport) -> None:
    records = east.case.records
    assert township_named(" 东乡 ", records, 2024, "试验县") == "东乡"
    assert township_named("西", records, 2024, "试验县") == "西乡"
    for text, key in (
        ("", "township_missing"),
        ("南乡", "township_unknown"),
        ("乡", "township_unknown"),
        ("../东乡", "township_unknown"),
    ):
        with pytest.raises(RequestError, match="东乡") as fault:
            township_named(text, records, 2024, "试验县")
        assert fault.value.key == key


def test_a_school_out_of_scope_is_named_with_its_reason() -> None:
    rows = [
        school("a", township="东乡"),
        school("b", township="东乡", school_type="special"),
        school("c", township="东乡"),
    ]
    told = TownshipReport(small(rows), "东乡")
    assert [code for code, _ in told.left_out] == ["b"]
    assert "特殊教育学校不参加测算" in told.chapter("township").text
