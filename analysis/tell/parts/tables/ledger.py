"""The ledger line by line: state, what is missing, who answers for it until when, and what was filled in."""

from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.standards import label
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, make, number, text

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

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


def table(report: "Report") -> Table | None:
    """Return one row per line that is open or was closed this year; to the public without the names of people."""
    return of(report, report.ledger.lines, "ledger")


def of(report: "Report", lines: pl.DataFrame, id: str) -> Table | None:
    """Return the table `id` of some of the ledger's lines."""
    rows = [row(report, line) for line in lines.iter_rows(named=True) if report.may_show(line["school"], line["stage"])]
    columns = [one for one in COLUMNS if one.id not in hidden(report, rows)]
    return make(report, id, columns, rows, name="ledger", sortable=True, part=id)


def hidden(report: "Report", rows: list[dict[str, Value]]) -> set[str]:
    """Return the columns that no row fills and, to the public, the names of people."""
    empty = {name for name in WHERE_FILLED if all(row[name].value in {None, ""} for row in rows)}
    return empty | ({"person"} if report.public else set())


def row(report: "Report", line: dict[str, Any]) -> dict[str, Value]:
    """Return the cells of one line."""
    return {
        "id": text(line["id"]),
        "state": text(report.word("ledger_states", line["state"])),
        "where": text(where(report, line)),
        "item": text(label(report.standard, line["item"], report.lang, short=True)),
        "missing": text(missing(report, line)),
        "opened": _year(report, line["opened"]),
        **kept(report, line),
    }


def kept(report: "Report", line: dict[str, Any] | None) -> dict[str, Value]:
    """Return who answers for a line until when, and what people filled in; empty cells where there is no line."""
    held = line or dict.fromkeys(WHERE_FILLED)
    said = {name: Value(held[name] or "", text(held[name] or blank(report)).cell) for name in WHERE_FILLED}
    return said | {"due": _year(report, held["due"])}


def where(report: "Report", line: dict[str, Any]) -> str:
    """Return the school with its stage, the grade and subject, or the county that a line is about."""
    if line["school"]:
        name = report.school(line["school"])
        stage = report.word("stages", line["stage"]) if line["stage"] and report.combined(line["school"]) else ""
        return report.word("labels", "with_unit").format(name=name, unit=stage) if stage else name
    finding = next((found for year in reversed(report.years) if (found := report.at(year).get(line["id"]))), None)
    if finding and finding.subject:
        subject, grade = report.word("subjects", finding.subject), report.word("grades", str(finding.grade))
        return f"{subject}, {grade}" if report.lang == "en" else f"{grade}{subject}"
    return report.word("stages", line["stage"]) if line["stage"] else report.name


def missing(report: "Report", line: dict[str, Any]) -> str:
    """Return what a line lacks, with its measure word; the mark of an empty cell where nothing can be counted."""
    finding = report.finding(line["id"])
    if line["lacking"] is None or finding is None or finding.verdict != "not_met":
        return blank(report)
    if line["unit"] in COUNTED:
        return numbers.missing(line["lacking"]) + report.word("lacking", line["unit"])
    unit = numbers.unit_of(finding, report.standard)
    if unit == "share" and finding.item not in numbers.RATES:
        return numbers.points(line["lacking"]) + report.word("cells", "points")
    if unit == "coefficient" or finding.item in numbers.RATES:
        return numbers.ratio(line["lacking"])
    return numbers.whole(line["lacking"]) + report.word("measures", unit)


def _year(report: "Report", year: int | None) -> Value:
    return number(year, str(year) if year else blank(report))
