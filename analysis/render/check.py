"""The page of `junheng check`: what needs to be done, what became of every row and cell, what was mended."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis import registered, sources
from analysis.errors import language
from analysis.read.fields import tables
from analysis.sources import Catalogue, Source
from analysis.tell.documents.check import causes
from analysis.tell.documents.check.causes import Cause
from analysis.tell.documents.check.checked import Checked
from analysis.tell.documents.check.notices import Notice

from . import sent_back, work_pages

#: How many places of one cause, or of one reason, are listed; `junheng check --notices` has them all.
PAGE = "index.html"
_LISTED = 200
_COUNTS = ("read", "kept", "quarantined", "other", "cells", "used", "unused")


@dataclass(frozen=True)
class Group:
    """Notices of one sheet that say the same: their places and how many cells they name as not used."""

    sentence: str
    places: tuple[str, ...]
    unused: int


@cache
def words(lang: str) -> dict[str, str]:
    """Return the words of the page and the workbooks in one language."""
    text = (Path(__file__).parent / "check.yml").read_text(encoding="utf-8")
    return {name: text[lang] for name, text in sources.parse_yaml(text).items()}


def write(checked: Checked, catalogue: Catalogue, folder: Path) -> list[str]:
    """Write the page and the workbooks of one county into a folder; return the names of the files, the page's first."""
    lang = language()
    said = words(lang) | {"title": words(lang)["title"].format(county=checked.county.name(lang))}
    asked = (replace(notice, sentence=causes.said([notice])) for cause in checked.causes for notice in cause.notices)
    books = sent_back.write(checked.records, asked, folder, said)
    page = work_pages.page(
        "check.html.j2",
        words=said,
        synthetic=checked.county.synthetic,
        sections=_sections(checked.causes),
        say=causes,
        listed=_LISTED,
        shown=causes.SHOWN,
        books=books,
        entries=list(entries(checked.causes, catalogue.of(checked.county.code)).values()),
        corrected=corrected(catalogue, checked.county.code),
        counts=_COUNTS,
        accounts=checked.records.accounts.rows(named=True),
        unused=_by_sheet(notice for notice in checked.notices if notice.unused),
        mended=_by_sheet(
            (notice for notice in checked.notices if notice.severity == "notice" and not notice.unused), each=True
        ),
    )
    (folder / PAGE).write_text(page, encoding="utf-8")
    return [PAGE, *sorted(path.name for path in folder.iterdir() if path.name != PAGE)]


@dataclass(frozen=True)
class Corrected:
    """A cell that somebody decided on: `state` is a word of check.yml, applied, confirmed or retired."""

    place: str
    before: str
    after: str
    why: str
    who: str
    state: str


def corrected(catalogue: Catalogue, county: str) -> list[Corrected]:
    """Return what people decided of single cells of a county's files, all of it, as they entered it."""
    files = {source.file for source in catalogue.of(county)}
    decided = []
    for entry in registered.corrections(catalogue.folder, [county]):
        if entry["file"] not in files and not str(entry["file"]).startswith(f"{county}/"):
            continue
        texts = {
            name: "" if entry.get(name) is None else str(entry[name]) for name in ("before", "after", "why", "who")
        }
        row = entry.get("row") or " ".join(str(value) for value in (entry.get("key") or {}).values())
        parts = (entry["file"], entry.get("sheet"), row, _column(entry))
        left = entry.get("status") == "retired"
        state = "confirmed" if left and texts["before"] == texts["after"] else "retired" if left else "applied"
        decided.append(Corrected(" · ".join(str(part) for part in parts if part), state=state, **texts))
    return decided


def _column(entry: dict[str, Any]) -> str:
    """Return what the column of an entry is called, as it is entered where it is none of a table's."""
    known = next((table for name, table in tables().items() if f"/{name}_" in str(entry["file"])), None)
    column = known.columns.get(str(entry["column"])) if known else None
    return column.called(language()) if column else str(entry["column"])


def _sections(found_causes: list[Cause]) -> dict[str, list[Cause]]:
    """Return causes by the heading of their kind, in their order."""
    sections: dict[str, list[Cause]] = {}
    for cause in found_causes:
        sections.setdefault(causes.heading(cause.kind), []).append(cause)
    return sections


def entries(found_causes: list[Cause], known: Iterable[Source]) -> dict[str, str]:
    """Return, file by file, the line to add to sources.yml where there is none, with what else is to be decided."""
    decided: dict[str, list[str]] = {}
    for cause in found_causes:
        for notice in cause.notices:
            if notice.file in offered(cause) and notice.line not in decided.setdefault(notice.file, []):
                decided[notice.file].append(notice.line)
    return {source.file: _entry(source, decided.get(source.file, [])) for source in known if not source.registered}


def offered(cause: Cause) -> list[str]:
    """Return the files to whose entry in sources.yml a cause offers a line."""
    return list(
        dict.fromkeys(notice.file for notice in cause.notices if notice.line and "sources.yml" in notice.sentence)
    )


def _entry(source: Source, more: list[str]) -> str:
    values: list[tuple[str, Any]] = [("file", source.file), ("county", source.county), ("table", source.table)]
    values += [("year", source.year), ("title", ""), ("publisher", ""), ("date", "")]
    parts = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values]
    return f"- {{{', '.join([*parts, *more])}}}"


def _by_sheet(notices: Iterable[Notice], each: bool = False) -> dict[str, list[Group]]:
    """Return notices by file and sheet, those of one fault together, or with `each` those alone that say the same."""
    alike: dict[tuple[object, ...], list[Notice]] = {}
    for notice in notices:
        what = (notice.sentence,) if each else causes.alike(notice)
        alike.setdefault((notice.file, notice.sheet, *what), []).append(notice)
    groups: dict[str, list[Group]] = {}
    for group in alike.values():
        first, unused = group[0], sum(notice.unused for notice in group)
        places = tuple(filter(None, (causes.place(notice) for notice in group)))
        name = f"{first.file} · {first.sheet}" if first.sheet else first.file
        groups.setdefault(name, []).append(Group(causes.said(group), places, unused))
    return groups
