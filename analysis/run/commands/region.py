"""The report on a province or city, for someone at a terminal: gathered county by county, built where it changed."""

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import project, regions, sources
from analysis.errors import JunhengError, RequestError, message
from analysis.kinds import Kind, kind
from analysis.plaintext import is_digits
from analysis.regions import Region
from analysis.run.build import manifest, placing, site, stale
from analysis.run.build.documents import titled
from analysis.run.build.placing import near
from analysis.run.build.progress import Progress, shown
from analysis.run.build.report import engine_key
from analysis.run.request import DRAFT, Options, Request, options

if TYPE_CHECKING:
    from analysis.render import Engine, Meta
    from analysis.tell.documents.region import Gathered, RegionReport

KIND = kind("region")
#: Formats of the report and the file of each; the last two are views of what was gathered.
FILES = {"html": "region.html", "pdf": "region.pdf", "docx": "region.docx", "xlsx": "region.xlsx"}
RESULTS = "results.json"
#: The page over all reports: where there is one, it learns of the region.
PAGE = "index.html"
#: Steps of the progress that gathering takes.
GATHERED = 0.6


@dataclass(frozen=True)
class Asked(Options):
    """A region and a year, with the options of its report."""

    region: Region
    year: int

    @property
    def folder(self) -> Path:
        """Return the folder of the report's files."""
        final = self.out / "regions" / self.region.code / str(self.year) / self.variant
        return final / DRAFT if self.status == DRAFT else final

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the files that the report has."""
        return (*(FILES[each] for each in self.formats), RESULTS)


def run(region: str, year: str, words: dict[str, str]) -> int:
    """Bring a region's report up to date, print where it lies, and return the exit code.

    Words as in run.request.options. 0 where all is there, 1 where a county could not be read: it is listed, and the
    report is built of the others. Raises RequestError for an unknown region or year, and what building raises.
    """
    asked = resolve(region, year, words)
    begun = time.monotonic()
    key = key_of(asked)
    if stale.state(asked.folder).holds(asked.folder, key, asked.files):
        placing.refresh(asked.folder)
        _say("region_unchanged", asked, begun)
        return 0
    placing.check(asked.folder)
    with (
        shown(f"{asked.region.name(asked.lang)} {asked.year}") as show,
        tempfile.TemporaryDirectory(prefix="junheng-") as work,
    ):
        failed = _make(asked, Path(work), show)
        # What lacks a county is no report to keep: it is built again until the county can be read.
        placing.put_files(
            Path(work),
            asked.folder,
            asked.files,
            FILES.values(),
            f"{key} without" if failed else key,
            stale.STATE,
            told_of(asked, KIND),
        )
    _say("region_built", asked, begun)
    if not asked.variant and (asked.out / PAGE).is_file():
        site.update(asked.out, asked.lang, asked.audience)
    for county, fault in failed:
        sys.stderr.write(message("region_lacks", county=county, reason=fault) + "\n")
    return 1 if failed else 0


def _say(key: str, asked: Asked, begun: float) -> None:
    said = message(
        key,
        folder=near(asked.folder),
        files=", ".join(asked.files),
        seconds=f"{time.monotonic() - begun:.1f}",
        digest=manifest.digest(asked.folder),
    )
    sys.stdout.write(said + "\n")


def resolve(region: str, year: str, words: dict[str, str]) -> Asked:
    """Return the request that a region, a year and the words of `options` mean; RequestError where they mean none."""
    if not region.strip():
        raise RequestError("region_missing")
    words = words | {"data": str(sources.folder_of(words.get("data"), region))}
    asked = options(**(words | {"standard": words.get("standard", "") or _framework(words.get("plan", ""))}))
    found_region = regions.find_region(asked.catalogue, region)
    if year.strip() and not is_digits(year.strip()):
        raise RequestError("option_unknown", option="year", value=sources.shown(year), known="2024, …")
    when = regions.year_of(asked.catalogue, found_region, int(year) if year.strip() else None)
    return Asked(**{each.name: getattr(asked, each.name) for each in fields(Options)}, region=found_region, year=when)


def _framework(plan: str) -> str:
    """Return the framework that a plan is laid over: by it its region is judged where nothing else is asked for."""
    from analysis.standards import plan as laid

    return laid(plan).framework if plan else ""


def key_of(asked: Asked) -> str:
    """Return the SHA-256 of all that the report is made from: what each county's report is made from, and the names."""
    engine = engine_key(asked.engine)
    digest = hashlib.sha256(stale.shared().encode())
    shared = {each.name: getattr(asked, each.name) for each in fields(Options)}
    content: list[Any] = [asked.region.code, asked.region.zh, asked.region.en, asked.catalogue.cities]
    for county in asked.region.counties:
        try:
            content.append(stale.key(Request(**shared, county=county, year=asked.year), engine))
        except JunhengError as fault:  # a file that can't be opened is told when the county is gathered
            content.append([county.code, str(fault)])
    digest.update(json.dumps(content, sort_keys=True).encode())
    return digest.hexdigest()


def told_of(asked: Asked, kind: Kind) -> dict[str, Any]:
    """Return what the manifest tells of documents of a kind on a region."""
    counties = [county.code for county in asked.region.counties]
    return manifest.about(asked, asked.year, kind, asked.region.code, asked.region.name(asked.lang), counties)


def _make(asked: Asked, work: Path, progress: Progress) -> list[tuple[str, str]]:
    """Write all files of the report into `work`; return the counties that could not be read, with their faults."""
    from analysis.render import pick
    from analysis.render import region as beside
    from analysis.run.build import titles
    from analysis.run.build.execute import execute, kernel

    engine = pick(asked.engine)
    notebook = work / "region.ipynb"
    with kernel(project.notebooks()) as manager:  # it starts while the counties are read
        kept, report = gathered(asked, lambda done, of: progress("step_gather", GATHERED * done / of))
        kept.write(work / "gathered")
        about = _meta(report)
        beside.write_results(report, work / RESULTS)
        if "xlsx" in asked.formats:
            beside.write_workbook(report, work / FILES["xlsx"], about)
        source = project.notebooks() / KIND.notebook
        execute(
            source,
            notebook_words(asked, work),
            notebook,
            manager,
            finish=lambda executed: titles.finish(executed, about),
        )
    progress("step_render", 0.8)
    _documents(asked, notebook, work, engine, about)
    return kept.failed


def gathered(asked: Asked, tick: Callable[[int, int], None]) -> "tuple[Gathered, RegionReport]":
    """Return what a region's report rests on, and the report; `tick` hears how many counties are done, of how many."""
    from analysis.tell.documents.region import gather, of_gathered
    from analysis.tell.documents.region.opening import province_of

    kept = gather(
        asked.catalogue, asked.region, asked.year, asked.standard, asked.lang, project.processed(asked.data), tick,
        asked.plan,
    )  # fmt: skip
    report = of_gathered(
        asked.region, kept, asked.year, standard=asked.standard, audience=asked.audience, lang=asked.lang,
        province=province_of(asked.catalogue, asked.region), status=asked.status, plan=asked.plan,
    )  # fmt: skip
    return kept, report


def _documents(asked: Asked, notebook: Path, work: Path, engine: "Engine", about: "Meta") -> None:
    from analysis.render import render

    render(notebook, work, [each for each in asked.formats if each != "xlsx"], engine, about, stem="region")


def notebook_words(asked: Asked, work: Path) -> dict[str, Any]:
    """Return the parameters of the notebook."""
    return {
        "region": asked.region.code,
        "year": asked.year,
        "standard": _seen(asked.standard),
        "audience": asked.audience,
        "lang": asked.lang,
        "plan": _seen(asked.plan) or None,
        "data": str(asked.data.resolve()),
        "gathered": str(work / "gathered"),
    }


def _seen(name: str) -> str:
    """Return a standard or plan as a process elsewhere finds it: a file of one's own by its whole path."""
    return str(Path(name).resolve()) if name.endswith((".yml", ".yaml")) else name


def _meta(report: "RegionReport") -> "Meta":
    from analysis.run.build import titles

    return titled(titles.meta(report.base), KIND, report.base, name=report.base.name, number=len(report.counties))
