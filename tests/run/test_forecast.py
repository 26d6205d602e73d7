"""What the years to come may bring, asked at a terminal."""

import csv
import io
import json
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.forecast.rows import ROWS
from tests.tell.conftest import ROOT

COUNTY = "990102"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with one county of the sample."""
    import shutil

    raw, folder = ROOT / "data" / "raw", tmp_path_factory.mktemp("forecast") / "raw"
    folder.mkdir()
    shutil.copytree(raw / COUNTY, folder / COUNTY)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        (folder / name).write_bytes((raw / name).read_bytes())
    return folder


def test_rows_are_the_same_in_every_format(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["forecast", COUNTY, "--by", "2026", "--plan", "plan-3", "--data", str(data)]
    assert main([*words, "--format", "json"]) == 0
    said = capsys.readouterr()
    rows = json.loads(said.out)
    assert all(list(row) == list(ROWS) for row in rows)
    assert {row["what"] for row in rows} >= {"enrolment", "value", "indicator", "milestone"}
    assert {row["year"] for row in rows} == {2025, 2026}
    assert "真实数据" in said.err
    assert main([*words, "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [line["finding"] for line in lines] == [row["finding"] or "" for row in rows]


def test_a_scenario_is_a_file_of_one_kind_or_the_other(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    yml, table = tmp_path / "fall.yml", tmp_path / "fall.csv"
    yml.write_text("enrolment: [{stage: primary, change: -40%}]\n", encoding="utf-8")
    table.write_text("学段,城乡类型,乡镇（街道）,学生数变化\n小学,,,-40%\n", encoding="utf-8")
    found = []
    for path in (yml, table):
        words = ["forecast", COUNTY, "--by", "2025", "--scenario", str(path), "--data", str(data), "--format", "json"]
        assert main(words) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]
    row = next(row for row in found[0] if row["what"] == "enrolment")
    assert row["value"] == pytest.approx(0.6 * row["now"])


@pytest.mark.parametrize("by", ["2024", "2055", "soon"])
def test_a_year_that_is_none_to_come_is_refused(data: Path, by: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", COUNTY, "--by", by, "--data", str(data)]) == 2
    assert "BY" in capsys.readouterr().err


def test_what_can_not_be_foretold_is_told_in_a_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", "340103"]) == 2
    assert "公布" in capsys.readouterr().err
    assert main(["forecast", COUNTY, "--scenario", "no.yml", "--data", str(data)]) == 2
    assert "no.yml" in capsys.readouterr().err
