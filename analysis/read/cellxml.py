"""What the XML of an XLSX sheet says beside the values of its cells, in one pass without a tree."""

from collections.abc import Callable
from xml.parsers import expat

from analysis.read import respell, skim
from analysis.read.facts import SheetFacts, place_of
from analysis.read.formats import Format

_TRUE = ("1", "true")


def facts(content: bytes, formats: dict[int, Format], furthest: int) -> SheetFacts:
    """Return what a sheet's XML says; `formats` are those, by a cell's style, that are not plain.

    Hidden columns beyond `furthest` are not noted. Raises expat.ExpatError where the XML is broken, ValueError where a
    number in it is none.
    """
    reader = _Reader(formats, furthest)
    head = content.find(b"<sheetData")
    if head > 0 and not formats and respell.is_plain(content) and skim.says_nothing(content):
        reader.parser.Parse(content[:head], False)  # columns, which may be hidden
        return reader.found
    reader.parser.Parse(content, True)
    reader.closing()
    reader.found.shapes = formats
    return reader.found


class _Reader:
    """Handlers of one sheet. Elements close themselves: what a cell holds is known when the next element begins.

    One function sees every element of a sheet, so it looks at nothing twice and calls nothing for a plain cell.
    """

    def __init__(self, formats: dict[int, Format], furthest: int) -> None:
        self.found = SheetFacts()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = _refuse
        self.formats = {str(number): one for number, one in formats.items()}
        self.furthest = furthest
        self.closing: Callable[[], object] = SheetFacts
        self.others: dict[str, Callable[[dict[str, str]], None]] = {}

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """Take the namespace of the root as that of the sheet: transitional or strict."""
        space = name.rsplit(" ", 1)[0] + " " if " " in name else ""
        self._handle(*(space + one for one in ("c", "v", "f", "is", "row")))
        self.others = {space + "col": self._col, space + "mergeCell": self._merge}

    def _handle(self, cell: str, value: str, formula: str, inline: str, line: str) -> None:
        found, parser, odd = self.found, self.parser, self.formats
        known: dict[str, int] = {}
        row, digits, places = -1, "", 0
        column, lowest, rightmost = -1, -1, -1
        style, kind = "0", "n"
        told: list[str] | None = None  # the formula of the open cell
        held: list[str] | None = None  # its value, where it is looked at

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, digits, places, column, lowest, rightmost, style, kind, told, held
            if name == value:
                if column > rightmost:
                    rightmost = column
                if row > lowest:
                    lowest = row
                if told is not None or kind == "e":
                    held = []
                    parser.CharacterDataHandler = held.append
                elif kind == "n" and style in odd:
                    found.shown.setdefault(int(style), []).append((row, column))
            elif name == cell:
                if told is not None or held is not None:
                    done()
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                elif (letters := reference[:-places]) in known and reference.endswith(digits):
                    column = known[letters]
                else:
                    row, column = place_of(reference)
                    digits = str(row + 1)
                    places = len(digits)
                    known[reference[:-places]] = column
                style, kind = attributes.get("s", "0"), attributes.get("t", "n")
            elif name == line:
                if told is not None or held is not None:
                    done()
                number = attributes.get("r")
                row, column = int(number) - 1 if number else row + 1, -1
                digits = str(row + 1)
                places = len(digits)
                if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("ht")):
                    found.hidden_rows.add(row)
            elif name == formula:
                rightmost, lowest = max(rightmost, column), max(lowest, row)
                told = []
                parser.CharacterDataHandler = told.append
            elif name == inline:
                rightmost, lowest = max(rightmost, column), max(lowest, row)
            else:
                parser.CharacterDataHandler = None
                if name in self.others:
                    self.others[name](attributes)

        def done() -> None:
            """Note what the cell that was open held: a formula, an error."""
            nonlocal told, held
            parser.CharacterDataHandler = None
            text = "".join(held or []).strip()
            if told is not None:
                found.formulas.add((row, column))
                if not text and kind != "str":
                    found.texts[row, column] = "=" + "".join(told).strip()
            if text and kind == "e":
                found.texts[row, column] = text if text.startswith("#") else f"#{text}"
            elif text and kind == "n" and style in odd:
                found.shown.setdefault(int(style), []).append((row, column))
            told = held = None

        def close() -> None:
            if told is not None or held is not None:
                done()
            found.rows, found.columns = lowest + 1, rightmost + 1

        self.closing = close
        parser.StartElementHandler = start

    def _col(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("width")):
            first, last = int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1))
            self.found.hidden_columns.update(range(first, min(last, self.furthest)))

    def _merge(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        if last:
            self.found.merges.append((place_of(first), place_of(last)))


def _refuse(*_told: object) -> None:
    """Refuse definitions, which OOXML forbids: they can unpack without end."""
    raise ValueError("DOCTYPE")


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0
