"""The evidence register: document, number, page and holder of each item, and what of these is missing."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from analysis.tell import Report
from analysis.tell.case.setting import SourceFile
from analysis.tell.facts.register import Paper, lost, number_of, page_of, register_of
from tests.tell.conftest import school, small

SHOWN = "试验县政发〔2024〕21号，第11页"


def paper(*papers: dict[str, str], plan: str | None = None, **words: Any) -> Report:
    """Return a county that reports two items, one with a document; `papers` are what people filled in."""
    rows = [
        {"county": "990999", "year": 2024, "item": "posts_allotted", "answer": "yes", "evidence": SHOWN},
        {"county": "990999", "year": 2024, "item": "rotation", "value": 0.2},
    ]
    made = small([school("a"), school("b")], {"government": rows}, plan=plan, **words)
    blank = dict.fromkeys(("id", "document", "number", "page", "holder"), "")
    return replace(made, papers=pl.DataFrame([blank | one for one in papers], schema=made.papers.schema))


def of(report: Report, item: str) -> Paper:
    return next(one for one in register_of(report) if one.finding.item == item)


@pytest.mark.parametrize(
    ("text", "number", "page"),
    [
        (SHOWN, "试验县政发〔2024〕21号", "11"),
        ("县编办发[2024]7号", "县编办发[2024]7号", ""),
        ("部门预算，第3至5页", "", "3至5"),
        ("Budget, p. 11", "", "11"),
        ("2024年教师交流花名册", "", ""),
        ("共11页", "", "11"),
    ],
)
def test_a_number_and_a_page_are_read_where_a_text_has_them(text: str, number: str, page: str) -> None:
    assert (number_of(text), page_of(text)) == (number, page)


def test_what_is_not_there_is_missing_and_nothing_else() -> None:
    known, bare = of(paper(), "posts_allotted"), of(paper(), "rotation")
    assert (known.number, known.page, known.missing) == ("试验县政发〔2024〕21号", "11", ("holder",))
    assert not known.lacks
    assert bare.missing == ("document", "number", "page", "holder")
    assert bare.lacks


def test_what_people_filled_in_goes_before_what_the_data_say() -> None:
    id = "government.rotation"
    told = {"id": id, "document": "花名册", "number": "无", "page": "2", "holder": "教育局"}
    report = paper(told, {"id": "government.no_such", "page": "1"})
    found = of(report, "rotation")
    assert (found.document, found.number, found.page, found.holder) == ("花名册", "无", "2", "教育局")
    assert found.missing == ()
    assert found.state == "have"
    assert lost(report) == ["government.no_such"]
    assert lost(paper(told)) == []


def test_the_holder_is_that_of_the_plan_where_nobody_is_named() -> None:
    report = paper(plan="plan-8")
    assert of(report, "posts_allotted").holder == "市委编办"
    assert of(report, "posts_allotted").missing == ()
    assert of(
        paper({"id": "government.posts_allotted", "holder": "县委编办"}, plan="plan-8"), "posts_allotted"
    ).holder == ("县委编办")


def test_what_is_computed_has_the_file_of_its_data_and_who_published_it() -> None:
    report = paper()
    lacking = of(report, "class_size")
    assert lacking.missing == ("data",)
    bare = of(report, "school_size")
    assert bare.missing == ("registered",)
    files = bare.file.split("; ")
    sources = tuple(
        SourceFile(file, "学校统计表", "教育厅", "2024-09-30", "schools", 2024, registered=True, sha256="")
        for file in files
    )
    held = of(replace(report, source_files=sources), "school_size")
    assert (held.document, held.holder, held.missing) == ("学校统计表", "教育厅", ())


def test_the_tables_have_what_the_register_has() -> None:
    report = paper()
    every, missing = report.table("evidence"), report.table("evidence_missing")
    assert every is not None
    assert missing is not None
    found = register_of(report)
    assert every.frame.height == len(found)
    assert missing.frame.height == sum(bool(one.missing) for one in found)
    lacks = [cell != "" for cell in missing.frame["missing"]]
    assert all(lacks)


def test_the_public_sees_no_holder() -> None:
    told = {"id": "government.rotation", "document": "a小学花名册", "holder": "张某"}
    shown = replace(paper(told), audience="public").table("evidence")
    assert shown is not None
    text = shown.markdown()
    assert "张某" not in text
    assert "a小学" not in text
