"""Blank workbooks whose rows are known beforehand come with them: subjects of the monitoring, groups of the survey."""

from collections.abc import Iterator
from typing import Any

from analysis import standards
from analysis.errors import language
from analysis.read.fields import Table
from analysis.render import items
from analysis.standards.model import Standard

from .workbook import LINE, lines, print_across

_NOTE_WIDTH = 28


def fill(book: Any, page: Any, table: Table, head: int, year: int, standard: Standard | None = None) -> None:
    """Fill in what is known of a table below its header (`head` is its first row, counted from 0), by a standard."""
    if table.name == items.TABLE:
        items.fill(book, page, table, head, standard or standards.load(items.STANDARD))
    elif table.form:
        asked = standard or standards.load(items.STANDARD)
        rows = {"monitoring": _tested(asked, year), "survey": _asked(asked)}[table.name]
        _write(book, page, table, head, list(rows))


def _tested(standard: Standard, year: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each grade and subject with the latest year in which it was tested, and where that is asked for."""
    known = standard.monitoring
    if known is None:
        return
    for subject, rule in known.subjects.items():
        since = (year - known.rounds.start - rule.round_year + 1) % known.rounds.years
        for grade in rule.grades:
            yield {"year": year - since, "grade": grade, "subject": subject}, known.level.article


def _asked(standard: Standard) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each group of the survey, and where it is asked for."""
    known = standard.recognition
    article = known.target.article if known and known.target else ""
    for group in known.groups if known else ():
        yield {"group": group}, article


def _write(book: Any, page: Any, table: Table, head: int, rows: list[tuple[dict[str, Any], str]]) -> None:
    lang, words = language(), items.words()
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    places = {name: place for place, name in enumerate(table.columns)}
    of_table = words["tables"][table.name]
    notes = ("source", "how", "evidence")
    for place, name in enumerate(notes, start=len(places)):
        page.merge_range(head, place, head + 1, place, words["heads"][name][lang], bold)
        page.set_column(place, place, _NOTE_WIDTH if name != "source" else _NOTE_WIDTH / 2)
    print_across(page, head + 2)
    for row, (values, article) in enumerate(rows, start=head + 2):
        for name, value in values.items():
            choices = table.columns[name].choices
            page.write(row, places[name], choices[value][0] if choices else value, plain)
        said = (article, of_table["how"][lang], of_table["evidence"][lang])
        for place, text in enumerate(said, start=len(places)):
            page.write(row, place, text, plain)
        page.set_row(row, LINE * max(lines(text, _NOTE_WIDTH) for text in said))
