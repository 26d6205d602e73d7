"""The text of an ODS cell as a reader of it sees it: lines, tabs and spaces, and what is raised or struck out."""

import re
from collections.abc import Iterator
from typing import Any

from analysis.read import runs
from analysis.read.runs import Look, Runs

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
#: Elements that stand for white space; runs of it in the text itself are one space.
_WHITE = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": "\t", f"{_TEXT}s": " "}
_UNSEEN = (f"{_TEXT}ruby-text", f"{_TEXT}note", "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation")
_SPACES = re.compile(r"[ \t\r\n]+")
_STRUCK = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")


def looks(styles: list[Any]) -> dict[tuple[str, str], Look]:
    """Return the looks of styles that tell one, by family and name; a style without has that of its parent."""
    known = {(style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")): style for style in styles}
    looks_of = {}
    for family, name in known:
        seen: set[str] = set()
        at: str = name
        while (style := known.get((family, at))) is not None and at not in seen:
            seen.add(at)
            properties = style.find(f"{_STYLE}text-properties")
            if properties is not None and (look := _look(properties)) is not None:
                looks_of[family, name] = look
                break
            at = style.get(f"{_STYLE}parent-style-name", "")
    return looks_of


def _look(properties: Any) -> Look | None:
    """Return the look that properties tell, None where they tell none."""
    position = properties.get(f"{_STYLE}text-position")
    lines = [value for name in _STRUCK if (value := properties.get(name)) is not None]
    if position is None and not lines:
        return None
    first = (position or "0%").split()[0]
    height = {"super": 1, "sub": -1}.get(first)
    if height is None:
        height = 0 if not first.strip("-0.%") else -1 if first.startswith("-") else 1
    return Look(height, any(line != "none" for line in lines))


def runs_of(paragraphs: list[Any], styles: dict[tuple[str, str], Look]) -> Runs:
    """Return the runs of a cell's paragraphs, each in a line of its own."""
    runs: Runs = []
    for number, paragraph in enumerate(paragraphs):
        runs += [("\n" * bool(number), None), *_walk(paragraph, None, styles)]
    return runs


def _walk(element: Any, look: Look | None, styles: dict[tuple[str, str], Look]) -> Iterator[tuple[str, Look | None]]:
    yield _SPACES.sub(" ", element.text or ""), look
    for child in element:
        if child.tag in _WHITE:
            yield _WHITE[child.tag] * int(child.get(f"{_TEXT}c", 1)), look
        elif child.tag not in _UNSEEN:
            own = styles.get(("text", child.get(f"{_TEXT}style-name", "")), look)
            yield from _walk(child, own, styles)
        yield _SPACES.sub(" ", child.tail or ""), look


def text(paragraphs: list[Any], styles: dict[tuple[str, str], Look], look: Look = runs.USUAL) -> str:
    """Return the text of a cell whose own look is `look` as it is seen."""
    if not look and not any(len(paragraph) for paragraph in paragraphs):  # as nearly all
        return "\n".join(paragraph.text or "" for paragraph in paragraphs)
    return runs.drawn(runs_of(paragraphs, styles), look)


def is_plain(paragraphs: list[Any], styles: dict[tuple[str, str], Look]) -> bool:
    """Tell whether a cell's text is told by its letters alone."""
    if not any(len(paragraph) for paragraph in paragraphs):
        return True
    spaced = any(True for paragraph in paragraphs for _ in paragraph.iter(*_WHITE))
    return not (spaced or runs.differs(runs_of(paragraphs, styles)))
