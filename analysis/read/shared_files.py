"""What of a file is a source's own where several sources name it, so that each cell is used, or told, once."""

from dataclasses import dataclass

from analysis.read import header
from analysis.read.blocks import Block
from analysis.read.fields import table
from analysis.read.grid import Sheet
from analysis.sources import Catalogue, Source


@dataclass(frozen=True)
class Share:
    """The part of a source in its file.

    `first` tells whether it is the first of the file's sources: the cells that belong to no one source, headers and
    rows that nobody asks for, count there. `wheres` are the rows that the others ask for, `sheets` and `tables` theirs.
    """

    source: Source
    first: bool = True
    wheres: tuple[tuple[tuple[str, str], ...], ...] = ()
    sheets: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()

    def reads(self, sheet: Sheet) -> bool:
        """Tell whether the source reads a sheet."""
        return not self.unread(sheet)

    def unread(self, sheet: Sheet) -> str:
        """Return why a sheet is not read (a check id), empty where it is."""
        if self.source.sheet:
            return "" if sheet.name == self.source.sheet else "sheet_not_named"
        if sheet.name in self.sheets:
            return "sheet_not_named"
        return "sheet_hidden" if sheet.hidden and self.source.hidden is not True else ""

    def leaves(self, block: Block, why: str) -> bool:
        """Tell whether a block that is not read is another source's, or counts there."""
        if not self.first or block.sheet.name in self.sheets or block.other in self.tables:
            return True
        return why in _WITHOUT_HEADER and any(_has(block.sheet, name) for name in self.tables)


_WITHOUT_HEADER = ("sheet_of_notes", "sheet_headless", "sheet_without_key")


def _has(sheet: Sheet, name: str) -> bool:
    """Tell whether a sheet has the header of a table."""
    layout = header.find(sheet.cells, table(name))
    return layout is not None and table(name).needed <= layout.named


def share_of(catalogue: Catalogue, source: Source) -> Share:
    """Return the part of a source in its file."""
    same = [other_source for other_source in catalogue.of_file(source.file) if other_source != source]
    if not same:
        return Share(source)
    return Share(
        source,
        catalogue.of_file(source.file)[0] == source,
        tuple(dict.fromkeys(other_source.where for other_source in same if other_source.where)),
        frozenset(other_source.sheet for other_source in same if other_source.sheet),
        frozenset(other_source.table for other_source in same if other_source.table != source.table),
    )
