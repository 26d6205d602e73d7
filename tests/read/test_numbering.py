"""Rows that number the columns of a header, and rows that only look like it."""

import pytest

from analysis.read.numbering import numbers_columns


@pytest.mark.parametrize(
    "row",
    [
        ["甲", "乙", "丙", "1", "2", "3=1+2"],
        ["1", "2", "3"],
        ["0", "1", "2"],
        ["(1)", "（2）", "3."],
        ["①", "②", "③", "④"],
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"],
        ["A", "B", "C"],
        ["栏次", "1", "2", "3"],
        ["栏 次", "—", "—", "1", "2"],
        ["甲", None, "1", "2"],
        [None, None, "(1)", "(2)"],
        ["①", "②"],
    ],
)
def test_a_row_that_numbers_columns_is_known(row: list[str | None]) -> None:
    assert numbers_columns(row)


@pytest.mark.parametrize(
    "row",
    [
        ["1", "2"],  # too short to be told from data
        ["(1)", "(3)"],
        ["(1)", "2"],
        ["1", "2", "4"],
        ["2", "3", "4"],
        ["9901010001", "1", "2"],
        ["甲", "乙", "丙", "1"],
        ["A", "B", "D"],
        ["一", "三", "四"],
        ["1", "二", "3"],
        ["栏次", "—", "1"],
        ["一小", "二小", "三小"],
    ],
)
def test_a_row_with_a_gap_or_a_word_is_none(row: list[str | None]) -> None:
    assert not numbers_columns(row)
