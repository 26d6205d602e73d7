"""Short documents beside a county's report, one notebook each: sheets of schools, reports on subjects."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import project
from analysis.errors import RequestError, message
from analysis.kinds import Kind
from analysis.run.build import manifest, placing, stale
from analysis.run.build.placing import near
from analysis.run.build.progress import Progress, silent
from analysis.run.build.report import engine_key, told_of, words_of
from analysis.run.request import DRAFT, STATUSES, Request

if TYPE_CHECKING:
    from analysis.render import Engine, Meta
    from analysis.run.build.execute import Kernel
    from analysis.tell.case.case import Case
    from analysis.tell.case.setting import Setting


@dataclass(frozen=True)
class Sheet:
    """One document: `name` is that of its files, `words` are parameters of its notebook alone, `called` its name."""

    request: Request
    kind: Kind
    name: str
    words: dict[str, str]
    called: Callable[["Case"], str]

    @property
    def folder(self) -> Path:
        """Return the folder of the sheet's files: the report's own where there is one sheet of its kind."""
        return self.request.folder / self.kind.folder

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the sheet's files."""
        return tuple(f"{self.name}.{each}" for each in self.request.formats)

    @property
    def state(self) -> str:
        """Return the name of the file that holds the sheet's key."""
        return f".{self.name}{stale.STATE}"


@dataclass(frozen=True)
class Built:
    """What became of some sheets: how many were built and how many were current; by which engine ("" if none)."""

    folder: Path
    files: tuple[str, ...]
    built: int
    unchanged: int
    seconds: float
    engine: str

    def sentence(self, files: str = "") -> str:
        """Return what became of them in one sentence; `files` says in a word what would be too long a list."""
        return message(
            "sheets_made",
            folder=near(self.folder),
            files=files or ", ".join(self.files),
            built=self.built,
            unchanged=self.unchanged,
            seconds=f"{self.seconds:.1f}",
            digest=manifest.digest(self.folder),
        )


def formats_of(kind: Kind, formats: str) -> str:
    """Return the formats asked for, all of a kind where none is; RequestError for what the kind does not come in."""
    asked = [word.strip().lower() for word in formats.split(",") if word.strip()]
    for word in asked:
        if word not in kind.formats:
            raise RequestError("option_unknown", option="formats", value=word, known=", ".join(kind.formats))
    return ",".join(asked or kind.formats)


def build(sheets: Sequence[Sheet], report: "Callable[[], Case]", progress: Progress = silent) -> Built:
    """Bring sheets of one county and year up to date and return what became of them.

    `report` opens the report whose names the titles bear; it is called only where something is to be built. Raises
    JunhengError where a sheet can't be built; those before it lie there whole.
    """
    begun = time.monotonic()
    engine = engine_key(sheets[0].request.engine)
    keys = {sheet.name: f"{stale.key(sheet.request, engine)} {sheet.kind.id} {sheet.name}" for sheet in sheets}
    due = [
        sheet
        for sheet in sheets
        if not stale.state(sheet.folder, sheet.state).holds(sheet.folder, keys[sheet.name], sheet.files)
    ]
    reason = ""
    if due:
        placing.check(due[0].folder)
        reason = _build(due, keys, report, progress)
    else:
        placing.refresh(sheets[0].folder)
    files = tuple(file for sheet in sheets for file in sheet.files)
    return Built(sheets[0].folder, files, len(due), len(sheets) - len(due), time.monotonic() - begun, reason)


def _build(due: list[Sheet], keys: dict[str, str], open_case: "Callable[[], Case]", progress: Progress) -> str:
    from analysis.render import pick
    from analysis.run.build.execute import kernel

    engine = pick(due[0].request.engine)
    # One kernel runs the notebook of all sheets, one after the other; each run sets all that it uses.
    with kernel(project.notebooks()) as manager:
        report = open_case()
        for number, sheet in enumerate(due):
            progress("step_sheets", number / len(due))
            with tempfile.TemporaryDirectory(prefix="junheng-") as work:
                make(sheet, meta(sheet, report), engine, manager, Path(work))
                known = [f"{sheet.name}.{each}" for each in sheet.kind.formats]
                placing.put_files(
                    Path(work), sheet.folder, sheet.files, known, keys[sheet.name], sheet.state, sheet_told(sheet)
                )
    return f"{engine.name} ({engine.version})"


def sheet_told(sheet: Sheet) -> dict[str, Any]:
    """Return what the manifest tells of a sheet."""
    own = {name: Path(word).name if name == "template" else word for name, word in sheet.words.items()}
    return told_of(sheet.request, sheet.kind, **own)


def make(sheet: Sheet, about: "Meta", engine: "Engine", manager: "Kernel", work: Path) -> None:
    """Write the files of a sheet into `work`."""
    from analysis.render import render
    from analysis.run.build import titles
    from analysis.run.build.execute import execute

    words = {name: value for name, value in opening(sheet.request).items() if name != "audience" or sheet.kind.public}
    notebook = work / f"{sheet.name}.ipynb"
    source = project.notebooks() / sheet.kind.notebook
    executed = execute(
        source, words | sheet.words, notebook, manager, finish=lambda executed: titles.finish(executed, about)
    )
    render(executed, work, sheet.request.formats, engine, about, stem=sheet.name)


def opening(request: Request) -> dict[str, Any]:
    """Return the words that open the report a sheet draws on: whether it is a draft is for `meta`; none is signed."""
    return words_of(replace(request, status=STATUSES[0], date=""))


def meta(sheet: Sheet, report: "Case") -> "Meta":
    """Return what the documents of a sheet say about themselves: the report's own words, and the titles of its kind."""
    from analysis.run.build import titles

    base = replace(titles.meta(report), draft=sheet.request.status == DRAFT)
    setting: Setting = replace(report, township=sheet.words.get("township", ""))  # a town calls itself no township
    return titled(base, sheet.kind, setting, name=sheet.called(report), code=sheet.name)


def titled(base: "Meta", kind: Kind, setting: "Setting", **facts: Any) -> "Meta":
    """Return what documents of a kind say about themselves, by its titles; `name` is among `facts`."""
    from analysis.tell.facts.titles import titles

    named = titles(setting, kind.id, **facts)
    return replace(
        base,
        title=named.title,
        subtitle=named.subtitle,
        series=named.series,
        keywords=named.keywords,
        brief=base.brief or kind.brief,
    )
