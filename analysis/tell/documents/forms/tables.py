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


def _made(form: Form, name: str, columns: Sequence[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(form.case, f"form_{name}", columns, rows, name=name, texts="forms", told=form)


def _pairs(form: Form, name: str, pairs: Sequence[tuple[str, str]]) -> Table | None:
    """Return a table of two columns: what is asked, and what the data have or the blank that is left."""
    rows = [{"label": text(form.case.word("form_rows", key)), "entry": text(entry)} for key, entry in pairs]
    return _made(form, name, [Column("label"), Column("entry")], rows)


def basics(form: Form) -> Table | None:
    """Return the county in counts: schools by type, pupils, classes, teachers."""
    case, basics_of = form.case, form.basics
    kinds = [(case.word("school_types", name), number) for name, number in basics_of.types]
    rows = [{"item": text(name), "number": count(number, case), "note": text(blank(case))} for name, number in kinds]
    rows.append(_total(form, "schools", Total(basics_of.schools, 0)))
    rows += [_total(form, f"pupils_{stage}", total) for stage, total in basics_of.pupils.items()]
    rows += [_total(form, "classes", basics_of.classes), _total(form, "teachers", basics_of.teachers)]
    columns = [Column("item"), Column("number", pl.Int64, number=True)]
    noted = any(row["note"].value != blank(case) for row in rows)
    return _made(form, "basics", [*columns, Column("note")] if noted else columns, rows)


def _total(form: Form, name: str, total: Total) -> dict[str, Value]:
    case = form.case
    note = case.word("cells", "silent").format(number=total.silent) if total.silent else blank(case)
    return {"item": text(case.word("form_rows", name)), "number": count(total.number, case), "note": text(note)}


def county(form: Form) -> Table | None:
    """Return the head of the application: who applies, by what, with what result."""
    case, basics_of = form.case, form.basics
    years = form.certified_years
    said = case.word("cells", "verdict_of").format(
        verdict=case.word("verdicts", form.overall.verdict if form.overall else Verdict.NO_DATA),
        met=form.count(Verdict.MET), all=len(form.judged),
    )  # fmt: skip
    certified = case.word("cells", "years_of").format(years=numbers.whole(years.value or 0.0)) if years else ""
    pairs = [
        ("county", case.name),
        ("code", case.county),
        ("standard", case.word("labels", "in_document").format(
            name=case.standard.title.text(case.lang), unit=case.standard.document)),
        ("year", str(case.year)),
        ("acceptance", str(case.planned_acceptance or form.blank("acceptance"))),
        ("certified", form.blank("certified")),
        ("certified_years", certified or form.blank("certified_years")),
        ("schools", numbers.whole(basics_of.schools)),
        *((f"pupils_{stage}", _number(form, total)) for stage, total in basics_of.pupils.items()),
        ("verdict", said),
        ("contact", form.blank("contact")),
    ]  # fmt: skip
    return _pairs(form, "county", pairs)


def _number(form: Form, total: Total) -> str:
    return form.blank("pupils") if total.number is None or total.silent else numbers.whole(total.number)


def indicators(form: Form) -> Table | None:
    """Return one row per stage and indicator: mean, floor, schools below it, coefficient, limit, verdict."""
    case, rows = form.case, []
    for cv in form.cvs:
        if not cv.indicator or not cv.stage:
            continue
        floors = case.now.where(item=ids.floor(cv.indicator), stage=cv.stage)
        mean = case.measured.stage(case.year, cv.stage, cv.indicator, "mean")
        indicator = case.standard.indicators[cv.indicator]
        below = sum(floor.verdict == Verdict.NOT_MET for floor in floors)
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
    return _made(form, "indicators", [*columns, Column("verdict")], rows)


def government(form: Form) -> Table | None:
    """Return the items of government as the report has them, with what shows each."""
    return _items(form, Field.GOVERNMENT)


def quality(form: Form) -> Table | None:
    """Return the items of quality."""
    return _items(form, Field.QUALITY)


def entry(form: Form) -> Table | None:
    """Return the conditions and vetoes."""
    return _items(form, Field.ENTRY)


def _items(form: Form, field: Field) -> Table | None:
    """Return the report's table of a field, values and targets as words that break within their column."""
    table = field_table(form.case, field)
    if table is None:
        return None
    body = tuple(tuple(replace(cell, number=False) for cell in row) for row in table.body)
    return replace(table, body=body, numeric=tuple(False for _ in table.numeric))


def monitoring(form: Form) -> Table | None:
    """Return the results of the national monitoring."""
    return of_monitoring.table(form.case)


def recognition(form: Form) -> Table | None:
    """Return recognition by group."""
    table = of_recognition.table(form.case)
    return replace(table, source="") if table else None


def mending(form: Form) -> Table | None:
    """Return what is to be mended: open lines of the ledger by item, how many schools, who answers, until when."""
    case = form.case
    by_item: dict[str, list[dict[str, object]]] = {}
    for line in form.lines.iter_rows(named=True):
        by_item.setdefault(line["item"], []).append(line)
    rows = []
    for item, lines in by_item.items():
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
                "holder": text(between.join(holders) or form.blank("holder")),
                "due": text(between.join(map(str, dues)) or form.blank("due")),
                "measure": text(between.join(measures) or form.blank("measure")),
            }
        )
    columns = [Column("item"), Column("lines", pl.Int64, number=True), Column("schools", pl.Int64, number=True)]
    return _made(form, "mending", [*columns, Column("holder"), Column("due"), Column("measure")], rows)
