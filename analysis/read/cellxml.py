"""What the XML of an XLSX sheet says beside the values of its cells, in one pass without a tree."""

from dataclasses import dataclass
from functools import cache
from xml.parsers import expat

import numpy as np

from analysis.read import cell_bytes, respell
from analysis.read.cell_places import column_letters
from analysis.read.facts import MOST_CELLS, WIDE, SheetFacts, place_of
from analysis.read.formats import Format
from analysis.read.runs import Look

_TRUE = ("1", "true")


def facts(content: bytes, formats: dict[int, Format], looks: dict[int, Look] | None = None) -> SheetFacts:
    """Return what a sheet's XML says; `formats`, `looks` are those, by a cell's style, that are not plain.

    Raises expat.ExpatError where the XML is broken, ValueError where a
    number in it is none.
    """
    looks = looks or {}
    if not respell.is_plain(content):
        return _Reader(formats, looks).read(content)
    sheet_facts = _skimmed(content, formats, looks) or _without_values(content, formats, looks)
    return sheet_facts or _Reader(formats, looks).read(content)


def _skimmed(content: bytes, formats: dict[int, Format], looks: dict[int, Look]) -> SheetFacts | None:
    """Return what a plain part says, parsed but for its cells; None where these are not spelled as is known."""
    outline = cell_bytes.outline(content)
    if outline is None:
        return None
    reader = _Reader(formats, looks)
    try:
        sheet_facts = reader.read(outline.rest)
    except (expat.ExpatError, ValueError):
        return None  # the whole part tells where the fault is
    if any(sheet_facts.shown.values()) or any(sheet_facts.looks.values()):
        return None  # cells outside of the rows
    cells = cell_bytes.cells(outline, reader.lines, formats, looks)
    if cells is None or cells.rows * cells.columns > MOST_CELLS:
        return None
    sheet_facts.rows, sheet_facts.columns, sheet_facts.shown = cells.rows, cells.columns, dict(cells.places)
    for look in sheet_facts.looks:
        sheet_facts.looks[look] = np.concatenate(
            [cells.every[style] for style, each_look in looks.items() if each_look == look]
        )
    return sheet_facts


def _without_values(content: bytes, formats: dict[int, Format], looks: dict[int, Look]) -> SheetFacts | None:
    """Return what a plain part says, read without the tags around values: half of its elements, which say nothing.

    None where only the whole part tells: values have attributes, or cells, filled or not, lie far away.
    """
    try:
        sheet_facts = _Reader(formats, looks, every=True).read(content.replace(b"<v>", b"").replace(b"</v>", b""))
    except expat.ExpatError:
        return None
    return sheet_facts if sheet_facts.rows * sheet_facts.columns <= MOST_CELLS else None


@cache
def _letters() -> list[str]:
    return [column_letters(number) for number in range(WIDE + 1)]


class _Styles(dict[str, list[int] | None]):
    """The places of cells by style, however its number is spelled (01); None for styles that are not looked at."""

    def __missing__(self, text: str) -> list[int] | None:
        """Return and keep what a number in another spelling stands for."""
        self[text] = number = self.get(text.strip().lstrip("0") or "0")
        return number


@dataclass(frozen=True)
class _Names:
    """What the elements of a sheet are called: with the namespace of its root, transitional or strict."""

    cell: str
    value: str
    formula: str
    inline: str
    line: str
    column: str
    merge: str
    differing: frozenset[str]

    @classmethod
    def of(cls, root: str) -> "_Names":
        """Return the names in the namespace of a root."""
        space = root.rsplit(" ", 1)[0] + " " if " " in root else ""
        cell, value, formula, inline, line, column, merge, *differing = (
            space + name for name in ("c", "v", "f", "is", "row", "col", "mergeCell", "vertAlign", "strike")
        )
        return cls(cell, value, formula, inline, line, column, merge, frozenset(differing))


class _Open:
    """The open cell, where it is looked at until it ends: its formula and its value."""

    def __init__(self, sheet_facts: SheetFacts, parser: expat.XMLParserType, names: _Names) -> None:
        self.facts, self.parser, self.names = sheet_facts, parser, names
        self.formulas: list[str] = []
        self.content: list[str] = []
        self.place, self.kind = (0, 0), "n"

    def hear(self, texts: list[str], place: tuple[int, int], kind: str) -> None:
        """Keep the text that follows, in a cell of this place and type."""
        self.place, self.kind = place, kind
        self.parser.CharacterDataHandler = texts.append
        self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        if name == self.names.formula:
            self.formulas.append("")
            self.hear(self.content, self.place, self.kind)
        elif name == self.names.cell:
            self._note("".join(self.content).strip())
            self.formulas.clear()
            self.content.clear()
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def _note(self, text: str) -> None:
        """Note what the cell that ends held: a formula without value, an error."""
        if self.formulas and not text:
            self.facts.formulas.add(self.place)
            if self.kind != "str":
                self.facts.texts[self.place] = "=" + "".join(self.formulas).strip()
        elif self.kind == "e" and text:
            self.facts.texts[self.place] = text if text.startswith("#") else f"#{text}"


class _Reader:
    """Handlers of one sheet. One function sees every element, looks at nothing twice, calls nothing for a plain cell.

    `found.rows`, `found.columns` are what the cells span that hold something, or all cells where `every` is told;
    `lines` are the numbers of the rows, from 0.
    """

    def __init__(self, formats: dict[int, Format], looks: dict[int, Look], every: bool = False) -> None:
        self.facts = SheetFacts(shapes=formats)
        self.looks = looks
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = _refuse
        self.every = every
        self.lines: list[int] = []

    def read(self, content: bytes) -> SheetFacts:
        """Return what a sheet says."""
        self.parser.Parse(content, True)
        return self.facts

    def _root(self, name: str, _told: list[str]) -> None:
        shown: dict[int, list[int]] = {number: [] for number in self.facts.shapes}
        self.facts.shown.update(shown)
        self.odd = _Styles({str(number): places for number, places in shown.items()})
        self.marked, self.all_marked = self._marked()
        self.names = _Names.of(name)
        self.open = _Open(self.facts, self.parser, self.names)
        self._handle(self.names.cell, self.names.value, self.names.inline)

    def _handle(self, cell: str, value: str, inline: str) -> None:
        sheet_facts, letters, every, other, typed = self.facts, _letters(), self.every, self._other, self._typed
        odd, marked, all_marked = self.odd, self.marked, self.all_marked
        usual = odd.get("0")  # cells that tell no style have the first
        row, digits, base, column, rightmost = -1, "0", -WIDE, -1, -1
        kind = "n"

        def start(name: str, attributes: list[str]) -> None:
            nonlocal row, digits, base, column, rightmost, kind
            if name == cell:
                column += 1
                size = len(attributes)
                if not size or attributes[0] != "r":
                    attributes = _in_order(attributes)
                    size = len(attributes)
                reference = attributes[1]
                if reference != letters[column] + digits:
                    if reference:
                        row, column = place_of(reference)
                        digits, base = str(row + 1), row * WIDE
                        sheet_facts.rows = max(sheet_facts.rows, row + 1) if every else sheet_facts.rows
                    if column >= WIDE:
                        raise ValueError(reference)
                if every and column > rightmost:
                    rightmost, sheet_facts.columns = column, column + 1
                if size == 2:
                    kind = "n"
                    if usual is not None:
                        usual.append(base + column)
                    if all_marked is not None:
                        all_marked.append(base + column)
                elif size == 4 and attributes[2] == "s":
                    kind = "n"
                    if odd and (places := odd[attributes[3]]) is not None:
                        places.append(base + column)
                    if marked and (places := marked[attributes[3]]) is not None:
                        places.append(base + column)
                else:
                    kind = typed(attributes, row, column)
            elif name in (value, inline):
                sheet_facts.rows, sheet_facts.columns = (
                    max(sheet_facts.rows, row + 1),
                    max(sheet_facts.columns, column + 1),
                )
            elif (moved := other(name, attributes, row, column, kind)) is not None:
                row, column, digits, base = moved, -1, str(moved + 1), moved * WIDE

        self.parser.StartElementHandler = start

    def _typed(self, pairs: list[str], row: int, column: int) -> str:
        """Note a cell that tells its type, or more; return its type."""
        attributes = dict(zip(pairs[::2], pairs[1::2], strict=True))
        kind, style = attributes.get("t", "n"), attributes.get("s", "0")
        if kind == "e":
            self.open.hear(self.open.content, (row, column), kind)
        elif kind == "n" and (places := self.odd[style]) is not None:
            places.append(row * WIDE + column)
        if self.marked and (places := self.marked[style]) is not None:
            places.append(row * WIDE + column)
        return kind

    def _other(self, name: str, pairs: list[str], row: int, column: int, kind: str) -> int | None:
        """Note what is neither a cell nor its value, in the open cell; return the number of a row that begins."""
        sheet_facts, names = self.facts, self.names
        if name == names.line:
            attributes = _pairs(pairs)
            number = attributes.get("r")
            row = int(number) - 1 if number else row + 1
            self.lines.append(row)
            if self.every:
                sheet_facts.rows = max(sheet_facts.rows, row + 1)
            if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("ht")):
                sheet_facts.hidden_rows.add(row)
            return row
        if name == names.formula:
            sheet_facts.rows, sheet_facts.columns = max(sheet_facts.rows, row + 1), max(sheet_facts.columns, column + 1)
            self.open.hear(self.open.formulas, (row, column), kind)
        elif name == names.merge:
            self._merge(_pairs(pairs))
        elif name == names.column:
            self._col(_pairs(pairs))
        elif name in names.differing:
            sheet_facts.inline.add((row, column))
        return None

    def _marked(self) -> tuple[_Styles, list[int] | None]:
        """Return the places of cells by style where that has a look, and those of the first style."""
        lists: dict[Look, list[int]] = {look: [] for look in self.looks.values()}
        self.facts.looks |= lists
        marked = _Styles({str(number): lists[look] for number, look in self.looks.items()})
        return marked, marked.get("0")

    def _col(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("width")):
            first, last = int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1))
            self.facts.hidden_columns.update(range(first, min(last, WIDE)))

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        if last:
            self.facts.merges.append((place_of(first), place_of(last)))


def _pairs(pairs: list[str]) -> dict[str, str]:
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _in_order(pairs: list[str]) -> list[str]:
    """Return the attributes of a cell with its reference first, empty where it tells none."""
    attributes = _pairs(pairs)
    return ["r", attributes.pop("r", ""), *(text for pair in attributes.items() for text in pair)]


def _refuse(*_told: object) -> None:
    """Refuse definitions, which OOXML forbids: they can unpack without end."""
    raise ValueError("DOCTYPE")


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0
