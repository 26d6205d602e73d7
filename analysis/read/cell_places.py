"""Where a cell stands, as spreadsheets say it: columns by letters, ranges by their corners."""

from itertools import groupby


def column_number(letters: str) -> int:
    """Return the number of a column, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell(row: int, column: int) -> str:
    """Return a cell's place; rows count from 1, columns from 0."""
    return f"{column_letters(column)}{row}"


def block(top: int, left: int, bottom: int, right: int) -> str:
    """Return the place of a block of cells by two corners, or of one cell."""
    first, last = cell(top, left), cell(bottom, right)
    return first if first == last else f"{first}:{last}"


def rows(numbers: list[int]) -> str:
    """Return the place of whole rows: 5:5,9:12."""
    runs = [
        [number for _, number in run] for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])
    ]
    return ",".join(f"{run[0]}:{run[-1]}" for run in runs)
