"""What all tests share: an environment of their own, and a closing word on what could not be tested here."""

import hashlib
import os
import shutil
from collections import defaultdict
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
WORDS = ("REPORT_LANG", "AUDIENCE", "SOURCE_DATE_EPOCH", "JUNHENG_ROOT", "JUNHENG_HERE")


def pytest_configure() -> None:
    """Forget them before the first fixture runs."""
    for word in WORDS:
        os.environ.pop(word, None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave n cases of each test that is marked `sampled(n)` in the ordinary run; the others are slow.

    Which n says the digest of a case's name: it is the same each time, and no pattern of the parameters.
    """
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sampled"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for each in cases.values():
        marker = each[0].get_closest_marker("sampled")
        assert marker is not None
        each.sort(key=lambda item: hashlib.sha256(item.nodeid.encode()).digest())
        for item in each[marker.args[0] :]:
            item.add_marker(pytest.mark.slow)


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
