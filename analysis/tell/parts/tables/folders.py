"""The folders of all schools side by side: rows of statistics that are there, a box to tick where none can tell, a dash
where a school of its kind holds no such document."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.folder import documents, folder, schools
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text

#: What stands for a document that no statistics hold: to be ticked by hand.
BOX = "□"


def table(case: Case) -> Table | None:
    """Return one row per school, a column per document: its rows in the statistics, or a box; none to the public."""
    if case.public:
        return None
    kinds = documents(case.standard)
    columns = [Column("code"), Column("school")]
    columns += [Column(kind.id, pl.Int64 if kind.table else pl.String, label=kind.name[case.lang]) for kind in kinds]
    rows: list[dict[str, Value]] = []
    for code in schools(case):
        row = {"code": text(code), "school": text(case.school(code))}
        for part in folder(case, code):
            row[part.document.id] = _cell(case, part.rows) if part.asked else text(blank(case))
        rows.append(row)
    return make(case, "folders", columns, rows)


def _cell(case: Case, rows: int | None) -> Value:
    if rows is None:
        return text(BOX)
    return count(rows, case) if rows else number(0, case.word("evidence_states", "lack"))
