"""What an entry says of a file that has no such thing is an error, and never passed over."""

from pathlib import Path

import pytest

from analysis.errors import DataError
from tests.read.by_hand import BASE, ONE, read
from tests.workbooks import Rows

ROWS: Rows = [[*BASE, "图书册数", "计算机台数"], [*ONE, 100, 20]]


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("columns: {books: ZZ}", "column_place_absent"),
        ("columns: {books: 藏书}", "column_place_absent"),
        ("columns: {books: D, computers: d}", "column_named_twice"),
        ("columns: {bookz: D}", "column_named_absent"),
        ("units: {books: 万元}", "unit_named_wrong"),
        ("units: {books: 坨}", "unit_named_wrong"),
        ("units: {bookz: 册}", "column_named_absent"),
    ],
)
def test_an_entry_that_fits_nothing_is_refused(tmp_path: Path, entry: str, key: str) -> None:
    with pytest.raises(DataError) as found:
        read(tmp_path, ROWS, entry)
    assert found.value.key == key


@pytest.mark.parametrize(
    ("entry", "books", "computers"),
    [
        ("columns: {books: E, computers: D}", 20, 100),
        ("columns: {books: 计算机台数, computers: D}", 20, 100),
        ("columns: {books: d}", 100, 20),
        ("units: {books: 千册}", 100_000, 20),
        ("units: {books: 册}", 100, 20),
    ],
)
def test_an_entry_that_fits_decides(tmp_path: Path, entry: str, books: int, computers: int) -> None:
    assert read(tmp_path, ROWS, entry).schools.select("books", "computers").row(0) == (books, computers)
