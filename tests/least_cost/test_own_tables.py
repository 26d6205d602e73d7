"""What an office gives of its own: prices, limits, budgets, scenarios."""

from pathlib import Path

import pytest

from analysis.errors import DataError, RequestError
from analysis.least_cost import budgets_of, costs_of, distances_of, limits_of, scenario_of, with_scenario
from analysis.least_cost.model import Row
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
    costs = costs_of(records(school("1")), given.YEAR, path)
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


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.csv"):
        costs_of(records(school("1")), given.YEAR, tmp_path / "none.csv")


@pytest.mark.parametrize("table", ["costs", "limits", "budgets", "distances", "scenarios"])
def test_each_has_a_blank_workbook(tmp_path: Path, table: str) -> None:
    assert write(table, tmp_path / f"{table}.xlsx", given.YEAR).is_file()


def test_distances_hold_both_ways_between_schools_and_townships(tmp_path: Path) -> None:
    text = "甲地学校代码或乡镇,乙地学校代码或乡镇,距离（公里）\n1,2,12.5\n金沙镇,双桥镇,40\n"
    held = records(school("1"))
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
