"""Any spreadsheet to sheets of text cells, each row where it stands in its file."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import fastexcel
import polars as pl
import python_calamine

from analysis.errors import DataError
from analysis.read import ods, xls, xlsx

#: A cell longer than this, in bytes, is no statistic: the file is refused.
LONGEST_CELL = 100_000
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_BOOKS = {"xlsx": _ZIP, "xlsm": _ZIP, "ods": _ZIP, "xls": _OLE}
_HEAD = 200
#: A space, a no-break space, a full-width one, in UTF-8. A tab is a separator or stands within a cell.
_SPACES = (b" ", b"\xc2\xa0", b"\xe3\x80\x80")
#: What stands beside the first and the last character of a cell; nothing (b"") is in it too.
_EDGES = b',\t;|"\n\r'
_STYLED = ("xlsx", "xlsm", "ods")
_SEPARATORS = (",", "\t", ";", "|")
_SNIFFED = 65_536


@dataclass(frozen=True)
class Mark:
    """What a number format makes a reader see that the stored value is not; `rule` is an id of checks.yml.

    `row` counts from 1, `position` from 0.
    """

    rule: str
    row: int
    position: int
    before: str
    after: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet: columns c0, c1, ... of text; the frame's row 0 is row 1 of the sheet, its column 0 is column `left`.

    `name` is empty for a text file. `styled` tells whether a number shown as a percentage comes as one ("85.3%").
    `present` tells of each cell whether it holds something of its own (None: where it is not null), `filled` how many
    cells of the sheet do as another reader counts them (None: the count of `present`).
    """

    name: str
    cells: pl.DataFrame
    left: int = 0
    hidden: bool = False
    styled: bool = True
    present: pl.DataFrame | None = None
    filled: int | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    marks: tuple[Mark, ...] = ()


class Package(Protocol):
    """What a workbook says beside the values of its cells; rows and columns are counted from 0."""

    def visible(self, name: str) -> bool:
        """Tell whether a sheet is shown."""

    def left(self, name: str) -> int:
        """Return the number of the leftmost column that holds a cell."""

    def merges(self, name: str) -> list[xlsx.Merge]:
        """Return a sheet's merged ranges."""

    def mark(self, name: str, cells: pl.DataFrame, left: int) -> pl.DataFrame:
        """Return the cells with what their values hide: percentages, errors, formulas without value."""


def read(path: Path, file: str, encoding: str = "") -> list[Sheet]:
    """Return all sheets of a workbook or text file; `file` is how messages call it.

    `encoding` is what somebody said of a text file.

    Raises DataError, one line that names file and reason, for anything that can't be read.
    """
    content = _content(path, file)
    ending = _ending(file)
    if ending in _BOOKS:
        _check_book(content, ending, file)
        return _book(content, ending, file)
    if content[:4] in (_ZIP, _OLE):
        raise DataError("file_ending", file=file, kind="xlsx" if content[:4] == _ZIP else "xls")
    cells, padded = _text(content, ending, file), _is_padded(content)
    plain = not padded and len(content) <= LONGEST_CELL and b'""' not in content
    return [Sheet("", _cut(cells) if plain else _trim(cells, file, "", padded))]


def _ending(file: str) -> str:
    return file.lower().removesuffix(".gz").rsplit(".", 1)[-1]


def _content(path: Path, file: str) -> bytes:
    try:
        content = path.read_bytes()
        if content[:2] == _GZIP:
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        reason = "gzip" if not isinstance(error, OSError) or isinstance(error, gzip.BadGzipFile) else error.strerror
        raise DataError("file_broken", file=file, reason=reason or type(error).__name__) from error
    if not content[:_SNIFFED].strip() and not content.strip():
        raise DataError("file_empty", file=file)
    return content


def _check_book(content: bytes, ending: str, file: str) -> None:
    if content[:4] == _OLE and "EncryptedPackage".encode("utf-16-le") in content:
        raise DataError("file_password", file=file)
    open_document = content[:4] == _ZIP and b"opendocument" in content[:_HEAD]
    if content[:4] != _BOOKS[ending] or open_document != (ending == "ods"):
        kind = "ods" if open_document else {_ZIP: "xlsx", _OLE: "xls"}.get(content[:4], "csv")
        raise DataError("file_ending", file=file, kind=kind)


def _book(content: bytes, ending: str, file: str) -> list[Sheet]:
    try:
        package = _package(content, ending, file)
        book = fastexcel.read_excel(content)
        frames = {name: _sheet_frame(book, name) for name in book.sheet_names}
    except (fastexcel.FastExcelError, python_calamine.CalamineError, pl.exceptions.PolarsError, ValueError) as error:
        key = "file_password" if "assword" in str(error) else "file_broken"
        raise DataError(key, file=file, reason=_short(error)) from error
    sheets = []
    for name, frame in frames.items():
        cells = _trim(frame, file, name)
        if not cells.is_empty():
            left = package.left(name)
            cells = package.mark(name, _unmerge(cells, package.merges(name), left), left)
            sheets.append(Sheet(name, cells, left, not package.visible(name), ending in _STYLED))
    if not sheets:
        raise DataError("file_empty", file=file)
    return sheets


def _package(content: bytes, ending: str, file: str) -> Package:
    if ending == "ods":
        return ods.open_package(content, file)
    return xls.open_package(content) if ending == "xls" else xlsx.open_package(content, file)


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__


def _sheet_frame(book: Any, name: str) -> pl.DataFrame:
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    frame: pl.DataFrame = loaded.to_polars()
    return frame.rename({column: f"c{number}" for number, column in enumerate(frame.columns)}).cast(pl.String)


def _unmerge(cells: pl.DataFrame, merges: list[xlsx.Merge], left: int) -> pl.DataFrame:
    """Write the value of a merged range into each of its cells: what a reader of the sheet sees.

    A range as wide as the sheet is a title and stays one cell.
    """
    height, width = cells.shape
    changed: dict[str, dict[int, str]] = {}
    for (top, first), (bottom, last) in merges:
        source = f"c{first - left}"
        if source not in cells.columns or top >= height or (last > first and last - first >= width - 1):
            continue
        if (text := cells[source][top]) is None:
            continue
        for column in range(first - left, min(last - left + 1, width)):
            found = changed.setdefault(f"c{column}", {})
            found.update(dict.fromkeys(range(top, min(bottom + 1, height)), text))
    return xlsx.written(cells, changed)


def _text(content: bytes, ending: str, file: str) -> pl.DataFrame:
    head = _head(content)
    separator = "\t" if ending == "tsv" else _separator(head or decode(content, file)[:_SNIFFED])
    if head and content[:1] not in b"\r\n":  # after leading empty lines, which are dropped, row numbers would lie
        try:
            return _strict(content, head, separator)
        except pl.exceptions.PolarsError:
            pass  # another encoding, longer rows further down, or a quote inside a cell: looked at closer
    text = decode(content, file)
    if text[:1] not in "\r\n":
        try:
            return _strict(text.encode(), text, separator)
        except pl.exceptions.PolarsError:
            return _lenient(text, separator, file)
    return _lenient(text, separator, file)


def _head(content: bytes) -> str:
    """Return the first lines of UTF-8 text, empty where the content is something else."""
    start = content[:_SNIFFED]
    whole = start[: start.rfind(b"\n") + 1] if len(content) > _SNIFFED else content
    if b"\0" in start:
        return ""
    try:
        return whole.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _strict(content: bytes, lines: str, separator: str) -> pl.DataFrame:
    """Read separated text that is as wide as its widest line in `lines`; PolarsError where a row is wider."""
    width = max((line.count(separator) for line in lines.splitlines()), default=0) + 1
    return pl.read_csv(
        content,
        has_header=False,
        schema={f"c{number}": pl.String for number in range(width)},
        separator=separator,
        missing_columns="insert",
    )


def _lenient(text: str, separator: str, file: str) -> pl.DataFrame:
    """Read what the fast reader refuses, such as a quote inside a cell."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DataError("file_broken", file=file, reason=_short(error)) from error
    width = max((len(row) for row in rows), default=0)
    padded = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows]
    return pl.DataFrame(padded, schema={f"c{number}": pl.String for number in range(width)}, orient="row")


def decode(content: bytes, file: str) -> str:
    """Return the text of UTF-8 (with or without mark), UTF-16 or GB18030 bytes; DataError for anything else."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        zeros = content[:_SNIFFED].count(0)
        little = content[1:_SNIFFED:2].count(0) > content[0:_SNIFFED:2].count(0)
        candidates = ("utf-16-le" if little else "utf-16-be",) if zeros else ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError("file_encoding", file=file)


def _separator(text: str) -> str:
    counts = {separator: text.count(separator) for separator in _SEPARATORS}
    return max(_SEPARATORS, key=lambda separator: counts[separator]) if any(counts.values()) else ","


def _is_padded(content: bytes) -> bool:
    """Tell whether some cell of UTF-8 text may begin or end in a space; always of text in other encodings."""
    if not _head(content):
        return True
    return any(_at_an_edge(content, space) for space in _SPACES if space[:1] in content)


def _at_an_edge(content: bytes, space: bytes) -> bool:
    """Tell whether a space stands first or last in some cell, or of the whole; those within cells are passed over."""
    place = content.find(space)
    while place >= 0:
        end = place + len(space)
        if content[max(place - 1, 0) : place] in _EDGES or content[end : end + 1] in _EDGES:
            return True
        place = content.find(space, end)
    return False


def _trim(frame: pl.DataFrame, file: str, sheet: str, padded: bool = True) -> pl.DataFrame:
    """Make cells without text null, and cut what is empty at the foot and on the right; refuse cells too long.

    Spaces around cells go, unless it is known that none is `padded`.
    """
    if frame.is_empty():
        return frame
    blank = frame.select(pl.all().str.strip_chars()) if padded else frame
    shortest = blank.select(pl.all().str.len_bytes().min()).row(0)
    empty = [name for name, length in zip(blank.columns, shortest, strict=True) if length == 0]
    blank = blank.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in empty)
    lengths = blank.select(pl.all().str.len_bytes().max()).row(0)
    if max((length or 0 for length in lengths), default=0) > LONGEST_CELL:
        place = next(number for number, length in enumerate(lengths) if (length or 0) > LONGEST_CELL)
        row = int(blank[f"c{place}"].str.len_bytes().arg_max() or 0) + 1
        cell = f"{xlsx.column_letters(place)}{row}"
        raise DataError("cell_too_long", file=file, sheet=sheet, cell=cell, limit=LONGEST_CELL)
    return _cut(blank)


def _cut(cells: pl.DataFrame) -> pl.DataFrame:
    """Drop the empty rows at the foot, empty columns on the right; keep all others, so that row numbers stay true."""
    filled = [number for number, blank in enumerate(cells.null_count().row(0)) if blank < cells.height]
    if not filled:
        return cells.head(0)
    kept = cells if filled[-1] + 1 == cells.width else cells[:, : filled[-1] + 1]
    if any(cell is not None for cell in kept.row(-1)):
        return kept
    below = kept.select(pl.all_horizontal(pl.all().is_null()).reverse().arg_min()).item()
    return kept.head(kept.height - below)
