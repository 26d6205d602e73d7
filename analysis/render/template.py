"""Blank workbooks: headers, units, drop-downs and notes of a source table, made from read/fields.yml."""

from functools import cache
from pathlib import Path
from typing import Any

from analysis.brand import brand
from analysis.errors import RequestError, language, listed
from analysis.read.fields import Column, Table, in_parts, tables
from analysis.render import prefilled
from analysis.sources import parse_yaml
from analysis.standards.model import Standard

from .whole_workbook import WholeWorkbook
from .workbook import LINE, lines, print_across

#: Rows below the header that check what is typed.
_CHECKED = 5_000
#: Characters across a column of words or codes, and of anything else.
_TEXT, _NUMBER = 18, 10
#: Lines of the head over several columns.
_GROUP = 2
#: The first row of the header, of two, counted from 0.
HEAD = 1
BOUNDS: dict[str, tuple[str, float, float]] = {
    "count": ("integer", 0, 10**9),
    "year": ("integer", 1900, 2100),
    "grade": ("integer", 1, 12),
    "amount": ("decimal", 0, 10**13),
    "share": ("decimal", 0, 1),
}
_FORMATS = {"code": "@", "text": "@", "date": "@", "level": "@", "share": "0.0%"}


@cache
def words(lang: str) -> dict[str, str]:
    """Return the words of blank workbooks in one language."""
    text = (Path(__file__).parent / "template.yml").read_text(encoding="utf-8")
    return {name: text[lang] for name, text in parse_yaml(text).items()}


def write(table: str, path: Path, year: int, standard: Standard | None = None, parts: bool = False) -> Path:
    """Write the blank workbook of a table; RequestError where there is no such table, or the file exists.

    What is filled in beforehand is by `standard`, the national one where none is given. With `parts` it asks for the
    parts of some columns, which only some tables have: RequestError where this one has not.
    """
    if table not in tables():
        raise RequestError("template_table", table=table, tables=", ".join(tables()))
    of = tables()[table]
    if parts and not of.parts:
        known = ", ".join(name for name, each in tables().items() if each.parts)
        raise RequestError("template_parts", table=table, tables=known)
    if path.exists():
        raise RequestError("template_exists", file=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeWorkbook(path) as book:
        page(book, in_parts(of) if parts else of, year, standard)
    return path


def page(book: Any, table: Table, year: int, standard: Standard | None = None) -> Any:
    """Add the blank sheet of a table to a workbook and return it; its rows begin two below HEAD."""
    said = words(language())
    sheet = book.add_worksheet(table.title["zh"][:31])
    sheet.freeze_panes(HEAD + 2, 2)
    title = said["title"].format(title=table.title["zh"], year=year)
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    _header(book, sheet, table, said)
    for position, column in enumerate(table.columns.values()):
        shape = book.add_format({"num_format": _FORMATS.get(column.kind, "General")})
        sheet.set_column(position, position, _wide(column), shape)
        validate(sheet, (HEAD + 2, HEAD + 2 + _CHECKED), position, column, said)
    print_across(sheet, HEAD + 2, 2)
    prefilled.fill(book, sheet, table, HEAD, year, standard)
    return sheet


def _wide(column: Column) -> int:
    """Return how many characters a column is wide; its head takes as many lines as it needs."""
    return _TEXT if column.kind in ("text", "code") else _NUMBER


def _header(book: Any, page: Any, table: Table, said: dict[str, str]) -> None:
    shape = {
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
        "border": 1,
        "bg_color": brand().colours["faint"],
    }
    plain, needed = book.add_format(shape), book.add_format(shape | {"font_color": brand().colours["vermilion"]})
    groups: dict[str, list[int]] = {}
    whole, leaves = 1, 1
    for position, column in enumerate(table.columns.values()):
        group, _, leaf = column.zh.partition("/")
        unit = f"（{column.unit}）" if column.unit else ""
        style = needed if column.required else plain
        if leaf:
            groups.setdefault(group, []).append(position)
            page.write(HEAD, position, group, style)
            page.write(HEAD + 1, position, leaf + unit, style)
            leaves = max(leaves, lines(leaf + unit, _wide(column)))
        else:
            page.merge_range(HEAD, position, HEAD + 1, position, group + unit, style)
            whole = max(whole, lines(group + unit, _wide(column)))
        page.write_comment(HEAD + bool(leaf), position, note(column, said), {"x_scale": 1.5})
    page.set_row(HEAD, LINE * max(_GROUP, whole - leaves))
    page.set_row(HEAD + 1, LINE * leaves)
    for group, places in groups.items():
        if len(places) > 1 and places == list(range(places[0], places[-1] + 1)):
            page.merge_range(HEAD, places[0], HEAD, places[-1], group, plain)


def note(column: Column, said: dict[str, str]) -> str:
    """Return what a column's header says of it: whether it is required, what it counts, what may stand in it, in which
    unit."""
    unit = said["unit"].format(unit=column.unit) if column.unit else ""
    texts = [texts[0] for texts in column.choices.values()]
    choices = said["choices"].format(choices=listed(texts)) if texts else ""
    needed = said["required"] if column.required else ""
    about = said["about"].format(about=column.about[language()]) if column.about else ""
    return " ".join(part for part in (needed, about, said[column.kind], choices, unit) if part)


def validate(page: Any, rows: tuple[int, int], position: int, column: Column, said: dict[str, str]) -> None:
    """Have the office program check what is typed into a column from the first to the last of `rows`."""
    messages = {"error_title": column.zh[:32], "error_message": said["wrong"][:255]}  # Excel takes no more
    if column.kind == "choice":
        rule: dict[str, Any] = {"validate": "list", "source": [texts[0] for texts in column.choices.values()]}
    elif column.kind in BOUNDS:
        kind, low, high = BOUNDS[column.kind]
        rule = {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    else:
        return
    first, last = rows
    page.data_validation(first, position, last, position, rule | messages)
