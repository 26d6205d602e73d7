"""One report for someone at a terminal: progress while it is built, one line when it is there."""

from analysis.errors import message
from analysis.run.build import manifest, progress
from analysis.run.build.placing import near
from analysis.run.build.report import build
from analysis.run.request import resolve


def run(county: str, year: str, words: dict[str, str]) -> str:
    """Bring a county's report up to date and return the line that says where it lies and what it took.

    Words as in run.request.resolve; raises RequestError and DataError as that and run.build.report.build do.
    """
    request = resolve(county, year, **words)
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        outcome = build(request, show)
    return message(
        f"report_{outcome.state}",
        folder=near(outcome.folder),
        files=", ".join(outcome.files),
        seconds=f"{outcome.seconds:.1f}",
        engine=outcome.engine,
        digest=manifest.digest(outcome.folder),
    )
