"""The table of what is asked of a county: its cells are sentences, a row for each thing that is not met."""

import re
from dataclasses import dataclass
from functools import cached_property

from verification.checked.kinds import Kind, Record
from verification.checked.sentences import TOKEN, Reader
from verification.checked.shown import word
from verification.printed.blocks import Block, Grid, bare, joins
from verification.raw.entered import Entry
from verification.worked import ledger, shortfalls
from verification.worked.deadlines import holder_of
from verification.worked.due import line_due
from verification.worked.finding import Finding
from verification.worked.ledger import Line

CAPTION = {"zh": r"年整改要求$", "en": r"What is to be remedied, \d{4}$"}


@dataclass
class Asked:
    """Reads such a table by the patterns of sentences, and who answers for a row until when by the ledger."""

    sentences: Reader
    record: Record

    def check(self, document: str, grid: Grid) -> bool:
        """Read a table; return whether it is such a one."""
        if not re.search(CAPTION[self.sentences.case.lang], grid.caption):
            return False
        year = str(self.sentences.case.year)
        if year in grid.caption:
            self.record.good(document, Kind.FORM)
        else:
            self.record.bad(document, grid.place, grid.caption, year)
        case = self.sentences.case
        wanted, own = shortfalls.matters(case), [] if case.public else case.county.own_lines
        if len(grid.rows) != wanted + len(own):
            self.record.bad(document, grid.place, f"{len(grid.rows)} rows", str(wanted + len(own)))
        for number, row in enumerate(grid.rows, 1):
            if str(row[0]).strip() in (str(number), f"{number}.0"):
                self.record.good(document, Kind.FORM)
            else:
                self.record.bad(document, grid.place, row[0], number)
            if number > wanted:
                if number <= wanted + len(own):
                    self._own(document, grid.place, row, own[number - wanted - 1])
                continue
            problem = str(row[1])
            self.sentences.read(document, Block("cell", problem, heading=grid.caption))
            self.sentences.read(document, Block("cell", str(row[2]), heading=grid.caption, after=problem))
            self._answered(document, grid.place, row)
        return True

    def _own(self, document: str, place: str, row: list[object], line: Entry) -> None:
        """Hold the row of a line that people added, in their words."""
        lang = self.sentences.case.lang
        between, clauses = word("cells", "between", lang), word("cells", "clauses", lang)
        said = [between.join(filter(None, (line.school, line.item))), line.missing, line.measure]
        said += [clauses.join(filter(None, pair)) for pair in ((line.holder, line.person), (line.due, line.date))]
        for cell, text in zip(row[1:], said, strict=False):
            self._hold(document, place, cell, text, Kind.TRACED)

    def _hold(self, document: str, place: str, cell: object, text: str, kind: Kind) -> None:
        if bare("" if cell is None else str(cell)) == bare(text):
            self.record.good(document, kind, len(TOKEN.findall(text)))
        else:
            self.record.bad(document, place, cell, text or "nothing")

    def _answered(self, document: str, place: str, row: list[object]) -> None:
        """Hold what is to be done about a problem, where people wrote it, and who answers for it until when: all that
        stands beside the lines of the ledger that it is made of."""
        case, lang, problem = self.sentences.case, self.sentences.case.lang, str(row[1])
        mine = [one for one in self._lines if self._about(problem, one.finding)]
        entered = [case.county.entered.get(one.finding.id, Entry()) for one in mine]
        measures = dict.fromkeys(one.measure for one in entered if one.measure)
        if measures:
            self._parts(document, place, str(row[3]), measures, word("cells", "clauses", lang))
        else:
            self.sentences.read(document, Block("cell", str(row[3]), heading=place, after=problem))
        holders = dict.fromkeys(filter(None, (holder_of(case, one.finding.id, one.finding.item) for one in mine)))
        self._parts(document, place, "" if row[4] is None else str(row[4]), holders, word("cells", "between", lang))
        dues = [year for one in mine if (year := line_due(case, one.finding))]
        self._hold(document, place, row[5], str(max(dues)) if dues else "", Kind.RULE)

    def _parts(self, document: str, place: str, cell: str, wanted: dict[str, None], between: str) -> None:
        """Hold that a cell has all parts that it should, in whichever order."""
        if joins(cell, wanted):
            self.record.good(document, Kind.TRACED, len(TOKEN.findall(cell)))
        else:
            self.record.bad(document, place, cell, between.join(wanted) or "nothing")

    @cached_property
    def _lines(self) -> list[Line]:
        """The lines that problems are made of."""
        return ledger.unmet(self.sentences.case)

    def _about(self, problem: str, one: Finding) -> bool:
        """Whether a problem names what a line is about."""
        words, standard, lang = self.sentences.words, self.sentences.case.standard, self.sentences.case.lang
        said, (kind, _, name) = problem.lower(), one.item.partition("_")
        if one.subject:
            subject = standard.word("subjects", one.subject, lang).lower()
            return subject in said and standard.word("grades", str(one.grade), lang).lower() in said
        if kind in ("floor", "cv") and name in standard.indicators:
            named = standard.name(name, lang, short=True).lower()
            return named in said and standard.word("stages", one.stage, lang).lower() in said
        item = standard.items.get(one.item, {})
        told = [item[key][lang] for key in ("unmet", "breach") if item.get(key)]
        return any(
            str(name).lower() in said for name in (*told, words.label(one.item, short=False), words.label(one.item))
        )
