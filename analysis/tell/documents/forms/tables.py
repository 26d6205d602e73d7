"""Tables of the forms; their own words are those of forms.yml, the others are those of the report."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from analysis import ids
from analysis.standards import label
from analysis.tables import Field, Verdict
from analysis.tell.documents.forms.forms import Form
from analysis.tell.facts.basics import Total
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables import monitoring as of_monitoring
from analysis.tell.parts.tables import recognition as of_recognition
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, target, text, value, verdict
from analysis.tell.parts.tables.items import field_table


def _made(told: Form, name: str, columns: Sequence[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(told.case, f"form_{name}", columns, rows, name=name, texts="forms", told=told)


def _pairs(told: Form, name: str, pairs: Sequence[tuple[str, str]]) -> Table | None:
    """Return a table of two columns: what is asked, and what the data have or the blank that is left."""
    rows = [{"label": text(told.case.word("form_rows", key)), "entry": text(entry)} for key, entry in pairs]
    return _made(told, name, [Column("label"), Column("entry")], rows)


def basics(told: Form) -> Table | None:
    """Return the county in counts: schools by type, pupils, classes, teachers."""
    case, held = told.case, told.basics
    kinds = [(case.word("school_types", name), number) for name, number in held.types]
    rows = [{"item": text(name), "number": count(number, case), "note": text(blank(case))} for name, number in kinds]
    rows.append(_total(told, "schools", Total(held.schools, 0)))
    rows += [_total(told, f"pupils_{stage}", total) for stage, total in held.pupils.items()]
    rows += [_total(told, "classes", held.classes), _total(told, "teachers", held.teachers)]
    columns = [Column("item"), Column("number", pl.Int64, number=True)]
    noted = any(row["note"].value != blank(case) for row in rows)
    return _made(told, "basics", [*columns, Column("note")] if noted else columns, rows)


def _total(told: Form, name: str, total: Total) -> dict[str, Value]:
    case = told.case
    note = case.word("cells", "silent").format(number=total.silent) if total.silent else blank(case)
    return {"item": text(case.word("form_rows", name)), "number": count(total.number, case), "note": text(note)}


def county(told: Form) -> Table | None:
    """Return the head of the application: who applies, by what, with what result."""
    case, held = told.case, told.basics
    years = told.certified_years
    said = case.word("cells", "verdict_of").format(
        verdict=case.word("verdicts", told.overall.verdict if told.overall else Verdict.NO_DATA),
        met=told.count(Verdict.MET), all=len(told.judged),
    )  # fmt: skip
    certified = case.word("cells", "years_of").format(years=numbers.whole(years.value or 0.0)) if years else ""
    pairs = [
        ("county", case.name),
        ("code", case.county),
        ("standard", case.word("labels", "in_document").format(
            name=case.standard.title.text(case.lang), unit=case.standard.document)),
        ("year", str(case.year)),
        ("acceptance", str(case.acceptance) if case.acceptance else told.blank("acceptance")),
        ("certified", told.blank("certified")),
        ("certified_years", certified or told.blank("certified_years")),
        ("schools", numbers.whole(held.schools)),
        *((f"pupils_{stage}", _number(told, total)) for stage, total in held.pupils.items()),
        ("verdict", said),
        ("contact", told.blank("contact")),
    ]  # fmt: skip
    return _pairs(told, "county", pairs)


def _number(told: Form, total: Total) -> str:
    return told.blank("pupils") if total.number is None or total.silent else numbers.whole(total.number)


def indicators(told: Form) -> Table | None:
    """Return one row per stage and indicator: mean, floor, schools below it, coefficient, limit, verdict."""
    case, rows = told.case, []
    for cv in told.cvs:
        if not cv.indicator or not cv.stage:
            continue
        floors = case.now.where(item=ids.floor(cv.indicator), stage=cv.stage)
        mean = case.measured.stage(case.year, cv.stage, cv.indicator, "mean")
        indicator = case.standard.indicators[cv.indicator]
        below = sum(one.verdict == Verdict.NOT_MET for one in floors)
        floor = target(floors[0], case) if floors else number(None, blank(case))
        rows.append(
            {
                "stage": text(case.word("stages", cv.stage)),
                "indicator": text(indicator.label.text(case.lang)),
                "mean": number(mean, blank(case) if mean is None else numbers.decimal(mean, indicator.decimals)),
                "floor": floor,
                "below": count(below if floors else None, case),
                "cv": value(cv, case),
                "limit": target(cv, case),
                "verdict": verdict(cv, case),
            }
        )
    columns = [Column("stage"), Column("indicator")]
    columns += [Column(name, pl.Float64, number=True) for name in ("mean", "floor", "below", "cv", "limit")]
    return _made(told, "indicators", [*columns, Column("verdict")], rows)


def government(told: Form) -> Table | None:
    """Return the items of government as the report has them, with what shows each."""
    return _items(told, Field.GOVERNMENT)


def quality(told: Form) -> Table | None:
    """Return the items of quality."""
    return _items(told, Field.QUALITY)


def entry(told: Form) -> Table | None:
    """Return the conditions and vetoes."""
    return _items(told, Field.ENTRY)


def _items(told: Form, field: Field) -> Table | None:
    """Return the report's table of a field, values and targets as words that break within their column."""
    made = field_table(told.case, field)
    if made is None:
        return None
    body = tuple(tuple(replace(cell, number=False) for cell in row) for row in made.body)
    return replace(made, body=body, numeric=tuple(False for _ in made.numeric))


def monitoring(told: Form) -> Table | None:
    """Return the results of the national monitoring."""
    return of_monitoring.table(told.case)


def recognition(told: Form) -> Table | None:
    """Return recognition by group."""
    made = of_recognition.table(told.case)
    return replace(made, source="") if made else None


def mending(told: Form) -> Table | None:
    """Return what is to be mended: open lines of the ledger by item, how many schools, who answers, until when."""
    case = told.case
    found: dict[str, list[dict[str, object]]] = {}
    for line in told.lines.iter_rows(named=True):
        found.setdefault(line["item"], []).append(line)
    rows = []
    for item, lines in found.items():
        schools = {line["school"] for line in lines if line["school"]}
        holders = dict.fromkeys(str(line["holder"]) for line in lines if line["holder"])
        dues = sorted({int(str(line["due"])) for line in lines if line["due"]})
        measures = dict.fromkeys(str(line["measure"]) for line in lines if line["measure"])
        between = case.word("lists", "between")
        rows.append(
            {
                "item": text(label(case.standard, item, case.lang, short=True)),
                "lines": count(len(lines), case),
                "schools": count(len(schools), case) if schools else number(None, blank(case)),
                "holder": text(between.join(holders) or told.blank("holder")),
                "due": text(between.join(map(str, dues)) or told.blank("due")),
                "measure": text(between.join(measures) or told.blank("measure")),
            }
        )
    columns = [Column("item"), Column("lines", pl.Int64, number=True), Column("schools", pl.Int64, number=True)]
    return _made(told, "mending", [*columns, Column("holder"), Column("due"), Column("measure")], rows)
