"""The year in which a coefficient arrives is told with the range that its changes from year to year leave."""

import pytest

from analysis.tell import Report
from tests.tell.conftest import school, small


def county(coefficients: list[float], lang: str = "zh") -> Report:
    """Return a county of two schools alike but for sports area, whose coefficient was this in the years up to 2024.

    Amounts of 1 - c and 1 + c per pupil have the coefficient c.
    """
    years = range(2025 - len(coefficients), 2025)
    rows = [
        school(f"99099900{place}", year) | {"sports_area": 100 * 30 * (1 + sign * value)}
        for year, value in zip(years, coefficients, strict=True)
        for place, sign in enumerate((-1, 1))
    ]
    return small(rows, lang=lang)


#: The limit is 0.50; from 0.73 at 0.05 a year it is five years off, and no other year is near.
STEADY, WILD = [0.88, 0.83, 0.78, 0.73], [0.95, 0.78, 0.86, 0.75]
#: From 0.75 it is just five years at 0.05, with changes that differ a little: the range reaches to one side alone.
SOONER, LATER = [0.898, 0.847, 0.798, 0.7497], [0.898, 0.849, 0.797, 0.7485]
TOLD: dict[str, dict[str, str]] = {
    "zh": {"sooner": "最早", "later": "最迟", "steady": "逐年变动很稳定", "wild": "逐年变动大，也可能十年内达不到"},
    "en": {
        "sooner": "at the earliest", "later": "at the latest", "steady": "the change is very steady",
        "wild": "but years differ so much that it may not",
    },
}  # fmt: skip


@pytest.mark.parametrize("lang", TOLD)
@pytest.mark.parametrize(
    ("series", "reached", "said"),
    [
        (STEADY, 2029, {"steady"}),
        (SOONER, 2030, {"sooner"}),
        (LATER, 2029, {"later"}),
        (WILD, 2029, {"sooner", "wild"}),
    ],
)
def test_the_year_of_arrival_has_a_range(series: list[float], reached: int, said: set[str], lang: str) -> None:
    told = str(county(series, lang).chapter("improvement").text)
    assert str(reached) in told
    assert {name for name, sentence in TOLD[lang].items() if sentence in told} == said
    assert "，）" not in told
    assert ", )" not in told


@pytest.mark.parametrize("series", [[0.75, 0.80, 0.85, 0.90], [0.90, 0.85]])
def test_no_year_of_arrival_without_a_pace_that_leads_there(series: list[float]) -> None:
    told = str(county(series).chapter("improvement").text)
    assert "年可降到" not in told
    assert "最迟" not in told
