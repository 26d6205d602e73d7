"""What the folder of each school holds (一校一档): which documents, what they prove, and where the data have them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.sources import parse_yaml
from analysis.standards import Standard
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@dataclass(frozen=True)
class Document:
    """One document of a folder: what it is called and which indicators and items of the standard it proves."""

    id: str
    name: dict[str, str]
    table: str
    proves: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """A document in the folder of one school: how many rows of the year's statistics are its own (None where no table
    has it), and which of what it proves the school does not meet."""

    document: Document
    rows: int | None
    unmet: tuple[str, ...]


@cache
def _told() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = parse_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return loaded


def documents(standard: Standard) -> list[Document]:
    """Return the documents that prove something that a standard asks."""
    known = {*standard.indicators, *standard.items}
    document_list = []
    for id, entry in _told().items():
        proves = tuple(name for name in entry["proves"] if name in known)
        if proves:
            document_list.append(
                Document(id, {lang: entry[lang] for lang in ("zh", "en")}, entry.get("table", ""), proves)
            )
    return document_list


@once
def _rows(case: Case) -> dict[str, dict[str, int]]:
    """Return table -> school -> number of rows in the report's year."""
    tables = {document.table for document in documents(case.standard) if document.table}
    frames = case.records.frames()
    return {
        name: dict(frames[name].filter(pl.col("year") == case.year).group_by("school").len().iter_rows())
        for name in tables
    }


def folder(case: Case, school: str) -> list[Held]:
    """Return what the folder of a school holds, in the order of folder.yml."""
    own = [finding for finding in case.now if finding.school == school and finding.verdict == Verdict.NOT_MET]
    unmet = {finding.indicator or finding.item for finding in own}
    rows = _rows(case)
    return [
        Held(
            document,
            rows[document.table].get(school, 0) if document.table else None,
            tuple(name for name in document.proves if name in unmet),
        )
        for document in documents(case.standard)
    ]


def schools(case: Case) -> list[str]:
    """Return the codes of the schools that the year's statistics have, in order."""
    return sorted(case.records.schools.filter(pl.col("year") == case.year)["school"].unique())
