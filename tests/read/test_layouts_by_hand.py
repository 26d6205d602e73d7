"""Headers and tables as offices lay them out, each on a sheet small enough to check by eye."""

from pathlib import Path

import openpyxl
import pytest

from analysis.clean import clean
from analysis.clean.checks import checks
from analysis.errors import DataError
from analysis.sources import load
from tests.read.by_hand import BASE, ONE, TWO, read, told
from tests.workbooks import COUNTY, Rows, book

YEARS = [[*BASE, "2023年图书册数", "2024年图书册数"], [*ONE, 1, 100], [*TWO, 2, 200]]


@pytest.mark.parametrize(
    "head",
    [
        [[*BASE, "2023年图书册数", "2024年图书册数"]],
        [[*BASE, "图书册数（2023年）", "图书册数（2024年）"]],
        [[*BASE, "图书册数", None], [None, None, None, "2023年", "2024年"]],
        [[*BASE, "2023年", "2024年"], [None, None, None, "图书册数", "图书册数"]],
        [[*BASE, "上年图书册数", "本年图书册数"]],
        [[*BASE, "图书册数（上学年）", "图书册数（本学年）"]],
        [[*BASE, "图书册数（册）", None], [None, None, None, "2023学年", "2024学年"]],
    ],
)
def test_the_column_of_the_sources_year_is_taken(tmp_path: Path, head: Rows) -> None:
    records = read(tmp_path, [*head, [*ONE, 1, 100], [*TWO, 2, 200]])
    assert records.schools["books"].to_list() == [100, 200]
    assert [(rule, unused) for rule, _, unused in told(records)] == [("column_past_year", 2)]


def test_a_column_of_another_year_alone_is_told_and_not_read(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "2023年图书册数"], [*ONE, 1]])
    assert records.schools["books"].to_list() == [None]
    assert told(records) == [("column_other_year", "D2", 1)]


def test_a_person_decides_a_column_of_another_year(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "2023年图书册数"], [*ONE, 1]], "columns: {books: D}")
    assert records.schools["books"].to_list() == [1]
    assert told(records) == []


def test_two_columns_that_differ_are_told_and_neither_is_read(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "图书册数", "图书"], [*ONE, 100, 101]])
    assert records.schools["books"].to_list() == [None]
    assert told(records) == [("column_twice", "D2,E2", 2)]
    (notice,) = records.notices.filter(rule="column_twice").rows(named=True)
    assert notice["after"] == "columns: {books: D}"
    said = checks()["column_twice"].sentence("zh", column="图书册数", before=notice["before"], after=notice["after"])
    assert "D、E" in said
    assert "columns: {books: D}" in said


@pytest.mark.parametrize(("entry", "books"), [("columns: {books: D}", 100), ("columns: {books: 图书}", 101)])
def test_a_person_decides_between_two_columns(tmp_path: Path, entry: str, books: int) -> None:
    records = read(tmp_path, [[*BASE, "图书册数", "图书"], [*ONE, 100, 101]], entry)
    assert records.schools["books"].to_list() == [books]
    assert [(rule, unused) for rule, _, unused in told(records)] == [("column_decided", 1)]


@pytest.mark.parametrize("second", [[100, 200], [None, None]])
def test_a_double_that_says_the_same_or_nothing_is_no_doubt(tmp_path: Path, second: list[int | None]) -> None:
    records = read(tmp_path, [[*BASE, "图书册数", "图书"], [*ONE, 100, second[0]], [*TWO, 200, second[1]]])
    assert records.schools["books"].to_list() == [100, 200]
    assert [rule for rule, _, _ in told(records)] == ["column_double"]


@pytest.mark.parametrize(
    ("heads", "one", "other", "rule", "value"),
    [
        ("元 万元", 200_000, 20, "column_double", 200_000),
        ("元 万元", 200_000, 21, "column_twice", None),
        ("元 万元", 20, 20, "column_twice", None),
        ("元 万元", None, 20, "column_double", 200_000),
        ("万元 元", 20, None, "column_double", 200_000),
        ("元 美元", 20, 20, "column_twice", None),
        ("美元 元", None, 20, "column_double", 20),
        ("元 美元", None, 20, "unit_unknown", None),
    ],
)
def test_a_double_in_another_unit_is_compared_in_one(
    tmp_path: Path, heads: str, one: int | None, other: int | None, rule: str, value: float | None
) -> None:
    head = [f"教学仪器设备值（{unit}）" for unit in heads.split()]
    records = read(tmp_path, [[*BASE, "图书册数", *head], [*ONE, 1, one, other]])
    assert records.schools["equipment_value"].to_list() == [value]
    assert rule in [rule for rule, _, _ in told(records)]


def test_a_required_column_in_doubt_refuses_the_file(tmp_path: Path) -> None:
    rows = [["学校代码", "学校名称", "标识码", "办学类型"], ["9901010001", "一小", "9901010009", "小学"]]
    with pytest.raises(DataError, match=r"A、C.*columns: \{school: A\}"):
        read(tmp_path, rows)


@pytest.mark.parametrize(
    ("title", "equipment", "land"),
    [
        ("单位：万元、亩", 200_000, 10_000),
        ("（单位:万元,亩）", 200_000, 10_000),
        ("计量单位：千元、公顷", 20_000, 150_000),
        ("Unit: 万元/亩", 200_000, 10_000),
        ("注：1.金额以万元计。2.面积按亩计算。", 200_000, 10_000),
        ("填报单位：青溪县教育局", 20, 15),
        ("说明：不足 100 人的学校按 100 人计，以县为主。", 20, 15),
        (None, 20, 15),
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_a_title_or_a_note_tells_units(
    tmp_path: Path, title: str | None, equipment: int, land: int, below: bool
) -> None:
    rows: Rows = [[*BASE, "教学仪器设备值", "占地面积"], [*ONE, 20, 15]]
    records = read(tmp_path, [*rows, [title]] if below else [[title], *rows])
    assert records.schools.select("equipment_value", "land_area").row(0) == (equipment, pytest.approx(land))


@pytest.mark.parametrize(
    ("title", "equipment"),
    [
        (["学校情况统计表（万元、亩）"], 200_000),
        (["学校情况统计表（公办）"], 20),
        (["学校情况统计表", None, None, "单位：", "万元、亩"], 200_000),
        (["学校情况统计表", None, None, "填报单位：", "万元镇小学"], 20),
    ],
)
def test_units_in_brackets_behind_a_title_and_in_a_cell_of_their_own(
    tmp_path: Path, title: list[str | None], equipment: float
) -> None:
    records = read(tmp_path, [title, [*BASE, "教学仪器设备值", "占地面积"], [*ONE, 20, 15]])
    assert records.schools["equipment_value"].to_list() == [equipment]


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("教学仪器设备值【万元】", 200_000),
        ("教学仪器设备值〔万元〕", 200_000),
        ("教学仪器设备值{万元}", 200_000),
        ("教学仪器设备值：万元", 200_000),
        ("教学仪器设备值，万元", 200_000),
        ("教学仪器设备值-万元", 200_000),
        ("教学仪器设备值\n万元", 200_000),
        ("教学仪器设备值【美元】", None),
        ("教学仪器设备值（万元）（不含捐赠）", None),
    ],
)
def test_a_unit_stands_behind_a_name_in_many_ways(tmp_path: Path, head: str, value: float | None) -> None:
    records = read(tmp_path, [[*BASE, "图书册数", head], [*ONE, 1, 20]])
    assert records.schools["equipment_value"].to_list() == [value]
    assert sum(unused for _, _, unused in told(records)) == (value is None)


def test_an_alias_that_names_a_unit_has_it(tmp_path: Path) -> None:
    head = "教学仪器设备值（万元）（不含捐赠）"
    aliases = f"schools: {{equipment_value: [{head}]}}\n"
    records = read(tmp_path, [[*BASE, "图书册数", head], [*ONE, 1, 20]], aliases=aliases)
    assert records.schools["equipment_value"].to_list() == [200_000]


def test_a_name_with_a_space_before_its_last_sign_is_no_unit(tmp_path: Path) -> None:
    records = read(tmp_path, [["学校代码", "校 名", "办学类型", "图书册数"], [*ONE, 20]])
    assert records.schools.select("name", "books").row(0) == ("一小", 20)


def test_a_headers_own_unit_goes_before_a_titles(tmp_path: Path) -> None:
    records = read(tmp_path, [["单位：万元"], [*BASE, "教学仪器设备值（元）", "教师培训经费"], [*ONE, 20, 3]])
    assert records.schools.select("equipment_value", "training_funds").row(0) == (20, 30_000)
    assert told(records, "unit_of_title") == [("unit_of_title", "E3", 0)]


def test_two_units_of_a_kind_in_a_title_are_asked_for(tmp_path: Path) -> None:
    rows: Rows = [["单位：万元、元"], [*BASE, "教学仪器设备值"], [*ONE, 20]]
    records = read(tmp_path, rows)
    assert records.schools["equipment_value"].to_list() == [None]
    assert told(records) == [("unit_unclear", "D3", 1)]
    decided = read(tmp_path, rows, "units: {equipment_value: 万元}")
    assert decided.schools["equipment_value"].to_list() == [200_000]


@pytest.mark.parametrize(
    ("head", "books"),
    [("图书册数（千册）", 10_000), ("图书册数（万册）", 100_000), ("图书册数（百套）", None), ("图书册数（元）", None)],
)
def test_a_unit_that_is_not_known_names_its_column(tmp_path: Path, head: str, books: int | None) -> None:
    records = read(tmp_path, [[*BASE, head], [*ONE, 10]])
    assert records.schools["books"].to_list() == [books]
    assert told(records) == ([] if books else [("unit_unknown", "D2", 1)])


def test_a_row_of_units_under_the_header_counts(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "图书册数", "教学仪器设备值"], [None, None, None, "册", "万元"]]
    records = read(tmp_path, [*head, [*ONE, 10, 2]])
    assert records.schools.select("books", "equipment_value").row(0) == (10, 20_000)
    odd = read(tmp_path, [head[0], [None, None, None, "册", "万美元"], [*ONE, 10, 2]])
    assert odd.schools.select("books", "equipment_value").row(0) == (10, None)
    assert told(odd) == [("unit_unknown", "E3", 1)]


def test_wholes_and_parts_under_a_group(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        [
            ["序号", *BASE, "在校学生数", None, None, "专任教师数", None, None, "备注"],
            [None, None, None, None, "合计", "小学", "初中", "合计", "其中：女", "其中：小学", None],
            ["甲", "乙", "丙", "丁", 1, 2, 3, 4, 5, 6, 7],
            [1, *ONE, 500, 500, None, 30, 9, 28, "新校"],
        ],
        merges=("E1:G1", "H1:J1"),
    )
    row = records.schools.row(0, named=True)
    assert [row[name] for name in ("pupils_primary", "pupils_junior", "teachers", "teachers_primary")] == [
        500,
        None,
        30,
        28,
    ]
    assert told(records) == [
        ("column_of_notes", "A4", 1),
        ("column_of_whole", "E4", 1),
        ("column_of_part", "I4", 1),
        ("column_of_notes", "K4", 1),
    ]


def test_a_part_alone_is_never_the_whole(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "图书册数", None], [None, None, None, "当年新增", "其中：电子"], [*ONE, 7, 3]])
    assert records.schools["books"].to_list() == [None]
    assert [unused for _, _, unused in told(records)] == [1, 1]


def test_a_header_like_a_known_one_is_offered_as_alias(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "小学在校总人数"], [*ONE, 500]]
    records = read(tmp_path, rows)
    assert records.schools["pupils_primary"].to_list() == [None]
    (notice,) = records.notices.filter(rule="column_near").rows(named=True)
    assert (notice["place"], notice["unused"]) == ("D2", 1)
    taken = read(tmp_path, rows, aliases=notice["after"])
    assert taken.schools["pupils_primary"].to_list() == [500]
    assert told(taken) == []


def test_a_second_table_below_is_read_with_its_own_header(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        [
            [*BASE, "图书册数", "计算机台数"],
            [*ONE, 100, 10],
            [None],
            ["初中部分"],
            ["学校名称", "学校代码", "办学类型", "计算机台数", "图书册数"],
            ["三中", "9901010003", "初中", 30, 300],
        ],
    )
    assert records.schools.select("school", "books", "computers").rows() == [
        ("9901010001", 100, 10),
        ("9901010003", 300, 30),
    ]
    assert told(records) == []


def test_another_kind_of_table_below_is_named(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, "图书册数"],
        [*ONE, 100],
        [None],
        ["学校代码", "年级", "班级", "学生数"],
        ["9901010001", 1, "1班", 40],
    ]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [100]
    assert told(records) == [("table_other", "A4:D5", 8)]


def test_a_second_table_beside_is_read_with_its_own_header(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", None, *BASE, "图书册数"], [*ONE, 100, None, *TWO, 200]]
    records = read(tmp_path, rows)
    assert records.schools.select("school", "books", "sheet").rows() == [
        ("9901010001", 100, "学校"),
        ("9901010002", 200, "学校[F:I]"),
    ]
    assert told(records) == []


def test_what_stands_beside_and_is_no_column_is_named(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数", None, "乡镇", "人口"], [*ONE, 100, None, "东镇", 9000], [*TWO, 200]]
    records = read(tmp_path, rows)
    assert records.schools.select("books", "township").rows() == [(100, None), (200, None)]
    assert told(records) == [("table_beside", "F1:G3", 4)]


def test_a_number_that_stands_alone_is_named(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "图书册数"], [*ONE, 100], [None, None, None, 77], ["注：截至9月1日"]])
    assert told(records) == [("row_stray", "A3:D3", 1)]


def test_cells_of_rows_and_values_set_aside_are_counted_once(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, "在校学生数/小学", "图书册数", "计算机台数"],
        [*ONE, "约五百", "约7000", 3],
        ["9901010002", "二小", "小学", 500, "约7000", 3],
    ]
    records = read(tmp_path, rows)
    assert records.schools.select("school", "books", "computers").rows() == [("9901010002", None, 3)]
    assert sorted((place, unused) for _, place, unused in told(records) if unused) == [("D2", 6), ("E3", 1)]


def test_hidden_rows_are_read_and_told_unless_a_person_decides(tmp_path: Path) -> None:
    path = tmp_path / COUNTY / "schools_2024.xlsx"
    book(path, [[*BASE, "图书册数"], [*ONE, 100], [*TWO, 200]])
    pages = openpyxl.load_workbook(path)
    pages.active.row_dimensions[3].hidden = True
    pages.save(path)
    records = clean(load(tmp_path), COUNTY)
    assert records.schools["books"].to_list() == [100, 200]
    assert told(records) == [("rows_hidden", "3:3", 0)]
    entry = f'{{file: {COUNTY}/schools_2024.xlsx, county: "{COUNTY}", table: schools, year: 2024, hidden: false}}'
    (tmp_path / "sources.yml").write_text(f"sources:\n  - {entry}\n", encoding="utf-8")
    records = clean(load(tmp_path), COUNTY)
    assert records.schools["books"].to_list() == [100]
    assert told(records) == [("rows_hidden_left", "3:3", 4)]


def test_rows_of_counties_that_share_a_file_are_counted_once(tmp_path: Path) -> None:
    file = "all/schools.xlsx"
    rows: Rows = [
        ["县", *BASE, "图书册数"],
        ["甲县", *ONE, 100],
        ["乙县", *TWO, 200],
        ["丙县", "9901030001", "三小", "小学", 300],
    ]
    book(tmp_path / file, rows)
    lines = [
        f'  - {{file: {file}, county: "{county}", table: schools, year: 2024, where: {{县: {name}}}}}'
        for county, name in (("990101", "甲县"), ("990102", "乙县"))
    ]
    (tmp_path / "sources.yml").write_text("\n".join(["sources:", *lines, ""]), encoding="utf-8")
    catalogue = load(tmp_path)
    first, second = (clean(catalogue, county) for county in ("990101", "990102"))
    assert first.schools["books"].to_list() == [100]
    assert second.schools["books"].to_list() == [200]
    assert told(first, "rows_of_others") == [("rows_of_others", "4:4", 5)]
    assert told(second, "rows_of_others") == []
    assert [int(one.accounts["cells"].sum()) for one in (first, second)] == [15, 5]


def test_a_sheet_that_an_entry_names_is_read_alone(tmp_path: Path) -> None:
    path = tmp_path / COUNTY / "book.xlsx"
    path.parent.mkdir(parents=True)
    pages = openpyxl.Workbook()
    for number, (page, books) in enumerate((("2023", 1), ("2024", 2))):
        sheet = pages.active if number == 0 else pages.create_sheet()
        sheet.title = page
        for row in ([*BASE, "图书册数"], [*ONE, books]):
            sheet.append(row)
    pages.save(path)
    lines = [
        f'  - {{file: {COUNTY}/book.xlsx, county: "{COUNTY}", table: schools, year: {year}, sheet: "{year}"}}'
        for year in (2023, 2024)
    ]
    (tmp_path / "sources.yml").write_text("\n".join(["sources:", *lines, ""]), encoding="utf-8")
    records = clean(load(tmp_path), COUNTY)
    assert records.schools.select("year", "books").rows() == [(2023, 1), (2024, 2)]
    assert records.accounts["cells"].to_list() == [8, 8]
    assert records.notices["unused"].sum() == 0


def test_a_header_that_comes_again_without_its_units_keeps_them(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "教学仪器设备值"], [None, None, None, "万元"]]
    records = read(tmp_path, [*head, [*ONE, 2], head[0], [*TWO, 3]])
    assert records.schools["equipment_value"].to_list() == [20_000, 30_000]


def test_a_data_row_between_two_headers_is_no_part_of_either(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "专任教师数", None, "图书册数"], [None, None, None, "小学", "初中", "全校（千册）"]]
    merges = ("A1:A2", "B1:B2", "C1:C2", "A4:A5", "B4:B5", "C4:C5")
    records = read(tmp_path, [*head, [*ONE, 5, None, 1.5], *head, [*TWO, 6, None, 2.5]], merges=merges)
    assert records.schools.select("teachers_primary", "books").rows() == [(5, 1500), (6, 2500)]
    assert told(records) == []


def test_a_header_again_without_its_row_of_units_keeps_them(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "专任教师数", None], [None, None, None, "小学", "初中"]]
    units: Rows = [[None, None, None, "百人", "百人"]]
    merges = ("A1:A2", "B1:B2", "C1:C2", "A5:A6", "B5:B6", "C5:C6")
    records = read(tmp_path, [*head, *units, [*ONE, 0.05, None], *head, [*TWO, 0.06, None]], merges=merges)
    assert records.schools["teachers_primary"].to_list() == [5, 6]
    assert told(records) == []


@pytest.mark.parametrize("merges", [(), ("A1:D1", "A2:D2", "A3:D3")])
def test_titles_above_one_another_are_no_part_of_the_header(tmp_path: Path, merges: tuple[str, ...]) -> None:
    titles: Rows = [["各校办学条件"], ["2024学年"], ["单位：公顷"]]
    records = read(tmp_path, [*titles, [*BASE, "体育运动场馆面积"], [*ONE, 0.5]], merges=merges)
    assert records.schools["sports_area"].to_list() == [5000.0]
    assert told(records) == [("unit_of_title", "D5", 0)]


def test_the_upper_row_of_a_header_tells_no_unit_of_the_sheet(tmp_path: Path) -> None:
    """A row above the header whose merged cells repeat its heads is no title: (%) there is of its own."""
    rows: Rows = [[*BASE, "达标率（%）", "基本情况"], [None, None, None, None, "图书册数"], [*ONE, 90, 100]]
    records = read(tmp_path, rows, merges=("A1:A2", "B1:B2", "C1:C2", "D1:D2"))
    assert records.schools["books"].to_list() == [100]
    assert told(records, "unit_of_title", "unit_unknown") == []


def test_a_numbering_row_below_an_empty_row_is_one(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "图书册数", "计算机台数"], [], ["甲", "乙", "丙", 1, 2], [*ONE, 100, 10]])
    assert records.schools.select("school", "books").rows() == [("9901010001", 100)]
    assert told(records) == []


def test_years_over_columns_decide_under_a_group_that_says_nothing(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, "基本情况", None, "2023年", "2024年"],
        [None, None, None, "图书册数", "计算机台数", *["小学在校学生数"] * 2],
    ]
    records = read(tmp_path, [*rows, [*ONE, 100, 10, 39, 1789]], merges=("A1:A2", "B1:B2", "C1:C2", "D1:E1"))
    assert records.schools["pupils_primary"].to_list() == [1789]
    assert told(records, "column_past_year", "column_twice") == [("column_past_year", "F3", 1)]


@pytest.mark.parametrize(("head", "pupils"), [("在校学生数/高中", 50), ("其中：女/在校学生数/高中", None)])
def test_a_name_that_holds_a_parts_word_is_whole_under_a_group(tmp_path: Path, head: str, pupils: int | None) -> None:
    rows: Rows = [[*BASE, "人员情况"], [None, None, None, head], [*ONE, 50]]
    records = read(tmp_path, rows, merges=("A1:A2", "B1:B2", "C1:C2"))
    assert records.schools["pupils_senior"].to_list() == [pupils]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("label", ["平均", "全县平均值", "均值", "标准差", "其中：农村小学"])
def test_a_row_of_means_or_of_a_part_is_no_school(tmp_path: Path, place: int, label: str) -> None:
    summary: list[str | int | None] = [None, None, None, 150]
    summary[place] = label
    records = read(tmp_path, [[*BASE, "图书册数"], [*ONE, 100], [*TWO, 200], summary])
    assert records.schools["books"].to_list() == [100, 200]
    assert told(records) == []


def test_a_school_called_like_a_mean_is_a_school(tmp_path: Path) -> None:
    records = read(tmp_path, [[*BASE, "图书册数"], ["9901010001", "太平均值小学", "小学", 100], [*TWO, 200]])
    assert records.schools["name"].to_list() == ["太平均值小学", "二小"]


@pytest.mark.parametrize(
    ("beside", "second", "books"),
    [
        (False, "图书册数", None),
        (False, "图书册数（册）", 2),
        (True, "图书册数", None),
        (True, "图书册数（千册）", 2000),
    ],
)
def test_a_unit_told_above_one_table_is_asked_for_of_the_next(
    tmp_path: Path, beside: bool, second: str, books: int | None
) -> None:
    first: Rows = [[*BASE, "图书册数"], [*ONE, 1.5]]
    other: Rows = [[second, *BASE], [2, *TWO]]
    both = [[*one, None, *two] for one, two in zip(first, other, strict=True)]
    records = read(tmp_path, [["单位：千册"], *(both if beside else [*first, [], ["表二"], *other])])
    assert records.schools["books"].to_list() == [1500, books]
    assert [unused for _, _, unused in told(records, "unit_unclear")] == ([1] if books is None else [])


def test_a_title_of_plain_units_raises_no_doubt_of_the_next_table(tmp_path: Path) -> None:
    rows: Rows = [["单位：册"], [*BASE, "图书册数"], [*ONE, 1], [], ["表二"], ["图书册数", *BASE], [2, *TWO]]
    records = read(tmp_path, rows)
    assert records.schools["books"].to_list() == [1, 2]
    assert told(records, "unit_unclear") == []


def test_a_group_that_tells_nothing_leaves_two_columns_in_doubt(tmp_path: Path) -> None:
    """基本情况 heads other columns too: 图书册数 below it is as whole a name as that beside it."""
    rows: Rows = [
        [*BASE, "基本情况", None, "图书册数"],
        [None, None, None, "计算机台数", "图书册数"],
        [*ONE, 10, 100, 90],
    ]
    merges = ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2")
    records = read(tmp_path, rows, merges=merges)
    assert records.schools.select("books", "computers").rows() == [(None, 10)]
    assert [(rule, place) for rule, place, _ in told(records, "column_twice")] == [("column_twice", "E3,F3")]


def test_a_group_of_one_column_alone_makes_it_the_narrower(tmp_path: Path) -> None:
    rows: Rows = [
        [*BASE, "阅览室", "图书册数", "班级数"],
        [None, None, None, "图书册数", None, "小学"],
        [*ONE, 100, 90, 6],
    ]
    records = read(tmp_path, rows, merges=("A1:A2", "B1:B2", "C1:C2", "E1:E2"))
    assert records.schools.select("books", "classes_primary").rows() == [(90, 6)]
    assert [rule for rule, _, _ in told(records)] == ["column_narrower"]


def test_a_group_again_above_a_header_again_is_no_table(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "资源配置", None], [None, None, None, "图书册数", "计算机台数"]]
    rows: Rows = [["单位：千册"], *head, [*ONE, 1.5, 10], [], *head, ["", "镇区"], [*TWO, 2.5, 20]]
    records = read(tmp_path, rows, merges=("A2:A3", "B2:B3", "C2:C3"))
    assert records.schools.select("books", "computers").rows() == [(1500, 10), (2500, 20)]


def test_a_header_like_the_first_but_for_its_units_is_one_of_its_own(tmp_path: Path) -> None:
    head: Rows = [[*BASE, "专任教师数", None], [None, None, None, "小学（百人）", "初中（百人）"]]
    again: Rows = [[*BASE, "专任教师数", None], [None, None, None, "小学（人）", "初中（人）"]]
    rows: Rows = [*head, [*ONE, 0.05, None], [], *again, [*TWO, 6, None]]
    records = read(tmp_path, rows, merges=("A1:A2", "B1:B2", "C1:C2"))
    assert records.schools["teachers_primary"].to_list() == [5, 6]


def test_a_title_below_empty_rows_is_no_part_of_the_header(tmp_path: Path) -> None:
    rows: Rows = [[], [], ["（单位：公顷）"], [*BASE, "专任教师数/小学", "体育运动场馆面积"], [*ONE, 5, 0.5]]
    records = read(tmp_path, rows)
    assert records.schools.select("teachers_primary", "sports_area").rows() == [(5, 5000.0)]
