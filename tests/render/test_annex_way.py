"""The way to the verdict in the workbook: a cell that is changed changes what hangs on it, and nothing else."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis import project
from analysis.render import Meta, annex
from analysis.tell import Report, open_report
from tests.tell.test_values_aside import county
from verification.printed import xlsx

County = tuple[Report, Path]


@pytest.fixture(scope="module")
def met(meta: Meta, tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county that meets all, and its workbook."""
    folder = tmp_path_factory.mktemp("met")
    report = open_report("990102", data=project.raw(), processed=folder / "processed")
    annex.write(report, folder / "annex.xlsx", meta)
    return report, folder / "annex.xlsx"


@pytest.fixture(scope="module")
def failing(report: Report, meta: Meta, tmp_path_factory: pytest.TempPathFactory) -> County:
    path = tmp_path_factory.mktemp("failing") / "annex.xlsx"
    annex.write(report, path, meta)
    return report, path


def school(book: Any, name: str, stage: str = "初中") -> int:
    """Return the row of a school in the sheet of its stage."""
    return int(next(row[1].row for row in book[f"系数_{stage}"].iter_rows(min_row=9) if row[1].value == name))


def change(path: Path, target: Path, changing: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    changing(book)
    book.save(target)
    return target


def turned(path: Path) -> dict[str, str]:
    """Return the verdicts that are no longer those reported, by finding, as they are worked out."""
    book = xlsx.read(path)
    page, heads = book.sheets.book["判定"], [cell.value for cell in book.sheets.book["判定"][xlsx.HEAD]]
    now, told, id = (heads.index(name) + 1 for name in ("结论", "报告所载", "判定编号"))
    found = {}
    for row in range(xlsx.HEAD + 1, page.max_row + 1):
        if page.cell(row, id).value:
            verdict = str(book.cell("判定", page.cell(row, now).coordinate))
            if verdict != page.cell(row, told).value:
                found[str(page.cell(row, id).value)] = verdict
    return found


def lower(book: Any, part: float) -> None:
    """Bring the least of the sports areas of junior schools, alone, to a part of its floor."""
    sheet = book["系数_初中"]
    heads = {str(cell.value).split("\n")[0]: cell.column for cell in reversed(sheet[8]) if cell.value}
    row = max(range(9, sheet.max_row + 1), key=lambda at: sheet.cell(at, 3).value or 0)
    sheet.cell(row, heads["体育运动场馆"]).value = sheet.cell(row, 3).value * 10.2 * part


@pytest.mark.sampled(2)
@pytest.mark.parametrize("county", ["met", "failing"])
def test_unchanged_every_verdict_is_the_reported_one(county: str, request: pytest.FixtureRequest) -> None:
    report, path = request.getfixturevalue(county)
    assert xlsx.read(path).faults() == []
    assert turned(path) == {}
    book = openpyxl.load_workbook(path)
    assert str(book["判定"]["J4"].value).startswith("=IF(")
    assert report.now.whole("overall").verdict == {"met": "met", "failing": "not_met"}[county]


def test_a_school_far_below_a_floor_turns_stage_field_and_county(met: County, tmp_path: Path) -> None:
    now = turned(change(met[1], tmp_path / "far.xlsx", lambda book: lower(book, 0.84)))
    assert now == dict.fromkeys(("overall.all", "resources.all", "resources.schools.junior"), "未达到")


def test_a_school_that_may_be_below_one_floor_turns_nothing(met: County, tmp_path: Path) -> None:
    assert turned(change(met[1], tmp_path / "near.xlsx", lambda book: lower(book, 0.86))) == {}


def test_rooms_that_a_school_lacks_turn_its_stage_alone(failing: County, tmp_path: Path) -> None:
    def rooms(number: int) -> Callable[[Any], None]:
        def give(book: Any) -> None:
            sheet = book["系数_小学"]
            column = next(cell.column for cell in sheet[8] if cell.value == "网络多媒体教室\n数量")
            sheet.cell(school(book, "青溪县中山路小学", "小学"), column).value = number

        return give

    # 790 pupils: 85 % of 2.3 for a hundred are 15.4 rooms.
    assert turned(change(failing[1], tmp_path / "15.xlsx", rooms(15))) == {}
    assert turned(change(failing[1], tmp_path / "16.xlsx", rooms(16))) == {"resources.schools.primary": "达到"}


def test_a_value_of_another_field_turns_its_field(met: County, tmp_path: Path) -> None:
    def recognised(value: float) -> Callable[[Any], None]:
        def say(book: Any) -> None:
            sheet = book["判定"]
            heads = [cell.value for cell in sheet[xlsx.HEAD]]
            row = next(row for row in sheet.iter_rows() if row[-1].value == "recognition.recognition")
            row[heads.index("现状")].value = value

        return say

    assert turned(change(met[1], tmp_path / "at.xlsx", recognised(0.85))) == {}
    below = turned(change(met[1], tmp_path / "below.xlsx", recognised(0.8499)))
    assert below == dict.fromkeys(("overall.all", "recognition.all", "recognition.recognition"), "未达到")


def test_who_is_hired_counts_for_both_where_the_number_is_changed(met: County) -> None:
    formulas, values = (openpyxl.load_workbook(met[1], data_only=known)["办法_各校"] for known in (False, True))
    heads = [cell.value for cell in formulas[xlsx.HEAD]]
    added, same = (heads.index(name) for name in ("全校增加", "新聘体育艺术教师一并计入"))
    rows = {
        tuple(row[heads.index(name)].value for name in ("学段", "指标", "学校代码")): row
        for row in formulas.iter_rows(min_row=xlsx.HEAD + 1)
    }
    linked = {key: row for key, row in rows.items() if row[same].value}
    assert {key[1] for key in linked} == {"高于规定学历教师"}
    for (stage, _, code), row in linked.items():
        assert row[same].value == f"={rows[stage, '体育艺术教师', code][added].coordinate}"
        assert values[row[same].coordinate].value == rows[stage, "体育艺术教师", code][added].value
    assert sum(values[row[same].coordinate].value for row in linked.values()) > 0
    assert {row[heads.index("单价（元）")].value for row in linked.values()} == {20_000}


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_comes_to_the_same_verdicts(met: County, failing: County, tmp_path: Path) -> None:
    books = {"failing": failing[1], "met": met[1]}
    books["far"] = change(met[1], tmp_path / "far.xlsx", lambda book: lower(book, 0.84))
    books["near"] = change(met[1], tmp_path / "near.xlsx", lambda book: lower(book, 0.86))
    given = []
    for name, path in books.items():
        # What openpyxl writes has no values beside its formulas: all are worked out anew.
        given.append(str(change(path, tmp_path / f"bare-{name}.xlsx", lambda book: None)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "done"), *given], check=True, capture_output=True, timeout=300)
    found = {name: _verdicts(tmp_path / "done" / f"bare-{name}.xlsx") for name in books}
    assert all(now == told for name in ("failing", "met", "near") for now, told in found[name].values())
    assert {id for id, (now, told) in found["far"].items() if now != told} == {
        "overall.all", "resources.all", "resources.schools.junior",
    }  # fmt: skip
    for name, word in (("failing", "未达到"), ("met", "达到"), ("near", "达到"), ("far", "未达到")):
        contents = openpyxl.load_workbook(tmp_path / "done" / f"bare-{name}.xlsx", data_only=True)["目录"]
        assert next(row[1].value for row in contents.iter_rows() if row[0].value == "总体结论") == word


def _verdicts(path: Path) -> dict[str, tuple[str, str]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["判定"]
    heads = [cell.value for cell in sheet[xlsx.HEAD]]
    places = [heads.index(name) for name in ("判定编号", "结论", "报告所载")]
    rows = [[row[place] for place in places] for row in sheet.iter_rows(min_row=xlsx.HEAD + 1, values_only=True)]
    return {str(id): (str(now), str(told)) for id, now, told in rows if id}


def test_every_sheet_is_listed_and_leads_back(failing: County) -> None:
    book = openpyxl.load_workbook(failing[1])
    assert book.sheetnames[0] == "目录"
    rows = [row for row in book["目录"].iter_rows(min_row=4) if row[0].hyperlink]
    assert [row[0].value for row in rows] == book.sheetnames[1:]
    for row in rows:
        assert row[0].hyperlink.location == f"'{row[0].value}'!A1"
        assert row[1].value == book[row[0].value]["A1"].value
        assert book[row[0].value]["A1"].hyperlink.location == "'目录'!A1"


def test_the_public_gets_values_and_no_formula(report: Report, meta: Meta, tmp_path: Path) -> None:
    import dataclasses

    annex.write(dataclasses.replace(report, audience="public"), tmp_path / "public.xlsx", meta)
    book = openpyxl.load_workbook(tmp_path / "public.xlsx")
    assert not {"系数_初中", "达标_初中"} & set(book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def typed(path: Path, target: Path, amount: float) -> dict[str, str]:
    """Return what turns where the last school's sports area is filled in."""

    def fill(book: Any) -> None:
        sheet = book["系数_小学"]
        column = next(cell.column for cell in sheet[8] if cell.value == "体育运动场馆\n数量")
        sheet.cell(11, column).value = amount

    return turned(change(path, target, fill))


@pytest.mark.parametrize(("rules", "word"), [(("text_in_number_value",), "待核"), ((), None)])
def test_an_amount_that_is_not_known_leaves_its_verdict_open_until_it_is_filled_in(
    rules: tuple[str, ...], word: str | None, meta: Meta, tmp_path: Path
) -> None:
    """Two schools have 15 square metres for a pupil, twice their floor: of the third it is not known."""
    report = county(None, *rules)
    annex.write(report, tmp_path / "open.xlsx", meta)
    book = openpyxl.load_workbook(tmp_path / "open.xlsx", data_only=True)
    heads = [cell.value for cell in book["系数_小学"][8]]
    assert book["系数_小学"].cell(11, heads.index("体育运动场馆\n数量") + 1).value == word
    assert xlsx.read(tmp_path / "open.xlsx").faults() == []
    assert turned(tmp_path / "open.xlsx") == {}
    # At 15 as the others all is met; at 3 the school fails, and 1.414 (15 - 3) / (30 + 3) = 0.51 is above 0.50.
    rule, cv = "resources.schools.primary", "resources.cv_sports_area.primary"
    met = typed(tmp_path / "open.xlsx", tmp_path / "met.xlsx", 1500)
    assert met[rule] == "达到"
    # A coefficient of the two others is one where nothing is set aside, and no verdict of it turns.
    assert met.get(cv, "达到") == "达到"
    failing = typed(tmp_path / "open.xlsx", tmp_path / "failing.xlsx", 300)
    assert (failing[rule], failing[cv], failing["resources.all"]) == ("未达到", "未达到", "未达到")
