"""A school that is in no statistics any more can't mend what it lacks: its lines are told apart."""

import pytest

from analysis.tell.facts.ledger import gone, ledger_of

from .conftest import school, small


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("there", "told"), [((2022,), [("1", 2023, 1)]), ((2022, 2023, 2024), []), ((2022, 2024), [])])
def test_lines_of_a_school_that_is_gone_are_told(
    there: tuple[int, ...], told: list[tuple[str, int, int]], lang: str
) -> None:
    rows = [school(code, year) for year in (2022, 2023, 2024) for code in "23"]
    rows += [school("1", year, sports_area=300.0) for year in there]
    report = small(rows, lang=lang)
    assert [(one.school, one.since, one.lines) for one in gone(report)] == told
    text = report.chapter("ledger").text
    assert (
        "1小学自2023年起统计表中没有" in text or "1 Primary School has not been in the statistics since 2023" in text
    ) == bool(told)
    assert ledger_of(report).count("unknown") == len(told)
