"""Printed tables, cell by cell: each is held against the row that its key columns name."""

import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from verification import numbers
from verification.checked.expected import TABLES
from verification.checked.expected.base import Row
from verification.checked.kinds import Kind, Record, Said
from verification.checked.quantities.form import told
from verification.checked.results import alike
from verification.checked.sentences import TOKEN
from verification.checked.shown import Shown
from verification.printed.blocks import Grid, bare
from verification.raw.tables import known as known_raw
from verification.rules import COMPOSITE
from verification.words import own
from verification.worked.calendar import since, span
from verification.worked.stages import STAGES


@cache
def known() -> dict[str, Any]:
    """Return tables.yml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "tables.yml").read_text(encoding="utf-8"))
    return loaded


@dataclass
class Tables:
    """Tables of one case; `whole` where checksums are printed whole, as in a workbook.

    `kind` is that of another document than a county's report, `about` what it is about, `named` the numbers that a
    caption may name beside the case's year; `shares` where tables of a county's report stand beside its own.
    """

    shown: Shown
    record: Record
    whole: bool = False
    kind: str = ""
    about: dict[str, str] = field(default_factory=dict)
    named: tuple[int, ...] = ()
    shares: bool = False

    def check(self, document: str, grid: Grid) -> bool:
        """Hold a table against what it should be; return whether it is a table that is known here."""
        lang = self.shown.lang
        caption = re.sub(r"^(?:表|Table)\s*\d+\s*[.:　]?\s*", "", grid.caption)
        for name, entry in known().items():
            found = re.search(self.shown.case.here(entry["caption"][lang]), caption)
            if found is None or entry.get("of", "") not in (self.kind, *([""] if self.shares else [])):
                continue
            said = {"caption": caption, **self.about, **found.groupdict()}
            said |= {"whole": "yes"} if self.whole else {}
            said |= {"part": "unknown"} if name == "ledger" and not self.whole else {}
            self._caption(document, grid, caption)
            self._hold(document, grid, name, entry, TABLES[name](self.shown, said))
            return True
        return False

    def _caption(self, document: str, grid: Grid, caption: str) -> None:
        """Hold the year of a caption; its number is counted by order.py."""
        for token in TOKEN.finditer(caption):
            year = since(self.shown.case).year if self.kind == "deadlines" else self.shown.case.year
            if token[0] in map(str, (year, *self.named)) or token[0] in _day(self.shown, caption):
                self.record.good(document, Kind.FORM)
            elif token[0] in _reserve(self.shown, caption):
                self.record.good(document, Kind.RULE)
            else:
                self.record.bad(document, grid.place, token[0], self.shown.case.year)

    def _columns(self, document: str, grid: Grid, entry: dict[str, Any]) -> list[str]:
        lang = self.shown.lang
        names = {self.shown.case.here(head): one for head, one in entry["columns"][lang].items()}
        names |= _of_stages(self.shown)
        shorts = {
            self.shown.standard.name(one, lang, short=True): f"ind {one}" for one in self.shown.standard.indicators
        }
        if self.shown.standard.data.get(COMPOSITE):
            shorts[self.shown.label(f"cv_{COMPOSITE}")] = f"ind {COMPOSITE}"
        found: list[str] = []
        for heading in grid.headings:
            if re.fullmatch(r"\d{4}", heading):
                if f"year {heading}" in found:
                    self.record.bad(document, grid.place, heading, "another year")
                found.append(f"year {heading}")
                self.record.good(document, Kind.FORM)
            elif heading in names:
                column = names[heading]
                found.append(names.get(f"{heading} 2", column) if column in found else column)
            elif heading in shorts:
                found.append(shorts[heading])
            elif self.kind and heading in self.shown.words.groups["subject"]:
                found.append(f"subject {self.shown.words.groups['subject'][heading]}")
            else:
                found.append("")
                self.record.bad(document, grid.place, heading, "no such column")
            if TOKEN.search(heading) and not re.fullmatch(r"\d{4}", heading):
                self.record.good(document, Kind.FORM, len(TOKEN.findall(heading)))
        return found

    def _hold(self, document: str, grid: Grid, name: str, entry: dict[str, Any], rows: list[Row]) -> None:
        columns = self._columns(document, grid, entry)
        key = [one for one in (["id"] if "id" in columns else entry["key"]) if one in columns]
        expected = {tuple(bare(row[one].text) for one in key): row for row in rows}
        if len(expected) != len(rows):
            self.record.bad(document, grid.place, "rows", "keys that tell rows apart")
        seen = set()
        for number, cells in enumerate(grid.rows, 1):
            held = dict(zip(columns, cells, strict=True))
            at = tuple(bare(str(held[one] if held[one] is not None else "")) for one in key)
            place = f"{grid.place}, {' '.join(at)}"
            if name == "notices" and held.get("rule") in known_raw()["not_worked_out"]:
                self._traced(document, place, held)
                continue
            if at not in expected or at in seen:
                self.record.bad(document, place, " ".join(at), "no such row" if at not in expected else "twice")
                continue
            seen.add(at)
            for column, cell in held.items():
                if column == "number" and name == "problems":
                    self._cell(document, f"{place}, {column}", cell, Said(str(number), Kind.FORM, Fraction(number)))
                else:
                    self._cell(document, f"{place}, {column}", cell, expected[at].get(column))
        for lost in sorted(set(expected) - seen):
            self.record.bad(document, grid.place, "(missing row)", " ".join(lost))

    def _traced(self, document: str, place: str, held: dict[str, Any]) -> None:
        """Hold what is told of a value that looks wrong by its place alone: such a row of the file is read."""
        tables = self.shown.case.county.tables.get(str(held["table"]), {}).values()
        rows = [row["place"] for table in tables for row in (*table.rows, *table.aside)]
        tops = [table.top for table in tables]
        row = held["row"]
        found = any(
            (one.file, one.row) == (held["file"], row) if row else one.file == held["file"] for one in (*rows, *tops)
        )
        if found:
            self.record.good(document, Kind.TRACED)
        else:
            self.record.bad(document, place, held["rule"], "such a row of the file")

    def _cell(self, document: str, place: str, cell: object, said: Said | None) -> None:
        text = "" if cell is None else str(cell)
        tokens = TOKEN.findall(text)
        if said is None:
            if tokens:
                self.record.bad(document, place, text)
            return
        if _fits(cell, said):
            self.record.good(document, said.kind, max(len(tokens), int(isinstance(cell, int | float))))
        else:
            shown = said.text if said.text and said.text[0] not in "\x00\x01" else said.value
            self.record.bad(document, place, text, str(shown or "nothing").replace("\x00", " … "))


def _of_stages(shown: Shown) -> dict[str, str]:
    """Return the headings of what is told of a stage, with the stage's name before them."""
    between = "" if shown.lang == "zh" else " "
    stages = {id: shown.standard.word("stages", id, shown.lang) for id in STAGES}
    said = {
        f"{name}{between}{told[shown.lang]}": f"{key} {id}"
        for id, name in stages.items()
        for key, told in own()["of_stage"].items()
    }
    return {heading[:1].upper() + heading[1:]: column for heading, column in said.items()}


def _fits(cell: object, said: Said) -> bool:
    """Return whether a printed cell is what it should be: a number by its value, a text letter by letter."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return alike(cell, said.value if said.value is not None else _number(said.text), 1e-11)
    text = bare("" if cell is None else str(cell))
    if said.text.startswith("\x01"):
        return _same_row(str(cell), json.loads(said.text[1:]))
    if "\x00" in said.text or (said.kind is Kind.TRACED and text != bare(said.text)):
        return _rest(text, [bare(part) for part in said.text.split("\x00") if part])
    return text == bare(said.text)


def _day(shown: Shown, caption: str) -> list[str]:
    """Return the numbers of the day that the caption of a calendar names, where it is that of the data."""
    said = told(span(shown.case)[0], shown.lang)
    return TOKEN.findall(said) if bare(said) in bare(caption) else []


def _reserve(shown: Shown, caption: str) -> list[str]:
    """Return the reserve of the plan of least cost, where the caption is that of one of its tables."""
    entries = [shown.case.here(known()[name]["caption"][shown.lang]) for name in ("least_cost", "least_cost_sums")]
    plan = shown.case.plans.get("plan")
    told = plan is not None and any(re.search(entry, caption) for entry in entries)
    return [numbers.part(plan.reserve)] if plan is not None and told else []


def _number(text: str) -> Fraction | None:
    return Fraction(text.replace(",", "")) if re.fullmatch(r"[\d,]+(\.\d+)?", text) else None


def _rest(text: str, parts: list[str]) -> bool:
    """Return whether a text holds all parts, and no number beside them."""
    for part in parts:
        if part not in text:
            return False
        text = text.replace(part, "", 1)
    return not TOKEN.search(text)


def _same_row(printed: str, row: dict[str, Any]) -> bool:
    """Return whether the cells of a row that is set aside are those of the raw file, by all their values."""
    try:
        held = sorted(str(one) for one in json.loads(printed).values() if one not in (None, ""))
    except (ValueError, AttributeError):
        return False
    numbers = sorted(one for one in held if TOKEN.search(one))
    known_ = [str(one) for one in row.values() if one not in (None, "")]
    return all(_in_row(one, known_) for one in numbers)


def _in_row(number: str, row: list[str]) -> bool:
    if number in row:
        return True
    found = _number(number)
    if found is None:
        return any(re.sub(r"\D", "", number) == re.sub(r"\D", "", one) for one in row)
    return any((value := _number(one)) is not None and value in (found, found * 10000) for one in row)
