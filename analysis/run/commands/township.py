"""The report on the schools of one township, for someone at a terminal."""

from analysis import project
from analysis.errors import language
from analysis.kinds import kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, build, formats_of, opening
from analysis.run.commands.file_names import portable
from analysis.run.request import resolve

KIND = kind("township")


def run(county: str, township: str, year: str, words: dict[str, str]) -> str:
    """Bring the report on a township (name or a unique beginning of it) up to date and return what to say.

    Words as in run.request.options. Raises RequestError for a county, year or township that is not there, and what
    run.build.documents raises.
    """
    from analysis.clean import clean_county
    from analysis.tell import open_report
    from analysis.tell.documents.township.township import township_named

    request = resolve(county, year, **(words | {"formats": formats_of(KIND, words.get("formats", ""))}))
    placing.check(request.folder)
    records = clean_county(request.catalogue, request.county.code, project.processed(request.data))
    name = township_named(township, records, request.year, request.county.name(language()))
    sheet = Sheet(request, KIND, portable(name), {"township": name}, lambda case: case.township_in_full(name))
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        documents = build([sheet], lambda: open_report(**opening(request)), show)
    return documents.sentence()
