"""A workbook in the look of the reports: marked sheets, frozen heads, numbers as shown, words that stay words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from analysis.brand import brand
from analysis.places import here_in
from analysis.tables import Verdict
from analysis.tell.case.setting import Setting
from analysis.tell.parts.table import CLASS_OF

from .meta import Meta, words_of
from .whole_workbook import AS_TYPED, WholeWorkbook

#: A cell that a spreadsheet would take for a formula when it is typed again.
STEERING = ("=", "+", "-", "@", "\t", "\r")
HEAD_ROW = 2
WIDEST = 48
#: Columns (pixels) that stand side by side on a page in type of seven points; a line's height (points), and how many
#: characters of a note a column has room for at least; A4 as Excel counts kinds of paper.
ABREAST, LINE, NARROW, A4 = 1330, 14, 10, 9


def opened(path: Path, meta: Meta) -> xlsxwriter.Workbook:
    """Return a workbook that is written to `path` when it is closed; the same bytes for the same content."""
    book = WholeWorkbook(path, {**AS_TYPED, "strings_to_numbers": False})
    book.set_properties(
        {
            "title": meta.title,
            "subject": meta.subtitle,
            "author": meta.office,
            "created": datetime.fromisoformat(meta.date),
            "keywords": ", ".join(meta.keywords),
        }
    )
    book.set_calc_mode("auto")
    return book


def print_across(sheet: Worksheet, heads: int = 1, left: int = 1) -> None:
    """Have a form that people fill in, whose columns are set, print on A4 across so that it can be read: the rows of
    its heads on every page, and where it is too wide for one the columns at its left on each."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0, heads - 1)
    sheet.set_footer("&C— &P / &N —")
    _abreast(sheet, left)


def _abreast(sheet: Worksheet, left: int) -> None:
    """Print a sheet on as many pages side by side as its columns need, the first `left` of them on each."""
    printed = re.findall(r"\$[A-Z]+\$\d+", sheet.print_area_range)
    last = xl_cell_to_rowcol(printed[-1])[1] if printed else max(sheet.col_info, default=0)
    widths = [column.width for at, column in sorted(sheet.col_info.items()) if at <= last and not column.hidden]
    kept = sum(widths[:left])
    pages = 1 if sum(widths) <= ABREAST else ceil((sum(widths) - kept) / max(ABREAST - kept, 1))
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0, left - 1)


def lines(text: str, wide: float) -> int:
    """Return how many lines a text takes in so many characters; a tenth more, for programs break a little earlier than
    characters tell."""
    return max(ceil(1.1 * breadth(text) / wide), 1)


@dataclass(frozen=True)
class Worked:
    """A verdict on `what`, worked out in a cell, and as it is reported."""

    what: str
    cell: str
    reported: str


class Workbook:
    """A workbook in the making."""

    def __init__(self, setting: Setting, meta: Meta, book: xlsxwriter.Workbook) -> None:
        self.setting, self.meta, self.book = setting, meta, book
        self.words: dict[str, Any] = here_in(words_of(setting.lang)["annex"], setting.places, setting.lang)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.pages: list[tuple[str, str]] = []
        self._contents = ""

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties, the same object each time."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "等线", "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self.book.add_format(base | properties)
        return self._formats[key]

    def sheet(self, name: str, title: str, columns: int) -> Worksheet:
        """Add the sheet `name` of the annex."""
        return self.page(str(self.words["sheets"][name]), title)

    def page(self, called: str, title: str) -> Worksheet:
        """Add a sheet with its title, the mark of synthetic data, and the set-up of its print."""
        sheet = self.book.add_worksheet(called)
        ink, mark = brand().colours["ink"], brand().colours["vermilion"]
        style = self.format(bold=True, font_size=13, font_color=ink)
        if self._contents:
            back = str(self.words["contents"]["back"])
            sheet.write_url(0, 0, f"internal:'{self._contents}'!A1", style, string=title, tip=back)
        else:
            sheet.write_string(0, 0, title, style)
        self.pages.append((called, title))
        sheet.write_string(1, 0, self.meta.mark, self.format(font_color=mark))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_header(f"&L{plain(self.meta.header)}&R{plain(self.meta.mark)}")
        sheet.set_footer("&C— &P —")
        sheet.hide_gridlines(2)
        return sheet

    def contents(self) -> Worksheet:
        """Add the sheet that will list all others; the title of each that follows leads back to it."""
        called = str(self.words["sheets"]["contents"])
        sheet = self.page(called, self.meta.title)
        self._contents = called
        return sheet

    def list_sheets(self, sheet: Worksheet, verdicts: Sequence[Worked] = ()) -> None:
        """Fill the sheet of contents: a link to each sheet, and the verdicts as they are worked out now."""
        words: dict[str, str] = self.words["contents"]
        self.heads(sheet, [words["sheet"], words["holds"]])
        link = self.format(font_color=brand().colours["blue"], underline=1)
        row = HEAD_ROW
        for called, title in self.pages[1:]:
            row += 1
            sheet.write_url(row, 0, f"internal:'{called}'!A1", link, string=called)
            self.text(sheet, row, 1, title)
        if verdicts:
            row += 2
            self.note(sheet, row, words["how"], len(("field", "now", "reported")))
            style = self.format(bold=True, bottom=1, bg_color=brand().colours["faint"], align="center")
            for column, name in enumerate(("field", "now", "reported")):
                sheet.write_string(row + 1, column, words[name], style)
            first = row + 2
            for row, worked in enumerate(verdicts, first):
                self.text(sheet, row, 0, worked.what)
                sheet.write_formula(row, 1, f"={worked.cell}", self.format(bold=True), worked.reported)
                self.text(sheet, row, 2, worked.reported)
            self.verdicts(sheet, 1, row, first)
        for column, wide in enumerate((22, 60, 16)):
            sheet.set_column(column, column, wide)
        sheet.fit_to_pages(1, 1)

    def note(self, sheet: Worksheet, row: int, text: str, columns: int) -> None:
        """Write how a sheet is read, on as many lines as it takes across so many columns."""
        style = self.format(font_color=brand().colours["muted"], text_wrap=True, valign="top")
        if columns > 1:
            sheet.merge_range(row, 0, row, columns - 1, "", style)
        sheet.write_string(row, 0, text, style)
        sheet.set_row(row, LINE * lines(text, columns * NARROW))

    def wrapped(self, sheet: Worksheet, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Make a row as high as the longest of its texts takes in a column of its width."""
        longest = max((lines(text, wide) for text, wide in texts), default=1)
        if longest > 1:
            sheet.set_row(row, LINE * longest)

    def spread(self, left: Mapping[str, int] | None = None) -> None:
        """Have every sheet print so that it can be read: on as many pages side by side as its columns need.

        `left` says for a sheet how many columns stand on each of them, where it is not the first alone.
        """
        for sheet in self.book.worksheets():
            if (sheet.fit_width, sheet.fit_height) == (1, 0):
                _abreast(sheet, (left or {}).get(sheet.get_name(), 1))

    def text(self, sheet: Worksheet, row: int, column: int, text: str | None, **properties: Any) -> None:
        """Write words that stay words, whatever they begin with."""
        if text is None or text == "":
            return
        if text.startswith(STEERING):
            properties["quote_prefix"] = True
        sheet.write_string(row, column, text, self.format(**properties))

    def number(self, sheet: Worksheet, row: int, column: int, value: float | None, shown: str) -> None:
        """Write a number with the decimals that the report shows."""
        if value is not None:
            sheet.write_number(row, column, value, self.format(num_format=number_format(shown)))

    def heads(self, sheet: Worksheet, labels: Sequence[str], row: int = HEAD_ROW) -> None:
        """Write the heads of columns and freeze them."""
        style = self.format(bold=True, text_wrap=True, bottom=1, bg_color=brand().colours["faint"], align="center")
        for column, label in enumerate(labels):
            sheet.write_string(row, column, label, style)
        sheet.freeze_panes(row + 1, 1)

    def verdicts(self, sheet: Worksheet, column: int, last: int, first: int = HEAD_ROW + 1) -> None:
        """Shade the cells of a column that holds verdict words."""
        if last < first:
            return
        for verdict in CLASS_OF:
            rule = {"type": "cell", "criteria": "==", "value": f'"{self.setting.word("verdicts", verdict)}"'}
            sheet.conditional_format(first, column, last, column, rule | {"format": self.shade(verdict)})

    def shade(self, verdict: str) -> Format:
        """Return the format of a failing cell."""
        return self.book.add_format(
            {
                "bg_color": brand().tint(verdict),
                "font_color": brand().colour(verdict),
                "bold": verdict == Verdict.NOT_MET,
            }
        )


@cache
def number_format(shown: str) -> str:
    """Return the number format that shows a number as `shown` does: decimals, thousands, percent.

    >>> number_format("85.3%"), number_format("1,234"), number_format("0.1496")
    ('0.0%', '#,##0', '0.0000')
    """
    match = re.fullmatch(r"[+−-]?([\d,]+)(\.\d+)?(%?)", shown)
    if match is None:
        return "General"
    decimals = "." + "0" * (len(match[2]) - 1) if match[2] else ""
    return f"{'#,##0' if ',' in match[1] else '0'}{decimals}{match[3]}"


def width(texts: Sequence[str]) -> float:
    """Return a column's width in characters: Chinese counts double."""
    longest = max(sum(2.1 if ord(letter) >= 0x2E80 else 1.1 for letter in text) for text in texts)
    return min(max(longest + 2, 8), WIDEST)


def plain(text: str) -> str:
    """Return `text` for the head of a printed sheet, where an ampersand begins a code."""
    return text.replace("&", "&&")


def breadth(text: str) -> float:
    """Return the breadth of a text in characters: Chinese counts double."""
    return sum(2 if ord(letter) >= 0x2E80 else 1 for letter in text)
