"""The documents that Quarto makes, held beside ours: what counts as the same, and one row of the table itself."""

import shutil
from pathlib import Path

import pytest

from benchmarks.quarto import matrix, page
from benchmarks.quarto.seen import differing
from tests import every_kind
from tests.render.browser import CHROMIUM

SEEN = {"headings": ["一", "二"], "tables": [[["1"]]], "pages": 10, "sideways": {1280: 0, 390: 0}, "network": []}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, []),
        ({"pages": 11}, []),
        ({"pages": 12}, ["pages 10/12"]),
        ({"headings": ["一", "三", "四"]}, ["headings 1 of 2/3"]),
        ({"tables": [[["2"]]]}, ["tables 0 of 1/1"]),
        ({"sideways": {1280: 0, 390: 12}}, ["scrolls at 390: 12"]),
        ({"network": ["https://example.org"]}, ["network 1"]),
    ],
)
def test_what_differs_is_told_and_only_that(other: dict[str, object], found: list[str]) -> None:
    assert differing(SEEN, SEEN | other) == found


def test_the_page_shows_what_was_found() -> None:
    assert page.filled() == page.PAGE.read_text(encoding="utf-8"), "run python -m benchmarks.quarto.page"
    lines = page.table({"1.11.0": {"county.zh": {"html": "same", "pdf": "pages 10/12"}}}).splitlines()
    assert lines[2] == "| county zh | same | pages 10/12 | not tried |"
    assert lines[-1].startswith("| review en |  |  | not tried |")


@pytest.mark.quarto
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on PATH")
@pytest.mark.skipif(CHROMIUM is None or shutil.which("soffice") is None, reason="Chromium or LibreOffice is missing")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["school", "deadlines"])
def test_quarto_makes_the_same_documents(kind: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    data = every_kind.raw(tmp_path / "data")
    cells = matrix.compared(kind, lang, tmp_path, data)
    assert set(cells.values()) == {matrix.SAME}, cells
