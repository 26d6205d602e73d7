"""The table of what is asked of a county: its cells are sentences, a row for each thing that is not met."""

import re
from dataclasses import dataclass

from verification.checked.kinds import Kind, Record
from verification.checked.sentences import Reader
from verification.printed.blocks import Block, Grid
from verification.worked import shortfalls

CAPTION = {"zh": r"年整改要求$", "en": r"What is to be remedied, \d{4}$"}


@dataclass
class Asked:
    """Reads such a table by the patterns of sentences; who answers for a row until when is what people filled in."""

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
        wanted = shortfalls.matters(self.sentences.case)
        if len(grid.rows) != wanted:
            self.record.bad(document, grid.place, f"{len(grid.rows)} rows", str(wanted))
        for number, row in enumerate(grid.rows, 1):
            if str(row[0]).strip() in (str(number), f"{number}.0"):
                self.record.good(document, Kind.FORM)
            else:
                self.record.bad(document, grid.place, row[0], number)
            problem = str(row[1])
            self.sentences.read(document, Block("cell", problem, heading=grid.caption))
            for cell in row[2:4]:
                self.sentences.read(document, Block("cell", str(cell), heading=grid.caption, after=problem))
        return True
