"""A report of the sample, read a second time: every number in it is explained, in every format."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import cli
from analysis.project import raw
from analysis.render import annex, results
from analysis.run.build.titles import meta
from analysis.tell import open_report
from verification.__main__ import main, told
from verification.checked import told as told_files
from verification.checked.figures import FIGURES
from verification.checked.kinds import Kind
from verification.places import here
from verification.printed import html
from verification.run import DOCUMENTS, check, opened
from verification.words import Words
from verification.worked.case import Case

from .conftest import STANDARDS


def test_every_number_of_a_report_is_explained(report: Path, worked: Case) -> None:
    found = check(report, worked)
    assert found.documents == DOCUMENTS
    assert found.record.faults == []
    for name in DOCUMENTS:
        assert all(found.record.counts[name, kind.value] for kind in Kind), name


def test_the_command_prints_a_line_for_each_document(
    report: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / report.parent.name / report.name
    folder.mkdir(parents=True)
    for name in DOCUMENTS[:2]:
        shutil.copy(report / name, folder)
    assert cli.main(["verify", "990101", "--out", str(tmp_path)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == list(DOCUMENTS[:2])
    assert lines[-1].split()[-2:] == ["0", "0"]


def test_what_is_wrong_is_told_with_its_place(report: Path, worked: Case, tmp_path: Path) -> None:
    said = json.loads((report / "results.json").read_text(encoding="utf-8"))
    row = next(one for one in said["coefficients"] if one["year"] == 2024)
    row["schools"] -= 1
    (tmp_path / "results.json").write_text(json.dumps(said), encoding="utf-8")
    found = check(tmp_path, worked)
    assert len(found.record.faults) == 1
    lines = told(found.documents, found.record, "en").splitlines()
    place = f"results.json, coefficients {row['stage']} {row['indicator']} 2024 schools: "
    assert lines[-1] == f"{place}prints “{row['schools']}”, should be “{row['schools'] + 1}”"


@pytest.mark.parametrize("name", ["annex.xlsx", "report.pdf", "report.docx"])
def test_a_document_that_is_damaged_is_a_fault_of_its_own(
    name: str, report: Path, worked: Case, tmp_path: Path
) -> None:
    shutil.copy(report / "report.html", tmp_path)
    content = (report / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    (fault,) = check(tmp_path, worked, only=name).record.faults
    assert (fault.document, fault.place) == (name, name)


def test_results_that_are_no_json_are_a_fault_of_their_own(report: Path, worked: Case, tmp_path: Path) -> None:
    said = (report / "results.json").read_text(encoding="utf-8")
    (tmp_path / "results.json").write_text(said.replace('"year": 2024', '"year": 0024', 1), encoding="utf-8")
    (fault,) = check(tmp_path, worked).record.faults
    assert (fault.document, fault.place) == ("results.json", "results.json")


def test_results_that_are_damaged_are_told_in_one_line(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results.json").write_bytes((report / "results.json").read_bytes()[:5000])
    assert main([str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_county_without_a_report_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "990101", "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_folder_without_results_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_labels_of_figures_are_among_them(report: Path) -> None:
    figures = html.read(report / "report.html").figures()
    assert {name.removeprefix("label ") for name in figures} == set(FIGURES)
    assert "差异系数0.47" in [block.text for block in figures["label fig-schools"]]


@pytest.mark.slow
def test_coefficients_that_are_judged_together_are_read_too(tmp_path: Path) -> None:
    """Results, workbook and page of the framework of 2012."""
    words = ["--standard", "national-2012", "--formats", "html,xlsx", "--out", str(tmp_path)]
    assert cli.main(["report", "990101", *words]) == 0
    (told_at,) = tmp_path.rglob("results.json")
    found = check(told_at.parent, opened(told_at.parent, raw(), STANDARDS))
    assert found.documents == DOCUMENTS[:3]
    assert found.record.faults == []


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", [["--audience", "public"], ["--standard", "national-2012"]], ids=["public", "2012"])
def test_editions_are_explained_in_both_languages(words: list[str], lang: str, tmp_path: Path) -> None:
    assert cli.main(["report", "990101", *words, "--lang", lang, "--out", str(tmp_path)]) == 0
    (told_at,) = tmp_path.rglob("results.json")
    found = check(told_at.parent, opened(told_at.parent, raw(), STANDARDS))
    assert found.documents == DOCUMENTS
    assert found.record.faults == []


@pytest.mark.slow
def test_a_district_says_so_in_results_and_workbook(tmp_path: Path) -> None:
    """青溪新区 calls itself 本区 in every sheet, and has a predecessor."""
    report = open_report("990110", processed=tmp_path / "processed")
    results.write(report, tmp_path / "results.json")
    annex.write(report, tmp_path / "annex.xlsx", meta(report))
    found = check(tmp_path, opened(tmp_path, raw(), STANDARDS))
    assert found.documents == DOCUMENTS[:2]
    assert found.record.faults == []


@pytest.mark.parametrize(
    ("text", "name", "lang", "said"),
    [
        ("本县和全县", "青溪新区", "zh", "本区和全区"),
        ("全县区的", "青溪新区", "zh", "全县区的"),
        ("本县", "青溪县", "zh", "本县"),
        ("the county and This county", "云川市", "en", "the city and This city"),
        ("the county-level", "青溪新区", "en", "the county-level"),
    ],
)
def test_what_a_county_calls_itself(text: str, name: str, lang: str, said: str) -> None:
    assert here(text, name, lang) == said


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", [f"9901{number:02}" for number in range(2, 11)])
def test_every_county_of_the_sample_is_explained(county: str, lang: str, tmp_path: Path) -> None:
    assert cli.main(["report", county, "--lang", lang, "--out", str(tmp_path)]) == 0
    (found,) = tmp_path.rglob("results.json")
    assert check(found.parent, opened(found.parent, raw(), STANDARDS)).record.faults == []


def test_the_public_reads_codes_and_tables_in_place_of_names(worked: Case) -> None:
    words = Words(replace(worked, audience="public"))
    assert words.school("9901010041") == "学校9901010041"
    assert words.id("school", "学校9901010041") == "9901010041"
    name = worked.name("9901010041")
    assert words.coded(f"{name}的材料") == "学校9901010041的材料"
    assert Words(worked).coded(name) == name
    assert told_files.title(words, "990101/schools_2024.xlsx") == "义务教育学校基本情况统计表"
    assert told_files.title(Words(worked), "990101/schools_2024.xlsx") == "青溪县2024年义务教育学校基本情况统计表"
