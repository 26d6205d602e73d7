"""Build one report: clean, execute, write the workbook and the results, render, put into place."""

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from analysis import project
from analysis.errors import DataError, language
from analysis.kinds import Kind, kind
from analysis.run.build import manifest, placing, stale
from analysis.run.build.progress import Progress, silent
from analysis.run.request import FILES, STATUSES, Request

if TYPE_CHECKING:
    from analysis.render import Engine
    from analysis.tell import Report


@dataclass(frozen=True)
class Outcome:
    """What became of a request: where its files lie, whether they were built, and by which engine ("" if not)."""

    folder: Path
    files: tuple[str, ...]
    state: Literal["built", "unchanged"]
    seconds: float
    engine: str


def is_current(request: Request) -> bool:
    """Tell whether the report of `request` lies there as it would be built."""
    return _holds(request, _key(request))


def _holds(request: Request, key: str) -> bool:
    return stale.state(request.folder).holds(request.folder, key, request.files)


def build(request: Request, progress: Progress = silent) -> Outcome:
    """Bring the report of `request` up to date and return what became of it.

    Raises JunhengError where it can't be built; then everything lies as it lay before.
    """
    begun, key = time.monotonic(), _key(request)
    if _holds(request, key):
        placing.refresh(request.folder)
        return Outcome(request.folder, request.files, "unchanged", time.monotonic() - begun, "")
    placing.check(request.folder)
    from analysis.render import pick

    engine = pick(request.engine)
    with tempfile.TemporaryDirectory(prefix="junheng-") as work:
        _make(request, engine, Path(work), progress)
        placing.put(Path(work), request, key, told_of(request, kind_of(request)))
    called = f"{engine.name} ({engine.version})"
    return Outcome(request.folder, request.files, "built", time.monotonic() - begun, called)


def _key(request: Request) -> str:
    return stale.key(request, engine_key(request.engine))


def engine_key(asked: str) -> str:
    """Return what of the engine belongs to the key; versions of the embedded one are among the packages' already."""
    if asked == "embedded" or (asked == "auto" and shutil.which("quarto") is None):
        return "embedded"
    from analysis.render import pick

    engine = pick(asked)
    return f"{engine.name} {engine.version}"


def _make(request: Request, engine: "Engine", work: Path, progress: Progress) -> None:
    """Write all files of a report into `work`: the whole way of a county from its raw statistics, room by room.

    raw statistics --read, clean--> tables --measure, judge--> findings     kept in data/processed
    findings --tell--> cells of the notebook --render--> documents          tell there, from what is kept; render here
    findings --tell--> report --render--> results.json and the workbook     there, by the same report (run.build.tables)
    """
    from analysis.render import render
    from analysis.run.build import tables, titles
    from analysis.run.build.cell_client import Child
    from analysis.run.build.execute import execute, kernel

    source = project.notebooks() / kind_of(request).notebook
    notebook, words = work / "report.ipynb", words_of(request)
    # Before Polars begins, so that a child can be forked; a kernel starts while the data are cleaned.
    with kernel(source.parent) as manager, ThreadPoolExecutor(1) as beside:
        progress("step_clean")
        report = _report_of(request, words)
        about = titles.meta(report)
        if not isinstance(manager, Child):
            written = beside.submit(tables.write, report, request.formats, work)
        executed = execute(
            source,
            words,
            notebook,
            manager,
            on_cell=lambda cell, of: progress("step_execute", cell / of / 2),
            finish=lambda executed: titles.finish(executed, about),
        )
        if isinstance(manager, Child):
            written = beside.submit(tables.write_there, manager, source, report, request.formats, work)
        progress("step_render", 0.5)
        documents = [each for each in request.formats if each != "xlsx"]
        for name, path in render(executed, work, documents, engine, about).items():
            path.replace(work / FILES[name])
        written.result()


def kind_of(request: Request) -> Kind:
    """Return the kind of a county's report."""
    return kind("published" if request.published else "county")


def told_of(request: Request, kind: Kind | str, **own: str) -> dict[str, Any]:
    """Return what the manifest tells of documents of a kind on a county; `own` are parameters of the kind alone."""
    county = request.county
    named = county.name(request.lang)
    return manifest.about(
        request, request.year, kind, county.code, named, [county.code], stale.filled_in(request), **own
    )


def _report_of(request: Request, words: dict[str, Any]) -> "Report":
    """Return the report of a request: read, cleaned, measured and judged where that is not kept, and kept then."""
    from analysis.judge.cached import open_county
    from analysis.tell import open_published
    from analysis.tell.documents.opening import of_county

    if request.published:
        return open_published(**words)
    processed, plan = project.processed(request.data), words["plan"]
    records, judged = open_county(request.catalogue, request.county.code, processed, words["standard"], plan)
    if request.year not in records.schools["year"]:
        named = request.county.name(language())
        raise DataError("no_school_left", county=named, year=request.year, code=request.county.code)
    how = {name: value for name, value in words.items() if name not in ("county", "data", "processed")}
    return of_county(request.catalogue, request.county, records, judged, **how)


def words_of(request: Request) -> dict[str, Any]:
    """Return the notebook's parameters; the default folder of statistics is not named: its path is of one machine."""
    if request.published:
        place = {} if request.data == project.raw() else {"data": str(request.data.resolve())}
        shared = {"audience": request.audience, "lang": request.lang}
        return {"county": request.county.code, "year": request.year, **shared, **place, **_signing(request)}
    return {
        "county": request.county.code,
        "year": request.year,
        "standard": _seen_from_anywhere(request.standard),
        "plan": _seen_from_anywhere(request.plan) or None,
        "audience": request.audience,
        "lang": request.lang,
        **(
            {}
            if request.data == project.raw()
            else {"data": str(request.data.resolve()), "processed": str(project.processed(request.data))}
        ),
        **_signing(request),
    }


def _signing(request: Request) -> dict[str, str]:
    """Return status and date of signing where they are given: sheets beside a report know neither."""
    return (
        {} if (request.status, request.date) == (STATUSES[0], "") else {"status": request.status, "date": request.date}
    )


def _seen_from_anywhere(standard: str) -> str:
    """Return an id as it is, and the path of a user's own file so that the notebook finds it from its folder."""
    return str(Path(standard).resolve()) if standard.endswith((".yml", ".yaml")) else standard
