"""How far 'met' can be trusted and what is to come, asked at a terminal; and field checks drawn by risk."""

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.errors import RequestError
from analysis.forecast.rows import ROWS
from analysis.read.fieldcheck import path_of, read
from analysis.run.commands.percent import part
from analysis.tell.documents.fieldcheck import open_fieldcheck
from tests.tell.conftest import ROOT

COUNTY, YEAR = "990102", 2024


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with one county of the sample, of its last year."""
    raw, folder = ROOT / "data" / "raw", tmp_path_factory.mktemp("fragile") / "raw"
    folder.mkdir()
    shutil.copytree(raw / COUNTY, folder / COUNTY)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        (folder / name).write_bytes((raw / name).read_bytes())
    return folder


@pytest.mark.parametrize("text", ["5%", "5 %", "５％", "0.05", "0.050", " 5% ", "5", "0,05", ".05"])
def test_a_part_is_read_alike_however_it_is_written(text: str) -> None:
    assert part("ERROR", text) == pytest.approx(0.05)


def test_nothing_asked_is_none_and_nothing_is_nothing() -> None:
    assert part("ERROR", " ") is None
    assert part("RESERVE", "0") == part("RESERVE", "0%") == 0
    assert part("ERROR", "1%") == 0.01


@pytest.mark.parametrize("text", ["1", "1.0", "100%", "150", "-5%", "five", "5%%", "nan", "1e-2"])
def test_what_is_no_part_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="ERROR"):
        part("ERROR", text)


def test_rows_are_the_same_in_every_format(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["fragile", COUNTY, "--error", "10 %", "--data", str(data)]
    assert main([*words, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert list(rows[0])[:6] == ["finding", "error", "least_low", "least_high", "schools", "visits"]
    by_id = {row["finding"]: row for row in rows}
    one = by_id["resources.schools.primary"]
    assert one["error"] == 0.1
    assert one["least_low"] == one["least_high"] == len(one["schools"]) == 1
    assert one["visits"] == len(one["alone"]) > 1
    assert one["schools"][0] in one["alone"]
    none = by_id["resources.cv_sports_area.primary"]
    assert (none["least_low"], none["schools"], none["visits"]) == (None, [], 0)
    assert by_id["overall.all"]["note"] == "parts_left_out"
    assert main([*words, "--format", "csv"]) == 0
    said = capsys.readouterr()
    lines = {row["finding"]: row for row in csv.DictReader(io.StringIO(said.out))}
    assert lines["resources.schools.primary"]["alone"] == ";".join(one["alone"])
    assert "未计入" in said.err


def test_what_can_not_be_asked_is_told_in_a_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fragile", COUNTY, "--error", "100%", "--data", str(data)]) == 2
    assert "ERROR" in capsys.readouterr().err
    assert main(["fragile", "340103"]) == 2
    assert "公布" in capsys.readouterr().err


def test_a_field_check_is_drawn_by_risk(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["fieldcheck", COUNTY, "--data", str(data), "--out", str(data.parent / "out"), "--risk", "5%"]
    assert main([*words, "--schools", "3"]) == 2
    assert "RISK" in capsys.readouterr().err
    assert main([*words[:-1], "0"]) == 2
    assert "没有学校" in capsys.readouterr().err
    assert main(words) == 0
    sheet = read(path_of(data, COUNTY, YEAR))
    assert sheet.error == 0.05
    drawn = set(sheet.schools)
    told = open_fieldcheck(COUNTY, data=data, processed=data.parent / "p")
    assert "各校按多报5%时" in told.chapter("fieldcheck_end").text
    assert "风险项最多" in replace(told, sheet=replace(sheet, error=None)).chapter("fieldcheck_end").text
    capsys.readouterr()
    assert main(["fragile", COUNTY, "--data", str(data), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert drawn == {school for row in rows for school in row["alone"]}


def test_what_is_foretold_is_the_same_in_every_format(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert "--by" in capsys.readouterr().err


@pytest.mark.parametrize(("entry", "says"), [("township: 无名镇", "无名镇"), ("by: 2024", "2024")])
def test_a_scenario_of_nowhere_or_of_the_past_is_refused(
    data: Path, tmp_path: Path, entry: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "fall.yml"
    path.write_text(f"enrolment: [{{stage: primary, change: -40%, {entry}}}]\n", encoding="utf-8")
    assert main(["forecast", COUNTY, "--scenario", str(path), "--data", str(data)]) == 2
    assert says in capsys.readouterr().err


def test_what_can_not_be_foretold_is_told_in_a_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", "340103"]) == 2
    assert "公布" in capsys.readouterr().err
    assert main(["forecast", COUNTY, "--scenario", "no.yml", "--data", str(data)]) == 2
    assert "no.yml" in capsys.readouterr().err
