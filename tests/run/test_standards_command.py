"""`junheng judge` and `junheng standards` as they are typed."""

import json
from pathlib import Path

import pytest

from analysis import cli
from tests.judge.test_published import PUBLISHED

Capsys = pytest.CaptureFixture[str]


def said(arguments: list[str], capsys: Capsys) -> tuple[int, str, str]:
    code = cli.main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_judge_prints_the_same_columns_in_each_form(tmp_path: Path, capsys: Capsys) -> None:
    file = tmp_path / "published.csv"
    file.write_text(PUBLISHED, encoding="gb18030")
    code, out, _ = said(["judge", str(file), "--standard", "national-2012", "--format", "json"], capsys)
    rows = json.loads(out)
    assert code == 0
    assert [round(row["composite"], 3) for row in rows] == [row["composite_published"] for row in rows]
    assert list(rows[0]) == [
        *("county", "stage", "verdict", "composite", "over", "missing"),
        *("statistic", "composite_published"),
    ]
    _, out, _ = said(["judge", str(file), "--standard", "national-2017", "--format", "csv"], capsys)
    lines = out.splitlines()
    assert lines[0].startswith("county,stage,verdict,composite,over,missing")
    assert lines[1].startswith(
        "合肥市庐阳区,primary,not_met,,teaching_area;sports_area;equipment_value,advanced_degree"
    )


def test_judge_tells_faults_in_one_line(tmp_path: Path, capsys: Capsys) -> None:
    file = tmp_path / "published.csv"
    file.write_text("county,stage,sports_area\n某县,primary,0.3\n\n某县,junior,x\n", encoding="utf-8")
    for arguments, word in [
        ([str(file), "--standard", "national-2017"], "x"),
        ([str(file), "--standard", "national-2071"], "national-2017"),
        ([str(tmp_path / "none.csv"), "--standard", "national-2017"], "none.csv"),
    ]:
        code, out, err = said(["judge", *arguments], capsys)
        assert (code, out) == (2, "")
        assert word in err
        assert len(err.strip().splitlines()) == 1


def test_standards_list_show_and_diff(capsys: Capsys) -> None:
    code, out, _ = said(["standards", "list", "--format", "json"], capsys)
    assert code == 0
    assert list(json.loads(out)[0]) == ["id", "name", "extends", "document", "from"]
    code, out, _ = said(["standards", "show", "plan-8", "--format", "json"], capsys)
    assert code == 0
    assert {"key": "items.nearest_junior.target.values", "value": "1"}.items() <= next(
        row for row in json.loads(out) if row["key"] == "items.nearest_junior.target.values"
    ).items()
    code, out, _ = said(["standards", "diff", "national-2017", "plan-8", "--format", "csv"], capsys)
    assert code == 0
    assert "items.nearest_junior.target.values" in out


def test_standards_check_and_new(tmp_path: Path, capsys: Capsys) -> None:
    code, out, _ = said(["standards", "new"], capsys)
    assert code == 0
    file = tmp_path / "mine.yml"
    file.write_text(out, encoding="utf-8")
    code, told, _ = said(["standards", "check", str(file)], capsys)
    assert (code, len(told.strip().splitlines())) == (0, 1)
    file.write_text(out + "colour: red\nrecognition: {groups: 3}\n", encoding="utf-8")
    code, told, _ = said(["standards", "check", str(file), "--format", "json"], capsys)
    assert code == 1
    assert {"colour", "recognition.groups"} <= {row["key"] for row in json.loads(told)}
    assert said(["standards", "check", "none"], capsys)[0] == 2
