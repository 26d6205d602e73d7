"""Scores and items that can hardly be what is meant: told, and nothing taken away."""

from pathlib import Path
from typing import Any

import pytest

from analysis import standards
from analysis.clean import Records
from analysis.clean.items import known
from tests.workbooks import COUNTY, Rows, cleaned, text

SCORES: list[Any] = ["学校代码", "考生号", "年级", "学科", "成绩"]


def scored(folder: Path, *values: Any) -> Records:
    rows: Rows = [[f"{COUNTY}0001", f"{number:03}", 4, "数学", value] for number, value in enumerate(values)]
    text(folder / COUNTY / "scores_2024.csv", [SCORES, *rows])
    return cleaned(folder)


def unlikely(records: Records) -> list[tuple[Any, ...]]:
    return records.notices.filter(rule="score_unlikely").select("row", "before", "after").rows()


@pytest.mark.parametrize(
    ("value", "found"), [(150, False), (151, True), (999, True), (9999, True), (0, False), ("缺考", False)]
)
def test_scores_beyond_their_scale_are_told_and_kept(tmp_path: Path, value: Any, found: bool) -> None:
    records = scored(tmp_path, 70, 80, 90, value)
    assert unlikely(records) == ([(5, str(value), "85")] if found else [])
    assert records.scores.height == 4
    assert records.notices["unused"].sum() == 0


@pytest.mark.parametrize(("value", "found"), [(1000, False), (1001, True)])
def test_a_scale_of_hundreds_has_its_own_bound(tmp_path: Path, value: Any, found: bool) -> None:
    assert bool(unlikely(scored(tmp_path, 480, 500, 520, value))) is found


def test_a_negative_score_is_set_aside(tmp_path: Path) -> None:
    records = scored(tmp_path, 70, -1, 90)
    assert records.scores["score"].to_list() == [70, None, 90]
    negative = records.notices.filter(rule="score_negative")
    assert negative.select("row", "column", "before", "unused").rows() == [(3, "score", "-1", 1)]


def items(folder: Path, *rows: list[Any]) -> Records:
    text(folder / COUNTY / "government_2024.csv", [["指标代码", "指标名称", "数值"], *rows])
    return cleaned(folder)


def test_an_item_that_nothing_knows_is_named_with_the_nearest(tmp_path: Path) -> None:
    label = known()["senior_places"]
    records = items(
        tmp_path, ["senior_places", "x", 0.7], ["seniorplaces", "x", 0.7], ["1", label, 0.7], ["zzz", None, 1]
    )
    found = records.notices.filter(rule="item_unknown").select("row", "before", "after", "unused").rows()
    near = f"senior_places {label}"
    assert found == [(3, "seniorplaces", near, 3), (4, "1", near, 3), (5, "zzz", None, 2)]
    assert records.accounts["unused"].sum() == 8


def test_items_of_standards_and_plans_and_those_beside_them_are_known(tmp_path: Path) -> None:
    every = [name for one in standards.names() for name in standards.load(one).items]
    own = ["certified_year", "exceptional_circumstances", "score_3"]
    records = items(tmp_path, *[[name, "x", 0.5] for name in dict.fromkeys([*every, *own])])
    assert records.notices.filter(rule="item_unknown").is_empty()
