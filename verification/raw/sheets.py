"""Sheets of a raw file as rows of cells, whatever its format."""

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

#: In this order text is tried to be read.
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows` holds the cells of each row, the first row being number 1."""

    title: str
    rows: list[list[Any]]


def sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a workbook (XLSX), or of a text file (CSV, also gzipped) its only one."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, data_only=True)
        return [
            Sheet(one.title, [list(row) for row in one.iter_rows(values_only=True)])
            for one in book.worksheets
            if one.sheet_state == "visible"
        ]
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return [Sheet("", [list(row) for row in csv.reader(io.StringIO(_decoded(data)))])]


def _decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("neither UTF-8 nor GB18030")
