"""A header is found by the texts that may be part of one, as it would be found by all."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.read import header
from analysis.read.fields import Table, tables, units

JUNK = ("1704", "9901010001", "安溪县第一小学", "小学", "2008-08", "—", "合计", "注：说明", "Ⅲ", "年级", "1", "份", "/")


def texts(table: Table) -> list[str]:
    """Return whole headers of a table, their parts, and what people write beside them."""
    whole = [text for column in table.columns.values() for text in column.headers]
    parts = [part for text in whole for part in text.split("/")]
    return [*whole, *parts, *(f"{text}（{unit}）" for text in parts for unit in list(units())[:3]), *units()]


def composed(table: Table) -> list[str]:
    """Return headers whose columns are added up, or that imply a value."""
    columns = table.columns.values()
    return [text for column in columns for part in (*column.sums, *column.implied.values()) for text in part]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[pl.DataFrame, Table]:
    table = draw(st.sampled_from(list(tables().values())))
    cell = st.none() | st.sampled_from(JUNK) | st.sampled_from(texts(table)) | st.sampled_from(composed(table) or JUNK)
    width = draw(st.integers(1, 8))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6))
    return pl.DataFrame(rows, schema=[(f"c{place}", pl.String) for place in range(width)], orient="row"), table


@given(sheets())
def test_texts_that_can_be_no_part_of_a_header_do_not_matter(given: tuple[pl.DataFrame, Table]) -> None:
    cells, table = given
    found = header.find(cells, table)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(header, "_telling", lambda row, _: row)
        assert header.find(cells, table) == found


def test_numbers_and_names_tell_nothing_and_what_may_be_a_header_does() -> None:
    cells = pl.DataFrame({"c0": ["安溪县统计表", "学校代码", "9901010001"], "c1": [None, "学校名称", "安溪县第一小学"]})
    found = header.find(cells, tables()["schools"])
    assert found is not None
    assert (found.first, found.last, found.texts) == (1, 1, ("学校代码", "学校名称"))
    assert found.rows == (("学校代码", "学校名称"),)


def test_columns_that_are_added_up_are_bound() -> None:
    cells = pl.DataFrame({"c0": ["學校代碼"], "c1": ["男專任教師"], "c2": ["女專任教師"]})
    found = header.find(cells, tables()["schools"])
    assert found is not None
    assert found.bound()["teachers"].addends == (2,)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_header_ends_before_it_comes_again(depth: int) -> None:
    head = ["监测年度", "年级", "监测学科", "学业水平等级"]
    rows = [head, ["2024", "四年级", "数学", "Ⅳ"], ["2024", "四年级", "语文", "Ⅲ"]][: depth + 1]
    cells = pl.DataFrame([*rows, head, ["2024", "8", "数学", "Ⅳ"]], schema=list("abcd"), orient="row")
    found = header.find(cells.rename(dict(zip("abcd", ("c0", "c1", "c2", "c3"), strict=True))), tables()["monitoring"])
    assert found is not None
    assert (found.first, found.last) == (0, 0)
