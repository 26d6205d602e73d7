"""The head of each kind of document says whose it is, in its notebook as in what `junheng` builds."""

import dataclasses
from pathlib import Path

import nbformat
import pytest
import yaml

from analysis import project
from analysis.kinds import kinds
from analysis.project import RENDERERS
from analysis.run.build import titles
from analysis.tell import open_published, open_report
from analysis.tell.documents.document import Document
from analysis.tell.documents.region import open_region
from analysis.tell.documents.school import open_school
from analysis.tell.documents.subject import open_subject
from analysis.tell.documents.township import open_township
from analysis.tell.facts.titles import titles as called

from .conftest import school, small


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_county_is_called_as_in_its_documents(lang: str) -> None:
    report = small([school("1")], lang=lang, status="draft")
    front, about = report.front(), titles.meta(report)
    assert front.fields == {
        "title": about.title,
        "subtitle": about.subtitle,
        "office": about.office,
        "page-header": about.header,
        "page-mark": about.mark,
    }


def test_a_final_report_of_real_data_bears_no_mark() -> None:
    assert "page-mark" not in small([school("1")], synthetic=False).front().fields


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("opened", "named"),
    [
        (lambda folder: open_report("990102", processed=folder), "明河县义务教育"),
        (lambda folder: open_school("9901010001", "990101", processed=folder), "9901010001"),
        (lambda folder: open_subject("mathematics", "990101", processed=folder), "青溪县2024年数学"),
        (lambda folder: open_township("长岭镇", "990101", processed=folder), "青溪县长岭镇"),
        (lambda _: open_published("340103"), "庐阳区"),
    ],
)
def test_each_kind_says_whose_it_is(opened: object, named: str, tmp_path: Path) -> None:
    document = opened(tmp_path)  # type: ignore[operator]
    assert isinstance(document, Document)
    assert named in " ".join(document.front().fields.values())


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("county", "县域义务教育优质均衡发展监测报告", "Monitoring of"),
        ("township", "县域义务教育优质均衡发展监测报告", "Monitoring of"),
        ("warning", "县域义务教育优质均衡发展督导评估", "Assessment of"),
        ("review", "县域义务教育优质均衡发展督导评估", "Assessment of"),
    ],
)
def test_papers_of_an_office_are_not_headed_as_reports(kind: str, zh: str, en: str) -> None:
    assert called(small([school("1")]), kind, name="").series == zh
    assert called(small([school("1")], lang="en"), kind, name="").series.startswith(en)


@pytest.mark.slow
def test_a_region_counts_its_counties(tmp_path: Path) -> None:
    told = open_region("9901", processed=tmp_path)
    assert f"{len(told.counties)}个县区" in told.front().fields["subtitle"]


def test_a_person_reads_the_title_and_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RENDERERS:
        monkeypatch.delenv(name, raising=False)
    report = dataclasses.replace(small([school("1")]), names={"zh": "甲<b>县", "en": "A"})
    shown = report.front()._repr_mimebundle_()
    assert "<h1>甲&lt;b&gt;县义务教育" in shown["text/html"]
    assert "合成数据" in shown["text/html"]
    assert r"甲\<b\>县义务教育" in shown["text/markdown"]


def test_each_notebook_of_a_document_shows_its_head_first() -> None:
    for one in kinds().values():
        cells = nbformat.read(project.notebooks() / one.notebook, as_version=4).cells
        shown = [cell.source.splitlines()[-1] for cell in cells if cell.cell_type == "code"]
        assert shown[1].endswith(".front()"), one.notebook


def test_a_notebook_that_is_delivered_can_be_read_and_keeps_its_neighbours() -> None:
    report = small([school("1")])
    told = nbformat.v4.new_output("display_data", {"text/markdown": report.front().markdown()})
    cells = [
        nbformat.v4.new_raw_cell("---\ntitle: A\n---"),
        nbformat.v4.new_code_cell("report.front()", outputs=[told]),
    ]
    executed = nbformat.v4.new_notebook(cells=cells)
    titles.finish(executed, titles.meta(report))
    # Quarto would call its page report.html, as the one beside the notebook is called.
    assert yaml.safe_load(executed.cells[0].source.strip("-"))["output-file"] == "by-quarto"
    assert "试验县义务教育" in executed.cells[1].outputs[0].data["text/html"]


def test_no_cell_says_its_tags_twice() -> None:
    # `quarto convert` writes both, and a key that stands twice can't be read again.
    for path in project.notebooks().glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert not ("#| tags" in cell.source and cell.metadata.get("tags")), path.name
