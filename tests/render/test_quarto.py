"""Both engines print the same report: headings, tables, numbers, figures, captions."""

import re
import shutil
from pathlib import Path

import lxml.html
import pypdfium2
import pytest

from analysis.render import Meta, pick, quarto, render
from analysis.tell import Report
from tests.render import handmade, office

from .conftest import executed

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on PATH"),
]
FORMATS = ("html", "pdf", "docx")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    folder = tmp_path_factory.mktemp("both")
    notebook = handmade.write(folder / "report.ipynb", schools=30)
    return {
        name: render(notebook, folder / name, FORMATS, pick(name), handmade.META) for name in ("embedded", "quarto")
    }


def page(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def words(node: lxml.html.HtmlElement) -> str:
    return re.sub(r"\s+", "", node.text_content())


def test_auto_takes_quarto_where_it_answers() -> None:
    assert quarto.version()
    assert pick("auto").name == "quarto"


@pytest.mark.parametrize("what", ["//h1|//h2|//h3", "//table//tr", "//span[@data-f]", "//figcaption|//caption", "//li"])
def test_pages_say_the_same(both: dict[str, dict[str, Path]], what: str) -> None:
    ours, theirs = (sorted(words(node) for node in page(both[name]["html"]).xpath(what)) for name in both)
    assert ours
    assert theirs == ours


def test_pages_show_the_same_figures(both: dict[str, dict[str, Path]]) -> None:
    ours, theirs = (
        [drawn.get("aria-label") for drawn in page(both[name]["html"]).xpath("//figure//svg[@role='img']")]
        for name in both
    )
    assert ours == theirs == ["散点图：每点一所学校"]


def test_failing_cells_are_marked_in_both(both: dict[str, dict[str, Path]]) -> None:
    ours, theirs = (
        [words(cell) for cell in page(both[name]["html"]).xpath("//td[contains(@class, 'not-met')]")] for name in both
    )
    assert ours
    assert theirs == ours


def test_pdfs_hold_the_same_words(both: dict[str, dict[str, Path]]) -> None:
    def letters(path: Path) -> list[str]:
        text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(path))
        return sorted(re.sub(r"[\s\u2028\ufffe—.]|\d+", "", text))

    ours, theirs = (letters(both[name]["pdf"]) for name in both)
    differing = set("".join(ours)) ^ set("".join(theirs))
    assert not differing
    assert abs(len(ours) - len(theirs)) < 0.02 * len(ours)


def test_pages_tables_and_figures_are_numbered_alike(both: dict[str, dict[str, Path]]) -> None:
    def numbers(path: Path) -> list[str]:
        text = " ".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(path))
        return re.findall(r"— \d+ —", text) + sorted(set(re.findall(r"[图表] ?\d+", text)))

    ours, theirs = (numbers(both[name]["pdf"]) for name in both)
    assert ours
    assert theirs == ours


def test_pdfs_hold_the_same_numbers(both: dict[str, dict[str, Path]]) -> None:
    def numbers(path: Path) -> set[str]:
        text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(path))
        return set(re.findall(r"\d[\d,]*\.\d+", text))

    ours, theirs = (numbers(both[name]["pdf"]) for name in both)
    assert ours == theirs


def test_office_documents_are_the_same(both: dict[str, dict[str, Path]]) -> None:
    ours, theirs = (office.told(both[name]["docx"]) for name in both)
    assert theirs == ours
    assert ours.drawings
    assert office.doubled(both["quarto"]["docx"]) == []


def test_office_documents_of_a_county_are_the_same(report: Report, meta: Meta, tmp_path: Path) -> None:
    notebook = executed(report)
    ours, theirs = (
        office.told(render(notebook, tmp_path / name, ("docx",), pick(name), meta)["docx"])
        for name in ("embedded", "quarto")
    )
    assert theirs == ours
    assert all(one.described for one in ours.drawings)
    assert len(ours.drawings) == len({one.described for one in ours.drawings}) > 1


def test_pdfs_of_a_county_are_the_same(report: Report, meta: Meta, tmp_path: Path) -> None:
    notebook = executed(report)

    def lines(name: str) -> list[str]:
        path = render(notebook, tmp_path / name, ("pdf",), pick(name), meta)["pdf"]
        return [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(path)]

    assert lines("quarto") == lines("embedded")


def test_nothing_is_asked_of_the_network(both: dict[str, dict[str, Path]]) -> None:
    given = both["quarto"]["html"].read_text(encoding="utf-8")
    assert not re.search(r'(src|href)="(https?:)?//', given)
