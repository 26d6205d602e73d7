"""The evidence register: what shows each item, its number and page, who keeps it, where its data lie, what lacks."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.register import Paper, register_of
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text

COLUMNS = [
    Column("field"),
    Column("item"),
    Column("basis"),
    Column("document"),
    Column("number"),
    Column("page"),
    Column("holder"),
    Column("file"),
    Column("sheet"),
    Column("row", pl.Int32, number=True),
    Column("rows", pl.Int32, number=True),
    Column("state"),
    Column("missing"),
]
#: What people may have typed a name into: not for the public.
HIDDEN = {"holder"}


def table(case: Case) -> Table | None:
    """Return one row per item of the standard (an indicator by stage, a monitored subject by grade)."""
    columns = [column for column in COLUMNS if not (case.public and column.id in HIDDEN)]
    return make(case, "evidence", columns, [row(case, paper) for paper in register_of(case)])


def row(case: Case, paper: Paper) -> dict[str, Value]:
    """Return the cells of one item."""
    none = blank(case)
    said = {
        name: text(getattr(paper, name) or none) for name in ("document", "number", "page", "holder", "file", "sheet")
    }
    missing = case.word("lists", "between").join(case.word("missing_evidence", name) for name in paper.missing)
    return said | {
        "field": text(case.word("fields", paper.finding.field)),
        "item": text(called(case, paper)),
        "basis": text(case.word("bases_of_evidence", paper.basis)),
        "row": number(paper.row, none if paper.row is None else str(paper.row)),
        "rows": count(paper.rows, case),
        "state": text(case.word("evidence_states", paper.state)),
        "missing": text(missing or none),
    }


def called(case: Case, paper: Paper) -> str:
    """Return an item's name with its stage, or its grade and subject."""
    finding, words = paper.finding, case.word
    stage = words("stages", finding.stage) if finding.stage else ""
    grade = words("grades", str(finding.grade)) if finding.grade else ""
    subject = words("subjects", finding.subject) if finding.subject else ""
    scope = stage or (f"{grade}{subject}" if case.lang == "zh" else f"{grade} {subject}".strip())
    item = case.label(finding.indicator or finding.item)
    return words("labels", "with_unit").format(name=item, unit=scope) if scope else item
