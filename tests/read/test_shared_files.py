"""A file that several sources name: what of it is each one's own."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from analysis.read.shared_files import Share, share_of
from analysis.registered import Source
from tests.workbooks import HEADER

SCHOOLS = Source("a.xlsx", "990101", "schools", 2024)


def sheet(name: str = "学校", hidden: bool = False) -> Any:
    return SimpleNamespace(name=name, hidden=hidden)


def of(*sources: Source) -> list[Share]:
    catalogue: Any = SimpleNamespace(of_file=lambda file: sources)
    return [share_of(catalogue, source) for source in sources]


@pytest.mark.parametrize(
    ("named", "others", "hidden", "name", "is_hidden", "why"),
    [
        ("", (), None, "学校", False, ""),
        ("", (), None, "学校", True, "sheet_hidden"),
        ("", (), False, "学校", True, "sheet_hidden"),
        ("", (), True, "学校", True, ""),
        ("学校", (), None, "学校", True, ""),
        ("学校", (), None, "教室", False, "sheet_not_named"),
        ("", ("教室",), None, "教室", False, "sheet_not_named"),
        ("", ("教室",), None, "学校", False, ""),
    ],
)
def test_which_sheets_a_source_reads(
    named: str, others: tuple[str, ...], hidden: bool | None, name: str, is_hidden: bool, why: str
) -> None:
    share = Share(Source("a.xlsx", "990101", "schools", 2024, sheet=named, hidden=hidden), sheets=frozenset(others))
    assert share.unread(sheet(name, is_hidden)) == why
    assert share.reads(sheet(name, is_hidden)) == (why == "")


def test_the_first_source_of_a_file_has_what_belongs_to_none() -> None:
    rooms = Source("a.xlsx", "990101", "rooms", 2024, sheet="教室")
    before = Source("a.xlsx", "990101", "schools", 2023, where=(("年份", "2023"),))
    assert of(SCHOOLS) == [Share(SCHOOLS)]
    first, second, third = of(SCHOOLS, rooms, before)
    assert [share.first for share in (first, second, third)] == [True, False, False]
    assert (first.wheres, second.wheres, third.wheres) == ((before.where,), (before.where,), ())
    assert [set(share.sheets) for share in (first, second, third)] == [{"教室"}, set(), {"教室"}]
    assert [set(share.tables) for share in (first, second, third)] == [{"rooms"}, {"schools"}, {"rooms"}]


def test_a_block_that_is_not_read_is_left_to_whose_it_is() -> None:
    cells = pl.DataFrame([HEADER, ["9901010001", "甲", "小学", "300", "6000"]], orient="row")
    cells.columns = [f"c{place}" for place in range(cells.width)]
    page: Any = SimpleNamespace(name="学校", cells=cells)
    block: Any = SimpleNamespace(sheet=page, other="")
    rooms = Source("a.xlsx", "990101", "rooms", 2024)
    assert not Share(rooms).leaves(block, "sheet_headless")
    assert Share(rooms, first=False).leaves(block, "sheet_unknown")
    assert Share(rooms, sheets=frozenset({"学校"})).leaves(block, "sheet_unknown")
    # It has the heads of a table that another source names.
    theirs = Share(rooms, tables=frozenset({"schools"}))
    assert theirs.leaves(block, "sheet_headless")
    assert not theirs.leaves(block, "sheet_unknown")
    assert not Share(rooms, tables=frozenset({"teachers"})).leaves(block, "sheet_headless")
    other: Any = SimpleNamespace(sheet=page, other="schools")
    assert theirs.leaves(other, "sheet_unknown")
