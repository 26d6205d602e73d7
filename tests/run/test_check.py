import csv
import html
import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml
from typer.testing import CliRunner

from analysis.cli import app, main
from tests.workbooks import COUNTY, HEADER, Rows, book, school, text

ROOT = Path(__file__).parents[2]

CLEAN: Rows = [HEADER, school(1), school(2), ["合计", None, None, 600, 18000]]
SAMPLE = Path(__file__).parents[2] / "data" / "raw"
CLASSES: list[object] = ["学校代码", "年级", "班级", "学生数"]


def lay(folder: Path, rows: Rows, year: int = 2024) -> None:
    text(folder / COUNTY / f"schools_{year}.csv", rows)
    entries = f"- {{file: {COUNTY}/schools_{year}.csv, county: '{COUNTY}', table: schools, year: {year}}}"
    counties = f"counties:\n  '{COUNTY}': {{zh: 青溪县, en: Qingxi County}}\n"
    (folder / "sources.yml").write_text(f"{counties}sources:\n{entries}\n", encoding="utf-8")


def check(folder: Path, *more: str) -> tuple[int, str, str]:
    out = ["--data", str(folder / "raw"), "--out", str(folder / "out")]
    result = CliRunner().invoke(app, ["check", *out, *more])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def page_of(folder: Path) -> str:
    return (folder / "out" / "check" / COUNTY / "index.html").read_text(encoding="utf-8")


def findings(told: str) -> list[str]:
    """Return the lines of causes on standard error."""
    return [line.strip() for line in told.splitlines() if line.startswith(("  ✗", "  !"))]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root").mkdir(exist_ok=True)
    shutil.copy(ROOT / "_brand.yml", tmp_path / "root")
    monkeypatch.setenv("JUNHENG_ROOT", str(tmp_path / "root"))


def test_clean_data_exit_0_and_every_row_and_cell_is_accounted_for(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    code, said, told = check(tmp_path, "--format", "json")
    assert code == 0
    rows = {"read": 3, "kept": 2, "quarantined": 0, "other": 1}
    cells = {"cells": 18, "used": 18, "unused": 0}
    assert json.loads(said) == [{"file": f"{COUNTY}/schools_2024.csv", "sheet": "", **rows, **cells}]
    assert "3 行 = 保留 2 + 隔离 0 + 合计与说明 1" in told
    assert "单元格 18 个 = 采用 18 + 未采用 0" in told
    assert "没有需要处理的问题" in told
    assert [path.name for path in (tmp_path / "out" / "check" / COUNTY).glob("[!.]*")] == ["index.html"]


def test_reports_that_lie_in_the_same_folder_stay(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    report = tmp_path / "out" / COUNTY / "2024" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>", encoding="utf-8")
    assert check(tmp_path)[0] == check(tmp_path)[0] == 0
    assert report.is_file()


def test_a_bare_county_is_the_same_as_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(tmp_path / "raw", CLEAN)
    assert check(tmp_path, COUNTY) == check(tmp_path, "--county", COUNTY) == check(tmp_path, COUNTY, "--county", COUNTY)
    assert main(["check", COUNTY, "--county", "990102", "--data", str(tmp_path / "raw")]) == 2
    assert capsys.readouterr().err.strip() == f"写了两个县区：“{COUNTY}”和“990102”。请只写一个。"


def test_an_error_exits_1_with_file_place_school_and_sentence(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1), school(2, "约300"), school(3)])
    code, said, told = check(tmp_path, "--format", "csv")
    assert code == 1
    columns = "file,sheet,read,kept,quarantined,other,cells,used,unused"
    assert said.splitlines() == [columns, f"{COUNTY}/schools_2024.csv,,3,2,1,0,20,15,5"]
    assert findings(told) == [
        "✗ 990101/schools_2024.csv D3（9901010002 第2小学）: 在校学生数/小学应填数字，却写着“约300”。"
        "请改为数字；没有数据的留空。"
    ]


def test_a_table_has_heads_in_the_readers_words(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    heads = check(tmp_path)[1].splitlines()[0].split()
    assert heads == ["文件", "工作表", "读入行", "保留", "隔离", "合计与说明", "有内容的格", "采用", "未采用"]


def test_notices_are_the_same_in_each_format(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [[*HEADER, "备注"], [*school(1), "好"], [*school(2, -5), None], [*school(3, "３００"), None]])
    code, said, _ = check(tmp_path, "--notices", "--format", "json")
    assert code == 1
    rows = json.loads(said)
    assert list(rows[0]) == ["file", "sheet", "place", "kind", "reason", "rule", "severity", "unused"]
    assert {(one["rule"], one["place"], one["kind"]) for one in rows} >= {
        ("negative", "D3", "value"),
        ("number_written", "D4", "value"),
    }
    (note,) = (one for one in rows if "备注" in one["reason"])
    assert (note["kind"], note["severity"], note["rule"]) == ("column", "notice", "column_of_notes")
    accounts = json.loads(check(tmp_path, "--format", "json")[1])
    assert sum(one["unused"] for one in rows) == sum(one["unused"] for one in accounts) > 0
    as_csv = list(csv.DictReader(io.StringIO(check(tmp_path, "--notices", "--format", "csv")[1])))
    assert as_csv == [{name: str(value) for name, value in one.items()} for one in rows]
    table = check(tmp_path, "--notices")[1].splitlines()
    assert table[0].split() == list(rows[0])
    assert len(table) == 2 + len(rows)
    assert all(one["reason"] in line for one, line in zip(rows, table[2:], strict=True))


def test_unused_cells_alone_leave_exit_0_and_are_no_cause(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [["序号", *HEADER, "备注"], [1, *school(1), "好"], [2, *school(2), None]])
    code, said, told = check(tmp_path, "--format", "json")
    (account,) = json.loads(said)
    assert code == 0
    assert account["cells"] == account["used"] + account["unused"]
    assert account["unused"] > 0
    assert findings(told) == []
    page = page_of(tmp_path)
    assert "没有采用的单元格" in page
    assert "备注" in page


def test_the_workbook_for_a_school_marks_the_cell_and_says_why(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1), school(2, "约300", "=1+1"), school(3)])
    check(tmp_path)
    folder = tmp_path / "out" / "check" / COUNTY
    (path,) = folder.glob("*.xlsx")
    assert path.stem == "9901010002_第2小学"
    page = openpyxl.load_workbook(path).worksheets[0]
    comments = {cell.value: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    reasons = ["在校学生数/小学应填数字，却写着“约300”。", "图书册数是公式，没有可靠的结果（=1+1）。"]
    assert comments == {"约300": reasons[0], "=1+1": reasons[1]}
    assert "\n".join(reasons) in {cell.value for row in page.iter_rows() for cell in row}
    page_said = page_of(tmp_path)
    assert f'href="{path.name}"' in page_said
    assert "<script" not in page_said


def test_a_workbook_says_what_statistics_print_and_leaves_a_blank_blank(tmp_path: Path) -> None:
    header = [*HEADER[:4], "在校学生数/初中", "教学仪器设备值（万元）"]
    rows = [
        header,
        ["9901010001", "第1小学", "九年一贯制", 100, None, 15.794],
        ["9901010002", "第2小学", "小学", 50, None, 3],
    ]
    lay(tmp_path / "raw", rows)
    text(tmp_path / "raw" / COUNTY / "classes_2024.csv", [CLASSES, ["9901010001", 1, "1", 99]])
    check(tmp_path)
    (path,) = (tmp_path / "out" / "check" / COUNTY).glob("*.xlsx")
    lines = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=3, values_only=True)]
    told = dict(zip(lines[0], lines[1], strict=True))
    assert told["办学类型"] == "九年一贯制学校"
    assert told["教学仪器设备值（元）"] == 157_940
    assert told["在校学生数/小学（人）"] == 100
    assert "在校学生数/初中（人）" not in told


def test_a_warning_keeps_exit_0_and_goes_back_to_the_school(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1, 100), school(2)])
    text(tmp_path / "raw" / COUNTY / "classes_2024.csv", [CLASSES, ["9901010001", 1, "1", 99]])
    code, _, told = check(tmp_path)
    assert code == 0
    assert "在校学生数 100 与班额之和 99 不符。" in told
    assert [path.name for path in (tmp_path / "out" / "check" / COUNTY).glob("*.xlsx")] == ["9901010001_第1小学.xlsx"]


@pytest.mark.parametrize(("pupils", "said"), [(None, "在校学生数/小学空缺"), (0, "在校学生数 0 与班额之和 99 不符")])
def test_a_blank_is_never_told_as_0_and_0_is(tmp_path: Path, pupils: int | None, said: str) -> None:
    lay(tmp_path / "raw", [HEADER, school(1, pupils), school(2)])
    text(tmp_path / "raw" / COUNTY / "classes_2024.csv", [CLASSES, ["9901010001", 1, "1", 99]])
    assert said in check(tmp_path)[2]
    assert said in page_of(tmp_path)


def test_a_broken_file_is_told_first_and_the_others_are_read(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1), school(2), school(3, -1)])
    (tmp_path / "raw" / COUNTY / "survey_2024.xlsx").write_bytes(b"")
    code, said, told = check(tmp_path, "--format", "json")
    assert code == 1
    assert [row["kept"] for row in json.loads(said)] == [2]
    assert "survey_2024.xlsx 是空文件" in findings(told)[0]
    assert "为负数" in findings(told)[1]
    assert "survey_2024.xlsx" in page_of(tmp_path)
    notices = json.loads(check(tmp_path, "--notices", "--format", "json")[1])
    assert next((one["kind"], one["severity"]) for one in notices if "survey" in one["file"]) == ("file", "error")


def test_rows_of_a_school_set_aside_hang_on_it_in_one_line(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1), school(2, -1), school(3)])
    rows = [["9901010002", 1, str(number), 30] for number in range(44)] + [
        ["9901010003", 1, str(number), 100] for number in range(3)
    ]
    text(
        tmp_path / "raw" / COUNTY / "classes_2024.csv",
        [CLASSES, *rows, *(["9901010001", 1, str(number), 100] for number in range(3))],
    )
    told = findings(check(tmp_path)[2])
    assert len(told) == 2
    assert "D3（9901010002 第2小学）: 在校学生数/小学为负数（-1）。因此还有 44 处对不上（班额统计表 44 处）" in told[0]
    assert "未在 sources.yml 中登记" in told[1]
    page = page_of(tmp_path)
    assert page.count("该校当年没有学校记录。</td>") == 44
    assert len(list((tmp_path / "out" / "check" / COUNTY).glob("*.xlsx"))) == 1


def test_rows_of_schools_that_no_row_tells_of_are_one_line(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    rows = [[f"990101000{one}", 1, str(number), 300] for one in (7, 8) for number in range(3)]
    text(tmp_path / "raw" / COUNTY / "classes_2024.csv", [CLASSES, ["9901010001", 1, "1", 300], *rows])
    code, _, told = check(tmp_path)
    assert code == 0
    assert "2024 年的学校统计表里没有 2 所学校，其他表里却有。班额统计表 6 处。" in findings(told)[0]
    assert "9901010007、9901010008" in findings(told)[0]


def test_one_fault_of_a_column_is_one_line(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, *(school(number, f"约{number}") for number in range(1, 31)), school(40)])
    (line,) = findings(check(tmp_path)[2])
    assert "D2、D3、D4、D5、D6 等 30 处" in line
    assert "第5小学 等 30 所学校" in line
    assert "同类共 30 处" in line
    assert page_of(tmp_path).count("第30小学</a>") == 1


def test_the_first_20_causes_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    lay(tmp_path / "raw", CLEAN)
    for year in range(1, 24):
        text(tmp_path / "raw" / COUNTY / f"odd{year}.csv", CLEAN)
    told = check(tmp_path)[2]
    assert len(findings(told)) == 1  # strays are one cause: they say the same
    rows = [HEADER, school(1), *(school(2 + number, -1) for number in range(22))]
    for year in range(2000, 2022):
        text(tmp_path / "raw" / COUNTY / f"schools_{year}.csv", rows)
    told = check(tmp_path)[2]
    assert len(findings(told)) == 20
    assert "……还有 4 条，见检查页。" in told


def test_a_choice_says_what_may_stand_there_and_which_is_meant(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1, kind="完全小学校"), school(2, kind="？"), school(3)])
    (line,) = findings(check(tmp_path)[2])
    assert "办学类型“完全小学校”不在可选值之列。是否应为“小学”？" in line
    assert "可填：小学、小学教学点、初级中学、" in line
    assert "primary" not in line
    page = page_of(tmp_path)
    assert "primary" not in page
    assert "teaching_point" not in page
    (path, _) = sorted((tmp_path / "out" / "check" / COUNTY).glob("*.xlsx"))
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    (comment,) = (cell.comment.text for cell in cells if cell.comment)
    assert "可填：小学、小学教学点、" in comment


def test_a_choice_is_mended_in_the_words_of_statistics(tmp_path: Path) -> None:
    lay(tmp_path / "raw", [HEADER, school(1, kind="小 学"), school(2)])
    check(tmp_path)
    page = page_of(tmp_path)
    assert "读作 小学" in page
    assert "primary" not in page


def test_a_doubtful_column_prints_the_whole_line_to_add(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    lay(tmp_path / "raw", CLEAN)
    header = [*HEADER, "图书册数"]
    rows = [header, [*school(1), 1], [*school(2), 2]]
    book(tmp_path / "raw" / COUNTY / "schools_2023.xlsx", rows)
    code, _, told = check(tmp_path)
    assert code == 0
    line = next(one for one in findings(told) if "图书册数" in one)
    assert "columns: {books: E}" in line or "columns: {books: F}" in line
    added = line[line.index("columns:") :].split("}")[0] + "}"
    page = page_of(tmp_path)
    assert f"<code>{added}" in page
    (entry,) = (one.strip() for one in told.splitlines() if one.strip().startswith("- {file:"))
    (made,) = yaml.safe_load(entry)
    assert (made["file"], made["year"]) == (f"{COUNTY}/schools_2023.xlsx", 2023)
    assert str(made["columns"]["books"]) in added
    assert entry in html.unescape(page)
    path = tmp_path / "raw" / "sources.yml"
    path.write_text(f"{path.read_text(encoding='utf-8')}{entry}\n", encoding="utf-8")
    code, _, told = check(tmp_path)
    assert (code, findings(told)) == (0, [])


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>../../x"
    lay(tmp_path / "raw", [HEADER, school(1), school(2, -1, name=name), school(2, 5, name=name)])
    check(tmp_path)
    folder = tmp_path / "out" / "check" / COUNTY
    assert "<script" not in page_of(tmp_path)
    assert all(path.parent == folder for path in folder.rglob("*"))


def test_unknown_counties_and_folders_exit_2_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(tmp_path / "raw", CLEAN)
    assert main(["check", "--county", "../../x", "--data", str(tmp_path / "raw")]) == 2
    assert main(["check", "--data", str(tmp_path / "none")]) == 2
    assert main(["check", "--data", str(tmp_path / "raw" / COUNTY)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 3


def test_the_page_and_the_workbooks_speak_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    lay(tmp_path / "raw", [HEADER, school(1, -1)])
    _, _, told = check(tmp_path)
    assert "1 rows read = 0 kept + 1 set aside + 0 totals and notes" in told
    assert "D2 (9901010001 第1小学): Primary pupils is negative (-1). Check and mend it" in told
    page = page_of(tmp_path)
    assert "Data check: Qingxi County" in page
    assert "在校学生数" not in page
    (path,) = (tmp_path / "out" / "check" / COUNTY).glob("*.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert "Primary pupils" in {cell.value for row in sheet.iter_rows() for cell in row}


IDS = re.compile(
    r"\b(teaching_point|nine_year|twelve_year|complete_secondary|not_met|undecidable|no_data|pupils_\w+)\b"
)


@pytest.mark.parametrize(
    ("county", "lang", "failing", "number"),
    [
        ("990101", "zh", 1, 1),  # one row is set aside
        ("990103", "en", 0, 1),
        pytest.param("", "zh", 1, 10, marks=pytest.mark.slow),
        pytest.param("", "en", 1, 10, marks=pytest.mark.slow),
    ],
)
def test_sample_counties_add_up_and_their_pages_speak_to_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, county: str, lang: str, failing: int, number: int
) -> None:
    monkeypatch.setenv("REPORT_LANG", lang)
    asked = ["check", "--data", str(SAMPLE), "--out", str(tmp_path / "out"), "--format", "json", "--county", county]
    ran = CliRunner().invoke(app, asked)
    accounts = json.loads(ran.stdout)
    assert ran.exit_code == failing
    assert ran.stderr.count("✗") == failing
    notices = json.loads(CliRunner().invoke(app, [*asked, "--notices"]).stdout)
    unused: dict[tuple[str, str], int] = {}
    for one in notices:
        unused[one["file"], one["sheet"]] = unused.get((one["file"], one["sheet"]), 0) + one["unused"]
        assert one["reason"]
        assert "\n" not in one["reason"]
    for one in accounts:
        assert one["cells"] == one["used"] + one["unused"]
        assert one["unused"] == unused.get((one["file"], one["sheet"]), 0)
        assert one["read"] == one["kept"] + one["quarantined"] + one["other"]
    pages = sorted((tmp_path / "out" / "check").glob("*/index.html"))
    assert len(pages) == number
    for page in pages:
        shown = page.read_text(encoding="utf-8")
        assert shown.count("<main>") == 1
        assert shown.count("<table") == shown.count("<caption")
        assert "<th>" not in shown
        assert not re.search(r"<th (?!scope)", shown)
        assert not IDS.search(shown)


def test_the_page_has_no_colour_of_its_own(tmp_path: Path) -> None:
    template = (ROOT / "analysis" / "render" / "check.html.j2").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", template)
    lay(tmp_path / "raw", CLEAN)
    check(tmp_path)
    brand = yaml.safe_load((ROOT / "_brand.yml").read_text(encoding="utf-8"))
    known = {*brand["color"]["palette"].values(), *brand["defaults"]["junheng"]["check"].values()}
    style = page_of(tmp_path).split("<style>")[1].split("</style>")[0]
    used = set(re.findall(r"#[0-9a-fA-F]{6}\b", style))
    assert used
    assert used <= {colour.lower() for colour in known}


def test_a_workbook_that_a_school_filled_in_is_kept(tmp_path: Path) -> None:
    row = school(2)
    row[-1] = "约18000"
    lay(tmp_path / "raw", [HEADER, school(1), row])
    check(tmp_path)
    folder = tmp_path / "out" / "check" / COUNTY
    book = next(folder.glob("*.xlsx"))
    book.write_bytes(b"filled in")
    check(tmp_path)
    assert folder.joinpath(f"{book.stem}.edited-1.xlsx").read_bytes() == b"filled in"
    assert book.read_bytes() != b"filled in"
