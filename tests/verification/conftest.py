"""A report of a county of the sample, built once, and what a second reader works out of its raw statistics."""

from pathlib import Path

import pytest

from analysis import cli
from analysis.project import raw, root
from verification.run import opened
from verification.worked.case import Case

STANDARDS = root() / "analysis" / "standards"


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a county's report in all formats."""
    out = tmp_path_factory.mktemp("verified")
    assert cli.main(["report", "990101", "--out", str(out)]) == 0
    return out / "990101" / "2024"


@pytest.fixture(scope="session")
def worked(report: Path) -> Case:
    """The county as the second reader works it out."""
    return opened(report, raw(), STANDARDS)
