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
    """One document of a folder: what it is called and which indicators and items of the standard it proves; `stages`
    and `school_types` of the schools that hold it, all where it names none."""

    id: str
    name: dict[str, str]
    table: str
    proves: tuple[str, ...]
    stages: tuple[str, ...] = ()
    school_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """A document in the folder of one school: how many rows of the year's statistics are its own (None where no table
    has it), which of what it proves the school does not meet, and whether a school of its kind holds it at all."""

    document: Document
    rows: int | None
    unmet: tuple[str, ...]
    asked: bool = True


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
            name = {lang: entry[lang] for lang in ("zh", "en")}
            of = (tuple(entry.get(key, ())) for key in ("stages", "school_types"))
            document_list.append(Document(id, name, entry.get("table", ""), proves, *of))
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


@once
def _kinds(case: Case) -> dict[str, tuple[set[str], str]]:
    """Return the stages and the type of each school of the report's year; stages without pupils are none."""
    rows = case.stages.filter((pl.col("year") == case.year) & (pl.col("pupils").is_null() | (pl.col("pupils") > 0)))
    by_school = rows.group_by("school").agg(pl.col("stage").unique(), pl.col("school_type").first())
    return {school: (set(stages), kind) for school, stages, kind in by_school.iter_rows()}


def folder(case: Case, school: str) -> list[Held]:
    """Return what the folder of a school holds, in the order of folder.yml."""
    own = [finding for finding in case.now if finding.school == school and finding.verdict == Verdict.NOT_MET]
    unmet = {finding.indicator or finding.item for finding in own}
    rows, (stages, kind) = _rows(case), _kinds(case).get(school, (set(), ""))
    return [
        Held(
            document,
            rows[document.table].get(school, 0) if document.table else None,
            tuple(name for name in document.proves if name in unmet),
            # What is not known of a school asks for more rather than less.
            (not document.stages or not stages or bool(stages & set(document.stages)))
            and (not document.school_types or not kind or kind in document.school_types),
        )
        for document in documents(case.standard)
    ]


def schools(case: Case) -> list[str]:
    """Return the codes of the schools that the year's statistics have, in order."""
    return sorted(case.records.schools.filter(pl.col("year") == case.year)["school"].unique())
