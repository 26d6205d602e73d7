"""Single cells of an XLSX sheet, looked up in its XML: what the reader of values does not say of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from xml.parsers import expat

from lxml import etree

from analysis.read.facts import place_of
from analysis.read.runs import Runs, runs_of

Place = tuple[int, int]
_CHUNK = 1 << 16


@dataclass
class LookedUp:
    """What a cell's XML holds: its type, its value as it is written there, and the runs of a text that stands there."""

    kind: str
    value: str = ""
    runs: Runs = field(default_factory=list)

    @property
    def number(self) -> bool:
        """Tell whether it is stored as a number."""
        return self.kind == "n"


def at(part: bytes, places: Collection[Place]) -> dict[Place, LookedUp]:
    """Return what the cells at places (row and column from 0) hold; the part is read no further than the last of them.

    Raises expat.ExpatError or etree.XMLSyntaxError where the XML is broken.
    """
    looker = _Looker(set(places))
    for begin in range(0, len(part), _CHUNK):
        if not looker.wanted:
            return looker.cells
        looker.parser.Parse(part[begin : begin + _CHUNK], begin + _CHUNK >= len(part))
    return looker.cells


class _Looker:
    """Handlers that pass over all cells but the wanted ones."""

    def __init__(self, wanted: set[Place]) -> None:
        self.wanted = wanted
        self.cells: dict[Place, LookedUp] = {}
        self.rows = {row for row, _ in wanted}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.row, self.column = -1, -1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1]
        if local == "row":
            self.row, self.column = int(attributes["r"]) - 1 if attributes.get("r") else self.row + 1, -1
        elif local == "c":
            self.column += 1
            if reference := attributes.get("r"):
                self.row, self.column = place_of(reference)
            place = self.row, self.column
            if place in self.wanted:
                self.wanted.discard(place)
                self.cells[place] = looked_up = LookedUp(attributes.get("t", "n"))
                self._listen(looked_up, name)

    def _listen(self, looked_up: LookedUp, cell: str) -> None:
        """Hear what stands within the open cell, until it ends."""
        builder = etree.TreeBuilder()
        parser, depth = self.parser, 0
        builder.start("c", {})

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            builder.start(name.rsplit(" ", 1)[-1], {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            if name == cell and not depth:
                parser.StartElementHandler, parser.EndElementHandler = self._start, None
                parser.CharacterDataHandler = None
                builder.end("c")
                tree = builder.close()
                looked_up.value = (tree.findtext("v") or "").strip()
                inline = tree.find("is")
                looked_up.runs = runs_of(inline) if inline is not None else []
                return
            depth -= 1
            builder.end(name.rsplit(" ", 1)[-1])

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = builder.data
