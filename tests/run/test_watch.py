"""How a county stands, on one page and while its workbooks are saved: told at once, whole, and without a server."""

import re
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis import project, sources
from analysis.clean import county as county_tables
from analysis.clean import gather
from analysis.errors import RequestError
from analysis.read import find_sheets
from analysis.render import template
from analysis.run.commands import add, state_of_county, status, watch
from analysis.run.commands.watch import Documents, Watch

COUNTY = "510116"
HEADS = [
    "学校代码",
    "学校名称",
    "办学类型",
    "在校学生数/小学",
    "班级数/小学",
    "专任教师数/小学",
    "图书册数",
    "体育运动场馆面积",
]
ROWS = [
    ["5101160001", "甲小学", "小学", 300, 8, 20, 6000, 3000],
    ["5101160002", "乙小学", "小学", 310, 8, 21, 6100, 3100],
    ["5101160003", "丙小学", "小学", 290, 8, 22, 5900, 3050],
]


def save(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in (["双流区2024年学校统计表"], HEADS, *rows):
        book.active.append(row)
    book.save(path)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "sources.yml").write_text('counties:\n  "510116": {zh: 双流区}\nsources:\n', encoding="utf-8")
    save(tmp_path / "a.xlsx", ROWS)
    add.run([tmp_path / "a.xlsx"], add.Asked(publisher="局", date="2024-10"), str(raw), ask=False)
    return raw


class Unbuilt(Documents):
    """Documents that nobody builds."""

    def look(self) -> str:
        """Say nothing."""
        return ""


def watched(data: Path) -> Watch:
    (county,) = sources.load(data).counties.values()
    return Watch(data, county, None, data.parent / "watch.html", Unbuilt([]))


def until_said(each: Watch, looks: int = 3) -> str:
    for _ in range(looks):
        if lines := each.look():
            return "\n".join(lines)
    return ""


def test_the_page_tells_tables_faults_and_verdicts(data: Path) -> None:
    said = "\n".join(status.run(COUNTY, "", str(data)))
    assert "学校基本情况 3" in said
    assert "没有数据的表：班额" in said
    assert re.search("总体结论：(未达到|无数据)", said)


def test_what_changed_since_the_day_before_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "today", lambda: "2024-10-01")
    assert "前一天没有查看过" in status.run(COUNTY, "", str(data))[-1]
    monkeypatch.setattr(project, "today", lambda: "2024-10-02")
    assert "2024-10-01 以来没有变动" in "\n".join(status.run(COUNTY, "", str(data)))
    save(data / COUNTY / "schools_2024.xlsx", [*ROWS[:2], [*ROWS[2][:7], 300]])
    said = "\n".join(status.run(COUNTY, "", str(data)))
    assert "2024-10-01 以来的变动" in said
    assert re.search("小学 生均体育运动场馆面积校际差异系数：达到 [0-9.]+ → 未达到 [0-9.]+", said)


def test_a_blank_workbook_of_a_table_that_is_not_needed_is_told_last(data: Path) -> None:
    template.write("costs", data / COUNTY / "costs_2024.xlsx", 2024)
    save(data / COUNTY / "schools_2024.xlsx", [*ROWS[:2], [*ROWS[2][:6], "约5000", 300]])
    catalogue = sources.load(data)
    told = [line for _, line in state_of_county.of_county(catalogue, catalogue.counties[COUNTY]).causes]
    assert "约5000" in told[0]
    assert next(line for line in told if "只有表头" in line) in told[1:]


def test_an_unknown_county_is_refused(data: Path) -> None:
    with pytest.raises(RequestError):
        status.run("无此县", "", str(data))


def test_a_saved_workbook_is_told_with_what_it_changes(data: Path) -> None:
    each = watched(data)
    assert "结论" in until_said(each)
    page = (data.parent / "watch.html").read_text(encoding="utf-8")
    assert 'http-equiv="refresh"' in page
    assert not re.search("https?://|built-in", page)
    assert not until_said(each)
    save(data / COUNTY / "schools_2024.xlsx", [*ROWS[:2], [*ROWS[2][:6], "约5000", 300]])
    said = until_said(each)
    assert "schools_2024.xlsx" in said
    assert "约5000" in said
    assert "生均体育运动场馆面积校际差异系数" in said
    assert "约5000" in (data.parent / "watch.html").read_text(encoding="utf-8")


def test_what_a_save_brings_is_told_before_what_was_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_CAUSES", 1)
    save(data / COUNTY / "schools_2024.xlsx", [*ROWS[:2], [*ROWS[2][:6], "约5000", 300]])
    each = watched(data)
    assert "约5000" in until_said(each)
    book = openpyxl.Workbook()
    for row in (["调查对象", "有效问卷数", "认可人数"], ["学生", 100, "约90"]):
        book.active.append(row)
    book.save(data / COUNTY / "survey_2024.xlsx")
    said = until_said(each, 4)
    assert "约90" in said
    assert "约5000" not in said
    assert re.search("还有 [0-9]+ 条，见网页", said)
    page = (data.parent / "watch.html").read_text(encoding="utf-8")
    assert "约90" in page
    assert "约5000" in page


def test_a_file_that_is_half_written_is_told_and_watched_on(data: Path) -> None:
    each = watched(data)
    until_said(each)
    (data / COUNTY / "schools_2024.xlsx").write_bytes(b"PK\x03\x04 half")
    assert "现在不能判定" in until_said(each)
    save(data / COUNTY / "schools_2024.xlsx", ROWS)
    assert "现在不能判定" not in until_said(each)


def test_a_file_is_read_when_it_no_longer_grows(data: Path) -> None:
    each = watched(data)
    until_said(each)
    for pupils in (301, 302):
        save(data / COUNTY / "schools_2024.xlsx", [[*ROWS[0][:3], pupils, *ROWS[0][4:]], *ROWS[1:]])
        assert each.look() == []
        time.sleep(0.02)
    assert each.look()


def test_locks_and_new_files_of_the_county_are_told_apart(data: Path) -> None:
    catalogue = sources.load(data)
    before = watch.stamps(catalogue, COUNTY)
    (data / COUNTY / "~$schools_2024.xlsx").write_bytes(b"lock")
    assert watch.stamps(catalogue, COUNTY) == before
    (data / COUNTY / "survey_2024.csv").write_text("调查对象,有效问卷数,认可人数\n", encoding="utf-8")
    (data / "decisions" / f"{COUNTY}.xlsx").write_bytes(b"")
    found = watch.changed(before, watch.stamps(catalogue, COUNTY))
    assert found == [f"{COUNTY}/survey_2024.csv", f"decisions/{COUNTY}.xlsx"]


def test_documents_follow_when_it_is_quiet_and_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "QUIET", 0.0)
    quick = Documents([sys.executable, "-c", "pass"])
    quick.later()
    assert quick.look() == "watch_building"
    said = ""
    while not said:
        said = quick.look()
        time.sleep(0.02)
    assert said == "watch_built"
    slow = Documents([sys.executable, "-c", "import time; time.sleep(60)"])
    slow.later()
    slow.look()
    begun = time.monotonic()
    slow.end()
    assert time.monotonic() - begun < 20
    assert slow.look() == ""


def test_it_ends_cleanly_and_the_page_says_so(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "QUIET", 1000.0)
    assert watch.run(COUNTY, "", str(data), str(data.parent / "out"), interrupted) == 0
    looks = iter([True, False])
    assert watch.run(COUNTY, "", str(data), str(data.parent / "out"), lambda: next(looks)) == 0
    assert "已停止" in capsys.readouterr().out
    page = (data.parent / "out" / "watch" / f"{COUNTY}.html").read_text(encoding="utf-8")
    assert "refresh" not in page


def test_how_a_county_stood_is_kept_by_day(data: Path, tmp_path: Path) -> None:
    catalogue = sources.load(data)
    now = state_of_county.of_county(catalogue, sources.find_county(catalogue, COUNTY))
    state_of_county.keep(tmp_path, now)
    assert state_of_county.kept(tmp_path, COUNTY) == {project.today(): now}
    (tmp_path / "status" / f"{COUNTY}.json").write_text("{", encoding="utf-8")
    assert state_of_county.kept(tmp_path, COUNTY) == {}


def test_only_the_file_that_changed_is_read_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(data.parent / "b.xlsx", ROWS)
    asked = add.Asked(year="2023", publisher="局", date="2023-10", county=COUNTY, table="schools")
    add.run([data.parent / "b.xlsx"], asked, str(data), ask=False)
    each = watched(data)
    read: list[str] = []
    before = find_sheets

    def seen(catalogue: sources.Catalogue, source: sources.Source) -> Any:
        read.append(source.file)
        return before(catalogue, source)

    monkeypatch.setattr(gather, "find_sheets", seen)
    until_said(each)
    assert sorted(read) == [f"{COUNTY}/schools_2023.xlsx", f"{COUNTY}/schools_2024.xlsx"]
    for value in (300, 3050):  # spoilt, and as it was: what is remembered is told by what the file holds
        read.clear()
        save(data / COUNTY / "schools_2024.xlsx", [*ROWS[:2], [*ROWS[2][:7], value]])
        until_said(each)
        assert read == [f"{COUNTY}/schools_2024.xlsx"]
        (county,) = sources.load(data).counties.values()
        assert each.standing == state_of_county.of_county(sources.load(data), county)


def test_what_did_not_change_is_held_against_no_rule_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(data.parent / "b.xlsx", [["学生", 100, 90]])
    book = openpyxl.load_workbook(data.parent / "b.xlsx")
    page = book.active
    page.delete_rows(1, page.max_row)
    for row in (["调查对象", "有效问卷数", "认可人数"], ["学生", 100, 90], ["家长", 100, 80]):
        page.append(row)
    book.save(data / COUNTY / "survey_2024.xlsx")
    each = watched(data)
    until_said(each)
    ruled: list[str] = []
    before = county_tables._by_its_rules

    def seen(name: str, *others: Any) -> Any:
        ruled.append(name)
        return before(name, *others)

    monkeypatch.setattr(county_tables, "_by_its_rules", seen)
    save(data / COUNTY / "schools_2024.xlsx", [*ROWS[:2], [*ROWS[2][:7], 300]])
    until_said(each)
    assert ruled == ["schools"]
