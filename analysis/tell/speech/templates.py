"""Templates: how they are read and compiled, and how the lines that they broke are joined."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket

from analysis.project import templates
from analysis.tell.language import wording

#: The filters that templates know: methods of filters.Voice.
FILTERS = (
    "value",
    "end",
    "bare",
    "by_rows",
    "asks",
    "assumed",
    "sense",
    "month",
    "day",
    "deadline",
    "target",
    "whole",
    "number",
    "ratio",
    "signed",
    "signed_end",
    "percent",
    "part",
    "decimal",
    "points",
    "step",
    "missing",
    "level",
    "span",
    "year",
    "word",
    "verdict",
    "css",
    "item",
    "document",
    "breach",
    "unmet",
    "measure",
    "shared",
    "term",
    "short",
    "indicator",
    "unit",
    "base",
    "grade",
    "school",
    "reason",
    "ordinal",
    "plural",
    "listed",
    "clauses",
    "enumerated",
    "joined",
    "sentence",
    "mid",
)

#: A line that stays a line of its own: a fence, a heading, a table row.
_BLOCK = re.compile(r"(:::|#|\||```)")
#: A line that begins an item of a list; lines below belong to it.
_ITEM = re.compile(r"(- |\d+\. )")


#: Stands for an empty line of a template, which alone parts paragraphs; lines left empty by tags do not.
_PART = "\u2029"
#: What may stand around a line and says nothing.
BLANK = f" \t\n{_PART}"


class Templates(FileSystemLoader):
    """Templates whose empty lines survive the removal of the line ends after tags; `here` is how a place says them."""

    def __init__(self, folder: Path, here: Callable[[str], str]) -> None:
        super().__init__(folder)
        self._here = here

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, each empty line marked."""
        text, name, fresh = super().get_source(environment, template)
        return marked_lines(self._here(text)), name, fresh


def marked_lines(text: str) -> str:
    """Return a template's text, each empty line marked."""
    return re.sub(r"\n[ \t]*(?=\n)", f"\n{_PART}", text)


def tidy(text: str, lang: str) -> str:
    """Join the lines of each paragraph that a template broke: with nothing between in Chinese, with a space in English.

    Empty lines of the template part paragraphs; fences and headings stay lines of their own, list items begin one.
    """
    paragraphs: list[str] = []
    lines: list[str] = []

    def close() -> None:
        if lines:
            joined = ("" if lang == "zh" else " ").join(lines)
            paragraphs.append(joined if lang == "zh" else re.sub(" {2,}", " ", joined))
            lines.clear()

    for raw in text.replace(_PART, f"\n{_PART}\n").split("\n"):
        line = raw.strip(f" \t{_PART}")
        if _PART in raw or _BLOCK.match(line):
            close()
            paragraphs.append(line)
        elif line:
            if _ITEM.match(line):
                close()
            lines.append(line)
    close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(paragraphs)).strip()


class Compiled(BytecodeCache):
    """Compiled templates, kept for the life of the process: they are the same for every report."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled from the same text."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = Compiled()


class EntriesFirst(Environment):
    """An environment in which `listed.items` is the entry of that name where a mapping has one, and not its method."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the entry of a mapping, else what Jinja finds."""
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)


def environment_of(lang: str, here: Callable[[str], str], finalize: Callable[..., Any]) -> Environment:
    """Return an environment whose compiled templates depend on no report: nothing is worked out ahead."""
    return EntriesFirst(
        loader=Templates(templates() / lang, here),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=finalize,
        optimized=False,
        bytecode_cache=_COMPILED,
        comment_start_string="<#",  # {#id} is a label in Markdown
        comment_end_string="#>",
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _blank(lang: str) -> Environment:
    """Return an environment that only compiles."""
    environment = environment_of(lang, str, pass_context(lambda _, value: value))
    environment.filters |= dict.fromkeys(FILTERS, str)
    return environment


@cache
def code_of(source: str) -> CodeType:
    """Return a text compiled; the language plays no part, for a text loads no other template."""
    return _blank("zh").compile(source)


def prepare(lang: str) -> None:
    """Compile all templates of a language, so that processes forked from this one find them."""
    environment = _blank(lang)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)
    for text in _texts([wording.texts(kind, lang) for kind in ("figures", "tables")]):
        code_of(text)


def _texts(texts: Any) -> Iterator[str]:
    """Yield every text of figures.yml or tables.yml but the heads of columns, which are no templates."""
    if isinstance(texts, str):
        yield texts
    else:
        for part in texts if isinstance(texts, list) else [texts[key] for key in texts if key != "columns"]:
            yield from _texts(part)
