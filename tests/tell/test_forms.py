"""The forms of an application: in their order, each number one of the findings, what no data tell a named blank."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import ids
from analysis.errors import RequestError
from analysis.render.results import results
from analysis.tell import Report
from analysis.tell.documents.forms import Application, SelfAssessment
from analysis.tell.facts.basics import basics
from tests.tell.conftest import school, small

ORDER = ["基本情况", "主要做法", "四项内容逐条自评", "存在问题", "下步打算"]
FIELDS = ["资源配置", "政府保障程度", "教育质量", "社会认可度", "申报条件和一票否决事项"]


def paper(**words: Any) -> Report:
    rows = [school("a", sports_area=1.0), school("b", pupils_primary=None, classes=6), school("c", classes=12)]
    return small([{"classes": None, "teachers": 10, **row} for row in rows], **words)


def test_it_stands_in_its_order() -> None:
    text = SelfAssessment(paper()).text().text
    assert re.findall(r"^# (\S+)", text, re.MULTILINE) == ORDER
    fields = text.split("# 四项内容逐条自评")[1].split("\n# ")[0]
    assert re.findall(r"^## (\S+)", fields, re.MULTILINE) == FIELDS


def test_what_schools_do_not_report_is_no_zero() -> None:
    """Two schools report 100 pupils each; one reports neither pupils nor a sum of them."""
    held = basics(paper())
    assert held.schools == 3
    assert (held.pupils["primary"].number, held.pupils["primary"].silent) == (200, 1)
    assert (held.teachers.number, held.teachers.silent) == (30, 0)
    text = SelfAssessment(paper()).text().text
    assert "在校学生200人（另有1所未填报）" in re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text)
    nobody = basics(small([school("a", pupils_primary=None)]))
    assert nobody.pupils["primary"].number is None
    table = Application(small([school("a", pupils_primary=None)])).table("county")
    assert table is not None
    assert "【此处由县填写：在校学生数】" in table.markdown()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", ["990101", "990102", "990109"])
def test_its_figures_are_those_of_results_json(sample: Callable[..., Report], county: str, lang: str) -> None:
    report = sample(county, lang=lang)
    told = SelfAssessment(report)
    found = {one["id"]: one for one in results(report)["findings"]}
    for form in (told, Application(report)):
        text = form.text().text
        assert set(re.findall(r'(?:data-f|f)="([^"]+)"', text)) <= set(found)
        assert text.count(":::") % 2 == 0
        assert "None" not in text
        assert not re.search(r"\{\{|\}\}(?!\})", re.sub(r"\{\.n [^}]*\}", "", text))
    judged = [one for one in found.values() if ids.judged(one["item"], one["field"], one["school"], one["verdict"])]
    assert len(told.judged) == len(judged)
    for verdict in ("met", "not_met", "no_data", "undecidable"):
        assert told.count(verdict) == sum(one["verdict"] == verdict for one in judged)
    table = told.table("indicators")
    assert table is not None
    coefficients = {(one["stage"], one["indicator"]): one for one in results(report)["coefficients"]
                    if one["year"] == report.year}  # fmt: skip
    stages = {report.word("stages", stage): stage for stage in ("primary", "junior")}
    names = {one.label.text(lang): name for name, one in report.standard.indicators.items()}
    for row in table.frame.iter_rows(named=True):
        known = coefficients[stages[row["stage"]], names[row["indicator"]]]
        assert (row["mean"], row["cv"], row["limit"]) == (known["mean"], known["cv"], known["limit"])
        floor = ids.floor(names[row["indicator"]])
        below = [one for one in found.values() if one["item"] == floor and one["stage"] == stages[row["stage"]]]
        assert row["below"] == sum(one["verdict"] == "not_met" for one in below)


def test_what_is_to_be_mended_is_the_ledger() -> None:
    told = SelfAssessment(paper())
    table = told.table("mending")
    assert table is not None
    assert table.frame["lines"].sum() == told.lines.height
    assert "【此处由县填写：责任单位】" in table.markdown()
    entries = pl.DataFrame(
        [{"id": "resources.floor_sports_area.primary.a", "measure": "扩建", "person": "", "date": ""}],
        schema=told.case.entries.schema,
    )
    held = SelfAssessment(replace(paper(), entries=entries)).table("mending")
    assert held is not None
    assert "扩建" in held.markdown()


def test_every_blank_has_its_name_and_who_fills_it_in() -> None:
    text = SelfAssessment(paper()).text().text
    blanks = set(re.findall("【此处由(.)填写：([^】]+)】", text))
    assert {name for _, name in blanks} >= {"县情概况", "下步打算", "存在的问题和原因分析", "组织领导和责任落实"}
    assert {who for who, _ in blanks} == {"县"}
    assert "【此处由市级填写：" in Application(paper()).text().text


def test_a_template_of_ones_own_is_used(tmp_path: Path) -> None:
    own = tmp_path / "own.md.j2"
    own.write_text(
        "# 本地表\n\n{{ report.name }}：{{ told.blank('contact') }}\n\n{{ told.show('indicators') }}\n", "utf-8"
    )
    text = SelfAssessment(paper(), str(own)).text().text
    assert text.startswith("# 本地表\n\n试验县：【此处由县填写：联系人和联系电话】\n\n::: {#tbl-form-indicators}")


@pytest.mark.parametrize(
    ("text", "said"),
    [("# a\n\n{{ told.no_such }}", "no_such"), ("a\n{% if %}", "2"), ("a\n{{ report.year }}", "2"), ("{{ x", "1")],
)
def test_a_faulty_template_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "own.md.j2"
    own.write_text(text, "utf-8")
    with pytest.raises(RequestError) as fault:
        SelfAssessment(paper(), str(own)).text()
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)
    own.write_bytes("县".encode("gbk"))
    with pytest.raises(RequestError, match="UTF-8"):
        SelfAssessment(paper(), str(own)).text()


@pytest.mark.parametrize(
    ("standard", "said"), [("national-2017", "2027"), ("national-2012", "【此处由县填写：申报认定年度】")]
)
def test_a_planned_year_is_that_of_its_own_certificate(standard: str, said: str) -> None:
    report = replace(small([school("a")], standard=standard), acceptance=2027)
    table = Application(report).table("county")
    assert table is not None
    assert {cells[0].text: cells[1].text for cells in table.body}["申报认定年度"] == said
