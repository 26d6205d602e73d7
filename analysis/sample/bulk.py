"""Writes counties without stories, fast: all years of a county as text at once, then one file per year, with dirt."""

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from analysis.sample import dirt
from analysis.sample.settings import Spec, fields
from analysis.sample.sheets import Cell, Column, Sheet, foot_lines, head_lines, write_xlsx

ENCODINGS = {"csv": "utf-8", "bom": "utf-8-sig", "gb18030": "gb18030", "utf16": "utf-16", "tsv": "utf-8"}
#: Workbooks: one sheet; a header of three rows with the units apart; a cover and the rows on two sheets.
WORKBOOKS = ("xlsx", "three_rows", "sheets")
FORMATS = (*ENCODINGS, *WORKBOOKS)


@dataclass(frozen=True)
class Rates:
    """Shares of cells: `dirt` typed in a way that a reader notices, `mistakes` with a plausible wrong amount."""

    dirt: float = 0.0
    mistakes: float = 0.0


#: One row is one thing that is wrong in a file: a cell, or (column empty) a row. `row` counts from 1 in the file.
#: `rule` is the check that its row breaks, `other` for rows that are no data, `warned` for amounts that are kept and
#: marked, empty where the cell can be read.
DIRT = {
    "county": pl.String,
    "year": pl.Int32,
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "column": pl.String,
    "kind": pl.String,
    "before": pl.String,
    "after": pl.String,
    "rule": pl.String,
}


def text_of(table: str, frame: pl.DataFrame, columns: tuple[Column, ...], spec: Spec) -> pl.DataFrame:
    """Return a clean frame as it is printed: all text, null where blank, in the units of the headers."""
    entries = fields()["tables"][table]["columns"]
    choices = fields()["tables"]["monitoring"]["columns"]["subject"]["choices"]
    shown = []
    for column in columns:
        entry, value = entries[column.id], pl.col(column.id)
        if entry["kind"] == "choice":
            known = {id_: texts[0] for id_, texts in entry.get("choices", choices).items()}
            value = value.replace_strict(known, return_dtype=pl.String)
        elif entry["kind"] == "date" and spec["built"] == "chinese":
            year, month = value.str.slice(0, 4), value.str.slice(5).str.strip_chars_start("0")
            value = pl.format("{}年{}月", year, month)
        elif frame[column.id].dtype == pl.Float64:
            scaled = (value * column.factor).round(6 if column.digits is None else column.digits)
            value = scaled.cast(pl.String).str.strip_suffix(".0")
        elif frame[column.id].dtype != pl.String:
            value = value.cast(pl.String)
        shown.append(value.alias(column.id))
    return frame.select(shown)


Spot = tuple[int, str, str, str, str, str]
Wrong = tuple[str, int, str, str, str, str, str]
Line = int | list[Cell]


def write_sheet(
    sheet: Sheet, table: str, text: pl.DataFrame, path: Path, form: str, rates: Rates, rng: np.random.Generator
) -> list[Wrong]:
    """Write rows of text between what `sheet` says above and below them, in a format of FORMATS, dirty at `rates`.

    Returns (sheet, row in it, column, kind, before, after, rule) of all that is wrong; text files have no sheet name.
    """
    if form == "sheets":
        half = (text.height + 1) // 2
        parts = {"（一）": text.slice(0, half), "（二）": text.slice(half)}
        sheet = replace(sheet, total=None)  # it would be that of both
    else:
        parts = {table if form in WORKBOOKS else "": text}
    if form == "three_rows":
        sheet = replace(sheet, header_rows=3)
    named_marks: list[Wrong] = []
    pages: dict[str, Sheet] = {}
    for name, part in parts.items():
        marks = dirt.draw(part, table, sheet.columns, rates.dirt, rng) if rates.dirt else []
        plan = dirt.rows(part.height, rates.dirt, {mark.row for mark in marks}, rng) if rates.dirt else []
        if rates.mistakes:
            touched = {(mark.row, mark.column) for mark in marks}
            more = dirt.zeros(part, rates.mistakes, rng)
            marks += [mark for mark in more if (mark.row, mark.column) not in touched]
        cells = _soiled(part, marks)
        numbers, lines, wrong = _arranged(sheet, cells, dict(plan))
        wrong += [(numbers[mark.row], mark.column, mark.kind, mark.before, mark.after, mark.rule) for mark in marks]
        named_marks += [(name, *mistake) for mistake in wrong]
        if form in WORKBOOKS:
            rows = _numbers(sheet, table, cells, {(mark.row, mark.column) for mark in marks})
            filled = tuple(tuple(rows[line]) if isinstance(line, int) else tuple(line) for line in lines)
            pages[name] = replace(sheet, rows=filled)
        else:
            path.write_bytes(_text(sheet, cells, lines, "\t" if form == "tsv" else ",").encode(ENCODINGS[form]))
    if pages:
        write_xlsx(pages, path, sheet.notes[0] if form == "sheets" else "")
    return named_marks


def _text(sheet: Sheet, cells: pl.DataFrame, lines: list[Line], separator: str) -> str:
    """Return the whole file as text."""
    body = cells.write_csv(include_header=False, separator=separator).splitlines()
    others = iter(_delimited([line for line in lines if isinstance(line, list)], separator))
    whole = [
        *_delimited(head_lines(sheet), separator),
        *(body[line] if isinstance(line, int) else next(others) for line in lines),
        *_delimited(foot_lines(sheet), separator),
    ]
    return "".join(f"{line}\n" for line in whole)


def _delimited(lines: list[list[Cell]], separator: str) -> list[str]:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(lines)
    return text.getvalue().splitlines()


def _soiled(text: pl.DataFrame, marks: list[dirt.Mark]) -> pl.DataFrame:
    """Return the table with its marked cells as they were typed."""
    by_column: dict[str, list[dirt.Mark]] = {}
    for mark in marks:
        by_column.setdefault(mark.column, []).append(mark)
    changed = [
        text[id_].scatter([mark.row for mark in mine], [mark.after or None for mark in mine]).alias(id_)
        for id_, mine in by_column.items()
    ]
    return text.with_columns(changed)


def _arranged(sheet: Sheet, cells: pl.DataFrame, after: dict[int, str]) -> tuple[list[int], list[Line], list[Spot]]:
    """Return the number in the file of each row, the lines in order (a row's index, or cells), and what is wrong."""
    head = head_lines(sheet)
    first = len(head) + 1
    if not after:
        return list(range(first, first + cells.height)), list(range(cells.height)), []
    numbers: list[int] = []
    lines: list[Line] = []
    spots: list[Spot] = []
    for row in range(cells.height):
        numbers.append(first + len(lines))
        lines.append(row)
        if row not in after:
            continue
        kind, here = after[row], first + len(lines)
        if kind == "header":
            lines += head[2:]
            spots += [(here + k, "", kind, "", "", "other") for k in range(len(head) - 2)]
        elif kind == "subtotal":
            lines.append(["小计", *[None] * (len(sheet.columns) - 2), "0"])
            spots.append((here, "", kind, "", "", "other"))
        elif kind == "blank":
            lines.append([None] * len(sheet.columns))
        else:
            copy: list[Cell] = list(cells.row(row))
            last = str(copy[-1])
            if kind == "duplicate" and last.isdigit():
                copy[-1] = str(int(last) + 1)
                spots.append((numbers[row], "", kind, "", "", kind))
            else:
                kind = "repeated"
            lines.append(copy)
            spots.append((here, "", kind, "", "", kind))
    return numbers, lines, spots


def _numbers(sheet: Sheet, table: str, cells: pl.DataFrame, typed: set[tuple[int, str]]) -> list[list[Cell]]:
    """Return the rows for a workbook: numbers are numbers, what someone typed wrongly stays text."""
    entries = fields()["tables"][table]["columns"]
    numeric = {column.id for column in sheet.columns if entries[column.id]["kind"] in (*dirt.NUMBERS, "year", "grade")}
    return [
        [
            _number(value) if column.id in numeric and (r, column.id) not in typed else value
            for value, column in zip(record, sheet.columns, strict=True)
        ]
        for r, record in enumerate(cells.iter_rows())
    ]


def _number(text: str | None) -> Cell:
    if text is None:
        return None
    value = float(text)
    return int(value) if value == int(value) else value
