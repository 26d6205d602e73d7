"""The workbook that goes back to a school: its rows as they came, cells in question marked, the rule in a comment."""

import json
import re
from pathlib import Path
from typing import Any

import xlsxwriter

from analysis.clean import Records
from analysis.read.fields import table as declared
from analysis.read.header import column_of

_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_ERROR, _WARNING = "#FBE9E5", "#F7EFD9"


def school_of(table: str, cells: str) -> str:
    """Return the school's code of a row that was set aside, as it stood; empty where it has none."""
    for header, text in json.loads(cells).items():
        if column_of(header, table) == "school":
            return text or ""
    return ""


def write(records: Records, told: list[dict[str, Any]], folder: Path, words: dict[str, str]) -> dict[str | None, str]:
    """Write a workbook for each school with findings; return the file name by the school's code ("" where unknown)."""
    rows = _rows(records, told)
    by_school: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        if (one["file"], one["sheet"], one["row"]) in rows:
            by_school.setdefault(one["school"], []).append(one)
    books: dict[str | None, str] = {}
    names = dict(records.schools.select("school", "name").iter_rows())
    for school, findings in by_school.items():
        label = f"{school} {names.get(school) or ''}".strip() or words["unknown"]
        books[school] = f"{_UNSAFE.sub('_', label)[:80]}.xlsx"
        _book(folder / books[school], findings, rows, words)
    return books


def _rows(records: Records, told: list[dict[str, Any]]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Return the cells of each row that has a finding: those set aside as they stood, the others as they were read."""
    wanted = {(one["file"], one["sheet"], one["row"]) for one in told if one["row"]}
    rows = {
        (one["file"], one["sheet"], one["row"]): json.loads(one["cells"])
        for one in records.quarantine.iter_rows(named=True)
    }
    for name, frame in records.frames().items():
        if name in {one["table"] for one in told} and "row" in frame.columns:
            columns = declared(name).columns
            for one in frame.iter_rows(named=True):
                place = (one["file"], one["sheet"], one["row"])
                if place in wanted:
                    rows[place] = {column.zh: one[column.name] for column in columns.values()}
    return rows


def _book(
    path: Path, findings: list[dict[str, Any]], rows: dict[tuple[str, str, int], dict[str, Any]], words: dict[str, str]
) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        marks = {
            "error": book.add_format({"bg_color": _ERROR, "border": 1}),
            "warning": book.add_format({"bg_color": _WARNING, "border": 1}),
        }
        sheets: dict[str, Any] = {}
        lines: dict[str, int] = {}
        headers: dict[str, list[str]] = {}
        for place in dict.fromkeys((one["file"], one["sheet"], one["row"]) for one in findings):
            here = [one for one in findings if (one["file"], one["sheet"], one["row"]) == place]
            table, cells = here[0]["table"], rows[place]
            if table not in sheets:
                sheets[table] = book.add_worksheet(declared(table).title["zh"][:31])
                sheets[table].set_column(0, 60, 14)
                sheets[table].write(0, 0, words["marked"])
                lines[table], headers[table] = 2, []
            page = sheets[table]
            head = [words["file"], words["sheet"], words["row"], *cells]
            if head != headers[table]:
                lines[table] += bool(headers[table])
                page.write_row(lines[table], 0, head, bold)
                lines[table], headers[table] = lines[table] + 1, head
            page.write_row(lines[table], 0, [*place, *cells.values()])
            _mark(page, lines[table], table, cells, here, marks, words["author"])
            lines[table] += 1


def _mark(
    page: Any,
    line: int,
    table: str,
    cells: dict[str, Any],
    findings: list[dict[str, Any]],
    marks: dict[str, Any],
    author: str,
) -> None:
    """Colour the cells that findings name, the reason in a comment; one of no cell is told at the row's number."""
    places = {column_of(header, table): position for position, header in enumerate(cells, start=3)}
    said: dict[int, list[dict[str, Any]]] = {}
    for one in findings:
        named = [places[name] for name in (one["column"] or "").split(",") if name in places]
        for position in named or [2]:
            said.setdefault(position, []).append(one)
    values = list(cells.values())
    for position, here in said.items():
        value = values[position - 3] if position > 2 else here[0]["row"]
        worst = "error" if any(one["severity"] == "error" for one in here) else "warning"
        page.write(line, position, value, marks[worst])
        page.write_comment(line, position, "\n".join(one["sentence"] for one in here), {"author": author, "x_scale": 2})
