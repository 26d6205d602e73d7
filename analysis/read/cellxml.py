"""What the XML of an XLSX sheet says beside the values of its cells, in one pass without a tree."""

from xml.parsers import expat

from analysis.read.cell_places import column_number
from analysis.read.facts import SheetFacts, place_of
from analysis.read.formats import Format

_DIGITS = "0123456789"
_TRUE = ("1", "true")


def facts(content: bytes, formats: dict[int, Format], furthest: int) -> SheetFacts:
    """Return what a sheet's XML says; `formats` are those, by a cell's style, that are not plain.

    Hidden columns beyond `furthest` are not noted. Raises expat.ExpatError where the XML is broken, ValueError where a
    number in it is none.
    """
    reader = _Reader(formats, furthest)
    reader.parser.Parse(content, True)
    reader.close()
    return reader.found


class _Reader:
    """Handlers of one sheet. Elements close themselves: what a cell holds is known when the next element begins."""

    def __init__(self, formats: dict[int, Format], furthest: int) -> None:
        self.found = SheetFacts()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = _refuse
        self.formats = {str(number): one for number, one in formats.items()}
        self.furthest = furthest
        self.known: dict[str, int] = {}
        self.row, self.digits, self.column = -1, "", -1
        self.style, self.kind = "0", "n"
        self.formula: list[str] | None = None
        self.value: list[str] | None = None
        self.filled = False
        self.open = False

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """Take the namespace of the root as that of the sheet: transitional or strict."""
        space = name.rsplit(" ", 1)[0] + " " if " " in name else ""
        self.names = {
            space + "c": self._cell,
            space + "v": self._value,
            space + "f": self._formula,
            space + "is": self._inline,
            space + "row": self._row,
            space + "col": self._col,
            space + "mergeCell": self._merge,
        }
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.names.get(name)
        if handler is not None:
            handler(attributes)
        elif self.open:
            self.parser.CharacterDataHandler = None

    def _row(self, attributes: dict[str, str]) -> None:
        self._done()
        number = attributes.get("r")
        self.row = int(number) - 1 if number else self.row + 1
        self.digits = str(self.row + 1)
        self.column = -1
        if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("ht")):
            self.found.hidden_rows.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        if self.open:
            self._done()
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip(_DIGITS)
            column = self.known.get(letters)
            if column is None:
                column = self.known[letters] = column_number(letters.replace("$", ""))
            self.column = column
            if reference[len(letters) :] != self.digits:
                self.digits = reference[len(letters) :]
                self.row = int(self.digits) - 1
        else:
            self.column += 1
        self.open = True
        self.style = attributes.get("s", "0")
        self.kind = attributes.get("t", "n")

    def _fill(self) -> None:
        found = self.found
        if self.row >= found.rows:
            found.rows = self.row + 1
        if self.column >= found.columns:
            found.columns = self.column + 1

    def _value(self, attributes: dict[str, str]) -> None:
        if not self.open:
            return
        self._fill()
        if self.formula is not None or self.kind == "e" or (self.kind == "n" and self.style in self.formats):
            self.value = []
            self.parser.CharacterDataHandler = self.value.append

    def _formula(self, attributes: dict[str, str]) -> None:
        if self.open:
            self._fill()
            self.formula = []
            self.parser.CharacterDataHandler = self.formula.append

    def _inline(self, attributes: dict[str, str]) -> None:
        if self.open:
            self._fill()

    def _col(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE or _is_zero(attributes.get("width")):
            first, last = int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1))
            self.found.hidden_columns.update(range(first, min(last, self.furthest)))

    def _merge(self, attributes: dict[str, str]) -> None:
        self._done()
        first, _, last = attributes.get("ref", "").partition(":")
        if last:
            self.found.merges.append((place_of(first), place_of(last)))

    def _done(self) -> None:
        """Note what the cell that was open held."""
        self.parser.CharacterDataHandler = None
        if not self.open:
            return
        self.open = False
        place = self.row, self.column
        value = "".join(self.value or []).strip()
        if self.formula is not None:
            self.found.formulas.add(place)
            if not value and self.kind != "str":
                self.found.texts[place] = "=" + "".join(self.formula).strip()
        if self.value is not None and value:
            if self.kind == "e":
                self.found.texts[place] = value if value.startswith("#") else f"#{value}"
            elif self.kind == "n" and self.style in self.formats:
                self.found.show(*place, value, self.formats[self.style])
        self.formula = self.value = None

    def close(self) -> None:
        """Note what the last cell held."""
        self._done()


def _refuse(*_told: object) -> None:
    """Refuse definitions, which OOXML forbids: they can unpack without end."""
    raise ValueError("DOCTYPE")


def _is_zero(size: str | None) -> bool:
    return size is not None and float(size) == 0
