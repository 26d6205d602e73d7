"""A CSV of any size, scanned with every column as text."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import polars as pl

from analysis.errors import DataError
from analysis.files import MEGABYTE, bounds
from analysis.read import content, encodings, parts, text

#: Endings of text in columns.
ENDINGS = frozenset({".csv", ".tsv", ".txt"})
_HEAD = 1 << 18
#: A field longer than this is a quotation mark without its other half.
_LONGEST = 1 << 20
#: The first line by which spreadsheets are told the separator.
_SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n', re.IGNORECASE)
#: A packed table that unpacks to more bytes than this, judged by its beginning, has no end.
MOST_UNPACKED = 2**36
#: How much is unpacked to judge that.
_JUDGED = 1 << 24
#: What gzip packs at most into one byte.
_DENSEST = 1032


@dataclass(frozen=True)
class Scanned:
    """Columns c0, c1, ... of text below the header, the names in it, and the file's row of the first row of data.

    `wrapped` where a cell may be ="0012", `separator` stands between its cells.
    """

    frame: pl.LazyFrame
    names: list[str]
    first_row: int
    wrapped: bool
    separator: str


def scan(path: Path, encoding: str | None = None) -> Scanned:
    """Scan a CSV: UTF-8 as it stands, other encodings turned into UTF-8 in memory.

    Raises DataError where its encoding is none that is read, or it is no text, or unpacks without end.
    """
    if path.suffix.lower() == ".gz":
        _check_unpacks(path)
    with opened(path) as file:
        head = file.read(_HEAD)
    content.check(head, "csv", path.name)
    codec = encodings.named(encoding, path.name) if encoding else encodings.codec_of(head, path.name, whole=False)
    source: Any = path
    beginning = head.decode(codec if codec != "utf-8" else "utf-8-sig", errors="replace").removeprefix("\ufeff")
    if codec not in ("utf-8", "utf-8-sig") or head.count(b"\r") != head.count(b"\r\n"):
        with opened(path) as file:
            whole = encodings.decode(file.read(), path.name, encoding)
        beginning = whole.replace("\r\n", "\n").replace("\r", "\n")
        source, beginning = beginning.encode(), beginning[:_HEAD]
    header = _header(beginning, path)
    if not any(header.names):
        raise fault_of(path, encoding) or DataError("table_empty", file=path.name)
    frame = pl.scan_csv(
        source,
        separator=header.separator,
        has_header=False,
        schema={f"c{place}": pl.String for place in range(len(header.names))},
        missing_columns="insert",
        skip_lines=header.lines,
        raise_if_empty=True,
    )
    return Scanned(frame, header.names, 1 + header.lines, '="' in beginning, header.separator)


@dataclass(frozen=True)
class _Header:
    """The names in a header, the separator, and how many lines there are down to its last."""

    names: list[str]
    separator: str
    lines: int


def _header(beginning: str, path: Path) -> _Header:
    """Return the first row of several texts, below titles and comments; else the first row that holds anything."""
    match = _SEPARATOR.match(beginning)
    above = 1 if match else 0
    lines = beginning[match.end() :] if match else beginning
    tabs = path.suffix.lower() == ".tsv"
    separator = match[1] if match else "\t" if tabs else text.separator_of(lines[: text.SNIFFED])
    filled = ((row, end) for row, end in _rows(lines, separator) if any(cell.strip() for cell in row))
    first: tuple[list[str], int] | None = None
    before: tuple[list[str], int] | None = None
    for row, end in filled:
        first = first or (row, end)
        # A comment of several fields is as wide as the row below it by chance alone.
        if before and len(before[0]) == len(row):
            break
        before = None
        if len({cell.strip() for cell in row} - {""}) > 1:
            before = row, end
            if not re.match(r"\s*#\s*\S", row[0]):
                break
    names, end = before or first or ([], 0)
    return _Header([name.strip() for name in names], separator, above + end)


def _rows(lines: str, separator: str) -> Iterator[tuple[list[str], int]]:
    """Yield rows of text with the number of lines down to their last; none beyond a quotation mark that stays open."""
    csv.field_size_limit(_LONGEST)
    rows = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
    try:
        for row in rows:
            yield row, rows.line_num
    except csv.Error:
        return


def opened(path: Path) -> IO[bytes]:
    """Open a file, unpacked where it is packed."""
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _check_unpacks(path: Path) -> None:
    size = path.stat().st_size
    if size * _DENSEST <= parts.MOST_BYTES:
        return
    with path.open("rb") as file:
        packed = file.read(_JUDGED)
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = len(unpacker.decompress(packed, _JUDGED))
    used = len(packed) - len(unpacker.unconsumed_tail)
    times = unpacked / max(used, 1)
    if times > bounds().packed_times:
        raise DataError("file_unpacks", file=path.name, limit=parts.MOST_BYTES // MEGABYTE)
    if times * size > MOST_UNPACKED:
        raise DataError("file_unpacks", file=path.name, limit=MOST_UNPACKED // MEGABYTE)


def unreadable(path: Path, fault: Exception, encoding: str | None = None) -> DataError:
    """Return what to say of a file: the row that is too long or torn, else what the reader says."""
    named = path.name.lower().removesuffix(".gz")
    if any(named.endswith(ending) for ending in ENDINGS) and (file_fault := fault_of(path, encoding)):
        return file_fault
    return DataError("table_unreadable", file=path.name, reason=_first_line(fault))


def fault_of(path: Path, encoding: str | None) -> DataError | None:
    """Return the fault of the first row of a CSV that has more cells than its header, or whose quotation is open."""
    with opened(path) as file:
        codec = encoding or encodings.codec_of(file.read(_HEAD), path.name, whole=False)
    codec = "utf-8-sig" if codec == "utf-8" else codec
    csv.field_size_limit(_LONGEST)
    with opened(path) as file, io.TextIOWrapper(file, encoding=codec, errors="replace", newline="") as lines:
        header = _header(lines.read(_HEAD), path)
        lines.seek(0)
        marked = _Marked(lines)
        rows = csv.reader(marked, delimiter=header.separator)
        columns, begin, last = len(header.names), 1, 1
        try:
            for cells in rows:
                if rows.line_num > header.lines and len(cells) > columns:
                    size = {"cells": len(cells), "columns": columns}
                    return DataError("row_too_long", file=path.name, row=rows.line_num, **size)
                if any(is_torn(cell, header.separator, columns) for cell in cells):
                    return DataError("quote_open", file=path.name, row=begin)
                begin, last = rows.line_num + 1, begin
        except csv.Error:
            return DataError("quote_open", file=path.name, row=begin)
    return DataError("quote_open", file=path.name, row=last) if marked.number % 2 else None


class _Marked:
    """Lines of a file, whose quotation marks are counted on the way."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += line.count('"')
            yield line


def is_torn(cell: str, separator: str, columns: int) -> bool:
    """Tell whether a cell holds whole rows: a quotation mark that was never closed swallowed them."""
    return "\n" in cell and columns > 2 and cell.count(separator) >= columns - 1


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__
