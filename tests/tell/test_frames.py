"""Frames of pandas for a researcher: types that keep what is missing, names, and what the public may not have."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analysis.errors import RequestError
from analysis.tell import Report
from analysis.tell.documents import frames

from .conftest import school, small

ROOT = Path(__file__).parents[2]


def test_missing_stays_missing_in_every_type() -> None:
    given = pl.DataFrame(
        {"count": [1, None], "share": [0.5, None], "code": ["a", None], "set": [True, None], "which": [["a"], []]},
        schema_overrides={"count": pl.Int32},
    )
    made = frames.of_polars(given)
    assert [str(kind) for kind in made.dtypes] == ["Int64", "float64", "str", "boolean", "object"]
    assert made.isna().iloc[1].tolist() == [True, True, True, True, False]
    assert made.iloc[0].tolist() == [1, 0.5, "a", True, ["a"]]


def test_a_frame_without_rows_keeps_its_columns() -> None:
    made = frames.of_polars(pl.DataFrame(schema={"count": pl.Int64, "code": pl.String}))
    assert [str(kind) for kind in made.dtypes] == ["Int64", "str"]


@pytest.mark.parametrize("name", ["schools", "classes", "scores", "notices", "stages", "measurements", "findings"])
def test_a_frame_says_what_the_report_rests_on(name: str) -> None:
    report = small([school("1"), school("2", pupils=300, sports_area=None)])
    given = report.records.frames() | {each: getattr(report, each) for each in frames.OF_CASE}
    made = report.frame(name)
    assert list(made.columns) == [column for column in given[name].columns if (name, column) != ("scores", "pupil")]
    assert len(made) == given[name].height


def test_a_missing_amount_is_no_zero() -> None:
    made = small([school("1"), school("2", sports_area=None)]).frame("schools").set_index("school")
    assert made.loc["1", "sports_area"] == 1500
    assert made["sports_area"].isna().to_dict() == {"1": False, "2": True}


def test_a_name_that_there_is_not_is_one_line_with_those_that_there_are() -> None:
    with pytest.raises(RequestError, match=r"school_rows.*schools.*findings"):
        small([school("1")]).frame("school_rows")


def test_the_public_gets_findings_alone(sample: Callable[..., Report]) -> None:
    report = sample("990101", audience="public")
    assert len(report.frame("measurements")) == report.measurements.height
    for name in ("schools", "scores", "stages"):
        with pytest.raises(RequestError, match="findings"):
            report.frame(name)


def test_a_report_by_itself_imports_no_pandas() -> None:
    code = "import sys, analysis.tell.documents.county, analysis.run.build.report; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
