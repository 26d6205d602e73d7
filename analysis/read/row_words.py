"""Words of rows that are no data, as row_words.yml declares them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.read.header_names import plain
from analysis.registered import parse_yaml


@cache
def _declared() -> dict[str, Any]:
    text = (Path(__file__).parent / "row_words.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = parse_yaml(text)
    return loaded


@cache
def pattern(*kinds: str) -> str:
    """Return the regular expression of whole texts of these kinds."""
    return f"^(?:{'|'.join(word for kind in kinds for word in _declared()[kind])})$"


def narrowed(text: pl.Expr) -> pl.Expr:
    """Return text as these words are compared: in one width and without spaces."""
    return text.str.normalize("NFKC").str.replace_all(r"\s+", "")


def says(text: pl.Expr, *kinds: str) -> pl.Expr:
    """Tell whether a text, narrowed, is of one of these kinds; false where there is none."""
    return text.str.contains(pattern(*kinds)).fill_null(value=False)


def marked(text: pl.Expr, *, numbered: bool = False) -> pl.Expr:
    """Tell whether a text may be of a total, a summary or an example: what is not needs no closer look.

    `numbered`: in a column of classes or rooms, which have further such words.
    """
    words = _declared()["marks"] + (_declared()["class_marks"] if numbered else [])
    return text.str.contains_any(words).fill_null(value=False)


@cache
def marks() -> list[str]:
    """Return what each text that says total, mean or part has something of; looked for first, for it is quick."""
    return [*_declared()["marks"], *_declared()["foreign_marks"]]


@cache
def listed(kind: str) -> tuple[str, ...]:
    """Return the words of a kind that are no patterns."""
    return tuple(_declared()[kind])


@cache
def headers(kind: str) -> frozenset[str]:
    """Return the plain headers of a kind of columns."""
    return frozenset(plain(text) for text in _declared()[kind])


def is_example(sheet: str) -> bool:
    """Tell whether a sheet's name says that it shows how the form is filled in."""
    return re.fullmatch(pattern("example_sheets"), "".join(sheet.split())) is not None
