"""What is taken to the schools: who was drawn and why, and each value that is looked at."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from analysis import ids
from analysis.judge import fieldcheck, fragile, visit_sample
from analysis.read.fields import table
from analysis.tell.case.case import Case
from analysis.tell.facts.fragile import fragile_of
from analysis.tell.language import numbers, wording
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy


@dataclass(frozen=True, eq=False)
class Visit:
    """The workbook's rows: `schools` one per school, `values` one per value, both keyed by the heads of its sheets.

    `error` is the overstatement by which schools were drawn, None where they were drawn by type, risk and lot.
    """

    schools: list[dict[str, Any]]
    values: list[dict[str, Any]]
    error: float | None = None


def visit(case: Case, number: int, seed: int) -> Visit:
    """Draw `number` schools of the report's year by `seed` and return what is taken to them."""
    rows = case.records.schools.filter(year=case.year)
    return _taken(case, visit_sample.sample(rows, case.findings, number, seed))


def visit_by_risk(case: Case, error: float, seed: int) -> Visit | None:
    """Draw schools by `seed` so that one is met, with 95 %, of every set whose reports overstated by `error` would turn
    a verdict 'met'; None where no set would."""
    parts = fragile_of(case, error)
    chances = fragile.joined(ids.OVERALL, parts, error).chances
    if not chances:
        return None
    rows = case.records.schools.filter(year=case.year)
    return replace(_taken(case, visit_sample.by_chance(rows, case.findings, chances, seed)), error=error)


def _taken(case: Case, chosen: pl.DataFrame) -> Visit:
    """Return what is taken to the schools that were drawn."""
    asked = fieldcheck.sheet(case.records, case.findings, chosen, case.standard, case.year)
    risks = fieldcheck.risks(case.findings).partition_by("school", as_dict=True, maintain_order=True)
    said = wording.texts("fieldcheck", case.lang)
    return Visit(
        [
            {
                **{name: row[name] for name in ("school", "name", "township", "pupils")},
                "school_type": case.word("school_types", row["school_type"]),
                "chosen": said["chosen"][row["chosen"]][row["large"]],
                "looked_at": _looked_at(case, risks.get((row["school"],))),
            }
            for row in chosen.iter_rows(named=True)
        ],
        [
            {
                **{name: row[name] for name in ("school", "place", "reported", "counted", "table")},
                "name": case.school(row["school"]),
                "column": label(row["table"], row["column"], case.lang),
                "unit": table(row["table"]).columns[row["column"]].measured_in(case.lang),
                "hint": _hint(case, row),
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


def _looked_at(case: Case, risks: pl.DataFrame | None) -> str:
    """Return what to look at in a school: what is below, missing or near, worst first."""
    said = wording.texts("fieldcheck", case.lang)
    order = [fieldcheck.BELOW, fieldcheck.MISSING, fieldcheck.NEAR]
    findings = (
        [] if risks is None else [(case.finding(id), risk) for id, risk in risks.select("id", "risk").iter_rows()]
    )
    findings.sort(key=lambda pair: order.index(pair[1]))
    return tidy(spoken(case).render(said["looked_at"], risks=findings), case.lang)


def _hint(case: Case, row: dict[str, Any]) -> str:
    hints = wording.texts("fieldcheck", case.lang)["hints"]
    if row["limit"] is not None:
        return str(hints[f"class_{row['hint']}"]).format(limit=numbers.whole(row["limit"]))
    return str(hints[row["hint"]]) if row["hint"] else ""
