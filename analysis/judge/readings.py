"""What a county's verdict hangs on that is not sure: judged again with each other reading of the standard."""

from dataclasses import dataclass

import polars as pl

from analysis import ids
from analysis.clean import Records, values
from analysis.judge import all_items
from analysis.judge.county import judge
from analysis.measure import measure, stage_rows
from analysis.measure.stages import adjusted, scope_reason
from analysis.standards import Standard, readings
from analysis.standards.practice import Practice
from analysis.tables import Field, Kind, Verdict


@dataclass(frozen=True)
class Changed:
    """A field (or the whole) of which the verdict would be another without a `practice`."""

    practice: Practice
    field: Field
    before: Verdict
    after: Verdict


def changed(records: Records, standard: Standard, year: int, findings: pl.DataFrame) -> list[Changed]:
    """Return what each doubtful practice changes among the verdicts on the fields and the whole of one county and year.

    `findings` are those of the county and year by the standard as it is. Judged again is only where the other reading
    counts schools or amounts otherwise, or one of its items comes to another verdict.
    """
    before = _wholes(findings)
    standard = readings.on(standard, year)
    schools = records.schools.filter(year=year - standard.statistics_lag)
    schools = values.marked(schools, records.notices, "schools")
    rows = stage_rows(schools, standard)
    changes = []
    for practice in readings.held(standard, year):
        other = readings.otherwise(standard, practice)
        counts = (
            not adjusted(schools, standard).equals(adjusted(schools, other))
            or not rows.select(scope_reason(standard).eq(scope_reason(other)).all()).item()
        )
        if not (counts or _judges_otherwise(records, other, practice, year, findings)):
            continue
        after = _wholes(judge(measure(records, other), records, other, records.county, year))
        changes += [
            Changed(practice, field, before[field], after[field])
            for field in (Field.OVERALL, *(field for field in before if field != Field.OVERALL))
            if field in after and after.get(field) != before.get(field)
        ]
    return changes


def _wholes(findings: pl.DataFrame) -> dict[Field, Verdict]:
    wholes = findings.filter(ids.is_kind(Kind.ALL) & (pl.col("field") != Field.PLAN.value))
    return {Field(field): Verdict(verdict) for field, verdict in wholes.select("field", "verdict").iter_rows()}


def _judges_otherwise(records: Records, other: Standard, practice: Practice, year: int, findings: pl.DataFrame) -> bool:
    """Return whether an item below the resources comes to another verdict."""
    asked = (practice.otherwise or {}).get("items", {})
    if not asked:
        return False
    alone = other.model_copy(update={"items": {name: other.items[name] for name in asked}})
    again = all_items.below_resources(records, alone, [year]).filter(pl.col("school").is_null())
    both = again.join(findings, on="id", suffix="_before").filter(pl.col("verdict") != pl.col("verdict_before"))
    return not both.is_empty()
