"""Mistakes of an office's clerks: each is read right all the same, or told or refused by its place."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis import decisions, sources
from analysis.errors import DataError, RequestError
from analysis.read import collecting, fieldcheck, ledger, register, returned_workbooks
from analysis.render import collect as sending
from analysis.render.decisions import lay
from analysis.run.commands import add, new
from tests.journey.schools import fill
from tests.run.test_collect import COUNTY, SCHOOLS, YEAR, begun, book_of, data, rows, send, take

__all__ = ["begun", "data"]
CODE, NAME, _ = SCHOOLS[0]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook that a primary school got."""
    known: dict[str, Any] = {"school": CODE, "name": NAME, "school_type": "primary"}
    last: dict[str, list[dict[str, Any]]] = {
        "schools": [{"pupils_primary": 290}],
        "classes": [{"grade": 1, "class": "1班", "pupils": 40}],
    }
    path = tmp_path_factory.mktemp("sent") / f"{CODE}.xlsx"
    sending.write(collecting.form(COUNTY, YEAR, known, last, ("primary",), YEAR - 1), path)
    return path


def back(sent: Path, tmp_path: Path, spoil: Callable[[Any], None]) -> returned_workbooks.Returned:
    path = tmp_path / "back.xlsx"
    fill(sent, path, rows(), spoil)
    return returned_workbooks.read(path.read_bytes(), path.name, sent.read_bytes())


def line_of(page: Any, id_: str) -> int:
    return next(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value == id_)


def put(sheet: str, place: str, value: Any) -> Callable[[Any], None]:
    def spoil(book: Any) -> None:
        book[sheet][place] = value

    return spoil


def another_sheet(book: Any) -> None:
    book.create_sheet("乙学校")["B2"] = "在校学生数 310"


def another_school(book: Any) -> None:
    book.copy_worksheet(book["学校基本情况"])["E9"] = 310


#: What is written where nobody is to write, and where it must be told.
BESIDE = [
    (put("学校基本情况", "E5", "实验学校"), ("学校基本情况", "E5", "实验学校")),
    (put("学校基本情况", "E4", "5101169999"), ("学校基本情况", "E4", "5101169999")),
    (put("学校基本情况", "D11", 999), ("学校基本情况", "D11", "999")),
    (put("学校基本情况", "B12", "学生"), ("学校基本情况", "B12", "学生")),
    (put("学校基本情况", "H11", "其中借读 3 人"), ("学校基本情况", "H11", "其中借读 3 人")),
    (put("学校基本情况", "F11", "含分校"), ("学校基本情况", "F11", "含分校")),
    (put("学校基本情况", "B99", "以上由教导处提供"), ("学校基本情况", "B99", "以上由教导处提供")),
    (put("填表说明", "C4", "电话 123"), ("填表说明", "C4", "电话 123")),
    (put("填表说明", "B40", "另附说明"), ("填表说明", "B40", "另附说明")),
    (put("班额", "H5", "复式班"), ("班额", "H5", "复式班")),
    (another_sheet, ("乙学校", "B2", "在校学生数 310")),
]


@pytest.mark.parametrize(("spoil", "told"), BESIDE, ids=lambda each: each[1] if isinstance(each, tuple) else "")
def test_what_is_written_elsewhere_is_told_by_its_place(
    sent: Path, tmp_path: Path, spoil: Callable[[Any], None], told: tuple[str, str, str]
) -> None:
    came = back(sent, tmp_path, spoil)
    assert told in [(each.sheet, each.place, each.after) for each in came.edited]
    assert came.rows["schools"][0]["pupils_primary"] == 300


def test_a_workbook_as_it_should_be_has_nothing_to_tell(sent: Path, tmp_path: Path) -> None:
    assert back(sent, tmp_path, lambda book: None).edited == ()


def test_a_sheet_that_stands_there_twice_is_refused(sent: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        back(sent, tmp_path, another_school)


REFUSED: list[tuple[Callable[[Any], None], str]] = [
    (lambda book: book["学校基本情况"].insert_cols(4), "collect_columns"),
    (lambda book: book["学校基本情况"].delete_cols(4), "collect_columns"),
    (lambda book: book["班额"].insert_cols(3), "collect_columns"),
    (lambda book: book["学校基本情况"].delete_rows(12), "collect_lines"),
    (lambda book: book.remove(book["专用教室"]), "collect_lines"),
    (put("_junheng", "C1", "2023"), "collect_strange"),
    (put("_junheng", "D1", "5101160002"), "collect_strange"),
    (put("_junheng", "A1", None), "collect_strange"),
]


@pytest.mark.parametrize(("spoil", "why"), REFUSED, ids=lambda each: each if isinstance(each, str) else "")
def test_what_can_be_misread_is_refused(sent: Path, tmp_path: Path, spoil: Callable[[Any], None], why: str) -> None:
    with pytest.raises(DataError) as fault:
        back(sent, tmp_path, spoil)
    assert fault.value.key == why


def renamed(book: Any) -> None:
    book["学校基本情况"].title = "基本情况(最终)"


def sorted_otherwise(book: Any) -> None:
    page = book["学校基本情况"]
    first, second = (line_of(page, f"schools||{name}") for name in ("pupils_primary", "books"))
    for column in range(1, 7):
        one, other = page.cell(first, column), page.cell(second, column)
        one.value, other.value = other.value, one.value


@pytest.mark.parametrize("spoil", [renamed, sorted_otherwise])
def test_what_can_only_be_meant_one_way_is_read(sent: Path, tmp_path: Path, spoil: Callable[[Any], None]) -> None:
    came = back(sent, tmp_path, spoil)
    assert (came.rows["schools"][0]["pupils_primary"], came.rows["schools"][0]["books"]) == (300, 6000)
    assert not came.edited


def a_formula(book: Any) -> None:
    page = book["学校基本情况"]
    page.cell(line_of(page, "schools||teachers_primary"), 5).value = "=15+5"


def a_class_without_size(book: Any) -> None:
    book["班额"]["B6"], book["班额"]["C6"] = 3, "1班"


@pytest.mark.parametrize(
    ("spoil", "cell"),
    [(a_formula, "专任教师数 小学"), (a_class_without_size, "3 1班")],
)
def test_a_cell_that_holds_nothing_is_told_as_empty(
    sent: Path, tmp_path: Path, spoil: Callable[[Any], None], cell: str
) -> None:
    assert any(cell in cells for cells in back(sent, tmp_path, spoil).missing.values())


def test_who_filled_it_in_and_when_comes_back_as_it_was_typed(sent: Path, tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        about = book["填表说明"]
        about["B4"], about["B5"], about["B6"] = "李老师", date(2024, 11, 2), "两校区合并填报"

    came = back(sent, tmp_path, spoil)
    assert (came.person, came.day, came.remark) == ("李老师", "2024-11-02", "两校区合并填报")


def test_a_folder_with_whatever_people_put_into_it(data: Path) -> None:
    folder, came = send(data), data.parent / "收回 的"
    fill(folder / f"{CODE}_{NAME}.xlsx", came / "镇 中心" / "甲小学 (1) - 副本.XLSX", rows())
    shutil.copyfile(came / "镇 中心" / "甲小学 (1) - 副本.XLSX", came / "甲小学 又一份.xlsx")
    for name in ("乙学校.xls", "乙学校.et", "乙学校.csv", "乙学校.docx", "照片.jpg", "学校材料.zip", "材料.rar"):
        (came / name).write_bytes(b"\xd0\xcf\x11\xe0")
    (came / "~$丙中学.xlsx").write_bytes(b"x")
    (came / ".DS_Store").write_bytes(b"x")
    (came / "空的.xlsx").write_bytes(b"")
    book_of(came / "自己的表.xlsx", "表", ["学校代码"], [[CODE]])
    code, said = take(data, came)
    assert code == 1
    told = [line for line in said.splitlines() if line.startswith("  ✗")]
    assert len(told) == 9
    assert all(
        any(name in line for line in told) for name in ("乙学校.xls", ".et", ".csv", "docx", "jpg", "空的", "自己的")
    )
    assert sum("压缩包" in line for line in told) == 2
    assert "丙中学.xlsx" in next(line for line in said.splitlines() if "正在" in line)
    assert "新收 1 份" in said
    assert "甲小学 李老师" in said


def test_a_folder_that_is_empty_or_a_file_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert "还没有交的 3 所" in take(data, tmp_path / "nothing")[1]
    with pytest.raises(RequestError, match="找不到文件夹"):
        take(data, data / "sources.yml")


# What is registered.


@pytest.fixture
def office(tmp_path: Path) -> Path:
    new.start(COUNTY, "双流区", "", YEAR, str(tmp_path / "raw"))
    return tmp_path / "raw"


TABLE: list[list[Any]] = [["学校代码", "学校名称", "办学类型", "小学在校生数"], [CODE, NAME, "小学", 300]]
WHO = add.Asked(publisher="局", date="2024-10")


def with_sheets(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    book.save(path)
    return path


def test_the_table_is_found_behind_other_sheets(office: Path, tmp_path: Path) -> None:
    title: list[list[Any]] = [["双流区2024年学校统计表"]]
    file = with_sheets(tmp_path / "校 表（终）.xlsx", ("填表说明", [["请认真填写"]]), ("数据", [*title, *TABLE]))
    assert "schools_2024.xlsx" in add.run([file], WHO, str(office), ask=False)[0]


def test_a_csv_of_another_encoding_is_read(office: Path, tmp_path: Path) -> None:
    text = "\n".join(",".join(map(str, line)) for line in TABLE)
    (tmp_path / "双流区2024.csv").write_bytes(text.encode("gbk"))
    assert "已登记" in add.run([tmp_path / "双流区2024.csv"], WHO, str(office), ask=False)[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("表.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "表.et"),
        ("表.xlsx", b"", "表.xlsx"),
        ("~$表.xlsx", b"\x05user", "~$表.xlsx"),
        ("表.xls", b"<html><table></table></html>", "表.xls"),
        ("表.pdf", b"%PDF-1.4", "表.pdf"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(
    office: Path, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises((DataError, RequestError), match=says.replace("$", r"\$")):
        add.run([tmp_path / name], WHO, str(office), ask=False)
    assert not (office / COUNTY / name).exists()


@pytest.mark.parametrize("day", ["2024年13月", "10月15日", "2024.13", "去年"])
def test_a_date_in_words_is_refused_with_how_to_write_it(office: Path, tmp_path: Path, day: str) -> None:
    file = with_sheets(tmp_path / "双流区2024.xlsx", ("数据", TABLE))
    with pytest.raises(RequestError, match="2024-10-15"):
        add.run([file], add.Asked(publisher="局", date=day), str(office), ask=False)


def test_a_title_of_an_old_year_is_told(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = with_sheets(tmp_path / "2024年学校表.xlsx", ("数据", [["双流区2023年学校统计表"], *TABLE]))
    add.run([file], WHO, str(office), ask=False)
    assert "年份：2023（双流区2023年学校统计表）" in capsys.readouterr().out


# What people write into workbooks of their own.


def ledger_of(tmp_path: Path, *lines: dict[str, Any], beside: str = "") -> Path:
    book = openpyxl.Workbook()
    page, heads = book.active, ledger.columns()
    page.append([entry["zh"] for entry in heads.values()])
    for line in lines:
        page.append([line.get(name) for name in heads])
    if beside:
        page.cell(2, len(heads) + 2).value = beside
    book.save(tmp_path / "ledger.xlsx")
    return tmp_path / "ledger.xlsx"


def test_a_line_of_ones_own_counts_whatever_is_written_in_it(tmp_path: Path) -> None:
    read = ledger.entries(ledger_of(tmp_path, {"id": "a"}, {"school": "全区", "item": "新建小学"}, {"missing": "2 所"}))
    assert read["id"].to_list() == ["own.3", "own.4"]
    assert read["item"].to_list() == ["新建小学", ""]


@pytest.mark.parametrize("value", ["2025-13-01", "2025.2.30", "12345", "2025年13月"])
def test_a_date_of_the_ledger_that_is_none_is_refused_by_its_row(tmp_path: Path, value: str) -> None:
    with pytest.raises(DataError, match="第 2 行"):
        ledger.entries(ledger_of(tmp_path, {"id": "a", "date": value}))


def test_what_stands_in_no_column_of_a_workbook_is_refused_by_its_cell(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="N2 的“问过局长”"):
        ledger.entries(ledger_of(tmp_path, {"id": "a", "measure": "扩建"}, beside="问过局长"))


def test_evidence_of_no_item_is_refused_by_its_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    heads = register.columns()
    book.active.append([entry["zh"] for entry in heads.values()])
    book.active.append(["a" if name == "id" else "文" if name == "document" else None for name in heads])
    book.active.append(["另一份" if name == "document" else None for name in heads])
    book.save(tmp_path / "register.xlsx")
    with pytest.raises(DataError, match="第 3 行"):
        register.entries(tmp_path / "register.xlsx")


def test_remarks_and_days_of_a_visit_come_back(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sample, values = book.active, book.create_sheet("核查表")
    words = fieldcheck.words()
    sample.append([entry["zh"] for entry in words["sample"].values()])
    cells = {"school": CODE, "chosen": "随机", "day": "11月2日"}
    sample.append([cells.get(name) for name in words["sample"]])
    values.append([entry["zh"] for entry in words["values"].values()])
    cells = {"school": CODE, "table": "学校", "column": "图书册数", "reported": "6000", "remark": "账实不符"}
    values.append([cells.get(name) for name in words["values"]])
    book.save(tmp_path / "check.xlsx")
    read = fieldcheck.read(tmp_path / "check.xlsx")
    assert read.days == ((CODE, "11月2日"),)
    assert read.remarks == (fieldcheck.Remark(CODE, "图书册数", "账实不符"),)
    assert read.entries.is_empty()


RIGHT = ["schools_2024.xlsx", "", "C4", "约300", 300, "笔误", "张科长", "2024-11-05"]
DECIDED = [
    ("更正", [*RIGHT[:2], "第4行", *RIGHT[3:]], "第4行"),
    ("更正", [*RIGHT[:7], "11月5日"], "11月5日"),
    ("更正", [*RIGHT[:5], "", *RIGHT[6:]], "理由"),
    ("更正", [*RIGHT, "以后再说"], "以后再说"),
    ("更正", [*RIGHT, "", "待核"], "待核"),
    ("学校变动", ["搬迁", 2024, CODE], "搬迁"),
    ("学校变动", ["改名", "去年", CODE], "去年"),
    ("学校变动", ["撤销", 2024, CODE, "5101160009"], "5101160009"),
    ("列名", ["schools 学校", "某列"], "就是这一列"),
    ("文件读法", ["a.xlsx", "读哪张工作表", "某列", "数据"], "某列"),
    ("文件读法", ["a.xlsx", "别的", "", "数据"], "别的"),
]


@pytest.mark.parametrize(("sheet", "row", "says"), DECIDED, ids=lambda each: each if isinstance(each, str) else "")
def test_a_decision_that_can_not_be_meant_is_refused_by_sheet_and_row(
    office: Path, sheet: str, row: list[Any], says: str
) -> None:
    book = openpyxl.load_workbook(lay(office, COUNTY))
    book[sheet].append(row)
    line = book[sheet].max_row
    book.save(decisions.path_of(office, COUNTY))
    with pytest.raises(DataError) as fault:
        decisions.of_county(office, COUNTY)
    assert says in str(fault.value)
    assert sheet in str(fault.value)
    assert f"第 {line} 行" in str(fault.value)


def test_a_sheet_of_ones_own_among_decisions_is_told(office: Path) -> None:
    book = openpyxl.load_workbook(lay(office, COUNTY))
    book.create_sheet("备忘")["A1"] = "问局长"
    book.save(decisions.path_of(office, COUNTY))
    with pytest.raises(DataError, match="备忘"):
        sources.load(office)
