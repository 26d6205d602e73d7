"""The floor: processor time inside the figures, pandoc, Typst and the workbook writer of reports that are built anyway.

Each part is called as a report calls it, in a child forked from a process that has everything imported, with what
comes before it (clean tables, findings, chapters) done and not counted.
"""

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


def of(codes: tuple[str, ...], raw: Path, processed: Path, reports: Path) -> dict[str, list[float]]:
    """Return the seconds of each part, county by county; `reports` holds their executed notebooks."""
    import subprocess

    words = [sys.executable, "-m", "benchmarks.reports.floor", str(raw), str(processed), str(reports), *codes]
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


def main(raw: str, processed: str, reports: str, codes: list[str]) -> None:
    """Print a line of JSON for each county."""
    from analysis.run import warm

    warm.ready("zh", "national-2017")
    for code in codes:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            try:
                print(json.dumps(_one(code, raw, processed, reports)), flush=True)
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
