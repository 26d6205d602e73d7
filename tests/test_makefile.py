"""Make: its help, and that whatever a user gives it stays mere text."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.project import root

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

HOSTILE = ["$(shell touch {mark})", "`touch {mark}`", "x; touch {mark}", "x' ; touch {mark} '", 'x" ; touch {mark} "']


def make(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *words], cwd=root(), env=inherited | environment, capture_output=True, text=True, check=False
    )


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):.*##", (root() / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("lang", "word"), [("zh", "列出"), ("en", "list")])
def test_make_alone_lists_every_target(lang: str, word: str) -> None:
    done = make(f"REPORT_LANG={lang}")
    assert done.returncode == 0
    assert {line.split()[1] for line in done.stdout.splitlines()} == targets()
    assert word in done.stdout


def test_every_target_is_told_whole_in_both_languages() -> None:
    """A bar within a comment would part it, so that a language loses its text."""
    comments = re.findall(r"^[a-z][a-z-]*:.*##(.*)$", (root() / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [comment for comment in comments if comment.count("|") != 1] == []


def test_every_target_that_is_no_file_is_phony() -> None:
    text = (root() / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"^\.PHONY: ([a-z-]+)$", text, re.MULTILINE)) == targets()


def test_without_python_there_is_one_clear_line(tmp_path: Path) -> None:
    done = make("setup", f"VENV={tmp_path}/none", "PYTHON=no-such-python", "REPORT_LANG=en")
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert len(lines) == 2  # ours, and the one that Make adds
    assert "PYTHON=" in lines[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("word", ["PYTHON", "COUNTY"])
def test_words_are_never_run(word: str, text: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    make("setup", f"VENV={tmp_path}/none", "PYTHON=no-such-python", f"{word}={text.format(mark=mark)}")
    assert not mark.exists()
