import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import clean, sources
from analysis.clean import values
from analysis.clean.checks import SEVERITIES, checks, value_rules
from analysis.clean.records import schemas
from analysis.errors import DataError, RequestError
from analysis.read.cell_places import column_letters
from analysis.read.fields import tables
from tests.workbooks import COUNTY, HEADER, Rows, book, cleaned, school, schools, text


def test_a_clean_row_knows_where_it_came_from(tmp_path: Path) -> None:
    records = schools(tmp_path, [["标题"], HEADER, school(1), school(2)])
    place = f"{COUNTY}/schools_2024.csv"
    assert records.schools.select("county", "year", "file", "sheet", "row").rows() == [
        (COUNTY, 2024, place, "", 3),
        (COUNTY, 2024, place, "", 4),
    ]
    assert records.schools.schema == pl.Schema(schemas()["schools"])


def test_all_years_come_in_one_frame(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2023.csv", [HEADER, school(1, 280)])
    records = schools(tmp_path, [HEADER, school(1, 300)])
    assert records.schools.select("year", "pupils_primary").rows() == [(2023, 280), (2024, 300)]


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"pupils": "-5"}, ["negative"]),
    ({"pupils": "约300"}, ["text_in_number"]),
    ({"code": None}, ["missing_key"]),
    ({"kind": None}, ["missing_required"]),
    ({"name": None}, ["missing_required"]),
    ({"kind": "幼儿园", "books": "x"}, ["choice_unknown", "text_in_number_value"]),
    ({"code": "9.90101E+09"}, ["code_damaged"]),
]


@pytest.mark.parametrize(("change", "rules"), BAD)
def test_a_bad_row_is_set_aside_whole_with_every_rule_it_broke(
    tmp_path: Path, change: dict[str, Any], rules: list[str]
) -> None:
    records = schools(tmp_path, [HEADER, school(1), school(2, **change), school(3)])
    assert records.schools["school"].to_list() == ["9901010001", "9901010003"]
    (row,) = records.quarantine.rows(named=True)
    assert row["rules"] == rules
    assert row["row"] == 3
    cells = json.loads(row["cells"])
    assert list(cells) == HEADER
    expected = [None if cell is None else str(cell) for cell in school(2, **change)]
    assert list(cells.values()) == expected
    assert set(records.notices.filter(pl.col("row") == 3)["rule"]) >= set(rules)


def test_accounts_add_up(tmp_path: Path) -> None:
    rows: Rows = [["标题"], HEADER, school(1), school(2, "x"), ["合计", None, None, 600], [], ["注：无"]]
    (account,) = schools(tmp_path, rows).accounts.rows(named=True)
    assert (account["read"], account["kept"], account["quarantined"], account["other"]) == (4, 1, 1, 2)


def test_rows_that_contradict_are_all_set_aside_and_repeats_but_once(tmp_path: Path) -> None:
    records = schools(tmp_path, [HEADER, school(1), school(2), school(2, 999), school(3), school(3)])
    assert records.schools["row"].to_list() == [2, 5]
    assert records.quarantine.select("row", "rules").rows() == [
        (3, ["duplicate"]),
        (4, ["duplicate"]),
        (6, ["repeated"]),
    ]


def test_years_cleaned_together_come_out_as_each_alone(tmp_path: Path) -> None:
    turned = ["图书册数（万册）", *HEADER[:4]]
    years: dict[int, Rows] = {
        2021: [["标题"], HEADER, school(1), school(2, "—", "—"), school(2), ["合计", None, None, 301, 9000]],
        2022: [turned, [0.9, *school(1)[:4]], ["x", *school(2)[:4]], [None, "合计", None, None, 600]],
        2023: [HEADER, school(1, "３００"), school(2, "x", "—"), school(3, -1, "无"), school(4, "—")],
        2024: [["标题"], ["填报单位"], HEADER, school(1), school(1), ["小计", None, None, 300], school(5, None, "无")],
    }
    for year, rows in years.items():
        text(tmp_path / "all" / COUNTY / f"schools_{year}.csv", rows)
        text(tmp_path / str(year) / COUNTY / f"schools_{year}.csv", rows)
    together = cleaned(tmp_path / "all").frames()
    alone = [cleaned(tmp_path / str(year)).frames() for year in years]
    for name in ("schools", "quarantine", "accounts"):
        assert together[name].rows() == [row for one in alone for row in one[name].rows()], name
    for frames in alone:
        told, between = frames["notices"], pl.col("rule") == "code_changed"
        assert together["notices"].filter(pl.col("year") == told["year"][0], ~between).rows() == told.rows()
    assert [frames["schools"].height for frames in alone] == [1, 2, 2, 2]
    assert set(together["notices"]["rule"]) >= {"blank_mark", "number_written", "text_in_number_value", "totals_differ"}


def test_one_code_in_two_years_is_no_duplicate(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2023.csv", [HEADER, school(1, 299)])
    assert schools(tmp_path, [HEADER, school(1)]).quarantine.is_empty()


def test_of_a_part_above_its_whole_both_are_set_aside_and_the_school_stays(tmp_path: Path) -> None:
    header = [*HEADER, "专任教师数", "县级以上骨干教师数"]
    rows: Rows = [header, [*school(1), 20, 20], [*school(2), 20, 21], [*school(3), None, 21]]
    records = schools(tmp_path, rows)
    assert records.quarantine.is_empty()
    parts = ("pupils_primary", "teachers", "backbone_teachers")
    assert records.schools.select(parts).rows() == [(300, 20, 20), (300, None, None), (300, None, 21)]
    told = records.notices.filter(rule="backbone_above_teachers").select("row", "column", "before", "after")
    assert told.rows() == [(3, "backbone_teachers,teachers", "21,20", None)]
    assert marks(records) == {"9901010002": {"backbone_teachers", "teachers"}}


def test_of_several_parts_only_the_one_above_its_whole_is_set_aside(tmp_path: Path) -> None:
    header = ["学校代码", "学段", "专任教师数", "持教师资格证人数", "五年培训满360学时人数", "心理健康教师数"]
    text(tmp_path / COUNTY / "teachers_2024.csv", [header, ["9901010001", "小学", 20, 21, 19, None]])
    (row,) = cleaned(tmp_path).teachers.select("teachers", "certified", "trained", "psychology").rows()
    assert row == (None, None, 19, None)


def marks(records: clean.Records) -> dict[str, set[str]]:
    found = values.marked(records.schools, records.notices, "schools").drop_nulls("aside")
    return {school: set(columns) for school, columns in found.select("school", "aside").iter_rows()}


@pytest.mark.parametrize("books", ["约7000", "7000左右", "6000-7000", ">5000", "-5", "12.5", "#REF!"])
def test_one_bad_cell_costs_one_value(tmp_path: Path, books: str) -> None:
    records = schools(tmp_path, [HEADER, school(1), school(2, books=books), school(3, books="—")])
    assert records.quarantine.is_empty()
    assert records.schools["books"].to_list() == [9000, None, None]
    (told,) = records.notices.filter(pl.col("rule").is_in(value_rules())).rows(named=True)
    assert (told["row"], told["column"], told["before"], told["after"]) == (3, "books", books, None)
    assert marks(records) == {"9901010002": {"books"}}


def test_a_value_that_was_put_in_its_place_is_known(tmp_path: Path) -> None:
    records = schools(tmp_path, [HEADER, school(1, books="约7000")])
    mended = records.schools.with_columns(books=pl.lit(7000, pl.Int64))
    assert values.marked(mended, records.notices, "schools")["aside"].null_count() == 1


def test_what_a_row_is_of_and_its_enrolment_cost_the_row() -> None:
    for table in tables().values():
        assert all(table.columns[name].costs_row for name in table.key), table.name
        assert not any(column.costs_row for column in table.columns.values() if column.kind in ("amount", "share"))


def test_missing_is_not_zero(tmp_path: Path) -> None:
    records = schools(tmp_path, [HEADER, school(1, "—", None), school(2, 0, "无")])
    assert records.schools.select("pupils_primary", "books").rows() == [(None, None), (0, None)]


SCORES = ["考生号", "姓名", "学校代码", "年级", "学科", "成绩"]


def scores(folder: Path, rows: Rows) -> clean.Records:
    text(folder / COUNTY / "scores_2024.csv", [SCORES, *rows])
    return cleaned(folder)


def test_pupils_leave_raw_only_as_running_numbers(tmp_path: Path) -> None:
    records = scores(
        tmp_path,
        [
            ["G330102201001019999", "王小明", "9901010001", 4, "数学", 88],
            ["G330102201001011234", "赵小刚", "9901010001", 4, "数学", 81],
            ["G330102201001019999", "王小明", "9901010001", 4, "语文", 80],
            ["G330102201001015678", "李小红", "9901010001", "大班", "数学", 70],
        ],
    )
    assert records.scores["pupil"].to_list() == ["1", "2", "1"]
    whole = " ".join(frame.write_json() for frame in records.frames().values())
    for secret in ("G3301", "王小明", "李小红", "大班"):
        assert secret not in whole
    assert json.loads(records.quarantine["cells"][0]) == {
        "考生号": "●●●●●●●●",
        "姓名": "●●●",
        "学校代码": "●●●●●●●●",
        "年级": "●●",
        "学科": "数学",
        "成绩": "70",
    }


def test_the_number_of_a_pupil_tells_nothing_of_it(tmp_path: Path) -> None:
    rows = [[number, "王", "9901010001", 4, "数学", 88] for number in ("G1", "G2", "G3")]
    there = scores(tmp_path / "one", rows).scores["pupil"].to_list()
    again = scores(tmp_path / "other", [[f"X{row[0]}", *row[1:]] for row in reversed(rows)]).scores["pupil"].to_list()
    assert there == again == ["1", "2", "3"]


def test_files_with_people_are_for_their_owner_alone(tmp_path: Path) -> None:
    scores(tmp_path / "raw", [["G1", "王", "9901010001", 4, "数学", 88]])
    clean.clean_county(sources.load(tmp_path / "raw"), COUNTY, tmp_path / "processed")
    modes = {path.stem: path.stat().st_mode & 0o777 for path in (tmp_path / "processed" / COUNTY).glob("*.parquet")}
    assert {name for name, mode in modes.items() if mode == 0o600} == {"scores", "quarantine"}
    assert modes["schools"] & 0o400


def test_monitoring_rows_carry_the_year_they_name(tmp_path: Path) -> None:
    header = ["监测年度", "年级", "监测学科", "学业水平等级", "校际差异率(%)"]
    rows: Rows = [header, [2022, "四年级", "数学", "Ⅲ", 14.96], [2023, "八年级", "英语", "3级", "12%"]]
    text(tmp_path / COUNTY / "monitoring_2024.csv", rows)
    records = cleaned(tmp_path)
    columns = ("year", "grade", "subject", "level", "rate")
    assert records.monitoring.select(columns).rows() == [
        (2022, 4, "mathematics", 3, 0.1496),
        (2023, 8, "english", 3, 0.12),
    ]


def test_monitoring_without_a_year_column_takes_the_files(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "monitoring_2024.csv", [["年级", "学科", "等级"], [4, "数学", "III"]])
    assert cleaned(tmp_path).monitoring["year"].to_list() == [2024]


FIX = (
    "- {file: 990101/schools_2024.csv, row: 2, column: 图书册数, "
    "before: '90000', after: '9000', why: 多一个零, who: 统计科}\n"
)


def correct(folder: Path, entry: str, books: Any) -> clean.Records:
    folder.mkdir(exist_ok=True)
    (folder / "corrections.yml").write_text(entry, encoding="utf-8")
    return schools(folder, [HEADER, school(1, books=books)])


def told(records: clean.Records) -> list[tuple[Any, ...]]:
    some = records.notices.filter(pl.col("rule").str.starts_with("correct"))
    return some.select("rule", "row", "column", "before", "after", "place").rows()


BOOKS = f"{column_letters(HEADER.index('图书册数'))}2"


def test_a_known_error_is_corrected_on_each_run(tmp_path: Path) -> None:
    records = correct(tmp_path, FIX, 90000)
    assert records.schools["books"].to_list() == [9000]
    assert told(records) == [("corrected", 2, "books", "90000", "9000", BOOKS)]


def test_a_correction_stands_where_its_cell_does_in_a_sheet_that_begins_further_right(tmp_path: Path) -> None:
    (tmp_path / "corrections.yml").write_text(FIX.replace("csv, row: 2", "xlsx, row: 3"), encoding="utf-8")
    rows: Rows = [[None, None, *row] for row in ([None] * len(HEADER), HEADER, school(1, books=90000))]
    book(tmp_path / COUNTY / "schools_2024.xlsx", rows)
    records = cleaned(tmp_path)
    assert records.schools["books"].to_list() == [9000]
    place = f"{column_letters(HEADER.index('图书册数') + 2)}3"
    assert told(records) == [("corrected", 3, "books", "90000", "9000", place)]


def test_a_correction_by_key(tmp_path: Path) -> None:
    entry = FIX.replace("row: 2", "key: {school: '9901010001'}").replace("图书册数", "books")
    assert correct(tmp_path, entry, '"90,000"').schools["books"].to_list() == [90000]
    assert correct(tmp_path, entry, 90000).schools["books"].to_list() == [9000]


def test_a_correction_whose_source_was_mended_and_one_that_matches_nothing_are_told(tmp_path: Path) -> None:
    assert told(correct(tmp_path, FIX, 9000)) == [("correction_mended", 2, "books", "90000", "9000", BOOKS)]
    unmatched = ("correction_unmatched", 2, "图书册数", "90000", "9000", "")
    assert told(correct(tmp_path, FIX, 8000)) == [unmatched]
    assert told(correct(tmp_path, FIX.replace("schools_2024", "schools_2023"), 8000)) == [unmatched]


@pytest.mark.parametrize(("row", "column"), [(3, "图书册数"), (2, "备注")])
def test_a_correction_of_what_nothing_is_computed_of_is_not_told_as_made(tmp_path: Path, row: int, column: str) -> None:
    """Of the row of totals, or of a column that is not read."""
    entry = FIX.replace("row: 2", f"row: {row}").replace("图书册数", column)
    (tmp_path / "corrections.yml").write_text(entry, encoding="utf-8")
    rows = [[*HEADER, "备注"], [*school(1, books=8000), 90000], ["合计", None, None, 300, 90000, None]]
    records = schools(tmp_path, rows)
    assert records.schools["books"].to_list() == [8000]
    (rule, *_), *others = told(records)
    assert (rule, others) == ("correction_unused", [])


def test_a_retired_correction_rests(tmp_path: Path) -> None:
    records = correct(tmp_path, FIX.replace("}", ", status: retired}"), 90000)
    assert records.schools["books"].to_list() == [90000]
    assert told(records) == []


@pytest.mark.parametrize("entry", ["a: b", "- {file: x}", "- 5", FIX.replace("row: 2, ", ""), FIX.replace("2,", "x,")])
def test_a_faulty_corrections_file_is_told(tmp_path: Path, entry: str) -> None:
    with pytest.raises(DataError) as fault:
        correct(tmp_path, entry, 1)
    assert fault.value.key == "entries_faulty"


def test_two_files_of_one_year_are_told_unless_both_are_registered(tmp_path: Path) -> None:
    book(tmp_path / COUNTY / "schools_2024.xlsx", [HEADER, school(2)])
    with pytest.raises(DataError, match=r"schools_2024\.csv.*schools_2024\.xlsx"):
        schools(tmp_path, [HEADER, school(1)])
    entries = [
        f"- {{file: 990101/schools_2024.{end}, county: '990101', table: schools, year: 2024}}"
        for end in ("csv", "xlsx")
    ]
    (tmp_path / "sources.yml").write_text("sources:\n" + "\n".join(entries), encoding="utf-8")
    assert cleaned(tmp_path).schools["school"].to_list() == ["9901010001", "9901010002"]


def test_what_is_not_registered_or_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / COUNTY).mkdir()
    (tmp_path / COUNTY / "letter.docx").write_bytes(b"x")
    notices = schools(tmp_path, [HEADER, school(1)]).notices
    assert notices.select("file", "rule").rows() == [
        ("990101/schools_2024.csv", "unregistered"),
        ("990101/letter.docx", "stray"),
    ]


def test_a_second_run_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    text(raw / COUNTY / "schools_2024.csv", [HEADER, school(1)])
    first = clean.clean_county(sources.load(raw), COUNTY, processed)
    assert [path.name for path in processed.iterdir()] == [COUNTY]
    with monkeypatch.context() as patched:
        patched.setattr("analysis.clean.county.find", pytest.fail)
        second = clean.clean_county(sources.load(raw), COUNTY, processed)
    for name, frame in first.frames().items():
        assert frame.equals(second.frames()[name]), name
    text(raw / COUNTY / "schools_2024.csv", [HEADER, school(2)])
    clean.clean_county(sources.load(raw), COUNTY, processed)
    assert clean.load(processed, COUNTY).schools["school"].to_list() == ["9901010002"]


def test_a_broken_file_leaves_the_last_good_state(tmp_path: Path) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    text(raw / COUNTY / "schools_2024.csv", [HEADER, school(1)])
    clean.clean_county(sources.load(raw), COUNTY, processed)
    (raw / COUNTY / "schools_2024.csv").write_bytes(b"")
    with pytest.raises(DataError):
        clean.clean_county(sources.load(raw), COUNTY, processed)
    assert clean.load(processed, COUNTY).schools.height == 1
    assert [path.name for path in processed.iterdir()] == [COUNTY]


def test_what_was_never_cleaned_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as fault:
        clean.load(tmp_path, COUNTY)
    assert fault.value.key == "not_cleaned"


def test_nothing_given_is_empty_with_full_schema(tmp_path: Path) -> None:
    records = cleaned(tmp_path)
    for name, frame in records.frames().items():
        assert frame.schema == pl.Schema(schemas()[name])
        assert frame.is_empty()


def test_every_check_says_itself_in_both_languages() -> None:
    for check in checks().values():
        assert check.severity in SEVERITIES
        for lang in ("zh", "en"):
            assert check.sentence(lang, column="图书册数", before="x", after="1").endswith(("。", "."))
