"""Slips that no other year and no other table reveals: told, with what was probably meant, and never taken away."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from analysis.clean import plausibility, plausible, quarantine, values
from analysis.clean.checks import checks, value_rules
from analysis.clean.plausible import amounts
from analysis.clean.records import NOTICES
from analysis.read.fields import table
from tests.workbooks import COUNTY, Rows, cleaned, schools, text


def made(**columns: list[Any]) -> pl.DataFrame:
    """Return ten primary schools of 500 pupils, alike but for the columns given, marked as cleaning marks them."""
    usual = {"pupils_primary": 500, "teaching_area": 2500.0, "sports_area": 4000.0, "equipment_value": 1_250_000.0}
    usual |= {"books": 15_000, "teachers": 28, "classes_primary": 12, "multimedia_rooms": 13, "computers": 60}
    frame = pl.DataFrame({name: columns.get(name, [value] * 10) for name, value in usual.items()})
    others = {name: pl.Series(name, given) for name, given in columns.items() if name not in usual}
    schema = table("schools").schema()
    frame = frame.with_columns(*others.values()).with_columns(
        pl.lit(2024, pl.Int32).alias("year"),
        pl.lit("primary").alias("school_type") if "school_type" not in columns else pl.col("school_type"),
        pl.int_range(2, 12, dtype=pl.Int32).alias("row"),
        pl.lit("f").alias("file"),
        pl.lit("").alias("sheet"),
    )
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    frame = frame.with_columns(lacking).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return values.marked(frame, pl.DataFrame(schema=NOTICES), "schools")


def told(**columns: list[Any]) -> list[tuple[Any, ...]]:
    return plausible.find({"schools": made(**columns)}).select("row", "column", "rule", "before", "after").rows()


def one(value: Any, usual: Any) -> list[Any]:
    return [value, *[usual] * 9]


def test_what_is_usual_is_not_told() -> None:
    assert told() == []
    # Six times the others is much, and may be.
    assert told(sports_area=one(24_000.0, 4000.0)) == []


@pytest.mark.parametrize(
    ("column", "value", "usual", "rule", "meant"),
    [
        ("equipment_value", 125.0, 1_250_000.0, "likely_ten_thousands", "1250000"),
        ("equipment_value", 1250.0, 1_250_000.0, "likely_thousands", "1250000"),
        ("equipment_value", 1.25e10, 1_250_000.0, "likely_single_units", "1250000"),
        ("teaching_area", 0.25, 2500.0, "likely_hectares", "2500"),
        ("sports_area", 6.0, 4000.0, "likely_mu", "4000"),
        ("books", 150_000, 15_000, "likely_zero_more", "15000"),
        ("books", 1500, 15_000, "likely_zero_less", "15000"),
        ("teachers", 280, 28, "likely_zero_more", "28"),
    ],
)
def test_the_likely_slip_is_named(column: str, value: Any, usual: Any, rule: str, meant: str) -> None:
    ((row, where, found, before, after),) = told(**{column: one(value, usual)})
    assert (row, where, found, after) == (2, column, rule, meant)
    assert float(before) == value


def test_a_school_alone_is_held_against_the_bounds() -> None:
    few = made(equipment_value=one(157.94, 1e6)).head(1).with_columns(pupils_primary=pl.lit(760, pl.Int64))
    found = plausible.find({"schools": few}).select("column", "rule", "before", "after").rows()
    assert found == [("equipment_value", "likely_ten_thousands", "157.94", "1579400")]


def test_far_from_the_others_without_a_slip_that_explains_it() -> None:
    # 125 yuan per pupil in nine schools; 45 times that in one, and a tenth of it is still beyond four times.
    assert told(equipment_value=one(62_500.0 * 45, 62_500.0)) == [
        (2, "equipment_value", "far_from_others", "2812500", "45")
    ]
    # 29 times is not so far, and a zero too many explains it.
    assert told(equipment_value=one(62_500.0 * 29, 62_500.0))[0][2] == "likely_zero_more"


def test_small_schools_and_other_types_have_any_amount() -> None:
    assert told(pupils_primary=one(49, 500), teachers=one(10, 28), classes_primary=one(6, 12)) == []
    found = told(sports_area=one(400_000.0, 4000.0), school_type=one("special", "primary"))
    assert found == []


def many(odd: int, whole: int) -> pl.DataFrame:
    """Return so many schools of 500 pupils and 15,000 books, the last `odd` of them with 1,500,000."""
    few = made()
    rows = pl.concat([few] * (whole // 10)).with_columns(row=pl.int_range(2, whole + 2, dtype=pl.Int32))
    return rows.with_columns(books=pl.when(pl.col("row") >= whole + 2 - odd).then(1_500_000).otherwise("books"))


def test_many_that_stand_out_are_told_once_at_the_first() -> None:
    columns = "row", "column", "rule", "before", "after"
    each = plausible.find({"schools": many(500, 2000)}).select(columns).rows()
    assert each == [(row, "books", "beyond_bounds", "1500000", None) for row in range(1502, 2002)]
    ((row, column, rule, before, after),) = plausible.find({"schools": many(501, 2000)}).select(columns).rows()
    assert (row, column, rule, before, after) == (1501, "books", "many_unlikely", "501", "30")
    for lang in ("zh", "en"):
        assert "501" in checks()[rule].sentence(lang, column=column, before=before, after=after)


def test_many_are_told_year_by_year() -> None:
    rows = pl.concat([many(501, 2000), many(500, 2000).with_columns(year=pl.lit(2023, pl.Int32))])
    found = plausible.find({"schools": rows}).group_by("rule", maintain_order=True).len().rows()
    assert found == [("beyond_bounds", 500), ("many_unlikely", 1)]


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9, 19_999, 20_000, 40_000, 60_003])
def test_a_median_is_that_of_all_or_of_every_second_or_third(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size).astype(np.float32)
    values[::7] = np.nan
    some = values[:: {20_000: 2, 40_000: 3, 60_003: 4}.get(size, 1)]
    wanted = np.nanmedian(some) if np.isfinite(some).any() else np.nan
    for _ in range(2):
        assert np.array_equal(plausible._median(values), wanted, equal_nan=True)


def test_what_is_hardly_possible_sets_nothing_aside() -> None:
    found = plausible.find({"schools": many(501, 1000)})
    rules = {"many_unlikely", "beyond_bounds", "far_from_others", *plausibility.declared()["slips"]}
    assert set(found["rule"]) <= rules
    assert {checks()[rule].severity for rule in rules} == {"warning"}
    assert not rules & {*value_rules(), *quarantine.errors()}


def test_essential_values_that_are_missing_are_told() -> None:
    assert told(pupils_primary=one(None, 500)) == [(2, "pupils_primary", "enrolment_missing", None, None)]
    assert told(sports_area=one(None, 4000.0)) == [(2, "sports_area", "amount_missing", None, None)]
    # A column that no school has may not be asked for; enrolment always is, and is told once.
    assert told(sports_area=[None] * 10) == []
    assert told(pupils_primary=[None] * 10) == [(2, "pupils_primary", "enrolment_of_none", None, None)]
    # By stage or for the whole school, as it is reported.
    staged = {"backbone_teachers_primary": one(None, 6), "backbone_teachers": one(None, None)}
    assert told(**staged) == [(2, "backbone_teachers", "amount_missing", None, None)]
    assert told(**staged | {"backbone_teachers": one(6, None)}) == []


def test_what_is_set_aside_is_not_missing() -> None:
    rows = made(sports_area=one(None, 4000.0)).drop("aside")
    notice = {"table": "schools", "file": "f", "sheet": "", "row": 2, "column": "sports_area", "rule": "negative_value"}
    marked = values.marked(rows, pl.DataFrame([notice], schema=NOTICES), "schools")
    assert plausible.find({"schools": marked}).is_empty()


def items(*rows: list[Any]) -> list[tuple[Any, ...]]:
    folder = rows[0][0]
    text(folder / COUNTY / "government_2024.csv", [["指标代码", "数值"], *rows[1:]])
    found = cleaned(folder)
    assert found.government.height == len(rows) - 1  # nothing is taken away
    return found.notices.filter(rule="likely_percent").select("row", "column", "before", "after").rows()


def test_an_item_that_is_a_share_can_not_be_above_one(tmp_path: Path) -> None:
    given = (
        ["nearest_junior", 96.3],
        ["migrant_places", 0.872],
        ["nearest_primary", 1],
        ["special_school_funding", 8335],
    )
    assert items([tmp_path], *map(list, given)) == [(2, "value", "96.3", "0.963")]
    assert items([tmp_path], ["nearest_junior", "96.3%"]) == []
    assert items([tmp_path], ["nearest_junior", 963]) == [(2, "value", "963", None)]


def test_in_a_whole_county_it_is_told_and_kept(tmp_path: Path) -> None:
    header = ["学校代码", "学校名称", "办学类型", "在校学生数/小学", "教学仪器设备值（元）"]
    rows: Rows = [
        header,
        ["9901010001", "第一小学", "小学", 760, 157.94],
        ["9901010002", "第二小学", "小学", None, 2e6],
    ]
    text(tmp_path / COUNTY / "schools_2024.csv", rows)
    records = cleaned(tmp_path)
    assert records.schools["equipment_value"].to_list() == [157.94, 2e6]
    found = records.notices.filter(pl.col("rule") != "unregistered").select("row", "column", "rule", "before", "after")
    assert found.rows() == [
        (2, "equipment_value", "likely_ten_thousands", "157.94", "1579400"),
        (3, "pupils_primary", "enrolment_missing", None, None),
    ]
    for one_ in found.iter_rows(named=True):
        for lang in ("zh", "en"):
            assert checks()[one_["rule"]].sentence(lang, column="x", before=one_["before"], after=one_["after"])


def test_bounds_lie_around_what_the_framework_asks() -> None:
    floors = {"teaching_area": (4.5, 5.8), "sports_area": (7.5, 10.2), "equipment_value": (2000, 2500)}
    floors |= {"multimedia_rooms": (0.023, 0.024)}
    for amount in amounts():
        assert 0 < amount.least < amount.most
        for floor in floors.get(amount.column, ()):
            assert amount.least * 10 <= floor <= amount.most / 10


@pytest.mark.parametrize(("pupils", "found"), [(99, False), (100, True)])
def test_an_amount_of_nothing_at_a_school_of_many_is_told(pupils: int, found: bool) -> None:
    rows = told(pupils_primary=one(pupils, 500), books=one(0, 15_000))
    assert rows == ([(2, "books", "nothing_unlikely", "0", str(pupils))] if found else [])
    assert told(pupils_primary=one(pupils, 500), backbone_teachers=one(0, 3)) == []  # a school may have none


def test_an_amount_of_nothing_at_a_special_school_is_not_told() -> None:
    assert told(school_type=one("special", "primary"), books=one(0, 15_000)) == []


@pytest.mark.parametrize(("pupils", "found"), [(10_000, False), (10_001, True), (30_900, True)])
def test_an_enrolment_that_no_school_has_is_told(pupils: int, found: bool, tmp_path: Path) -> None:
    header = ["学校代码", "学校名称", "办学类型", "在校学生数/小学"]
    records = schools(tmp_path, [header, ["9901010001", "第一小学", "小学", pupils]])
    said = records.notices.filter(rule="enrolment_unlikely").select("row", "column", "before").rows()
    assert said == ([(2, "pupils_primary", str(pupils))] if found else [])
    assert records.schools["pupils_primary"].to_list() == [pupils]


@pytest.mark.parametrize(("number", "rows"), [(500, 500), (501, 1)])
def test_of_too_many_such_enrolments_the_first_is_told(number: int, rows: int) -> None:
    crowded = many(0, 1000).with_columns(pupils_primary=pl.when(pl.col("row") < number + 2).then(20_000))
    found = plausible.find({"schools": crowded}).filter(rule="enrolment_unlikely")
    assert found["row"].to_list() == list(range(2, rows + 2))


@pytest.mark.parametrize(
    ("column", "usual", "most"),
    [("advanced_degree_teachers", 21, 150), ("backbone_teachers_primary", 5, 40), ("pe_arts_teachers_primary", 5, 30)],
)
def test_teachers_of_a_kind_are_held_against_the_pupils(column: str, usual: int, most: int) -> None:
    assert told(**{column: one(most, usual)}) == []
    assert told(**{column: one(most + 1, usual)})[0][:2] == (2, column)
    assert told(**{column: one(usual * 10, usual)}) == [(2, column, "likely_zero_more", str(usual * 10), str(usual))]
    assert told(**{column: one(0, usual)}) == []  # none, or too few, is what the school has
    assert told(**{column: one(1, usual)}) == []
    small = {"pupils_primary": one(299, 500), "classes_primary": one(8, 12)}
    assert told(**small, **{column: one(most, usual)}) == []
