"""Workbooks print on A4 across so that they can be read: in type of seven points at least, heads on every page."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from analysis import decisions
from analysis.read.fields import tables
from analysis.render import Meta, register, template
from analysis.render.decisions import lay
from analysis.tell import Report

#: Inches across a page, dots of an inch, of a character, and of a column that says nothing; points that can be read.
ACROSS, DOTS, CHARACTER, USUAL, LEAST = 11.69, 96, 7, 64, 7.0


def columns(sheet: Worksheet) -> list[float]:
    """Return how many dots wide each printed column is."""
    last = range_boundaries(str(sheet.print_area).split("!")[-1])[2] if sheet.print_area else sheet.max_column
    widths = dict.fromkeys(range(1, (last or 1) + 1), float(USUAL))
    for held in sheet.column_dimensions.values():
        for column in range(held.min, held.max + 1):
            if column in widths:
                widths[column] = 0 if held.hidden else held.width * CHARACTER
    return list(widths.values())


def points(sheet: Worksheet) -> float:
    """Return in what type most of a sheet prints, as a program does that fits it to its pages."""
    across = (ACROSS - sheet.page_margins.left - sheet.page_margins.right) * DOTS
    sizes = Counter(cell.font.sz for row in sheet.iter_rows(max_row=60) for cell in row if cell.value is not None)
    widths, pages = columns(sheet), sheet.page_setup.fitToWidth
    pages = 1 if pages is None else int(pages)
    titles = sheet.print_title_cols
    kept = sum(widths[: range_boundaries(titles)[2]]) if titles else 0.0
    wide = kept + (sum(widths) - kept) / pages
    return float(sizes.most_common(1)[0][0] * min(across / wide, 1))


def sheets(path: Path) -> Iterator[Worksheet]:
    """Yield the sheets that people see."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        if sheet.sheet_state == "visible":
            yield sheet


def hold(path: Path) -> None:
    for sheet in sheets(path):
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert int(sheet.page_setup.paperSize) == 9, sheet.title
        assert sheet.print_title_rows, sheet.title
        assert points(sheet) >= LEAST, (sheet.title, points(sheet))
        pages = sheet.page_setup.fitToWidth
        assert (pages is None or int(pages) == 1) == (sheet.print_title_cols is None), sheet.title


@pytest.mark.parametrize("table", sorted(tables()))
def test_blank_workbooks_print_readable(table: str, tmp_path: Path) -> None:
    hold(template.write(table, tmp_path / "blank.xlsx", 2024))


def test_with_parts_asked_for_too(tmp_path: Path) -> None:
    path = template.write("schools", tmp_path / "blank.xlsx", 2024, parts=True)
    hold(path)
    (sheet,) = sheets(path)
    assert str(sheet.print_title_cols).replace("$", "") == "A:B"


def test_what_a_county_decides_prints_readable(tmp_path: Path) -> None:
    path = lay(tmp_path, "990101")
    assert path == decisions.path_of(tmp_path, "990101")
    hold(path)


def test_the_annex_prints_readable(built: Path) -> None:
    hold(built / "annex.xlsx")


def test_the_evidence_prints_readable(report: Report, meta: Meta, tmp_path: Path) -> None:
    register.write(report, tmp_path / "evidence.xlsx", meta)
    hold(tmp_path / "evidence.xlsx")
    register.write_form(report, tmp_path / "form.xlsx")
    hold(tmp_path / "form.xlsx")


@pytest.mark.parametrize(("pages", "enough"), [(1, False), (3, True)])
def test_a_sheet_too_wide_for_its_pages_is_found(pages: int, enough: bool, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "wide.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["一"] * 30)
        sheet.set_column(0, 29, 14)
        sheet.set_landscape()
        sheet.fit_to_pages(pages, 0)
    (found,) = sheets(tmp_path / "wide.xlsx")
    assert (points(found) >= LEAST) == enough
