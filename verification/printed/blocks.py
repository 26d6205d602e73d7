"""What every document comes down to: blocks of text and tables, each with the place where it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_BLANK = re.compile(r"[\s\u200b\u2060\ufeff]+")
_HYPHEN = re.compile(r"(?<=[A-Za-z])[-\u00ad\u2010](?=[A-Za-z0-9])")
_DASH = re.compile(r"(?<=\d)[\u00ad\u2010](?=\d)")
_CJK = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def tidy(text: str) -> str:
    """Return a text with single blanks, none beside Chinese characters."""
    return _CJK.sub("", _BLANK.sub(" ", text)).strip()


def bare(text: str) -> str:
    """Return a text without any blank, as two documents are compared."""
    return _BLANK.sub("", text)


def whole(text: str) -> str:
    """Return a bare text without hyphens within words, which a line may have or a page's end may take; those of a day
    stay."""
    return _DASH.sub("-", _HYPHEN.sub("", bare(text)))


@dataclass
class Block:
    """A paragraph, heading, caption, note, alternative text or figure: `kind` says which.

    `chapter` counts chapters from 1 (0 before the first), `part` is the heading of the second level. `marks` are the
    numbers that a page marks with their finding: where they stand in the text, the finding's id, and what of it they
    are. `after` is the caption of the table that came last, `number` its place in a numbered list,
    `at` where a figure's label stands.
    """

    kind: str
    text: str
    chapter: int = 0
    heading: str = ""
    part: str = ""
    marks: list[tuple[int, int, str, str]] = field(default_factory=list)
    after: str = ""
    number: int = 0
    at: tuple[float, float] = (0.0, 0.0)

    @property
    def place(self) -> str:
        """Return where it stands, as readers find it."""
        at = " / ".join(one for one in (self.heading, self.part) if one) or "title"
        return f"{at}: {self.kind}"


@dataclass
class Grid:
    """A table: its caption, headings and rows as text; `rest` are values that a workbook holds as numbers."""

    caption: str
    headings: list[str]
    rows: list[list[object]]
    chapter: int = 0
    heading: str = ""
    name: str = ""

    @property
    def place(self) -> str:
        """Return where it stands."""
        return self.caption or self.name


@dataclass
class Document:
    """All blocks of a document in order."""

    name: str
    blocks: list[Block | Grid] = field(default_factory=list)
    chapter: int = 0
    heading: str = ""
    part: str = ""
    after: str = ""

    def add(self, kind: str, text: str, marks: list[tuple[int, int, str, str]] | None = None, number: int = 0) -> None:
        """Add a block of text where one has come to; a heading of the first level begins a chapter."""
        if kind == "h2":
            self.chapter, self.heading, self.part = self.chapter + 1, text, ""
        elif kind == "h3":
            self.part = text
        if text:
            self.blocks.append(
                Block(kind, text, self.chapter, self.heading, self.part, marks or [], self.after, number)
            )

    def figures(self) -> dict[str, list[Block]]:
        """Return the labels of each figure, in the order in which they were drawn."""
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            if isinstance(block, Block) and block.kind.startswith("label"):
                found.setdefault(block.kind, []).append(block)
        return found

    def table(self, caption: str, headings: list[str], rows: list[list[object]]) -> None:
        """Add a table."""
        self.after = caption
        self.blocks.append(Grid(caption, headings, rows, self.chapter, self.heading))


def joins(text: str, parts: Iterable[str]) -> bool:
    """Whether a text is made of all these parts, in whichever order, and what joins them alone."""
    rest = bare(text)
    for part in sorted(map(bare, parts), key=len, reverse=True):
        if part not in rest:
            return False
        rest = rest.replace(part, "\0", 1)
    return re.fullmatch("\0(?:(?:[、，,；;和]|and)\0)*" if rest else "", rest) is not None
