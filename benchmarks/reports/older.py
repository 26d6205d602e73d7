"""Reports against an older commit: `python -m benchmarks.reports.older [--commit a1b8322] [--counties 8] [--rounds 3]`.

Both commits take turns on the same raw statistics with the same Python: reports in a batch of one worker, and a single
report of a process that begins cold. Seconds are those of the processor, of the process with all its descendants; what
a batch spends before and after its reports is taken off by a batch of one county. What a report has now and had not
then (the plan of least cost, the forecast, what a verdict hangs on) is told as a line of its own: how long its cells
take. The sizes are those of one sample county's files. The older commit is checked out beside, and taken away again.
Writes benchmarks/results/older.json.
"""

import argparse
import ast
import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import nbformat

from benchmarks import outcome, processor
from benchmarks.outcome import Row
from benchmarks.processor import SINGLE, Spent
from benchmarks.reports import province
from benchmarks.statistics.places import ROOT

COMMIT = "a1b8322"
BATCH, COLD, CLOCK, NEW = 0.5, 0.6, 0.65, 0.5
#: The county whose files are weighed, and what each may weigh of what it did.
WEIGHED, SIZES = "990102", {"report.html": 0.45, "report.docx": 0.4, "report.ipynb": 0.4, "report.pdf": 0.65}
#: What cells show that reports of the older commit had not.
ADDED = ("least_cost", "forecast", "fragile")
FIGURE = "least_cost"
WITHOUT = {
    "report.html": "with all that is new",
    "report.docx": "without the figure that is new",
    "report.ipynb": "without the figure that is new and without traces",
    "report.pdf": "with all that is new",
}


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """Check `commit` out into `folder`; it is no work tree any more when the context ends."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", str(folder), commit], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True, capture_output=True)


def reports(tree: Path, raw: Path, codes: list[str], work: Path) -> Spent:
    """Build reports with what lies in `tree`, from raw statistics that nothing was made of yet."""
    out, data = work / "out", work / "raw"
    for folder in (out, data, work / "processed"):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(raw, data)
    words = ["--data", str(data), "--out", str(out), "--engine", "embedded"]
    how = ["report", codes[0], *words] if len(codes) == 1 else ["reports", "--jobs", "1", *words, "--", ",".join(codes)]
    return processor.command([sys.executable, "-m", "analysis", *how], SINGLE, tree)


def each(tree: Path, raw: Path, codes: list[str], work: Path) -> float:
    """Return seconds of the processor for a report of a batch: what more reports take than two."""
    few, many = (reports(tree, raw, some, work).processor for some in (codes[:2], codes))
    return (many - few) / (len(codes) - 2)


def added(county: str, data: Path) -> float:
    """Return seconds of the processor that the cells of what is new take, in a process that has all imported."""
    from analysis import project

    notebook: Any = nbformat.read(project.notebooks() / "county_report.ipynb", as_version=4)
    names: dict[str, Any] = {}
    spent = 0.0
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        begun = time.process_time()
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"county": county, "data": str(data)}
        shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
        if shown is not None:
            shown._repr_mimebundle_()
        if any(name in cell.source for name in ADDED):
            spent += time.process_time() - begun
    return spent


def weighed(tree: Path, work: Path) -> dict[str, int]:
    """Return the bytes of each document of a county of the sample."""
    out = work / "weighed"
    shutil.rmtree(out, ignore_errors=True)
    words = [sys.executable, "-m", "analysis", "report", WEIGHED, "--engine", "embedded", "--out", str(out)]
    processor.command(words, SINGLE, tree)
    (folder,) = (out / WEIGHED).iterdir()
    return {name: (folder / name).stat().st_size - _new(folder / name) for name in SIZES}


def _new(path: Path) -> int:
    """Return the bytes of what is new in documents that hold it as it is: a figure, and what traces a number."""
    if path.suffix not in (".ipynb", ".docx"):
        return 0
    notebook: Any = nbformat.read(path.with_suffix(".ipynb"), as_version=4)
    drawn = [cell.outputs[0].data for cell in notebook.cells if f'report.figure("{FIGURE}")' in cell.source]
    if path.suffix == ".docx":
        return sum(len(base64.b64decode(data["image/png"])) for data in drawn)
    traced = sum(map(len, re.findall(r' data-f=\\"[^"]*"', path.read_text(encoding="utf-8"))))
    return traced + sum(len(data["image/png"]) + len(json.dumps(data["image/svg+xml"])) for data in drawn)


def measured(commit: str, counties: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Return what both commits spend, round by round."""
    some = province.lay(folder / "province", counties)
    codes, work = list(some.codes), folder / "work"
    told: dict[str, Any] = {"commit": commit, "counties": counties, "batch": [], "cold": []}
    with checked_out(commit, folder / "tree") as tree:
        for _ in range(rounds):
            told["batch"].append([each(place, some.raw, codes, work) for place in (ROOT, tree)])
            single = [reports(place, some.raw, codes[:1], work) for place in (ROOT, tree)]
            told["cold"].append([[spent.processor, spent.seconds] for spent in single])
        told["bytes"] = [weighed(place, work) for place in (ROOT, tree)]
    told["added"] = [added(code, some.raw) for code in codes]
    return told


def rows(told: dict[str, Any]) -> list[Row]:
    """Return the lines of the table."""
    new = median(told["added"])
    batch = [[ours - new, theirs] for ours, theirs in told["batch"]]
    cold = [[ours[0] - new, theirs[0]] for ours, theirs in told["cold"]]
    clock = [[ours[1], theirs[1]] for ours, theirs in told["cold"]]
    made = [
        _row(
            f"processor seconds of a report in a batch ({told['counties']} counties), without what is new", batch, BATCH
        ),
        _row("processor seconds of a single report of a cold process, without what is new", cold, COLD),
        _row("seconds of it by the clock, with what is new", clock, CLOCK),
    ]
    spread = outcome.spread(told["added"])
    made.append(Row("processor seconds of what is new", spread, None, spread, f"<= {NEW}", spread["median"] <= NEW))
    for name, most in SIZES.items():
        pair = [sizes[name] / 1e3 for sizes in told["bytes"]]
        made.append(_row(f"kilobytes of {name} of {WEIGHED}, {WITHOUT[name]}", [pair], most))
    return made


def _row(what: str, pairs: list[list[float]], most: float) -> Row:
    ratio = outcome.spread([ours / theirs for ours, theirs in pairs])
    mine, other = (outcome.spread([pair[place] for pair in pairs]) for place in (0, 1))
    return Row(what, mine, other, ratio, f"<= {most}", ratio["median"] <= most)


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep and print; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commit", default=COMMIT)
    parser.add_argument("--counties", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        told = measured(asked.commit, asked.counties, asked.rounds, Path(temporary))
    made = rows(told)
    outcome.keep("older", told, made)
    return 0 if all(row.holds for row in made) else 1


if __name__ == "__main__":
    sys.exit(main())
