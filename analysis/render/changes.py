"""The page that tells what changed between two drafts: a table to print and to file."""

from pathlib import Path
from typing import Any

from analysis import storage
from analysis.errors import listed, message

from . import work_pages


def write(path: Path, title: str, changes: Any) -> None:
    """Write the page of changes (run.commands.changes) whole."""
    page = work_pages.page("changes.html.j2", title=title, changes=changes, listed=listed, message=message)
    path.parent.mkdir(parents=True, exist_ok=True)
    storage.write_whole(path, page)
