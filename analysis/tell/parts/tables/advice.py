"""What is asked of the county: a row per problem, with its aim, a measure, who answers for it and until when.

Below them stand the lines that people added to the ledger.
"""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.duty import Duty, duties
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.language import wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, count, make, text
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy

COLUMNS = [
    Column("number", pl.Int64, number=True),
    Column("problem"),
    Column("aim"),
    Column("measure"),
    Column("holder"),
    Column("due"),
]


def table(case: Case) -> Table | None:
    """Return one row per obstacle in its order; what nobody filled into the ledger stays empty."""
    rows = [_row(case, place, duty) for place, duty in enumerate(duties(case), start=1)]
    own = ledger_of(case).own.iter_rows(named=True)
    rows += [_own(case, place, line) for place, line in enumerate(own, start=len(rows) + 1)]
    return make(case, "advice", COLUMNS, rows)


def _row(case: Case, place: int, duty: Duty) -> dict[str, Value]:
    said = wording.texts("tables", case.lang)["advice"]["cells"]
    cells = {
        name: tidy(spoken(case).render(source, d=duty, m=duty.obstacle), case.lang) for name, source in said.items()
    }
    between = case.word("lists", "clauses")
    return {
        "number": count(place, case),
        **{name: text(_begun(cell)) for name, cell in cells.items()},
        **({"measure": text(between.join(duty.measures))} if duty.measures else {}),
        "holder": text(case.word("lists", "between").join(duty.holders)),
        "due": text(str(duty.due) if duty.due else ""),
    }


def _own(case: Case, place: int, line: dict[str, str]) -> dict[str, Value]:
    """Return the row of a line that people added to the ledger, in their words."""
    clauses, between = case.word("lists", "clauses"), case.word("lists", "between")
    return {
        "number": count(place, case),
        "problem": text(between.join(filter(None, (line["school"], line["item"])))),
        "aim": text(line["missing"]),
        "measure": text(line["measure"]),
        "holder": text(clauses.join(filter(None, (line["holder"], line["person"])))),
        "due": text(clauses.join(filter(None, (line["due"], line["date"])))),
    }


def _begun(cell: str) -> str:
    return cell[:1].upper() + cell[1:]
