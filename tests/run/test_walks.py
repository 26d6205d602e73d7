"""Notebooks that walk a researcher through a figure come to what the report says, for any county and parameters."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import pytest

from analysis import project
from analysis.errors import RequestError
from analysis.tell import open_report
from analysis.tell.documents.what_if import changed
from tests.tell.conftest import school, small

mpl.use("Agg")


def walk(name: str, processed: Path, **parameters: Any) -> dict[str, Any]:
    """Execute a notebook's cells with `parameters` in place of its own; return what they leave."""
    notebook = nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4)
    left: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source.replace("year)\nreport.front()", f"year, processed={str(processed)!r})"), left)
            if "parameters" in cell.metadata.get("tags", []):
                left |= parameters
    return left


def cell(name: str, id: str) -> str:
    notebook = nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4)
    return next(str(one.source) for one in notebook.cells if one.id == id)


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processed")


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("county", "stage", "indicator"),
    [
        ("990101", "junior", "sports_area"),
        ("990101", "primary", "backbone_teachers"),
        ("990102", "primary", "teaching_area"),
    ],
)
def test_a_coefficient_is_the_reports(processed: Path, county: str, stage: str, indicator: str) -> None:
    left = walk("walk_coefficient", processed, county=county, stage=stage, indicator=indicator)
    assert left["finding"]["item"] == f"cv_{indicator}"
    assert left["coefficient"] == pytest.approx(left["finding"]["value"], abs=1e-12)
    left["coefficient"] += 1e-6
    with pytest.raises(AssertionError, match="not the coefficient"):
        exec(cell("walk_coefficient", "checked"), left)


@pytest.mark.parametrize(("subject", "grade"), [("mathematics", 8), ("chinese", 4)])
def test_a_rate_is_the_reports(processed: Path, subject: str, grade: int) -> None:
    left = walk("walk_rate", processed, subject=subject, grade=grade)
    assert left["rate"] == pytest.approx(left["finding"]["value"], abs=1e-6)
    assert left["low"] < left["rate"] < left["high"]
    left["rate"] += 1e-4
    with pytest.raises(AssertionError, match="not the rate"):
        exec(cell("walk_rate", "checked"), left)


def test_a_school_that_reaches_its_floor_lowers_the_coefficient(processed: Path) -> None:
    left = walk("what_if", processed)
    after = left["after"].frame("findings").set_index("id")["verdict"]
    floor = f"resources.floor_sports_area.{left['asked']['stage'].iloc[0]}.{left['school']}"
    assert after[floor] == "met"
    moved = left["moved"].set_index("id")
    assert floor in moved.index
    assert left["report"].frame("schools").equals(open_report("990101", processed=processed).frame("schools"))


def test_two_schools_made_alike_differ_no_more() -> None:
    # 1,500 and 750 m² for 100 pupils each: 15 and 7.5 each, mean 11.25, S 3.75, a coefficient of 1/3; then none.
    report = small([school("1"), school("2", sports_area=750.0)])
    id = "resources.cv_sports_area.primary"
    before, after = report.finding(id), changed(report, "2", sports_area=1500.0).finding(id)
    assert before
    assert after
    assert before.value == pytest.approx(1 / 3)
    assert after.value == pytest.approx(0)
    missing = changed(report, "2", sports_area=None).finding(id)
    assert missing
    assert missing.verdict != "met"


@pytest.mark.parametrize(("code", "column"), [("3", "sports_area"), ("2", "sports_areas")])
def test_what_is_not_there_is_said(code: str, column: str) -> None:
    with pytest.raises(RequestError, match=r"3.*1、2|sports_areas.*sports_area"):
        changed(small([school("1"), school("2")]), code, **{column: 1.0})
