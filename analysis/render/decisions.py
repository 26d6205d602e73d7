"""The workbook of what a county's people decide: laid once, with drop-downs and what each is for, then read."""

from pathlib import Path
from typing import Any

from analysis.brand import brand
from analysis.decisions import declared, path_of
from analysis.errors import language
from analysis.read.fields import tables

from .whole_workbook import WholeWorkbook
from .workbook import print_across

_HEAD, _CHECKED = 2, 500
_WIDE = {
    **{"file": 30, "why": 40, "who": 18, "before": 16, "after": 16, "note": 40, "head": 30, "column": 44, "value": 30},
    **{"place": 20, "text": 80, "text_en": 60},
}
_LISTS = "_"


def lay(folder: Path, county: str) -> Path:
    """Write the workbook of a county where there is none; return its path."""
    path = path_of(folder, county)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with WholeWorkbook(path) as book:
            write(book)
    return path


def write(book: Any) -> None:
    """Write the sheets of a workbook."""
    lang = language()
    head = book.add_format({"bold": True, "border": 1, "bg_color": brand().colours["faint"], "text_wrap": True})
    needed = book.add_format(
        {"bold": True, "border": 1, "bg_color": brand().colours["faint"], "font_color": brand().colours["vermilion"]}
    )
    text = book.add_format({"num_format": "@"})
    prose = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for said in declared()["sheets"].values():
        page = book.add_worksheet(said["title"][lang])
        page.write(0, 0, said["help"][lang])
        page.freeze_panes(_HEAD + 1, 0)
        for place, (column, entry) in enumerate(said["columns"].items()):
            page.write(_HEAD, place, entry[lang], needed if entry.get("needed") else head)
            page.set_column(place, place, _WIDE.get(column, 14), prose if entry["kind"] == "prose" else text)
            if source := _source(entry, lang):
                rule = {"validate": "list", "source": source}
                page.data_validation(_HEAD + 1, place, _HEAD + _CHECKED, place, rule)
        print_across(page, _HEAD + 1)
    _columns(book, lang)


def _source(entry: dict[str, Any], lang: str) -> list[str] | str:
    """Return what a column's drop-down offers; empty where it has none."""
    match entry["kind"]:
        case "choice":
            return [says[lang] for says in entry["choices"].values()]
        case "table":
            return [f"{name} {table.title[lang]}"[:60] for name, table in tables().items()]
        case "column":
            return f"={_LISTS}!$A$1:$A${sum(len(table.columns) for table in tables().values())}"
        case "yes":
            return [str(declared()["yes"][lang][0])] if lang == "zh" else ["yes"]
    return []


def _columns(book: Any, lang: str) -> None:
    """Write the names of all columns of all tables for the drop-down, on a hidden sheet."""
    page = book.add_worksheet(_LISTS)
    page.hide()
    names = [
        f"{column.name} {column.called(lang)}（{table.short[lang]}）"
        for table in tables().values()
        for column in table.columns.values()
    ]
    page.write_column(0, 0, names)
