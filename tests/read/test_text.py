import gzip
from pathlib import Path

import pytest
import xlwt

from analysis.errors import DataError
from analysis.read import encodings, grid
from analysis.read.text import separator_of
from tests.read.spelling import packed, unpacked
from tests.workbooks import book

CASES = Path(__file__).parent / "cases"


def _sheet(tmp_path: Path, content: str | bytes, encoding: str | None = None) -> grid.Sheet:
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (sheet,) = grid.read(path, "a.csv", encoding)
    return sheet


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b\n1,2\n3,4\n", set()),
        ("a,b\n1,500,2\n3,4\n", {2}),
        ("a,b\n1,500,\n3,4\n", {2}),
        ('a,b\n"1,500",2\n3,4\n', set()),
        ('a,b\n"x",1,500\n3,4\n', {2}),
        ("a,b\n3\n3,4,\n", {3}),
        ("\n\na,b\n1,2,3\n", {4}),
    ],
)
def test_rows_with_more_fields_than_their_header(tmp_path: Path, content: str, rows: set[int]) -> None:
    header = 2 if content.startswith("\n") else 0
    assert _sheet(tmp_path, content).too_long(header) == rows


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("a,b,c\n1,20,2400,,\n2,16,,,\n注,,,,\n", set()),  # as every row ends it is the file's way
        ("a,b,c\n1,20,2400,,\n2,16,1900\n", {2}),
        ("a,b,c\n1,20,2400,\n2,16,1900,,\n", {2, 3}),
        ("a,b,c\n1,500,20,\n2,600,16,\n", {2, 3}),  # 1,500 and 2,600, with nothing in the last column
        ("a,b,c\n1,500,20,\n2,60,16,\n", set()),
        ("a,b,c\n1,20,2400,,\n2,16,1900,,x\n", {2, 3}),
        ("a,b,c\n1,20,2400,,\n", {2}),
    ],
)
def test_blank_fields_at_the_end_of_every_row_are_no_doubt(tmp_path: Path, content: str, rows: set[int]) -> None:
    assert _sheet(tmp_path, content).too_long(0) == rows


def test_a_row_that_is_too_long_far_below_is_found(tmp_path: Path) -> None:
    content = "a,b\n" + "1,2\n" * 50_000 + "1,500,2\n"
    assert _sheet(tmp_path, content).too_long(0) == {50_002}


def test_the_case_of_an_unquoted_thousand(tmp_path: Path) -> None:
    assert _sheet(tmp_path, (CASES / "06-wide-csv-row" / "unq.csv").read_bytes()).too_long(0) == {2}


@pytest.mark.parametrize(
    ("head", "separator"),
    [
        ("a;b\n1,5;2,5\n2,5;3,5\n", ";"),
        ('a,b\n"x;y;z",1\n"u;v;w",2\n', ","),
        ("a\tb\n1,2,3\t4\n", "\t"),
        ("标题\na,b,c\n1;2,3,4\n", ","),
        ("a\n1\n", ","),
    ],
)
def test_a_separator_divides_rows_alike(head: str, separator: str) -> None:
    assert separator_of(head) == separator


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_three_ways(tmp_path: Path, end: str) -> None:
    assert _sheet(tmp_path, f"a,b{end}1,2{end}").cells.rows() == [("a", "b"), ("1", "2")]


def test_a_code_in_a_formula_of_text_is_a_code(tmp_path: Path) -> None:
    assert _sheet(tmp_path, 'a,b\n="0012",2\n"=""0013""",3\n').cells["c0"].to_list() == ["a", "0012", "0013"]


@pytest.mark.parametrize("content", ['a,b,c\n1,"x,3\n4,5,6\n7,8,9\n', 'a,b,c\n1,"x,3\n4,5,6\n7,"8,9\n'])
def test_a_quotation_mark_without_its_other_half_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match="2"):
        _sheet(tmp_path, content)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("big5", "big5"), ("big5cv", "big5"), ("cp949", "cp949"), ("latin1", "cp1252"), ("latin1c", "cp1252")],
)
def test_another_encoding_is_named_and_settled_by_a_person(tmp_path: Path, name: str, codec: str) -> None:
    content = (CASES / "19-encodings" / f"{name}.csv").read_bytes()
    with pytest.raises(DataError, match=codec) as caught:
        _sheet(tmp_path, content)
    assert "GB18030" in str(caught.value)
    assert _sheet(tmp_path, content, codec).cells.height > 2


def test_names_of_all_regions_in_gb18030_are_read() -> None:
    told = (Path(encodings.__file__).parents[1] / "provinces.yml").read_text(encoding="utf-8")
    names = [word for word in told.replace('"', " ").replace(":", " ").split() if not word.isascii()]
    assert len(names) > 30
    for name in names:
        assert encodings.decode(f"x,y\n{name},5\n".encode("gb18030"), "a.csv").count(name) == 1, name


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML-2003"),
        (b"%PDF-1.7", "PDF"),
    ],
)
@pytest.mark.parametrize("ending", ["xls", "xlsx", "csv"])
def test_what_is_not_what_its_ending_says_is_named(tmp_path: Path, content: bytes, kind: str, ending: str) -> None:
    (tmp_path / f"a.{ending}").write_bytes(content)
    with pytest.raises(DataError, match=kind):
        grid.read(tmp_path / f"a.{ending}", f"a.{ending}")


def test_what_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.read.parts.MOST_BYTES", 1 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"1,2\n" * (1 << 19)))
    with pytest.raises(DataError, match="1 MB"):
        grid.read(tmp_path / "a.csv.gz", "a.csv.gz")


def _old(path: Path) -> bytes:
    written = xlwt.Workbook()
    page = written.add_sheet("a")
    for row in range(20):
        page.write(row, 0, f"学校{row}")
        page.write(row, 1, row / 7)
    written.save(str(path))
    return path.read_bytes()


@pytest.mark.parametrize("ending", ["xls", "xlsx", "csv.gz"])
def test_damage_is_one_fault_and_nothing_on_the_terminal(
    tmp_path: Path, ending: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"a.{ending}"
    whole = {
        "xls": lambda: _old(path),
        "xlsx": lambda: book(path, [["a", "b"], [1, 2]]).read_bytes(),
        "csv.gz": lambda: gzip.compress(b"a,b\n1,2\n"),
    }[ending]()
    faults = 0
    for cut in range(9, len(whole), max(1, len(whole) // 60)):
        for content in (whole[:cut], whole[:cut] + bytes([whole[cut] ^ 0xFF]) + whole[cut + 1 :]):
            path.write_bytes(content)
            try:
                grid.read(path, path.name)
            except DataError:
                faults += 1
    assert faults > 10
    assert capfd.readouterr().err == ""


def test_a_part_of_an_odd_version_is_one_fault(tmp_path: Path) -> None:
    content = bytearray(book(tmp_path / "a.xlsx", [["a", "b"], [1, 2]]).read_bytes())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 6 : place + 8] = (99).to_bytes(2, "little")
        place = content.find(b"PK\x01\x02", place + 1)
    (tmp_path / "a.xlsx").write_bytes(bytes(content))
    with pytest.raises(DataError):
        grid.read(tmp_path / "a.xlsx", "a.xlsx")


def test_a_workbook_without_sheets_is_one_fault(tmp_path: Path) -> None:
    parts = unpacked(book(tmp_path / "a.xlsx", [["a", "b"]]).read_bytes())
    del parts["xl/worksheets/sheet1.xml"]
    (tmp_path / "a.xlsx").write_bytes(packed(parts))
    with pytest.raises(DataError):
        grid.read(tmp_path / "a.xlsx", "a.xlsx")


def test_errors_of_an_old_workbook_are_those_of_a_new_one() -> None:
    folder = CASES / "11-xls-error-cells"
    old, new = (grid.read(folder / f"formula_src.{ending}", f"a.{ending}")[0] for ending in ("xls", "xlsx"))
    assert old.cells.rows() == new.cells.rows()
    assert new.filled == (old.filled or 0) + 2  # readers of old workbooks give neither the error nor the formula
