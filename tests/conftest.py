"""What all tests share: an environment of their own, and a closing word on what could not be tested here."""

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from analysis import project
from analysis.run.build.line import ADDRESS

#: System programs that some tests look at results with, and the Debian package that brings each.
PROGRAMS = {
    "chromium": "chromium",
    "soffice": "libreoffice-calc libreoffice-writer",
    "pdftotext": "poppler-utils",
    "make": "make",
}
#: Words that Make or a shell may have set, and that a test must not see.
WORDS = ("REPORT_LANG", "AUDIENCE", "SOURCE_DATE_EPOCH", "JUNHENG_ROOT", "JUNHENG_HERE")
#: Rooms whose tests build documents within their own process. There Polars has begun long since, so that each report
#: would start a kernel and import all anew; a warm process is lent to them, as a batch has one.
WARM = ("notebooks", "render", "run", "tell", "verification")
_ends = ExitStack()


@cache
def warm_address() -> str:
    """Return where the warm process of these tests listens, started when first asked for; "" where there is no fork."""
    from analysis.run.processes import forkserver

    return _ends.enter_context(forkserver.Pool({}, threads=1)).address if forkserver.possible() else ""


@pytest.fixture(autouse=True, scope="session")
def _warm_process_ends() -> Iterator[None]:
    with _ends:
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Lend the warm process before any fixture is made, but to tests that are marked `cold`."""
    os.environ.pop(ADDRESS, None)
    warm = item.path.relative_to(Path(__file__).parent).parts[0] in WARM
    if warm and not item.get_closest_marker("cold") and (address := warm_address()):
        os.environ[ADDRESS] = address


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
