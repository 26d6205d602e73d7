import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from analysis.cli import app, main
from tests.workbooks import COUNTY, HEADER, Rows, school, text

CLEAN: Rows = [HEADER, school(1), school(2), ["合计", None, None, 600, 18000]]


def lay(folder: Path, rows: Rows, year: int = 2024) -> None:
    text(folder / COUNTY / f"schools_{year}.csv", rows)
    entries = f"- {{file: {COUNTY}/schools_{year}.csv, county: '{COUNTY}', table: schools, year: {year}}}"
    counties = f"counties:\n  '{COUNTY}': {{zh: 青溪县, en: Qingxi County}}\n"
    (folder / "sources.yml").write_text(f"{counties}sources:\n{entries}\n", encoding="utf-8")


def check(folder: Path, *more: str) -> tuple[int, str, str]:
    out = ["--data", str(folder / "raw"), "--out", str(folder / "out")]
    result = CliRunner().invoke(app, ["check", *out, *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_ROOT", str(tmp_path / "root"))


def test_clean_data_exit_0_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    code, said, told = check(tmp_path, "--format", "json")
    assert code == 0
    assert json.loads(said) == [
        {"file": f"{COUNTY}/schools_2024.csv", "sheet": "", "read": 3, "kept": 2, "quarantined": 0, "other": 1}
    ]
    assert "3 行 = 保留 2 + 隔离 0 + 合计与说明 1" in told
    assert [path.name for path in (tmp_path / "out" / "check" / COUNTY).iterdir()] == ["index.html"]


def test_reports_that_lie_in_the_same_folder_stay(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    report = tmp_path / "out" / COUNTY / "2024" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>", encoding="utf-8")
    assert check(tmp_path)[0] == check(tmp_path)[0] == 0
    assert report.is_file()


def test_an_error_exits_1_with_file_row_and_sentence(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1), school(2, "约300"), school(3)])
    code, said, told = check(tmp_path, "--format", "csv")
    assert code == 1
    assert said.splitlines() == ["file,sheet,read,kept,quarantined,other", f"{COUNTY}/schools_2024.csv,,3,2,1,0"]
    assert "schools_2024.csv 3: 在校学生数/小学应为数值，实为“约300”。" in told


def test_the_workbook_for_a_school_marks_the_cell_and_says_why(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1), school(2, "约300", "=1+1"), school(3)])
    check(tmp_path)
    folder = tmp_path / "out" / "check" / COUNTY
    (book,) = folder.glob("*.xlsx")
    assert book.stem == "9901010002"
    page = openpyxl.load_workbook(book).worksheets[0]
    comments = {cell.value: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert comments == {
        "约300": "在校学生数/小学应为数值，实为“约300”。",
        "=1+1": "图书册数是出错的公式或没有结果的公式（=1+1）。",
    }
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert f'href="{book.name}"' in html
    assert "<script" not in html


def test_a_warning_keeps_exit_0_and_goes_back_to_the_school(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1, 100), school(2)])
    text(
        tmp_path / "raw" / COUNTY / "classes_2024.csv",
        [["学校代码", "年级", "班级", "学生数"], ["9901010001", 1, "1", 99]],
    )
    code, _, told = check(tmp_path)
    assert code == 0
    assert "在校学生数 100 与班额之和 99 不符。" in told
    assert [path.name for path in (tmp_path / "out" / "check" / COUNTY).glob("*.xlsx")] == ["9901010001_第1小学.xlsx"]


def test_a_broken_file_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    (tmp_path / "raw" / COUNTY / "survey_2024.xlsx").write_bytes(b"")
    code, said, told = check(tmp_path, "--format", "json")
    assert code == 1
    assert [row["kept"] for row in json.loads(said)] == [2]
    assert "survey_2024.xlsx 是空文件" in told
    assert "survey_2024.xlsx" in (tmp_path / "out" / "check" / COUNTY / "index.html").read_text(encoding="utf-8")


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>../../x"
    lay(tmp_path / "raw", [HEADER, school(1), school(2, -1, name=name), school(2, 5, name=name)])
    check(tmp_path)
    folder = tmp_path / "out" / "check" / COUNTY
    assert "<script" not in (folder / "index.html").read_text(encoding="utf-8")
    assert all(path.parent == folder for path in folder.rglob("*"))


def test_unknown_counties_and_folders_exit_2_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(tmp_path / "raw", CLEAN)
    assert main(["check", "--county", "../../x", "--data", str(tmp_path / "raw")]) == 2
    assert main(["check", "--data", str(tmp_path / "none")]) == 2
    assert main(["check", "--data", str(tmp_path / "raw" / COUNTY)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 3


def test_the_page_speaks_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    lay(tmp_path / "raw", [HEADER, school(1, -1)])
    _, _, told = check(tmp_path)
    assert "1 rows read = 0 kept + 1 set aside + 0 totals and notes" in told
    assert "Data check: Qingxi County" in (tmp_path / "out" / "check" / COUNTY / "index.html").read_text(
        encoding="utf-8"
    )
