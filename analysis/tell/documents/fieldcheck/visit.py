"""What is taken to the schools: who was drawn and why, and each value that is looked at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.judge import fieldcheck
from analysis.read.fields import table
from analysis.tell.language import numbers, wording
from analysis.tell.speech.voice import tidy

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report


@dataclass(frozen=True, eq=False)
class Visit:
    """The workbook's rows: `schools` one per school, `values` one per value, both keyed by the heads of its sheets."""

    schools: list[dict[str, Any]]
    values: list[dict[str, Any]]


def visit(report: "Report", number: int, seed: int) -> Visit:
    """Draw `number` schools of the report's year by `seed` and return what is taken to them."""
    rows = report.records.schools.filter(year=report.year)
    chosen = fieldcheck.sample(rows, report.findings, number, seed)
    asked = fieldcheck.sheet(report.records, report.findings, chosen, report.standard, report.year)
    risks = fieldcheck.risks(report.findings).partition_by("school", as_dict=True, maintain_order=True)
    said = wording.texts("fieldcheck", report.lang)
    return Visit(
        [
            {
                **{name: row[name] for name in ("school", "name", "township", "pupils")},
                "school_type": report.word("school_types", row["school_type"]),
                "chosen": said["chosen"][row["chosen"]][row["large"]],
                "looked_at": _looked_at(report, risks.get((row["school"],))),
            }
            for row in chosen.iter_rows(named=True)
        ],
        [
            {
                **{name: row[name] for name in ("school", "place", "reported", "counted", "table")},
                "name": report.school(row["school"]),
                "column": label(row["table"], row["column"], report.lang),
                "unit": table(row["table"]).columns[row["column"]].measured_in(report.lang),
                "hint": _hint(report, row),
            }
            for row in asked.iter_rows(named=True)
        ],
    )


def label(name: str, column: str, lang: str) -> str:
    """Return what readers call a column of statistics; the text itself where there is no such column."""
    known = table(name).columns if name in ("schools", "classes", "rooms") else {}
    return known[column].called(lang) if column in known else column


def amount(value: float) -> str:
    """Return an amount as the sheet shows it: decimals only where it has some."""
    places = 0 if float(value).is_integer() else fieldcheck.rules()["places"]
    return numbers.decimal(value, places)


def _looked_at(report: "Report", risks: pl.DataFrame | None) -> str:
    """Return what to look at in a school: what is below, missing or near, worst first."""
    said = wording.texts("fieldcheck", report.lang)
    order = [fieldcheck.BELOW, fieldcheck.MISSING, fieldcheck.NEAR]
    found = [] if risks is None else [(report.finding(id), risk) for id, risk in risks.select("id", "risk").iter_rows()]
    found.sort(key=lambda one: order.index(one[1]))
    return tidy(report.spoken.render(said["looked_at"], risks=found), report.lang)


def _hint(report: "Report", row: dict[str, Any]) -> str:
    hints = wording.texts("fieldcheck", report.lang)["hints"]
    if row["limit"] is not None:
        return str(hints[f"class_{row['hint']}"]).format(limit=numbers.whole(row["limit"]))
    return str(hints[row["hint"]]) if row["hint"] else ""
