import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.read import anytable, fieldcheck, grid, ledger
from tests.read.spelling import SHEET, SPELLINGS, packed, unpacked

#: Beside each cell: what a reader of the sheet sees there.
SEEN = [
    (None,) * 6,
    ("代码", "比率", "日期", "镇", "人数", "值"),
    ("0000000012", "17.3%", "2020-01-02 00:00:00", "东镇", "300", "7万"),
    ("0013", "true", "#DIV/0!", "东镇", "=A1", None),
    ("abc", "1.5", "2", None, None, None),
]
FILLED = 6 + 6 + 6 + 3


def _book(path: Path) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("学校")
        look = {
            name: book.add_format({"num_format": code})
            for name, code in (("share", "0.0%"), ("day", "yyyy-mm-dd"), ("code", "0" * 10), ("unit", '0"万"'))
        }
        page.write_row(1, 1, SEEN[1])
        page.write_number(2, 1, 12, look["code"])
        page.write_number(2, 2, 0.173, look["share"])
        page.write_datetime(2, 3, datetime(2020, 1, 2), look["day"])
        page.merge_range("E3:E4", "东镇")
        page.write_number(2, 5, 300)
        page.write_number(2, 6, 7, look["unit"])
        page.write_string(3, 1, "0013")
        page.write_boolean(3, 2, True)
        page.write_formula(3, 3, "=1/0", None, "#DIV/0!")
        page.write_formula(3, 5, "=A1", None, "")
        page.write_string(3, 6, "  ")
        page.write_rich_string(4, 1, "a", book.add_format({"bold": True}), "b", "c")
        page.write_number(4, 2, 1.5)
        page.write_formula(4, 3, "=1+1", None, 2)
        page.set_row(3, None, None, {"hidden": True})
        page.set_column("C:C", None, None, {"hidden": True})
        book.add_worksheet("旧表").write(0, 0, "x")
        book.get_worksheet_by_name("旧表").hide()
    return path.read_bytes()


def _read(content: bytes, folder: Path) -> list[grid.Sheet]:
    (folder / "a.xlsx").write_bytes(content)
    return grid.read(folder / "a.xlsx", "a.xlsx")


def _counted(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return sum(cell is not None for page in book for row in page.iter_rows(values_only=True) for cell in row)


@pytest.mark.parametrize("spelling", [None, *SPELLINGS])
def test_every_spelling_says_the_same(spelling: str | None, tmp_path: Path) -> None:
    parts = unpacked(_book(tmp_path / "usual.xlsx"))
    first, second = _read(packed(SPELLINGS[spelling](parts) if spelling else parts), tmp_path)
    assert first.cells.rows() == SEEN
    assert first.left == 1
    assert (first.hidden, second.hidden) == (False, True)
    assert (set(first.hidden_rows), set(first.hidden_columns)) == ({4}, {1})
    assert [(mark.rule, mark.row, mark.position) for mark in first.marks] == [("format_beside", 3, 5)]
    assert first.filled == _counted(packed(parts)) - 1
    assert first.present is not None
    assert first.present.rows()[3] == (True, True, True, False, True, True)


@pytest.mark.parametrize(
    "spelling", [None, "strict", "prefixed", "single quotes", "UTF-16", "attributes in another order"]
)
def test_a_stray_cell_is_named_in_every_spelling(spelling: str | None, tmp_path: Path) -> None:
    parts = unpacked(_book(tmp_path / "usual.xlsx"))
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", stray)
    with pytest.raises(DataError, match="XFD1048576"):
        _read(packed(SPELLINGS[spelling](parts) if spelling else parts), tmp_path)


CELLS = st.one_of(
    st.none(), st.integers(-5, 10**7), st.floats(-1e6, 1e6), st.booleans(),
    st.sampled_from(["学校", " ", "", "0012", "=1+1", "=A1", "#N/A", "#DIV/0!", "a\nb", "'x"]),
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6)


def _written(rows: list[list[Any]], writer: str, merge: bool) -> bytes:
    stream = io.BytesIO()
    if writer == "openpyxl":
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        for row in rows:
            page.append(row)
        if merge:
            page["A1"] = "x"
            page.merge_cells("A1:B2")
        book.save(stream)
        return stream.getvalue()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as written:
        sheet = written.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number + 1, column + 1, cell)
        if merge:
            sheet.merge_range("B2:C3", "x")
    return stream.getvalue()


@settings(max_examples=60, deadline=None)
@given(TABLES, st.sampled_from(["openpyxl", "xlsxwriter"]), st.booleans())
def test_cells_are_counted_as_openpyxl_counts_them(rows: list[list[Any]], writer: str, merge: bool) -> None:
    content = _written(rows, writer, merge)
    counted = _counted(content)
    with tempfile.TemporaryDirectory() as folder:
        if all(not str("" if cell is None else cell).strip() for row in rows for cell in row) and not merge:
            with pytest.raises(DataError):
                _read(content, Path(folder))
        else:
            assert sum(sheet.filled or 0 for sheet in _read(content, Path(folder))) == counted


def test_a_stray_cell_is_named_by_every_way_in(tmp_path: Path) -> None:
    parts = unpacked(_book(tmp_path / "usual.xlsx"))
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", stray)
    path = tmp_path / "stray.xlsx"
    path.write_bytes(packed(parts))
    for way in (anytable.open_table, ledger.entries, fieldcheck.read):
        with pytest.raises(DataError, match="XFD1048576"):
            way(path)
