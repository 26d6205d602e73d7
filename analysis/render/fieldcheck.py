"""The workbook that is taken to the schools: who was drawn and why, and a line for each value to verify."""

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from analysis.brand import brand
from analysis.judge.fieldcheck import rules
from analysis.read.fieldcheck import words
from analysis.tell.case.case import Case
from analysis.tell.documents.fieldcheck import Visit
from analysis.tell.documents.fieldcheck.visit import amount
from analysis.tell.language import numbers
from analysis.tell.language.document_numbers import document_number
from analysis.tell.language.wording import texts

from .meta import Meta
from .whole_workbook import AS_TYPED, WholeWorkbook
from .workbook import HEAD_ROW, Workbook, breadth, number_format

#: Widths of columns in characters.
_WIDE = {
    "sample": {"school": 12, "name": 20, "school_type": 15, "pupils": 8, "chosen": 11, "looked_at": 38},
    "values": {"school": 12, "name": 18, "table": 9, "column": 25, "unit": 7, "hint": 14, "remark": 16},
}
#: Characters across a landscape A4 page at full scale, the height of a line, and of a row that is written into by hand.
_OTHERS, _PAGE, _LINE, _HIGH = 10, 104, 14, 20


def write(case: Case, visit: Visit, seed: int, path: Path, meta: Meta) -> None:
    """Write the workbook of a field check to `path`, whole or not at all; what people fill in is empty.

    Its heads are those of read/fieldcheck.yml, by which analysis.read.fieldcheck reads it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeWorkbook(path, AS_TYPED) as book:
        book.set_properties({"title": meta.title, "author": meta.office, "created": datetime.fromisoformat(meta.date)})
        pages = _Pages(case, meta, book)
        pages.schools(visit, seed)
        pages.values(visit)


class _Pages(Workbook):
    """The two sheets."""

    def __init__(self, case: Case, meta: Meta, book: xlsxwriter.Workbook) -> None:
        super().__init__(case, meta, book)
        self.said = texts("fieldcheck", case.lang)

    def form(self, kind: str) -> Worksheet:
        """Add a sheet whose print keeps its page breaks, so it is scaled and not fitted."""
        heads, called = words()[kind], str(words()["sheets"][kind][self.setting.lang])
        sheet = self.page(called, f"{self.meta.title} · {called}")
        self.heads(sheet, [heading[self.setting.lang] for heading in heads.values()])
        widths = [_WIDE[kind].get(name, _OTHERS) for name in heads]
        for place, wide in enumerate(widths):
            sheet.set_column(place, place, wide)
        sheet.set_print_scale(int(100 * _PAGE / sum(widths)))
        sheet.set_margins(left=0.4, right=0.4)
        sheet.freeze_panes(HEAD_ROW + 1, 2)
        return sheet

    def schools(self, visit: Visit, seed: int) -> None:
        """Write the schools drawn, the seed and how the sheet is filled in."""
        sheet, heads = self.form("sample"), words()["sample"]
        for row, school in enumerate(visit.schools, HEAD_ROW + 1):
            self._row(sheet, row, heads, school)
            lines = math.ceil(breadth(school["looked_at"]) / _WIDE["sample"]["looked_at"])
            sheet.set_row(row, max(_LINE * lines, 2 * _LINE))
        below = self._settings(sheet, HEAD_ROW + len(visit.schools) + 2, visit, seed)
        width = sum(_WIDE["sample"].get(name, _OTHERS) for name in heads)
        near = numbers.part(rules()["near"])
        drawn = self.said["drawn"]["sample" if visit.error is None else "error"]
        for place, note in enumerate([*drawn, *self.said["notes"]], below):
            hint = note.format(near=near, error=numbers.part(visit.error or 0))
            sheet.merge_range(place, 0, place, len(heads) - 1, hint, self.format(text_wrap=True))
            sheet.set_row(place, _LINE * math.ceil(breadth(hint) / width))

    def _settings(self, sheet: Worksheet, row: int, visit: Visit, seed: int) -> int:
        """Write by what schools can be drawn again; return the row below."""
        settings: dict[str, str | float | None] = {
            "document": document_number(self.setting.standard.document, self.setting.lang),
            "seed": seed,
            "error": visit.error,
        }
        for name, value in settings.items():
            if value is None:
                continue
            self.text(sheet, row, 0, words()["settings"][name][self.setting.lang], bold=True)
            if isinstance(value, str):
                self.text(sheet, row, 1, value)
            else:
                shape = {} if name == "seed" else {"num_format": number_format(numbers.part(value))}
                sheet.write_number(row, 1, value, self.format(align="left", **shape))
            row += 1
        return row

    def values(self, visit: Visit) -> None:
        """Write a line per value, school by school, each with the place for its signatures and a page of its own."""
        sheet, heads = self.form("values"), words()["values"]
        row, breaks = HEAD_ROW + 1, []
        for code in [school["school"] for school in visit.schools]:
            for value in (value for value in visit.values if value["school"] == code):
                shown = value | {"table": words()["tables"][value["table"]][self.setting.lang]}
                self._row(sheet, row, heads, shown)
                self._checked(sheet, row, list(heads).index("verified"), counted=value["counted"])
                sheet.set_row(row, _HIGH)
                row += 1
            sheet.merge_range(row, 1, row, len(heads) - 1, self.said["signs"], self.format(valign="bottom"))
            sheet.set_row(row, 2 * _HIGH)
            row += 1
            breaks.append(row)
        sheet.set_h_pagebreaks(breaks[:-1])

    def _row(self, sheet: Worksheet, row: int, heads: dict[str, dict[str, Any]], cells: dict[str, Any]) -> None:
        frame = {"border": 1, "border_color": brand().colours["muted"]}
        for place, (name, heading) in enumerate(heads.items()):
            value = cells.get(name)
            if heading.get("own"):
                shape = {"locked": False, "bg_color": brand().colours["ochre-tint"], "text_wrap": True}
                sheet.write_blank(row, place, None, self.format(**frame, **shape))
            elif isinstance(value, int | float):
                shape = {"num_format": number_format(amount(value))}
                sheet.write_number(row, place, value, self.format(**frame, **shape))
            elif value:
                self.text(sheet, row, place, str(value), text_wrap=True, **frame)
            else:
                sheet.write_blank(row, place, None, self.format(**frame))

    def _checked(self, sheet: Worksheet, row: int, place: int, *, counted: bool) -> None:
        """Let nothing but a number that can be be typed: none below zero, whole where things are counted."""
        kind = "integer" if counted else "decimal"
        faults = self.said["faults"]
        refusal = "; ".join((faults["negative"], faults["not_whole" if counted else "not_number"]))
        rule = {"validate": kind, "criteria": ">=", "value": 0, "error_type": "warning", "error_message": refusal}
        sheet.data_validation(row, place, row, place, rule)
