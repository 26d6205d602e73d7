"""What readers of notebooks take of an output, each by its own order: words for a person, never marks of Pandoc."""

import json
import os
import re
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pytest
from nbclient import NotebookClient

from analysis.project import RENDERERS
from analysis.tell import Report
from tests.tell.conftest import school, small

from .conftest import ROOT

SETTINGS = ROOT / ".vscode" / "settings.json"
#: Each reader's order of mime types. VS Code sorts by a second one for those who use a screen reader; the first of
#: `notebook.displayOrder` stand before either.
ORDERS = {
    "vscode": ("text/html", "text/latex", "text/markdown", "image/png", "image/svg+xml", "text/plain"),
    "vscode, screen reader": ("text/latex", "text/markdown", "text/html", "image/svg+xml", "image/png", "text/plain"),
    "jupyterlab": ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "text/plain"),
    "nbconvert": ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "text/plain"),
}  # fmt: skip
MARKS = re.compile(r"\{[.#=]|:::|```|\[@|\]\(#|<!--|&lt;/?(?:span|table|div)")
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def report() -> Report:
    return small([school("1"), school("2", sports_area=900.0)])


def taken(data: dict[str, str], reader: str, settings: Path = SETTINGS) -> tuple[str, str]:
    """Return the mime type that a reader takes of an output, and what it says there."""
    first = json.loads(settings.read_text(encoding="utf-8"))["notebook.displayOrder"] if "vscode" in reader else []
    order = (*first, *ORDERS[reader])
    kind = next(kind for kind in order if kind in data)
    return kind, data[kind]


def left_over(kind: str, said: str) -> list[str]:
    """Return what a person would read of markup that is meant for Pandoc, where the output is words."""
    if kind.startswith("image/"):
        return []
    if kind == "text/html":
        page: Any = lxml.html.fromstring(said)
        for aside in page.xpath("//style|//script"):
            aside.getparent().remove(aside)
        said = str(page.text_content())
    return MARKS.findall(said)


def mime(shown: Any) -> dict[str, str]:
    """Return what a kernel sends to show an object."""
    return dict(shown._repr_mimebundle_())


@pytest.mark.parametrize("reader", ORDERS)
@pytest.mark.parametrize("what", ["front", "conclusion", "schools_primary"])
def test_every_reader_shows_words(reader: str, what: str, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RENDERERS:
        monkeypatch.delenv(name, raising=False)
    parts: dict[str, Any] = {"front": report.front(), "conclusion": report.chapter("conclusion")}
    shown = parts.get(what) or report.table(what)
    kind, said = taken(mime(shown), reader)
    assert kind == "text/html"
    assert left_over(kind, said) == []


def test_marks_of_pandoc_are_seen_where_they_are_left(tmp_path: Path, report: Report) -> None:
    (tmp_path / "settings.json").write_text('{"notebook.displayOrder": []}', encoding="utf-8")
    taken_without = taken(mime(report.chapter("conclusion")), "vscode, screen reader", tmp_path / "settings.json")
    assert left_over(*taken_without)
    assert left_over("text/html", "<p>[60]{.n f=a}</p>")


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_executed_outside_a_server_are_read_everywhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (*RENDERERS, "JPY_SESSION_NAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [output.data for output in outputs if output.output_type != "stream"]
    assert shown
    for reader in ORDERS:
        assert [found for data in shown if (found := left_over(*taken(data, reader)))] == [], reader
    assert [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"] == []
