"""A report of a year before its standard is in force: nothing is judged, and everything is told."""

import pytest

from tests.tell.conftest import CHAPTERS, TABLES, school, small


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_of_a_year_before_the_standard(lang: str) -> None:
    """教督〔2017〕6号 holds from 2017 on: in 2013 no floor is a standard that a table could name."""
    told = {}
    for year in (2013, 2017):
        report = small([school(code, year=year) for code in ("1", "2")], lang=lang)
        assert all(report.chapter(name) is not None for name in CHAPTERS)
        found = {name: report.table(name) for name in TABLES}
        table = found["schools_primary"]
        assert table
        told[year] = table.markdown().replace("\\", "")
    assert "4.5" not in told[2013]
    assert "4.5" in told[2017]
