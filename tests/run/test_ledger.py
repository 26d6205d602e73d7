"""The workbook of the ledger: written once, then only read, and merged into the report."""

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analysis.cli import main
from analysis.errors import DataError
from analysis.read.ledger import columns, entries, last_day
from analysis.tell import open_report
from analysis.tell.facts.deadlines import deadlines_of
from analysis.tell.facts.ledger import ledger_of
from tests.tell.conftest import ROOT

COUNTY = "990101"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a raw folder with one county of the sample."""
    raw = ROOT / "data" / "raw"
    folder = tmp_path / "raw"
    folder.mkdir()
    shutil.copytree(raw / COUNTY, folder / COUNTY)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        if (raw / name).is_file():
            (folder / name).write_bytes((raw / name).read_bytes())
    return folder


def test_it_is_written_once_then_read_and_merged(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "ledger" / f"{COUNTY}.xlsx"
    assert main(["ledger", COUNTY, "--data", str(data)]) == 0
    assert str(path) in capsys.readouterr().out
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["整改台账"]
    page = book.worksheets[0]
    place = {name: position for position, name in enumerate(columns(), start=1)}
    first = page.cell(2, place["id"]).value
    page.cell(2, place["measure"]).value = "扩建运动场"
    page.cell(2, place["person"]).value = "张某"
    replaced = page.cell(3, place["id"]).value
    page.cell(3, place["id"]).value = "resources.floor_books.primary.nowhere"
    page.cell(3, place["measure"]).value = "购书"
    book.save(path)
    before = path.read_bytes()

    out = tmp_path / "out"
    assert main(["ledger", COUNTY, "--data", str(data), "--out", str(out)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "resources.floor_books.primary.nowhere" in told[0]
    assert path.read_bytes() == before
    # The line whose id was written over is as one that opened later: told with its id, and there to be copied.
    assert len(told) == 3
    assert replaced in told[2]
    aside = next(out.rglob("ledger_new.xlsx"))
    rows = list(openpyxl.load_workbook(aside).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == tuple(told["zh"] for told in columns().values())
    assert [row[-1] for row in rows[1:] if row[-1]] == [replaced]

    # Copied over, it is no longer new.
    page.append(rows[1])
    book.save(path)
    assert main(["ledger", COUNTY, "--data", str(data), "--out", str(out)]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert not aside.exists()

    report = open_report(COUNTY, data=data, processed=tmp_path / "processed")
    table = report.table("ledger")
    assert table is not None
    row = table.frame.row(by_predicate=pl.col("id") == first, named=True)
    assert (row["measure"], row["person"]) == ("扩建运动场", "张某")
    assert "nowhere" in report.chapter("ledger").text


def test_a_file_that_is_no_workbook_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(DataError, match=r"x\.xlsx"):
        entries(path)


def test_without_a_workbook_nothing_is_filled_in(tmp_path: Path) -> None:
    assert entries(tmp_path / "none.xlsx").is_empty()


def of_date(folder: Path, written: object) -> Path:
    """Return a workbook with one line that is to be finished on the date `written`."""
    path = folder / "990101.xlsx"
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "台账"
    page.append([told["zh"] for told in columns().values()])
    row = dict.fromkeys(columns()) | {"id": "resources.floor_books.primary", "date": written}
    page.append(list(row.values()))
    book.save(path)
    return path


def of_lines(folder: Path, *lines: dict[str, str]) -> Path:
    """Return a workbook with these lines."""
    book = openpyxl.Workbook()
    book.worksheets[0].append([told["zh"] for told in columns().values()])
    for line in lines:
        book.worksheets[0].append(list((dict.fromkeys(columns()) | line).values()))
    book.save(folder / "990101.xlsx")
    return folder / "990101.xlsx"


def test_two_rows_of_one_line_that_differ_are_refused_by_row(tmp_path: Path) -> None:
    one = {"id": "resources.floor_books.primary.1", "measure": "购书"}
    with pytest.raises(DataError) as told:
        entries(of_lines(tmp_path, one, {"id": "a", "measure": "b"}, one | {"measure": "不再购书"}))
    assert "2, 4" in str(told.value)
    assert one["id"] in str(told.value)
    assert "\n" not in str(told.value)
    # The same said twice, a row with nothing filled in, and lines of one's own, which have no id, are no doubt.
    assert entries(of_lines(tmp_path, one, one, {"id": one["id"]})).height == 1
    assert entries(of_lines(tmp_path, {"measure": "甲"}, {"measure": "乙"}))["measure"].to_list() == ["甲", "乙"]


@pytest.mark.parametrize("written", ["2024-13-40", "2025-02-29", "2024年13月底", "2024-0", "45838", 20251345])
def test_a_date_that_is_none_is_told_with_its_row(tmp_path: Path, written: object) -> None:
    with pytest.raises(DataError) as told:
        entries(of_date(tmp_path, written))
    assert told.value.exit_code == 2
    for part in ("990101.xlsx", "台账", "2", str(written)):
        assert part in str(told.value)


@pytest.mark.parametrize(
    "written",
    [
        "2024-02-29",
        "2025.6.30",
        "2025/6",
        "2025年6月30日",
        "２０２５年6月底",
        "2025 年 6 月",
        "2025",
        "2025年底",
        "2026年底前",
        "2026年6月底前",
        "2026年6月30日之前",
        "2025年秋季学期",
        "长期坚持",
        20250630,
    ],
)
def test_a_date_is_kept_as_it_is_written(tmp_path: Path, written: object) -> None:
    assert entries(of_date(tmp_path, written))["date"].to_list() == [str(written)]


def test_a_date_cell_is_written_out(tmp_path: Path) -> None:
    assert entries(of_date(tmp_path, date(2025, 6, 30)))["date"].to_list() == ["2025-06-30"]


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026年底前", date(2026, 12, 31)), ("2026年6月底前", date(2026, 6, 30)), ("2026年秋季学期", None)],
)
def test_a_date_means_its_last_day(written: str, day: date | None) -> None:
    assert last_day(written) == day


def test_all_that_people_fill_in_is_told(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data / "ledger" / f"{COUNTY}.xlsx"
    main(["ledger", COUNTY, "--data", str(data)])
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    place = {name: position for position, name in enumerate(columns(), start=1)}
    first = page.cell(2, place["id"]).value
    page.cell(2, place["holder"]).value, page.cell(2, place["due"]).value = "县体育局", 2027
    own = next(row for row in range(2, page.max_row + 1) if page.cell(row, place["id"]).value is None)
    filled = {"school": "全县", "item": "新建标准操场", "measure": "列入年度计划", "date": "2027年秋季学期"}
    for name, text in filled.items():
        page.cell(own, place[name]).value = text
    book.save(path)
    capsys.readouterr()
    assert main(["ledger", COUNTY, "--data", str(data), "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert f"第 {own} 行" in told
    assert "2027年秋季学期" in told
    report = open_report(COUNTY, data=data, processed=tmp_path / "processed")
    line = ledger_of(report).lines.row(by_predicate=pl.col("id") == first, named=True)
    assert (line["holder"], line["due"]) == ("县体育局", 2027)
    due = next(due for due in deadlines_of(report).lines if due.line["id"] == first)
    assert due.day == date(2027, 12, 31)
    (line,) = ledger_of(report).own.to_dicts()
    assert {name: line[name] for name in filled} == filled
    public = open_report(COUNTY, data=data, processed=tmp_path / "processed", audience="public")
    assert ledger_of(public).own.is_empty()


def test_a_due_year_that_is_none_is_refused_by_its_row(data: Path) -> None:
    path = data / "ledger" / f"{COUNTY}.xlsx"
    main(["ledger", COUNTY, "--data", str(data)])
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    page.cell(3, list(columns()).index("due") + 1).value = "尽快"
    book.save(path)
    with pytest.raises(DataError) as fault:
        entries(path)
    assert fault.value.key == "ledger_due"
    assert "第 3 行" in str(fault.value)


def test_the_workbook_is_laid_out_to_be_read_and_printed(data: Path) -> None:
    main(["ledger", COUNTY, "--data", str(data)])
    page = openpyxl.load_workbook(data / "ledger" / f"{COUNTY}.xlsx").worksheets[0]
    assert [cell.value for cell in page[1]][:5] == ["学校或范围", "项目", "现值", "目标", "缺额"]
    assert page.auto_filter.ref
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.print_title_rows == "$1:$1"
    assert all(page.cell(2, column).value for column in (3, 4))
