"""The calendar: days of the framework and of a plan after a day that is never today's, and what is due next."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analysis import standards
from analysis.cli import main
from analysis.read.ledger import last_day
from analysis.standards.milestones import milestones
from analysis.tell import Report
from analysis.tell.case.setting import SourceFile
from analysis.tell.facts.calendar import What, calendar_of
from analysis.tell.facts.reference_day import as_of, next_year
from tests.tell.conftest import school, small


def paper(day: str = "", **words: Any) -> Report:
    return small([school("a"), school("b")], date=day, **words)


def of_source(day: str, year: int = 2024) -> SourceFile:
    return SourceFile("x", "", "", day, "schools", year, registered=True, sha256="")


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024-09-30", date(2024, 9, 30)), ("2024-02", date(2024, 2, 29)), ("2024", date(2024, 12, 31)), ("秋季", None),
     ("2024-13", None), ("2024-02-30", None)],
)  # fmt: skip
def test_the_last_day_that_a_date_means(text: str, day: date | None) -> None:
    assert last_day(text) == day


def test_it_is_told_from_the_latest_statistics_of_its_year_unless_a_day_is_given() -> None:
    sources = (of_source("2024-09-30"), of_source("2024-12-20"), of_source("2025-09-30", 2025), of_source("?"))
    assert as_of(paper()) == date(2024, 12, 31)
    assert as_of(paper(source_files=sources)) == date(2024, 12, 20)
    assert as_of(paper("2025-01-15", source_files=sources)) == date(2025, 1, 15)


@pytest.mark.parametrize(
    ("day", "after"), [(date(2024, 2, 29), date(2025, 2, 28)), (date(2023, 2, 28), date(2024, 2, 28))]
)
def test_a_year_later(day: date, after: date) -> None:
    assert next_year(day) == after


@pytest.mark.parametrize(("day", "year"), [("2025-03-30", 2025), ("2025-03-31", 2026)])
def test_a_yearly_day_is_due_until_it_has_come(day: str, year: int) -> None:
    """Told on the day itself it is the next year's: that of today is no longer to come."""
    held = calendar_of(paper(day))
    assert [one.day for one in held.days] == [date(year, 3, 31)]
    assert held.next == held.days
    assert held.days[0].sure == "likely"


def test_what_a_plan_asks_by_year_stands_as_its_file_has_it() -> None:
    held = calendar_of(paper("2024-06-30", plan="plan-3"))
    assert [(one.what, one.document) for one in held.days] == [(What.DEADLINE, "公开报道")]
    # Nothing of the plan is due until June 2025: the next day of it is told, and no other.
    told = {(one.item, one.stage, one.finding.target if one.finding else None) for one in held.later}
    table = milestones(standards.plan("plan-3"))
    due = table.filter(table["from"] == date(2025, 12, 31))
    assert {one.day for one in held.later} == {date(2025, 12, 31)}
    assert {(item, stage) for item, stage, _ in told} == set(due.select("item", "stage").rows())
    assert ("schools", "primary", 0.5) in told
    assert ("schools", "junior", 0.7) in told
    assert all(one.article for one in held.later)


def test_what_comes_within_a_year_and_what_after() -> None:
    held = calendar_of(paper("2024-12-31", plan="plan-3"))
    assert {one.day for one in held.days if one.what is What.TARGET} == {date(2025, 12, 31)}
    assert {one.day for one in held.later} == {date(2026, 12, 31)}
    assert held.until == date(2025, 12, 31)


def test_a_phase_that_runs_ends_and_one_to_come_begins() -> None:
    said = [(one.what, one.day.isoformat()) for one in calendar_of(paper("2027-06-30", plan="plan-2")).days]
    assert ("ends", "2027-12-31") in said
    assert ("begins", "2028-01-01") in said
    assert ("ends", "2021-12-31") not in said


def test_a_plan_of_the_framework_of_2012_has_its_three_days_and_their_places() -> None:
    held = calendar_of(paper("2015-01-01", standard="national-2012", plan="plan-7"))
    told = [(one.day.isoformat(), one.document, one.article) for one in held.days if one.what is What.DEADLINE]
    assert told == [("2015-03-31", "篇七", "9"), ("2015-05-31", "篇七", "10"), ("2015-08-31", "篇七", "12")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sentence_counts_what_the_table_has(lang: str) -> None:
    report = replace(paper("2024-12-31", plan="plan-3"), lang=lang)
    held, table = calendar_of(report), report.table("calendar")
    assert table is not None
    assert table.frame.height == len(held.days) + len(held.later)
    assert table.frame["day"].to_list() == [one.day.isoformat() for one in (*held.days, *held.later)]
    text = report.chapter("calendar").text
    assert str(len(held.days)) in text
    assert ("2025年3月31日" if lang == "zh" else "31 March 2025") in text


def test_the_command_prints_the_table_of_the_report(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["calendar", "990101", "--date", "2024-06-30", "--plan", "plan-3", "--format", "csv"]) == 0
    told = capsysbinary.readouterr().out.decode().splitlines()
    assert told[0] == "day,kind,item,target,source,note"
    assert told[1].startswith("2025-03-31,")


@pytest.mark.parametrize("words", [[], ["340103"], ["990101", "--date", "2025-02-30"], ["990101", "--plan", "x"]])
def test_a_wrong_request_is_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", *words]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
