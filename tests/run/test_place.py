"""Putting files into place: whole or not at all, and nothing that is no longer current stays."""

from pathlib import Path

import pytest

from analysis.run import place, stale
from analysis.run.request import Request, resolve


def put(raw: Path, tmp_path: Path, key: str, formats: str = "", content: str = "x") -> Request:
    request = resolve("990101", data=str(raw), formats=formats, out=str(tmp_path / "out"))
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    for name in request.files:
        (work / name).write_text(content, encoding="utf-8")
    place.put(work, request, key)
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
    move, moved = place._move, []

    def fails_at_the_third(source: Path, target: Path) -> None:
        moved.append(target)
        if len(moved) == 3:
            raise KeyboardInterrupt
        move(source, target)

    monkeypatch.setattr(place, "_move", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        put(raw, tmp_path, "k2", content="new")
    contents = {path.read_text(encoding="utf-8") for path in request.folder.iterdir()}
    assert contents == {"old", "new"}
    assert not stale.state(request.folder).key
