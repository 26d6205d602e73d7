"""A county's own plan stands beside the national verdict, never in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.tell import Report, open_report
from analysis.tell.plan import plan_told

from .conftest import CHAPTERS, ROOT, TABLES


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Report:
    processed: Path = tmp_path_factory.mktemp("processed")
    return open_report("990106", plan="plan-8", data=ROOT / "data" / "raw", processed=processed)


def test_the_verdict_is_the_national_one(planned: Report, sample: Callable[..., Report]) -> None:
    alone = sample("990106")
    for name in ("overall.all", "resources.all", "government.all"):
        mine, national = planned.finding(name), alone.finding(name)
        assert mine is not None
        assert national is not None
        assert mine.verdict == national.verdict
    for name in ("fields", "coefficients", "monitoring", "problems"):
        with_plan, without = planned.table(name), alone.table(name)
        assert (with_plan and with_plan.body) == (without and without.body), name


def test_targets_of_the_plan_are_counted_by_verdict(planned: Report) -> None:
    told = plan_told(planned)
    assert told is not None
    assert told.total == len(told.met) + len(told.unmet) + len(told.absent) + len(told.unset)
    table = planned.table("plan")
    assert table is not None
    assert table.frame.height == told.total


def test_chapters_name_the_plan_and_its_open_questions(planned: Report) -> None:
    text = planned.chapter("improvement").text
    assert "## 规划目标" in text
    assert "三年规划，实际覆盖" in text
    assert "**对照规划。**" in planned.chapter("conclusion").text


def test_everything_can_be_told_with_a_plan(planned: Report) -> None:
    assert all(planned.chapter(name).text for name in CHAPTERS)
    assert all(table is None or table.html() for table in map(planned.table, TABLES))


def test_without_a_plan_nothing_is_said_of_one(sample: Callable[..., Report]) -> None:
    report = sample("990106")
    assert report.table("plan") is None
    assert "规划目标" not in report.chapter("improvement").text
