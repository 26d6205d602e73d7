"""`junheng judge`: the figures that two real districts published, and faults of such a file."""

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from analysis import standards
from analysis.errors import RequestError
from analysis.judge.published import judge_published

#: Coefficients of the two districts as published (2012 framework), with their composites; rows `mean` left out.
PUBLISHED = """county,stage,statistic,teaching_area,sports_area,equipment_value,computers,books,teacher_pupil_ratio,above_qualification_teachers,senior_title_teachers,composite
合肥市庐阳区,primary,mean,3.042,4.424,1295.915,8.296,22.007,0.049,0.047,0.030,
合肥市庐阳区,primary,cv,0.881,1.299,0.977,0.379,0.170,0.334,0.286,0.408,0.592
合肥市庐阳区,junior,cv,0.353,0.784,0.146,0.491,0.037,0.226,0.223,0.253,0.314
合肥市蜀山区,primary,cv,0.711,0.649,0.472,0.338,0.235,0.274,0.260,0.396,0.417
合肥市蜀山区,junior,cv,0.505,0.484,0.325,0.275,0.199,0.715,0.421,1.021,0.493
"""  # noqa: E501


def frame(text: str = PUBLISHED) -> pl.DataFrame:
    return pl.read_csv(io.StringIO(text))


def judged(text: str = PUBLISHED, standard: str = "national-2012") -> list[dict[str, object]]:
    return judge_published(frame(text), standards.load(standard), "f.csv").to_dicts()


def test_published_composites_are_met_to_the_printed_digit() -> None:
    rows = judged()
    assert [f"{row['composite']:.3f}" for row in rows] == ["0.592", "0.314", "0.417", "0.493"]
    assert [row["composite_published"] for row in rows] == [0.592, 0.314, 0.417, 0.493]
    assert [row["verdict"] for row in rows] == ["met"] * 4
    assert all(row["over"] == row["missing"] == [] for row in rows)
    assert list(rows[0])[:6] == ["county", "stage", "verdict", "composite", "over", "missing"]


def test_the_same_districts_by_the_2017_standard() -> None:
    rows = judged(standard="national-2017")
    assert [row["verdict"] for row in rows] == ["not_met"] * 4
    assert [row["over"] for row in rows] == [
        ["teaching_area", "sports_area", "equipment_value"],
        ["sports_area"],
        ["teaching_area", "sports_area"],
        ["teaching_area", "sports_area"],
    ]
    absent = ["advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers", "multimedia_rooms"]
    assert rows[0]["missing"] == absent
    assert rows[0]["composite"] is None


def test_published_file(shared: Path) -> None:
    given = pl.read_csv(shared / "data" / "published_cv_anhui.csv")
    found = judge_published(given, standards.load("national-2012"), "published_cv_anhui.csv")
    published = found["composite_published"].to_list()
    assert [round(value, 3) for value in found["composite"]] == published


INDICATORS = list(standards.load("national-2017").indicators)


def one(*values: float | None, stage: str = "primary") -> dict[str, object]:
    cells = ",".join("" if value is None else str(value) for value in values)
    return judged(f"county,stage,{','.join(INDICATORS)}\n某县,{stage},{cells}\n", "national-2017")[0]


def test_limits_are_closed() -> None:
    assert one(*[0.5] * 7)["verdict"] == "met"
    assert one(*[0.5] * 6, 0.5001)["verdict"] == "not_met"
    assert one(*[0.5] * 6, 0.5001)["over"] == ["multimedia_rooms"]
    assert one(*[0.45] * 7, stage="junior")["verdict"] == "met"
    assert one(*[0.45] * 6, 0.4501, stage="初中")["verdict"] == "not_met"


def test_missing_is_no_data_unless_another_is_over() -> None:
    assert one(*[0.3] * 6, None)["verdict"] == "no_data"
    assert one(*[0.3] * 6, None)["missing"] == ["multimedia_rooms"]
    assert one(*[0.51] * 6, None)["verdict"] == "not_met"


def test_a_composite_with_a_missing_part_is_not_computed() -> None:
    text = "county,stage,teaching_area,sports_area\n某县,primary,0.9,0.9\n"
    row = judged(text)[0]
    assert (row["verdict"], row["composite"], len(row["missing"])) == ("no_data", None, 6)  # type: ignore[arg-type]


def test_before_the_standard_holds_there_is_no_verdict() -> None:
    text = f"county,stage,{','.join(INDICATORS)}\n某县,primary,{','.join(['0.9'] * 7)}\n"
    row = judge_published(frame(text), standards.load("national-2017"), "f.csv", date(2016, 1, 1)).to_dicts()[0]
    assert row["verdict"] == "not_applicable"


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("county,sports_area\n某县,0.3\n", "published_columns", "stage"),
        ("county,stage,area\n某县,primary,0.3\n", "published_indicators", "sports_area"),
        ("county,stage,sports_area\n某县,senior,0.3\n", "published_stage", "senior"),
        ("county,stage,sports_area\n某县,primary,0.3\n某县,junior,0.3x\n", "published_cell", "0.3x"),
        ("county,stage,sports_area\n某县,primary,-0.3\n", "published_cell", "-0.3"),
        ("county,stage,sports_area\n某县,primary,inf\n", "published_cell", "inf"),
    ],
)
def test_faults_of_a_file(text: str, key: str, told: str) -> None:
    with pytest.raises(RequestError, match=r"f\.csv") as error:
        judged(text, "national-2017")
    assert error.value.key == key
    assert told in str(error.value)
