"""The sheet of one school, or of all schools of a county, for someone at a terminal."""

from typing import TYPE_CHECKING

from analysis import project, sources
from analysis.errors import RequestError, message
from analysis.kinds import kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, build, formats_of, opening
from analysis.run.commands.file_names import portable
from analysis.run.request import Options, Request, options, request_of

if TYPE_CHECKING:
    from analysis.clean import Records
    from analysis.tell.case.case import Case

KIND = kind("school")


def run(school: str, county: str, year: str, words: dict[str, str]) -> str:
    """Bring the sheet of a school up to date (of all schools of a county where `school` is empty); return what to say.

    Words as in run.request.options. Raises RequestError for a school or county that is not there, and what
    run.build.documents raises.
    """
    words = words | {"data": str(sources.folder_of(words.get("data"), county or school))}
    asked = options(**(words | {"formats": formats_of(KIND, words.get("formats", ""))}))
    if not school.strip() and not county.strip():
        raise RequestError("school_missing")
    placing.check(asked.out)
    request, codes = _found(asked, school.strip(), county.strip(), year)
    sheets = [_sheet(request, code) for code in codes]
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        documents = build(sheets, lambda: _report(request), show)
    return documents.sentence("" if len(sheets) == 1 else message("sheets_of_schools", number=len(sheets)))


def _sheet(request: Request, code: str) -> Sheet:
    return Sheet(request, KIND, portable(code), {"school": code}, lambda case: case.school(code))


def _records(asked: Options, county: sources.County) -> "Records":
    from analysis.clean import clean_county

    return clean_county(asked.catalogue, county.code, project.processed(asked.data))


def _report(request: Request) -> "Case":
    from analysis.tell import open_report

    return open_report(**opening(request))


def _found(asked: Options, school: str, county: str, year: str) -> tuple[Request, list[str]]:
    """Return the request of the school's county and the codes of the schools that are meant."""
    from analysis.tell.documents.school import nearest, schools

    catalogue = asked.catalogue
    if county:
        searched = [sources.find_county(catalogue, county)]
    else:
        with_data = [county for code, county in sorted(catalogue.counties.items()) if catalogue.years(code)]
        # The code of a school mostly begins with that of its county; where it doesn't, all are searched.
        searched = sorted(with_data, key=lambda pair: not school.startswith(pair.code))
    seen: dict[str, str] = {}
    for searched_county in searched:
        request = (
            request_of(asked, searched_county, year)
            if county or year.strip() in ("", *map(str, catalogue.years(searched_county.code)))
            else None
        )
        if request is None:
            continue
        known = schools(_records(asked, searched_county), request.year)
        if not school:
            return request, list(known)
        codes = [code for code, name in known.items() if school in (code, name)]
        if len(codes) == 1:
            return request, codes
        seen |= known
    raise RequestError("school_unknown", school=sources.shown(school), names=nearest(school, seen))
