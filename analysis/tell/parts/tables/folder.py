"""What the folder of each school holds: the documents, what they prove, how many schools have rows of them."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.folder import Document, documents, folder, schools
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, blank, count, make, number, text

COLUMNS = [
    Column("number", pl.Int64, number=True),
    Column("document"),
    Column("proves"),
    Column("table"),
    Column("have", pl.Int64, number=True),
    Column("lack", pl.Int64, number=True),
]


def table(case: Case) -> Table | None:
    """Return one row per document; None where the year has no school."""
    codes = schools(case)
    by_school = {code: folder(case, code) for code in codes}
    rows = []
    for place, document in enumerate(documents(case.standard) if codes else [], start=1):
        rows_of = [by_school[code][place - 1].rows for code in codes]
        have = sum(bool(rows) for rows in rows_of) if document.table else None
        dash = number(None, blank(case))
        rows.append(
            {
                "number": count(place, case),
                "document": text(document.name[case.lang]),
                "proves": text(proves(case, document)),
                "table": text(case.word("tables", document.table) if document.table else blank(case)),
                "have": dash if have is None else count(have, case),
                "lack": dash if have is None else count(len(codes) - have, case),
            }
        )
    return make(case, "folder", COLUMNS, rows)


def proves(case: Case, document: Document) -> str:
    """Return the names of what a document proves."""
    between = case.word("lists", "clauses")
    return between.join(case.label(name, short=name in case.standard.indicators) for name in document.proves)
