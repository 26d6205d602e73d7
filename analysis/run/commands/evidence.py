"""The evidence register of a county: what people fill in is written once, then only read; the register beside the
report is written anew."""

import tempfile
from pathlib import Path

from analysis import sources, storage
from analysis.errors import RequestError, message
from analysis.read.register import path_of
from analysis.render.register import write, write_form
from analysis.run.build import placing, stale, titles
from analysis.run.build.documents import opening
from analysis.run.build.placing import near
from analysis.run.build.report import told_of
from analysis.run.request import resolve
from analysis.tell import open_report
from analysis.tell.facts.register import lost, register_of

#: The register, beside the county's report.
REGISTER = "evidence.xlsx"


def run(county: str, year: str, words: dict[str, str]) -> str:
    """Write the workbook to fill in where there is none, and the register with the schools' folders; return what to
    say, one line each.

    Words as in run.request.options. What someone changed in the register is set aside (run.build.placing). Raises
    RequestError and DataError as resolve and tell.open_report do.
    """
    request = resolve(county, year, **words)
    if request.published:
        raise RequestError("evidence_published", county=request.county.name(request.lang))
    placing.check(request.folder)
    report = open_report(**opening(request))
    form = path_of(sources.filled_folder(request.data, request.county), request.county.code, request.year)
    number = report.papers.height
    if not form.exists():
        write_form(report, form)
        lines = [message("evidence_written", file=near(form), number=len(register_of(report)))]
    else:
        gone = ", ".join(lost(report))
        lines = [message("evidence_lost" if gone else "evidence_kept", file=near(form), number=number, lost=gone)]
    target = request.folder / REGISTER
    with tempfile.TemporaryDirectory(prefix="junheng-") as work:
        write(report, Path(work) / REGISTER, titles.meta(report))
        key = storage.digest_of_file(Path(work) / REGISTER)
        about = told_of(request, target.stem)
        placing.put_files(Path(work), request.folder, [REGISTER], (), key, f".{target.stem}{stale.STATE}", about)
    papers = register_of(report)
    lack, unfinished = sum(paper.lacks for paper in papers), sum(bool(paper.missing) for paper in papers)
    lines.append(message("evidence_register", file=near(target), items=len(papers), lack=lack, open=unfinished))
    return "\n".join(lines)
