"""The field check of a county: draw the schools once, then judge again with what people entered."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from analysis import ids, sources
from analysis.errors import RequestError, message
from analysis.kinds import kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, build, formats_of, meta, opening
from analysis.run.build.placing import near
from analysis.run.commands.percent import part
from analysis.run.request import Request, resolve

if TYPE_CHECKING:
    from analysis.tell.documents.fieldcheck import FieldCheck

KIND = kind("fieldcheck")


def run(county: str, year: str, drawn: dict[str, str], words: dict[str, str]) -> int:
    """Write the workbook of a field check where there is none; else tell and write what the verdict becomes.

    `drawn` says how schools are drawn: `schools` (how many) or `risk` (of what overstatement), and `seed`. Words as in
    run.request.resolve. The workbook is written once; afterwards it is only read, whatever `drawn` says. Returns 1
    where entries were not used, each told on a line of its own, else 0. Raises RequestError and DataError as resolve,
    tell.open_report and read.fieldcheck do.
    """
    request = resolve(county, year, **(words | {"formats": formats_of(KIND, words.get("formats", ""))}))
    if request.published:
        raise RequestError("fieldcheck_published", county=request.county.name(request.lang))
    number, seed = _whole("SCHOOLS", drawn["schools"], least=1), _whole("SEED", drawn["seed"], least=0)
    risk = part("RISK", drawn["risk"])
    if risk is not None and number is not None:
        raise RequestError("fieldcheck_risk_or_number")
    path = _workbook(request)
    if path.exists():
        placing.check(request.folder)
    check = _opened(request)
    if not path.exists():
        typer.echo(_write(request, check, number if risk is None else risk, seed or 0))
        return 0
    if check.sheet.entries.is_empty():
        typer.echo(message("fieldcheck_empty", file=near(path)))
        return 0
    return _tell(request, check)


def _whole(option: str, text: str, least: int) -> int | None:
    """Return a whole number, None for an empty word; RequestError for anything else."""
    if not text.strip():
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) or int(text) < least:
        raise RequestError("fieldcheck_number", option=option, value=sources.shown(text), least=least)
    return int(text)


def _workbook(request: Request) -> Path:
    from analysis.read.fieldcheck import path_of

    return path_of(sources.filled_folder(request.data, request.county), request.county.code, request.year)


def _opened(request: Request) -> "FieldCheck":
    from analysis.tell.documents.fieldcheck import open_fieldcheck

    return open_fieldcheck(**{name: value for name, value in opening(request).items() if name != "audience"})


def _sheet(request: Request) -> Sheet:
    return Sheet(request, KIND, KIND.id, {}, lambda case: case.name)


def _write(request: Request, check: "FieldCheck", asked: int | float | None, seed: int) -> str:
    """Write the workbook of so many schools, or of those drawn by the risk of an overstatement; return what to say."""
    from analysis.judge.fieldcheck import rules
    from analysis.render.fieldcheck import write
    from analysis.tell.documents.fieldcheck import visit, visit_by_risk

    path, report = _workbook(request), check.case
    if isinstance(asked, float):
        by_risk = visit_by_risk(report, asked, seed)
        if by_risk is None:
            raise RequestError("fieldcheck_no_risk", county=report.name, error=f"{asked:.4g}")
        taken = by_risk
    else:
        taken = visit(report, asked or rules()["schools"], seed)
    write(report, taken, seed, path, meta(_sheet(request), report))
    return message(
        "fieldcheck_written", file=near(path), schools=len(taken.schools), values=len(taken.values), seed=seed
    )


def _tell(request: Request, check: "FieldCheck") -> int:
    from analysis.tell.documents.fieldcheck.tables.lost import fault
    from analysis.tell.documents.fieldcheck.visit import label
    from analysis.tell.language import numbers

    path, report = near(_workbook(request)), check.case
    for row in check.result.lost.iter_rows(named=True):
        value = " ".join(filter(None, (label(row["table"], row["column"], request.lang), row["place"])))
        said = {"sheet": row["sheet"], "row": row["row"], "school": row["school"], "value": value}
        sentence = message(
            "fieldcheck_lost", file=path, **said, entry=row["text"], fault=fault(row["fault"], request.lang)
        )
        typer.echo(sentence, err=True)
    undone = [report.school(school.code) for school in check.schools if not school.verified]
    if undone:
        typer.echo(
            message("fieldcheck_undone", number=len(undone), schools=report.word("lists", "between").join(undone))
        )
    overall = report.finding(ids.OVERALL), check.after.finding(ids.OVERALL)
    before, after = (report.word("verdicts", finding.verdict) if finding else "" for finding in overall)
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        documents = build([_sheet(request)], lambda: report, show)
    typer.echo(
        message(
            "fieldcheck_told",
            file=path,
            values=check.result.compared.height,
            agreeing=numbers.percent(check.agreeing),
            differing=check.differing.height,
            changes=len(check.changes),
            before=before,
            after=after,
        )
    )
    typer.echo(documents.sentence())
    return 0 if check.result.lost.is_empty() else 1
