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
    columns = [one for one in COLUMNS if not (case.public and one.id in HIDDEN)]
    return make(case, "evidence", columns, [row(case, one) for one in register_of(case)])


def row(case: Case, one: Paper) -> dict[str, Value]:
    """Return the cells of one item."""
    none = blank(case)
    said = {
        name: text(getattr(one, name) or none) for name in ("document", "number", "page", "holder", "file", "sheet")
    }
    missing = case.word("lists", "between").join(case.word("missing_evidence", name) for name in one.missing)
    return said | {
        "field": text(case.word("fields", one.finding.field)),
        "item": text(called(case, one)),
        "basis": text(case.word("bases_of_evidence", one.basis)),
        "row": number(one.row, none if one.row is None else str(one.row)),
        "rows": count(one.rows, case),
        "state": text(case.word("evidence_states", one.state)),
        "missing": text(missing or none),
    }


def called(case: Case, one: Paper) -> str:
    """Return an item's name with its stage, or its grade and subject."""
    finding, words = one.finding, case.word
    stage = words("stages", finding.stage) if finding.stage else ""
    grade = words("grades", str(finding.grade)) if finding.grade else ""
    subject = words("subjects", finding.subject) if finding.subject else ""
    scope = stage or (f"{grade}{subject}" if case.lang == "zh" else f"{grade} {subject}".strip())
    item = case.label(finding.indicator or finding.item)
    return words("labels", "with_unit").format(name=item, unit=scope) if scope else item
