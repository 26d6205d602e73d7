"""The ledger in the report: what is open line by line, what was closed counted by item; the workbook has all."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from analysis.tell import Report
from analysis.tell.facts.ledger import ledger_of

from .conftest import school, small

Sample = Callable[..., Report]


def test_open_unknown_and_closed_lines_are_those_of_the_ledger(sample: Sample) -> None:
    report = sample("990101")
    lines, problems, unknown, closed = (
        report.table(name) for name in ("ledger", "problems", "ledger_unknown", "ledger_closed")
    )
    assert lines
    assert problems
    assert unknown
    assert closed
    assert problems.frame["opened"].drop_nulls().len() == ledger_of(report).count("open", "reopened")
    assert unknown.frame.height == ledger_of(report).count("unknown")
    assert closed.frame["lines"].sum() == ledger_of(report).count("closed")
    assert lines.frame.height == ledger_of(report).lines.height


def test_a_line_closed_this_year_stands_with_its_school() -> None:
    rows = [school("1", 2023, sports_area=300.0), school("2", 2023), school("1"), school("2")]
    report = small(rows)
    assert report.table("problems") is None
    assert report.table("ledger_unknown") is None
    closed = report.table("ledger_closed")
    assert closed
    assert ("体育运动场馆", 1.0, "1小学") in closed.frame.rows()
    assert "整改台账已全部销号；本年达到标准而销号的有" in report.chapter("ledger").text


def test_a_line_of_ones_own_stands_below_the_problems_in_the_table_of_advice() -> None:
    case = small([school("a", sports_area=187.5), school("b")])
    line = {"id": "own.9", "school": "全县", "item": "新建一所小学", "measure": "选址", "person": "王局长"}
    line["date"] = "2026年底前"
    entry = dict.fromkeys(case.entries.columns, "") | line
    own = replace(case, entries=pl.DataFrame([entry], schema=case.entries.schema))
    before, after = case.table("advice"), own.table("advice")
    assert before is not None
    assert after is not None
    assert after.frame.height == before.frame.height + 1
    number, *cells = after.frame.rows()[-1]
    assert number == after.frame.height
    assert cells == ["全县、新建一所小学", "", "选址", "王局长", "2026年底前"]
    public = replace(own, audience="public").table("advice")
    assert public is None or "新建一所小学" not in public.markdown()
