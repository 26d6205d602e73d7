"""A row that is the sum of all others, and not called a total, is asked about."""

from pathlib import Path

import pytest

from analysis.clean import Records
from tests.read.by_hand import BASE, read, told
from tests.workbooks import Rows

HEAD = [*BASE, "图书册数", "计算机台数", "体育运动场馆面积", "教学仪器设备值"]


def schools(*numbers: list[float | None]) -> Rows:
    return [HEAD, *([f"990101000{n}", f"第{n}小学", "小学", *row] for n, row in enumerate(numbers, 1))]


def rows_told(records: Records) -> list[int]:
    assert {rule for rule, _, _ in told(records)} <= {"row_sums_others", "blank_mark"}
    return records.quarantine["row"].to_list()


@pytest.mark.parametrize(
    ("numbers", "row"),
    [
        ([[100, 10, 50.5, 1e5], [200, 20, 60.2, 2e5], [300, 30, 110.7, 3e5]], 4),
        ([[300, 30, 110.7, 3e5], [100, 10, 50.5, 1e5], [200, 20, 60.2, 2e5]], 2),  # above its schools
        ([[100, 10, 50, 1e5], [200, 20, 60, 2e5], [300, 30, 110, None]], 4),  # the total of a column left out
        ([[100, 10, 50, 1e5], [200, 20, 60, 2e5], [300, 30, 110, 3.1e5]], None),
        ([[100, 10, 50, 1e5], [100, 10, 50, 1e5]], None),  # twins
        ([[100, 10, None, None], [200, 20, None, None], [300, 30, None, None]], None),  # chance makes two
        ([[100, 10, 50, 1e5], [300, 30, 110, 3e5], [200, 20, 60, 2e5]], None),  # neither first nor last
        ([[0, 0, 0, 0], [100, 10, 50, 1e5], [100, 10, 50, 1e5]], None),  # of one school alone
    ],
)
def test_a_row_that_is_the_sum_of_all_others(
    numbers: list[list[float | None]], row: int | None, tmp_path: Path
) -> None:
    assert rows_told(read(tmp_path, schools(*numbers))) == ([row] if row else [])


def test_a_person_says_that_it_is_a_school(tmp_path: Path) -> None:
    rows = schools([100, 10, 50, 1e5], [200, 20, 60, 2e5], [300, 30, 110, 3e5])
    (line,) = read(tmp_path / "a", rows).notices.filter(rule="row_sums_others")["after"]
    assert line == 'codes: ["990101", "9901010003"]'
    assert read(tmp_path / "b", rows, f"{line}, publisher: a, title: b, date: 2024-09-30").schools.height == 3
