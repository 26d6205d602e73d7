"""What a plan of least cost does is listed where it is little, and summed up where it is much; nothing is lost."""

from typing import Any

import pytest

from analysis.tell import Report
from analysis.tell.facts.least_cost import least
from analysis.tell.parts.tables import least_cost_print

from .conftest import school, small


def short(many: int, **words: Any) -> Report:
    """So many schools without half of the sports area that 100 pupils need, and one that has plenty."""
    return small([*(school(f"{place:02}", sports_area=300.0) for place in range(many)), school("99")], **words)


@pytest.mark.parametrize("many", [20, 21])
def test_more_than_twenty_actions_are_summed_up(many: int) -> None:
    report = short(many)
    found = least(report)
    assert found is not None
    assert len(found.plan.actions) == many
    every, printed = report.table("least_cost"), report.table("least_cost_print")
    assert every is not None
    assert printed is not None
    assert every.frame.height == many
    assert (printed.columns == every.columns) == (many <= 20)
    assert printed.id == every.id == "least-cost"
    assert least_cost_print.summed(report) == (many > 20)


def test_sums_come_to_what_the_actions_do() -> None:
    report = short(21)
    every, printed = report.table("least_cost"), report.table("least_cost_print")
    assert every is not None
    assert printed is not None
    *rows, total = printed.frame.to_dicts()
    assert sum(row["cost"] for row in rows) == pytest.approx(every.frame["cost"].sum())
    assert (total["cost"], total["schools"]) == (pytest.approx(every.frame["cost"].sum()), 21)
    assert [row["schools"] for row in rows] == [21]
    assert rows[0]["most"] == "00小学、01小学"


@pytest.mark.parametrize(
    ("many", "lang", "said"),
    [
        (3, "zh", "列出最省的办法在各校做什么"),
        (21, "zh", "汇总最省的办法要做什么，逐校逐项见工作簿“最省的办法”"),
        (3, "en", "lists what the plan of least cost does in each school"),
        (21, "en", "sums up what the plan of least cost does, which the workbook (“Least plan”) has school by school"),
    ],
)
def test_the_annex_says_which(many: int, lang: str, said: str) -> None:
    assert said in short(many, lang=lang).chapter("ledger").text


def test_the_public_has_neither() -> None:
    assert short(21, audience="public").table("least_cost_print") is None
