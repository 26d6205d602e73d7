"""What changed between two drafts: rows a person can check, the order in which they are told, and one-line faults."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis import cli
from analysis.errors import RequestError
from analysis.run.build import placing, stale
from analysis.run.commands import diff
from analysis.run.commands.show import Format
from analysis.run.request import Request, resolve

FINDING = {
    "id": "", "county": "990101", "year": 2024, "field": "resources", "item": "", "stage": None, "subject": None,
    "grade": None, "school": None, "data_year": 2024, "value": None, "target": None, "margin": None, "verdict": "met",
    "reason": "", "evidence": "",
}  # fmt: skip


def finding(id: str, item: str, **differs: Any) -> dict[str, Any]:
    return FINDING | {"id": id, "item": item} | differs


@pytest.fixture
def draft() -> dict[str, Any]:
    """Results of a county, as small as they can be."""
    school = {"stage": "primary", "school": "9901010003"}
    return {
        "county": "990101",
        "year": 2024,
        "standard": "national-2017",
        "plan": None,
        "audience": "internal",
        "lang": "zh",
        "findings": [
            finding("overall.all", "all", field="overall", verdict="no_data"),
            finding("resources.floor_sports_area.primary.9901010003", "floor_sports_area", value=7.5, **school),
            finding("resources.cv_sports_area.primary", "cv_sports_area", stage="primary", value=0.5, target=0.5),
            finding("quality.rate.mathematics.8", "rate", field="quality", subject="mathematics", grade=8, value=0.1),
        ],
        "coefficients": [
            {"stage": "primary", "indicator": "sports_area", "year": 2024, "schools": 9, "mean": 8.0, "cv": 0.5,
             "limit": 0.5, "verdict": "met"},
        ],
        "rates": [
            {"kind": "national", "subject": "mathematics", "grade": 8, "rate": 0.1, "ci_low": None, "ci_high": None,
             "p_below": None},
        ],
        "data_quality": {"read": 10, "kept": 10, "quarantined": 0, "other": 0, "quarantine_rules": {}, "notices": {}},
        "sources": [{"file": "990101/schools_2024.xlsx", "title": "学校统计表", "sha256": "aa" * 32}],
        "versions": {"polars": "1"},
    }  # fmt: skip


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, ...]]:
    return diff.differences(before, after).select("kind", "id", "before", "after", "change").rows()


def test_a_draft_differs_in_nothing_from_itself(draft: dict[str, Any]) -> None:
    assert told(draft, copy.deepcopy(draft)) == []


def test_each_kind_of_change_is_one_row_verdicts_first_sources_late(draft: dict[str, Any]) -> None:
    later = copy.deepcopy(draft)
    later["findings"][2] |= {"value": 0.53, "verdict": "not_met", "target": 0.51, "reason": "x"}
    later["findings"][0]["verdict"] = "not_met"
    later["findings"][3]["id"] = "quality.rate.mathematics.4"
    later["coefficients"][0]["mean"] = 8.25
    later["rates"][0]["rate"] = 0.125
    later["data_quality"] |= {"kept": 9, "quarantined": 1, "quarantine_rules": {"negative": 1}}
    later["sources"] = [{"file": "990101/schools_2024.csv", "title": "学校统计表", "sha256": "bb" * 32}]
    later["plan"], later["versions"]["polars"] = "plan-3", "2"
    assert told(draft, later) == [
        ("verdict", "overall.all", "no_data", "not_met", None),
        ("verdict", "resources.cv_sports_area.primary", "met", "not_met", None),
        ("appeared", "quality.rate.mathematics.4", None, "met", None),
        ("vanished", "quality.rate.mathematics.8", "met", None, None),
        ("value", "resources.cv_sports_area.primary", "0.5", "0.53", 0.03),
        ("target", "resources.cv_sports_area.primary", "0.5", "0.51", 0.01),
        ("reason", "resources.cv_sports_area.primary", None, "x", None),
        ("coefficient", "coefficients.sports_area.primary.2024.mean", "8.0", "8.25", 0.25),
        ("rate", "rates.national.mathematics.8.rate", "0.1", "0.125", 0.025),
        ("report", "report.plan", None, "plan-3", None),
        ("data_quality", "data_quality.kept", "10", "9", -1.0),
        ("data_quality", "data_quality.quarantined", "0", "1", 1.0),
        ("data_quality", "data_quality.quarantine_rules.negative", None, "1", None),
        ("source", "source.990101/schools_2024.csv", None, "bb" * 32, None),
        ("source", "source.990101/schools_2024.xlsx", "aa" * 32, None, None),
        ("version", "version.polars", "1", "2", None),
    ]


# Twelve significant digits are judged, so twelve are compared: the thirteenth is noise of the computer.
@pytest.mark.parametrize(("value", "rows"), [(0.500000000001, 1), (0.5000000000001, 0), (0.5, 0), (0, 1), (None, 1)])
def test_numbers_are_compared_as_they_are_judged(draft: dict[str, Any], value: float | None, rows: int) -> None:
    later = copy.deepcopy(draft)
    later["findings"][2]["value"] = value
    assert len(told(draft, later)) == rows


def test_schools_come_after_the_county(draft: dict[str, Any]) -> None:
    later = copy.deepcopy(draft)
    for one in later["findings"]:
        one["verdict"] = "undecidable"
    assert [row[1] for row in told(draft, later)][-1] == "resources.floor_sports_area.primary.9901010003"


def test_names_say_what_stage_subject_grade_and_school(draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    later = copy.deepcopy(draft)
    for one in later["findings"]:
        one["verdict"] = "undecidable"
    said = dict(diff.differences(draft, later).select("id", "name").rows())
    assert said["overall.all"] == "总体结论"
    assert said["quality.rate.mathematics.8"].endswith("（数学，八年级）")
    assert said["resources.floor_sports_area.primary.9901010003"].endswith("（小学，学校9901010003）")
    monkeypatch.setenv("REPORT_LANG", "en")
    said = dict(diff.differences(draft, later).select("id", "name").rows())
    assert said["overall.all"] == "Overall"


def test_a_standard_whose_file_is_gone_leaves_ids(draft: dict[str, Any]) -> None:
    later = copy.deepcopy(draft) | {"standard": "gone.yml"}
    later["findings"][2]["value"] = 0.4
    assert diff.differences(draft, later)["name"].to_list() == ["cv_sports_area（小学）", "标准"]


def test_another_year_is_told_and_another_county_refused(draft: dict[str, Any]) -> None:
    assert told(draft, copy.deepcopy(draft) | {"year": 2023}) == [("report", "report.year", "2024", "2023", -1.0)]
    with pytest.raises(RequestError, match="990102"):
        diff.differences(draft, draft | {"county": "990102"})


def write(folder: Path, content: object, name: str = placing.RESULTS) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return str(folder)


def test_the_table_speaks_to_people_json_to_programs(draft: dict[str, Any], tmp_path: Path) -> None:
    later = copy.deepcopy(draft)
    later["findings"][0]["verdict"] = "met"
    later["findings"][2]["value"] = 0.5000001234
    a, b = write(tmp_path / "a", draft), write(tmp_path / "b", later)
    later["findings"][1]["value"], later["findings"][1]["verdict"] = 8.25, "met"
    lines = diff.run(a, write(tmp_path / "c", later), Format.TABLE, str(tmp_path / "none"), str(tmp_path)).splitlines()
    assert lines[1] == "● 总体结论：无数据 → 达到"
    later["findings"][2]["value"] = 0.46
    lines = diff.run(a, write(tmp_path / "d", later), Format.TABLE, str(tmp_path / "none"), str(tmp_path)).splitlines()
    at = next(number for number, line in enumerate(lines) if "生均体育运动场馆面积校际差异系数（小学）" in line)
    assert lines[at].endswith("0.50 → 达到 0.46")
    assert "有关学校：9901010003 达到 7.50 → 达到 8.25" in lines[at + 1]
    page = (tmp_path / "diff" / "990101-2024.html").read_text(encoding="utf-8")
    assert "达到 7.50 → 达到 8.25" in page
    later["findings"][1] = draft["findings"][1]
    rows = json.loads(diff.run(a, f"{b}/{placing.RESULTS}", Format.JSON))
    assert [row["kind"] for row in rows] == ["verdict", "value"]
    assert diff.run(a, b, Format.CSV).splitlines()[0] == ",".join(diff.COLUMNS)
    assert diff.run(a, a, Format.TABLE) == "没有变动。\n"
    drafted = draft | {"status": "draft", "date": None}
    table = diff.run(write(tmp_path / "e", drafted), write(tmp_path / "f", drafted | {"status": "final"}), Format.TABLE)
    assert "类别" in table
    assert re.search("稿本 +征求意见稿 +定稿", table)
    assert not re.search("kind|draft|final", table)
    assert json.loads(diff.run(a, a, Format.JSON)) == []


def test_one_folder_is_compared_with_what_it_replaced(draft: dict[str, Any], tmp_path: Path) -> None:
    later = copy.deepcopy(draft)
    later["findings"][0]["verdict"] = "met"
    folder = write(tmp_path / "a", later)
    with pytest.raises(RequestError, match="上一稿"):
        diff.run(folder, "", Format.TABLE)
    write(tmp_path / "a", draft, stale.PREVIOUS)
    assert [row["after"] for row in json.loads(diff.run(folder, "", Format.JSON))] == ["met"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"county": "990101"}', '{"county": 1, "findings": [{}]}'])
def test_what_is_no_results_file_is_one_line_and_exit_code_2(
    draft: dict[str, Any], content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "a", draft)
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    assert cli.main(["diff", good, str(tmp_path / "bad.json")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "bad.json" in said.err


@pytest.mark.parametrize("words", [[], ["nowhere"], ["."]])
def test_what_names_no_report_is_one_line(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["diff", *words]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def laid(request: Request, work: Path, text: str) -> None:
    work.mkdir(exist_ok=True)
    for name in request.files:
        (work / name).write_text(text, encoding="utf-8")
    placing.put(work, request, f"key {text}")


def test_results_that_differ_are_kept_one_generation(raw: Path, tmp_path: Path) -> None:
    request = resolve("990101", data=str(raw), out=str(tmp_path / "out"), formats="html")
    kept = request.folder / stale.PREVIOUS
    laid(request, tmp_path / "work", "first")
    laid(request, tmp_path / "work", "first")
    assert not kept.exists()
    for text, before in (("second", "first"), ("second", "first"), ("third", "second")):
        laid(request, tmp_path / "work", text)
        assert kept.read_text(encoding="utf-8") == before
    assert {path.name for path in request.folder.iterdir()} == {*request.files, stale.STATE, stale.PREVIOUS}
