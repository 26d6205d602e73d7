"""The ledger line by line: state, what is missing, who answers for it until when, and what was filled in."""

from typing import Any

import polars as pl

from analysis.read.ledger import OWN_LINE
from analysis.standards import label
from analysis.standards.basis import Sense
from analysis.tables import Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import computed
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

COLUMNS = [
    Column("id", shown=False),
    Column("state"),
    Column("where"),
    Column("item"),
    Column("missing"),
    Column("opened", pl.Int64, number=True),
    Column("holder"),
    Column("due", pl.Int64, number=True),
    Column("measure"),
    Column("person"),
    Column("date"),
]
#: Units of what a line lacks that can be counted or built.
COUNTED = ("square_metres", "yuan", "persons", "rooms", "sets", "books", "classes")
#: Columns that are shown only where a line has something in them.
WHERE_FILLED = ("holder", "due", "measure", "person", "date")


def table(case: Case) -> Table | None:
    """Return one row per line that is open or was closed this year; to the public without the names of people."""
    return of(case, ledger_of(case).lines, "ledger")


def of(case: Case, lines: pl.DataFrame, id: str) -> Table | None:
    """Return the table `id` of some of the ledger's lines."""
    rows = [row(case, line) for line in lines.iter_rows(named=True) if case.may_show(line["school"], line["stage"])]
    columns = [column for column in COLUMNS if column.id not in hidden(case, rows)]
    return make(case, id, columns, rows, name="ledger", sortable=True, part=id)


def hidden(case: Case, rows: list[dict[str, Value]]) -> set[str]:
    """Return the columns that no row fills and, to the public, the names of people."""
    empty = {name for name in WHERE_FILLED if all(row[name].value in {None, ""} for row in rows)}
    return empty | ({"person"} if case.public else set())


def row(case: Case, line: dict[str, Any]) -> dict[str, Value]:
    """Return the cells of one line."""
    return {
        "id": text(line["id"]),
        "state": text(case.word("ledger_states", line["state"])),
        "where": text(where(case, line)),
        "item": text(label(case.standard, line["item"], case.lang, short=True)),
        "missing": text(missing(case, line)),
        "opened": _year(case, line["opened"]),
        **kept(case, line),
    }


def kept(case: Case, line: dict[str, Any] | None) -> dict[str, Value]:
    """Return who answers for a line until when, and what people filled in; empty cells where there is no line."""
    filled = line or dict.fromkeys(WHERE_FILLED)
    said = {name: Value(filled[name] or "", text(filled[name] or blank(case)).cell) for name in WHERE_FILLED}
    return said | {"due": _year(case, filled["due"])}


def is_own(line: dict[str, Any]) -> bool:
    """Tell whether people added a line, whose texts are theirs."""
    return bool(line["id"].startswith(OWN_LINE))


def item(case: Case, line: dict[str, Any]) -> str:
    """Return what a line's item is called."""
    return line["item"] or blank(case) if is_own(line) else label(case.standard, line["item"], case.lang, short=True)


def where(case: Case, line: dict[str, Any]) -> str:
    """Return the school with its stage, the grade and subject, or the county that a line is about."""
    if is_own(line):
        return line["school"] or case.name
    if line["school"]:
        name = case.school(line["school"])
        stage = case.word("stages", line["stage"]) if line["stage"] and case.combined(line["school"]) else ""
        return case.word("labels", "with_unit").format(name=name, unit=stage) if stage else name
    finding = next((known for year in reversed(case.years) if (known := case.at(year).get(line["id"]))), None)
    if finding and finding.subject:
        subject, grade = case.word("subjects", finding.subject), case.word("grades", str(finding.grade))
        return f"{subject}, {grade}" if case.lang == "en" else f"{grade}{subject}"
    return case.word("stages", line["stage"]) if line["stage"] else case.name


def missing(case: Case, line: dict[str, Any]) -> str:
    """Return what a line lacks, or by how much it is over its limit, with its measure word; the mark of an empty cell
    where nothing can be counted.
    """
    if is_own(line):
        return line["missing"] or blank(case)
    finding = case.finding(line["id"])
    if line["lacking"] is None or finding is None or finding.verdict != Verdict.NOT_MET:
        return blank(case)
    amount = _amount(case, line, finding)
    over = numbers.sense_of(finding, case.standard) in (Sense.AT_MOST, Sense.BELOW) and line["unit"] != "classes"
    return case.word("cells", "over").format(amount=amount) if over else amount


def _amount(case: Case, line: dict[str, Any], finding: Finding) -> str:
    if finding.short_rooms:
        return computed.rooms(finding, case)
    if line["unit"] in COUNTED:
        return numbers.missing(line["lacking"]) + case.word("lacking", line["unit"])
    unit = numbers.unit_of(finding, case.standard)
    if unit == "share" and finding.kind not in numbers.RATES:
        return numbers.points(line["lacking"]) + case.word("cells", "points")
    if unit == "coefficient" or finding.kind in numbers.RATES:
        return numbers.ratio(line["lacking"], 0.0, Sense.AT_MOST)
    return numbers.whole(line["lacking"]) + case.word("measures", unit)


def _year(case: Case, year: int | None) -> Value:
    return number(year, str(year) if year else blank(case))


def cells(case: Case, line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as the workbook of people shows it: one value per column of read/ledger.yml."""
    own = {name: line[name] for name in ("id", "opened", "holder", "due", "measure", "date")}
    said = {
        "school": where(case, line),
        "item": case.label(line["item"], short=True),
        "missing": missing(case, line),
        "person": "" if case.public else line["person"],
    }
    return own | _figures(case, case.finding(line["id"])) | said


def _figures(case: Case, finding: Finding | None) -> dict[str, str]:
    """Return the present value of a line and its target, as they are shown; the mark of an empty cell where none is."""
    if finding is None:
        return dict.fromkeys(("value", "target"), blank(case))
    shown = {"value": computed.value(finding, case).cell, "target": computed.target(finding, case).cell}
    return {name: cell.text if cell else blank(case) for name, cell in shown.items()}
