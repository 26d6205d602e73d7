"""Rooms, results and scores that contradict themselves, or can hardly be."""

from pathlib import Path
from typing import Any

import pytest

from analysis.clean import Records
from tests.read.by_hand import hold_the_law
from tests.workbooks import COUNTY, Rows, book, cleaned

ROOMS: list[Any] = ["学校代码", "教室编号", "教室类型", "间数", "使用面积"]
RESULTS: list[Any] = ["监测年度", "年级", "学科", "学业水平等级", "校际差异率", "是否参测"]
SCORES: list[Any] = ["学校代码", "考生号", "年级", "学科"]


def read(folder: Path, table: str, rows: Rows) -> Records:
    path = book(folder / COUNTY / f"{table}_2024.xlsx", rows)
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


def rules(records: Records) -> list[str]:
    return records.notices.filter(~records.notices["rule"].is_in(["unregistered"]))["rule"].unique().to_list()


@pytest.mark.parametrize(("area", "told"), [(9.9, True), (10, False), (96, False), (500, False), (760, True)])
def test_a_room_of_hardly_such_an_area(area: float, told: bool, tmp_path: Path) -> None:
    records = read(tmp_path, "rooms", [ROOMS, [f"{COUNTY}0001", "1", "音乐教室", 1, area]])
    assert ("room_area" in rules(records)) is told
    assert records.rooms["area"].to_list() == [area]


@pytest.mark.parametrize(("number", "asked"), [(None, False), (1, False), (2, True), (0, True)])
def test_a_row_of_several_rooms_is_asked_about(number: int | None, asked: bool, tmp_path: Path) -> None:
    rows = [ROOMS, [f"{COUNTY}0001", "1", "音乐教室", number, 192], [f"{COUNTY}0001", "2", "美术教室", 1, 96]]
    records = read(tmp_path, "rooms", rows)
    assert ("rooms_in_one_row" in rules(records)) is asked
    assert records.rooms["area"].to_list() == ([96] if asked else [192, 96])


@pytest.mark.parametrize(
    ("level", "rate", "tested", "told"),
    [
        ("Ⅱ", 0.2, "否", True),
        (None, 0.2, "否", True),
        ("Ⅱ", None, "否", True),
        (None, 0, "否", False),
        (None, None, "否", False),
        ("Ⅱ", 0.2, "是", False),
        ("Ⅱ", 0.2, None, False),
    ],
)
def test_results_of_what_was_not_tested(level: Any, rate: Any, tested: Any, told: bool, tmp_path: Path) -> None:
    records = read(tmp_path, "monitoring", [RESULTS, [2024, 4, "数学", level, rate, tested]])
    found = records.notices.filter(rule="untested_with_results")["before"].to_list()
    assert [text.split(",")[0] for text in found] == (["no"] if told else [])
    assert records.monitoring["rate"].to_list() == [None if told else rate]
    assert records.monitoring["tested"].to_list() == [None if told else {"否": "no", "是": "yes"}.get(tested)]


def scores(folder: Path, given: list[float]) -> list[tuple[Any, ...]]:
    rows = [[f"{COUNTY}0001", f"2024{number:04}", 8, "数学", score] for number, score in enumerate(given)]
    records = read(folder, "scores", [[*SCORES, "成绩"], *rows])
    assert records.scores["score"].to_list() == given
    return records.notices.filter(rule="zeros_unlikely").select("row", "before", "after").rows()


@pytest.mark.parametrize(
    ("zeros", "others", "told"),
    [
        (3, [60, 70, 80, 90, 100], True),
        (2, [60, 70, 80, 90, 100], False),
        (4, [16, 70, 80, 90, 100], False),  # one is low, and there may be four of nothing
        (5, [16, 70, 80, 90, 100], True),
        (4, [16.1, 70, 80, 90, 100], True),
        (9, [3, 9, 70, 80, 90], False),
    ],
)
def test_many_that_have_nothing_among_others_that_have_much(
    zeros: int, others: list[float], told: bool, tmp_path: Path
) -> None:
    found = scores(tmp_path, [*others, *[0.0] * zeros])
    assert found == ([(len(others) + 2, str(zeros), str(sorted(others)[2]))] if told else [])


def test_of_two_columns_of_scores_one_is_to_be_named(tmp_path: Path) -> None:
    rows = [[f"{COUNTY}0001", f"2024{number:04}", 8, "数学", 70 + number, 500] for number in range(4)]
    records = read(tmp_path, "scores", [[*SCORES, "成绩/原始分", "成绩/标准分"], *rows])
    near = records.notices.filter(rule="column_near")["after"].to_list()
    assert near == ["scores: {score: [成绩/原始分]}", "scores: {score: [成绩/标准分]}"]
    (tmp_path / "aliases.yml").write_text("scores: {score: [成绩/原始分]}\n", encoding="utf-8")
    assert cleaned(tmp_path).scores["score"].to_list() == [70, 71, 72, 73]
