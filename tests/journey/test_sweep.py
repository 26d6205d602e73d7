"""Whatever people type comes back in an output, or is refused by its place: a mark in every cell to be filled in."""

from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from analysis import decisions, sources
from analysis.clean import clean
from analysis.errors import DataError
from analysis.read import fieldcheck, ledger, register
from analysis.read.fields import Column, Table, tables
from analysis.render.answers import AFTER, RIGHT, WHY
from analysis.render.decisions import lay
from analysis.run.commands import check, new, status
from analysis.run.commands.show import Format
from tests.journey.schools import fill
from tests.run.test_collect import COUNTY, SCHOOLS, YEAR, answered, begun, data, rows, send, take
from tests.run.test_template import NAMED, TYPED

__all__ = ["begun", "data"]
QUICK = ("schools", "government")


def mark(number: int) -> str:
    return f"标记{number:03d}号"


def marked_in(text: str, number: int) -> set[int]:
    return {each for each in range(number) if mark(each) in text}


# The tables of a county.


def fitting(column: Column, row: int, table: Table) -> Any:
    """Return something that may stand in a cell, of keys another in each row."""
    if column.choices:
        return next(iter(column.choices.values()))[0]
    if column.name in table.key and column.name not in NAMED:
        return {"code": f"{COUNTY}{row:04d}", "text": f"键{row}", "grade": row % 9 + 1, "year": 2015 + row % 9}.get(
            column.kind, TYPED.get(column.kind)
        )
    return NAMED.get(column.name, TYPED.get(column.kind))


def swept(raw: Path, name: str) -> pl.DataFrame:
    """Fill a blank workbook with a row for each column, marked in it, and return what was read or told of each row."""
    new.start(COUNTY, "双流区", "", YEAR, str(raw))
    for other in set(tables()) - {name}:
        (raw / COUNTY / f"{other}_{YEAR}.xlsx").unlink()
    table, path = tables()[name], raw / COUNTY / f"{name}_{YEAR}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    page.delete_rows(4, page.max_row)
    for number in range(len(table.columns)):
        for place, column in enumerate(table.columns.values()):
            value = mark(number) if place == number else fitting(column, number, table)
            page.cell(4 + number, place + 1).value = value
    book.save(path)
    records = clean(sources.load(raw), COUNTY)
    kept = records.frames()[name]
    texts = pl.concat_str(pl.col(kept.columns).cast(pl.String, strict=False).fill_null(""), separator="|")
    read = kept.select("row", said=texts)
    # What identifies people is printed nowhere: their cells are told by place and rule alone.
    told = pl.concat_str(pl.col("before").fill_null(""), pl.lit("|"), pl.col("rule"))
    noted = records.notices.filter(pl.col("row").is_not_null()).select("row", said=told)
    aside = records.quarantine.select("row", said="cells")
    return pl.concat([read, noted.cast(read.schema), aside.cast(read.schema)])


@pytest.mark.parametrize(
    "name", [each if each in QUICK else pytest.param(each, marks=pytest.mark.slow) for each in tables()]
)
def test_every_cell_of_a_table_is_read_or_told(tmp_path: Path, name: str) -> None:
    found = swept(tmp_path / "raw", name)
    people = any(column.person for column in tables()[name].columns.values())
    for number, column in enumerate(tables()[name].columns):
        of_row = "\n".join(found.filter(row=4 + number)["said"])
        assert mark(number) in of_row or (
            people and ("unreadable" in of_row or "text_in" in of_row or "unknown" in of_row)
        ), column


# The workbook of a school.


def test_every_cell_that_a_school_can_fill_in_comes_back(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    places: list[str] = []

    def marked(book: Any) -> None:
        for page in book.worksheets[:-1]:
            for row in page.iter_rows():
                for cell in row:
                    if not cell.protection.locked and cell.column_letter != "A":
                        cell.value = mark(len(places))
                        places.append(f"{page.title}!{cell.coordinate}")

    fill(folder / f"{SCHOOLS[0][0]}_{SCHOOLS[0][1]}.xlsx", back / "a.xlsx", rows(), marked)
    _, said = take(data, back)
    records = clean(sources.load(data), COUNTY)
    told = [said, *records.notices["before"].drop_nulls(), *records.quarantine["cells"].drop_nulls()]
    for frame in records.frames().values():
        told += [text for name, kind in frame.schema.items() if kind == pl.String for text in frame[name].drop_nulls()]
    found = marked_in("\n".join(told), len(places))
    assert [place for number, place in enumerate(places) if number not in found] == []
    assert len(places) > 100


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("after", "right", "why", "comes"),
    [("标记", "", "", True), ("", "标记", "", False), ("", "", "标记", False), ("312", "标记", "", False),
     ("312", "", "标记", True)],
)  # fmt: skip
def test_what_a_school_answers_is_entered_or_refused_by_its_row(
    data: Path, after: str, right: str, why: str, comes: bool
) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / f"{SCHOOLS[0][0]}_{SCHOOLS[0][1]}.xlsx", back / "a.xlsx", rows("约300"))
    take(data, back)
    file = answered(data, ("|pupils_primary", after, right)) / "答复.xlsx"
    book = openpyxl.load_workbook(file)
    page = book["答复"]
    line = next(row for row in range(1, page.max_row + 1) if str(page.cell(row, 1).value).endswith("|pupils_primary"))
    page.cell(line, WHY + 1).value = why or None
    assert (page.cell(line, AFTER + 1).value or "", page.cell(line, RIGHT + 1).value or "") == (after, right)
    book.save(file)
    code, said = take(data, file.parent)
    entered = data / "answers" / f"{COUNTY}.yml"
    assert entered.exists() is comes
    assert ("标记" in entered.read_text(encoding="utf-8")) if comes else f"第 {line} 行" in said
    assert code == (not comes)


# What the county decides.

DUE: dict[str, dict[str, Any]] = {
    "corrections": {"file": f"schools_{YEAR}.xlsx", "cell": "C4", "why": "笔误", "who": "张科长", "date": "2024-11-05"},
    "identities": {"kind": "改名", "year": 2024, "old": "5101160001"},
    "aliases": {"table": "schools 学校", "head": "人数", "column": "pupils_primary 学生"},
    "settings": {"file": f"schools_{YEAR}.xlsx", "item": "读哪张工作表", "value": "数据"},
    "texts": {"year": 2024, "place": "问题原因", "text": "场地不足"},
}


@pytest.mark.parametrize(
    ("sheet", "column"),
    [(sheet, column) for sheet in DUE for column in decisions.declared()["sheets"][sheet]["columns"]],
)
def test_every_cell_of_a_decision_counts_or_is_refused(tmp_path: Path, sheet: str, column: str) -> None:
    new.start(COUNTY, "双流区", "", YEAR, str(tmp_path))
    said = decisions.declared()["sheets"][sheet]
    book = openpyxl.load_workbook(lay(tmp_path, COUNTY))
    page = book[said["title"]["zh"]]
    page.append([(DUE[sheet] | {column: mark(1)}).get(name) for name in said["columns"]])
    book.save(decisions.path_of(tmp_path, COUNTY))
    outcome = decided(tmp_path)
    assert mark(1) in outcome
    assert "Decided(" in outcome or f"第 {page.max_row} 行" in outcome


def decided(folder: Path) -> str:
    """Return what a workbook decides, or why it is refused."""
    try:
        return repr(decisions.of_county(folder, COUNTY))
    except DataError as fault:
        return str(fault)


def test_a_change_of_schools_and_its_note_stand_on_the_page_of_the_county(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    new.start(COUNTY, "双流区", "", YEAR, str(tmp_path))
    book = openpyxl.load_workbook(lay(tmp_path, COUNTY))
    book["学校变动"].append(["合并", 2024, "5101160001、5101160002", "5101160003", "教育局文件12号"])
    book.save(decisions.path_of(tmp_path, COUNTY))
    said = "\n".join(status.run(COUNTY, "", str(tmp_path)))
    assert "2024 年 合并 5101160001、5101160002 → 5101160003" in said
    assert "教育局文件12号" in said


def test_who_decided_on_a_cell_why_and_when_stands_on_the_page_of_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    new.start(COUNTY, "双流区", "", YEAR, str(tmp_path))
    book = openpyxl.load_workbook(lay(tmp_path, COUNTY))
    file = f"government_{YEAR}.xlsx"
    for row in ([file, "", "C9", 96.3, "96.3%", "漏写百分号", "张科长", "2024年11月5日"],
                [file, "", "C10", 1, 2, "重录", "李科长", "2024-11-06", "是"]):  # fmt: skip
        book["更正"].append(row)
    book.save(decisions.path_of(tmp_path, COUNTY))
    check.run(COUNTY, Format.JSON, str(tmp_path), str(tmp_path / "out"))
    page = (tmp_path / "out" / "check" / COUNTY / "index.html").read_text(encoding="utf-8")
    for words in (
        ["C", "96.3", "96.3%", "漏写百分号", "张科长 2024-11-05", "已更正"],
        ["重录", "李科长 2024-11-06", "停用"],
    ):
        line = next(line for line in page.splitlines() if words[-2] in line)
        assert [word for word in words if word not in line] == []


# Workbooks that are written once and then read.


def written(path: Path, columns: dict[str, dict[str, Any]], fixed: dict[str, str]) -> list[str]:
    """Write a row for each column that people fill in, marked in it; return these columns."""
    own = [name for name, entry in columns.items() if entry.get("own")]
    book = openpyxl.Workbook()
    book.active.append([entry["zh"] for entry in columns.values()])
    for number, marked in enumerate(own):
        values = {name: f"{text}{number}" for name, text in fixed.items()} | {marked: mark(number)}
        book.active.append([values.get(name) for name in columns])
    book.save(path)
    return own


def test_every_own_cell_of_the_ledger_is_read_or_refused(tmp_path: Path) -> None:
    own = written(tmp_path / "a.xlsx", ledger.columns(), {"id": "a"})
    with pytest.raises(DataError, match=mark(own.index("due"))):  # a year or a date alone
        ledger.entries(tmp_path / "a.xlsx")
    columns = dict(ledger.columns())
    columns["due"] = columns["due"] | {"own": False}
    own = written(tmp_path / "b.xlsx", columns, {"id": "a"})
    assert marked_in(str(ledger.entries(tmp_path / "b.xlsx").rows()), len(own)) == set(range(len(own)))


def test_every_cell_of_a_line_of_ones_own_is_read(tmp_path: Path) -> None:
    names = [name for name in ledger.columns() if name not in ("id", "due")]
    book = openpyxl.Workbook()
    book.active.append([entry["zh"] for entry in ledger.columns().values()])
    for number, marked in enumerate(names):
        book.active.append([mark(number) if name == marked else None for name in ledger.columns()])
    book.save(tmp_path / "a.xlsx")
    assert marked_in(str(ledger.entries(tmp_path / "a.xlsx").rows()), len(names)) == set(range(len(names)))


def test_every_own_cell_of_the_evidence_is_read(tmp_path: Path) -> None:
    own = written(tmp_path / "a.xlsx", register.columns(), {"id": "a"})
    assert marked_in(str(register.entries(tmp_path / "a.xlsx").rows()), len(own)) == set(range(len(own)))


def test_every_own_cell_of_a_field_check_is_read(tmp_path: Path) -> None:
    words = fieldcheck.words()
    own = written(tmp_path / "a.xlsx", words["values"], {"school": "a", "table": "学校", "column": "图书册数"})
    read = fieldcheck.read(tmp_path / "a.xlsx")
    assert marked_in(f"{read.entries.rows()}{read.remarks}", len(own)) == set(range(len(own)))
