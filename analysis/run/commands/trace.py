"""Where a figure comes from (`junheng trace`): its formula, its rule, and every row of the sources behind it."""

from dataclasses import replace

import polars as pl

from analysis.errors import RequestError, message
from analysis.run.build.documents import opening
from analysis.run.commands.merging import with_origins
from analysis.run.commands.show import Format, show
from analysis.run.request import resolve
from analysis.tell import Report, open_report
from analysis.tell.facts.trace import Trace, trace
from analysis.tell.language import numbers


def run(county: str, id: str, year: str, words: dict[str, str], form: Format) -> str:
    """Return what to print of one finding: to read, two lines and a table; else the table with them as columns.

    Words as in run.request.options. Raises RequestError for a finding that is not there, and what resolve and
    tell.open_report raise.
    """
    if not id.strip():
        raise RequestError("trace_missing", county=county)
    request = resolve(county, year, **words)
    report = open_report(**opening(request))
    traced = trace(report, id.strip())
    traced = replace(traced, rows=with_origins(traced.rows, request.data))
    if form is Format.TABLE:
        empty = [name for name, column in zip(traced.rows.columns, traced.rows, strict=True) if column.is_null().all()]
        return "\n".join([*_head(report, traced), "", show(traced.rows.drop(empty), form)])
    about = {
        "finding": traced.finding.id,
        "formula": traced.formula,
        "rule": traced.rule or None,
        "document": traced.document,
        "article": traced.article or None,
    }
    return show(traced.rows.with_columns(pl.lit(text, pl.String).alias(name) for name, text in about.items()), form)


def _head(report: Report, traced: Trace) -> list[str]:
    finding = traced.finding
    place = [report.word("stages", finding.stage)] if finding.stage else []
    place += [report.school(finding.school)] if finding.school else []
    name = " ".join([*place, report.label(finding.item)])
    standard, lang = report.standard_of(finding), report.lang
    value, asked = report.word("labels", "none"), ""
    if finding.value is not None:
        value = numbers.of(finding, finding.value, standard, lang)
    if finding.target is not None:
        asked = message("trace_target", target=numbers.target(finding, standard, lang))
    verdict = report.word("verdicts", finding.verdict)
    return [
        message("trace_head", name=name, value=value, target=asked, verdict=verdict),
        message("trace_formula", formula=traced.formula),
        message("trace_rule", rule=f"{traced.document} {traced.article}".rstrip()),
    ]
