"""The page that tells what changed between two drafts: a table to print and to file."""

from pathlib import Path
from typing import Any

import jinja2

from analysis import storage
from analysis.brand import brand
from analysis.errors import language, listed, message


def write(path: Path, title: str, changes: Any) -> None:
    """Write the page of changes (run.commands.changes) whole."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = environment.get_template("changes.html.j2").render(
        lang=language(),
        title=title,
        colours={name: colour.lower() for name, colour in (brand().colours | brand().check_page).items()},
        changes=changes,
        listed=listed,
        message=message,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    storage.write_whole(path, page)
