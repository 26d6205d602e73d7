"""The cells of a sheet's XML without a call for each, told from their bytes where they are spelled as most are.

Nothing is guessed. Within the rows only `<c r="C17" s="5" t="s">`, `<v>`, `<f>`, `<is>`, `<t>` and what closes them may
stand, one within the other as they must, and every byte of a cell's tag is compared with what it has to be: the row's
number, then style and type, in this order. Where anything is otherwise there is no answer, and the parser reads the
part. All that stands around the cells, rows too, is left for the parser in any case (`Outline.rest`).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.read.facts import WIDE

Places = npt.NDArray[np.int64]
_Signs = npt.NDArray[np.uint8]
_Flags = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.uint64]

#: So many bytes are looked at in one go: what is made of them stays near the processor.
_STRETCH = 4 << 20
_BEYOND = bytes(32)
_NONE = np.zeros(0, np.int64)
_ROWS, _END = b"<sheetData", b"</sheetData"
_ROW, _CELL, _VALUE, _FORMULA, _INLINE, _TEXT = range(1, 7)
_CLOSED = 6  # what is added for the tag that closes
_SLASH = 13
#: Each tag by its first and its second sign, as all of its spelling that is the same everywhere.
_TAGS = {
    _ROW: b"<row", _CELL: b'<c r="', _VALUE: b"<v>", _FORMULA: b"<f", _INLINE: b"<is>", _TEXT: b"<t",
    _ROW + _CLOSED: b"</row", _CELL + _CLOSED: b"</c>", _VALUE + _CLOSED: b"</v>", _FORMULA + _CLOSED: b"</f>",
    _INLINE + _CLOSED: b"</is>", _TEXT + _CLOSED: b"</t>",
}  # fmt: skip
#: Which tag may follow which; a row, cell, formula or text may close itself. A formula has a value behind it.
_AFTER = {
    _ROW: (_ROW, _CELL, _ROW + _CLOSED),
    _CELL: (_VALUE, _FORMULA, _INLINE, _CELL + _CLOSED, _CELL, _ROW + _CLOSED),
    _VALUE: (_VALUE + _CLOSED,),
    _FORMULA: (_FORMULA + _CLOSED, _VALUE),
    _INLINE: (_TEXT,),
    _TEXT: (_TEXT + _CLOSED, _INLINE + _CLOSED),
    _ROW + _CLOSED: (_ROW,),
    _CELL + _CLOSED: (_CELL, _ROW + _CLOSED),
    _VALUE + _CLOSED: (_CELL + _CLOSED,),
    _FORMULA + _CLOSED: (_VALUE,),
    _INLINE + _CLOSED: (_CELL + _CLOSED,),
    _TEXT + _CLOSED: (_INLINE + _CLOSED,),
}
#: Types of cells, each with its closing quotation mark; the first is that of numbers.
_TYPES = (b'n"', b's"', b'b"', b'd"', b'str"', b'inlineStr"')


def _word(signs: bytes) -> int:
    return int.from_bytes(signs[:8], "little")


def _table(values: dict[int, int], kind: type[np.generic], size: int = 256) -> npt.NDArray[Any]:
    filled_values: npt.NDArray[Any] = np.zeros(size, kind)
    for place, value in values.items():
        filled_values[place] = value
    return filled_values


_OPENS = _table({tag[1]: kind for kind, tag in _TAGS.items() if kind <= _CLOSED} | {ord("/"): _SLASH}, np.uint8)
_CLOSES = _table({tag[2]: kind for kind, tag in _TAGS.items() if kind > _CLOSED}, np.uint8)
_SPELLED = _table({kind: _word(tag) for kind, tag in _TAGS.items()}, np.uint64, _SLASH)
_COMPARED = _table({kind: _word(b"\xff" * len(tag)) for kind, tag in _TAGS.items()}, np.uint64, _SLASH)
_FOLLOWS = np.zeros((_SLASH, _SLASH), np.bool_)
for _kind, _next in _AFTER.items():
    _FOLLOWS[_kind, list(_next)] = True
_NAME_ENDS = np.frombuffer(b" \t\r\n>/", np.uint8)
_ENTITIES = (b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;")
#: The tags of a text, as they stand; the first closes itself.
_TEXTS = (b"<t/>", b"<t>", b'<t xml:space="preserve">')
_GREATER, _SOLIDUS, _QUOTE, _LESS = b'>/"<'
#: Bytes that begin a sign which is surely no space: of ASCII, and from Chinese on (U+4000).
_SEEN = _table(dict.fromkeys([*range(33, _LESS), *range(_LESS + 1, 127), *range(0xE4, 0xF5)], 1), np.bool_)


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Whole rows: their bytes (`eights`: each with the seven behind it as one word), where their cells' tags begin, the
    row of each, and whether its tag closes itself.
    """

    signs: _Signs
    eights: _Words
    cells: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    alone: _Flags

    def words(self, places: npt.NDArray[np.integer[Any]]) -> _Words:
        """Return the eight bytes at each place."""
        words: _Words = self.eights[places]
        return words

    def have(self, places: npt.NDArray[np.integer[Any]], signs: bytes) -> _Flags:
        """Return at which places these bytes stand."""
        have = np.ones(len(places), np.bool_)
        for begin in range(0, len(signs), 8):
            part = signs[begin : begin + 8]
            have &= (self.words(places + begin) & np.uint64(_word(b"\xff" * len(part)))) == _word(part)
        return have


@dataclass(frozen=True, eq=False)
class Outline:
    """A part in two: `rest` without any cell, for the parser, and the cells of so many `rows`."""

    rest: bytes
    rows: int
    stretches: tuple[_Stretch, ...]


@dataclass(frozen=True, eq=False)
class Cells:
    """What cells span, and the places (row * WIDE + column, both from 0) of the cells that have each style asked.

    `places` are those of numbers, `every` of all cells.
    """

    rows: int
    columns: int
    places: dict[int, Places]
    every: dict[int, Places]


def outline(part: bytes) -> Outline | None:
    """Return a part (plain UTF-8 without comments) apart from its cells; None where it has to be parsed whole."""
    begin, end = part.find(_ROWS), part.rfind(_END)
    begin = part.find(b"<", begin + 1) if 0 <= begin < end else -1
    if begin < 0:
        return None
    rows, stretches, kept = 0, [], [part[:begin]]
    for text in _stretches(part, begin, end):
        cut = _cut(text, rows)
        if cut is None:
            return None
        stretch, lines, number = cut
        stretches.append(stretch)
        kept += lines
        rows += number
    return Outline(b"".join([*kept, part[end:]]), rows, tuple(stretches))


def _stretches(part: bytes, begin: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of whole rows."""
    while begin < end:
        after = part.find(b"<row", begin + _STRETCH, end)
        after = end if after < 0 else after
        yield part[begin:after]
        begin = after


def _cut(text: bytes, first: int) -> tuple[_Stretch, list[bytes], int] | None:
    """Return whole rows as a stretch, the tags of the rows, and how many there are; None where they aren't known.

    `first` is the number of the first row, from 0.
    """
    if b"&" in text and text.count(b"&") != sum(text.count(entity) for entity in _ENTITIES):
        return None
    signs = np.frombuffer(text + _BEYOND, np.uint8)
    at = np.flatnonzero(signs[: len(text)] == _LESS)
    kinds = _OPENS[signs[at + 1]]
    kinds = np.where(kinds == _SLASH, _CLOSES[signs[at + 2]], kinds)
    if not len(at) or not kinds.all() or not _is_nested(kinds):
        return None
    is_cell, is_row = kinds == _CELL, kinds == _ROW
    rows = np.cumsum(is_row)
    after = np.append(kinds[1:], _ROW)[is_cell]
    alone = (after == _CELL) | (after == _ROW + _CLOSED)
    eights: _Words = np.ndarray((len(signs) - 7,), "<u8", signs.data, 0, (1,))
    stretch = _Stretch(signs, eights, at[is_cell].astype(np.int32), (rows[is_cell] - 1 + first).astype(np.int32), alone)
    if not _are_spelled(stretch, at, kinds):
        return None
    ends = np.append(at[1:], len(text))
    tags = np.flatnonzero(is_row | (kinds == _ROW + _CLOSED) | _told_formulas(signs, at, kinds))
    lines = [text[begin:end] for begin, end in zip(at[tags].tolist(), ends[tags].tolist(), strict=True)]
    return stretch, lines, int(rows[-1])


def _is_nested(kinds: _Signs) -> bool:
    """Tell whether each tag may follow the one before it, from the first row to the last."""
    whole = kinds[0] == _ROW and kinds[-1] in (_ROW, _ROW + _CLOSED)
    return bool(whole and _FOLLOWS[kinds[:-1], kinds[1:]].all())


def _told_formulas(signs: _Signs, at: npt.NDArray[np.int64], kinds: _Signs) -> _Flags:
    """Return which tags are those of formulas with attributes, or close them: these are left for the parser."""
    formulas: _Flags = (kinds == _FORMULA) & (signs[at + 2] != _GREATER)
    formulas[1:] |= formulas[:-1] & (kinds[1:] == _FORMULA + _CLOSED)
    return formulas


def _are_spelled(stretch: _Stretch, at: npt.NDArray[np.int64], kinds: _Signs) -> bool:
    """Tell whether all tags are spelled as they have to be, and each formula has a value."""
    if ((stretch.words(at) & _COMPARED[kinds]) != _SPELLED[kinds]).any():
        return False
    signs, after = stretch.signs, np.append(kinds[1:], 0)
    for kind, size in ((_ROW, 4), (_FORMULA, 2)):
        if not np.isin(signs[at[kinds == kind] + size], _NAME_ENDS).all():
            return False
    texts, closed = at[kinds == _TEXT], after[kinds == _TEXT] == _TEXT + _CLOSED
    alone, *whole = (stretch.have(texts, tag) for tag in _TEXTS)
    if (np.where(closed, np.any(whole, axis=0), alone) == 0).any():
        return False
    bare = (kinds == _FORMULA) & (signs[at + 2] == _GREATER)
    if (after[bare] != _FORMULA + _CLOSED).any():
        return False
    behind = np.flatnonzero((kinds[:-1] == _FORMULA) | (kinds[:-1] == _FORMULA + _CLOSED)) + 1
    return bool(_SEEN[signs[at[behind[kinds[behind] == _VALUE]] + 3]].all())


def cells(outline: Outline, rows: list[int], styles: Collection[int], marked: Collection[int] = ()) -> Cells | None:
    """Return what the cells say; `rows` are the numbers of the rows, from 0, as the parser read them.

    Numbers are asked for by their `styles`, all cells by those that are `marked`.
    None where a cell has another spelling, or is another row's.
    """
    if len(rows) != outline.rows:
        return None
    names = [b'%d"' % (row + 1) for row in rows]
    if any(len(name) > 8 for name in names):
        return None
    sizes = np.array([len(name) for name in names], np.int32)
    wanted_rows = _Rows(np.array(rows, np.int64), sizes, np.array([_word(name) for name in names], np.uint64))
    wanted = np.zeros((2, max((*styles, *marked), default=0) + 2), np.bool_)  # the last is that of all styles beyond
    wanted[0, list(styles)] = wanted[1, list(marked)] = True
    columns, height, places, every = 0, 0, [], []
    for stretch in outline.stretches:
        read_cells = _read(stretch, wanted_rows, wanted.shape[1] - 1)
        if read_cells is None:
            return None
        if len(read_cells.columns):
            columns = max(columns, int(read_cells.columns.max()) + 1)
            height = max(height, int(wanted_rows.numbers[stretch.rows].max()) + 1)
        places.append(
            read_cells.at(wanted[0][read_cells.styles] & read_cells.numbers, wanted_rows.numbers, stretch.rows)
        )
        if marked:
            every.append(read_cells.at(wanted[1][read_cells.styles], wanted_rows.numbers, stretch.rows))
    return Cells(height, columns, _by_style(places, styles), _by_style(every, marked))


def _by_style(pairs: list[tuple[Places, Places]], styles: Collection[int]) -> dict[int, Places]:
    style, where = (np.concatenate([_NONE, *(pair[side] for pair in pairs)]) for side in (0, 1))
    return {number: where[style == number] for number in styles}


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows: their numbers from 0, and how they are named in a cell's reference, the closing quotation mark included."""

    numbers: Places
    sizes: npt.NDArray[np.int32]
    names: _Words


@dataclass(frozen=True, eq=False)
class _Found:
    """The column, the style and whether it may be a number, of each cell of a stretch."""

    columns: npt.NDArray[np.int64]
    styles: npt.NDArray[np.int64]
    numbers: _Flags

    def at(self, wanted: _Flags, numbers: Places, rows: npt.NDArray[np.int32]) -> tuple[Places, Places]:
        """Return style and place of the cells that are wanted; `rows` are the cells' rows, `numbers` those of rows."""
        odd = np.flatnonzero(wanted)
        return self.styles[odd], numbers[rows[odd]] * WIDE + self.columns[odd]


def _read(stretch: _Stretch, rows: _Rows, most: int) -> _Found | None:
    """Return what the tags of cells say, byte by byte; styles beyond `most` as `most`."""
    signs = stretch.signs
    at: npt.NDArray[np.integer[Any]] = stretch.cells + 6
    letters = [signs[at + step] - np.uint8(ord("A")) for step in range(3)]  # below A they wrap around
    second = letters[1] < 26
    third = second & (letters[2] < 26)
    columns = letters[0].astype(np.int64)
    columns = np.where(second, columns * 26 + 26 + letters[1], columns)
    columns = np.where(third, columns * 26 + 26 + letters[2], columns)
    at = at + 1 + second + third
    sizes = rows.sizes[stretch.rows]
    masks = np.uint64(2**64 - 1) >> (np.uint64(8) * (8 - sizes).astype(np.uint64))
    if (letters[0] >= 26).any() or (columns >= WIDE).any():
        return None
    if ((stretch.words(at) & masks) != rows.names[stretch.rows]).any():
        return None
    styled = _styles(stretch, at + sizes, most)
    typed = None if styled is None else _types(stretch, styled[0])
    if styled is None or typed is None:
        return None
    at, numbers = typed
    alone = signs[at] == _SOLIDUS
    if (signs[at + alone] != _GREATER).any() or (alone != stretch.alone).any():
        return None
    return _Found(columns, styled[1], numbers)


def _styles(
    stretch: _Stretch, at: npt.NDArray[np.integer[Any]], most: int
) -> tuple[npt.NDArray[np.integer[Any]], npt.NDArray[np.int64]] | None:
    """Return where a cell's style ends, and which it is, 0 where none is told."""
    styles = np.zeros(len(at), np.int64)
    styled = np.flatnonzero(stretch.have(at, b' s="'))
    if not len(styled):
        return at, styles
    at, begin = at.copy(), at[styled] + 4
    number, size = np.zeros(len(styled), np.int64), np.zeros(len(styled), np.int64)
    going = np.ones(len(styled), np.bool_)
    for step in range(6):
        digit = stretch.signs[begin + step] - np.uint8(ord("0"))
        going &= digit < 10
        if not going.any():
            break
        number = np.where(going, number * 10 + digit, number)
        size += going
    if (size == 0).any() or (stretch.signs[begin + size] != _QUOTE).any():
        return None
    styles[styled], at[styled] = np.minimum(number, most), begin + size + 1
    return at, styles


def _types(stretch: _Stretch, at: npt.NDArray[np.integer[Any]]) -> tuple[npt.NDArray[np.integer[Any]], _Flags] | None:
    """Return where a cell's type ends, and whether it is that of numbers, as it is where none is told."""
    numbers = np.ones(len(at), np.bool_)
    ends = stretch.signs[at]
    typed = np.flatnonzero((ends != _GREATER) & (ends != _SOLIDUS))
    if not len(typed):
        return at, numbers
    at, begin = at.copy(), at[typed]
    if not stretch.have(begin, b' t="').all():
        return None
    size = np.zeros(len(typed), np.int64)
    for kind in _TYPES:
        size[stretch.have(begin + 4, kind)] = len(kind)
    if (size == 0).any():
        return None
    numbers[typed] = stretch.have(begin + 4, _TYPES[0])
    at[typed] = begin + 4 + size
    return at, numbers
