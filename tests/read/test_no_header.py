"""Files that are no table as they stand: what is said of them, and what is read all the same."""

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from analysis.clean import clean
from analysis.errors import DataError
from analysis.read import grid, header, text
from analysis.sources import load
from tests.read.by_hand import BASE, ONE, TWO, read
from tests.read.spelling import SHEET, packed, unpacked
from tests.workbooks import COUNTY, Rows, book


def refused(folder: Path) -> str:
    """Return what is said of a county whose only file can't be used."""
    faults: list[DataError] = []
    clean(load(folder), COUNTY, faults)
    (fault,) = faults
    return fault.key


def hidden(path: Path, visible: list[list[str]], away: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as written:
        for name, rows in (("封面", visible), ("学校", away)):
            page = written.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            if name == "学校":
                page.hide()


def test_a_table_that_is_hidden(tmp_path: Path) -> None:
    path = tmp_path / COUNTY / "schools_2024.xlsx"
    hidden(path, [["某县教育局"]], [BASE, ONE])
    assert refused(tmp_path) == "header_hidden"
    hidden(path, [["某县教育局"]], [["名称", "值"], ["a", "b"]])
    assert refused(tmp_path) == "header_missing"
    hidden(path, [BASE, TWO], [BASE, ONE])
    assert clean(load(tmp_path), COUNTY).schools["name"].to_list() == ["二小"]


@pytest.mark.parametrize(("above", "said"), [(header.DEEPEST_START - 1, ""), (header.DEEPEST_START, "header_deep")])
def test_a_header_far_down(above: int, said: str, tmp_path: Path) -> None:
    book(tmp_path / COUNTY / "schools_2024.xlsx", [*[["说明"]] * above, BASE, ONE])
    if said:
        assert refused(tmp_path) == said
    else:
        assert clean(load(tmp_path), COUNTY).schools.height == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("学校代码，学校名称，办学类型\n9901010001，一小，小学", "separator_wide"),
        ("学校代码，学校名称\n", "header_missing"),
        ('[{"学校代码": "9901010001", "学校名称": "一小"}]', "file_kind"),
        ('{\n "schools": []}', "file_kind"),
        ("[注]学校代码\n", "header_missing"),
    ],
)
def test_a_text_that_is_no_table(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / COUNTY / "schools_2024.csv"
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    assert refused(tmp_path) == said


@pytest.mark.parametrize("marks", [0, 1, 2, 3])
def test_marks_of_utf_8_are_no_text(marks: int) -> None:
    content = b"\xef\xbb\xbf" * marks + "代码,名称\n1,一小\n".encode()
    assert text.read(content, "csv", "a.csv").cells.rows() == [("代码", "名称"), ("1", "一小")]


def test_space_around_a_stored_number_is_none_of_it(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["名称", "册数"], ["一小", 15000]])
    parts = unpacked(path.read_bytes())
    plain = parts[SHEET].replace(b'<c r="B2">', b'<c r="B2" t="n">')
    parts[SHEET] = plain.replace(b"<v>15000</v>", b"<v> 15000\n</v>")
    assert parts[SHEET] != plain
    path.write_bytes(packed(parts))
    assert grid.read(path, "a.xlsx")[0].cells.rows() == [("名称", "册数"), ("一小", "15000")]
    assert openpyxl.load_workbook(path).worksheets[0]["B2"].value == 15000
    parts[SHEET] = plain.replace(b"<v>15000</v>", b"<v>15 000</v>")
    path.write_bytes(packed(parts))
    with pytest.raises(DataError) as fault:
        grid.read(path, "a.xlsx")
    assert fault.value.key == "file_broken"


@pytest.mark.parametrize("name", ["ExpatError", "XMLSyntaxError", "calamine", "binary"])
def test_what_is_broken_is_said_in_plain_words(name: str, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["名称", "册数"], ["一小", 15000]])
    parts = unpacked(path.read_bytes())
    part = "xl/workbook.xml" if name == "XMLSyntaxError" else SHEET
    cut = (
        parts[part].replace(b'<c r="B2"><v>15000</v>', b'<c r="B2" t="n"><v>x</v>')
        if name == "calamine"
        else parts[part][:-9]
    )
    path.write_bytes(b"a,b\0\n1,2\n" if name == "binary" else packed(parts | {part: cut}))
    with pytest.raises(DataError) as fault:
        grid.read(path, "a.csv" if name == "binary" else "a.xlsx")
    assert name not in str(fault.value)


def test_a_header_from_top_to_bottom_is_told_with_its_column(tmp_path: Path) -> None:
    rows: Rows = [[*BASE, "图书册数"], [*ONE, 100], [*TWO, 200]]
    turned = [list(row) for row in zip(*rows, strict=True)]
    for above in ([], [["青溪县2024年学校情况"]]):
        with pytest.raises(DataError) as found:
            read(tmp_path, [*above, *turned])
        assert (found.value.key, found.value.values["column"]) == ("header_turned", "A")
    with pytest.raises(DataError) as found:
        read(tmp_path, [["学校", "一小", "二小"], ["图书", 100, 200]])
    assert found.value.key == "header_missing"
