from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.clean import Records
from tests.workbooks import COUNTY, HEADER, Rows, cleaned, school, schools, text

CLASSES: list[Any] = ["学校代码", "年级", "班级", "学生数"]


def told(records: Records, rule: str) -> list[tuple[Any, ...]]:
    return records.notices.filter(pl.col("rule") == rule).select("row", "column", "before", "after").rows()


def with_classes(folder: Path, sizes: list[int], pupils: int, code: str = "9901010001") -> Records:
    rows: Rows = [CLASSES, *[[code, 1, f"{number}班", size] for number, size in enumerate(sizes, 1)]]
    text(folder / COUNTY / "classes_2024.csv", rows)
    return schools(folder, [HEADER, school(1, pupils)])


def test_pupils_against_classes(tmp_path: Path) -> None:
    assert told(with_classes(tmp_path, [40, 41], 81), "pupils_against_classes") == []
    records = with_classes(tmp_path, [40, 41], 82)
    assert told(records, "pupils_against_classes") == [(2, "pupils_primary,pupils_junior", "82", "81")]
    assert records.schools.height == 1  # a warning keeps its row


def test_classes_of_a_school_without_record(tmp_path: Path) -> None:
    records = with_classes(tmp_path, [40], 40, code="9901019999")
    assert told(records, "classes_without_school") == [(2, "", None, None)]
    assert records.classes.height == 1


def test_classes_of_a_year_without_any_schools_raise_no_question(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "classes_2022.csv", [CLASSES, ["9901010001", 1, "1班", 40]])
    assert told(schools(tmp_path, [HEADER, school(1)]), "classes_without_school") == []


@pytest.mark.parametrize(("size", "warned"), [(0, True), (1, False), (120, False), (121, True)])
def test_class_sizes(tmp_path: Path, size: int, warned: bool) -> None:
    assert bool(told(with_classes(tmp_path, [size], size), "class_size")) is warned


def grown(folder: Path, last: list[int], now: list[int]) -> list[tuple[Any, ...]]:
    for year, pupils in ((2023, last), (2024, now)):
        rows = [school(number, count, None) for number, count in enumerate(pupils, 1)]
        text(folder / COUNTY / f"schools_{year}.csv", [HEADER, *rows])
    return told(cleaned(folder), "jump")


def test_a_jump_beyond_the_bound_is_told_and_common_growth_is_not(tmp_path: Path) -> None:
    last = [100, 200, 300, 400, 500]
    assert grown(tmp_path, last, [101, 199, 303, 396, 500]) == []
    assert grown(tmp_path, last, [300, 600, 900, 1200, 1500]) == []  # all alike: a new way to count, no one's slip
    assert grown(tmp_path, last, [101, 199, 3030, 396, 500]) == [(4, "pupils_primary", "300", "3030")]


def test_both_sides_of_the_factor(tmp_path: Path) -> None:
    last = [100, 100, 100, 100, 1000]
    assert grown(tmp_path, last, [100, 100, 100, 100, 2000]) == []
    assert grown(tmp_path, last, [100, 100, 100, 100, 2001]) == [(6, "pupils_primary", "1000", "2001")]


def test_a_gap_of_two_years_is_no_jump(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2022.csv", [HEADER, school(1, 100)])
    assert told(schools(tmp_path, [HEADER, school(1, 900)]), "jump") == []


def totals(folder: Path, rows: Rows) -> list[tuple[Any, ...]]:
    return told(schools(folder, [HEADER, *rows]), "totals_differ")


def test_totals_that_add_up_and_that_do_not(tmp_path: Path) -> None:
    rows = [school(1, 300, 9000), school(2, 200, 8000)]
    assert totals(tmp_path, [*rows, ["合计", None, None, 500, 17000]]) == []
    assert totals(tmp_path, [*rows, ["合计", None, None, 501, "17,000".replace(",", "")]]) == [
        (4, "pupils_primary", "501", "500")
    ]


def test_subtotals_are_of_the_rows_above_them(tmp_path: Path) -> None:
    rows = [
        school(1, 300),
        ["小计", None, None, 300],
        school(2, 200),
        ["小计", None, None, 199],
        ["合计", None, None, 500],
    ]
    assert totals(tmp_path, rows) == [(5, "pupils_primary", "199", "200")]


def test_a_total_may_leave_out_a_row_that_was_set_aside(tmp_path: Path) -> None:
    rows = [school(1, 300), school(None, 70, code=None), ["合计", None, None, 300]]
    assert totals(tmp_path, rows) == []


def test_a_column_with_an_unreadable_cell_is_not_compared(tmp_path: Path) -> None:
    assert totals(tmp_path, [school(1, "约300"), school(2, 200), ["合计", None, None, 500]]) == []


def test_a_name_of_two_codes(tmp_path: Path) -> None:
    rows: Rows = [HEADER, school(1, name="城关小学"), school(2, name="城关小学"), school(3)]
    records = schools(tmp_path, rows)
    assert told(records, "name_shared") == [
        (2, "name", "城关小学", "9901010002"),
        (3, "name", "城关小学", "9901010001"),
    ]
    assert records.schools.height == 3
    assert told(schools(tmp_path, [HEADER, school(1), school(2)]), "name_shared") == []


def test_a_name_in_two_townships_is_of_two_schools(tmp_path: Path) -> None:
    rows = [[*school(number, name="中心小学"), town] for number, town in ((1, "东镇"), (2, "西镇"))]
    assert told(schools(tmp_path, [[*HEADER, "乡镇"], *rows]), "name_shared") == []
    rows[1][-1] = "东镇"
    assert len(told(schools(tmp_path, [[*HEADER, "乡镇"], *rows]), "name_shared")) == 2


def test_a_name_of_two_years_is_of_one_school(tmp_path: Path) -> None:
    text(tmp_path / COUNTY / "schools_2023.csv", [HEADER, school(2, name="城关小学")])
    assert told(schools(tmp_path, [HEADER, school(1, name="城关小学")]), "name_shared") == []


@pytest.mark.parametrize(
    ("kind", "pupils", "is_told"),
    [
        ("小学", (300, None, None), False),
        ("小学", (300, 0, 0), False),
        ("小学", (300, 20, None), True),
        ("小学教学点", (30, None, 1), True),
        ("初级中学", (700, None, None), True),
        ("初级中学", (None, 700, None), False),
        ("九年一贯制学校", (300, 200, None), False),
        ("九年一贯制学校", (300, 200, 90), True),
        ("完全中学", (None, 200, 90), False),
        ("完全中学", (5, 200, 90), True),
        ("十二年一贯制学校", (300, 200, 90), False),
        ("特殊教育学校", (30, 20, 9), False),
    ],
)
def test_pupils_of_a_stage_that_the_type_has_not_are_told(
    tmp_path: Path, kind: str, pupils: tuple[int | None, ...], is_told: bool
) -> None:
    heads = ["学校代码", "学校名称", "办学类型", "小学在校生数", "初中在校生数", "高中在校生数"]
    records = schools(tmp_path, [heads, ["9901010001", "一小", kind, *pupils]])
    assert bool(told(records, "pupils_of_no_stage")) == is_told
    assert records.schools.height == 1
