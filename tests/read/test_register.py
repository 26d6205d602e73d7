"""The workbook of the evidence register."""

from pathlib import Path
from typing import Any

import pytest

from analysis.errors import DataError
from analysis.read import register
from tests.workbooks import book

HEADS: list[Any] = ["判定编号", "材料名称", "文号", "页码", "保管单位"]
ONE: list[Any] = ["government.layout", "布局规划", "政发〔2024〕9号", 7, "教育局"]


def read(folder: Path, *rows: list[Any]) -> list[tuple[Any, ...]]:
    return register.entries(book(folder / "990101_2024.xlsx", [HEADS, *rows])).rows()


def test_two_rows_of_one_item_that_differ_are_told_by_row(tmp_path: Path) -> None:
    with pytest.raises(DataError) as fault:
        read(tmp_path, ONE, ["government.other", "x"], [ONE[0], "另一文件"])
    message = str(fault.value)
    assert "2, 4" in message
    assert "government.layout" in message
    assert "\n" not in message


def test_a_row_that_says_the_same_or_nothing_is_no_doubt(tmp_path: Path) -> None:
    wanted = [tuple(map(str, ONE))]
    assert read(tmp_path, ONE, ONE) == wanted
    assert read(tmp_path, [ONE[0]], ONE, [ONE[0]]) == wanted
    assert read(tmp_path, ONE, ["government.other"]) == wanted
