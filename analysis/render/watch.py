"""The page that shows how a county stands while its workbooks are being filled in: one file, that refreshes itself."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis import storage
from analysis.errors import language
from analysis.judge.verdicts import place
from analysis.sources import parse_yaml

from . import work_pages

#: Seconds after which a browser asks for the page again.
REFRESH = 1


@cache
def _words() -> dict[str, Any]:
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return {name: said[language()] for name, said in parse_yaml(text).items()}


def write(path: Path, now: Any, at: str, changed: Sequence[str], documents: str = "", ended: bool = False) -> None:
    """Write the page of a county whole: its state (run.commands.state_of_county), when, and what the last save changed.

    `documents` says how the documents are; a page that has `ended` no longer refreshes.
    """
    page = work_pages.page(
        "watch.html.j2",
        words=_words(),
        now=now,
        at=at,
        changed=changed,
        documents=documents,
        refresh=0 if ended else REFRESH,
        items=sorted(now.items.values(), key=lambda line: place(line.verdict)),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    storage.write_whole(path, page)
