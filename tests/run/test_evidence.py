"""The command `junheng evidence`: its workbook is written once and then read; the register is written anew."""

from pathlib import Path

import openpyxl
import pytest

from analysis.cli import main
from analysis.read.register import columns
from analysis.tell import open_report
from tests.run.test_ledger import COUNTY, data

__all__ = ["data"]


def test_it_is_written_once_then_read_and_merged(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form, out = data / "evidence" / f"{COUNTY}_2024.xlsx", tmp_path / "out"
    words = ["evidence", COUNTY, "--data", str(data), "--out", str(out)]
    assert main(words) == 0
    told = capsys.readouterr().out.splitlines()
    assert str(form) in told[0]
    register = next(out.rglob("evidence.xlsx"))
    book = openpyxl.load_workbook(form)
    page = book.worksheets[0]
    place = {name: position for position, name in enumerate(columns(), start=1)}
    assert page.max_row - 1 == len(open_report(COUNTY, data=data).table("evidence").frame)  # type: ignore[union-attr]
    rows = {page.cell(row, place["id"]).value: row for row in range(2, page.max_row + 1)}
    page.cell(rows["government.layout"], place["number"]).value = "县政发〔2024〕9号"
    page.cell(rows["government.layout"], place["page"]).value = 7
    book.save(form)
    before = form.read_bytes()
    mine = openpyxl.load_workbook(register)
    mine.worksheets[0]["A30"] = "我的备注"
    mine.save(register)
    own = register.read_bytes()

    assert main(words) == 0
    said = capsys.readouterr()
    assert form.read_bytes() == before
    assert "1" in said.out.splitlines()[0]
    assert "evidence.edited-1.xlsx" in said.err
    assert register.with_name("evidence.edited-1.xlsx").read_bytes() == own
    values = [
        cell for row in openpyxl.load_workbook(register).worksheets[0].iter_rows(values_only=True) for cell in row
    ]
    assert "县政发〔2024〕9号" in values
    assert openpyxl.load_workbook(register).sheetnames == ["佐证目录", "待补佐证", "一校一档清单", "一校一档各校"]


@pytest.mark.parametrize("words", [[], ["340103"], ["990101", "--year", "1999"]])
def test_a_wrong_request_is_one_line(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", *words, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_workbook_is_one_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "evidence").mkdir()
    (data / "evidence" / f"{COUNTY}_2024.xlsx").write_bytes(b"no workbook")
    assert main(["evidence", COUNTY, "--data", str(data), "--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
