"""What is told at a terminal around a command: how long it may still take, and afterwards what to do next."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from analysis import project, storage
from analysis.errors import language, message
from analysis.sources import parse_yaml

#: Commands that show no steps of their own, ask nothing, and may take longer than a moment.
SLOW = frozenset(
    {
        *("calendar", "check", "data", "diff", "evidence", "forecast", "fragile", "icc", "judge", "ledger", "plan"),
        *("site", "status", "trace", "verify"),
    }
)
_MOMENT, _BETWEEN = 2.0, 0.5
_DONE = (0, 1, None)


@cache
def steps() -> dict[str, dict[str, str]]:
    """Return what to do after each command that doesn't say it itself, by language."""
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = parse_yaml(text)
    return loaded


def command_of(arguments: list[str]) -> str:
    """Return the command among what was typed, "" where there is none."""
    return next((word for word in arguments if not word.startswith("-")), "")


def tell(arguments: list[str], code: object) -> None:
    """Tell whoever is at a terminal what to do after a command that has done its work."""
    said = steps().get(command_of(arguments))
    asked = {"-h", "--help"} & set(arguments)
    if said and code in _DONE and not asked and sys.stderr.isatty():
        sys.stderr.write(message("next_step", said=said[language()]) + "\n")


@contextmanager
def waiting(arguments: list[str]) -> Iterator[None]:
    """Show at a terminal, after a moment, how long a command has taken and, from its last time, what is left."""
    command = command_of(arguments)
    if command not in SLOW or not (sys.stderr.isatty() and sys.stdout.isatty()):
        yield
        return
    begun, done = time.monotonic(), threading.Event()
    watcher = threading.Thread(target=_count, args=(begun, done, _known().get(command)), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        _keep(command, time.monotonic() - begun)


def left(passed: float, last: float | None) -> str:
    """Return the line on a command that runs: the seconds so far and, where its last time is known, those to come."""
    if last is None or passed >= last:
        return message("waiting", seconds=f"{passed:.0f}")
    return message("waiting_left", seconds=f"{passed:.0f}", left=f"{last - passed:.0f}")


def _count(begun: float, done: threading.Event, last: float | None) -> None:
    shown = done.wait(_MOMENT)
    if shown:
        return
    while not done.wait(_BETWEEN):
        sys.stderr.write(f"\r{left(time.monotonic() - begun, last)}\033[K")
        sys.stderr.flush()
    sys.stderr.write("\r\033[K")
    sys.stderr.flush()


def _file() -> Path:
    return project.processed(None) / "times.json"


def _known() -> dict[str, float]:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return {str(name): float(seconds) for name, seconds in json.loads(_file().read_text(encoding="utf-8")).items()}
    return {}


def _keep(command: str, seconds: float) -> None:
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        storage.write_whole(_file(), json.dumps(_known() | {command: round(seconds, 1)}))
