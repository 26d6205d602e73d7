"""A request goes down once: while a report is built, nothing in a room below `run` calls back into it."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any, cast

import nbformat
import pytest

import analysis
from analysis import project, render
from analysis.kinds import kind
from analysis.run.build import execute
from analysis.run.build.progress import silent
from analysis.run.build.report import _make, words_of
from analysis.run.request import resolve
from analysis.tell.case.setting import Setting, once

PACKAGE = f"{Path(analysis.__file__).parent}/"
ABOVE = ("run/", "cli.py", "__main__.py")
COUNTY = "990106"


def place(frame: FrameType) -> str:
    """Return the module of ours that a frame runs in, "" for others."""
    name = frame.f_code.co_filename
    return name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else ""


def caller(frame: FrameType | None) -> str:
    """Return the next module of ours up the stack, whatever libraries lie between."""
    while frame is not None and not place(frame):
        frame = frame.f_back
    return place(frame) if frame is not None else ""


@contextmanager
def climbs() -> Iterator[list[tuple[str, str]]]:
    """Collect the calls from a room below `run` into it, in all threads that begin here, as pairs of modules."""
    seen: list[tuple[str, str]] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and place(frame).startswith(ABOVE):
            calling = caller(frame.f_back)
            if calling and not calling.startswith(ABOVE):
                seen.append((calling, place(frame)))

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def test_a_climb_is_seen() -> None:
    with climbs() as seen:
        once(cast("Callable[[Setting], None]", silent))(cast("Setting", SimpleNamespace(_known={})))
    assert seen == [("tell/case/setting.py", "run/build/progress.py")]


def test_nothing_below_calls_back_while_a_report_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook's cells run here instead of in a kernel, where nobody would see what they call."""
    request = resolve(COUNTY, formats="html,xlsx", out=str(tmp_path))
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 一")])
    monkeypatch.setattr(execute, "execute", lambda *words, **named: empty)
    notebook = nbformat.read(project.notebooks() / kind("county").notebook, as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) > 10
    with climbs() as seen:
        _make(request, render.pick("embedded"), tmp_path, silent)
        names: dict[str, Any] = {}
        for number, source in enumerate(cells):
            exec(source, names)
            if number == 0:
                names |= words_of(request)
    assert seen == []
