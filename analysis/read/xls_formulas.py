"""Formulas of an XLS workbook that LibreOffice saved with a 0 that may stand for a text.

Where LibreOffice opens a workbook, does not calculate it and saves it as XLS, formulas whose result is a text get the
number 0 and no text: [MS-XLS] 2.4.127 Formula, with no 2.4.268 String behind it.
"""

import io
import struct
from collections.abc import Iterator
from itertools import pairwise

from xlrd.compdoc import CompDoc

#: Who LibreOffice says wrote a workbook, whoever did.
WRITER = "Calc"
_FORMULA, _BEGIN, _END, _STRING = 0x0006, 0x0809, 0x000A, 0x0207
_WORKSHEET = 0x0010
_NOTHING = bytes(8)
#: Row, column, style, result, flags and a cache come first, then the length of the tokens.
_HEAD, _TOKENS = struct.Struct("<3H8s"), 22
_OPERATORS = {0x03, 0x04, 0x05, 0x06, 0x07, 0x12, 0x13, 0x14}  # + - * / ^, signs, percent
_BRACKET, _ONLY_SUM = 0x15, bytes.fromhex("19100000")
#: Functions whose result is a number, or an error: SUM, COUNT, AVERAGE, MIN, MAX, ROUND, INT, ABS, VALUE, COUNTA,
#: SUMPRODUCT, SUBTOTAL, SUMIF, COUNTIF.
_NUMERIC = {4, 0, 5, 6, 7, 27, 25, 24, 33, 169, 228, 344, 345, 346}
_FUNCTIONS = {0x21: 3, 0x41: 3, 0x61: 3, 0x22: 4, 0x42: 4, 0x62: 4}  # token -> its length


def unsure_zeros(content: bytes) -> list[set[tuple[int, int]]]:
    """Return, worksheet by worksheet in their order, the cells (row, column) whose 0 may stand for a text.

    Raises what xlrd and struct raise of a file that is damaged.
    """
    stream = CompDoc(content, logfile=io.StringIO()).get_named_stream("Workbook") or b""
    sheets: list[set[tuple[int, int]]] = []
    kinds: list[int] = []
    for (kind, record), (after, _) in pairwise([*_records(stream), (0, b"")]):
        if kind == _BEGIN:
            kinds.append(struct.unpack_from("<H", record, 2)[0])
            if kinds == [_WORKSHEET]:
                sheets.append(set())
        elif kind == _END and kinds:
            kinds.pop()
        elif kind == _FORMULA and kinds == [_WORKSHEET] and after != _STRING:
            row, column, _, result = _HEAD.unpack_from(record)
            if result == _NOTHING and not _is_number(record[_TOKENS:]):
                sheets[-1].add((row, column))
    return sheets


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the content of each record; [MS-XLS] 2.1.4."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _is_number(tokens: bytes) -> bool:
    """Tell whether what a formula does last surely makes a number: its tokens end with what is done last."""
    tokens = tokens.rstrip(bytes([_BRACKET]))
    if not tokens or tokens.endswith(_ONLY_SUM):
        return bool(tokens)
    ends = (tokens[-size] for token, size in _FUNCTIONS.items() if len(tokens) >= size and tokens[-size] == token)
    if next(ends, None) is not None:
        return int.from_bytes(tokens[-2:], "little") in _NUMERIC
    return tokens[-1] in _OPERATORS
