"""Digits that are raised, lowered or struck out are no digits of a number, in every kind of workbook."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from analysis.clean import Records
from analysis.read import grid
from tests.read.by_hand import BASE, ONE, TWO, hold_the_law, told
from tests.read.spelling import SPELLINGS, packed, unpacked
from tests.read.test_ods import document, number, row, text
from tests.workbooks import COUNTY, cleaned

HEAD = [*BASE, "在校学生数/小学", "图书册数"]
#: Runs of a cell: text, and what makes it differ.
Run = tuple[str, str]


def books(folder: Path, *runs: Run, font: str = "", value: Any = None) -> Records:
    """Return what is read of a sheet of schools, the first of which has so many books."""
    path = folder / COUNTY / "schools_2024.xlsx"
    path.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("学校")
        kinds = {
            name: book.add_format(said)
            for name, said in {
                "raised": {"font_script": 1},
                "lowered": {"font_script": 2},
                "struck": {"font_strikeout": True},
                "bold": {"bold": True},
            }.items()
        }
        for at, cells in enumerate([HEAD, [*ONE, 600], [*TWO, 450, 11000]]):
            page.write_row(at, 0, cells)
        if runs:
            parts = [part for said, kind in runs for part in ((kinds[kind], said) if kind else (said,))]
            page.write_rich_string(1, 4, *parts)
        else:
            page.write(1, 4, value, kinds.get(font))
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


@pytest.mark.parametrize(
    ("runs", "value", "rule"),
    [
        ([("15000", ""), ("1", "raised")], 15000, "note_mark"),
        ([("15000", "bold"), ("12", "raised")], 15000, "note_mark"),
        ([("15000", ""), ("(1)", "raised")], 15000, "note_mark"),
        ([("15000", ""), ("2", "lowered")], 15000, "note_mark"),
        ([("10", ""), ("3", "raised")], None, "text_in_number_value"),
        ([("1", ""), ("5", "raised"), ("000", "")], None, "text_in_number_value"),
        ([("15000", "struck"), ("16000", "")], None, "struck_out_value"),
        ([("16000", ""), ("15000", "struck")], None, "struck_out_value"),
        ([("15", "bold"), ("000", "")], 15000, None),
    ],
)
def test_digits_of_another_look(runs: list[Run], value: int | None, rule: str | None, tmp_path: Path) -> None:
    records = books(tmp_path, *runs)
    assert records.schools["books"].to_list() == [value, 11000]
    lost = int(value is None)
    assert told(records, "note_mark", "struck_out_value", "text_in_number_value") == (
        [(rule, "E2", lost)] if rule else []
    )


@pytest.mark.parametrize(
    ("value", "font", "kept", "rule"),
    [
        (15000, "struck", None, "struck_out_value"),
        ("15000", "struck", None, "struck_out_value"),
        (15000, "raised", None, "text_in_number_value"),
        (15000, "bold", 15000, None),
    ],
)
def test_a_cell_of_another_look(value: Any, font: str, kept: int | None, rule: str | None, tmp_path: Path) -> None:
    records = books(tmp_path, value=value, font=font)
    assert records.schools["books"].to_list() == [kept, 11000]
    assert told(records, "struck_out_value", "text_in_number_value") == ([(rule, "E2", 1)] if rule else [])


def test_the_same_text_without_a_look_stays_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, raised = book.add_worksheet(), book.add_format({"font_script": 1})
        page.write_rich_string(0, 0, "45", raised, "2")
        page.write_string(1, 0, "452")
        page.write_number(2, 0, 452)
    assert grid.read(path, "a.xlsx")[0].cells["c0"].to_list() == ["45²", "452", "452"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_in_every_spelling(spelling: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
        page.write_rich_string(0, 0, "1", book.add_format({"font_script": 1}), "2", "0")
        page.write_number(1, 0, 7, struck)
        page.write_row(2, 0, ["x", 120])
    path.write_bytes(packed(SPELLINGS[spelling](unpacked(path.read_bytes()))))
    rows = grid.read(path, "a.xlsx")[0].cells.rows()
    assert rows == [("1²0", None), ("7\u0336", None), ("x", "120")]


def test_inline_strings_have_runs_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["HERE", "x"])
    parts = unpacked(path.read_bytes())
    run = "<r><rPr><strike{}/></rPr><t>9</t></r><r><t>85</t></r>"
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for said, seen in (("", "9\u033685"), (' val="0"', "985"), (' val="1"', "9\u033685")):
        cell = f'<c r="A1" t="inlineStr"><is>{run.format(said)}</is></c>'
        parts["xl/worksheets/sheet1.xml"] = sheet.replace('<c r="A1" t="s"><v>0</v></c>', cell).encode()
        path.write_bytes(packed(parts))
        assert grid.read(path, "a.xlsx")[0].cells.row(0) == (seen, "x")


_STYLES = (
    '<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/>'
    '</style:style><style:style style:name="down" style:family="text"><style:text-properties'
    ' style:text-position="-33% 58%"/></style:style><style:style style:name="gone" style:family="text">'
    '<style:text-properties style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>'
    '<style:style style:name="none" style:family="text"><style:text-properties style:text-position="0% 100%"'
    ' style:text-line-through-type="none"/></style:style><style:style style:name="void" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="heir" style:family="table-cell" style:parent-style-name="void"/>'
)


def _span(style: str, said: str) -> str:
    return f'<text:span text:style-name="{style}">{said}</text:span>'


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (text("15000" + _span("up", "1")), "15000¹"),
        (text("15000" + _span("down", "1")), "15000₁"),
        (text(_span("gone", "9") + "85"), "9\u033685"),
        (text(_span("none", "9") + "85"), "985"),
        (text("11<text:line-break/>000"), "11\n000"),
        (text("11<text:tab/>000"), "11\t000"),
        (text('11<text:s text:c="2"/>000'), "11  000"),
        (number(7).replace("<table:table-cell", '<table:table-cell table:style-name="void"'), "7\u0336"),
        (number(7).replace("<table:table-cell", '<table:table-cell table:style-name="heir"'), "7\u0336"),
        (text("7").replace("<table:table-cell", '<table:table-cell table:style-name="void"'), "7\u0336"),
        (text(_span("none", "7")).replace("<table:table-cell", '<table:table-cell table:style-name="void"'), "7\u0336"),
        (number(7).replace("<table:table-cell", '<table:table-cell table:style-name="other"'), "7"),
    ],
)
def test_texts_of_an_open_document(cell: str, seen: str, tmp_path: Path) -> None:
    path = document(tmp_path / "a.ods", row(text("x"), cell), styles=_STYLES)
    assert grid.read(path, "a.ods")[0].cells.row(0) == ("x", seen)


def test_the_usual_style_of_a_column_is_that_of_its_cells(tmp_path: Path) -> None:
    column = '<table:table-column/><table:table-column table:default-cell-style-name="void"/>'
    path = document(tmp_path / "a.ods", column + row(number(5), number(7)), styles=_STYLES)
    assert grid.read(path, "a.ods")[0].cells.row(0) == ("5", "7\u0336")


def test_texts_of_an_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("学校")
    raised, struck = (xlwt.easyfont(said) for said in ("escapement superscript", "struck_out true"))
    page.write_rich_text(0, 0, ("15000", ("1", raised)))
    page.write_rich_text(1, 0, (("9", struck), "85"))
    page.write(2, 0, 7, xlwt.easyxf("font: struck_out true"))
    page.write(3, 0, 7, xlwt.easyxf("font: bold true"))
    page.write_rich_text(4, 0, (("9", xlwt.easyfont("bold true")), "85"))
    book.save(str(tmp_path / "a.xls"))
    seen = grid.read(tmp_path / "a.xls", "a.xls")[0].cells["c0"].to_list()
    assert seen == ["15000¹", "9\u033685", "7\u0336", "7", "985"]
