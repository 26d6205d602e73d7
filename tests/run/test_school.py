"""Sheets of schools end to end, on the sample province."""

from pathlib import Path

import pypdfium2
import pytest

from analysis import cli
from analysis.errors import RequestError
from analysis.kinds import kind
from analysis.run.build import manifest
from analysis.run.commands import school

COMBINED, SHORT = "9901010051", "9901010049"


def run(out: Path, code: str = "", county: str = "", **words: str) -> str:
    return school.run(code, county, words.pop("year", ""), words | {"out": str(out)})


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    run(folder, COMBINED, year="2019")
    return folder


def test_a_sheet_is_one_page_in_three_formats(out: Path) -> None:
    folder = out / "990101" / "2019" / "schools"
    names = {f"{COMBINED}.{each}" for each in kind("school").formats}
    assert {path.name for path in folder.iterdir()} == names | {
        f".{COMBINED}.junheng.json",
        manifest.NAME,
        manifest.STATE,
    }
    pdf = pypdfium2.PdfDocument(folder / f"{COMBINED}.pdf")
    assert len(pdf) == 1
    text = pdf[0].get_textpage().get_text_range()
    assert "杨林九年一贯制学校" in text
    assert "一校一表" in text


def test_what_is_current_is_left_and_another_format_keeps_it(out: Path) -> None:
    folder = out / "990101" / "2019" / "schools"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert "新生成 0，未变化 1" in run(out, COMBINED, year="2019")
    assert "新生成 0，未变化 1" in run(out, "杨林九年一贯制学校", year="2019", formats="pdf")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_unknown_school_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["school", "99010100499", "--county", "990101", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert SHORT in said[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [{}, {"code": SHORT, "formats": "xlsx"}, {"code": SHORT, "year": "1999"}])
def test_a_wrong_request_is_told_before_anything_is_written(tmp_path: Path, words: dict[str, str]) -> None:
    with pytest.raises(RequestError):
        run(tmp_path, **words)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_all_schools_of_a_county_have_their_own_sheet(tmp_path: Path) -> None:
    run(tmp_path, county="990105", formats="pdf")
    sheets = sorted((tmp_path / "990105" / "2024" / "schools").glob("*.pdf"))
    texts = []
    for sheet in sheets:
        pdf = pypdfium2.PdfDocument(sheet)
        assert len(pdf) == 1, sheet.name
        texts.append(pdf[0].get_textpage().get_text_range())
    assert all(f"学校代码 {sheet.stem}" in text for sheet, text in zip(sheets, texts, strict=True))
    assert len(set(texts)) == len(sheets) > 1
