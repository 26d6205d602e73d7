"""The sheet on which a school answers the questions of a check: the right value, or that what stands there is right."""

from collections.abc import Iterable
from typing import Any

from analysis.brand import brand
from analysis.errors import language
from analysis.read.collecting import MARKED, declared
from analysis.read.fields import tables
from analysis.render.template import words as words_of_templates
from analysis.tell.documents.check.notices import Notice

from .workbook import print_across

TITLES = {"zh": "答复", "en": "Answers"}
#: Rows above the answers: title, who, when, a word of help, heads.
ROWS = 5
_WIDTHS = (None, 34, 22, 16, 60, 18, 10, 40)
PLACE, ITEM, STANDS, QUESTION, AFTER, RIGHT, WHY = range(1, 8)


def write(book: Any, county: str, holder: str, findings: Iterable[Notice], values: dict[Any, dict[str, Any]]) -> None:
    """Add the sheet of answers and the mark that says whose they are.

    `values` are the cells of each row in question, by its place and the names of columns.
    """
    said = declared()["answers_words"][language()]
    colours = brand().colours
    locked = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    fill = book.add_format({"bg_color": "#FFF9DB", "locked": False, "border": 1, "valign": "top", "num_format": "@"})
    head = book.add_format({"bold": True, "bg_color": colours["faint"], "border": 1, "text_wrap": True})
    page = book.add_worksheet(TITLES[language()])
    page.write(0, 1, said["title"], book.add_format({"bold": True, "font_size": 14}))
    for row, name in ((1, "person"), (2, "day")):
        page.write(row, 1, said[name], locked)
        page.write_blank(row, 2, None, fill)
    page.write(3, 1, said["help"])
    page.write_row(ROWS - 1, 1, said["heads"], head)
    page.set_column(0, 0, None, None, {"hidden": True})
    for position, width in enumerate(_WIDTHS[1:], start=1):
        page.set_column(position, position, width)
    number = ROWS
    for (notice, name), sentences in _asked(findings).items():
        column = tables()[notice.table].columns.get(name)
        page.write(number, 0, "|".join((notice.file, notice.sheet, str(notice.row), name)))
        page.write(number, PLACE, f"{notice.file} {notice.sheet} {notice.row}", locked)
        page.write(number, ITEM, column.called(language()) if column else "", locked)
        stands = values.get(notice.at, {}).get(name)
        page.write(number, STANDS, notice.said if stands is None else stands, locked)  # set aside: as it stood
        page.write(number, QUESTION, "\n".join(sentences), locked)
        for position in (AFTER, RIGHT, WHY):
            page.write_blank(number, position, None, fill)
        number += 1
    yes = {"validate": "list", "source": [said["yes"]], "error_message": words_of_templates(language())["wrong"][:255]}
    page.data_validation(ROWS, RIGHT, max(number - 1, ROWS), RIGHT, yes)
    page.protect("", {"format_columns": True, "format_rows": True})
    print_across(page, ROWS)
    page.freeze_panes(ROWS, 2)
    marked = book.add_worksheet(MARKED)
    marked.very_hidden()
    marked.write_row(0, 0, [declared()["answers"], county, "0", holder])


def _asked(findings: Iterable[Notice]) -> dict[tuple[Notice, str], list[str]]:
    """Return what is asked of each cell: the first notice of it, with the sentences of all; "" where of a whole row."""
    first: dict[tuple[Any, str], Notice] = {}
    asked: dict[tuple[Notice, str], list[str]] = {}
    for notice in findings:
        known = tables()[notice.table].columns if notice.table in tables() else {}
        for name in [name for name in notice.columns if name in known] or [""]:
            notice_of = first.setdefault((notice.at, name), notice)
            sentences = asked.setdefault((notice_of, name), [])
            if notice.sentence not in sentences:
                sentences.append(notice.sentence)
    return asked
