"""Tables of published figures: which rows and columns count, and faults by their place."""

from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.errors import RequestError
from analysis.read.published import checked

STANDARD = standards.load("national-2012")


def frame(**columns: list[Any]) -> pl.DataFrame:
    whole = {"county": ["甲", "乙"], "stage": ["primary", "初中"], "books": ["0.5", " 0.25 "]}
    return pl.DataFrame({name: values for name, values in (whole | columns).items() if values})


def read(**columns: list[Any]) -> pl.DataFrame:
    return checked(frame(**columns), STANDARD, "f.csv")[0]


def test_stages_become_ids_and_figures_numbers() -> None:
    rows, present = checked(frame(stage=["小学", "junior secondary"], composite=["0.4", ""]), STANDARD, "f.csv")
    assert rows.select("county", "stage", "books", "composite").rows() == [
        ("甲", "primary", 0.5, 0.4), ("乙", "junior", 0.25, None)
    ]  # fmt: skip
    assert present == ["books"]


def test_the_composite_is_read_where_the_standard_has_one() -> None:
    columns = frame(books=[], sports_area=["0.5", "0.2"], composite=["x", "y"])
    rows, _ = checked(columns, standards.load("national-2017"), "f.csv")
    assert rows["composite"].to_list() == ["x", "y"]
    with pytest.raises(RequestError, match="composite"):
        checked(columns, STANDARD, "f.csv")


def test_rows_of_other_statistics_and_empty_lines_do_not_count() -> None:
    assert read(statistic=["mean", " cv "])["county"].to_list() == ["乙"]
    empty = {"county": ["甲", None, "乙"], "stage": ["primary", None, "junior"], "books": ["0.5", None, "0.2"]}
    assert read(**empty)["__row"].to_list() == [2, 4]


@pytest.mark.parametrize(
    ("columns", "key", "values"),
    [
        ({"county": []}, "published_columns", {"columns": "county"}),
        ({"stage": []}, "published_columns", {"columns": "stage"}),
        ({"books": []}, "published_indicators", {}),
        ({"stage": ["primary", "大学"]}, "published_stage", {"row": 3, "value": "大学"}),
        ({"books": ["0.5", "半"]}, "published_cell", {"row": 3, "column": "books", "value": "半"}),
        ({"books": ["-0.1", "0.2"]}, "published_cell", {"row": 2, "column": "books", "value": "-0.1"}),
        ({"books": ["0.5", "inf"]}, "published_cell", {"row": 3, "column": "books", "value": "inf"}),
    ],
)
def test_a_fault_is_told_by_its_place(columns: dict[str, list[Any]], key: str, values: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as fault:
        read(**columns)
    assert fault.value.key == key
    assert {name: fault.value.values[name] for name in values} == values


def test_what_is_missing_or_zero_is_no_fault() -> None:
    assert read(books=["0", ""])["books"].to_list() == [0, None]
    with pytest.raises(RequestError) as fault:
        checked(frame(books=["0.5", "x"]), STANDARD, "f.csv", 9)
    assert fault.value.values["row"] == 10
