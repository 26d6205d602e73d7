import gzip
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pandas
import polars as pl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from analysis.errors import DataError
from analysis.read import grid
from tests.read.spelling import SHEET, packed, unpacked
from tests.workbooks import Rows, book

ROWS: Rows = [
    ["标题", None],
    [None, None],
    ["学校代码", "名称"],
    ["9901010001", "甲，"],
    [None, None],
    ["0012", "丙"],
]
CELLS: list[tuple[Any, ...]] = [tuple(row) for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_read_in_every_encoding_with_all_rows_in_place(tmp_path: Path, encoding: str, packed: bool) -> None:
    content = "\r\n".join(",".join(cell or "" for cell in row) for row in ROWS).encode(encoding)
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(content) if packed else content)
    (sheet,) = grid.read(path, path.name)
    assert sheet.cells.rows() == CELLS


@pytest.mark.parametrize(("name", "separator"), [("a.tsv", "\t"), ("a.txt", "\t"), ("a.csv", ";"), ("a.csv", ",")])
def test_separators(tmp_path: Path, name: str, separator: str) -> None:
    (tmp_path / name).write_text(f"a{separator}b\n1{separator}2\n", encoding="utf-8")
    (sheet,) = grid.read(tmp_path / name, name)
    assert sheet.cells.rows() == [("a", "b"), ("1", "2")]


def test_quotes_breaks_in_cells_ragged_rows_and_leading_empty_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\n\na,b\n"1\n1","x,""y"\n2,3,4\n', encoding="utf-8")
    (sheet,) = grid.read(tmp_path / "a.csv", "a.csv")
    blank = (None, None, None)
    assert sheet.cells.rows() == [blank, blank, ("a", "b", None), ("1\n1", 'x,"y', None), ("2", "3", "4")]


def test_a_quote_inside_a_cell_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n"abc" d,2\n', encoding="utf-8")
    (sheet,) = grid.read(tmp_path / "a.csv", "a.csv")
    assert sheet.cells.rows()[1][1] == "2"


def test_rows_of_a_workbook_keep_their_numbers(tmp_path: Path) -> None:
    (sheet,) = grid.read(book(tmp_path / "a.xlsx", ROWS), "a.xlsx")
    assert sheet.cells.rows() == CELLS
    assert sheet.name == "学校"


def test_what_a_workbook_hides_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as written:
        page = written.add_worksheet()
        percent, two = written.add_format({"num_format": "0.0%"}), written.add_format({"num_format": "0.00"})
        page.write_row(0, 1, ["share", "month", "error", "formula", "number"])
        page.write_number(1, 1, 0.853, percent)
        page.write_number(1, 2, 2018.10, two)
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 4, "=B2+1", None, "")
        page.write_number(1, 5, 85.3)
    _strip_values(path)
    (sheet,) = grid.read(path, "a.xlsx")
    assert sheet.left == 1
    assert sheet.cells.rows()[1] == ("85.3%", "2018.10", "#DIV/0!", "=B2+1", "85.3")


def _strip_values(path: Path) -> None:
    """Take the stored value out of the formula in E2, as writers without a calculator leave it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    before = parts[name]
    parts[name] = before.replace(b"<f>B2+1</f><v></v>", b"<f>B2+1</f>")
    assert parts[name] != before
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_merged_cells_all_hold_the_value_and_a_title_does_not(tmp_path: Path) -> None:
    rows: Rows = [["标题", None, None], ["镇", "校", "数"], ["东镇", "甲", 1], [None, "乙", 2]]
    (sheet,) = grid.read(book(tmp_path / "a.xlsx", rows, merges=("A1:C1", "A3:A4")), "a.xlsx")
    assert sheet.cells.rows() == [
        ("标题", None, None),
        ("镇", "校", "数"),
        ("东镇", "甲", "1"),
        ("东镇", "乙", "2"),
    ]


def _broken(tmp_path: Path, name: str, content: bytes) -> DataError:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as fault:
        grid.read(tmp_path / name, name)
    assert name in str(fault.value)
    assert "\n" not in str(fault.value)
    return fault.value


def test_broken_files_are_told_in_one_line(tmp_path: Path) -> None:
    whole = book(tmp_path / "whole.xlsx", ROWS).read_bytes()
    empty = book(tmp_path / "empty.xlsx", []).read_bytes()
    locked = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert _broken(tmp_path, "a.xlsx", whole[: len(whole) // 2]).key == "file_broken"
    assert _broken(tmp_path, "b.xlsx", b"").key == "file_empty"
    assert _broken(tmp_path, "c.xlsx", empty).key == "file_empty"
    assert _broken(tmp_path, "d.xlsx", b"a,b\n1,2\n").key == "file_ending"
    assert _broken(tmp_path, "e.csv", whole).key == "file_ending"
    assert _broken(tmp_path, "f.xls", whole).key == "file_ending"
    assert _broken(tmp_path, "g.xlsx", locked).key == "file_password"
    assert _broken(tmp_path, "h.csv.gz", gzip.compress(b"a,b\n" * 999)[:20]).key == "file_broken"
    assert _broken(tmp_path, "i.csv", b"a,\xff\xff\xff\n").key == "file_encoding"
    assert _broken(tmp_path, "j.csv", b"a," + b"x" * (grid.LONGEST_CELL + 1)).key == "cell_too_long"
    assert _broken(tmp_path, "k.csv", b" \n\n").key == "file_empty"


@pytest.mark.parametrize(("encoding", "read"), [("UTF-8", True), ("GBK", True), ("UTF-88", False), ("x", False)])
def test_a_sheet_in_an_encoding_that_nobody_knows_is_told(tmp_path: Path, encoding: str, read: bool) -> None:
    parts = unpacked(book(tmp_path / "a.xlsx", [["a", "b"], [1, 2]]).read_bytes())
    content = packed(parts | {SHEET: parts[SHEET].replace(b"UTF-8", encoding.encode())})
    if read:
        (tmp_path / "a.xlsx").write_bytes(content)
        assert len(grid.read(tmp_path / "a.xlsx", "a.xlsx")) == 1
    else:
        assert _broken(tmp_path, "a.xlsx", content).key == "file_broken"


@pytest.mark.parametrize("above", [0, 1, 49_999, 60_000])
def test_a_long_cell_is_refused_wherever_it_stands(tmp_path: Path, above: int) -> None:
    lines = b"a,b\n" + b"1,2\n" * above
    (tmp_path / "a.csv").write_bytes(lines + b"1," + b"x" * grid.LONGEST_CELL + b"\n1,2\n")
    (sheet,) = grid.read(tmp_path / "a.csv", "a.csv")
    assert sheet.cells.height == above + 3
    for long in (b"x" * (grid.LONGEST_CELL + 1), b'"' + b"x\n" * (grid.LONGEST_CELL // 2 + 1) + b'"'):
        assert _broken(tmp_path, "b.csv", lines + b"1," + long + b"\n1,2\n").key == "cell_too_long"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.csv"):
        grid.read(tmp_path / "a.csv", "a.csv")


def test_trailing_empty_rows_cost_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n" + ",\n" * 100_000, encoding="utf-8")
    (sheet,) = grid.read(tmp_path / "a.csv", "a.csv")
    assert sheet.cells.height == 2
    assert sheet.cells.schema == pl.Schema({"c0": pl.String, "c1": pl.String})


def _old_workbook(path: Path) -> None:
    written = xlwt.Workbook()
    page = written.add_sheet("学校")
    page.write(0, 1, "学校代码")
    page.write_merge(1, 2, 1, 1, "镇")
    page.write(1, 2, 0.853, xlwt.easyxf(num_format_str="0.0%"))
    page.write(2, 2, 2018.10, xlwt.easyxf(num_format_str="0.00"))
    written.save(str(path))


def test_an_old_workbook_has_its_merges_and_formats(tmp_path: Path) -> None:
    _old_workbook(tmp_path / "a.xls")
    (sheet,) = grid.read(tmp_path / "a.xls", "a.xls")
    assert sheet.cells.rows() == [("学校代码", None), ("镇", "85.3%"), ("镇", "2018.10")]
    assert (sheet.left, sheet.styled) == (1, True)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_workbooks_of_libreoffice(tmp_path: Path, ending: str) -> None:
    _old_workbook(tmp_path / "a.xls")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", ending]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "a.xls")], check=True, capture_output=True)
    (sheet,) = grid.read(tmp_path / f"a.{ending}", f"a.{ending}")
    assert sheet.cells.rows() == [("学校代码", None), ("镇", "85.3%"), ("镇", "2018.10")]
    assert (sheet.left, sheet.styled) == (1, True)


def test_a_workbook_of_pandas(tmp_path: Path) -> None:
    frame = pandas.DataFrame({"学校代码": ["0012", None], "图书册数": [1, 2.5]})
    frame.to_excel(tmp_path / "a.xlsx", index=True, sheet_name="表", engine="openpyxl")
    (sheet,) = grid.read(tmp_path / "a.xlsx", "a.xlsx")
    assert sheet.cells.rows() == [(None, "学校代码", "图书册数"), ("0", "0012", "1"), ("1", None, "2.5")]


def test_an_open_document_without_an_office(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    page = Table(name="学校")
    for cells in ([("string", "率")], [("percentage", 0.1496)]):
        row = TableRow()
        row.addElement(TableCell())
        for kind, value in cells:
            cell = TableCell(valuetype=kind, **({"value": value} if kind != "string" else {}))
            cell.addElement(P(text=str(value)))
            row.addElement(cell)
        page.addElement(row)
    document.spreadsheet.addElement(page)
    document.save(str(tmp_path / "a.ods"))
    (sheet,) = grid.read(tmp_path / "a.ods", "a.ods")
    assert sheet.cells.rows() == [("率",), ("14.96%",)]
    assert sheet.left == 1


def test_a_hidden_sheet_is_marked(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as written:
        for name in ("看", "藏"):
            written.add_worksheet(name).write(0, 0, "x")
        written.get_worksheet_by_name("藏").hide()
    assert [(sheet.name, sheet.hidden) for sheet in grid.read(tmp_path / "a.xlsx", "a.xlsx")] == [
        ("看", False),
        ("藏", True),
    ]


def _rewritten(path: Path, more: bytes) -> Path:
    """Add rows to the XML of a small workbook."""
    book(path, [["学校代码", "学校名称"], ["9901010001", "甲"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", more + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ1000000", "AAA40000"])
def test_a_stray_cell_far_away_is_named_before_it_fills_the_memory(tmp_path: Path, cell: str) -> None:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    path = _rewritten(tmp_path / "a.xlsx", f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>'.encode())
    with pytest.raises(DataError, match=rf"a\.xlsx.*学校.*{cell}") as fault:
        grid.read(path, "a.xlsx")
    assert fault.value.key == "sheet_too_wide"


def test_empty_cells_far_away_are_no_fault(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="XFD%d"/></row>' % (n, n, n) for n in range(3, 50_000))
    (sheet,) = grid.read(_rewritten(tmp_path / "a.xlsx", rows), "a.xlsx")
    assert sheet.cells.height == 2


def test_a_cell_of_a_book_is_named(tmp_path: Path) -> None:
    long = b'<row r="3"><c r="B3" t="inlineStr"><is><t>' + b"x" * (grid.LONGEST_CELL + 1) + b"</t></is></c></row>"
    with pytest.raises(DataError, match=r"a\.xlsx.*学校.*B3") as fault:
        grid.read(_rewritten(tmp_path / "a.xlsx", long), "a.xlsx")
    assert fault.value.key == "cell_too_long"


def test_a_part_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.read.parts.MOST_BYTES", 1000)
    with pytest.raises(DataError) as fault:
        grid.read(_rewritten(tmp_path / "a.xlsx", b"<!--" + b" " * 2000 + b"-->"), "a.xlsx")
    assert fault.value.key == "file_too_large"


def test_workbooks_under_each_others_names(tmp_path: Path) -> None:
    content = _rewritten(tmp_path / "a.xlsx", b"").read_bytes()
    (tmp_path / "a.ods").write_bytes(content)
    with pytest.raises(DataError, match="xlsx") as fault:
        grid.read(tmp_path / "a.ods", "a.ods")
    assert fault.value.key == "file_ending"


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u3000"])
@pytest.mark.parametrize("line", ["{}a,b", "a{},b", "a,{}b", "a,b{}", '"{}a",b', 'a,"b{}"'])
def test_spaces_around_cells_go_wherever_they_stand(tmp_path: Path, space: str, line: str) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + line.format(space), encoding="utf-8")
    (sheet,) = grid.read(tmp_path / "a.csv", "a.csv")
    assert sheet.cells.rows()[1] == ("a", "b")


def test_a_sheet_of_white_space_is_counted_and_none_where_all_are(tmp_path: Path) -> None:
    for name, cells in (("a", {"空": " ", "学校": "x"}), ("b", {"空": " ", "学校": "\u3000"})):
        with xlsxwriter.Workbook(tmp_path / f"{name}.xlsx") as written:
            for sheet, cell in cells.items():
                written.add_worksheet(sheet).write_string(3, 2, cell)
    found = grid.read(tmp_path / "a.xlsx", "a.xlsx")
    assert [(sheet.name, sheet.filled, sheet.blank) for sheet in found] == [("空", 1, True), ("学校", 1, False)]
    assert [sheet.name for sheet in grid.own(tmp_path / "a.xlsx", "ledger_unreadable")] == ["学校"]
    with pytest.raises(DataError) as fault:
        grid.read(tmp_path / "b.xlsx", "b.xlsx")
    assert fault.value.key == "file_empty"
