"""Which blocks of a file are examples or of another year, as names of sheets and titles of tables say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.read.blocks import Block
from analysis.read.fields import header_words
from analysis.read.grid import Sheet
from analysis.read.header_names import without_year
from analysis.read.row_words import is_example
from analysis.read.titles import Title, Told, above, normal, title
from analysis.sources import Source


@dataclass(frozen=True)
class Page:
    """A block of a sheet; `read` tells whether it has a header and no reason yet not to be read."""

    sheet: Sheet
    block: Block
    read: bool


@dataclass(frozen=True)
class Otherwise:
    """Why a block is not read after all (a check id, "" where it is), and what tells another year though it is."""

    why: str = ""
    doubts: tuple[Title, ...] = ()


def judge(pages: Sequence[Page], source: Source, yearly: bool) -> list[Otherwise]:
    """Return what names and titles say of the blocks of a file; `yearly`: the table tells the year of each of its rows.

    A name decides where another sheet has the table and none such; a title where tables of several years lie on one
    sheet. All else is doubted.
    """
    if source.sheet:
        return [Otherwise()] * len(pages)
    judgements = _by_name(pages, source)
    if yearly:
        return judgements
    titles_of = [
        _titles(page, source) if page.read and not judgement.why else ()
        for page, judgement in zip(pages, judgements, strict=True)
    ]
    for number, why in _by_title(pages, titles_of).items():
        judgements[number] = Otherwise(why)
    return [
        replace(judgement, doubts=(*judgement.doubts, *(each for each in titles if each.told < Told.SAME)))
        if not judgement.why
        else judgement
        for judgement, titles in zip(judgements, titles_of, strict=True)
    ]


def _by_name(pages: Sequence[Page], source: Source) -> list[Otherwise]:
    """Return why sheets are not read by their names; where that would be all, what tells another year."""
    names = {page.sheet.name: _of_name(page.sheet.name, source) for page in pages}
    best = max(
        (page_name.told for page in pages if page.read and (page_name := names[page.sheet.name])), default=Told.OTHER
    )
    why = {
        name: "sheet_of_example"
        if is_example(name)
        else "sheet_of_other_year"
        if page_name and page_name.told < max(best, Told.PERHAPS)
        else ""
        for name, page_name in names.items()
    }
    if all(why[page.sheet.name] for page in pages if page.read):
        why = dict.fromkeys(why, "")
    doubts = {
        name: (page_name,) if page_name and page_name.told < Told.SAME and not _is_known(page_name, source) else ()
        for name, page_name in names.items()
    }
    return [
        Otherwise(why[page.sheet.name])
        if why[page.sheet.name]
        else Otherwise("", doubts[page.sheet.name])
        if page.read
        else Otherwise()
        for page in pages
    ]


def _of_name(name: str, source: Source) -> Title | None:
    """Return what the name of a sheet tells of the year: 2023, 2023-2024学年, 上年."""
    word = without_year(name)[1]
    if word in header_words()["last_year"]:
        return Title(name, word, Told.OTHER)
    return title(name, source.year, titled=False)


def _titles(page: Page, source: Source) -> tuple[Title, ...]:
    """Return the titles of a block that tell a year: its own, else those of its sheet."""
    block = page.block
    if block.layout is None or not (header := block.top + block.layout.first):
        return ()
    first = block.sheet.left - page.sheet.left
    mine = above(page.sheet.cells[:, first : first + block.sheet.cells.width], header, source.year)
    titles = mine or above(page.sheet.cells, header, source.year)
    return tuple(title for title in titles if title.told is Told.SAME or not _is_known(title, source))


def _is_known(title: Title, source: Source) -> bool:
    """Tell whether a person wrote the same year into the title of the file's entry."""
    return title.said in normal(source.title)


def _by_title(pages: Sequence[Page], titles_of: Sequence[tuple[Title, ...]]) -> dict[int, str]:
    """Return the blocks that are not read since their title tells another year than that of a table on their sheet."""
    sheets: dict[str, list[int]] = {}
    for number, (page, titles) in enumerate(zip(pages, titles_of, strict=True)):
        if titles:
            sheets.setdefault(page.sheet.name, []).append(number)
    unread: dict[int, str] = {}
    for numbers in sheets.values():
        best = {number: max(title.told for title in titles_of[number]) for number in numbers}
        said = {title.said for number in numbers for title in titles_of[number]}
        most = max(best.values())
        if most is Told.SAME or (most < Told.SAME and len(numbers) > 1 and len(said) > 1):
            others = [number for number in numbers if best[number] < Told.SAME]
            unread |= dict.fromkeys(others, "table_of_other_year")
    return unread
