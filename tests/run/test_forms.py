"""The command `junheng selfassessment`: two Word files, never written over where someone changed them."""

import zipfile
from pathlib import Path

import pytest

from analysis import cli
from tests.run.test_ledger import COUNTY, data

__all__ = ["data"]


def letters(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        return parts.read("word/document.xml").decode()


@pytest.mark.slow
def test_forms_are_built_kept_and_set_aside(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["selfassessment", COUNTY, "--data", str(data), "--out", str(tmp_path / "out"), "--engine", "embedded"]
    folder = tmp_path / "out" / COUNTY / "2024"
    report, form = folder / "selfassessment.docx", folder / "application.docx"
    assert cli.main(words) == 0
    assert "县情概况" in letters(report)
    assert "申报基本信息" in letters(form)
    capsys.readouterr()

    # Nothing changed but the form itself: it is left as it is.
    report.write_bytes(b"what the office wrote")
    assert cli.main(words) == 0
    assert report.read_bytes() == b"what the office wrote"
    assert "没有变化" in capsys.readouterr().out

    # A template of the office's own: it is built by that, and what the office wrote lies beside it.
    (data / "templates").mkdir()
    own = data / "templates" / "selfassessment.zh.md.j2"
    own.write_text("# 本地表\n\n{{ report.name }}\n", "utf-8")
    assert cli.main(words) == 0
    assert "selfassessment.edited-1.docx" in capsys.readouterr().err
    assert report.with_name("selfassessment.edited-1.docx").read_bytes() == b"what the office wrote"
    assert "本地表" in letters(report)
    assert not form.with_name("application.edited-1.docx").exists()

    own.write_text("{{ told.no_such }}", "utf-8")
    before = report.read_bytes()
    assert cli.main(words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert report.read_bytes() == before


@pytest.mark.parametrize("words", [[], ["340103"], ["990101", "--year", "1999"]])
def test_a_wrong_request_is_one_line(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["selfassessment", *words, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
