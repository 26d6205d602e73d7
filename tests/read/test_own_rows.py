"""Which rows of a file are its source's own: of its year, of its county, schools at all, and no totals."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.clean import Records
from analysis.read.own_rows import _years
from tests.read.by_hand import BASE, ONE, TWO, hold_the_law, read, told
from tests.workbooks import COUNTY, Rows, book, cleaned

FOUR: Rows = [[f"990101000{number}", f"第{number}小学", "小学"] for number in range(1, 5)]


def table(folder: Path, name: str, rows: Rows) -> Records:
    """Return what is read of one sheet of another table of 2024."""
    path = book(folder / COUNTY / f"{name}_2024.xlsx", rows)
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


def sheets(folder: Path, pages: dict[str, Rows], entry: str = "") -> Records:
    """Return what is read of several sheets of schools."""
    path = folder / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = openpyxl.Workbook()
    written.remove(written.worksheets[0])
    for title, rows in pages.items():
        page = written.create_sheet(title)
        for row in rows:
            page.append(row)
    written.save(path)
    if entry:
        line = f'{{file: {COUNTY}/schools_2024.xlsx, county: "{COUNTY}", table: schools, year: 2024, {entry}}}'
        (folder / "sources.yml").write_text(f"sources:\n  - {line}\n", encoding="utf-8")
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


def why(records: Records, rule: str) -> list[tuple[Any, ...]]:
    return records.notices.filter(rule=rule).select("row", "before", "after").rows()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024", (2024,)),
        ("2024年度", (2024,)),
        ("2023-2024学年", (2023, 2024)),
        ("2023/24", (2023, 2024)),
        ("2024-09", (2024,)),
        ("上学年", (2023,)),
        ("2020-2024", ()),
        ("甲", ()),
        (None, ()),
    ],
)
def test_years_that_texts_tell(text: str | None, years: tuple[int, ...]) -> None:
    assert _years(text, 2024) == years


@pytest.mark.parametrize("header", ["年度", "学年", "年份", "统计年度"])
def test_rows_of_another_year_are_named_and_not_used(tmp_path: Path, header: str) -> None:
    rows: Rows = [[*BASE, "图书册数", header], [*ONE, 100, 2024], [*TWO, 200, "2024年"], [*ONE, 300, 2023]]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [100, 200]
    assert told(records, "rows_of_other_year") == [("rows_of_other_year", "4:4", 5)]
    assert told(records, "column_of_rows") == [("column_of_rows", "E2:E4", 2)]


def test_a_total_of_another_year_is_held_against_no_row(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", "年度"], [*ONE, 100, 2024], ["合计", None, None, 100, 2024], [*ONE, 300, 2023]]
    records = read(tmp_path, [*rows, ["合计", None, None, 300, 2023]])
    assert told(records, "rows_of_other_year", "totals_differ") == [("rows_of_other_year", "4:5", 8)]


def test_rows_of_one_year_throughout_are_read(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "学年"], [*ONE, "2023-2024"], [*TWO, "2023-2024"]])
    assert records.schools.height == 2
    assert records.quarantine.is_empty()


def test_two_school_years_that_may_be_meant_are_asked_about_and_one_is_named_by_an_entry(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "学年"], [*ONE, "2023-2024学年"], [*TWO, "2024-2025学年"]]
    records = read(tmp_path, rows)
    assert records.schools.is_empty()
    line = "where: {学年: 2023-2024学年}"
    assert why(records, "year_of_row_unclear") == [(row, "2023-2024学年、2024-2025学年", line) for row in (2, 3)]
    decided = read(tmp_path, rows, line)
    assert decided.schools["name"].to_list() == ["一小"]
    assert decided.quarantine.is_empty()


def test_a_table_all_of_another_year_is_not_used_until_an_entry_says_so(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "年度"], [*ONE, 2023], [*TWO, 2023]]
    records = read(tmp_path, rows)
    assert records.schools.is_empty()
    assert why(records, "year_of_row_other") == [(row, "2023", "where: {年度: 2023}") for row in (2, 3)]
    assert read(tmp_path, rows, "where: {年度: 2023}").schools.height == 2


def test_a_row_without_a_year_among_such_with_one_is_asked_about(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "年度"], [*ONE, 2024], [*TWO, None], [*ONE, 2023]])
    assert records.schools["name"].to_list() == ["一小"]
    assert [row for row, *_ in why(records, "year_of_row_unclear")] == [3]


def test_a_table_with_a_year_of_its_own_keeps_its_rows(tmp_path: Path) -> None:
    header = ["监测年度", "年级", "监测学科", "学业水平等级"]
    records = table(tmp_path, "monitoring", [header, [2021, 4, "数学", "Ⅲ"], [2024, 4, "数学", "Ⅲ"]])
    assert records.monitoring["year"].to_list() == [2021, 2024]


def test_codes_of_another_county_among_most_of_this_one_are_set_aside(tmp_path: Path) -> None:
    rows: Rows = [BASE, *FOUR, ["9901020001", "乙县小学", "小学"]]
    records = read(tmp_path, rows)
    assert records.schools.height == 4
    assert records.quarantine["rules"].to_list() == [["code_of_other_county"]]
    assert why(records, "code_of_other_county") == [(6, "990102", 'codes: ["990101", "990102"]')]
    assert read(tmp_path, rows, 'codes: ["990101", "990102"]').schools.height == 5
    left = read(tmp_path, rows, 'codes: ["990101"]')
    assert left.schools.height == 4
    assert left.quarantine.is_empty()
    assert told(left, "rows_not_named") == [("rows_not_named", "6:6", 3)]


@pytest.mark.parametrize(("others", "aside"), [(1, 1), (2, 2), (3, 0)])
def test_both_sides_of_the_most(tmp_path: Path, others: int, aside: int) -> None:
    strange: Rows = [[f"213300123{number}", f"外{number}小学", "小学"] for number in range(others)]
    records = read(tmp_path, [BASE, *FOUR, *strange])
    assert records.quarantine.height == aside
    assert records.schools.height == 4 + others - aside


def test_codes_that_no_county_begins_are_read(tmp_path: Path) -> None:
    records = read(tmp_path, [BASE, ["2133001234", "一小", "小学"], ["3133001235", "二中", "初级中学"]])
    assert records.schools.height == 2
    assert records.quarantine.is_empty()


def test_a_county_that_changed_its_code_keeps_the_old_codes_of_schools(tmp_path: Path) -> None:
    entry = f'- {{kind: county, old: "990199", new: "{COUNTY}", year: 2023}}\n'
    (tmp_path / "identity.yml").write_text(entry, encoding="utf-8")
    assert read(tmp_path, [BASE, *FOUR, ["9901990001", "旧小学", "小学"]]).schools.height == 5


def test_a_column_that_names_another_county_sets_its_rows_aside(tmp_path: Path) -> None:
    counties = f'counties:\n  "{COUNTY}": {{zh: 甲县, en: A}}\n'
    (tmp_path / "sources.yml").write_text(counties, encoding="utf-8")
    rows: Rows = [[*BASE, "县（区）"], [*ONE, "甲县"], [*TWO, "示例市甲县"], ["9901010003", "三小", "小学", "乙县"]]
    records = read(tmp_path, rows)
    assert records.schools["name"].to_list() == ["一小", "二小"]
    assert why(records, "county_of_row_other") == [(4, "乙县", "where: {县（区）: 甲县}")]


def test_a_county_that_is_called_otherwise_throughout_is_no_other(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "县区"], [*ONE, "青溪"], [*TWO, "青溪"]])
    assert records.schools.height == 2


@pytest.mark.parametrize(
    ("code", "name"),
    [("9901010000", "示例小学"), ("示例：9901010000", "一小"), ("9901010000", "例如：城关小学"), ("", "（样例）小学")],
)
def test_a_row_that_is_an_example_is_named_and_not_used(tmp_path: Path, code: str, name: str) -> None:
    records = read(tmp_path, [BASE, [code or None, name, "小学"], ONE, TWO])
    assert records.schools["name"].to_list() == ["一小", "二小"]
    assert told(records, "row_of_example") == [("row_of_example", "2:2", 3 if code else 2)]


@pytest.mark.parametrize("name", ["示范小学", "示例县第一小学", "实验小学", "惯例小学"])
def test_schools_whose_name_is_near_that_of_an_example_are_read(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, [BASE, ["9901010009", name, "小学"], ONE]).schools.height == 2


@pytest.mark.parametrize("title", ["示例", "填写样例", "模板", "样表"])
def test_a_sheet_of_examples_beside_the_table_is_not_read(tmp_path: Path, title: str) -> None:
    records = sheets(tmp_path, {"学校": [BASE, ONE], title: [BASE, TWO]})
    assert records.schools["name"].to_list() == ["一小"]
    assert told(records, "sheet_of_example") == [("sheet_of_example", "", 6)]
    assert sheets(tmp_path, {title: [BASE, TWO]}).schools.height == 1  # alone it is the table
    assert sheets(tmp_path, {"学校": [BASE, ONE], title: [BASE, TWO]}, f"sheet: {title}").schools["name"].to_list() == [
        "二小"
    ]


@pytest.mark.parametrize(
    ("title", "read_too"),
    [
        ("2023", False),
        ("2023年", False),
        ("上年", False),
        ("2024年", True),
        ("2023-2024", True),
        ("20230901导出", True),
    ],
)
def test_a_sheet_that_is_called_by_another_year_is_not_read_beside_one_that_is_not(
    tmp_path: Path, title: str, read_too: bool
) -> None:
    records = sheets(tmp_path, {title: [BASE, ONE], "Sheet1": [BASE, TWO]})
    assert records.schools.height == (2 if read_too else 1)
    assert (told(records, "sheet_of_other_year") == []) is read_too


def test_a_header_without_a_row_is_told(tmp_path: Path) -> None:
    assert told(read(tmp_path, [BASE])) == [("table_bare", "", 0)]
    beside = sheets(tmp_path, {"学校": [BASE, ONE], "空表": [BASE]})
    assert beside.schools.height == 1
    assert told(beside, "table_bare") == []


FORMS: Rows = [
    ["必填", "必填", "必填，下拉", "选填"],
    ["文本", "文本", "枚举", "整数"],
    ["字符型", "字符型(50)", "下拉选择", "数值型"],
    ["varchar(20)", "varchar(50)", "enum", "int"],
    ["school", "name", "type", "books"],
    ["（填写10位）", "（填写全称）", "（下拉选择）", "（请填整数）"],
]


@pytest.mark.parametrize("form", FORMS)
def test_what_a_platform_writes_under_the_header_is_no_school(tmp_path: Path, form: list[Any]) -> None:
    records = read(tmp_path, [[*BASE, "图书册数"], form, [*ONE, 100], [*TWO, 200]])
    assert records.schools["books"].to_list() == [100, 200]
    assert records.quarantine.is_empty()
    assert told(records) == []


def test_rows_of_a_form_stand_under_the_header_alone(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数"], *[[*one, 100] for one in FOUR], ["school", "name", "type", "books"]]
    assert read(tmp_path, rows).quarantine["row"].to_list() == [6]


def test_items_in_latin_letters_are_no_names_of_fields(tmp_path: Path) -> None:
    header = ["指标代码", "指标名称", "数值"]
    assert table(tmp_path, "government", [header, ["retention", "x", 0.97]]).government.height == 1
    assert table(tmp_path, "government", [header, ["retention", "x", "NA"]]).government.height == 1


CLASSES: list[Any] = ["学校代码", "学校名称", "年级", "班级", "学生数"]
TWO_CLASSES: Rows = [["9901010001", "一小", "一年级", "1", 45], ["9901010001", "一小", "一年级", "2", 44]]


@pytest.mark.parametrize(
    ("grade", "named"),
    [
        ("一年级", "小计"),
        ("一年级", "小 计"),
        ("一年级", "2个班"),
        ("一年级", "共2班"),
        ("一年级", "全年级"),
        ("合计", "2"),
        ("合计", None),
        ("一年级", "合计："),
    ],
)
def test_totals_within_classes_are_no_classes(tmp_path: Path, grade: str, named: str | None) -> None:
    records = table(tmp_path, "classes", [CLASSES, *TWO_CLASSES, ["9901010001", "一小", grade, named, 89]])
    assert records.classes["pupils"].to_list() == [45, 44]
    assert told(records) == []
    wrong = table(tmp_path, "classes", [CLASSES, *TWO_CLASSES, ["9901010001", "一小", grade, named, 90]])
    assert told(wrong) == [("totals_differ", "E4", 0)]


@pytest.mark.parametrize(
    "named",
    [
        "其中女生",
        "男生",
        "走读",
        "班数",
        "人数",
        "平均班额",
        "最大班额",
        "转入",
        "总人数",
        "班级总数",
        "年级人数",
        "一年级人数",
        "本年级",
        "合计人数",
        "在校生数",
        "计",
        "Σ",
        "Total",
        "average",
        "标准班额",
        "上限",
    ],
)
def test_what_classes_come_to_is_no_class(tmp_path: Path, named: str) -> None:
    records = table(tmp_path, "classes", [CLASSES, *TWO_CLASSES, ["9901010001", "一小", "一年级", named, 43]])
    assert records.classes["pupils"].to_list() == [45, 44]


@pytest.mark.parametrize(
    "named",
    [
        "2班",
        "(2)班",
        "一年级",
        "总务班",
        "标准班",
        "和平班",
        "全科班",
        "共青班",
        "计算机班",
        "2男",
        "女一班",
        "寄宿制2班",
    ],
)
def test_classes_whose_name_is_near_that_of_a_total_are_read(tmp_path: Path, named: str) -> None:
    records = table(tmp_path, "classes", [CLASSES, TWO_CLASSES[0], ["9901010001", "一小", "一年级", named, 44]])
    assert records.classes["pupils"].to_list() == [45, 44]


def test_a_number_of_classes_that_is_not_that_of_the_rows_above_is_set_aside(tmp_path: Path) -> None:
    records = table(tmp_path, "classes", [CLASSES, *TWO_CLASSES, ["9901010001", "一小", "一年级", "3个班", 89]])
    assert records.classes.height == 2
    assert records.quarantine["rules"].to_list() == [["row_of_count"]]


@pytest.mark.parametrize(
    "named", ["小计", "2间", "合计", "总面积", "合计2间", "两间", "Σ", "total", "应有间数", "标准", "缺额", "备注"]
)
def test_totals_within_rooms_are_no_rooms(tmp_path: Path, named: str) -> None:
    header = ["学校代码", "教室编号", "教室类型", "使用面积"]
    rows: Rows = [["9901010001", "M1", "音乐教室", 96], ["9901010001", "M2", "音乐教室", 90]]
    records = table(tmp_path, "rooms", [header, *rows, ["9901010001", named, "音乐教室", 186]])
    assert records.rooms["area"].to_list() == [96, 90]
    assert told(records) == []


@pytest.mark.parametrize("named", ["M3", "标准间1", "音乐间", "2号间", "缺角楼201", "面积大的一间"])
def test_rooms_whose_name_is_near_that_of_a_total_are_read(tmp_path: Path, named: str) -> None:
    header = ["学校代码", "教室编号", "教室类型", "使用面积"]
    rows: Rows = [["9901010001", "M1", "音乐教室", 96], ["9901010001", named, "音乐教室", 90]]
    assert table(tmp_path, "rooms", [header, *rows]).rooms["area"].to_list() == [96, 90]


def test_totals_within_teachers_are_no_stage(tmp_path: Path) -> None:
    header = ["学校代码", "学段", "专任教师数"]
    rows: Rows = [["9901010001", "小学", 20], ["9901010001", "初中", 18], ["9901010001", "合计", 38]]
    records = table(tmp_path, "teachers", [header, *rows])
    assert records.teachers["teachers"].to_list() == [20, 18]
    assert told(records) == []


@pytest.mark.parametrize("named", ["平均分", "合计", "优秀率", "及格率", "最高分", "平均", "参考人数"])
def test_what_sums_up_scores_is_no_pupil(tmp_path: Path, named: str) -> None:
    header = ["学校代码", "考生号", "年级", "学科", "成绩"]
    rows: Rows = [["9901010001", f"00{number}", "四年级", "数学", 60 + number] for number in range(3)]
    records = table(tmp_path, "scores", [header, *rows, ["9901010001", named, "四年级", "数学", 61]])
    assert records.scores["score"].to_list() == [60, 61, 62]
    assert records.quarantine.is_empty()


@pytest.mark.parametrize(
    "total",
    [
        ["汇总"],
        ["全县"],
        ["总  计 ( 2 所)"],
        ["合计(2所)"],
        [None, "2所"],
        [None, "城关镇"],
        [None, "河西街道"],
        [COUNTY, "甲县"],
        [None, "全县合计"],
    ],
)
def test_totals_by_other_names_are_no_schools(tmp_path: Path, total: list[Any]) -> None:
    rows: Rows = [[*BASE, "图书册数"], [*ONE, 100], [*TWO, 200]]
    row = [*total, *[None] * (3 - len(total)), 300]
    records = read(tmp_path, [*rows, row])
    assert records.schools["books"].to_list() == [100, 200]
    assert told(records) == []
    first = read(tmp_path, [rows[0], row, *rows[1:]])  # above its rows
    assert first.schools["books"].to_list() == [100, 200]
    assert told(first) == []
    assert told(read(tmp_path, [*rows, [*row[:3], 301]])) == [("totals_differ", "D4", 0)]


@pytest.mark.parametrize("carried", ["过次页", "承前页", "接上页：", "转下页", "上页结转", "续前页合计"])
def test_what_is_carried_over_to_the_next_page_is_no_school(tmp_path: Path, carried: str) -> None:
    rows: Rows = [[*BASE, "图书册数"], [*ONE, 100], [carried, None, None, 100], [None, carried, None, 100], [*TWO, 200]]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [100, 200]
    assert told(records) == []


@pytest.mark.parametrize("name", ["城关镇小学", "上页小学", "全福小学", "合计小学", "所前中心小学"])
def test_schools_whose_name_is_near_that_of_a_total_are_read(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, [BASE, ["9901010009", name, "小学"], ONE]).schools.height == 2


def test_a_row_with_numbers_and_no_school_is_said_to_look_like_a_total(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", "计算机台数"], [*ONE, 100, 10], [None, "城区", None, 100, 10]]
    records = read(tmp_path, rows)
    assert records.quarantine["row"].to_list() == [3]
    assert told(records) == [("row_like_total", "3:3", 3)]
    lacking = read(tmp_path, [*rows[:2], [None, "第三小学", None, 100, 10]])  # a school that lacks its code
    assert told(lacking, "row_like_total") == []
    assert lacking.quarantine["row"].to_list() == [3]
