"""What reading an XLSX workbook costs beside fastexcel alone: `python -m benchmarks.clean.workbooks [rows]`.

Both read the same bytes in turns, each in its best of several rounds; the ratio is what is kept.
"""

import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import fastexcel
import numpy as np
import xlsxwriter

from analysis.read import grid

RESULTS = Path(__file__).parents[1] / "results" / "workbooks.json"
ROWS, NUMBERS, ROUNDS = 20_000, 18, 3
#: Kinds of workbook: the number format of its numbers, and whether one column holds formulas.
KINDS = {
    "plain": ("General", False),
    "two decimals": ("0.00", False),
    "percent": ("0.0%", False),
    "formulas": ("General", True),
}


def written(rows: int, code: str, formulas: bool) -> bytes:
    stream = io.BytesIO()
    values = np.random.default_rng(1).uniform(0, 1000, (rows, NUMBERS)).round(3)
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page, shape = book.add_worksheet(), book.add_format({"num_format": code})
        for number, row in enumerate(values.tolist()):
            page.write_row(number, 0, [f"99{number:08}", f"第{number}小学"])
            for column, value in enumerate(row, start=2):
                page.write_number(number, column, value, shape if code != "General" else None)
            if formulas:
                page.write_formula(number, NUMBERS + 2, f"=C{number + 1}+1", None, row[0] + 1)
    return stream.getvalue()


def best(rounds: int, *each: Callable[[], object]) -> list[float]:
    seconds = [float("inf")] * len(each)
    for _ in range(rounds):
        for place, run in enumerate(each):
            started = time.process_time()
            run()
            seconds[place] = min(seconds[place], time.process_time() - started)
    return seconds


def main(words: list[str]) -> int:
    rows = int(words[0]) if words else ROWS
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        for name, (code, formulas) in KINDS.items():
            content = written(rows, code, formulas)
            path.write_bytes(content)

            def alone(content: bytes = content) -> object:
                return fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars()

            peer, ours = best(ROUNDS, alone, lambda: grid.read(path, "a.xlsx"))
            found[name] = {"fastexcel": peer, "junheng": ours, "ratio": ours / peer}
            print(f"{name:14} fastexcel {peer:.2f} s  junheng {ours:.2f} s  ratio {ours / peer:.2f}", flush=True)
    RESULTS.write_text(
        json.dumps({"rows": rows, "columns": NUMBERS + 2, "kinds": found}, indent=1) + "\n", encoding="utf-8"
    )
    return 0 if all(one["ratio"] <= 4 for one in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
