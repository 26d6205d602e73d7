"""What reading an XLSX workbook costs beside fastexcel alone: `python -m benchmarks.clean.workbooks [rows]`.

Both read the same bytes, by the processor, taking turns in this process; medians of five. Without `rows` there are
10,000 of 20 columns, and once 100,000 of 40.
"""

import io
import sys
import tempfile
from pathlib import Path

import fastexcel
import numpy as np
import xlsxwriter

from analysis.read import grid
from benchmarks import outcome
from benchmarks.clean.speed import turns

ROWS, COLUMNS, ROUNDS = 10_000, 20, 5
#: The size that is measured once, in one kind.
LARGE = (100_000, 40, "one decimal in percent")
MOST = 4.0
#: Kinds of workbook: the number format of its numbers, and whether one column holds formulas.
KINDS = {
    "plain": ("General", False),
    "two decimals": ("0.00", False),
    "one decimal in percent": ("0.0%", False),
    "a column of formulas": ("General", True),
}


def written(rows: int, columns: int, code: str, formulas: bool) -> bytes:
    """Return a workbook of a code, a name, and columns of numbers; of formulas where these are asked for."""
    stream = io.BytesIO()
    values = np.random.default_rng(1).uniform(0, 1000, (rows, columns - 2 - formulas)).round(3)
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page, shape = book.add_worksheet(), book.add_format({"num_format": code})
        for number, row in enumerate(values.tolist()):
            page.write_row(number, 0, [f"99{number:08}", f"第{number}小学"])
            for column, value in enumerate(row, start=2):
                page.write_number(number, column, value, shape if code != "General" else None)
            if formulas:
                page.write_formula(number, columns - 1, f"=C{number + 1}+1", None, row[0] + 1)
    return stream.getvalue()


def measured(path: Path, rows: int, columns: int, kind: str, rounds: int) -> outcome.Row:
    """Write a workbook of a kind, and return what reading it costs."""
    content = written(rows, columns, *KINDS[kind])
    path.write_bytes(content)
    alone, own, ratio = turns(
        lambda: fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars(),
        lambda: grid.read(path, path.name),
        rounds,
    )
    what = f"reading a workbook of {rows:,} rows and {columns} columns, {kind}, against fastexcel alone"
    return outcome.Row(what, own, alone, ratio, f"<= {MOST:.0f}", ratio["median"] <= MOST)


def main(words: list[str]) -> int:
    """Measure, keep and print; 1 where a target is missed."""
    rows = int(words[0]) if words else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        found = [measured(path, rows, COLUMNS, kind, ROUNDS) for kind in KINDS]
        if not words:
            found.append(measured(path, *LARGE, 1))
    outcome.keep("workbooks", {"rows": rows, "columns": COLUMNS, "rounds": ROUNDS}, found)
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
