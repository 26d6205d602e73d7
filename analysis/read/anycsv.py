"""A CSV of any size, scanned with every column as text."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import polars as pl

from analysis.errors import DataError
from analysis.read import content, encodings, parts, text

_HEAD = 1 << 18
#: A packed table that unpacks to more bytes than this, judged by its beginning, has no end.
MOST_UNPACKED = 2**36
#: How much is unpacked to judge that.
_JUDGED = 1 << 24
#: What the fast reader says of a row with more fields than the header: further down, and the first.
_LONG = ("more fields than defined", "column names not specified in schema")
#: What gzip packs at most into one byte.
_DENSEST = 1032


@dataclass(frozen=True)
class Scanned:
    """Columns c0, c1, ... of text below the header, the names in it, and the file's row of the first row of data."""

    frame: pl.LazyFrame
    names: list[str]
    first_row: int
    wrapped: bool


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
    blank = _blank(beginning)
    lines = beginning.split("\n", blank)[blank]
    separator = text.separator_of(lines[: text.SNIFFED]) if path.suffix.lower() != ".tsv" else "\t"
    rows = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
    names = [name.strip() for name in next(rows, [])]
    if not any(names):
        raise DataError("table_empty", file=path.name)
    frame = pl.scan_csv(
        source,
        separator=separator,
        has_header=False,
        schema={f"c{place}": pl.String for place in range(len(names))},
        missing_columns="insert",
        skip_lines=blank + rows.line_num,
        raise_if_empty=True,
    )
    return Scanned(frame, names, blank + 1 + rows.line_num, '="' in beginning)


def _blank(beginning: str) -> int:
    """Return how many lines before the header hold nothing."""
    blank = 0
    for line in beginning.splitlines():
        if line.strip(" \t,;|\r"):
            break
        blank += 1
    return blank


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
    if unpacked / max(used, 1) * size > MOST_UNPACKED:
        raise DataError("file_unpacks", file=path.name, limit=MOST_UNPACKED // 2**20)


def unreadable(path: Path, fault: Exception, encoding: str | None = None) -> DataError:
    """Return what to say of a file: the row that is too long for its header, else what the reader says."""
    if any(words in str(fault) for words in _LONG) and (found := _too_long(path, encoding)):
        return found
    return DataError("table_unreadable", file=path.name, reason=_first_line(fault))


def _too_long(path: Path, encoding: str | None) -> DataError | None:
    """Return the fault of the first row of a CSV with more cells than its header has, where there is one."""
    with opened(path) as file:
        codec = encoding or encodings.codec_of(file.read(_HEAD), path.name, whole=False)
    codec = "utf-8-sig" if codec == "utf-8" else codec
    with opened(path) as file:
        beginning = io.TextIOWrapper(file, encoding=codec, newline="").read(text.SNIFFED)
    with opened(path) as file:
        lines = io.TextIOWrapper(file, encoding=codec, newline="")
        rows = csv.reader(lines, delimiter=text.separator_of(beginning))
        columns = 0
        for cells in rows:
            columns = columns or (len(cells) if any(cell.strip() for cell in cells) else 0)
            if columns and len(cells) > columns:
                return DataError("row_too_long", file=path.name, row=rows.line_num, cells=len(cells), columns=columns)
    return None


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__
