"""What the folder of the school holds: each document, what it proves, and whether the statistics have it."""

from analysis.tell.documents.school.sheet import SchoolSheet
from analysis.tell.facts.folder import folder
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, make, text
from analysis.tell.parts.tables.folder import proves
from analysis.tell.parts.tables.folders import BOX

COLUMNS = [Column("document"), Column("proves"), Column("state")]


def table(sheet: SchoolSheet) -> Table | None:
    """Return one row per document of the school's folder."""
    case = sheet.case
    rows = [
        {
            "document": text(one.document.name[case.lang]),
            "proves": text(proves(case, one.document)),
            "state": text(_state(sheet, one.rows)),
        }
        for one in folder(case, sheet.code)
    ]
    return make(case, "school_folder", COLUMNS, rows, name="folder", texts="school", sheet=sheet)


def _state(sheet: SchoolSheet, rows: int | None) -> str:
    if rows is None:
        return BOX
    word = sheet.case.word
    return word("cells", "rows_there").format(rows=numbers.whole(rows)) if rows else word("evidence_states", "lack")
