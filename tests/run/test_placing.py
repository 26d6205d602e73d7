"""Putting files into place: whole or not at all, and nothing that is no longer current stays."""

from pathlib import Path
from typing import NoReturn

import pytest

from analysis.cli import main
from analysis.errors import RequestError
from analysis.run.build import placing, stale
from analysis.run.request import Request, resolve


def put(raw: Path, tmp_path: Path, key: str, formats: str = "", content: str = "x") -> Request:
    request = resolve("990101", data=str(raw), formats=formats, out=str(tmp_path / "out"))
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    for name in request.files:
        (work / name).write_text(content, encoding="utf-8")
    placing.put(work, request, key)
    return request


def names(request: Request) -> set[str]:
    return {path.name for path in request.folder.iterdir()} - {stale.STATE}


def test_files_and_their_state_are_there(raw: Path, tmp_path: Path) -> None:
    request = put(raw, tmp_path, "k")
    assert names(request) == {"report.html", "report.pdf", "report.docx", "annex.xlsx", "report.ipynb", "results.json"}
    assert stale.state(request.folder).holds(request.folder, "k", request.files)


def test_formats_that_are_still_current_stay(raw: Path, tmp_path: Path) -> None:
    whole = put(raw, tmp_path, "k")
    put(raw, tmp_path, "k", "html")
    assert stale.state(whole.folder).holds(whole.folder, "k", whole.files)


def test_formats_that_are_no_longer_current_go(raw: Path, tmp_path: Path) -> None:
    put(raw, tmp_path, "k")
    request = put(raw, tmp_path, "k2", "html")
    assert names(request) == {"report.html", "report.ipynb", "results.json"}


def test_what_people_put_beside_a_report_stays(raw: Path, tmp_path: Path) -> None:
    request = put(raw, tmp_path, "k")
    (request.folder / "signed.pdf").write_text("x", encoding="utf-8")
    (request.folder / "schools").mkdir()
    put(raw, tmp_path, "k2")
    assert {"signed.pdf", "schools"} <= names(request)


def test_interrupted_while_moving_it_leaves_whole_files_that_count_as_stale(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = put(raw, tmp_path, "k", content="old")
    move, moved = placing._move, []

    def fails_at_the_third(source: Path, target: Path) -> None:
        moved.append(target)
        if len(moved) == 3:
            raise KeyboardInterrupt
        move(source, target)

    monkeypatch.setattr(placing, "_move", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        put(raw, tmp_path, "k2", content="new")
    contents = {path.read_text(encoding="utf-8") for path in request.folder.iterdir()}
    assert contents == {"old", "new"}
    assert not stale.state(request.folder).key


def test_a_folder_is_tried_and_nothing_stays_there(tmp_path: Path) -> None:
    placing.check(tmp_path / "out" / "990101")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ["report", "990101"],
        ["reports", "990101,990102"],
        ["school", "--county", "990101"],
        ["township", "990101", "城关镇"],
        ["subject-report", "990101", "数学"],
        ["check", "--county", "990101"],
        ["region", "9901"],
    ],
    ids=lambda command: command[0],
)
def test_where_nothing_can_be_written_is_told_before_any_work(
    command: list[str],
    raw: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def worked(*_: object, **__: object) -> NoReturn:
        pytest.fail("cleaned before the folder was tried")

    monkeypatch.setattr("tempfile.TemporaryDirectory", _refused)
    monkeypatch.setattr("analysis.clean.county.clean", worked)
    monkeypatch.setattr("analysis.project.processed", lambda _: tmp_path / "processed")
    assert main([*command, "--data", str(raw), "--out", str(tmp_path / "new" / "out")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert str(tmp_path) in told.err
    assert "OUT=" in told.err


def _refused(*_: object, **__: object) -> NoReturn:
    """Stand for a folder in which nothing can be made, whatever its permissions say."""
    raise OSError(30, "Read-only file system")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody can make anything")
def test_a_folder_that_permissions_call_writable_may_not_be(raw: Path) -> None:
    with pytest.raises(RequestError):
        placing.check(Path("/proc/reports/990101"))
