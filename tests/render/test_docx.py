"""The DOCX as office programs ask: properties in the schema's order, grids that are whole, heads that repeat."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.render import office


@pytest.fixture(scope="module")
def path(built: Path) -> Path:
    return built / "report.docx"


def test_properties_stand_in_the_order_of_the_schema_and_once(path: Path) -> None:
    assert office.misplaced(path) == []
    assert office.doubled(path) == []


def test_a_property_out_of_its_place_is_found(path: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.docx"
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(broken, "w") as taken:
        for entry in given.infolist():
            data = given.read(entry)
            if entry.filename == "word/document.xml":
                assert b"<w:pPr><w:pStyle" in data
                data = data.replace(b"<w:pPr><w:pStyle", b'<w:pPr><w:jc w:val="left"/><w:pStyle', 1)
            taken.writestr(entry, data)
    assert office.misplaced(broken) == ["pPr"]


def test_every_table_has_its_grid_and_the_cells_of_it(path: Path) -> None:
    shapes = office.shapes(path)
    assert len(shapes) > 10
    for shape in shapes:
        assert all(width > 0 for width in shape.grid)
        assert set(shape.cells) == {len(shape.grid)}


def test_heads_repeat_and_first_columns_lead(path: Path) -> None:
    shapes = [shape for shape in office.shapes(path) if len(shape.cells) > 1]
    assert all(shape.repeats and shape.leads for shape in shapes)


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_prints_its_parts(path: Path, tmp_path: Path) -> None:
    import pypdfium2

    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "report.pdf")]
    text = "".join(pages)
    assert all(word in text for word in ("结论", "基本情况", "附件", "校际差异"))
    # The head of the long table of schools is there again on its second page.
    assert sum("达标项数" in page for page in pages) > 1
