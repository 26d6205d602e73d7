"""The workbook that is taken to schools: who was drawn by its seed, and each value as it was reported."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from verification import numbers
from verification.checked.expected.visited import called, unit
from verification.checked.kinds import Kind, Record
from verification.checked.results import alike
from verification.checked.shown import Shown
from verification.printed.blocks import bare
from verification.raw.cells import text
from verification.raw.visit import Line, known
from verification.worked.case import Case
from verification.worked.drawn import BELOW, CLOSE, MISSING, NEAR, Asked, asked, drawn, heads, risks
from verification.worked.finding import Finding
from verification.worked.visited import Visited

NAME = "fieldcheck.xlsx"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


class VisitSheet:
    """One workbook, in the language that it is written in."""

    def __init__(self, of: Visited, record: Record) -> None:
        self.sheets, self.record = of.sheets, record
        self.case: Case = replace(of.case, lang=of.sheets.lang)
        self.shown = Shown(self.case)
        self.at = int(of.sheets.lang == "en")
        self.rows = {row["school"]: row for row in self.case.county.rows("schools", self.case.year)}

    @property
    def mine(self) -> bool:
        """Whether it was drawn by the standard of the case: by another one other schools are at risk."""
        said = self.sheets.settings.get("document", "")
        return not said or re.findall(r"\d+", said) == re.findall(r"\d+", self.shown.standard.document)

    def check(self) -> bool:
        """Hold everything; return whether it is a workbook of this standard."""
        if not self.mine:
            return False
        self._seed()
        for row in self.sheets.drawn:
            self._school(row)
        lines: dict[str, list[Line]] = {}
        for line in self.sheets.lines:
            lines.setdefault(line.school, []).append(line)
        for code in self.sheets.schools:
            if code in self.rows:
                self._values(code, lines.get(code, []))
        return True

    def hold(self, place: str, cell: Any, expected: str, kind: Kind) -> None:
        """Hold a cell as text."""
        said = "" if cell is None else str(cell)
        if bare(said) == bare(expected):
            self.record.good(NAME, kind, len(_NUMBER.findall(expected)))
        else:
            self.record.bad(NAME, place, said, expected or "nothing")

    def number(self, place: str, cell: Any, expected: Fraction | None, kind: Kind) -> None:
        """Hold a cell as a number; None for an empty one."""
        given = cell if isinstance(cell, int | float) else None
        if (cell in (None, "") and expected is None) or (given is not None and alike(given, expected)):
            self.record.good(NAME, kind, int(expected is not None))
        else:
            self.record.bad(NAME, place, cell, "nothing" if expected is None else float(expected))

    def _seed(self) -> None:
        """Hold the schools against those that the seed draws; where they were drawn by what their reports can turn, the
        chances of each are a solver's."""
        if self.sheets.seed is not None:
            self.record.good(NAME, Kind.FORM)
        if "error" in self.sheets.settings or self.sheets.seed is None:
            return
        wanted = drawn(self.case, len(self.sheets.schools), self.sheets.seed)
        said = {one.row["school"]: "risk" if one.by_risk else "larger" if one.larger else "smaller" for one in wanted}
        if sorted(said) != sorted(self.sheets.schools):
            missed = set(said) ^ set(self.sheets.schools)
            self.record.bad(NAME, "schools drawn", " ".join(self.sheets.schools), f"others: {' '.join(sorted(missed))}")
        for row in self.sheets.drawn:
            chosen = said.get(text(row["school"]))
            if chosen:
                self.hold(f"{row['school']} chosen", row["chosen"], known()["chosen"][chosen][self.at], Kind.WORKED)
        near = known()["notes"]["near"][self.at].format(near=numbers.part(NEAR))
        if any(near in bare(note) or near in note for note in self.sheets.notes):
            self.record.good(NAME, Kind.RULE)
        else:
            self.record.bad(NAME, "notes", "", near)

    def _school(self, row: dict[str, Any]) -> None:
        code = text(row["school"])
        raw = self.rows.get(code)
        if raw is None:
            self.record.bad(NAME, "schools drawn", code, "a school of the year")
            return
        self.record.good(NAME, Kind.TRACED)
        self.hold(f"{code} name", row["name"], self.case.characters[code], Kind.TRACED)
        kind = self.shown.standard.word("school_types", raw["school_type"], self.case.lang)
        self.hold(f"{code} type", row["school_type"], kind, Kind.TRACED)
        self.hold(f"{code} township", row["township"], raw["township"], Kind.TRACED)
        self.number(f"{code} pupils", row["pupils"], heads(raw), Kind.WORKED)
        self._looked_at(code, str(row["looked_at"] or ""))

    def _looked_at(self, code: str, said: str) -> None:
        """Hold what is to be looked at: clause by clause, below before missing before near."""
        order = (BELOW, MISSING, CLOSE)
        found = sorted(risks(self.case).get(code, []), key=lambda one: order.index(one[1]))
        clauses = [self._clause(one, risk) for one, risk in found] or [known()["nothing"][self.at]]
        printed = [bare(each) for each in re.split("[；;]", said) if each.strip()]
        if sorted(printed) == sorted(map(bare, clauses)):
            self.record.good(NAME, Kind.WORKED, sum(len(_NUMBER.findall(each)) for each in clauses))
        else:
            self.record.bad(NAME, f"{code} looked_at", said, "；".join(clauses))

    def _clause(self, one: Finding, risk: str) -> str:
        standard, lang = self.case.standard, self.case.lang
        scope = standard.word("stages", one.stage, lang) if one.stage and self.shown.combined(one.school) else ""
        name = one.item.removeprefix("floor_")
        item = standard.name(name, lang, short=True) if name in standard.indicators else self.shown.label(one.item)
        if lang == "en" and not item[1:2].isupper():
            item = item[:1].lower() + item[1:]
        said: str = known()["risk_clause"][self.at].format(scope=scope, item=item, risk=known()["risks"][risk][self.at])
        if one.value is not None and one.target is not None:
            value, target = self.shown.value(one).text, self.shown.target(one).text
            said += str(known()["risk_figures"][self.at]).format(value=value, target=target)
        return said

    def _values(self, code: str, lines: list[Line]) -> None:
        wanted, seen = asked(self.case, self.rows[code]), set()
        for line in lines:
            one = wanted.get(line.key)
            if one is None or line.key in seen:
                if line.cells.get("reported") is not None:  # else people added it
                    self.record.bad(NAME, f"{line.sheet} row {line.row}", " ".join(line.key), "no such value")
                continue
            seen.add(line.key)
            self._line(line, one)
        for key in wanted.keys() - seen:
            self.record.bad(NAME, code, "(missing row)", " ".join(key))

    def _line(self, line: Line, one: Asked) -> None:
        place, cells = f"{line.sheet} row {line.row}", line.cells
        self.record.good(NAME, Kind.TRACED, 1 + bool(re.search(r"\d", line.place)))
        self.number(f"{place} reported", cells.get("reported"), one.reported, Kind.TRACED)
        self.hold(f"{place} value", cells["column"], called(line.table, line.column, self.case.lang), Kind.FORM)
        self.hold(f"{place} unit", cells["unit"], unit(line.table, line.column, self.case.lang), Kind.FORM)
        self.hold(f"{place} name", cells["name"], self.shown.words.school(line.school), Kind.TRACED)
        hint = f"class_{one.hint}" if one.limit is not None else one.hint
        said = known()["hints"][hint][self.at] if hint else ""
        limit = numbers.whole(one.limit) if one.limit is not None else ""
        self.hold(f"{place} hint", cells["hint"], str(said).format(limit=limit), Kind.RULE)


def check(of: Visited | None, record: Record) -> list[str]:
    """Hold the workbook of a field check; return its name where it is one of the case's standard."""
    return [NAME] if of is not None and VisitSheet(of, record).check() else []
