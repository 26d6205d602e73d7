"""The report on one subject of a county, for someone at a terminal."""

from analysis.errors import RequestError
from analysis.kinds import kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, build, formats_of, opening
from analysis.run.request import resolve

KIND = kind("subject")


def run(county: str, subject: str, year: str, words: dict[str, str]) -> str:
    """Bring the report on a subject (id or name) up to date and return what to say.

    Words as in run.request.options. Raises RequestError for a county or subject of which there is nothing, and what
    run.build.documents raises.
    """
    from analysis.tell.documents.subject import open_subject, subject_id

    if not subject.strip():
        raise RequestError("subject_missing")
    formats = formats_of(KIND, words.get("formats", ""))
    request = resolve(county, year, **(words | {"formats": formats}))
    known, own = subject_id(subject), opening(request)
    placing.check(request.folder)
    report = open_subject(known, own.pop("county"), **own)
    sheet = Sheet(request, KIND, known, {"subject": known}, lambda case: case.word("subjects", known))
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        documents = build([sheet], lambda: report.case, show)
    return documents.sentence()
