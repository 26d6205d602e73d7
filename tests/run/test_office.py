"""Documents of an office end to end: their files, that they are left when nothing changed, and faults in one line."""

from pathlib import Path

import pypdfium2
import pytest

from analysis import cli
from analysis.kinds import kind
from analysis.run.commands import beside

KINDS = ("deadlines", "warning", "notice")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", KINDS)
def test_a_document_is_built_told_from_its_day_and_then_left(name: str, tmp_path: Path) -> None:
    given = {"out": str(tmp_path), "formats": "pdf", "date": "2025-01-15", "engine": "embedded"}
    given |= {"audience": "public"} if name == "notice" else {}
    assert "新生成 1" in beside.run(kind(name), "990101", "", given)
    folder = tmp_path / "990101" / "2024" / ("public-zh-national-2017" if name == "notice" else "")
    text = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(folder / f"{name}.pdf")
    ).replace(" ", "")
    assert "2025年1月15日" in text
    assert ":::" not in text
    assert "新生成 0，未变化 1" in beside.run(kind(name), "990101", "", given)
    assert "新生成 1" in beside.run(kind(name), "990101", "", given | {"date": "2025-01-16"})


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("words", [[], ["340103"], ["990101", "--date", "soon"], ["990101", "--formats", "xlsx"]])
def test_a_wrong_request_is_one_line(
    name: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([name, *words, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
