"""The form of a region's review, for someone at a terminal."""

import sys
import tempfile
from pathlib import Path

from analysis import project, storage
from analysis.errors import message
from analysis.kinds import kind
from analysis.run.build import placing, stale
from analysis.run.build.documents import titled
from analysis.run.build.forms import template_of
from analysis.run.build.placing import near
from analysis.run.build.progress import Progress, shown
from analysis.run.commands import region as of_region
from analysis.run.commands.region import Asked

KIND = kind("review")
FILE = f"{KIND.id}.docx"
STATE = f".{KIND.id}{stale.STATE}"


def run(region: str, year: str, words: dict[str, str]) -> int:
    """Bring the form up to date, print what became of it, and return the exit code.

    Words as in run.request.options. 0 where all is there, 1 where a county could not be read: it is listed. A form that
    someone changed is left where nothing else changed, else set aside (run.build.placing). Raises RequestError for an
    unknown region or year, and for a template of one's own that can't be understood.
    """
    asked = of_region.resolve(region, year, words | {"formats": "docx"})
    own = template_of(asked.data, KIND.id, asked.lang)
    text = storage.digest_of_file(own) if own else ""
    key = f"{of_region.key_of(asked)} {KIND.id} {text}"
    target = asked.folder / FILE
    if target.is_file() and stale.state(asked.folder, STATE).key == key:
        sys.stdout.write(message("form_unchanged", file=near(target)) + "\n")
        return 0
    placing.check(asked.folder)
    with (
        shown(f"{asked.region.name(asked.lang)} {asked.year}") as show,
        tempfile.TemporaryDirectory(prefix="junheng-") as work,
    ):
        failed = _make(asked, Path(work), own, show)
        # What lacks a county is no form to keep: it is built again until the county can be read.
        about = of_region.told_of(asked, KIND)
        placing.put_files(Path(work), asked.folder, [FILE], (), f"{key} without" if failed else key, STATE, about)
    sys.stdout.write(message("form_built", file=near(target)) + "\n")
    for county, fault in failed:
        sys.stderr.write(message("region_lacks", county=county, reason=fault) + "\n")
    return 1 if failed else 0


def _make(asked: Asked, work: Path, own: Path | None, progress: Progress) -> list[tuple[str, str]]:
    """Write the form into `work`; return the counties that could not be read, with their faults."""
    from analysis.render import pick, render
    from analysis.run.build import titles
    from analysis.run.build.execute import execute, kernel
    from analysis.tell.documents.review import ReviewForm

    engine, notebook = pick(asked.engine), work / f"{KIND.id}.ipynb"
    with kernel(project.notebooks()) as manager:
        progress("step_gather", 0.1)
        gathered, report = of_region.gathered(asked, lambda done, of: None)
        gathered.write(work / "gathered")
        template = str(own.resolve()) if own else ""
        if own:  # what is wrong with it is told before anything is built
            ReviewForm(region=report, template=template).text()
        about = titled(titles.meta(report.base), KIND, report.base, name=report.base.name)
        words = of_region.notebook_words(asked, work) | {"template": template}
        words.pop("audience")
        execute(
            project.notebooks() / KIND.notebook, words, notebook, manager,
            finish=lambda executed: titles.finish(executed, about),
        )  # fmt: skip
    render(notebook, work, asked.formats, engine, about, stem=KIND.id)
    return gathered.failed
