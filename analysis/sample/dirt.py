"""Ways in which a right value comes in written wrongly. Each takes a cell and returns the cell as someone typed it."""

from collections.abc import Callable

from analysis.sample.sheets import Cell

WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def _plain(value: Cell) -> str:
    return "" if value is None else str(value)


def as_text(value: Cell) -> Cell:
    """Return a number typed as text."""
    return _plain(value)


def full_width(value: Cell) -> Cell:
    """Return full-width digits."""
    return _plain(value).translate(WIDE)


def thousands(value: Cell) -> Cell:
    """Return thousands separated by commas."""
    return f"{value:,}" if isinstance(value, int | float) else value


def thousands_wide(value: Cell) -> Cell:
    """Return thousands separated by full-width commas."""
    return f"{value:,}".replace(",", "，") if isinstance(value, int | float) else value


def padded(value: Cell) -> Cell:
    """Return text with spaces around it, one of them full-width."""
    return f" {_plain(value)}　"


def bracketed(value: Cell) -> Cell:
    """Return a negative number in brackets: the amount is impossible, the writing is not."""
    return f"({_plain(value)})"


def negative(value: Cell) -> Cell:
    """Return the number with a minus sign."""
    return -value if isinstance(value, int | float) else value


def ten_thousandfold(value: Cell) -> Cell:
    """Return an amount typed in yuan under a header in 万元."""
    return round(value * 10_000) if isinstance(value, int | float) else value


#: What the reader can undo without knowing the value.
REVERSIBLE: dict[str, Callable[[Cell], Cell]] = {
    "as_text": as_text,
    "full_width": full_width,
    "thousands": thousands,
    "thousands_wide": thousands_wide,
    "padded": padded,
}
#: What takes its row into quarantine.
IMPOSSIBLE: dict[str, Callable[[Cell], Cell]] = {"bracketed": bracketed, "negative": negative}
#: What only a correction can mend.
MISTAKEN: dict[str, Callable[[Cell], Cell]] = {"ten_thousandfold": ten_thousandfold}
