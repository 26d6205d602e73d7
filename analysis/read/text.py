"""Separated text to columns of text, each row where it stands in its file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl

from analysis.errors import DataError
from analysis.read import encodings

SEPARATORS = (",", "\t", ";", "|")
#: How much of a text tells its separator and its width.
SNIFFED = 65_536
#: A field longer than this is a quotation mark without its other half.
_LONGEST = 1 << 20
#: Letters of a text with quotation marks of which fields are counted row by row.
_QUOTED = 1 << 23
_MARK = b"\xef\xbb\xbf"
#: Characters of plaintext.MISLEADING beyond ASCII, in UTF-8, by their first byte: no search is faster than for one.
_BEYOND_ASCII = {
    b"\xc2": re.compile(rb"\xc2[\x80-\x84\x86-\x9f]"),
    b"\xd8": re.compile(rb"\xd8\x9c"),
    b"\xe2": re.compile(rb"\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])"),
}
#: Control characters that tables are written with, beside the end of a line.
_HARMLESS = (b"\t", b"\r")
#: How many bytes are looked at together: few enough to stay at hand.
TOGETHER = 1 << 18


#: So many rows tell how a file was written.
_SEVERAL = 2
#: The two parts of a number that its own separator tore.
_THOUSANDS, _REST = r"^\s*-?\d{1,3}\s*$", r"^\s*\d{3}(?:\.\d+)?\s*$"


@dataclass(frozen=True, eq=False)
class Separated:
    """Columns c0, c1, ... of text; `widths` are the fields of each row, None where no row may have more than another.

    A row that is wider than its header was torn by a separator within a value: 1,500 without quotation marks. `fields`
    are those of each row where some may have fewer than others, None where none has, or that is not known.
    """

    cells: pl.DataFrame
    widths: pl.Series | None
    fields: pl.Series | None = None


def read(content: bytes, ending: str, file: str, encoding: str | None = None) -> Separated:
    """Return the rows of separated text; raises DataError where its encoding is none that is read."""
    while content.startswith(_MARK * 2):  # one mark is read as such
        content = content[len(_MARK) :]
    head = "" if encoding else head_of(content)
    text = "" if head else _decoded(content, file, encoding)
    separator = "\t" if ending == "tsv" else separator_of(head or text[:SNIFFED])
    separated = _separated(content, head, separator, lambda: text or _decoded(content, file, encoding), file)
    fields, cells = separated.widths, separated.cells
    if fields is None and cells.width and cells.to_series(-1).null_count():  # else each row has its last field
        fields = _fields(text or _decoded(content, file, encoding), separator, cells.height)
    if b'"' in content:
        check_torn(separated.cells, separator, file)
        return Separated(uncoded(separated.cells), separated.widths, fields)
    return replace(separated, fields=fields)


def is_misleading(text: bytes) -> bool:
    r"""Return whether text in UTF-8 holds a character of plaintext.MISLEADING, of which a national year is asked fast.

    >>> is_misleading("校\t1,5\r\n".encode()), is_misleading(b"1\x1b[2J"), is_misleading("\u202e9".encode())
    (False, True, True)
    """
    letters, controls, first_bytes = np.frombuffer(text, np.uint8), 0, dict(_BEYOND_ASCII)
    for start in range(0, len(text), TOGETHER):
        end = start + TOGETHER
        if text.find(b"\x7f", start, end) >= 0:
            return True
        for first in [first for first in first_bytes if text.find(first, start, end) >= 0]:
            if first_bytes.pop(first).search(text, start):  # the rest of the text
                return True
        part = letters[start:end]
        controls += int(np.count_nonzero(part < ord(" "))) - int(np.count_nonzero(part == ord("\n")))
    return controls > 0 and controls > sum(text.count(harmless) for harmless in _HARMLESS)


def _separated(content: bytes, head: str, separator: str, decoded: Callable[[], str], file: str) -> Separated:
    if head and content[:1] not in b"\r\n" and not _has_lone_returns(content):
        try:
            return _strict(content, head, separator)
        except pl.exceptions.PolarsError:
            pass  # another encoding, longer rows further down, or a quote inside a cell: looked at closer
    text = decoded()
    blank = len(text) - len(text.lstrip("\n"))
    try:
        separated = _strict(text[blank:].encode(), text[blank : blank + SNIFFED], separator)
    except pl.exceptions.PolarsError:
        separated = _ragged(text[blank:], separator, file)
    return _below(separated, blank) if blank else separated


def _has_lone_returns(content: bytes) -> bool:
    return b"\r" in content and content.count(b"\r") != content.count(b"\r\n")


def _decoded(content: bytes, file: str, encoding: str | None) -> str:
    """Return a text whose lines end alike, in those that only a carriage return ends too."""
    return encodings.decode(content, file, encoding).replace("\r\n", "\n").replace("\r", "\n")


def head_of(content: bytes) -> str:
    """Return the first lines of UTF-8 text, empty where the content is something else."""
    start = content[:SNIFFED]
    whole = start[: start.rfind(b"\n") + 1] if len(content) > SNIFFED else content
    if b"\0" in start:
        return ""
    try:
        head = whole.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return head if head.isascii() or encodings.is_utf8(whole) else ""


def separator_of(head: str) -> str:
    """Return the separator that divides most rows into as many fields, quotation marks respected; a comma if none."""
    whole = head[: head.rfind("\n") + 1] if len(head) >= SNIFFED else head
    best, rank = SEPARATORS[0], (0.0, 0)
    there = [separator for separator in SEPARATORS if separator in whole]
    if len(there) == 1:
        return there[0]
    for separator in there:
        counts = Counter(len(row) for row in _rows(whole, separator) if row)
        several = {width: rows for width, rows in counts.items() if width > 1}
        if not several:
            continue
        width = max(several, key=lambda text: (several[text], text))
        if (share := (several[width] / counts.total(), width)) > rank:
            best, rank = separator, share
    return best


def _rows(text: str, separator: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def _strict(content: bytes, lines: str, separator: str) -> Separated:
    """Read separated text that is as wide as its widest line in `lines`; PolarsError where a row is wider."""
    counts = [line.count(separator) + 1 for line in lines.splitlines()]
    frame = _frame(content, max(counts, default=1), separator)
    if not _grows(lines, counts, separator):
        return Separated(frame, None)
    if b'"' in content:
        raise pl.exceptions.ComputeError("rows of several widths")
    return Separated(frame, _widths(content.decode().removeprefix("\ufeff"), separator, frame.height))


def _widths(text: str, separator: str, rows: int) -> pl.Series:
    """Return how many fields each line of a text without quotation marks has."""
    return pl.Series(text.split("\n"), dtype=pl.String)[:rows].str.count_matches(separator, literal=True) + 1


def _fields(text: str, separator: str, rows: int) -> pl.Series | None:
    """Return how many fields each row of a text has; None where quotation marks make that slow to tell."""
    if '"' not in text:
        return _widths(text, separator, rows)
    if len(text) > _QUOTED:
        return None
    widths = [len(row) for row in _rows(text, separator)]
    return pl.Series(widths, dtype=pl.UInt32) if len(widths) >= rows else None


def _grows(lines: str, counts: list[int], separator: str) -> bool:
    """Tell whether a row of several filled fields stands above one that has more: it may be the header."""
    if len(set(counts)) < 2:
        return False
    before = 0
    for line, count in zip(lines.splitlines(), counts, strict=True):
        if before and count > before:
            return True
        if sum(bool(field.strip()) for field in line.split(separator)) > 1:
            before = max(before, count)
    return False


def _frame(content: bytes, width: int, separator: str) -> pl.DataFrame:
    return pl.read_csv(
        content,
        has_header=False,
        schema={f"c{number}": pl.String for number in range(width)},
        separator=separator,
        quote_char='"' if b'"' in content else None,  # a seventh of the time where none is looked for
        missing_columns="insert",
    )


def _ragged(text: str, separator: str, file: str) -> Separated:
    """Read text some of whose rows are wider than those at its beginning."""
    if '"' in text:
        return _lenient(text, separator, file)
    widths = _widths(text, separator, text.count("\n") + 1)
    frame = _frame(text.encode(), int(widths.max() or 1), separator)  # type: ignore[arg-type]
    return Separated(frame, widths[: frame.height])


def _lenient(text: str, separator: str, file: str) -> Separated:
    """Read what the fast reader refuses, such as a quote inside a cell, or rows of several widths."""
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
    except csv.Error as error:
        raise DataError("quote_open", file=file, row=len(rows) + 1) from error
    width = max((len(row) for row in rows), default=0)
    if text.count('"') % 2 and rows and any("\n" in cell for cell in rows[-1][-1:]):
        raise DataError("quote_open", file=file, row=len(rows))
    padded = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows]
    frame = pl.DataFrame(padded, schema={f"c{number}": pl.String for number in range(width)}, orient="row")
    return Separated(frame, pl.Series([len(row) for row in rows], dtype=pl.UInt32))


def _below(separated: Separated, blank: int) -> Separated:
    """Return rows below empty ones, so that their numbers are those of the file."""
    empty = pl.DataFrame({name: [None] * blank for name in separated.cells.columns}, separated.cells.schema)
    widths = separated.widths
    if widths is not None:
        widths = pl.concat([pl.Series([0] * blank, dtype=widths.dtype), widths])
    return Separated(pl.concat([empty, separated.cells]), widths)


def check_torn(cells: pl.DataFrame, separator: str, file: str) -> None:
    """Raise DataError where a cell holds whole rows: a quotation mark that was never closed swallowed them."""
    if cells.width < 3:
        return
    rows = cells.select(
        pl.any_horizontal(
            pl.all().str.contains("\n", literal=True)
            & (pl.all().str.count_matches(separator, literal=True) >= cells.width - 1)
        ).fill_null(value=False)
    ).to_series()
    if rows.any():
        raise DataError("quote_open", file=file, row=int(rows.arg_true()[0]) + 1)


def uncoded(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the text that a formula of mere text stands for: ="0012" is how a code is kept from becoming a number."""
    wrapped = pl.all().str.starts_with('="') & pl.all().str.ends_with('"') & (pl.all().str.len_bytes() > 2)
    inner = pl.all().str.strip_prefix('="').str.strip_suffix('"')
    return cells.select(pl.when(wrapped & ~inner.str.contains('"', literal=True)).then(inner).otherwise(pl.all()))


def too_long(widths: pl.Series | None, header: int, cells: pl.DataFrame) -> pl.Series:
    """Return the numbers (from 0) of the rows below a header that have more fields than it, blank ones or not.

    Where every row ends in as many blank fields more, and their numbers can't all be torn, that is but how the file was
    written.
    """
    if widths is None:
        return pl.Series(dtype=pl.UInt32)
    places: pl.Series = (widths[header + 1 : cells.height] > widths[header]).arg_true() + header + 1
    if len(places) and _is_padded(widths, header, cells):
        return places.clear()
    return places


def too_short(fields: pl.Series | None, header: int) -> pl.Series:
    """Return the numbers (from 0) of the rows below a header that have fewer fields than it, where most have as many:
    of a row that lacks one in its middle all values behind stand a column too far left."""
    if fields is None:
        return pl.Series(dtype=pl.UInt32)
    below = fields[header + 1 :]
    short = (below < fields[header]) & (below > 1)
    if 2 * int(short.sum()) > int((below > 1).sum()):
        return pl.Series(dtype=pl.UInt32)
    places: pl.Series = short.arg_true() + header + 1
    return places


def _is_padded(widths: pl.Series, header: int, cells: pl.DataFrame) -> bool:
    """Tell whether all rows below a header, but for those of one field, end in the same number of blank ones, and no
    two columns look in each of them like one number that was torn: 1,500."""
    rows = cells.slice(header + 1)
    several = rows.select(pl.sum_horizontal(pl.all().is_not_null()) > 1).to_series()
    below, rows = widths[header + 1 : cells.height].filter(several), rows.filter(several)
    own, beyond = rows.columns[: widths[header]], rows.columns[widths[header] :]
    if len(below) < _SEVERAL or below.n_unique() != 1 or below[0] <= widths[header]:
        return False
    if any(rows[name].null_count() < rows.height for name in beyond):
        return False
    torn = (
        (pl.col(left).str.contains(_THOUSANDS) & pl.col(right).str.contains(_REST)).fill_null(value=False).all()
        for left, right in pairwise(own)
    )
    return not rows.select(pl.any_horizontal(pl.lit(value=False), *torn)).item()
