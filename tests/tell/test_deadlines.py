"""Deadlines of the ledger: the day of a line, what is overdue on a day and due soon, by holder, month and quarter."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from analysis.read.ledger import READ
from analysis.tell import Report
from analysis.tell.documents.deadlines import DeadlineReport
from analysis.tell.facts.deadlines import deadlines_of
from analysis.tell.facts.ledger import ledger_of
from tests.tell.conftest import school, small

TABLES = ("holders", "overdue", "soon", "next", "undated", "months", "quarters")


def id_of(code: str) -> str:
    return f"resources.floor_sports_area.primary.{code}"


def paper(dates: dict[str, str], day: str = "2025-01-15", **words: Any) -> DeadlineReport:
    """Return five schools without sports area; `dates` are what people entered for the line of each."""
    rows = [school(one, sports_area=1.0) for one in "abcde"]
    entries = [{"id": id_of(one), "measure": "", "person": "", "date": text} for one, text in dates.items()]
    report: Report = small(rows, date=day, **words)
    return DeadlineReport(replace(report, entries=pl.DataFrame(entries, schema=report.entries.schema)))


@pytest.mark.parametrize(
    ("line", "shown"),
    [({"date": "长期坚持"}, "长期坚持"), ({"due": "每年秋季"}, "每年秋季"), ({"measure": "扩建"}, "—")],
)
def test_what_is_no_day_stands_with_its_item_in_whichever_column_it_was_entered(
    line: dict[str, str], shown: str
) -> None:
    told = paper({})
    blank = dict.fromkeys(told.case.entries.columns, "")
    entries = pl.DataFrame([blank | {"id": id_of("a")} | line], schema=told.case.entries.schema)
    table = DeadlineReport(replace(told.case, entries=entries)).table("undated")
    assert table is not None
    row = next(row for row in table.body if row[0].text == "体育运动场馆")
    assert row[-1].text == shown


@pytest.mark.parametrize(
    ("entered", "part"),
    [
        ("2025-01-14", "overdue"),
        ("2025-01-15", "soon"),
        ("2025-02-14", "soon"),
        ("2025-02-15", "next"),
        ("2025-04-15", "next"),
        ("2025-04-16", "later"),
        ("2024年底", "overdue"),
        ("2025年1月", "soon"),
        ("长期坚持", "undated"),
    ],
)
def test_a_line_is_in_one_part_by_its_day(entered: str, part: str) -> None:
    """The day itself is the first of the 30; 14 February is the thirtieth after 15 January, 15 April the ninetieth."""
    told = paper({"a": entered})
    dues = told.dues
    parts = {
        "overdue": dues.overdue,
        "soon": told.soon,
        "next": told.next,
        "later": dues.later,
        "undated": dues.undated,
    }
    assert [name for name, lines in parts.items() if id_of("a") in [one.line["id"] for one in lines]] == [part]
    assert sum(map(len, parts.values())) == len(dues.open)


def test_no_line_is_lost_and_the_day_is_that_of_the_data_unless_given() -> None:
    told = paper({}, day="")
    assert told.dues.since == date(2024, 12, 31)
    open_lines = ledger_of(told.case).lines.filter(pl.col("state") != "closed")
    assert len(told.dues.open) == open_lines.height
    assert all(one.day is None for one in told.dues.open)


def test_without_an_entry_the_day_is_that_of_the_plan() -> None:
    told = paper({"a": "2025-06-30"}, plan="plan-3")
    days = {one.line["id"]: (one.day, one.entered) for one in told.dues.lines}
    assert days[id_of("a")] == (date(2025, 6, 30), True)
    sized = [day for id, day in days.items() if id != id_of("a")]
    assert all(not entered for _, entered in sized)


def test_months_and_quarters_count_the_lines_that_are_due_in_them() -> None:
    told = paper({"a": "2025-01-10", "b": "2025-01-31", "c": "2025-03-01", "d": "2025-04-01", "e": "2026-01-01"})
    months = {one.number: (one.due, one.closed, one.open, one.overdue) for one in told.dues.months() if one.due}
    assert months == {1: (2, 0, 2, 1), 3: (1, 0, 1, 0), 4: (1, 0, 1, 0)}
    quarters = {one.number: (one.due, one.closed, one.open, one.overdue) for one in told.dues.quarters() if one.due}
    assert quarters == {1: (3, 0, 3, 1), 2: (1, 0, 1, 0)}


def test_a_line_closed_this_year_is_counted_as_closed_and_is_never_overdue() -> None:
    rows = [school("a", year=2023, sports_area=1.0), school("b", year=2023), school("a"), school("b")]
    report = small(rows, date="2025-06-30")
    entry = {"id": id_of("a"), "measure": "", "person": "", "date": "2025-01-31"}
    told = DeadlineReport(replace(report, entries=pl.DataFrame([entry], schema=report.entries.schema)))
    span = told.dues.months()[0]
    assert (span.due, span.closed, span.open, span.overdue) == (1, 1, 0, 0)
    assert id_of("a") not in [one.line["id"] for one in told.dues.overdue]


def test_the_table_of_holders_adds_up() -> None:
    told = paper({"a": "2025-01-10", "b": "2025-01-31", "c": "2025-03-01", "d": "2026-01-01"}, plan="plan-8")
    table = told.table("holders")
    assert table is not None
    parts = ("overdue", "soon", "next", "later", "undated")
    for row in table.frame.iter_rows(named=True):
        assert row["open"] == sum(row[name] for name in parts)
    total = table.frame.row(-1, named=True)
    assert total["open"] == len(told.dues.open)
    assert [total[name] for name in parts] == [1, 1, 1, 1, len(told.dues.undated)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sentence_has_the_counts_of_the_tables(lang: str) -> None:
    told = paper({"a": "2025-01-10", "b": "2025-01-31", "c": "2025-03-01"}, lang=lang)
    text = told.chapter("deadlines").text
    assert f"[{len(told.dues.open)}]" in text
    assert "{.verdict .not-met}" in text
    late = told.table("overdue")
    assert late is not None
    assert late.frame["days"].to_list() == [5]
    assert "{.verdict .no-data}" in paper({}, lang=lang).chapter("deadlines").text
    for name in TABLES:
        made = told.table(name)
        assert made is None or "None" not in made.markdown()


def test_the_year_ends_what_is_counted() -> None:
    assert deadlines_of(paper({"a": "2024-12-31"}).case).months()[11].due == 0


@pytest.mark.parametrize(("entered", "part"), [("2025-01-14", "overdue"), ("2025-02-01", "soon"), ("尽快", "undated")])
def test_a_line_that_people_added_is_due_with_the_others(entered: str, part: str) -> None:
    told = paper({})
    added = {"id": "own.9", "item": "校车", "holder": "区交通局", "date": entered}
    line = dict.fromkeys(READ, "") | added
    told = DeadlineReport(replace(told.case, entries=pl.DataFrame([line])))
    shown = {name: str(table.frame.rows()) for name in TABLES if (table := told.table(name))}
    assert {name for name in ("overdue", "soon", "next", "undated") if "校车" in shown.get(name, "")} == {part}
    assert "区交通局" in shown["holders"]
    assert len(told.dues.lines) == ledger_of(told.case).lines.height + 1
