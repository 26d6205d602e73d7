"""Documents beside a county's report: sheets of schools, reports on townships; each by the patterns and tables of its
kind."""

from dataclasses import dataclass, replace
from pathlib import Path

from verification.checked import order
from verification.checked.kinds import Record
from verification.checked.sentences import Reader
from verification.checked.shown import Shown
from verification.checked.tables import Tables
from verification.printed import docx, html
from verification.printed.blocks import Document, Grid
from verification.words import Words
from verification.worked.case import Case


@dataclass(frozen=True)
class Sort:
    """A kind of document: where its files lie below the report's folder, and what the name of one is (`about`)."""

    kind: str
    folder: str
    about: str


SORTS = (Sort("school", "schools", "school"), Sort("township", "townships", "township"))
READ = {".html": html.read, ".docx": docx.read}


def check(folder: Path, of: Case, shown: Shown, record: Record) -> list[str]:
    """Read all of them; return what they are called together."""
    found = []
    for sort in SORTS:
        for ending, read in READ.items():
            paths = sorted((folder / sort.folder).glob(f"*{ending}"))
            if paths:
                found.append(f"{sort.folder}/*{ending}")
                reader = Reader(of, Words(of), record, kind=sort.kind)
                for path in paths:
                    document = read(path)
                    document.name = f"{sort.folder}/{path.name}"
                    _one(document, sort, path.stem, reader, shown)
    return found


def _one(document: Document, sort: Sort, stem: str, reader: Reader, shown: Shown) -> None:
    about = {sort.about: stem}
    mine = replace(reader, about=about)
    mine.__dict__["patterns"] = reader.patterns
    tables = Tables(shown, reader.record, kind=sort.kind, about=about)
    for block in document.blocks:
        if not isinstance(block, Grid):
            if not block.kind.startswith("label"):
                mine.read(document.name, block)
        elif not tables.check(document.name, block):
            reader.record.bad(document.name, block.place, block.caption or "a table")
    order.check(document, shown.lang, reader.record)
