from pathlib import Path

import pytest

from analysis import sources
from analysis.errors import DataError
from analysis.read import RawSheet, find_sheets, read_source, rows_of
from analysis.read.fields import table, tables, units
from analysis.read.header_names import plain
from analysis.read.header_units import Named, split
from tests.workbooks import COUNTY, HEADER, Rows, book, cleaned, school, text


def read(folder: Path, rows: Rows, merges: tuple[str, ...] = ()) -> list[RawSheet]:
    book(folder / COUNTY / "schools_2024.xlsx", rows, merges=merges)
    catalogue = sources.load(folder)
    return read_source(catalogue, catalogue.of(COUNTY)[0])


def bound(sheet: RawSheet) -> dict[str, int]:
    return {name: binding.position for name, binding in sheet.layout.bound().items()}


PLACES = {"school": 0, "name": 1, "school_type": 2, "pupils_primary": 3, "books": 4}


@pytest.mark.parametrize("titles", [0, 1, 3])
def test_the_header_is_found_under_title_rows(tmp_path: Path, titles: int) -> None:
    rows: Rows = [["青溪县2024年统计表"]] * titles + [HEADER, school(1)]
    (sheet,) = read(tmp_path, rows)
    assert bound(sheet) == PLACES
    assert sheet.data["row"].to_list() == [titles + 2]


@pytest.mark.parametrize("merged", [False, True])
def test_a_header_of_two_rows(tmp_path: Path, merged: bool) -> None:
    rows: Rows = [
        ["标题"],
        ["学校代码", "学校名称", "办学类型", "在校学生数", None, "教学仪器设备值（万元）"],
        [None, None, None, "小学", "初中", None],
        ["9901010001", "甲校", "小学", 1, 2, 3],
    ]
    merges = ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3") if merged else ()
    (sheet,) = read(tmp_path, rows, merges)
    assert bound(sheet) == {
        "school": 0,
        "name": 1,
        "school_type": 2,
        "pupils_primary": 3,
        "pupils_junior": 4,
        "equipment_value": 5,
    }
    unit = sheet.layout.bound()["equipment_value"].unit
    assert unit is not None
    assert (unit.base, unit.factor) == ("元", 10000)
    assert sheet.data["row"].to_list() == [4]


def test_a_header_of_three_rows(tmp_path: Path) -> None:
    rows: Rows = [
        ["基本信息", None, None, "学生情况", None],
        ["学校代码", "学校名称", "办学类型", "在校学生数", None],
        [None, None, None, "小学", "初中"],
        ["9901010001", "甲校", "小学", 1, 2],
    ]
    (sheet,) = read(tmp_path, rows)
    assert bound(sheet) == {"school": 0, "name": 1, "school_type": 2, "pupils_primary": 3, "pupils_junior": 4}


def test_totals_notes_and_repeated_headers_are_no_data(tmp_path: Path) -> None:
    rows: Rows = [
        HEADER,
        school(1),
        ["东镇小计", None, None, 300, 9000],
        HEADER,
        ["一、西镇"],
        school(2),
        [None, "合 计", None, 600, 18000],
        [None],
        ["注：数据截至2024年9月。"],
        ["2.九年一贯制学校、完全中学不分学段填报的，由系统拆分。"],
        ["填表人：张三", None, None, "审核人：李四"],
    ]
    (sheet,) = read(tmp_path, rows)
    assert sheet.data["row"].to_list() == [2, 6]
    assert sheet.rows.height == 9


def test_a_row_with_only_a_code_or_a_schools_name_is_data(tmp_path: Path) -> None:
    rows: Rows = [HEADER, ["9901010001"], [None, "青溪县第二小学"], school(3)]
    (sheet,) = read(tmp_path, rows)
    assert sheet.data["row"].to_list() == [2, 3, 4]


def test_every_sheet_with_the_table_is_read_and_no_other(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(path) as written:
        for name, rows in {
            "说明": [["填表说明"]],
            "东镇": [HEADER, school(1)],
            "西镇": [["表"], HEADER, school(2)],
        }.items():
            page = written.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    catalogue = sources.load(tmp_path)
    found = read_source(catalogue, catalogue.of(COUNTY)[0])
    assert [(one.name, one.data["row"].to_list()) for one in found] == [
        ("说明", []),
        ("东镇", [2]),
        ("西镇", [3]),
    ]


def test_a_missing_required_column_names_it_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"schools_2024\.xlsx.*学校.*1.*学校代码.*学校代号") as fault:
        read(tmp_path, [["学校代号", *HEADER[1:]], school(1)])
    assert fault.value.key == "header_near"
    assert "schools: {school: [学校代号]}" in str(fault.value)


def test_a_sheet_without_header_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError) as fault:
        read(tmp_path, [["甲", "乙"], [1, 2]])
    assert fault.value.key == "header_missing"


def test_units_are_split_from_headers() -> None:
    assert split("教学仪器设备值（ 万元 ）") == Named("教学仪器设备值", units()["万元"])
    assert split("占地面积(单位：亩)").unit == units()["亩"]
    assert split("乡镇（街道）") == Named("乡镇", None, "街道")
    assert split("校际差异率（％）").unit == units()["%"]
    assert split("（千册）").unit == units()["千册"]
    assert split("（卷）") == Named("", only="卷")


def test_no_two_columns_of_a_table_share_a_header() -> None:
    for one in tables().values():
        seen: dict[str, str] = {}
        for column in one.columns.values():
            for header in column.headers:
                assert seen.setdefault(plain(header), column.name) == column.name, (one.name, header)


def test_every_unit_converts_to_a_unit_that_a_column_has() -> None:
    held = {column.unit for one in tables().values() for column in one.columns.values()} | {"share"}
    assert {unit.base for unit in units().values()} <= held
    assert units()["亩"].factor == pytest.approx(666.6667, abs=1e-4)


def test_keys_are_columns() -> None:
    for one in tables().values():
        assert set(one.key) <= set(one.columns)
    assert table("monitoring").schema()["level"].is_integer()


def test_text_files_too(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2024.csv", [["标题"], HEADER, school(1)], encoding="gb18030")
    catalogue = sources.load(tmp_path)
    (sheet,) = read_source(catalogue, catalogue.of(COUNTY)[0])
    assert bound(sheet) == PLACES


SUMMED = ["學校代碼", "學校名稱", "男專任教師", "女專任教師", "1年級班級數", "6年級班級數"]


def test_a_column_in_parts_is_added_up_and_the_layout_implies_the_type(tmp_path: Path) -> None:
    rows: Rows = [list(SUMMED), ["0001", "甲", 3, 4, 1, 1], ["0002", "乙", None, 4, 1, 1], ["0003", "丙", "x", 4, 1, 1]]
    book(tmp_path / COUNTY / "schools_2024.xlsx", rows)
    records = cleaned(tmp_path)
    assert records.schools.select("school", "school_type", "teachers").rows() == [
        ("0001", "primary", 7),
        ("0002", "primary", None),
        ("0003", "primary", None),
    ]
    assert records.quarantine.is_empty()
    (told,) = records.notices.filter(rule="text_in_number_value").rows(named=True)
    assert (told["place"], told["column"], told["unused"]) == ("C4", "teachers", 2)  # and its other part


def test_a_file_of_several_counties(tmp_path: Path) -> None:
    text(tmp_path / "all" / "schools.csv", [["县", *HEADER], ["甲县", *school(1)], ["乙县", *school(2)]])
    entry = f"{{file: all/schools.csv, county: '{COUNTY}', table: schools, year: 2024, where: {{县: 乙县}}}}"
    (tmp_path / "sources.yml").write_text(f"sources: [{entry}]", encoding="utf-8")
    assert cleaned(tmp_path).schools["row"].to_list() == [3]
    (tmp_path / "sources.yml").write_text(f"sources: [{entry.replace('县: 乙县', '省: 乙县')}]", encoding="utf-8")
    with pytest.raises(DataError, match="省"):
        cleaned(tmp_path)


def test_sheets_looked_at_together_are_told_apart_as_each_alone(tmp_path: Path) -> None:
    years: dict[int, Rows] = {
        2021: [HEADER, school(1), ["合计", None, None, 300, 9000], ["注：无"]],
        2022: [["标题"], ["单位：县教育局"], HEADER, school(1), [None], HEADER, school(2), [None, "小计", None, 600]],
        2023: [list(reversed(HEADER)), list(reversed(school(1))), ["合计", "300"]],
        2024: [HEADER, school(1), ["9901010001"], [None, None, None, 5]],
    }
    for year, rows in years.items():
        text(tmp_path / COUNTY / f"schools_{year}.csv", rows)
    catalogue = sources.load(tmp_path)
    found = [find_sheets(catalogue, source) for source in catalogue.of(COUNTY)]
    together = rows_of([sheet for one in found for sheet in one])
    alone = [sheet for one in found for sheet in rows_of(one)]
    assert [sheet.rows.rows() for sheet in together] == [sheet.rows.rows() for sheet in alone]
    assert [sheet.data["row"].to_list() for sheet in together] == [[2], [4, 7], [2], [2, 3]]
    assert [sheet.rows.filter("total")["row"].to_list() for sheet in together] == [[3], [8], [3], []]
