"""Documents beside a county's report: sheets of schools, reports on townships and subjects, the notice, the sheets of
early warning and of deadlines; each by the patterns, tables and figures of its kind."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from verification.checked import order, visit_sheet
from verification.checked.figures import NUMBER, Explained, Labels, axis
from verification.checked.kinds import Record, Said
from verification.checked.paged import Paged
from verification.checked.sentences import Reader
from verification.checked.shown import Shown
from verification.checked.tables import Tables
from verification.printed import docx, html, pdf
from verification.printed.blocks import Block, Document, Grid
from verification.printed.pdf import Pages
from verification.words import Words
from verification.worked.case import Case
from verification.worked.deadlines import NEXT, SOON
from verification.worked.visited import visited


def _scores(_: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """Bars of scores by grade: axes of points and of per cent; its title is a sentence."""
    for plain, run in groupby(range(len(blocks)), key=lambda at: NUMBER.fullmatch(blocks[at].text) is not None):
        held = list(run)
        if plain:
            across = len({round(blocks[at].at[1], 1) for at in held}) == 1
            yield from axis(blocks, set(range(len(blocks))) - set(held), across)


def _verified(of: Case) -> Case | None:
    """Return the case by the verified values of its field check."""
    found = visited(of)
    return found.after if found else None


@dataclass(frozen=True)
class Sort:
    """A kind of document: where its files lie below the report's folder ("": in it, and one alone), what the name of
    one is (`about`), what reads its figures; whether no sentence of a county's report stands in it (`alone`), and
    whether tables of a county's report may stand in it (`shares`) beside its own, or those of `tables`; `numbers` that
    captions name beside the year; `dated` where it says itself from which day it tells; `case` is what it is read by,
    None where there is no such thing."""

    kind: str
    folder: str = ""
    about: str = "document"
    figures: dict[str, Explained] = field(default_factory=dict)
    alone: bool = False
    shares: bool = False
    tables: str = ""
    numbers: tuple[int, ...] = ()
    dated: bool = False
    case: Callable[[Case], Case | None] = lambda of: of

    def named(self, ending: str) -> str:
        """Return what all its files with an ending are called."""
        return f"{self.folder}/*{ending}" if self.folder else f"{self.kind}{ending}"


SORTS = (
    Sort("school", "schools", "school"),
    Sort("township", "townships", "township"),
    Sort("subject", "subjects", "tested", {"fig-distribution": _scores}),
    Sort("notice", alone=True, shares=True),
    Sort("warning", alone=True, dated=True),
    Sort("deadlines", alone=True, numbers=(SOON, SOON + 1, NEXT), dated=True),
    Sort("fieldcheck", case=_verified),
    Sort("selfassessment", shares=True, tables="form"),
    Sort("application", shares=True, tables="form"),
)
READ = {".html": html.read, ".docx": docx.read}
#: How a sheet says from which day it tells.
DAY = {"zh": r"从(\d{4})年(\d{1,2})月(\d{1,2})日算起", "en": r"told from ?(\d{1,2}) ([A-Z][a-z]+) (\d{4})"}


@dataclass(frozen=True)
class One:
    """One such document: what explains a block of it, and what the labels of a figure."""

    read: Callable[[str, Block | Grid], None]
    labels: Labels


def sort(kind: str) -> Sort:
    """Return the sort of a kind."""
    return next(one for one in SORTS if one.kind == kind)


def check(folder: Path, of: Case, shown: Shown, record: Record) -> list[str]:
    """Read all of them; return what they are called together."""
    found = []
    for each in SORTS:
        paths = {ending: sorted(folder.glob(each.named(ending))) for ending in (*READ, ".pdf")}
        if not any(paths.values()):
            continue
        case = each.case(_told_from(of, paths) if each.dated else of)
        if case is None:
            record.bad(f"{each.kind}.html", each.kind, "a document", "what it is about in the raw folder")
            continue
        reader = Reader(case, Words(case), record, kind=each.kind, alone=each.alone)
        by = shown if case is of else Shown(case)
        for ending, held in paths.items():
            found += [each.named(ending)] if held else []
            for path in held:
                name = path.relative_to(folder).as_posix()
                _one(path, name, reading(path.stem, each, reader, by), record)
    return found + ([] if of.public else visit_sheet.check(visited(of), record))


def _told_from(of: Case, paths: dict[str, list[Path]]) -> Case:
    """Return the case told from the day that a document says it is told from, where that is not the day of the data."""
    for ending, read in READ.items():
        for path in paths[ending]:
            try:
                blocks = read(path).blocks
            except Exception:  # noqa: BLE001 - what is damaged is told where it is read
                continue
            for block in blocks:
                found = re.search(DAY[of.lang], block.text) if isinstance(block, Block) else None
                if found:
                    day = "-".join(found.groups()) if of.lang == "zh" else " ".join(found.groups())
                    form = "%Y-%m-%d" if of.lang == "zh" else "%d %B %Y"
                    return replace(of, told_from=datetime.strptime(day, form).date().isoformat())
    return of


def reading(stem: str, of: Sort, reader: Reader, shown: Shown) -> One:
    """Return what reads the document of a name."""
    about = {of.about: stem}
    mine = replace(reader, about=about)
    mine.__dict__["patterns"] = reader.patterns
    tables = Tables(shown, reader.record, kind=of.tables or of.kind, about=about, named=of.numbers, shares=of.shares)

    def read(document: str, block: Block | Grid) -> None:
        if not isinstance(block, Grid):
            mine.read(document, block)
        elif not tables.check(document, block):
            reader.record.bad(document, block.place, block.caption or "a table")

    return One(read, Labels(shown, mine, reader.record, of.figures))


def _one(path: Path, name: str, one: One, record: Record) -> None:
    if path.suffix == ".pdf":
        page = path.with_suffix(".html")
        if not page.is_file():
            record.bad(name, path.name, f"no {page.name} beside it to be read by")
            return
        beside, pages = record.opened(html.read, page, name), record.opened(pdf.read, path, name)
        if beside is not None and pages is not None:
            Paged(Pages(name, pages.lines), record).check(beside, one.read, one.labels.read)
        return
    document = record.opened(READ[path.suffix], path, name)
    if document is not None:
        document.name = name
        _document(document, one, record)


def _document(document: Document, one: One, record: Record) -> None:
    for block in document.blocks:
        if isinstance(block, Grid) or not block.kind.startswith("label"):
            one.read(document.name, block)
    for labels in document.figures().values():
        one.labels.read(document.name, labels)
    order.check(document, one.labels.shown.lang, record)
