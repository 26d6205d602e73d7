"""What an office gives of its own: prices, limits, budgets, scenarios."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.errors import DataError, RequestError
from analysis.least_cost import budgets_of, costs_of, distances_of, limits_of, scenario_of, with_scenario
from analysis.least_cost.model import Row
from analysis.least_cost.own_tables import rows_of
from analysis.render.template import write
from tests.judge import given
from tests.judge.given import records, school


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_prices_by_township_and_school(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "costs.csv",
        "指标,办法,学校代码或乡镇,单价\n体育运动场馆,,,350\n体育运动场馆,建设,双桥镇,500\n体育运动场馆,,2,600\n",
    )
    held = records(school("1", township="双桥镇"), school("2", township="双桥镇"))
    costs = costs_of(held, given.YEAR, path)
    entry = next(entry for entry in costs.entries if entry.key == ("build", "sports_area"))
    assert (entry.price("1", "金沙镇"), entry.price("1", "双桥镇"), entry.price("2", "双桥镇")) == (350, 500, 600)
    assert not costs.example


def test_limits_are_of_a_school_or_of_the_county(tmp_path: Path) -> None:
    path = file(tmp_path, "limits.csv", "指标,办法,学校代码,最多可增加\n网络多媒体教室,,1,3\n体育艺术教师,新聘,,5\n")
    limits = limits_of(records(school("1")), given.YEAR, path)
    assert limits.most == {("1", "build", "multimedia_rooms"): 3, ("", "hire", "pe_arts_teachers"): 5}


def test_budgets_by_year_in_ten_thousands(tmp_path: Path) -> None:
    path = file(tmp_path, "budgets.csv", "预算年度,预算金额（万元）\n2025,100\n2026,250.5\n")
    assert budgets_of(records(school("1")), given.YEAR, path) == {2025: 1_000_000, 2026: 2_505_000}


def test_a_scenario_changes_enrolment_where_it_says(tmp_path: Path) -> None:
    path = file(tmp_path, "scenarios.csv", "学段,城乡类型,乡镇,学生数变化\n小学,,,-10%\n小学,乡村,,-40%\n")
    held = records(school("1", area="urban"), school("2", area="rural"))
    laid = with_scenario(held, given.YEAR, scenario_of(held, given.YEAR, path))
    assert laid.schools["pupils_primary"].to_list() == [900, 600]
    assert laid.schools["sports_area"].to_list() == held.schools["sports_area"].to_list()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("指标,单价\n体育运动场馆,很多\n", "第 2 行"),
        ("指标,单价\n体育运动场馆,0\n", "第 2 行"),
        ("指标,办法,单价\n体育运动场馆,新聘,5\n", "第 2 行"),
        ("指标,单价\n操场草皮,5\n", "第 2 行"),
        ("指标,单价\n", "costs"),
    ],
)
def test_what_can_not_be_used_is_told_in_a_line(tmp_path: Path, text: str, says: str) -> None:
    path = file(tmp_path, "costs.csv", text)
    with pytest.raises(DataError) as fault:
        costs_of(records(school("1")), given.YEAR, path)
    assert says in str(fault.value)
    assert "costs" in str(fault.value)


@pytest.mark.parametrize(
    ("table", "rows", "read"),
    [
        ("costs", [["体育运动场馆", None, None, 800], [], ["网络多媒体教室", "建设", "2", 50000]], 2),
        ("limits", [["体育运动场馆", None, "2", 30], ["注：含在建面积。"]], 1),
        ("budgets", [[2025, 100], [2026, 200]], 2),
        ("distances", [["1", "2", 12.5]], 1),
        ("scenarios", [["小学", None, None, "-8.5%"], ["初中", "乡村", None, -0.07]], 2),
    ],
)
def test_a_blank_workbook_that_is_filled_in_is_read(tmp_path: Path, table: str, rows: list[Any], read: int) -> None:
    path = filled(tmp_path, table, rows)
    held = records(school("1"), school("2"))
    assert rows_of(table, held, given.YEAR, path).height == read


def filled(folder: Path, table: str, rows: list[Any]) -> Path:
    path = write(table, folder / f"{table}.xlsx", given.YEAR)
    book = openpyxl.load_workbook(path)
    for line, row in enumerate(rows, start=4):
        for column, value in enumerate(row, start=1):
            if value is not None:
                book.worksheets[0].cell(line, column).value = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("table", "text", "says"),
    [
        ("costs", "指标,办法,学校代码或乡镇,单价\n体育运动场馆,,9,800\n", "“9”"),
        ("costs", "指标,单价\n体育运动场馆,-5\n", "单价为负数（-5）"),
        ("costs", "指标,办法,单价\n体育运动场馆,租用,5\n", "可选：建设、"),
        ("costs", "指标,办法,学校代码或乡镇,单价\n体育运动场馆,,,800\n体育运动场馆,,,900\n", "第 2 行和第 3 行"),
        ("limits", "指标,办法,学校代码,最多可增加\n体育运动场馆,购置,1,5\n", "“购置”"),
        ("limits", "指标,办法,学校代码,最多可增加\n体育运动场馆,,1,5\n合计,,,5\n", "第 3 行"),
        ("limits", "指标,办法,学校代码,最多可增加\n体育运动场馆,,双桥镇,5\n", "没有学校“双桥镇”"),
        ("scenarios", "学段,城乡类型,乡镇,学生数变化\n小学,,,10\n", "-100% 至 100%"),
        ("scenarios", "学段,城乡类型,乡镇,学生数变化\n小学,,无名镇,10%\n", "“无名镇”"),
        ("distances", "甲地,乙地,距离\n双桥镇,金沙镇,3\n金沙镇,双桥镇,90\n", "第 2 行和第 3 行"),
    ],
)
def test_what_can_not_be_used_is_told_with_its_row(tmp_path: Path, table: str, text: str, says: str) -> None:
    path = file(tmp_path, f"{table}.csv", text)
    read = {"costs": costs_of, "limits": limits_of, "scenarios": scenario_of, "distances": distances_of}[table]
    held = records(school("1", township="双桥镇"), school("2", township="金沙镇"))
    with pytest.raises(DataError) as fault:
        read(held, given.YEAR, path)
    assert says in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_what_is_told_of_one_way_holds_whatever_is_told_of_all(tmp_path: Path) -> None:
    lines = ["高于规定学历教师,学历提升,10000", "高于规定学历教师,,30000"]
    for order in (lines, lines[::-1]):
        path = file(tmp_path, "costs.csv", "指标,办法,单价\n" + "\n".join(order) + "\n")
        costs = costs_of(records(school("1")), given.YEAR, path)
        prices = {entry.kind: entry.cost for entry in costs.entries if entry.lifts[0] == "advanced_degree_teachers"}
        assert prices == {"upgrade": 10000, "hire": 30000}


def test_a_school_may_be_called_by_its_name(tmp_path: Path) -> None:
    path = file(tmp_path, "limits.csv", "指标,办法,学校代码,最多可增加\n体育运动场馆,,河东小学,5\n")
    held = records(school("1", name="河东小学"), school("2", name="河西小学"))
    assert limits_of(held, given.YEAR, path).most == {("1", "build", "sports_area"): 5}


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.csv"):
        costs_of(records(school("1")), given.YEAR, tmp_path / "none.csv")


@pytest.mark.parametrize("table", ["costs", "limits", "budgets", "distances", "scenarios"])
def test_each_has_a_blank_workbook(tmp_path: Path, table: str) -> None:
    assert write(table, tmp_path / f"{table}.xlsx", given.YEAR).is_file()


def test_distances_hold_both_ways_between_schools_and_townships(tmp_path: Path) -> None:
    text = "甲地学校代码或乡镇,乙地学校代码或乡镇,距离（公里）\n1,2,12.5\n金沙镇,双桥镇,40\n"
    held = records(school("1", township="金沙镇"), school("2", township="双桥镇"))
    far = distances_of(held, given.YEAR, file(tmp_path, "distances.csv", text))
    assert far is not None
    one, two, other = Row("1", "primary", 1.0, "金沙镇"), Row("2", "primary", 1.0, "双桥镇"), Row("3", "primary", 1.0)
    assert (far.apart(one, two), far.apart(two, one)) == (12.5, 12.5)
    assert far.apart(Row("4", "primary", 1.0, "金沙镇"), two) == 40
    assert far.apart(one, other) == float("inf")
    assert distances_of(held, given.YEAR) is None


def test_a_distance_in_metres_or_below_nothing_is_told(tmp_path: Path) -> None:
    path = file(tmp_path, "distances.csv", "甲地,乙地,距离\n1,2,-3\n")
    with pytest.raises(DataError, match="distances"):
        distances_of(records(school("1")), given.YEAR, path)
