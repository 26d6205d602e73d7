"""How a command meets whoever started it: the characters that can be shown, and the signal to stop."""

import io
import sys
from types import FrameType


def stopped(number: int, _frame: FrameType | None) -> None:
    """End as at an error, so that whatever is unfinished is cleared away."""
    raise SystemExit(128 + number)


def speak() -> None:
    """Have no character stop a command: on Windows a file or pipe gets UTF-8, elsewhere what can't be shown is `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if sys.platform == "win32" else None, errors="replace")
