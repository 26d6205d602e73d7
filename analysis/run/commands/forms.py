"""The self-assessment report and the application form of a county, for someone at a terminal."""

from analysis.errors import RequestError
from analysis.kinds import kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, opening
from analysis.run.build.forms import build, with_template
from analysis.run.request import resolve

KINDS = (kind("selfassessment"), kind("application"))


def run(county: str, year: str, words: dict[str, str]) -> str:
    """Bring both up to date and return what to say.

    Words as in run.request.options; `date` is the day of signing. Raises RequestError and DataError as resolve,
    tell.open_report and run.build.forms do, and for a template of one's own that can't be understood.
    """
    from analysis.tell import open_report
    from analysis.tell.documents.forms import Application, SelfAssessment

    request = resolve(county, year, **(words | {"formats": "docx"}))
    if request.published:
        raise RequestError("beside_published", county=request.county.name(request.lang))
    placing.check(request.folder)
    own = {"date": request.date}
    sheets = [with_template(Sheet(request, each, each.id, own, lambda case: case.name)) for each in KINDS]
    report = open_report(**(opening(request) | own))
    for form, sheet in zip((SelfAssessment, Application), sheets, strict=True):
        if sheet.words["template"]:  # what is wrong with it is told before anything is built
            form(report, sheet.words["template"]).text()
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        return "\n".join(build(sheets, lambda: report, show))
