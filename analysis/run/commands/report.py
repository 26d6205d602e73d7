"""One report for someone at a terminal: progress while it is built, one line when it is there."""

from analysis.errors import message
from analysis.run.build import manifest, progress
from analysis.run.build.placing import near
from analysis.run.build.report import build
from analysis.run.commands import beside_report
from analysis.run.request import resolve


def run(county: str, year: str, words: dict[str, str]) -> str:
    """Bring a county's report up to date and return the lines that say where it lies and what it took.

    Words as in run.request.resolve; raises RequestError and DataError as that and run.build.report.build do.
    """
    formats, with_figures = beside_report.asked(words.get("formats", ""))
    request = resolve(county, year, **(words | {"formats": formats}))
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        outcome = build(request, show)
    built = message(
        f"report_{outcome.state}",
        folder=near(outcome.folder),
        files=", ".join(outcome.files),
        seconds=f"{outcome.seconds:.1f}",
        engine=outcome.engine,
        digest=manifest.digest(outcome.folder),
    )
    figures = [beside_report.figures(outcome.folder)] if with_figures else []
    return "\n".join([built, *figures, *beside_report.hints(outcome.folder, outcome.files, request.county.code)])
