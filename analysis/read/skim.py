"""Whether the XML of a sheet says anything beside the values of its cells, without parsing it.

Each test is of bytes that any spelling needs for what it looks for, so that a part which passes all of them holds none
of it; a part that fails one is parsed, whether it holds anything or not.
"""

import numpy as np
import numpy.typing as npt

#: Formulas and texts within the sheet, errors, names with a prefix, among the rows; then merged ranges behind them.
_TELLING = (b"f", b"is", b"lineS", b"#", b":c", b":row", b":v", b"idden")
_SPACES = (b" ", b"\t", b"\n", b"\r")
#: No more elements than this may stand in rows whose numbers are not told.
_MOST_ROWS = 400_000


def says_nothing(part: bytes) -> bool:
    """Tell whether a part that is plain UTF-8 holds nothing but values, close enough together to be laid out.

    Columns lie before AAA, and rows before 100,000, with more than 26 columns before 10,000: what spans more is
    looked at closer. No test looks for "<", which stands everywhere: that takes many times longer.
    """
    begin, end = part.find(b"<sheetData"), part.rfind(b"</sheetData")
    if not 0 <= begin < end or part.find(b"merge", end) >= 0:
        return False
    part = part[begin + len(b"<sheetData") : end]
    if any(mark in part for mark in _TELLING) or any(space + b"ht" in part for space in _SPACES):
        return False
    cells = part.count(b"<c")
    if part.count(b"row") > 2 * _MOST_ROWS:
        return False
    signs = np.frombuffer(part + b"    ", np.uint8)
    quotes = np.flatnonzero((signs == ord('"')) | (signs == ord("'")))
    quotes = quotes[quotes < len(part)]
    first, second, third, fourth = (signs[quotes + step] for step in (1, 2, 3, 4))
    one = _letters(first) & _digits(second)
    two = _letters(first) & _letters(second) & _digits(third)
    far_right = _letters(first) & _letters(second) & _letters(third) & (_letters(fourth) | _digits(fourth))
    if far_right.any() or one.sum() + two.sum() < cells:
        return False
    digits = 5 if two.any() else 6
    far = quotes[_digits(first)]
    for step in range(2, digits + 1):
        far = far[_digits(signs[np.minimum(far + step, len(signs) - 1)])]
    return not len(far)


def _letters(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return (signs >= ord("A")) & (signs <= ord("Z"))


def _digits(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return (signs >= ord("0")) & (signs <= ord("9"))
