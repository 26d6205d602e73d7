"""A document of an office beside a county's report, for someone at a terminal: deadlines, warnings, a notice."""

from analysis.errors import RequestError
from analysis.kinds import Kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, build, formats_of, opening
from analysis.run.request import resolve


def run(kind: Kind, county: str, year: str, words: dict[str, str]) -> str:
    """Bring the document of a kind up to date and return what to say.

    Words as in run.request.options; `date` is the day from which is told, that of the latest statistics without it.
    Raises RequestError and DataError as resolve, tell.open_report and run.build.documents do.
    """
    from analysis.tell import open_report

    request = resolve(county, year, **(words | {"formats": formats_of(kind, words.get("formats", ""))}))
    if request.published:
        raise RequestError("beside_published", county=request.county.name(request.lang))
    placing.check(request.folder)
    own = {"date": request.date}
    sheet = Sheet(request, kind, kind.id, own, lambda case: case.name)
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        documents = build([sheet], lambda: open_report(**(opening(request) | own)), show)
    return documents.sentence()
