"""The report on one subject end to end, on the sample province."""

from pathlib import Path

import pypdfium2
import pytest

from analysis import cli
from analysis.kinds import kind
from analysis.run.build import manifest
from analysis.run.commands import subject


def test_a_report_on_a_subject_lies_beside_the_countys(tmp_path: Path) -> None:
    words = {"out": str(tmp_path)}
    assert "新生成 1" in subject.run("990101", "数学", "2024", words)
    folder = tmp_path / "990101" / "2024" / "subjects"
    assert {path.name for path in folder.iterdir()} == {
        ".mathematics.junheng.json",
        manifest.NAME,
        manifest.STATE,
        *(f"mathematics.{each}" for each in kind("subject").formats),
    }
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(folder / "mathematics.pdf"))
    assert "学科质量分析报告" in text
    assert "nan" not in text
    assert "新生成 0，未变化 1" in subject.run("990101", "mathematics", "2024", words)


@pytest.mark.parametrize("words", [["990101", "炼金术"], ["990101"], ["990103", "劳动", "--formats", "xlsx"]])
def test_a_wrong_request_is_one_line_and_exit_code_2(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["subject-report", *words, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
