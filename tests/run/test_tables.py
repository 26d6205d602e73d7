"""Results and workbook are written where the cells were executed, by the report that they have left, or else here."""

import contextlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from analysis.errors import DataError
from analysis.run.build import line, tables
from analysis.run.build.cell_client import Child
from analysis.run.build.execute import NotebookError
from analysis.tell import Report, open_report

NOTEBOOK = Path("county_report.ipynb")


class Executed:
    """A child that has executed a notebook which left these names."""

    def __init__(self, **names: object) -> None:
        self.names = names

    def run(self, source: str, seconds: int | None) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(source, dict(self.names))
        except Exception as fault:  # noqa: BLE001 - a cell's, whatever it is
            return [], {"status": "error", "ename": type(fault).__name__, "evalue": str(fault)}
        return [{"msg_type": "stream", "content": {"text": said.getvalue()}}], {"status": "ok"}


@pytest.fixture(scope="module")
def report() -> Report:
    return open_report("990102", 2024)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    seen: list[Report] = []
    monkeypatch.setattr(tables, "write", lambda report, formats, work: seen.append(report))
    return seen


def there(child: Executed, report: Report, work: Path) -> None:
    tables.write_there(cast("Child", child), NOTEBOOK, report, ("html", "xlsx"), work)


def test_the_report_that_the_cells_left_is_written_and_no_other(
    report: Report, written: list[Report], tmp_path: Path
) -> None:
    own = replace(report)
    there(Executed(report=own), report, tmp_path)
    assert [each is own for each in written] == [True]


@pytest.mark.parametrize(
    "other", [{"status": "draft"}, {"lang": "en"}, {"year": 2023}, {"plan": "plan-1"}, {"date": "2025-01-15"}]
)
def test_a_report_of_something_else_is_not_written(
    report: Report, written: list[Report], tmp_path: Path, other: dict[str, Any]
) -> None:
    there(Executed(report=replace(report, **other)), report, tmp_path)
    assert [each is report for each in written] == [True]


@pytest.mark.parametrize("left", [{}, {"report": 1}])
def test_cells_that_leave_no_report_leave_it_to_this_process(
    report: Report, written: list[Report], tmp_path: Path, left: dict[str, object]
) -> None:
    there(Executed(**left), report, tmp_path)
    assert [each is report for each in written] == [True]


def test_a_fault_there_is_told_in_its_line(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise fault

    monkeypatch.setattr(tables, "write", fails)
    fault: Exception = DataError("told", line="a.xlsx: 1")
    with pytest.raises(DataError, match=r"^a\.xlsx: 1$"):
        there(Executed(report=report), report, tmp_path)
    fault = ValueError("why")
    with pytest.raises(NotebookError, match=r"county_report\.ipynb.*ValueError: why"):
        there(Executed(report=report), report, tmp_path)


def test_a_child_that_ends_or_takes_too_long_is_told(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(line.ADDRESS, raising=False)

    class Gone:
        def __init__(self, fault: Exception) -> None:
            self.fault = fault

        def run(self, *_: object) -> None:
            raise self.fault

    for fault, said in ((ConnectionResetError(), "county_report.ipynb"), (TimeoutError(), "600")):
        with pytest.raises(NotebookError, match=said):
            tables.write_there(cast("Child", Gone(fault)), NOTEBOOK, report, (), tmp_path)
