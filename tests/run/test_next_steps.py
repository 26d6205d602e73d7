"""After a command whoever sits at a terminal is told what to do next, and while it runs how long it may take."""

import sys
import threading
from pathlib import Path

import pytest

from analysis import cli, project
from analysis.run.commands import next_steps
from analysis.run.commands.ahead_app import ahead
from analysis.run.commands.intake_app import intake
from analysis.run.commands.office_app import office
from analysis.run.commands.proof_app import proof

#: Commands that tell in their own lines what to do next.
OWN = {"report", "new", "add", "collect", "check"}


def names() -> set[str]:
    groups = [cli.app, ahead, intake, office, proof]
    commands = [command for group in groups for command in group.registered_commands]
    return {command.name or command.callback.__name__.replace("_", "-") for command in commands if command.callback}


def test_every_command_tells_what_to_do_next() -> None:
    assert names() - OWN == set(next_steps.steps())
    assert names() >= next_steps.SLOW


@pytest.mark.parametrize(("terminal", "told"), [(True, True), (False, False)])
def test_only_who_sits_at_a_terminal_is_told(
    terminal: bool, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    next_steps.tell(["status", "990101"], 0)
    assert ("watch 县区" in capsys.readouterr().err) is told


@pytest.mark.parametrize(("arguments", "code"), [(["status", "990101"], 2), (["status", "--help"], 0), ([], 0)])
def test_nothing_follows_a_refusal_or_a_help(
    arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    next_steps.tell(arguments, code)
    assert capsys.readouterr().err == ""


def test_what_is_left_follows_from_the_last_time() -> None:
    assert "约还需 5 秒" in next_steps.left(3.0, 8.0)
    assert "还需" not in next_steps.left(9.0, 8.0)
    assert "还需" not in next_steps.left(3.0, None)


def test_the_last_time_is_kept_and_a_damaged_note_of_it_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path))
    for stream in (sys.stderr, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    threads = threading.active_count()
    with next_steps.waiting(["status", "990101"]):
        assert threading.active_count() == threads + 1
    assert threading.active_count() == threads
    assert set(next_steps._known()) == {"status"}
    (project.processed(None) / "times.json").write_text("[", encoding="utf-8")
    assert next_steps._known() == {}
