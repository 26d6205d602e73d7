"""The floor: processor time inside the figures, pandoc, Typst and the workbook writer of reports that are built anyway.

Each part is called as a report calls it, in a child forked from a process that has everything imported, with what
comes before it (clean tables, findings, chapters, tables) done and not counted.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from benchmarks.processor import SINGLE, used

Made = TypeVar("Made")

PARTS = ("figures", "pandoc", "typst", "workbook")
CHAPTERS = ("conclusion", "resources", "quality")
FIGURES = ("schools", "trends", "levels", "rates", "effects", "overview")


def beside(
    work: Callable[[], Made], codes: tuple[str, ...], raw: Path, processed: Path, reports: Path
) -> tuple[Made, dict[str, float]]:
    """Measure the floor of counties' reports over and over while `work` is done; return what that gives, and the
    seconds of each part for one report. `reports` holds executed notebooks, `processed` clean tables.
    """
    words = [sys.executable, "-m", "benchmarks.reports.floor", str(raw), str(processed), str(reports), *codes]
    environment = {**os.environ, **SINGLE}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True) as process:
        lines: list[str] = []
        reading = threading.Thread(target=lambda: lines.extend(process.stdout or ()))
        reading.start()
        try:
            made = work()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            reading.join()
    of_county: dict[str, list[dict[str, float]]] = {}
    for line in lines:
        code, spent = json.loads(line)
        of_county.setdefault(code, []).append(spent)
    if len(of_county) < len(codes):
        raise SystemExit(f"the floor of {len(of_county)} reports only was measured beside {len(codes)}")
    means = [{part: fmean(one[part] for one in told) for part in PARTS} for told in of_county.values()]
    return made, {part: fmean(one[part] for one in means) for part in PARTS}


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
    from analysis.run.build import titles
    from analysis.tell import open_report

    spent = dict.fromkeys(PARTS, 0.0)
    report = open_report(code, data=raw, processed=processed)
    about = titles.meta(report)
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
        work = embedded.begun(document, about, folder)
        for make in embedded.MAKERS.values():
            make(work)
    return spent


def main(raw: str, processed: str, reports: str, codes: list[str]) -> None:
    """Print a line of JSON, code and seconds, for one county after the other, from the first again after the last."""
    from analysis.run.processes import forkserver

    forkserver.ready("zh", "national-2017")
    for code in cycle(codes):
        sys.stdout.flush()
        if not os.fork():
            gc.disable()  # as in a report's child
            try:
                print(json.dumps([code, _one(code, raw, processed, reports)]), flush=True)
            finally:
                os._exit(0)
        os.wait()


if __name__ == "__main__":
    raw, processed, reports, *codes = sys.argv[1:]
    main(raw, processed, reports, codes)
