"""Forms that an office goes on with: built where what they rest on changed, never over what someone wrote in them."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import project, storage
from analysis.errors import message
from analysis.run.build import documents, placing, stale
from analysis.run.build.documents import Sheet
from analysis.run.build.placing import near
from analysis.run.build.progress import Progress, silent
from analysis.run.build.report import engine_key

if TYPE_CHECKING:
    from analysis.tell.case.case import Case


def template_of(data: Path, kind: str, lang: str) -> Path | None:
    """Return an office's own template of a kind, in its folder of statistics; None where it has none."""
    path = data / "templates" / f"{kind}.{lang}.md.j2"
    return path if path.is_file() else None


def build(sheets: Sequence[Sheet], report: "Callable[[], Case]", progress: Progress = silent) -> list[str]:
    """Bring forms up to date and return what became of each, a line or two.

    A form is built again where its data, the program or its template changed; one that someone changed is then set
    aside (run.build.placing), and left as it is where nothing else changed. Raises JunhengError where a form can't
    be built.
    """
    engine = engine_key(sheets[0].request.engine)
    keys = {sheet.name: _key(sheet, engine) for sheet in sheets}
    due = [sheet for sheet in sheets if not _current(sheet, keys[sheet.name])]
    lines_of = {sheet.name: [message("form_unchanged", file=near(sheet.folder / sheet.files[0]))] for sheet in sheets}
    if due:
        placing.check(due[0].folder)
        lines_of |= _build(due, keys, report, progress)
    return [line for lines in lines_of.values() for line in lines]


def with_template(sheet: Sheet) -> Sheet:
    """Return a form with the template that it is written by among the words of its notebook."""
    own = template_of(sheet.request.data, sheet.kind.id, sheet.request.lang)
    return replace(sheet, words=sheet.words | {"template": str(own.resolve()) if own else ""})


def _key(sheet: Sheet, engine: str) -> str:
    own = sheet.words.get("template")
    text = storage.digest_of_file(Path(own)) if own else ""
    return f"{stale.key(sheet.request, engine)} {sheet.kind.id} {text}"


def _current(sheet: Sheet, key: str) -> bool:
    """Return whether a form was built from `key` and is still there, whatever someone wrote in it."""
    there = all((sheet.folder / name).is_file() for name in sheet.files)
    return there and stale.state(sheet.folder, sheet.state).key == key


def _build(
    due: Sequence[Sheet], keys: dict[str, str], open_case: "Callable[[], Case]", progress: Progress
) -> dict[str, list[str]]:
    from analysis.render import pick
    from analysis.run.build.execute import kernel

    engine, lines_of = pick(due[0].request.engine), {}
    with kernel(project.notebooks()) as manager:
        report = open_case()
        for number, sheet in enumerate(due):
            progress("step_sheets", number / len(due))
            with tempfile.TemporaryDirectory(prefix="junheng-") as work:
                documents.make(sheet, documents.meta(sheet, report), engine, manager, Path(work))
                about = documents.sheet_told(sheet)
                placing.put_files(Path(work), sheet.folder, sheet.files, (), keys[sheet.name], sheet.state, about)
            lines_of[sheet.name] = [message("form_built", file=near(sheet.folder / name)) for name in sheet.files]
    return lines_of
