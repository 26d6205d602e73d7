"""The command `junheng township` end to end, on the sample province."""

import re
from pathlib import Path

import pypdfium2
import pytest

from analysis import cli
from analysis.run.build import manifest
from analysis.run.commands import township
from analysis.run.commands.file_names import portable

NAME = "长岭镇"


def test_a_township_has_its_documents_and_is_then_left(tmp_path: Path) -> None:
    words = {"out": str(tmp_path), "formats": "pdf"}
    assert "新生成 1" in township.run("990101", "长岭", "", words)
    folder = tmp_path / "990101" / "2024" / "townships"
    assert {one.name for one in folder.iterdir()} == {
        f"{NAME}.pdf",
        f".{NAME}.junheng.json",
        manifest.NAME,
        manifest.STATE,
    }
    text = pypdfium2.PdfDocument(folder / f"{NAME}.pdf")[0].get_textpage().get_text_range()
    assert f"青溪县{NAME}" in text.replace(" ", "")
    assert "本报告只选列本镇学校" in text.replace(" ", "")  # 长岭镇 is a town
    assert "征求意见稿" not in text
    assert "新生成 0，未变化 1" in township.run("990101", NAME, "", words)
    assert "新生成 1" in township.run("990101", NAME, "", words | {"status": "draft"})
    pages = pypdfium2.PdfDocument(folder.parent / "draft" / folder.name / f"{NAME}.pdf")
    assert all("征求意见稿" in page.get_textpage().get_text_range() for page in pages)


@pytest.mark.parametrize(
    "words", [["990101", "常岭镇"], ["990101"], ["990101", NAME, "--year", "1999"], ["340103", NAME], []]
)
def test_a_wrong_request_is_one_line_and_leaves_nothing(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["township", *words, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_an_unknown_township_is_told_with_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["township", "990101", "常岭镇", "--out", str(tmp_path)]) == 2
    assert NAME in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("../x", "__x"),
        ("a/b:c", "a_b_c"),
        ("con", "_con"),
        ("Aux.镇", "_Aux.镇"),
        ("镇" * 61, "镇" * 60),
    ],
)
def test_a_name_of_files_is_one_on_every_system(name: str, begins: str) -> None:
    assert re.fullmatch(re.escape(begins) + "-[0-9a-f]{6}", portable(name))


@pytest.mark.parametrize("name", [NAME, "contour", "a_b_c"])
def test_a_name_that_can_be_one_of_a_file_stays(name: str) -> None:
    assert portable(name) == name


@pytest.mark.parametrize("names", [("a/b", "a:b", "a_b"), ("镇" * 61, "镇" * 62), ("con", "_con")])
def test_no_two_townships_share_their_files(names: tuple[str, ...]) -> None:
    assert len({portable(name) for name in names}) == len(names)
