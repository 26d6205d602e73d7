"""Page, PDF, Word, workbook and JSON of one report say the same numbers."""

import base64
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from pypdf import PdfReader

from analysis.render import fonts, pdf, pick, render
from analysis.render.reference import W
from analysis.tell import Report
from tests.render import handmade


@pytest.fixture(scope="module")
def findings(built: Path) -> dict[str, dict[str, Any]]:
    loaded = json.loads((built / "results.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in loaded["findings"]}


@pytest.fixture(scope="module")
def page(built: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((built / "report.html").read_text(encoding="utf-8"))


def number(text: str) -> tuple[float, float]:
    """Return a shown number and half a unit of its last place, as a share where it is a percentage."""
    digits = text.strip().replace(",", "").replace("−", "-")
    scale = 100 if digits.endswith("%") else 1
    digits = digits.removesuffix("%")
    places = len(digits.partition(".")[2])
    return float(digits) / scale, 0.5 * 10**-places / scale


def rows_of(table: lxml.html.HtmlElement) -> list[list[str]]:
    return [[re.sub(r"\s", "", cell.text_content()) for cell in row] for row in table.xpath(".//tr")]


def word_rows(path: Path) -> list[list[str]]:
    tree = etree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    return [
        [re.sub(r"\s", "", "".join(cell.itertext())) for cell in row.iter(f"{{{W}}}tc")]
        for row in tree.iter(f"{{{W}}}tr")
    ]


def pdf_text(path: Path) -> str:
    text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(path))
    return re.sub(r"[\s\ufffe]", "", text)


def test_cells_show_their_findings(page: lxml.html.HtmlElement, findings: dict[str, dict[str, Any]]) -> None:
    seen = 0
    for cell in page.xpath("//td[@data-f and contains(@class, 'num')]"):
        finding, text = findings[cell.get("data-f")], cell.text_content()
        if re.fullmatch(r"[\d,.%−\s]+", text) is None or finding["value"] is None:
            continue
        shown, half = number(text)
        assert abs(shown - finding["value"]) <= half * (1 + 1e-9), (cell.get("data-f"), text)
        seen += 1
    assert seen > 200


def test_failing_cells_are_those_that_fail(page: lxml.html.HtmlElement, findings: dict[str, dict[str, Any]]) -> None:
    marked = {cell.get("data-f") for cell in page.xpath("//td[@data-f and contains(@class, 'not-met')]")}
    assert marked
    assert all(findings[one]["verdict"] == "not_met" for one in marked)


def test_marked_numbers_name_findings(page: lxml.html.HtmlElement, findings: dict[str, dict[str, Any]]) -> None:
    named = {span.get("data-f") for span in page.xpath("//span[@data-f]")}
    assert named
    assert named <= findings.keys()


def test_word_and_pdf_hold_the_rows_of_the_page(page: lxml.html.HtmlElement, built: Path) -> None:
    ours = [row for table in page.xpath("//table") for row in rows_of(table)]
    words, text = word_rows(built / "report.docx"), pdf_text(built / "report.pdf")
    assert len(ours) > 60
    for row in ours:
        assert row in words
        assert all(cell in text for cell in row if re.fullmatch(r"[\d,.%−—]+", cell))
    numbers = {cell for row in ours for cell in row if re.fullmatch(r"\d[\d,]*\.\d+", cell)}
    assert {one for row in words for one in row if re.fullmatch(r"\d[\d,]*\.\d+", one)} == numbers


def test_the_workbook_holds_the_values(built: Path, report: Report, findings: dict[str, dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(built / "annex.xlsx", data_only=True)
    id = [cell.value for cell in book["判定"][3]].index("判定编号")
    rows = {row[id].value: row for row in book["判定"].iter_rows(min_row=4) if row[id].value}
    wanted = [one for one in findings.values() if one["school"] is None]
    assert rows.keys() == {one["id"] for one in wanted}
    for one in wanted:
        held = rows[one["id"]]
        for place, key in ((6, "value"), (7, "target")):
            assert held[place].value == (None if one[key] is None else pytest.approx(one[key], rel=1e-14)), one["id"]
        assert held[9].value == report.word("verdicts", one["verdict"])


def test_every_school_stands_in_the_workbook(built: Path, report: Report) -> None:
    book = openpyxl.load_workbook(built / "annex.xlsx", data_only=True)
    for stage, title in (("primary", "学校_小学"), ("junior", "学校_初中")):
        rows = {row[0].value: row for row in book[title].iter_rows(min_row=4)}
        for code in report.rows.filter("in_scope", stage=stage)["school"]:
            row = rows[report.school(code)]
            for place, indicator in enumerate(report.standard.indicators, 2):
                measured = report.measured.school(report.year, stage, indicator, code)
                assert measured is not None
                assert row[place].value == (
                    None if measured.value is None else pytest.approx(measured.value, rel=1e-14)
                )


def drawn_as_nothing(path: Path) -> int:
    """Return how often a page draws glyph 0, the box that stands for a letter which its font lacks."""
    boxes = 0
    for sheet in PdfReader(path).pages:
        contents = sheet.get_contents()
        for operands, operator in contents.operations if contents is not None else []:
            if operator not in {b"Tj", b"TJ"}:
                continue
            parts = operands[0] if operator == b"TJ" else operands
            for part in parts:
                data = getattr(part, "original_bytes", part if isinstance(part, bytes) else b"")
                boxes += [data[at : at + 2] for at in range(0, len(data) - 1, 2)].count(b"\0\0")
    return boxes


def test_no_character_is_missing_from_the_pdf(built: Path) -> None:
    assert drawn_as_nothing(built / "report.pdf") == 0
    text = pdf_text(built / "report.pdf")
    assert "校际差异率" in text
    assert "\ufffd" not in text


def test_a_missing_character_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "STANDARDS", ())
    monkeypatch.setattr(fonts, "strange", lambda text: ())
    notebook = handmade.write(tmp_path / "report.ipynb", schools=1, names=["第\U0001f600小学"])
    made = render(notebook, tmp_path, ("pdf",), pick("embedded"), handmade.META)
    assert drawn_as_nothing(made["pdf"]) > 0


def test_the_page_carries_every_character_it_shows(built: Path) -> None:
    source = (built / "report.html").read_text(encoding="utf-8")
    found = re.findall(r'font-family:"(Junheng \w+)".*?base64,([A-Za-z0-9+/=]+)\)', source)
    assert [name for name, _ in found] == ["Junheng Sans", "Junheng Serif"]
    shown = set(lxml.html.fromstring(source).xpath("string(//body)")) - set("\n\t\r\u2028")
    for name, data in found:
        held = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
        missing = {letter for letter in shown if ord(letter) not in held}
        assert not {letter for letter in missing if "\u4e00" <= letter <= "\u9fff"}, (name, missing)
