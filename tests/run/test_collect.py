"""Workbooks to schools and back: filled in beforehand, locked, validated; read, checked, merged; none taken twice."""

import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import yaml
from openpyxl.styles import Font

from analysis import project, sources
from analysis.clean import clean
from analysis.errors import RequestError
from analysis.read import collecting
from analysis.render.answers import AFTER, RIGHT
from analysis.run.commands import add, check, collect, collection, merging, new
from analysis.run.commands.show import Format
from tests.journey.schools import fill

COUNTY, YEAR = "510116", 2024
SCHOOLS = [
    ("5101160001", "甲小学", "小学"),
    ("5101160002", "乙学校", "九年一贯制学校"),
    ("5101160003", "丙中学", "初级中学"),
]
HEADS = ["学校代码", "学校名称", "办学类型"]


def book_of(path: Path, title: str, heads: list[str], rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in ([title], heads, *rows):
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with last year's table, and the workbooks that were sent."""
    folder = tmp_path_factory.mktemp("begun")
    raw = folder / "raw"
    new.start(COUNTY, "双流区", "", YEAR, str(raw))
    last = [[*school, 100 * place, 200] for place, school in enumerate(SCHOOLS, start=1)]
    file = book_of(folder / "2023.xlsx", "双流区2023年学校统计表", [*HEADS, "小学在校生数", "图书册数"], last)
    add.run([file], add.Asked(publisher="局", date="2023-10"), str(raw), ask=False)
    collect.run(COUNTY, "", str(YEAR), "", str(raw), str(folder / "out"))
    return folder


@pytest.fixture
def data(begun: Path, tmp_path: Path) -> Path:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return tmp_path / "raw"


def send(data: Path) -> Path:
    collect.run(COUNTY, "", str(YEAR), "", str(data), str(data.parent / "out"))
    return data.parent / "out" / "collect" / COUNTY / str(YEAR)


def take(data: Path, folder: Path) -> tuple[int, str]:
    code, lines = collect.run(COUNTY, str(folder), "", "", str(data), "")
    return code, "\n".join(lines)


def rows(pupils: object = 300) -> dict[str, list[dict[str, Any]]]:
    teachers = [{"stage": "小学", "teachers": 20, "certified": 20}]
    classes = [{"grade": 1, "class": "1班", "pupils": 40}, {"grade": 2, "class": "1班", "pupils": 41}]
    rooms = [{"room": "音1", "room_type": "音乐教室", "area": 90}]
    schools = [{"pupils_primary": pupils, "teachers_primary": 20, "books": 6000}]
    return {"schools": schools, "teachers": teachers, "classes": classes, "rooms": rooms}


def test_a_workbook_is_filled_in_locked_and_validated(data: Path) -> None:
    folder = send(data)
    assert sorted(path.name for path in folder.iterdir()) == [f"{code}_{name}.xlsx" for code, name, _ in SCHOOLS]
    book = openpyxl.load_workbook(folder / "5101160001_甲小学.xlsx")
    page = book["学校基本情况"]
    lines = {page.cell(row, 1).value: row for row in range(1, page.max_row + 1)}
    assert all(page.protection.sheet for page in book.worksheets[:-1])
    name = page.cell(lines["schools||name"], collecting.NOW + 1)
    assert (name.value, name.protection.locked) == ("甲小学", True)
    pupils = lines["schools||pupils_primary"]
    assert page.cell(pupils, collecting.LAST + 1).value == 100
    assert page.cell(pupils, collecting.NOW + 1).value is None
    assert not page.cell(pupils, collecting.NOW + 1).protection.locked
    assert page.cell(pupils, collecting.LAST + 1).protection.locked
    assert "schools||pupils_junior" not in lines
    cells = {str(rule.sqref) for rule in page.data_validations.dataValidation}
    assert f"E{pupils}" in cells
    assert str(book["填表说明"]["B9"].value).startswith("=COUNTBLANK")
    of_both = openpyxl.load_workbook(folder / "5101160002_乙学校.xlsx")["专任教师"]
    assert {str(of_both.cell(row, 1).value).split("|")[1] for row in range(4, of_both.max_row + 1)} == {
        "primary",
        "junior",
    }


def test_what_comes_back_is_merged_and_each_row_names_its_file_and_place(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "任意名称.xlsx", rows())
    code, said = take(data, back)
    assert code == 0
    assert "5101160002 乙学校" in re.search("还没有交的.*", said)[0]  # type: ignore[index]
    (kept,) = (data / "collected" / COUNTY / str(YEAR) / "received").iterdir()
    assert kept.read_bytes() == (back / "任意名称.xlsx").read_bytes()
    records = clean(sources.load(data), COUNTY)
    of = records.schools.filter(pl.col("year") == YEAR)
    assert of.select("school", "name", "pupils_primary", "books").rows() == [("5101160001", "甲小学", 300, 6000)]
    assert records.classes.select("grade", "class", "pupils").rows() == [(1, "1班", 40), (2, "1班", 41)]
    assert not [rule for rule in records.notices["rule"] if rule in ("column_unknown", "unregistered", "stray")]
    page = openpyxl.load_workbook(data / COUNTY / f"classes_{YEAR}.xlsx").active
    assert [cell.value for cell in page[4]][-2:] == [f"collected/{COUNTY}/{YEAR}/received/{kept.name}", "班额!4:4"]
    (source,) = [each for each in sources.load(data).of(COUNTY) if (each.table, each.year) == ("schools", YEAR)]
    assert source.registered
    traced = merging.with_origins(of.select("file", "row"), data)
    assert traced.select("school_file", "school_place").rows() == [
        (f"collected/{COUNTY}/{YEAR}/received/{kept.name}", "学校基本情况!E4:E36")
    ]
    assert source.publisher == "双流区各学校填报"


def test_nothing_is_taken_twice_and_a_second_workbook_of_a_school_counts(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows())
    take(data, back)
    before = (data / COUNTY / f"schools_{YEAR}.xlsx").read_bytes()
    assert "新收 0 份，以前收过 1 份" in take(data, back)[1]
    assert (data / COUNTY / f"schools_{YEAR}.xlsx").read_bytes() == before
    fill(folder / "5101160001_甲小学.xlsx", back / "b.xlsx", rows(310))
    take(data, back)
    of = clean(sources.load(data), COUNTY).schools.filter(pl.col("year") == YEAR)
    assert of["pupils_primary"].to_list() == [310]
    assert len(collection.opened(data, COUNTY, YEAR).receipts) == 2


def test_of_two_that_differ_none_is_taken(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    for name, pupils in (("a", 300), ("b", 310)):
        fill(folder / "5101160001_甲小学.xlsx", back / f"{name}.xlsx", rows(pupils))
    code, said = take(data, back)
    assert code == 1
    assert "a.xlsx、b.xlsx" in said
    assert not collection.opened(data, COUNTY, YEAR).receipts


def test_edits_of_locked_cells_and_empty_cells_are_told(data: Path) -> None:
    folder, back = send(data), data.parent / "back"

    def spoil(book: Any) -> None:
        page = book["学校基本情况"]
        page["E5"] = "实验学校"
        page["D11"] = 999

    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows(None), spoil)
    code, said = take(data, back)
    assert code == 0
    assert "E5 不是要填的格子，由“甲小学”改成了“实验学校”" in said
    assert "D11 不是要填的格子，由“100”改成了“999”" in said
    assert "在校学生数 小学" in said
    assert "甲小学" in clean(sources.load(data), COUNTY).schools["name"].to_list()


def strange(folder: Path, back: Path) -> None:
    book_of(back / "别的.xlsx", "别的表", ["甲"], [[1]])
    (back / "坏的.xlsx").write_bytes(b"PK broken")
    (back / "照片.pdf").write_bytes(b"%PDF")
    book = openpyxl.load_workbook(folder / "5101160001_甲小学.xlsx")
    book["_junheng"]["C1"] = "2023"
    book.save(back / "去年的.xlsx")
    book = openpyxl.load_workbook(folder / "5101160002_乙学校.xlsx")
    book["学校基本情况"].delete_rows(12)
    book.save(back / "删了行.xlsx")


def test_files_that_are_none_of_them_are_refused_by_name(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    back.mkdir()
    strange(folder, back)
    code, said = take(data, back)
    assert code == 1
    refused = [line for line in said.splitlines() if line.startswith("  ✗")]
    assert len(refused) == 5
    assert all(any(name in line for line in refused) for name in ("别的", "坏的", "照片", "去年的", "删了行"))


@pytest.mark.parametrize(("value", "taken"), [(300, True), (301, False)])
def test_a_line_that_was_copied_counts_where_both_say_the_same(data: Path, value: int, taken: bool) -> None:
    folder, back = send(data), data.parent / "back"

    def copy(book: Any) -> None:
        page = book["学校基本情况"]
        (row,) = [row for row in page.iter_rows() if str(row[0].value).endswith("|pupils_primary")]
        page.append([cell.value if cell.column - 1 != collecting.NOW else value for cell in row])

    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows(300), copy)
    code, said = take(data, back)
    assert (code == 0) is taken, said
    assert ("第 " in said and "填写的内容却不同" in said) is not taken


def test_late_schools_are_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collect.run(COUNTY, "", str(YEAR), "2024-10-15", str(data), str(data.parent / "out"))
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows())
    monkeypatch.setattr(project, "today", lambda: "2024-10-16")
    assert "迟交（晚于 2024-10-15）1 所：5101160001 甲小学" in take(data, back)[1]


def test_a_table_of_someone_else_is_left_alone(data: Path, tmp_path: Path) -> None:
    file = book_of(tmp_path / "a.xlsx", "2024年", [*HEADS, "图书册数"], [[*SCHOOLS[0], 5]])
    add.run([file], add.Asked(county=COUNTY, publisher="局", date="2024-10"), str(data), ask=False)
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows())
    before = (data / COUNTY / f"schools_{YEAR}.xlsx").read_bytes()
    with pytest.raises(RequestError) as fault:
        take(data, back)
    assert fault.value.key == "collect_in_the_way"
    assert (data / COUNTY / f"schools_{YEAR}.xlsx").read_bytes() == before


def test_a_county_that_names_no_school_is_asked_for_them(tmp_path: Path) -> None:
    new.start(COUNTY, "双流区", "", YEAR, str(tmp_path))
    with pytest.raises(RequestError) as fault:
        collect.run(COUNTY, "", str(YEAR), "", str(tmp_path), str(tmp_path / "out"))
    assert fault.value.key == "collect_no_schools"


def test_a_list_of_schools_is_enough(tmp_path: Path) -> None:
    new.start(COUNTY, "双流区", "", YEAR, str(tmp_path / "raw"))
    listed = book_of(tmp_path / "a.xlsx", "2024年", HEADS, [list(SCHOOLS[0])])
    words = add.Asked(county=COUNTY, publisher="局", date="2024-09")
    add.run([listed], words, str(tmp_path / "raw"), ask=False)
    folder = send(tmp_path / "raw")
    fill(folder / "5101160001_甲小学.xlsx", tmp_path / "back" / "a.xlsx", rows())
    assert take(tmp_path / "raw", tmp_path / "back")[0] == 0
    assert clean(sources.load(tmp_path / "raw"), COUNTY).schools["pupils_primary"].to_list() == [300]


def answered(data: Path, *values: tuple[str, str, str]) -> Path:
    """Fill in what goes back to the school and return the folder in which it came back: (id, after, right)."""
    check.run(COUNTY, Format.JSON, str(data), str(data.parent / "out"))
    (file,) = (data.parent / "out" / "check" / COUNTY).glob("5101160001*.xlsx")
    book = openpyxl.load_workbook(file)
    page = book["答复"]
    page["C2"], page["C3"] = "张老师", "2024-11-02"
    for id_, after, right in values:
        (line,) = [row for row in range(1, page.max_row + 1) if str(page.cell(row, 1).value).endswith(id_)]
        page.cell(line, AFTER + 1).value, page.cell(line, RIGHT + 1).value = after or None, right or None
    (data.parent / "answers").mkdir()
    book.save(data.parent / "answers" / "答复.xlsx")
    return data.parent / "answers"


def test_an_answer_becomes_a_correction_with_who_and_when(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows("约300"))
    take(data, back)
    raw = {path: path.read_bytes() for path in (data / COUNTY).iterdir()}
    code, said = take(data, answered(data, ("|pupils_primary", "312", "")))
    assert code == 0, said
    (entry,) = yaml.safe_load((data / "answers" / f"{COUNTY}.yml").read_text(encoding="utf-8"))
    assert entry["who"] == "张老师 5101160001 2024-11-02"
    assert (entry["before"], entry["after"], entry["key"]) == ("约300", "312", {"school": "5101160001"})
    of = clean(sources.load(data), COUNTY).schools.filter(pl.col("year") == YEAR)
    assert of["pupils_primary"].to_list() == [312]
    assert {path: path.read_bytes() for path in (data / COUNTY).iterdir()} == raw
    take(data, data.parent / "answers")
    assert len(yaml.safe_load((data / "answers" / f"{COUNTY}.yml").read_text(encoding="utf-8"))) == 1


def test_two_answers_about_one_cell_that_differ_are_both_refused(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows("约300"))
    take(data, back)
    answers = answered(data, ("|pupils_primary", "312", ""))
    book = openpyxl.load_workbook(answers / "答复.xlsx")
    page = book["答复"]
    (line,) = [row for row in page.iter_rows(values_only=True) if str(row[0]).endswith("|pupils_primary")]
    page.append([*line[:AFTER], "321", *line[AFTER + 1 :]])
    book.save(answers / "答复.xlsx")
    code, said = take(data, answers)
    assert code == 1
    assert "答复的是同一格" in said
    assert not (data / "answers" / f"{COUNTY}.yml").exists()


def test_an_answer_that_nothing_is_wrong_is_kept_and_changes_nothing(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows("约300"))
    take(data, back)
    take(data, answered(data, ("|pupils_primary", "", "是")))
    (entry,) = yaml.safe_load((data / "answers" / f"{COUNTY}.yml").read_text(encoding="utf-8"))
    assert entry["status"] == "retired"
    assert "corrected" not in clean(sources.load(data), COUNTY).notices["rule"].to_list()


def test_an_answer_to_what_has_changed_is_refused(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows("约300"))
    take(data, back)
    answers = answered(data, ("|pupils_primary", "312", ""))
    fill(folder / "5101160001_甲小学.xlsx", back / "b.xlsx", rows(311))
    take(data, back)
    code, said = take(data, answers)
    assert code == 1
    assert "已经变动" in said


def test_what_a_value_alone_does_not_say_of_a_cell_is_told(data: Path) -> None:
    """Errors and formulas without a value are no blanks, yes is no 1, and what is struck out may hold no more."""
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows())
    book = openpyxl.load_workbook(back / "a.xlsx")
    page = book["学校基本情况"]
    cells = {str(page.cell(row, 1).value).rpartition("|")[2]: page.cell(row, 5) for row in range(4, page.max_row + 1)}
    cells["migrants"].value, cells["disabled"].value, cells["computers"].value = "=1+2", "#N/A", True
    cells["books"].font = Font(strike=True)
    cells["land_area"].value, cells["land_area"].number_format = 0.5, "0%"
    book.save(back / "a.xlsx")
    take(data, back)
    records = clean(sources.load(data), COUNTY)
    (row,) = records.schools.filter(pl.col("year") == YEAR).rows(named=True)
    assert row["pupils_primary"] == 300
    odd = ["migrants", "disabled", "computers", "books", "land_area"]
    assert [row[name] for name in odd] == [None] * 5
    told = records.notices.filter(pl.col("rule").str.ends_with("_value"))
    assert set(told["column"]) == set(odd)
    merged = openpyxl.load_workbook(data / COUNTY / f"schools_{YEAR}.xlsx").active
    assert not [cell for line in merged.iter_rows() for cell in line if cell.data_type == "f"]  # none that counts anew


def test_cells_that_were_merged_refuse_the_workbook(data: Path) -> None:
    folder, back = send(data), data.parent / "back"
    fill(folder / "5101160001_甲小学.xlsx", back / "a.xlsx", rows())
    book = openpyxl.load_workbook(back / "a.xlsx")
    book["学校基本情况"].merge_cells("E23:E24")
    book.save(back / "a.xlsx")
    code, said = take(data, back)
    assert code == 1
    assert "E23:E24" in said


def test_a_school_has_rows_for_all_the_classes_it_had(tmp_path: Path) -> None:
    known = {"school": SCHOOLS[0][0], "name": SCHOOLS[0][1]}
    last = {"schools": [{"classes_primary": 45, "classes_junior": 4}]}
    entry = collecting.declared()["parts"]["classes"]
    spare = {
        name: next(part.blank for part in collecting.form(COUNTY, YEAR, known, rows, ("primary",)).parts
                   if part.table.name == "classes")
        for name, rows in {"told": last, "nothing": {}, "listed": last | {"classes": [{"grade": 1}] * 48}}.items()
    }  # fmt: skip
    assert spare == {"told": 49 + entry["blank"], "nothing": entry["blank"] + entry["unknown"],
                     "listed": 1 + entry["blank"]}  # fmt: skip


def test_schools_of_last_year_that_this_years_list_lacks_are_told(data: Path) -> None:
    path = data / COUNTY / f"schools_{YEAR}.xlsx"
    book = openpyxl.load_workbook(path)
    for place, value in enumerate((*SCHOOLS[0][:3],), start=1):
        book.worksheets[0].cell(4, place).value = value
    book.save(path)
    _, lines = collect.run(COUNTY, "", str(YEAR), "2001年3月2日", str(data), str(data.parent / "out"))
    told = next(line for line in lines if "没有发放" in line)
    assert [school[0] for school in SCHOOLS if school[0] in told] == [school[0] for school in SCHOOLS[1:]]
    assert any("2001-03-02 已经过了" in line for line in lines)


def test_only_what_a_folder_holds_is_told_of(data: Path) -> None:
    folder, back, other = send(data), data.parent / "back", data.parent / "other"
    for place, school in enumerate(SCHOOLS):
        name = f"{school[0]}_{school[1]}.xlsx"
        fill(folder / name, (back if place else other) / name, {})
    _, said = take(data, back)
    assert SCHOOLS[1][1] in said.partition("已汇总")[0]
    for _ in range(2):
        said = take(data, other)[1]
        assert f"{SCHOOLS[0][0]} {SCHOOLS[0][1]}：" in said
        assert f"{SCHOOLS[1][0]} {SCHOOLS[1][1]}：" not in said


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("written", "noted"), [("2024年11月2日", "2024-11-02"), ("11月2日", "")])
def test_a_day_is_read_as_people_write_it(data: Path, written: str, noted: str) -> None:
    fill(send(data) / "5101160001_甲小学.xlsx", data.parent / "back" / "a.xlsx", rows("约300"))
    take(data, data.parent / "back")
    folder = answered(data, ("|pupils_primary", "300", ""))
    book = openpyxl.load_workbook(folder / "答复.xlsx")
    book["答复"]["C3"] = written
    book.save(folder / "答复.xlsx")
    code, said = take(data, folder)
    entered = (data / "answers" / f"{COUNTY}.yml").read_text(encoding="utf-8")
    assert (noted or project.today()) in entered
    assert (written in said) is not bool(noted)
    assert code == 0
