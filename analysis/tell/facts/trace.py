"""Where a figure comes from: its formula, its rule, and every row of the sources that it rests on.

Values are as they were measured, unrounded; nothing is worked out here a second time but what a row weighs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis import ids
from analysis.errors import RequestError, listed
from analysis.measure.stages import columns_of, further_columns
from analysis.read.fields import table
from analysis.standards import rules
from analysis.standards.model import Indicator, Level
from analysis.tables import Field, Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.coverage import mended
from analysis.tell.findings import Finding
from analysis.tell.language import numbers

#: One row per school, group or finding that a figure rests on. `school` is the school's code, `part` what a row is
#: about where it is no school; `weight` is its part of all pupils, `share` its part of S squared, `counted` whether it
#: enters the figure. `row` is the row of the sheet, the first where `rows` tells several ("7-12,15"), `column` the
#: headers.
ROWS: dict[str, Any] = {
    "school": pl.String,
    "part": pl.String,
    "name": pl.String,
    "stage": pl.String,
    "amount": pl.Float64,
    "pupils": pl.Float64,
    "weight": pl.Float64,
    "value": pl.Float64,
    "share": pl.Float64,
    "counted": pl.Boolean,
    "verdict": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "rows": pl.String,
    "column": pl.String,
    "correction": pl.String,
}
_EMPTY: dict[str, Any] = dict.fromkeys(ROWS)


@dataclass(frozen=True, eq=False)
class Trace:
    """A finding, what it is worked out by, what is asked of it, by which document and article, and ROWS."""

    finding: Finding
    formula: str
    rule: str
    document: str
    article: str
    rows: pl.DataFrame


def trace(case: Case, id: str) -> Trace:
    """Return where a finding of the case's year comes from; RequestError for an id that no finding has."""
    finding = case.finding(id)
    if finding is None:
        raise RequestError("trace_unknown", id=id[:80], county=case.county, near=listed(_near(case, id)))
    rows = [_EMPTY | row for row in _rows(case, finding)]
    document = case.standard_of(finding).document
    frame = pl.DataFrame(rows, ROWS, orient="row")
    return Trace(finding, _formula(case, finding), _rule(case, finding), document, _article(case, finding), frame)


def _near(case: Case, id: str) -> list[str]:
    """Return ids that share most with one that is asked for."""
    asked = set(id.split(ids.SEPARATOR))
    scored = [(len(asked & set(each.id.split(ids.SEPARATOR))), each.id) for each in case.now if not each.school]
    return [name for score, name in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:3] if score]


def _formula(case: Case, finding: Finding) -> str:
    """Return how a finding is worked out, in words."""
    item = case.standard_of(finding).items.get(finding.item)
    kind = finding.kind
    if kind == Kind.ITEM and item:
        kind = f"item_{item.kind}"
    if kind in (Kind.FLOOR, Kind.CV) and not finding.indicator:
        kind = "composite"
    if kind == Kind.FLOOR and not finding.school:
        kind = Kind.SCHOOLS
    per = case.standard.indicators[finding.indicator].per if finding.indicator else 1
    formula = case.word("formulas", kind).format(per=numbers.whole(per))
    if not (finding.indicator and finding.stage):
        return formula
    shared = case.rows.filter(pl.len().over("school") > 1).filter(stage=finding.stage)
    return formula + (case.word("formulas", "split") if shared.height else "")


def _rule(case: Case, finding: Finding) -> str:
    """Return what is asked of a finding, its sense and its target; empty where nothing is."""
    sense = numbers.sense_of(finding, case.standard_of(finding))
    if sense is None or finding.target is None:
        return ""
    return f"{case.word('senses', sense.value)} {finding.target:.10g}"


def _article(case: Case, finding: Finding) -> str:
    """Return the article of the document that asks for a finding, empty where it has no number."""
    standard = case.standard_of(finding)
    if finding.indicator and finding.indicator in standard.indicators:
        return standard.indicators[finding.indicator].article
    if finding.item in standard.items:
        return standard.items[finding.item].article
    return standard.school_rule.article if finding.kind == Kind.SCHOOL_RULE and standard.school_rule else ""


def _rows(case: Case, finding: Finding) -> Iterator[dict[str, Any]]:
    if finding.indicator and finding.indicator in case.standard.indicators and finding.kind in (Kind.FLOOR, Kind.CV):
        return _of_indicator(case, finding)
    if finding.kind == Kind.CV:
        return _of_composite(case, finding)
    if finding.kind == Kind.ROWS_SET_ASIDE:
        return _of_quarantine(case)
    if finding.kind in (Kind.LEVEL, Kind.RATE) and finding.data_year is None:
        return iter(())
    if finding.kind in (Kind.LEVEL, Kind.RATE):
        of = (pl.col("year") == finding.data_year) & (pl.col("subject") == finding.subject)
        value = "level" if finding.kind == Kind.LEVEL else "rate"
        return _of_table(case, "monitoring", of & (pl.col("grade") == finding.grade), "subject", value)
    if finding.kind == Kind.RATE_OWN:
        return _of_scores(case, finding)
    if finding.kind in (Kind.RECOGNITION, Kind.RECOGNITION_GROUP):
        group = ids.parse(finding.item).name
        return _of_survey(case, {"group": group} if group else {})
    item = case.standard_of(finding).items.get(finding.item)
    rule = rules.of(item.rule) if item else None
    if rule and rule.of == "schools":
        return _of_schools(case, finding, rule.table)
    if item:
        known = [finding.item, *_counts(item.counts if item.kind != "computed" else item.parameters)]
        of = (pl.col("year") == finding.year) & pl.col("item").is_in(known)
        return _of_table(case, "government", of, "item", "value")
    return _of_findings(case, finding)


def _of_indicator(case: Case, finding: Finding) -> Iterator[dict[str, Any]]:
    """Return the schools of a stage with amount, pupils, weight and share, farthest from the mean first."""
    indicator = case.standard.indicators[finding.indicator]
    rows = case.rows.filter(stage=finding.stage)
    measured = case.measurements.filter(
        year=finding.year, stage=finding.stage, indicator=finding.indicator, statistic="value"
    ).select("school", "amount", "pupils", "value", "share")
    joined = rows.select("school", "in_scope").join(measured, on="school", how="left", maintain_order="left")
    enters = pl.col("in_scope") & pl.col("value").is_not_null()
    total = joined.filter(enters)["pupils"].sum()
    joined = joined.with_columns(
        enters.alias("counted"), pl.when(enters & (total > 0)).then(pl.col("pupils") / total).alias("weight")
    ).sort("share", descending=True, nulls_last=True, maintain_order=True)
    joined = joined.filter(school=finding.school) if finding.school else joined
    reported = case.records.schools.filter(year=finding.year)
    columns = tuple(name for name in _columns(indicator, finding.stage) if reported[name].count())
    places = _places(case, "schools", columns)
    for row in joined.iter_rows(named=True):
        yield {
            "school": row["school"],
            "name": case.school(row["school"]),
            "stage": finding.stage,
            "column": _headers("schools", columns),
            **{name: row[name] for name in ("amount", "pupils", "value", "weight", "share", "counted")},
            **places.get(row["school"], {}),
        }


def _columns(indicator: Indicator, stage: str | None) -> tuple[str, ...]:
    """Return the columns of the schools table that an indicator of a stage rests on."""
    level: Level = "junior" if stage == "junior" else "primary"
    amounts = [
        name
        for name in (*columns_of(indicator.amount, indicator.by_stage), *further_columns(indicator))
        if not name.endswith(("_primary", "_junior")) or name.endswith(f"_{level}")
    ]
    return (*amounts, f"pupils_{level}")


def _of_schools(case: Case, finding: Finding, name: str) -> Iterator[dict[str, Any]]:
    """Return what each school's part of an item comes to, with its rows of the rule's table."""
    places = _places(case, name, None)
    for each in case.now.where(item=finding.item):
        if each.school and (finding.school in (None, each.school)):
            yield {
                "school": each.school,
                "name": case.school(each.school),
                "stage": each.stage,
                "value": each.value,
                "counted": each.value is not None,
                "verdict": each.verdict,
                **places.get(each.school, {}),
            }


def _counts(parameters: Mapping[str, Any] | None) -> list[str]:
    """Return the counts of the county that an item is worked out from, as its parameters name them."""
    named = (names for names in (parameters or {}).values() if isinstance(names, list | tuple))
    return [name for names in named for name in names]


def _of_table(case: Case, name: str, of: pl.Expr, part: str, value: str) -> Iterator[dict[str, Any]]:
    """Return rows of a table of the county: what each is about and what it says, a figure or a word."""
    for row in case.records.frames()[name].filter(of).iter_rows(named=True):
        said = row[value]
        yield {
            "part": row[part],
            "name": row.get("answer"),
            "column": _headers(name, (value,)),
            "value": None if said is None else float(said),
            "counted": True,
            "file": row["file"],
            "sheet": row["sheet"] or None,
            "row": row["row"],
            "correction": _correction(case, name, row["file"], [row["row"]], None),
        }


def _of_survey(case: Case, chosen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in case.records.survey.filter(year=case.year, **chosen).iter_rows(named=True):
        group = case.finding(ids.finding(Field.RECOGNITION, ids.group(row["group"])))
        yield {
            "part": row["group"],
            "name": case.word("groups", row["group"]),
            "column": _headers("survey", ("satisfied", "asked")),
            "amount": row["satisfied"],
            "pupils": row["asked"],
            "value": group.value if group else None,
            "counted": bool(row["asked"]),
            "file": row["file"],
            "sheet": row["sheet"] or None,
            "row": row["row"],
            "correction": _correction(case, "survey", row["file"], [row["row"]], None),
        }


def _of_scores(case: Case, finding: Finding) -> Iterator[dict[str, Any]]:
    """Return the schools of an own test: how many pupils, and the rows of their scores."""
    scores = case.records.scores.filter(year=finding.year, subject=finding.subject, grade=finding.grade)
    for (school,), rows in scores.partition_by("school", as_dict=True, maintain_order=True).items():
        known = rows.filter(pl.col("score").is_not_null())
        yield {
            "school": str(school),
            "name": case.school(str(school)),
            "column": _headers("scores", ("score",)),
            "pupils": known.height,
            "counted": known.height > 0,
            **_place(case, "scores", rows, ("score",)),
        }


def _of_findings(case: Case, finding: Finding) -> Iterator[dict[str, Any]]:
    """Return the findings that one sums up: of a school its floors, of a stage its schools, of a field its items."""
    for each in case.now:
        if each.id != finding.id and _part_of(each, finding):
            yield {
                "part": each.id,
                "school": each.school,
                "name": case.school(each.school) if each.school else _called(case, each),
                "stage": each.stage,
                "value": each.value,
                "counted": True,
                "verdict": each.verdict,
            }


def _called(case: Case, finding: Finding) -> str:
    return case.word("fields", finding.field) if finding.kind == Kind.ALL else case.label(finding.item)


def _of_composite(case: Case, finding: Finding) -> Iterator[dict[str, Any]]:
    """Return the coefficients that a composite is the mean of."""
    for indicator in case.standard.indicators:
        value = case.measured.stage(case.year, finding.stage or "", indicator, "cv")
        name = case.label(indicator)
        yield {"part": ids.cv(indicator), "name": name, "stage": finding.stage, "value": value, "counted": True}


def _of_quarantine(case: Case) -> Iterator[dict[str, Any]]:
    """Return the rows of schools that were set aside."""
    for row in case.records.quarantine.filter(year=case.year, table="schools").iter_rows(named=True):
        place = {"file": row["file"], "sheet": row["sheet"] or None, "row": row["row"]}
        yield {"counted": False, **place}


def _part_of(each: Finding, finding: Finding) -> bool:
    if finding.kind == Kind.SCHOOL_RULE and finding.school:
        return each.kind == Kind.FLOOR and (each.school, each.stage) == (finding.school, finding.stage)
    if finding.kind in (Kind.SCHOOLS, Kind.SCHOOL_RULE):
        return each.kind == Kind.SCHOOL_RULE and bool(each.school) and each.stage == finding.stage
    if finding.id == ids.OVERALL:
        return each.kind == Kind.ALL
    return finding.kind == Kind.ALL and each.field == finding.field and not each.school and each.kind not in ids.BESIDE


def _places(case: Case, name: str, columns: tuple[str, ...] | None) -> dict[str, dict[str, Any]]:
    """Return by school where its rows of a table of the year stand, and what was corrected in `columns` of them."""
    rows = case.records.frames()[name].filter(year=case.year)
    parts = rows.partition_by("school", as_dict=True, maintain_order=True)
    return {str(school): _place(case, name, part, columns) for (school,), part in parts.items()}


def _place(case: Case, name: str, rows: pl.DataFrame, columns: tuple[str, ...] | None) -> dict[str, Any]:
    numbers_of_rows = sorted(rows["row"].drop_nulls().to_list())
    file, sheet = rows["file"][0], rows["sheet"][0]
    return {
        "file": file,
        "sheet": sheet or None,
        "row": numbers_of_rows[0] if numbers_of_rows else None,
        "rows": _ranges(numbers_of_rows) if len(numbers_of_rows) > 1 else None,
        "correction": _correction(case, name, file, numbers_of_rows, columns),
    }


def _ranges(rows: Iterable[int]) -> str:
    """Return numbers of rows in short.

    >>> _ranges([3, 4, 5, 9])
    '3-5,9'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _correction(
    case: Case, name: str, file: str | None, rows: list[int], columns: tuple[str, ...] | None
) -> str | None:
    """Return what was changed in rows of a file before it was used, and why; None where nothing was."""
    if file is None:  # frames at hand, of no file
        return None
    here = (pl.col("table") == name) & (pl.col("file") == file) & pl.col("row").is_in(rows)
    notices = case.records.notices.filter(mended() & here)
    if columns is not None:
        notices = notices.filter(pl.col("column").is_in(list(columns)))
    changed = notices.select("before", "after").iter_rows()
    said = ((f"{before} → {after}", case.why(file, before, after)) for before, after in changed)
    return "; ".join(f"{change} ({why})" if why else change for change, why in said) or None


def _headers(name: str, columns: tuple[str, ...]) -> str:
    """Return the headers of columns as statistics print them."""
    known = table(name).columns
    return "; ".join(known[column].zh for column in columns if column in known)
