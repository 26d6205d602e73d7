"""Tables of what became of rows and cells, of files, and of evidence."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verification.checked.expected.base import Row, count, form, traced
from verification.checked.expected.items import TABLE_OF
from verification.checked.expected.plan import aim
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, word
from verification.checked.told import publisher, sheet, title
from verification.raw.papers import Paper, papers
from verification.raw.tables import Place
from verification.rules import COMPOSITE
from verification.worked import calendar as calendar_of
from verification.worked.finding import Finding

#: The number of a document, and a page or pages, as texts name them.
_NUMBERED = re.compile(r"[\u4e00-\u9fff]*[〔\[［（(]\d{4}[〕\]］）)]\s*第?\d+\s*号")
_PAGE = re.compile(r"第?\s*(\d+(?:\s*[至到—–~-]\s*\d+)?)\s*页|\bpp?\.\s*(\d+(?:\s*[–-]\s*\d+)?)")


def accounts(s: Shown, _: dict[str, str]) -> list[Row]:
    """What became of the rows of each table."""
    rows = []
    for name, held in s.case.county.tables.items():
        one = held.get(s.case.year)
        if one is not None:
            rows.append(
                {
                    "table": form(word("tables", name, s.lang)),
                    "read": count(one.read),
                    "kept": count(len(one.rows)),
                    "quarantined": count(len(one.aside)),
                    "other": count(one.other),
                }
            )
    return rows


def sources(s: Shown, said: dict[str, str]) -> list[Row]:
    """Files with their checksums: the first sixteen digits in a report, all in a workbook."""
    whole = "whole" in said
    return [
        {
            "table": form(word("tables", one["table"], s.lang)),
            "table_id": form(one["table"]),
            "year": traced(one["year"], Fraction(one["year"])),
            "file": traced(file),
            "publisher": traced(publisher(s.words, file)),
            "title": traced(title(s.words, file)),
            "date": traced(one.get("date", "")),
            "registered": form(word("answers", str(one["registered"]).lower(), s.lang)),
            "sha256": traced(one["sha256"] if whole else one["sha256"][:16]),
        }
        for file, one in s.case.county.used(s.case.year).items()
    ]


def notices(s: Shown, _: dict[str, str]) -> list[Row]:
    """Cells that are mended or marked."""
    rows = []
    for name, held in s.case.county.tables.items():
        table = held.get(s.case.year)
        if table is None:
            continue
        for rule, marks in (("blank_mark", table.blanks), ("absent_mark", table.absent)):
            rows += [_notice(s, name, table.top, column, rule, mark, "") for column, mark in marks]
        rows += [_notice(s, name, table.top, "", rule, head, "") for head, rule in table.beside]
        rows += [] if table.read else [_notice(s, name, table.top, "", "table_bare", "", "")]
        rows += [_notice(s, name, table.top, "", "rows_unfilled", "", "")] if table.unfilled else []
        for one in table.mended:
            rows.append(_notice(s, name, one.place, one.column, one.rule, one.before, one.after))
        for place, fault in (*table.values, *table.faults):
            rows.append(_notice(s, name, place, fault.columns, fault.rule, fault.said, fault.beside))
    return rows


def _notice(s: Shown, table: str, place: Place, column: str, rule: str, old: str, new: str) -> Row:
    return {
        "year": form(s.case.year, Fraction(s.case.year)),
        "table": form(table),
        "file": traced(place.file),
        "sheet": traced(sheet(s.words, place)),
        "row": traced(place.row, Fraction(place.row)) if place.row else form(""),
        "column": form(column),
        "rule": form(rule),
        "before": traced(old),
        "after": traced(new),
    }


def quarantine(s: Shown, _: dict[str, str]) -> list[Row]:
    """Rows that are set aside; what they held is held against the row itself."""
    rows = []
    for name, held in s.case.county.tables.items():
        table = held.get(s.case.year)
        for row in table.aside if table else ():
            place = row["place"]
            rows.append(
                {
                    "year": form(s.case.year, Fraction(s.case.year)),
                    "table": form(name),
                    "file": traced(place.file),
                    "sheet": traced(sheet(s.words, place)),
                    "row": traced(place.row, Fraction(place.row)),
                    "cells": Said("\x01" + json.dumps(row["said"], ensure_ascii=False), Kind.TRACED),
                }
            )
    return rows


def evidence(s: Shown, _: dict[str, str]) -> list[Row]:
    """What shows each item: its document, or the rows of its source."""
    rows, typed = [], papers(s.case.county.folder, s.case.county.code, s.case.year)
    for one in s.case.now.findings.values():
        item = s.standard.items.get(one.item)
        if (
            one.school
            or one.item == f"cv_{COMPOSITE}"
            or not (item or one.item in ("level", "recognition") or one.item.startswith("cv_"))
        ):
            continue
        rows.append(_evidence(s, one, item, typed.get(one.id, Paper())))
    return rows


def _rows_of(s: Shown, one: Finding, item: dict[str, Any] | None) -> tuple[str, list[dict[str, Any]]]:
    """Return what shows an item, and the rows that do."""
    county, year = s.case.county, s.case.year
    if one.item == "level":
        rows = county.rows("monitoring", one.data_year or 0)
        return "monitoring", [row for row in rows if (row["subject"], row["grade"]) == (one.subject, one.grade)]
    if one.item == "recognition":
        return "survey", county.rows("survey", year)
    if item is None:
        return "computed", county.rows("schools", year)
    if item["kind"] != "computed" and (one.computed is None or one.traced):
        return "reported", [row for row in county.rows("government", year) if row["item"] == one.item]
    rule = item["rule"] if item["kind"] == "computed" else item["rows"]["rule"]
    return "computed", county.rows(TABLE_OF.get(str(rule), "schools"), year)


def _evidence(s: Shown, one: Finding, item: dict[str, Any] | None, typed: Paper) -> Row:
    lang = s.lang
    scope = s.standard.word("stages", one.stage, lang) if one.stage else ""
    if one.subject:
        subject = s.standard.word("subjects", one.subject, lang)
        grade = s.standard.word("grades", str(one.grade), lang)
        scope = f"{grade}{subject}" if lang == "zh" else f"{grade} {subject}"
    name = s.label(one.item.removeprefix("cv_"), short=False)
    basis, found = _rows_of(s, one, item)
    files = {row["place"].file for row in found}
    titles = sorted({title(s.words, file) for file in files})
    said = s.words.coded(found[0]["evidence"]) if basis == "reported" and found else "; ".join(titles)
    document = s.words.coded(typed.document) or said
    number, page = _NUMBERED.search(document), _PAGE.search(said)
    dash = word("cells", "blank", lang)
    places = {row["place"] for row in found}
    row = found[0]["place"].row if len(found) == 1 else None
    return {
        "field": form(s.standard.word("fields", one.field, lang)),
        "item": form(word("cells", "with_unit", lang).format(name=name, unit=scope) if scope else name),
        "basis": form(word("basis", basis, lang)),
        "document": traced(document or dash),
        "number": traced(s.words.coded(typed.number) or (number[0] if number else dash)),
        "page": traced(s.words.coded(typed.page) or (page[1] or page[2] if page else dash)),
        "file": traced("; ".join(sorted({place.file for place in places})) or dash),
        "sheet": traced("; ".join(sorted({sheet(s.words, place) for place in places})) or dash),
        "row": traced(dash if row is None else row, None if row is None else Fraction(row)),
        "rows": count(len(found)),
    } | ({"holder": traced(typed.holder)} if typed.holder else {})


def calendar(s: Shown, _: dict[str, str]) -> list[Row]:
    """What the framework and the plan have on the days of the twelve months, and on the next after."""
    return [_event(s, one) for one in (*calendar_of.events(s.case), *calendar_of.later(s.case))]


def _event(s: Shown, one: calendar_of.Event) -> Row:
    told, name, target = s.by_plan if s.case.laid else s, one.label, Said(word("cells", "blank", s.lang), Kind.FORM)
    if one.due:
        name = told.label(one.due.item)
        if one.due.stage:
            unit = s.standard.word("stages", one.due.stage, s.lang)
            name = word("cells", "with_unit", s.lang).format(name=name, unit=unit)
        rows = [
            each
            for each in told.case.now.findings.values()
            if each.item == one.due.item and one.due.stage in ("", each.stage)
        ]
        target = aim(told, replace(rows[0], target=one.due.value)) if rows and one.due.value is not None else target
    source = one.document
    if one.article:
        source = word("cells", "in_document", s.lang).format(name=source, unit=one.article)
    row = {"day": Said(one.day.isoformat(), Kind.RULE), "item": form(name), "target": target}
    return row | {"source": Said(source, Kind.RULE)}
