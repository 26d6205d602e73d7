"""The embedded engine: whole documents from a notebook with every kind of output."""

import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pypdfium2
import pytest
from pypdf import PdfReader

from analysis.errors import DataError, RequestError
from analysis.render import Meta, fonts, pick, reference, render
from analysis.render.reference import path as reference_path
from tests.render import handmade, office

#: Names that would be live in Markdown, HTML, Typst or TeX.
LIVE = (
    '`#read("/etc/hostname")`{=typst}',
    "<script>alert(1)</script>",
    "#panic()",
    "$x^2$",
    "![](/etc/hostname)",
    "\\input{x}",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("made")
    notebook = handmade.write(folder / "report.ipynb", schools=120, names=LIVE)
    return render(notebook, folder, ("html", "pdf", "docx"), pick("embedded"), handmade.META)


def pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def plain(text: str) -> str:
    """Return a text without blanks, and without the places where a long run of letters may break."""
    return re.sub(r"[\s\u200b]", "", text)


def test_pdf_can_be_searched(made: dict[str, Path]) -> None:
    text = pdf_text(made["pdf"])
    for word in ("校际差异率", "0.46", "合成数据，仅供演示", "一、资源配置", "图 1", "表 2"):
        assert word in re.sub(r"(?<=[图表])(?=\d)", " ", text), word


def test_every_page_bears_its_own_number(made: dict[str, Path]) -> None:
    pages = list(pypdfium2.PdfDocument(made["pdf"]))
    told = [re.findall(r"— (\d+) —", page.get_textpage().get_text_range()) for page in pages]
    assert told == [[str(number + 1)] for number in range(len(pages))]


def test_every_page_is_marked_as_synthetic(made: dict[str, Path]) -> None:
    document = pypdfium2.PdfDocument(made["pdf"])
    assert len(document) > 3
    for page in document:
        assert handmade.META.mark in page.get_textpage().get_text_range()


def test_room_to_fill_in_is_a_line_that_does_not_break(tmp_path: Path) -> None:
    extra = "责任单位[&nbsp;&nbsp;&nbsp;&nbsp;]{.blank}，时限[&nbsp;&nbsp;&nbsp;&nbsp;]{.blank}。"
    notebook = handmade.write(tmp_path / "report.ipynb", schools=3, extra=extra)
    done = render(notebook, tmp_path, ("html", "pdf", "docx"), pick("embedded"), handmade.META)
    blank = "\u00a0" * 4
    assert f'<span class="blank">{blank}</span>' in done["html"].read_text(encoding="utf-8")
    words = zipfile.ZipFile(done["docx"]).read("word/document.xml").decode()
    assert words.count('<w:u w:val="single"') == 2
    assert f">{blank}</w:t>" in words
    assert "责任单位，时限。" in plain(pdf_text(done["pdf"]))


def test_real_data_carry_no_mark(tmp_path: Path) -> None:
    from dataclasses import replace

    notebook = handmade.write(tmp_path / "report.ipynb", schools=3)
    done = render(notebook, tmp_path, ("html", "pdf"), pick("embedded"), replace(handmade.META, synthetic=False))
    assert handmade.META.mark not in done["html"].read_text(encoding="utf-8")
    assert handmade.META.mark not in pdf_text(done["pdf"])


def test_data_stay_data(made: dict[str, Path]) -> None:
    page = made["html"].read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    text = plain(pdf_text(made["pdf"]))
    for name in LIVE:
        assert plain(name) in text, name


def test_nothing_raw_survives_in_prose(tmp_path: Path) -> None:
    raw = (
        "`#panic()`{=typst} 甲\n\n```{=typst}\n#panic()\n```\n\n"
        "```{=html}\n<script>alert(1)</script>\n```\n\n![](/etc/hostname)\n"
    )
    notebook = handmade.write(tmp_path / "report.ipynb", schools=2, extra=raw)
    done = render(notebook, tmp_path, ("html", "pdf"), pick("embedded"), handmade.META)
    page = done["html"].read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "/etc/hostname" not in page
    assert "#panic()" in pdf_text(done["pdf"])


def test_the_same_input_gives_the_same_bytes(made: dict[str, Path], tmp_path: Path) -> None:
    notebook = handmade.write(tmp_path / "report.ipynb", schools=120, names=LIVE)
    again = render(notebook, tmp_path, ("html", "pdf", "docx"), pick("embedded"), handmade.META)
    for name, path in made.items():
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(again[name].read_bytes()).digest(), name


def test_a_long_table_breaks_over_pages_and_overprints_nothing(made: dict[str, Path]) -> None:
    document = pypdfium2.PdfDocument(made["pdf"])
    heads = 0
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        boxes = []
        for i in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(i)
            assert left >= 70
            assert right <= width - 60, text.get_text_bounded(left, bottom, right, top)
            assert bottom >= 40
            assert top <= height - 40
            boxes.append((left, bottom, right, top))
        heads += text.get_text_range().count("多媒体")
        for i, one in enumerate(boxes):
            for other in boxes[i + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                small = min(one[3] - one[1], other[3] - other[1])
                assert across < 1 or down < 0.6 * small, text.get_text_bounded(*one)
    assert heads >= 4  # once in the table of coefficients, and on each page of the long table


def test_the_source_of_a_table_stays_with_its_last_row(tmp_path: Path) -> None:
    document = handmade.notebook(schools=2)
    for number in range(40):
        rows = [[(f"第{number}表{row}行", ""), ("1", "num")] for row in range(20 + number % 7)]
        table = handmade.table(f"t{number}", f"表题{number}", ("甲", "乙"), rows)
        source = f"\n\n::: {{.source}}\n第{number}表来源。\n:::\n"
        document.cells.append(handmade.code("#| echo: false\n1", handmade.markdown_output(table + source)))
    nbformat.write(document, tmp_path / "report.ipynb")
    made = render(tmp_path / "report.ipynb", tmp_path, ("pdf",), pick("embedded"), handmade.META)
    printed = pypdfium2.PdfDocument(made["pdf"])
    pages = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in printed]
    for number in range(40):
        held = [page for page in pages if f"第{number}表来源" in page]
        assert len(held) == 1
        assert f"第{number}表{19 + number % 7}行" in held[0]
    # Tables begin where they did: none jumps to leave half a page empty.
    full = [len(re.findall(r"第\d+表\d+行", page)) for page in pages]
    assert min(full[3:-1]) > 0.6 * max(full)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("rows", "whole"), [(5, True), (45, False)])
def test_a_short_table_is_never_parted_and_a_long_one_is(rows: int, whole: bool, tmp_path: Path) -> None:
    """Thirty tables below one to four lines meet the foot of pages at many heights."""
    document = handmade.notebook(schools=2)
    for number in range(30):
        cells = [[(f"第{number}表{row}行", ""), ("1", "num")] for row in range(rows)]
        table = handmade.table(f"t{number}", f"表题{number}", ("甲", "乙"), cells)
        document.cells.append(
            handmade.code(
                "#| echo: false\n1",
                handmade.markdown_output("\n\n".join(["一段。"] * (1 + number % 4)) + f"\n\n{table}"),
            )
        )
    nbformat.write(document, tmp_path / "report.ipynb")
    made = render(tmp_path / "report.ipynb", tmp_path, ("pdf",), pick("embedded"), handmade.META)
    pages = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(made["pdf"])]
    parted = [
        n for n in range(30) if sum(f"第{n}表0行" in page or f"第{n}表{rows - 1}行" in page for page in pages) > 1
    ]
    assert (parted == []) is whole


def test_pdf_has_contents_bookmarks_and_metadata(made: dict[str, Path]) -> None:
    document = pypdfium2.PdfDocument(made["pdf"])
    marks = [bookmark.get_title() for bookmark in document.get_toc()]
    assert marks[:2] == ["一、资源配置", "（一）哪些学校没有达到"]
    about = document.get_metadata_dict()
    assert about["Title"] == handmade.META.title
    assert about["Author"] == handmade.META.office
    assert about["CreationDate"].startswith("D:20241120")
    root: dict[str, Any] = dict(PdfReader(made["pdf"]).root_object)
    assert root["/Lang"] == "zh-CN"
    assert "/MarkInfo" in root
    assert "/StructTreeRoot" in root


def test_pages_stay_small(made: dict[str, Path]) -> None:
    assert made["html"].stat().st_size < 3_000_000
    assert made["pdf"].stat().st_size < 3_000_000


def test_a_failed_cell_stops_the_report(tmp_path: Path) -> None:
    import nbformat

    broken = handmade.notebook(schools=2)
    broken.cells[1].outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])]
    nbformat.write(broken, tmp_path / "report.ipynb")
    with pytest.raises(DataError, match="ValueError"):
        render(tmp_path / "report.ipynb", tmp_path, ("html",), pick("embedded"), handmade.META)
    assert not (tmp_path / "report.html").exists()


def test_unknown_words_are_told() -> None:
    with pytest.raises(RequestError, match="latex"):
        pick("latex")
    with pytest.raises(RequestError, match="odt"):
        render(Path("x.ipynb"), Path(), ("odt",), pick("embedded"), handmade.META)


def test_the_committed_reference_is_what_the_code_makes() -> None:
    assert reference_path().read_bytes() == reference.build()


def test_meta_without_province_names_the_series() -> None:
    meta = Meta("t", "", "c", 2024, "en", "internal", False, "2024-01-01", "o")
    assert meta.header == "Monitoring of high-quality balanced compulsory education"
    assert meta.mark == ""


def test_an_office_document_bears_its_subtitle(made: dict[str, Path]) -> None:
    assert ("Subtitle", handmade.META.subtitle) in office.told(made["docx"]).paragraphs


#: Texts that Typst would take for something else where a cell begins, or anywhere.
STRANGE = (
    "= 标题", "== x", "- 第一", "+ 第二", "/ 词: 义", "1. 第三", "2024. 年", "甲--乙", "甲---乙", "等...",
    "第-1组", "A-?B", "//注", "'甲' \"乙\"", "~x~", "12-",
)  # fmt: skip


def test_texts_stand_in_cells_of_the_pdf_as_they_were_written(tmp_path: Path) -> None:
    notebook = handmade.write(tmp_path / "report.ipynb", schools=len(STRANGE), names=STRANGE)
    made = render(notebook, tmp_path, ("pdf",), pick("embedded"), handmade.META)
    text = plain(pdf_text(made["pdf"]))
    assert [name for name in STRANGE if plain(name) not in text] == []
    headings = [str(item["/Title"]) for item in PdfReader(made["pdf"]).outline if isinstance(item, dict)]
    assert not [heading for heading in headings if heading in ("标题", "x")]


def test_a_run_of_letters_that_no_cell_holds_breaks_within_the_cell(tmp_path: Path) -> None:
    """Nothing is printed outside of the margins, and nothing is lost."""
    long = "W" * 120
    notebook = handmade.write(tmp_path / "report.ipynb", schools=2, names=(long, "第二小学"))
    made = render(notebook, tmp_path, ("pdf",), pick("embedded"), handmade.META)
    document = pypdfium2.PdfDocument(made["pdf"])
    letters = 0
    for page in document:
        text, (width, _) = page.get_textpage(), page.get_size()
        for place in range(text.count_chars()):
            if text.get_text_range(place, 1) == "W":
                letters += 1
                left, _, right, _ = text.get_charbox(place)
                assert 60 < left < right < width - 60
    assert letters >= len(long)


def test_characters_that_the_fonts_lack_are_named() -> None:
    assert fonts.lacking("第一小学 ABC 0.46，𠮷\u200b𠮷\n") == ("𠮷",)
    assert fonts.lacking("第一小学") == ()
