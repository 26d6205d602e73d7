"""What may not be published: names of schools, figures of fewer than ten, and what would give them away."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from analysis.judge.ledger import ENTRIES
from analysis.render import annex
from analysis.render.meta import Meta
from analysis.render.results import results
from analysis.tell import Report
from analysis.tell.case.setting import SourceFile

from .conftest import CHAPTERS, FIGURES, TABLES, school, small

TEACHERS = {"advanced_degree_teachers": 12, "backbone_teachers": 6, "pe_arts_teachers": 5}


def told(report: Report) -> str:
    """Return all that a report says, pictures through their frames."""
    chapters = [report.chapter(name).text for name in CHAPTERS]
    tables = [table.markdown() for table in map(report.table, TABLES) if table]
    pictures = [f"{one.caption}{one.alt}{one.data.rows()}" for one in map(report.figure, FIGURES) if one]
    return "\n".join([*chapters, *tables, *pictures])


def survey(**asked: tuple[int, int]) -> dict[str, list[dict[str, Any]]]:
    rows = [
        {"county": "990999", "year": 2024, "group": group, "asked": n, "satisfied": k}
        for group, (n, k) in asked.items()
    ]
    return {"survey": rows}


def test_no_school_is_named(sample: Callable[..., Report]) -> None:
    for county in ("990101", "990109"):
        report = sample(county, audience="public")
        text = told(report)
        assert not [name for name in report.stages["name"].unique() if name in text]


def test_what_people_typed_names_no_school_to_the_public(sample: Callable[..., Report]) -> None:
    """Evidence of an item and a measure of the ledger come by hand; cells that were mended may hold a name."""
    kept = sample("990101")
    name = kept.school("9901010041")
    typed = f"{name}章程"
    given = kept.records.government.with_columns(
        pl.when(pl.col("item") == "charter").then(pl.lit(typed)).otherwise("evidence").alias("evidence")
    )
    history = kept.history.with_columns(
        pl.when(pl.col("item") == "charter").then(pl.lit(typed)).otherwise("evidence").alias("evidence")
    )
    id = "resources.floor_sports_area.junior.9901010041"
    entries = pl.DataFrame([{"id": id, "measure": f"{name}扩建操场", "person": "某某", "date": ""}], schema=ENTRIES)
    notices = kept.records.notices.with_columns(pl.lit(name).alias("before"))
    records = dataclasses.replace(kept.records, government=given, notices=notices)
    changed: dict[str, Any] = {"records": records, "history": history, "entries": entries}
    inside = told(dataclasses.replace(kept, **changed))
    assert f"{name}扩建操场" in inside
    assert typed in inside
    public = dataclasses.replace(kept, audience="public", **changed)
    outside = told(public)
    assert name not in outside
    assert name not in json.dumps(results(public), ensure_ascii=False)
    assert "学校9901010041扩建操场" in outside
    assert "学校9901010041章程" in outside
    assert "某某" not in outside


def source(file: str, table: str, name: str) -> SourceFile:
    return SourceFile(file, f"{name}统计表", f"{name}教务处", "2024-10-01", table, 2024, True, "ab" * 32)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_files_sheets_titles_and_publishers_name_no_school_to_the_public(tmp_path: Path, lang: str) -> None:
    """An office may keep one sheet or one file for each school, and call both after it."""
    files = ["990999/schools_2024.xlsx", "990999/青山小学班级.xlsx", "990999/绿水小学班级.XLSX"]
    schools = [
        school(code, name=name, file=files[0], sheet=name, row=number)
        for number, (code, name) in enumerate([("1", "青山小学"), ("2", "绿水小学")])
    ]
    rows = [
        {"county": "990999", "year": 2024, "school": code, "file": file, "sheet": f"{name}{part}", "row": 3}
        | {"class": part, "pupils": 60, "grade": 1}
        for code, name, file in (("1", "青山小学", files[1]), ("2", "绿水小学", files[2]))
        for part in "甲乙"
    ]
    made = [source(files[0], "schools", "青溪县"), source(files[1], "classes", "青山小学")]
    words: dict[str, Any] = {"source_files": (*made, source(files[2], "classes", "绿水小学")), "lang": lang}
    inside, outside = (small(schools, {"classes": rows}, audience=to, **words) for to in ("internal", "public"))

    meta = Meta("附表", "", "试验县", 2024, lang, "public", synthetic=True, date="2025-01-01", office="")

    def everything(report: Report) -> str:
        annex.write(report, tmp_path / "annex.xlsx", meta)
        sheets = openpyxl.load_workbook(tmp_path / "annex.xlsx").worksheets
        cells = [sheet.title for sheet in sheets] + [
            row for sheet in sheets for row in sheet.iter_rows(values_only=True)
        ]
        return told(report) + json.dumps(results(report), ensure_ascii=False) + str(cells)

    named = ("青山小学", "绿水小学")
    assert all(name in everything(inside) for name in named)
    said = everything(outside)
    assert not [name for name in named if name in said]
    assert {file.file for file in outside.source_files} == {
        files[0], "990999/classes_2024.xlsx", "990999/classes_2024-2.xlsx",
    }  # fmt: skip
    places = outside.records.classes.select("file", "sheet").rows()
    assert places == [(f"990999/classes_2024{end}.xlsx", sheet) for end in ("", "-2") for sheet in ("1", "2")]
    again = dataclasses.replace(outside, date="2025-01-01")
    assert again.records.classes.equals(outside.records.classes)
    assert again.source_files == outside.source_files


def test_scores_rank_no_school(sample: Callable[..., Report]) -> None:
    assert sample("990101").figure("effects") is not None
    assert sample("990101", audience="public").figure("effects") is None


def test_internal_readers_see_names() -> None:
    assert "7小学" in told(small([school("7", sports_area=300.0), school("8"), school("9")]))


def unlike(number: int) -> dict[str, Any]:
    """Return amounts in which schools differ, as schools do."""
    part = 0.6 + number % 4 * 0.4
    return {"teaching_area": 900 * part, "sports_area": 1500 * (2 - part), "equipment_value": 400_000.0 * part} | {
        f"{name}_primary": round(count * part) for name, count in TEACHERS.items()
    }


@pytest.mark.parametrize(("pupils", "hidden"), [(9, True), (10, False)])
def test_a_school_of_fewer_than_ten_pupils_shows_no_figures(pupils: int, hidden: bool) -> None:
    others = [school(str(n), pupils=100 + 20 * n, **unlike(n)) for n in range(2, 9)]
    report = small([school("1", pupils=pupils, sports_area=150.0, teachers_primary=3), *others], audience="public")
    table = report.table("schools_primary")
    assert table is not None
    row = table.body[0]
    assert row[0].text == ("不公布的学校" if hidden else "学校1")
    assert ({cell.text for cell in row[1:]} == {"＊"}) is hidden
    assert (table.frame.row(0)[1] is None) is hidden
    picture = report.figure("schools")
    assert picture is not None
    assert ("1" in picture.data["school"].to_list()) is not hidden


def test_what_a_tiny_school_lacks_is_not_told() -> None:
    tiny = school("1", pupils=9, sports_area=30.0)
    for audience, said in (("public", False), ("internal", True)):
        report = small([tiny, school("2"), school("3")], audience=audience)
        problems, resources = report.table("problems"), report.table("failing")
        assert (problems is not None) is said
        assert (resources is not None and "3.33" in resources.markdown()) is said
        assert ("不公布详情" in report.chapter("problems").text) is not said


@pytest.mark.parametrize(("smallest", "hidden"), [(9, {"heads", "cppcc"}), (10, set())])
def test_a_small_group_takes_the_next_smallest_with_it(smallest: int, hidden: set[str]) -> None:
    tables = survey(heads=(smallest, 8), cppcc=(40, 36), parents=(500, 450), pupils=(600, 560))
    report = small([school("1"), school("2")], tables, audience="public")
    table = report.table("recognition")
    assert table is not None
    shown = set(table.frame["group"].to_list())
    assert {report.word("groups", one) for one in hidden}.isdisjoint(shown)
    # Nobody can find a hidden group by taking the others from the total: at least two are hidden together.
    assert len(hidden) != 1


def test_internal_readers_see_small_groups() -> None:
    tables = survey(heads=(5, 4), parents=(500, 450))
    table = small([school("1"), school("2")], tables).table("recognition")
    assert table is not None
    assert table.frame.height == 2


def test_a_packed_file_keeps_the_name_that_says_table_and_year() -> None:
    named = "990999/scores_2024.csv.gz"
    files = (SourceFile(named, "", "", "", "scores", 2024, True, ""),)
    assert small([school("1"), school("2")], source_files=files, audience="public").source_files[0].file == named


def test_the_public_is_told_sums_of_the_plan_of_least_cost_and_not_who_is_given_what() -> None:
    short = [school("1", sports_area=500.0), school("2"), school("3")]
    inside, outside = (results(small(short, audience=audience)) for audience in ("internal", "public"))
    plan, sums = inside["least_cost"]["plan"], outside["least_cost"]["plan"]
    assert plan["actions"]
    assert (sums["actions"], sums["left_at_85"], sums["budget_curve"]) == ([], [], [])
    assert (sums["cost"], sums["schools"]) == (plan["cost"], len({one["school"] for one in plan["actions"]}))
    assert "schools" not in plan


def test_a_table_with_a_number_of_its_own_keeps_no_name_of_a_sheet() -> None:
    place = {"file": "990999/rooms_2024.xlsx", "sheet": "青山小学"}
    room = {"county": "990999", "year": 2024, "school": "1", "room": "1", "room_type": "music", "number": 3}
    report = small([school("1"), school("2")], {"rooms": [place | room | {"area": 96.0}]}, audience="public")
    assert report.records.rooms["sheet"].to_list() == ["1"]
    assert report.records.rooms["number"].to_list() == [3]
