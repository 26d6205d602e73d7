"""A folder of a province's or city's report, read a second time: every document in it against all counties' raw
statistics."""

from collections.abc import Callable, Iterator
from pathlib import Path

from verification.checked import annex, order
from verification.checked.figures import NEAR, NUMBER, Labels, axis
from verification.checked.kinds import Kind, Record, Said
from verification.checked.paged import Paged
from verification.checked.region_results import RegionResults
from verification.checked.sentences import Reader
from verification.checked.shown import Shown
from verification.checked.tables import Tables
from verification.printed import docx, html, pdf, xlsx
from verification.printed.blocks import Block, Grid, bare
from verification.words import Words
from verification.worked.region import Region

#: What a region's folder may hold.
DOCUMENTS = ("results.json", "region.xlsx", "region.html", "region.pdf", "region.docx")

#: Lines of an item's name in a figure at most; columns of counties that a grid always has room for.
LINES, COLUMNS = 4, 10


def check(folder: Path, of: Region, record: Record) -> tuple[str, ...]:
    """Read a region's folder; return the documents that were read."""
    found = tuple(name for name in DOCUMENTS if (folder / name).is_file())
    shown, sentences = Shown(of), Reader(of, Words(of), record, kind="region", alone=True)
    tables = Tables(shown, record, kind="region", named=tuple(of.since) if len(of.since) == 1 else ())
    labels = Labels(shown, sentences, record, FIGURES)

    def read(document: str, block: Block | Grid) -> None:
        if not isinstance(block, Grid):
            sentences.read(document, block)
        elif not tables.check(document, block):
            record.bad(document, block.place, block.caption or "a table")

    if "results.json" in found:
        results = record.opened(lambda path: RegionResults(of, path, record), folder / "results.json")
        if results is not None:
            results.check()
    if "region.xlsx" in found:
        book = record.opened(xlsx.read, folder / "region.xlsx")
        if book is not None:
            whole = Tables(shown, record, whole=True, kind="region", named=tables.named)
            annex.check(of, book, whole, record)
    page = record.opened(html.read, folder / "region.html") if "region.html" in found else None
    for name, reader in (("region.html", None), ("region.docx", docx.read)):
        document = page if reader is None else record.opened(reader, folder / name) if name in found else None
        if document is not None:
            for block in document.blocks:
                if isinstance(block, Grid) or not block.kind.startswith("label"):
                    read(name, block)
            for blocks in document.figures().values():
                labels.read(name, blocks)
            order.check(document, of.lang, record)
    if page is not None:
        order.references(folder / "region.html", record)
        order.contents(folder / "region.html", record)
    if "region.pdf" in found:
        printed = record.opened(pdf.read, folder / "region.pdf")
        if page is None:
            record.bad("region.pdf", "region.pdf", "no region.html beside it to be read by")
        elif printed is not None:
            Paged(printed, record).check(page, read, labels.read)
    return (*found, *_review(folder, of, shown, record))


def _review(folder: Path, of: Region, shown: Shown, record: Record) -> list[str]:
    """Read the form of the region's review where there is one; return its name."""
    path = folder / "review.docx"
    document = record.opened(docx.read, path) if path.is_file() else None
    if document is None:
        return [path.name] if path.is_file() else []
    sentences = Reader(of, Words(of), record, kind="review", alone=True)
    own, shared = (Tables(shown, record, kind=kind) for kind in ("review", "region"))
    for block in document.blocks:
        if not isinstance(block, Grid):
            sentences.read(path.name, block)
        elif not (own.check(path.name, block) or shared.check(path.name, block)):
            record.bad(path.name, block.place, block.caption or "a table")
    order.check(document, of.lang, record)
    return [path.name]


def _coefficients(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """Points of counties by stage and indicator: an axis of coefficients, names of counties that are over a limit."""
    region = labels.shown.case
    assert isinstance(region, Region)
    over = {member.name for member, one in region.coefficients() if one.verdict == "not_met"}
    names = {one.name for one in region.members}
    for at, block in enumerate(blocks):
        if block.text in names and block.text not in over:
            yield at, Said("a county with a coefficient over its limit", Kind.WORKED)
    runs: list[list[int]] = []
    for at, block in enumerate(blocks):
        if NUMBER.fullmatch(block.text):
            if runs and runs[-1][-1] == at - 1 and blocks[at].at[1] == blocks[at - 1].at[1]:
                runs[-1].append(at)
            else:
                runs.append([at])
    for run in runs:
        yield from axis(blocks, set(range(len(blocks))) - set(run), True)


def _grid(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """A grid of items by counties: after each item's name how many counties miss it, and in its row as many crosses."""
    region = labels.shown.case
    assert isinstance(region, Region)
    whole = {bare(labels.shown.words.in_full(region.item(id))): id for id in region.missed}
    heights = [block.at[1] for block in blocks if block.text == "×"]
    for at, block in enumerate(blocks):
        if not NUMBER.fullmatch(block.text):
            continue
        lines = next((many for many in range(1, LINES + 1) if _joined(blocks[at - many : at]) in whole), 0)
        if not lines:
            yield at, Said("an item before it", Kind.WORKED)
            continue
        missed = len(region.missed[whole[_joined(blocks[at - lines : at])]])
        yield from ((before, Said(blocks[before].text, Kind.FORM)) for before in range(at - lines, at))
        yield at, Said(str(missed), Kind.WORKED)
        if sum(abs(y - block.at[1]) < NEAR for y in heights) != missed and len(region.judged) <= COLUMNS:
            yield at, Said(f"{missed} crosses in its row", Kind.WORKED)


def _joined(blocks: list[Block]) -> str:
    return bare("".join(block.text for block in blocks))


FIGURES: dict[str, Callable[[Labels, list[Block]], Iterator[tuple[int, Said]]]] = {
    "fig-region-coefficients": _coefficients,
    "fig-region-grid": _grid,
}
