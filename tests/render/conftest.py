"""A report of the sample county that fails, made once."""

import pytest

from analysis import project
from analysis.render import Meta
from analysis.tell import Report, open_report


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return open_report("990101", data=project.raw(), processed=tmp_path_factory.mktemp("processed"))


@pytest.fixture(scope="session")
def meta(report: Report) -> Meta:
    return Meta(
        title=report.name,
        subtitle="",
        county=report.name,
        year=report.year,
        lang="zh",
        audience="internal",
        synthetic=True,
        date="2024-11-20",
        office="办公室",
        province=report.province["zh"],
    )
