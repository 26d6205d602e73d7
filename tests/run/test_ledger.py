"""The workbook of the ledger: written once, then only read, and merged into the report."""

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from analysis.cli import main
from analysis.errors import DataError
from analysis.read.ledger import columns, entries
from analysis.tell import open_report
from tests.tell.conftest import ROOT

COUNTY = "990101"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a raw folder with one county of the sample."""
    raw = ROOT / "data" / "raw"
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / COUNTY).symlink_to(raw / COUNTY)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        if (raw / name).is_file():
            (folder / name).write_bytes((raw / name).read_bytes())
    return folder


def test_it_is_written_once_then_read_and_merged(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "ledger" / f"{COUNTY}.xlsx"
    assert main(["ledger", COUNTY, "--data", str(data)]) == 0
    assert str(path) in capsys.readouterr().out
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    place = {name: position for position, name in enumerate(columns(), start=1)}
    first = page.cell(2, place["id"]).value
    page.cell(2, place["measure"]).value = "扩建运动场"
    page.cell(2, place["person"]).value = "张某"
    page.cell(3, place["id"]).value = "resources.floor_books.primary.nowhere"
    page.cell(3, place["measure"]).value = "购书"
    book.save(path)
    before = path.read_bytes()

    assert main(["ledger", COUNTY, "--data", str(data)]) == 0
    told = capsys.readouterr().out
    assert "resources.floor_books.primary.nowhere" in told
    assert told.count("\n") == 1
    assert path.read_bytes() == before

    report = open_report(COUNTY, data=data, processed=tmp_path / "processed")
    table = report.table("ledger")
    assert table is not None
    row = table.frame.row(by_predicate=pl.col("id") == first, named=True)
    assert (row["measure"], row["person"]) == ("扩建运动场", "张某")
    assert "nowhere" in report.chapter("problems").text


def test_a_file_that_is_no_workbook_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(DataError, match=r"x\.xlsx"):
        entries(path)


def test_without_a_workbook_nothing_is_filled_in(tmp_path: Path) -> None:
    assert entries(tmp_path / "none.xlsx").is_empty()
