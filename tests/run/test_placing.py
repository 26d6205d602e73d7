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


def test_a_file_that_somebody_edited_is_kept_under_another_name(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = put(raw, tmp_path, "k")
    docx = request.folder / "report.docx"
    for number, text in enumerate(("y", "of the same length as none"), 1):  # "x" was written: one byte, as "y" is
        docx.write_text(text, encoding="utf-8")
        assert not stale.state(request.folder).holds(request.folder, "k", request.files)
        put(raw, tmp_path, "k")
        assert docx.read_text(encoding="utf-8") == "x"
        kept = request.folder / f"report.edited-{number}.docx"
        assert kept.read_text(encoding="utf-8") == text
        (line,) = capsys.readouterr().err.splitlines()
        assert "report.docx" in line
        assert kept.name in line
    put(raw, tmp_path, "k2")
    assert capsys.readouterr().err == ""


def test_an_edited_file_that_is_no_longer_current_is_kept_too(raw: Path, tmp_path: Path) -> None:
    request = put(raw, tmp_path, "k")
    (request.folder / "report.pdf").write_text("signed", encoding="utf-8")
    put(raw, tmp_path, "k2", "html")
    assert not (request.folder / "report.pdf").exists()
    assert (request.folder / "report.edited-1.pdf").read_text(encoding="utf-8") == "signed"


def test_a_file_of_the_same_name_that_nobody_built_is_kept(raw: Path, tmp_path: Path) -> None:
    request = resolve("990101", data=str(raw), out=str(tmp_path / "out"))
    request.folder.mkdir(parents=True)
    (request.folder / "report.docx").write_text("mine", encoding="utf-8")
    put(raw, tmp_path, "k")
    assert (request.folder / "report.edited-1.docx").read_text(encoding="utf-8") == "mine"


def test_a_draft_lies_beside_the_final_report(raw: Path, tmp_path: Path) -> None:
    final = put(raw, tmp_path, "k")
    draft = resolve("990101", data=str(raw), out=str(tmp_path / "out"), status="draft")
    assert draft.folder == final.folder / "draft"
    assert final.folder.parent == resolve("990101", data=str(raw), out=str(tmp_path / "out")).folder.parent


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
    assert contents >= {"old", "new"}
    state = stale.state(request.folder)
    assert not state.key
    assert all(state.wrote(request.folder, name) for name in request.files)
    monkeypatch.undo()
    put(raw, tmp_path, "k2", content="new")
    assert not [name for name in names(request) if "edited" in name]


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
