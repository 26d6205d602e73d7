"""What a verdict hangs on that is not sure is said in one sentence, in the conclusion where it decides the whole."""

import re

import pytest

from analysis.tell import Report
from tests.tell.conftest import school, small


def report(built: str | None, lang: str) -> Report:
    return small([school("1", pupils=2400, built=built), school("2")], lang=lang)


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text)


SAID = {
    "zh": ("2010年底以前建成或随迁子女过半的学校限2400人", "政府保障程度由无数据变为未达到"),
    "en": ("schools built by 2010", "Government guarantee would turn from no data to not met"),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", SAID)
def test_the_report_names_what_decides_and_is_not_sure(lang: str) -> None:
    """2,400 pupils in a school of 2010: within the concession, and above the limit without it."""
    for chapter in ("conclusion", "data"):
        said = plain(report("2010-12", lang).chapter(chapter).text)
        assert all(part in said for part in SAID[lang]), said
    for built in ("2011-01", None):  # above the limit with it and without it
        for chapter in ("conclusion", "data"):
            assert SAID[lang][0] not in plain(report(built, lang).chapter(chapter).text)


@pytest.mark.parametrize(("year", "told"), [(2024, False), (2025, True)])
def test_the_subsidy_of_special_schools_is_told_beside_the_floor_from_2025_on(year: int, told: bool) -> None:
    row = {"county": "990999", "year": year, "item": "special_school_funding", "value": 6500.0, "evidence": "册"}
    held = small([school("1", year=year)], {"government": [row]})
    table = held.table("items_government")
    assert table
    assert ("7000元" in plain(table.markdown())) == told
    found = held.finding("government.special_school_funding")
    assert found
    assert (found.verdict, found.target) == ("met", 6000)
