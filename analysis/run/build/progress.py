"""What a user sees while something is made: a bar on a terminal, plain lines elsewhere; always on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from analysis.errors import message


class Progress(Protocol):
    """Hears that `step` (a key of messages.yml) goes on, and which share of it, 0 to 1, is done."""

    def __call__(self, step: str, share: float = 0.0) -> None:
        """Take note."""


def silent(step: str, share: float = 0.0) -> None:
    """Show nothing."""


@contextmanager
def shown(title: str) -> Iterator[Progress]:
    """Show the steps of one task under `title` until the context ends.

    The bar, and with it its thread, begins with the first step: until then the process may fork.
    """
    if not sys.stderr.isatty():
        yield _lines(title)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        *(TextColumn("{task.fields[title]}"), BarColumn(), TimeElapsedColumn()),
        *(TimeRemainingColumn(), TextColumn("{task.description}")),
    )
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", title=title, total=1.0)
    sys.stderr.write(f"{title}\r")
    sys.stderr.flush()

    def step(step: str, share: float = 0.0) -> None:
        bar.start()
        bar.update(task, description=message(step), completed=share)

    try:
        yield step
    finally:
        bar.stop()


def _lines(title: str) -> Progress:
    said: set[str] = set()

    def step(step: str, share: float = 0.0) -> None:
        if step not in said:
            said.add(step)
            sys.stderr.write(f"{title}  {message(step)}\n")
            sys.stderr.flush()

    return step
