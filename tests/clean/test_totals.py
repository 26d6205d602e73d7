"""Which rows a printed total is of, and where it differs from them."""

from pathlib import Path
from typing import Any

import pytest

from tests.workbooks import HEADER, Rows, school, schools

ONE, TWO, THREE = school(1, 300, 9000), school(2, 200, 8000), school(3, 100, 500)
CASES: list[tuple[Rows, list[tuple[Any, ...]]]] = [
    # a total above its rows, and one below it a school was added to
    ([["合计", None, None, 600, 17500], ONE, TWO, THREE], []),
    ([ONE, TWO, ["合计", None, None, 500, 17000], THREE], []),
    # subtotals under their rows, above them, and a total of all
    ([ONE, TWO, [None, "甲镇小计", None, 500, 17000], THREE, [None, "乙镇小计", None, 100, 500]], []),
    ([[None, "甲镇", None, 500, 17000], ONE, TWO, [None, "乙镇", None, 100, 500], THREE], []),
    ([ONE, TWO, ["小计", None, None, 500, 17000], THREE, ["总计", None, None, 600, 17500]], []),
    # one column differs from the rows that the other is of
    ([ONE, TWO, ["合计", None, None, 500, 17001], THREE], [(4, "books", "17001", "17000")]),
    ([ONE, TWO, THREE, ["合计", None, None, 601, 17500]], [(5, "pupils_primary", "601", "600")]),
    # it agrees with nothing: the usual rows
    (
        [ONE, ["小计", None, None, 1, None], TWO, ["小计", None, None, 2, None]],
        [(3, "pupils_primary", "1", "300"), (5, "pupils_primary", "2", "200")],
    ),
]


@pytest.mark.parametrize(("rows", "differs"), CASES)
def test_totals(tmp_path: Path, rows: Rows, differs: list[tuple[Any, ...]]) -> None:
    records = schools(tmp_path, [HEADER, *rows])
    told = records.notices.filter(rule="totals_differ").select("row", "column", "before", "after").rows()
    assert told == differs
    assert records.quarantine.is_empty()
