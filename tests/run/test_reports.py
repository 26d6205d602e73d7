"""Many counties: which are chosen, what is left, what is built, and what is said of each."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis import sources
from analysis.errors import RequestError
from analysis.run import request
from analysis.run.build import site
from analysis.run.build.report import Outcome
from analysis.run.commands import reports
from analysis.run.processes import forkserver
from analysis.run.processes.row import Row, processors


def codes(raw: Path, text: str) -> list[str]:
    return [county.code for county in reports.chosen(sources.load(raw), text)]


@pytest.mark.parametrize("text", ["", "all", " all "])
def test_all_are_those_with_school_rows(raw: Path, text: str) -> None:
    assert codes(raw, text) == ["990101", "990102"]


def test_counties_are_named_between_commas_each_once(raw: Path) -> None:
    assert codes(raw, "青山区, 990101，qingshan") == ["990102", "990101"]


@pytest.mark.parametrize("text", ["990101,nowhere", "青", ",", "， ,"])
def test_one_unknown_county_is_a_wrong_request(raw: Path, text: str) -> None:
    with pytest.raises(RequestError):
        codes(raw, text)


def test_no_county_at_all_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=tmp_path.name):
        codes(tmp_path, "all")


def test_jobs_are_a_positive_number() -> None:
    assert reports.jobs_of("3") == 3
    assert reports.jobs_of("") is None
    assert processors() >= 1
    for text in ("0", "-1", "two", "1.5", "²", "9" * 5000):
        with pytest.raises(RequestError):
            reports.jobs_of(text)


def test_a_table_tells_what_became_of_each_county_and_the_code_tells_failure(
    raw: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build_all(counties: list[sources.County], *words: Callable[[Row], None]) -> None:
        tick = words[-2]
        tick(Row(counties[1], "failed", 1.0, "a broken workbook"))
        tick(Row(counties[0], "built", 2.0))

    monkeypatch.setattr(reports, "build_all", build_all)
    monkeypatch.setenv("REPORT_LANG", "en")
    monkeypatch.setattr(site, "update", lambda out, lang, audience: out / lang / audience)
    assert reports.run("all", "", "", {"data": str(raw), "lang": "zh"}) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["990101", "990102"]
    assert "built" in lines[1]
    assert "a broken workbook" in lines[2]
    assert lines[-3].startswith("1 built, 0 unchanged, 1 failed")
    assert "Wushu County(990103)" in lines[-2]
    assert lines[-1].endswith("zh/internal")


def test_a_year_that_a_county_lacks_fails_that_county_alone(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (raw / "990102" / "schools_2022.csv").unlink()
    monkeypatch.setattr(forkserver, "possible", lambda: False)
    monkeypatch.setattr(reports, "build", lambda asked: Outcome(asked.folder, (), "built", 0.0, ""))
    asked = request.options(data=str(raw))
    rows: list[Row] = []
    reports.build_all(reports.chosen(asked.catalogue, "all"), "2022", asked, {}, 1, rows.append)
    assert [(row.county.code, row.state) for row in rows] == [("990102", "failed"), ("990101", "built")]
    assert "2024" in rows[0].reason


def test_without_a_report_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=tmp_path.name):
        site.run("", "", str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_without_fork_as_many_as_asked_are_built_at_once(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=10)

    def build(asked: request.Request) -> Outcome:
        both.wait()  # passes only when two are here at once
        return Outcome(asked.folder, (), "built", 0.0, "")

    monkeypatch.setattr(forkserver, "possible", lambda: False)
    monkeypatch.setattr(reports, "build", build)
    asked = request.options(data=str(raw))
    rows: list[Row] = []
    reports.build_all(reports.chosen(asked.catalogue, "all"), "", asked, {}, 2, rows.append)
    assert {(row.county.code, row.state) for row in rows} == {("990101", "built"), ("990102", "built")}


class Opening:
    """A pool that only notes which counties it is asked to clean and judge together."""

    def __init__(self) -> None:
        self.opened: list[list[str]] = []

    def open(self, counties: list[str]) -> None:
        self.opened.append(list(counties))


def asked_for(raw: Path, number: int) -> list[request.Request]:
    one = request.resolve("990101", data=str(raw))
    return [replace(one, county=replace(one.county, code=str(code))) for code in range(990101, 990101 + number)]


@pytest.mark.parametrize(
    ("number", "jobs", "sizes"), [(1, 2, [1]), (5, 2, [3, 2]), (40, 2, [16, 16, 8]), (3, 4, [1, 1, 1])]
)
def test_each_job_has_a_batch_and_none_is_too_large(raw: Path, number: int, jobs: int, sizes: list[int]) -> None:
    asked = asked_for(raw, number)
    batches = [reports._Batch(some) for some in reports.batched(asked, jobs)]
    assert [len(batch.requests) for batch in batches] == sizes
    turns = [one.county.code for one in reports._in_turns(batches, jobs)]
    assert sorted(turns) == [one.county.code for one in asked]
    if number == 5:
        assert turns == ["990101", "990104", "990102", "990105", "990103"]


def test_a_batch_is_opened_once_by_whoever_comes_first(raw: Path) -> None:
    pool: Any = Opening()
    batch, alone = (reports._Batch(asked_for(raw, number)) for number in (3, 1))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: batch.open(pool), range(8)))
    alone.open(pool)  # of a single county its own report takes care
    assert pool.opened == [["990101", "990102", "990103"]]


def test_a_report_that_is_open_elsewhere_fails_with_the_name_of_its_file(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(asked: request.Request) -> Outcome:
        raise PermissionError(13, "Access is denied", ".report.docx.7", 5, "990101/report.docx")

    monkeypatch.setattr(reports, "build", build)
    row = reports._here(request.resolve("990101", data=str(raw)))
    assert row.state == "failed"
    assert "990101/report.docx" in row.reason
    assert "WPS" in row.reason


def test_no_counties_are_no_batch() -> None:
    assert reports.batched([], 2) == []
