"""The floor: processor time inside the figures, pandoc, Typst and the workbook writer of reports that are built anyway.

Each part is called as a report calls it, in a child forked from a process that has everything imported, with what
comes before it (clean tables, findings, chapters, tables) done and not counted; as many children at once as reports are
built, for they contend for the same caches.
"""

import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.processor import SINGLE, used

PARTS = ("figures", "pandoc", "typst", "workbook")
CHAPTERS = ("conclusion", "resources", "quality")
FIGURES = ("schools", "trends", "levels", "rates", "effects", "overview")


def of(codes: tuple[str, ...], raw: Path, processed: Path, reports: Path, jobs: int) -> dict[str, list[float]]:
    """Return the seconds of each part, county by county as they end, `jobs` at once; `reports` holds their executed
    notebooks.
    """
    import subprocess

    places = [str(jobs), str(raw), str(processed), str(reports)]
    words = [sys.executable, "-m", "benchmarks.reports.floor", *places, *codes]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env={**os.environ, **SINGLE})
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {part: [row[part] for row in rows] for part in PARTS}


class _Meter:
    """Wraps a function so that what it spends is added to a part."""

    def __init__(self, spent: dict[str, float], part: str, work: Callable[..., Any]) -> None:
        self._spent, self._part, self._work = spent, part, work

    def __call__(self, *words: Any, **named: Any) -> Any:
        before = used()
        made = self._work(*words, **named)
        self._spent[self._part] += used() - before
        return made


def _one(code: str, raw: str, processed: str, reports: str) -> dict[str, float]:
    from analysis.render import annex, embedded, pandoc, pdf
    from analysis.render.document import read
    from analysis.run import front
    from analysis.tell import open_report

    spent = dict.fromkeys(PARTS, 0.0)
    report = open_report(code, data=raw, processed=processed)
    about = front.meta(report)
    for name in CHAPTERS:  # what figures share with chapters is no part of them
        report.chapter(name)
    tables = {name: report.table(name) for name in (annex.FIRST, *annex.TABLES)}  # nor is what the workbook holds
    object.__setattr__(report, "table", tables.__getitem__)
    for name in FIGURES:
        figure = report.figure(name)
        if figure is not None:
            _Meter(spent, "figures", figure._repr_mimebundle_)()
    pandoc.convert = _Meter(spent, "pandoc", pandoc.convert)
    pdf.write = _Meter(spent, "typst", pdf.write)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _Meter(spent, "workbook", annex.write)(report, folder / "annex.xlsx", about)
        document = read(next(Path(reports).glob(f"{code}/*/report.ipynb")))
        document.write_figures(folder)
        work = embedded._Work(document, about, folder, embedded._parsed(document, about, folder))
        for make in embedded.MAKERS.values():
            make(work)
    return spent


def main(jobs: int, raw: str, processed: str, reports: str, codes: list[str]) -> None:
    """Print a line of JSON for each county, `jobs` at once."""
    from analysis.run import warm

    warm.ready("zh", "national-2017")
    for number, code in enumerate(codes):
        if number >= jobs:
            os.wait()
        sys.stdout.flush()
        if not os.fork():
            gc.disable()  # as in a report's child
            try:
                print(json.dumps(_one(code, raw, processed, reports)), flush=True)
            finally:
                os._exit(0)
    for _ in codes[:jobs]:
        os.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5], sys.argv[5:])
