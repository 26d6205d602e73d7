"""County items under a header in %, and values that no item can have."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.clean import Records
from tests.read.by_hand import hold_the_law
from tests.workbooks import COUNTY, Rows, book, cleaned


def read(folder: Path, header: str, *rows: list[Any]) -> Records:
    path = book(folder / COUNTY / "government_2024.xlsx", [["指标代码", "指标名称", header], *rows])
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


def values(records: Records) -> list[float | None]:
    return records.government["value"].to_list()


def said(records: Records) -> list[tuple[Any, ...]]:
    found = records.notices.filter(row=2).select("rule", "before", "after", "unused")
    return found.rows()


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("数值（%）", 96.5, 0.965),
        ("数值(％)", 96.5, 0.965),
        ("数值（‰）", 965, 0.965),
        ("数值（%）", "96.5%", 0.965),
        ("数值", "96.5%", 0.965),
        ("数值", 0.965, 0.965),
        ("完成值（%）", 100, 1.0),
    ],
)
def test_a_header_in_percent_is_minded(header: str, cell: Any, value: float, tmp_path: Path) -> None:
    records = read(tmp_path, header, ["nearest_junior", "x", cell])
    assert values(records) == [value]
    assert said(records) == []


@pytest.mark.parametrize(
    ("item", "cell", "rule"),
    [
        ("nearest_junior", 0.965, "item_uncertain_value"),
        ("nearest_junior", 1, "item_uncertain_value"),
        ("nearest_junior", 1.02, "item_uncertain_value"),
        ("special_school_funding", 6000, "item_no_share_value"),
        ("basic_balance_years", 3, "item_no_share_value"),
    ],
)
def test_what_a_header_in_percent_can_not_mean_is_set_aside(item: str, cell: Any, rule: str, tmp_path: Path) -> None:
    records = read(tmp_path, "数值（%）", [item, "x", cell])
    assert values(records) == [None]
    assert said(records) == [(rule, str(cell), None, 1)]


@pytest.mark.parametrize(("item", "cell"), [("nearest_junior", 0), ("nearest_junior", 1.6), ("rotation", 12.5)])
def test_a_percentage_is_no_doubt(item: str, cell: float, tmp_path: Path) -> None:
    records = read(tmp_path, "数值（%）", [item, "x", cell])
    assert values(records) == [cell / 100]
    assert said(records) == []


@pytest.mark.parametrize(
    ("item", "cell", "told"),
    [
        ("nearest_junior", -0.965, [("item_negative", "-0.965", None, 0)]),
        ("special_school_funding", -1, [("item_negative", "-1", None, 0)]),
        ("nearest_junior", 1.02, [("item_too_great", "1.02", "1", 0)]),
        ("nearest_junior", 96.5, [("likely_percent", "96.5", "0.965", 0)]),
        ("government_score", 101, [("item_too_great", "101", "100", 0)]),
        ("government_score", 100, []),
        ("nearest_junior", 1, []),
        ("nearest_junior", 0, []),
        ("special_school_funding", 6000, []),
        ("basic_balance_years", 50, []),
        ("basic_balance_years", 2022, [("item_too_great", "2022", "50", 0)]),
    ],
)
def test_what_no_item_can_have_is_told_and_kept(
    item: str, cell: float, told: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    records = read(tmp_path, "数值", [item, "x", cell])
    assert values(records) == [cell]
    assert said(records) == told


@pytest.mark.parametrize(("header", "offered"), [("完成率(%)", "完成率(%)"), ("比例", "比例"), ("佐证", None)])
def test_a_header_that_may_mean_the_value_is_offered(header: str, offered: str | None, tmp_path: Path) -> None:
    records = read(tmp_path, header, ["nearest_junior", "x", 96.5])
    assert values(records) == [None]
    near = records.notices.filter(rule="column_near")["after"].to_list()
    assert near == ([f"government: {{value: [{offered}]}}"] if offered else [])


def test_what_was_offered_is_read_with_its_unit(tmp_path: Path) -> None:
    (tmp_path / "aliases.yml").write_text("government: {value: [完成率(%)]}\n", encoding="utf-8")
    assert values(read(tmp_path, "完成率(%)", ["nearest_junior", "x", 96.5])) == [0.965]


FUNDING, PAY = "special_school_funding", "civil_servant_mean_pay"


@pytest.mark.parametrize(
    ("title", "header", "item", "name", "unit", "rule"),
    [
        ("单位：万元", "数值", FUNDING, "生均公用经费", None, "item_unit_unclear_value"),
        ("甲县指标（万元）", "数值", FUNDING, "生均公用经费", None, "item_unit_unclear_value"),
        (None, "数值（万元）", FUNDING, "生均公用经费", None, "item_unit_unclear_value"),
        (None, "数值", PAY, "公务员平均工资（万元）", None, "item_unit_unclear_value"),
        (None, "数值", FUNDING, "生均公用经费", "万元", "item_unit_unclear_value"),
        (None, "数值", "nearest_junior", "就近入学比例（%）", None, "item_percent_unclear_value"),
        (None, "数值", "nearest_junior", "就近入学比例", "%", "item_percent_unclear_value"),
        ("单位：元", "数值（元）", FUNDING, "生均公用经费（元）", "元/生", None),
        ("单位：万元", "数值", "nearest_junior", "就近入学比例", None, None),
        (None, "数值", "nearest_junior", "就近入学比例", "万元", None),
    ],
)
def test_a_unit_told_beside_an_item_is_minded(
    title: str | None, header: str, item: str, name: str, unit: str | None, rule: str | None, tmp_path: Path
) -> None:
    rows: Rows = [*([[title]] if title else []), ["指标代码", "指标名称", header, "单位"], [item, name, 0.72, unit]]
    book(tmp_path / COUNTY / "government_2024.xlsx", rows)
    records = cleaned(tmp_path)
    assert values(records) == [None if rule else 0.72]
    told = set(records.notices.filter(pl.col("rule").str.starts_with("item_"))["rule"])
    assert told - {"item_unlikely"} == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("item", "cell", "bound"),
    [
        (FUNDING, 60_000_000, "90000"),
        (FUNDING, 0.72, "400"),
        (FUNDING, 7200, None),
        (PAY, 10.5, "12000"),
        (PAY, 8750, "12000"),  # a month's
        (PAY, 105_000, None),
        ("nearest_junior", 0.72, None),
    ],
)
def test_money_beyond_what_is_usual_a_head_is_told(item: str, cell: float, bound: str | None, tmp_path: Path) -> None:
    records = read(tmp_path, "数值", [item, "x", cell])
    assert values(records) == [cell]
    assert said(records) == ([("item_unlikely", f"{cell:g}" if cell < 1e6 else str(cell), bound, 0)] if bound else [])


@pytest.mark.parametrize(("cell", "told"), [(2022, [("item_too_great", "2022", "50", 0)]), (2, []), (12, [])])
def test_a_year_is_no_number_of_years(cell: int, told: list[tuple[Any, ...]], tmp_path: Path) -> None:
    assert said(read(tmp_path, "数值", ["basic_balance_years", "x", cell])) == told
