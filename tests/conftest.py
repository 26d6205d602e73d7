"""What all tests share: an environment of their own, and a closing word on what could not be tested here."""

import os
import shutil
from pathlib import Path

import pytest

from analysis import project

#: System programs that some tests look at results with, and the Debian package that brings each.
PROGRAMS = {
    "chromium": "chromium",
    "soffice": "libreoffice-calc libreoffice-writer",
    "pdftotext": "poppler-utils",
    "make": "make",
}
#: Words that Make or a shell may have set, and that a test must not see.
WORDS = ("REPORT_LANG", "SOURCE_DATE_EPOCH", "JUNHENG_ROOT")


def pytest_configure() -> None:
    """Forget them before the first fixture runs."""
    for word in WORDS:
        os.environ.pop(word, None)


@pytest.fixture
def shared() -> Path:
    """Whole files beside the checkout (JUNHENG_SHARED, else ../shared); a test that needs them is skipped without."""
    folder = Path(os.environ.get("JUNHENG_SHARED") or project.root().parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the whole files of {folder}/data")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    absent = {program: package for program, package in PROGRAMS.items() if shutil.which(program) is None}
    if absent:
        terminalreporter.section("system programs that are absent here")
        terminalreporter.write_line(f"{', '.join(absent)}: tests that need them were skipped.")
        terminalreporter.write_line(f"On Debian and Ubuntu: apt-get install {' '.join(absent.values())}")
