"""An office through its year, at a terminal and in workbooks alone: what it types and fills in, how long it takes."""

import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.cli import main
from analysis.render.answers import AFTER, ROWS
from tests.journey.schools import Tables, fill, rows_of

CASES = Path(__file__).parent.parent / "clean" / "cases" / "county"
COUNTY, YEAR = "510116", 2024
OWN = ("government", "monitoring", "scores", "survey")
#: Words that stand behind a command without their names, and commands that write no documents.
PLAIN = {"new": ("name",), "add": ("file",), "collect": ("folder",), "diff": ("a", "b"), "template": ("table",)}
NO_OUT = ("new", "add", "status", "calendar")


@dataclass
class Office:
    """An office with an empty folder; `steps` are what it typed, the exit code and the seconds that it took."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    steps: list[tuple[str, int, float]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "own"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def does(self, command: str, county: str = "", **words: object) -> tuple[int, str]:
        """Type a command about a county, its words by the names that make has for them; return what came of it."""
        plain = (["county"] if county else []) + [name for name in PLAIN.get(command, ()) if name in words]
        given = {"county": county} | {name: words[name] for name in words}
        options = [f"--{name}={value}" for name, value in words.items() if name not in plain]
        return self.types(command, *(given[name] for name in plain), *options, out=command not in NO_OUT)

    def types(self, *words: object, out: bool = True) -> tuple[int, str]:
        """Type a command and return its exit code and what it said."""
        begun = time.monotonic()
        places = ["--data", str(self.data), *(["--out", str(self.out)] if out else [])]
        code = main([*map(str, words), *places])
        said = self.capsys.readouterr()
        self.noted(" ".join(map(str, words)), code, begun, said.out + said.err)
        return code, said.out + said.err

    def noted(self, typed: str, code: int, begun: float, said: str) -> None:
        """Note a step; no line may send people to a file of ours that is no workbook."""
        self.steps.append((typed.replace(str(self.folder), "."), code, time.monotonic() - begun))
        assert not re.search(r"(?:在|往|改|从) ?[^ ，。]*\.yml", said), said

    def watching(self) -> list[str]:
        """Return the command that watches the county, as a process is started with it."""
        return [sys.executable, "-m", "analysis", "watch", COUNTY, f"--data={self.data}", f"--out={self.out}"]

    def lists_schools(self) -> None:
        """Write the schools of the county into the blank table: code, name, type and the like, nothing else."""
        rows = rows_of(CASES / "mended" / f"schools_{YEAR}.xlsx", "schools")
        rows = [row for row in rows if str(row["school"]).startswith(COUNTY)]
        path = self.data / COUNTY / f"schools_{YEAR}.xlsx"
        book = openpyxl.load_workbook(path)
        names = ("school", "name", "school_type", "township", "area", "run_by", "built")
        for line, row in enumerate(rows, start=4):
            for place, name in enumerate(names, start=1):
                book.worksheets[0].cell(line, place).value = row.get(name)
        book.save(path)

    def receives(self, folder: Path, case: Path = CASES / "first", year: int = YEAR) -> None:
        """Have the schools fill in their workbooks as the tables of a case have it, and send them back.

        Those of the first day have mistakes.
        """
        tables = Tables(case, YEAR)
        for sent in sorted((self.out / "collect" / COUNTY / str(year)).glob("*.xlsx")):
            code = sent.name.partition("_")[0]
            fill(sent, folder / sent.name, tables.by_school.get(code, {}))

    def own_tables(self, case: Path, year: int = YEAR) -> list[Path]:
        """Return the county's own tables of a case; of another year they are copied, with it in their titles."""
        files = [case / f"{name}_{YEAR}.xlsx" for name in OWN]
        return [self._of_year(file, year) for file in files] if year != YEAR else files

    def _of_year(self, file: Path, year: int) -> Path:
        book = openpyxl.load_workbook(file)
        for page in book.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and str(YEAR) in cell.value:
                        cell.value = cell.value.replace(str(YEAR), str(year))
        copy = self.folder / f"来件{year}" / file.name.replace(str(YEAR), str(year))
        copy.parent.mkdir(exist_ok=True)
        book.save(copy)
        return copy

    def answers(self, folder: Path) -> int:
        """Have each school that was asked answer with the value of the mended table; return how many did."""
        mended = {str(row["school"]): row for row in rows_of(CASES / "mended" / f"schools_{YEAR}.xlsx", "schools")}
        answered = 0
        for asked in sorted((self.out / "check" / COUNTY).glob(f"{COUNTY}*.xlsx")):
            row = mended[asked.name.partition("_")[0]]
            book = openpyxl.load_workbook(asked)
            page = book["答复"]
            page["C2"], page["C3"] = "李老师", "2024年11月2日"
            right = {line: _right(str(page.cell(line, 1).value), row) for line in range(ROWS + 1, page.max_row + 1)}
            for line, value in right.items():
                page.cell(line, AFTER + 1).value = value
            folder.mkdir(exist_ok=True)
            book.save(folder / asked.name)
            answered += any(value is not None for value in right.values())
        return answered

    def decides(self, sheet: str, *rows: list[Any]) -> None:
        """Write rows into the workbook of what the county decided."""
        path = self.data / "decisions" / f"{COUNTY}.xlsx"
        book = openpyxl.load_workbook(path)
        for row in rows:
            book[sheet].append(row)
        book.save(path)


def _right(id_: str, row: dict[str, Any]) -> Any:
    file, _, rest = id_.partition("|")
    column = rest.rpartition("|")[2]
    return row.get(column) if "schools_" in file else None
