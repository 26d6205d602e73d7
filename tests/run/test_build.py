"""One report end to end, on the sample province: what lies there, what is left alone, what a fault leaves behind."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from analysis import clean, project, render
from analysis.errors import DataError, JunhengError
from analysis.judge import cached
from analysis.render import results
from analysis.run.build import execute, manifest, stale
from analysis.run.build.progress import silent
from analysis.run.build.report import Outcome, _make, build, is_current
from analysis.run.commands import new
from analysis.run.request import FILES, Request, resolve
from analysis.tell.documents import opening

COUNTY, OTHER = "990106", "990107"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with raw statistics of two counties, and reports of the first beside it."""
    folder = tmp_path_factory.mktemp("build")
    (folder / "raw").mkdir()
    for name in ("sources.yml", "corrections.yml"):
        shutil.copy(project.raw() / name, folder / "raw" / name)
    lines = (folder / "raw" / "sources.yml").read_text(encoding="utf-8").splitlines()
    kept = [
        line for line in lines if "{file: 99" not in line or f"file: {COUNTY}/" in line or f"file: {OTHER}/" in line
    ]
    (folder / "raw" / "sources.yml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for county in (COUNTY, OTHER):
        shutil.copytree(project.raw() / county, folder / "raw" / county)
    return folder


def asked(place: Path, **words: str) -> Request:
    return resolve(words.pop("county", COUNTY), **{"data": str(place / "raw"), "out": str(place / "out")} | words)


@pytest.fixture(scope="module")
def built(place: Path) -> Outcome:
    return build(asked(place))


def command(place: Path, *words: str, **more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "analysis",
        "report",
        "--data",
        str(place / "raw"),
        "--out",
        str(place / "out"),
        *words,
    ]


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(place, *words), cwd=project.root(), capture_output=True, text=True, check=False)


def lying(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_way_of_a_county_goes_through_each_room_once(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def heard(module: ModuleType, name: str, instead: Callable[..., Any] | None = None) -> None:
        usual = instead or getattr(module, name)

        def noted(*words: Any, **named: Any) -> Any:
            seen.append(name)
            return usual(*words, **named)

        monkeypatch.setattr(module, name, noted)

    heard(clean, "clean_counties")
    heard(cached, "judge_counties")
    heard(opening, "of_county")
    heard(results, "write")
    heard(execute, "execute", lambda *words, **named: None)
    heard(render, "render", lambda *words, **named: {})
    request = asked(place, formats="html", out=str(tmp_path), standard="national-2012")
    _make(request, render.pick("embedded"), tmp_path, silent)
    assert seen[:3] == ["clean_counties", "judge_counties", "of_county"]
    assert sorted(seen[3:]) == ["execute", "render", "write"]
    assert seen.index("execute") < seen.index("render")


def test_all_files_of_a_report_lie_there(built: Outcome) -> None:
    assert built.state == "built"
    names = {path.name for path in built.folder.iterdir()}
    assert names == {*FILES.values(), "report.ipynb", "results.json", stale.STATE, manifest.NAME, manifest.STATE}
    assert all((built.folder / name).stat().st_size > 0 for name in names)
    assert built.engine.startswith(("embedded", "quarto"))


def test_nothing_is_built_where_nothing_changed(place: Path, built: Outcome) -> None:
    before = lying(place / "out")
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run(place, COUNTY)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Seconds of the processor: how long it takes besides depends on who else is at work.
    assert (spent.ru_utime + spent.ru_stime) - (begun.ru_utime + begun.ru_stime) < 2
    assert done.returncode == 0
    assert "未变化" in done.stdout
    assert lying(place / "out") == before


def test_a_deleted_format_alone_makes_a_report_stale(place: Path, built: Outcome) -> None:
    (built.folder / "report.pdf").rename(place / "report.pdf")
    assert is_current(asked(place, formats="html"))
    assert not is_current(asked(place, formats="pdf"))
    (place / "report.pdf").rename(built.folder / "report.pdf")
    assert is_current(asked(place))


def test_another_countys_change_builds_nothing(place: Path, built: Outcome) -> None:
    file = sorted((place / "raw" / OTHER).iterdir())[0]
    content = file.read_bytes()
    file.write_bytes(b"broken")
    try:
        assert build(asked(place)).state == "unchanged"
    finally:
        file.write_bytes(content)


@pytest.mark.slow
def test_a_variant_lies_below_and_leaves_the_default_alone(place: Path, built: Outcome) -> None:
    before = lying(built.folder)
    variant = build(asked(place, audience="public", formats="html"))
    assert variant.folder == built.folder / "public-zh-national-2017"
    assert {path.name for path in variant.folder.iterdir()} == {
        "report.html",
        "report.ipynb",
        "results.json",
        stale.STATE,
        manifest.NAME,
        manifest.STATE,
    }
    del before[manifest.STATE]  # it tells what lies below
    assert before.items() <= lying(built.folder).items()


@pytest.mark.slow
def test_a_plan_of_ones_own_is_found_by_a_relative_path(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "ours.yml").write_text("extends: plan-3\nid: ours\n", encoding="utf-8")
    monkeypatch.chdir(place)
    built = build(asked(place, plan="ours.yml", formats="xlsx"))
    assert built.folder.name == "internal-zh-national-2017-ours"
    assert (built.folder / "annex.xlsx").is_file()


@pytest.fixture
def broken(place: Path) -> Iterator[Path]:
    """The county's school file of this year, put back afterwards."""
    file = next(iter((place / "raw" / COUNTY).glob("schools_2024.*")))
    content = file.read_bytes()
    yield file
    file.write_bytes(content)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_an_empty_or_truncated_workbook_is_one_line_and_leaves_the_old_report(
    place: Path, built: Outcome, broken: Path, share: float
) -> None:
    before = lying(place / "out")
    content = broken.read_bytes()
    broken.write_bytes(content[: int(len(content) * share)])
    done = run(place, COUNTY)
    said = [line for line in done.stderr.splitlines() if broken.name in line]
    assert done.returncode == 2
    assert len(said) == 1
    assert "Traceback" not in done.stderr
    assert lying(place / "out") == before


def test_a_table_without_a_single_school_is_one_line(tmp_path: Path) -> None:
    new.start("990199", "空白县", "", 2024, str(tmp_path / "raw"))
    with pytest.raises(DataError, match="990199"):
        build(resolve("990199", data=str(tmp_path / "raw"), out=str(tmp_path / "out")))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_leaves_the_old_report_and_nothing_else(
    place: Path, built: Outcome, tmp_path: Path, number: signal.Signals
) -> None:
    before = lying(place / "out")
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    words = command(place, COUNTY, "--year", "2023", "--formats", "html")
    with subprocess.Popen(words, cwd=project.root(), env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        while not list(tmp_path.glob("junheng-*")):  # where the report is made
            assert running.poll() is None
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(number)
        said = running.stderr.read()
    assert lying(place / "out") == before
    assert "Traceback" not in said
    if number != signal.SIGKILL:
        assert not list(tmp_path.iterdir())


def test_a_folder_that_can_not_be_written_is_one_line(place: Path, built: Outcome, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    words = ["--data", str(place / "raw"), "--out", str(tmp_path / "out"), "--formats", "html", COUNTY]
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", *words],
        cwd=project.root(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_failed_report_raises_and_writes_nothing(place: Path, broken: Path, tmp_path: Path) -> None:
    broken.write_bytes(b"")
    with pytest.raises(JunhengError):
        build(resolve(COUNTY, data=str(place / "raw"), out=str(tmp_path / "new")))
    assert not (tmp_path / "new").exists()
