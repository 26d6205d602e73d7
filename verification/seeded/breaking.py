"""One error of a known kind, put into a copy of a report's folder by a number that is its seed."""

import base64
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from verification.printed import pdf
from verification.printed.pdf import Pages

_FIGURE = re.compile(r"(?P<head>data:image/svg\+xml;base64,)(?P<data>[A-Za-z0-9+/=]+)")
_DRAWN = re.compile(r"<svg.*?</svg>", re.DOTALL)


@dataclass(frozen=True)
class Broken:
    """A folder with one error in it; `pages` reads its PDF, whose error is in its text."""

    name: str
    document: str
    before: str
    after: str
    pages: Callable[[Path], Pages] = pdf.read


@cache
def kinds(name: str = "errors") -> list[dict[str, Any]]:
    """Return errors.yml, those of a county's report, or another list of errors beside it."""
    text = (Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8")
    loaded: list[dict[str, Any]] = yaml.safe_load(text)
    return loaded


def _digit(text: str, draw: random.Random) -> str:
    """Return a text with one of its digits another one."""
    at = draw.choice([place for place, letter in enumerate(text) if letter in "0123456789"])
    other = draw.choice([one for one in "0123456789" if one != text[at]])
    return text[:at] + other + text[at + 1 :]


def _changed(kind: dict[str, Any], text: str, schools: list[str], draw: random.Random) -> str:
    how = kind["change"]
    if how == "digit":
        return _digit(text, draw) if re.search("[0-9]", text) else text
    if how == "drop":
        return ""
    if how == "school":
        return draw.choice([one for one in schools if one != text])
    if text in kind["pairs"]:
        return str(kind["pairs"][text])
    for one, other in kind["pairs"].items():
        if one in text:
            return text.replace(one, other, 1)
    return _digit(text, draw) if re.search("[0-9]", text) else text


def _broken(kind: dict[str, Any], text: str, schools: list[str], draw: random.Random) -> tuple[str, str, str] | None:
    """Return a text with one error, and what stood there before and after; None where the kind finds no place."""
    places = [found for found in re.finditer(kind["find"], text, re.DOTALL) if found["it"].strip()]
    draw.shuffle(places)
    for found in places[:20]:
        after = _changed(kind, found["it"], schools, draw)
        if after != found["it"]:
            start, end = found.span("it")
            return text[:start] + after + text[end:], found["it"], after
    return None


def _in_figures(
    kind: dict[str, Any], page: str, schools: list[str], draw: random.Random
) -> tuple[str, str, str] | None:
    drawn = list(_DRAWN.finditer(page))
    draw.shuffle(drawn)
    for figure in drawn:  # one that is part of the page
        found = _broken(kind, figure[0], schools, draw)
        if found is not None:
            return page[: figure.start()] + found[0] + page[figure.end() :], found[1], found[2]
    figures = list(_FIGURE.finditer(page))
    draw.shuffle(figures)
    for figure in figures:
        found = _broken(kind, base64.b64decode(figure["data"]).decode("utf-8"), schools, draw)
        if found is not None:
            data = base64.b64encode(found[0].encode("utf-8")).decode("ascii")
            return page[: figure.start("data")] + data + page[figure.end("data") :], found[1], found[2]
    return None


def _in_page(kind: dict[str, Any], page: str, schools: list[str], draw: random.Random) -> tuple[str, str, str] | None:
    if kind.get("part") == "svg":
        return _in_figures(kind, page, schools, draw)
    start, end = page.find("<main"), page.find("</main>")
    found = _broken(kind, page[start:end], schools, draw)
    return None if found is None else (page[:start] + found[0] + page[end:], found[1], found[2])


def _in_zip(kind: dict[str, Any], path: Path, schools: list[str], draw: random.Random) -> tuple[str, str] | None:
    with zipfile.ZipFile(path) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    names = [name for name in parts if re.fullmatch(kind["part"], name)]
    draw.shuffle(names)
    for name in names:
        found = _broken(kind, parts[name].decode("utf-8"), schools, draw)
        if found is not None:
            parts[name] = found[0].encode("utf-8")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
                for each, data in parts.items():
                    written.writestr(each, data)
            return found[1], found[2]
    return None


def _in_pdf(path: Path, draw: random.Random) -> Broken:
    """Return the text of a PDF with one digit another one: its letters are glyphs, which no editor changes."""
    pages = pdf.read(path)
    places = [(p, at) for p, page in enumerate(pages.lines) for at, line in enumerate(page) if re.search("[0-9]", line)]
    page, at = draw.choice([one for one in places if one[1] > 0])
    before = pages.lines[page][at]
    after = _digit(before, draw)
    lines = [list(one) for one in pages.lines]
    lines[page][at] = after
    broken = Pages(pages.name, tuple(tuple(one) for one in lines))
    return Broken("a digit of the text", path.name, before, after, lambda _: broken)


def break_one(folder: Path, schools: list[str], seed: int, of: list[dict[str, Any]] | None = None) -> Broken:
    """Put one error into a folder, of the kind (`of` these) and at the place that a seed draws; `schools` are names to
    take. A document may be named by a pattern: the first file that fits it is broken."""
    draw = random.Random(seed)
    order = list(of or kinds())
    first = order[seed % len(order)]
    for kind in [first, *draw.sample(order, len(order))]:
        path = next(iter(sorted(folder.glob(kind["document"]))), None)
        if path is None:
            continue
        if kind["change"] == "text":
            return _in_pdf(path, draw)
        if path.suffix in (".docx", ".xlsx"):
            done = _in_zip(kind, path, schools, draw)
        else:
            text = path.read_text(encoding="utf-8")
            found = (
                _in_page(kind, text, schools, draw) if path.suffix == ".html" else _broken(kind, text, schools, draw)
            )
            done = None
            if found is not None:
                path.write_text(found[0], encoding="utf-8")
                done = found[1], found[2]
        if done is not None:
            return Broken(kind["name"], kind["document"], *done)
    raise ValueError(f"no kind of error finds a place in {folder}")


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a report's folder to put an error into."""
    return Path(shutil.copytree(folder, to, ignore=shutil.ignore_patterns(".*", "*.ipynb")))
