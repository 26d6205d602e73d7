"""The workbook of a field check: written once, read, never changed; and the documents that tell what came of it."""

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pypdfium2
import pytest

from analysis.cli import main
from analysis.errors import DataError
from analysis.read.fieldcheck import ENTRIES, LINES, Sheet, path_of, read, words
from analysis.run.build.manifest import NAME, STATE
from analysis.tell import open_report
from analysis.tell.documents.fieldcheck import FieldCheck, open_fieldcheck
from analysis.tell.language import numbers
from tests.tell.conftest import ROOT

COUNTY, YEAR = "990101", 2024
HEADS = [told["zh"] for told in words()["values"].values()]
FIRST = 4


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a raw folder with one county of the sample."""
    raw, folder = ROOT / "data" / "raw", tmp_path / "raw"
    folder.mkdir()
    shutil.copytree(raw / COUNTY, folder / COUNTY)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        (folder / name).write_bytes((raw / name).read_bytes())
    return folder


def ask(data: Path, *words: str) -> int:
    return main(["fieldcheck", COUNTY, "--data", str(data), "--out", str(data.parent / "out"), *words])


def values(path: Path) -> tuple[openpyxl.Workbook, "openpyxl.worksheet.worksheet.Worksheet"]:
    book = openpyxl.load_workbook(path)
    return book, book["核查表"]


def enter(path: Path, row: int, **cells: object) -> None:
    book, page = values(path)
    for name, value in cells.items():
        page.cell(row, HEADS.index(words()["values"][name]["zh"]) + 1).value = value
    book.save(path)


def test_it_is_written_once_then_read_and_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = path_of(data, COUNTY, YEAR)
    assert ask(data, "--schools", "9", "--seed", "7") == 0
    assert str(path) in capsys.readouterr().out
    sheet = read(path)
    assert (len(sheet.schools), sheet.seed) == (9, 7)
    assert sheet.entries.is_empty()
    assert set(sheet.listed["school"]) == set(sheet.schools)
    types = open_report(COUNTY, data=data, processed=data.parent / "p").records.schools.filter(year=YEAR)
    drawn = types.filter(types["school"].is_in(sheet.schools))
    assert set(drawn["school_type"]) == set(types["school_type"])

    written = path.read_bytes()
    assert ask(data, "--seed", "8") == 0
    assert "没有填写" in capsys.readouterr().out
    assert path.read_bytes() == written

    _, page = values(path)
    row = next(row for row in range(FIRST, page.max_row) if page.cell(row, 4).value == "体育运动场馆面积")
    school, reported = page.cell(row, 1).value, page.cell(row, HEADS.index("填报值") + 1).value
    enter(path, row, verified=reported / 2, remark="实测")
    enter(path, row + 1, verified="约30")
    before = path.read_bytes()
    assert ask(data, "--formats", "html,pdf") == 1
    said = capsys.readouterr()
    assert f"第 {row + 1} 行" in said.err
    assert "约30" in said.err
    assert "核实 1 个数据，与填报一致的占 0%，1 个不一致" in said.out
    assert path.read_bytes() == before

    folder = data.parent / "out" / COUNTY / str(YEAR)
    assert {one.name for one in folder.iterdir()} == {
        "fieldcheck.html",
        "fieldcheck.pdf",
        ".fieldcheck.junheng.json",
        NAME,
        STATE,
    }
    pdf = pypdfium2.PdfDocument(folder / "fieldcheck.pdf")
    text = "".join(one.get_textpage().get_text_range() for one in pdf)
    check = open_fieldcheck(COUNTY, data=data, processed=data.parent / "p")
    assert check.case.school(school) in text
    assert "+100%" in text
    assert "不是数字" in text
    assert check.differing.select("school", "verified").rows() == [(school, reported / 2)]
    assert "核实了" in open_report(COUNTY, data=data, processed=data.parent / "p").chapter("data").text

    assert ask(data, "--formats", "html,pdf") == 1
    assert "未变化 1" in capsys.readouterr().out
    enter(path, row, verified=reported)
    assert ask(data, "--formats", "html") == 1
    assert "新生成 1" in capsys.readouterr().out


@pytest.mark.slow
def test_both_languages_are_read_alike_and_leave_no_hole(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(data, COUNTY, YEAR)
    monkeypatch.setenv("REPORT_LANG", "en")
    assert ask(data, "--schools", "8") == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Schools", "Values"]
    page = book["Values"]
    heads = [told["en"] for told in words()["values"].values()]
    column = heads.index("Verified") + 1
    for name in ("Value", "Unit"):
        shown = {page.cell(row, heads.index(name) + 1).value for row in range(FIRST, page.max_row + 1)}
        assert not any("一" <= letter <= "鿿" for text in shown if text for letter in text), name
    for row in range(FIRST, FIRST + 5):
        page.cell(row, column).value = 1
    book.save(path)
    assert read(path).entries["verified"].to_list() == [1.0] * 5
    for lang in ("zh", "en"):
        check = open_fieldcheck(COUNTY, lang=lang, data=data, processed=data.parent / "p")
        assert check.result.lost.is_empty()
        tables = [check.table(name) for name in ("schools", "values", "changes", "lost")]
        told = [check.chapter(name).text for name in ("fieldcheck", "fieldcheck_end")]
        told += [one.markdown() for one in tables if one]
        assert tables[0] is not None
        assert tables[0].frame.height == 8
        values = check.table("values")
        assert values is not None
        assert {row["unit"] for row in values.frame.to_dicts()} <= (
            {"人", "平方米", "元", "间", "个"} if lang == "zh" else {"persons", "m²", "yuan", "rooms", "classes"}
        )
        assert not any(hole in text for text in told for hole in ("None", "{{", "{%", "nan", "  ，"))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_change_that_the_value_does_not_show_gives_its_reason(data: Path, lang: str) -> None:
    check = open_fieldcheck(COUNTY, lang=lang, data=data, processed=data.parent / "p")
    rules = check.case.now.where(item="school_rule", stage="primary")
    rule = next(one for one in rules if (one.value, one.verdict, one.evidence) == (6, "met", "sports_area"))
    entry = {"school": rule.school, "table": "schools", "column": "sports_area", "place": "", "verified": 1.0}
    entries = pl.DataFrame([entry | {"text": "1", "sheet": "核查表", "row": FIRST}], schema=ENTRIES)
    table = replace(check, sheet=Sheet((), None, entries.select(list(LINES)), entries)).table("changes")
    assert table is not None
    names = list(table.columns)
    place = table.frame["item"].to_list().index(check.case.label("school_rule"))
    row = [cell.text for cell in table.body[place]]
    assert [row[names.index(name)] for name in ("reported", "verified", "target")] == ["6", "6", "6"]
    assert table.frame.row(place, named=True)["before"] == "met"
    assert table.frame.row(place, named=True)["after"] == "not_met"
    assert check.case.word("reasons", "below_part") in row[names.index("item")]


def entered(check: FieldCheck, **named: object) -> pl.DataFrame:
    """Entries of one line each: the same value and number but for what is named."""
    rule = check.case.now.where(item="school_rule", stage="primary")[0]
    entry = {"school": rule.school, "table": "schools", "column": "sports_area", "place": "", "verified": 1.0}
    rows = [entry | {"text": "1", "sheet": "核查表", "row": FIRST}]
    return pl.DataFrame([*rows, rows[0] | {"row": FIRST + 1} | named], schema=ENTRIES, orient="row")


@pytest.mark.parametrize(
    ("named", "listed"), [({"column": "books"}, 2), ({"column": "无此列"}, 1), ({"table": "rooms", "place": "音99"}, 1)]
)
def test_lines_that_fit_no_value_are_no_values_to_verify(data: Path, named: dict[str, object], listed: int) -> None:
    check = open_fieldcheck(COUNTY, data=data, processed=data.parent / "p")
    entries = entered(check, **named)
    (school,) = replace(check, sheet=Sheet((), None, entries.select(list(LINES)), entries)).schools
    assert school.listed == listed
    assert school.verified == listed


def test_a_plans_own_target_is_told_apart_from_that_of_the_standard(data: Path) -> None:
    check = open_fieldcheck(COUNTY, plan="plan-3", data=data, processed=data.parent / "p")
    sheet = Sheet((), None, pl.DataFrame(schema=LINES), entered(check).head(1))
    table = replace(check, sheet=sheet).table("changes")
    assert table is not None
    of_school = [[cell.text for cell in row[:2]] for row in table.body]
    assert len({tuple(row) for row in of_school}) == len(of_school)
    assert any("（本地规划目标）" in item for _, item in of_school)
    assert any("（本地规划目标）" not in item for _, item in of_school)


def test_a_faulty_workbook_is_one_line_for_the_check_and_for_the_report(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = path_of(data, COUNTY, YEAR)
    path.parent.mkdir()
    for content in (b"no workbook", b""):
        path.write_bytes(content)
        assert ask(data) == 2
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 1
        assert path.name in said[0]
        with pytest.raises(DataError, match=path.name):
            open_report(COUNTY, data=data, processed=data.parent / "p")
    book = openpyxl.Workbook()
    book.create_sheet("说明").append(["学校代码", "核实值"])
    book.save(path)
    assert ask(data) == 2
    assert "数据项" in capsys.readouterr().err
    assert not (data.parent / "out").exists()


def test_what_can_not_be_drawn_is_told_before_anything_is_written(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words_given in (("--schools", "0"), ("--schools", "x"), ("--seed", "-1"), ("--year", "1999")):
        assert ask(data, *words_given) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (data / "fieldcheck").exists()


def test_without_a_workbook_nothing_was_checked(tmp_path: Path) -> None:
    assert read(tmp_path / "none.xlsx").entries.is_empty()


def test_a_school_at_a_floor_that_an_item_counts_is_told_in_the_unit_of_the_floor() -> None:
    case = open_report(COUNTY, plan="plan-3")
    school = next(
        one for one in case.now.plan if one.item == "pe_arts_schools" and one.school and one.value is not None
    )
    county = next(one for one in case.now.plan if one.item == "pe_arts_schools" and not one.school)
    standard = case.standard_of(school)
    assert (numbers.unit_of(school, standard), numbers.unit_of(county, standard)) == ("persons_per_hundred", "share")
    assert school.value is not None
    assert not numbers.of(school, school.value, standard, "zh").endswith("%")
    assert numbers.target(school, standard, "zh") == "0.9"
    assert numbers.target(county, standard, "zh") == "100%"
