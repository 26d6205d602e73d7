"""What is asked of the county: a row per problem, with its aim, a measure, who answers for it and until when."""

import polars as pl

from analysis.tell.case.case import Case
from analysis.tell.facts.duty import Duty, duties
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
    return make(case, "advice", COLUMNS, [_row(case, place, duty) for place, duty in enumerate(duties(case), start=1)])


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


def _begun(cell: str) -> str:
    return cell[:1].upper() + cell[1:]
