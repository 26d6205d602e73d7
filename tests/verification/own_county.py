"""A county as an office keeps it, laid by the commands: blank workbooks filled in, files that came, decisions, answers,
a ledger and evidence, with the mistakes that people make."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from openpyxl.worksheet.worksheet import Worksheet

from analysis import cli

CASES = Path(__file__).parent.parent / "clean" / "cases" / "county" / "mended"
COUNTY, YEAR = "510116", 2024
#: Schools that are kept, so that it is quick: one of each kind, and the nearest of a code that changed.
KEPT = ("0001", "0005", "0008", "0009", "0013", "0021", "0023", "0026", "0031", "0033", "0034", "0035")
#: The code that a school had the year before.
OLD = f"{COUNTY}0077"


def _is_kept(cell: Any) -> bool:
    return not str(cell).startswith(COUNTY) or str(cell)[6:] in KEPT


def _edited(name: str, folder: Path, change: Callable[[Worksheet], None]) -> Path:
    """Return a table of the cases with the schools that are kept, changed as people do."""
    book = openpyxl.load_workbook(CASES / f"{name}.xlsx")
    page = book.worksheets[0]
    for row in range(page.max_row, 0, -1):
        if not _is_kept(page.cell(row, 1).value):
            page.delete_rows(row)
    change(page)
    folder.mkdir(exist_ok=True)
    book.save(folder / f"{name}.xlsx")
    return folder / f"{name}.xlsx"


def row_of(page: Worksheet, code: str, column: int = 1) -> int:
    """Return the row whose first cell is a school's code, or another text."""
    return next(n for n in range(1, page.max_row + 1) if str(page.cell(n, column).value) == code)


def _schools(page: Worksheet) -> None:
    """A month that is none, an amount in words, a part above its whole, a date, a total, blanks of several kinds."""
    heads = {str(page.cell(2, n).value): n for n in range(1, page.max_column + 1)}
    at = {code: row_of(page, f"{COUNTY}{code}") for code in KEPT}
    page.cell(at["0001"], heads["建校年月"]).value = "约1964"
    page.cell(at["0008"], heads["教学仪器设备值（元）"]).value = "约300万"
    page.cell(at["0009"], heads["网络多媒体教室数（间）"]).value = "缺"
    page.cell(at["0013"], heads["图书册数（册）"]).value = "１２，０００册"
    page.cell(at["0023"], heads["建校年月"]).value = "1990年9月"


def _last_year(page: Worksheet) -> None:
    """The year before: a school by its old code, another by its old name."""
    page.cell(row_of(page, f"{COUNTY}0008"), 1).value = OLD
    page.cell(row_of(page, f"{COUNTY}0013"), 2).value = "彭镇中心小学"


def _classes(page: Worksheet) -> None:
    """A class twice, one with no number."""
    last = page.max_row + 1
    for column in range(1, 6):
        page.cell(last, column).value = page.cell(4, column).value
    page.cell(5, 5).value = "四十五"


def _rooms(page: Worksheet) -> None:
    page.cell(4, 5).value = "约60"


def _teachers(page: Worksheet) -> None:
    """More with a certificate than there are."""
    page.cell(4, 5).value = int(page.cell(4, 4).value) + 3


def _government(page: Worksheet) -> None:
    """A share without its sign, one that is struck to nothing, an answer in other words."""
    page.cell(row_of(page, "rotation"), 3).value = "12.4"
    page.cell(row_of(page, "study_load"), 4).value = "达到"
    page.cell(row_of(page, "study_load"), 5).value = "2024年督导记录，第3至5页"


def _scores(page: Worksheet) -> None:
    page.cell(6, 5).value = "缺考"
    page.cell(7, 5).value = "请假"


def _survey(page: Worksheet) -> None:
    """A head in other words."""
    page.cell(2, 2).value = "发放并收回问卷数（份）"


def _same(page: Worksheet) -> None:
    """As it came."""


def _append(folder: Path, sheet: str, *rows: list[Any]) -> None:
    path = folder / "decisions" / f"{COUNTY}.xlsx"
    book = openpyxl.load_workbook(path)
    for row in rows:
        book[sheet].append(row)
    book.save(path)


def typed(*words: object) -> None:
    """Type a command that goes well."""
    assert cli.main([str(word) for word in words]) == 0


def build(folder: Path) -> Path:
    """Lay the county below a folder and return its folder of raw statistics."""
    data, came = folder / "own", folder / "来件"
    typed("new", COUNTY, "双流区", "--year", YEAR, "--en", "Shuangliu", "--data", data)
    changes = {
        f"schools_{YEAR - 1}": (_last_year, "2023年9月"),
        f"schools_{YEAR}": (_schools, "2024年9月30日"),
        f"classes_{YEAR}": (_classes, "2024-09"),
        f"rooms_{YEAR}": (_rooms, "2024-10"),
        f"teachers_{YEAR}": (_teachers, "2024-10"),
        f"government_{YEAR}": (_government, "2024-11"),
        f"scores_{YEAR}": (_scores, "2024-06"),
        f"survey_{YEAR}": (_survey, "2024-05"),
    }
    _append(data, "列名", ["survey", "发放并收回问卷数", "asked"])
    said = ("--publisher", "双流区教育局", "--county", COUNTY, "--data", data)
    for name, (change, date) in changes.items():
        typed("add", _edited(name, came, change), "--date", date, *said)
    _decisions(data)
    for name in ("limits", "budgets", "distances"):  # which the county has no use for; the others stay blank
        (data / COUNTY / f"{name}_{YEAR}.xlsx").unlink()
    _answers(data)
    _ledger(data)
    _evidence(data)
    return data


def _decisions(data: Path) -> None:
    """Two corrections of one cell, one of a cell that is read by nobody, one at rest; who is who; words of its own."""
    government = f"government_{YEAR}.xlsx"
    page = openpyxl.load_workbook(data / COUNTY / government).worksheets[0]
    rotation = f"$c${row_of(page, 'rotation')}"
    schools = openpyxl.load_workbook(data / COUNTY / f"schools_{YEAR}.xlsx").worksheets[0]
    total = row_of(schools, "合计")
    _append(
        data,
        "更正",
        [f" {government}", None, rotation, "12.4", "12.9", "先按来函", "张科长", "2024-11-05", None],
        [f"{COUNTY}/{government}", None, rotation.upper(), "12.9", "12.9%", "再补百分号", "张科长", "2024.11.6", None],
        [f"schools_{YEAR}.xlsx", schools.title, f"A{total}", "合计", "总计", "说法", "李老师", "2024-11-05", None],
        [government, None, f"C{row_of(page, 'teacher_training')}", "", "97%", "不再需要", "李老师", "2024-11-05", "是"],
    )
    _append(
        data,
        "学校变动",
        ["换代码", YEAR, OLD, f"{COUNTY}0008", "统一编码"],
        ["改名", YEAR, f"{COUNTY}0013", None, "2024年改名"],
    )
    _append(
        data,
        "县填文字",
        [
            YEAR,
            "县情概况",
            "双流区辖8个街道、5个镇。\n迎春小学2024年迁入新址。",
            "Eight subdistricts and 5 towns.",
            "是",
        ],
        [YEAR, "下步打算", "2025年起三年内补齐11所学校。", None, None],
        [YEAR - 1, "数据说明", "往年的说明1998年。", None, "是"],
    )


def _answers(data: Path) -> None:
    """What a school answered, as collecting it writes it."""
    entry = {
        "file": f"{COUNTY}/classes_{YEAR}.xlsx",
        "sheet": "班额统计表",
        "key": {"school": f"{COUNTY}0001", "grade": "1", "class": "2班"},
        "column": "pupils",
        "before": "四十五",
        "after": "45",
        "why": "学生数应填数字，却写着“四十五”。",
        "who": f"王老师 {COUNTY}0001 2024-11-08",
    }
    (data / "answers").mkdir(exist_ok=True)
    path = data / "answers" / f"{COUNTY}.yml"
    path.write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")


def _ledger(data: Path) -> None:
    typed("ledger", COUNTY, "--data", data, "--out", data.parent / "out")
    path = data / "ledger" / f"{COUNTY}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    at = {str(cell.value): cell.column for cell in page[1]}
    for row, said in (
        (2, {"责任单位": "双流区人力资源和社会保障局", "期限年份": "2026年", "整改措施": "招聘教师3名"}),
        (4, {"责任人": "王局长", "完成日期": "2025年6月底前"}),
        (page.max_row + 1, {"学校或范围": "全区", "项目": "校车2辆", "现值": "1辆", "完成日期": "20251231"}),
    ):
        for head, text in said.items():
            page.cell(row, at[head]).value = text
    book.save(path)


def _evidence(data: Path) -> None:
    typed("evidence", COUNTY, "--data", data, "--out", data.parent / "out")
    path = data / "evidence" / f"{COUNTY}_{YEAR}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    at = {str(cell.value): cell.column for cell in page[1]}
    for row in range(3, page.max_row + 1, 4):
        page.cell(row, at["材料名称"]).value = f"彭镇小学档案{row}卷"
        page.cell(row, at["文号"]).value = f"双教发〔2024〕{row}号" if row % 8 == 3 else None
        page.cell(row, at["保管单位"]).value = f"档案室{row}"
    book.save(path)
