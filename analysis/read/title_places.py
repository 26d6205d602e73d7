"""A title above a table that names another county than the source's."""

from collections.abc import Iterator

from analysis.read.row_words import listed
from analysis.read.rows import Odd, RawSheet
from analysis.read.titles import normal
from analysis.registered import quoted
from analysis.sources import Catalogue, Source

#: Shorter names (城区, 郊区) are words that stand in titles of any county.
_SHORTEST = 3


def odds(sheet: RawSheet, catalogue: Catalogue, source: Source) -> tuple[Odd, ...]:
    """Return the titles right above a header that name a registered county other than the source's, and not it.

    What a person wrote as the title of the file's entry is no doubt.
    """
    own = catalogue.counties.get(source.county)
    if own is None or sheet.layout.first <= 0:
        return ()
    others = {county.zh for county in catalogue.counties.values() if len(county.zh) >= _SHORTEST} - {own.zh}
    return tuple(
        Odd("title_of_other_county", (row,), said=text, entry=f"title: {quoted(text)}")
        for row, text in _titles(sheet)
        if own.zh not in normal(text)
        and any(other in normal(text) for other in others)
        and normal(text) not in normal(source.title)
    )


def _titles(sheet: RawSheet) -> Iterator[tuple[int, str]]:
    """Yield the texts above a header that are titles, each once, with their rows in the sheet."""
    seen: set[str] = set()
    for number, row in enumerate(sheet.block.sheet.cells.head(sheet.layout.first).rows(), sheet.block.top + 1):
        for text in row:
            if text and text not in seen and any(word in normal(text) for word in listed("titles")):
                seen.add(text)
                yield number, text
