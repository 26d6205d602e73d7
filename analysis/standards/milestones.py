"""When the targets of a plan come into force: the table of milestones by year."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from analysis.ids import ItemId, cv
from analysis.standards.dated import Dated
from analysis.standards.model import Standard
from analysis.standards.plans import Plan
from analysis.tables import Kind, Schema, Verdict

#: One row is one dated value: `state` is set, target_not_set (left open) or ended. `item` and `stage` are those of
#: findings.
MILESTONES: Schema = {
    "item": pl.String,
    "stage": pl.String,
    "from": pl.Date,
    "value": pl.Float64,
    "unit": pl.String,
    "sense": pl.String,
    "state": pl.String,
}


def _schedules(standard: Standard) -> Iterator[tuple[str, str | None, str, str, tuple[Dated, ...]]]:
    for name, indicator in standard.indicators.items():
        for kind, schedules, unit, sense in (
            (Kind.FLOOR, indicator.floor, indicator.unit, "at_least"),
            (Kind.CV, indicator.cv, "coefficient", "at_most"),
        ):
            for stage, dated in (schedules or {}).items():
                yield str(ItemId(kind, name)), stage.value, unit, sense, dated
    staged = {"schools": standard.school_rule and standard.school_rule.schools, cv("composite"): standard.composite}
    for item, target in staged.items():
        for stage, dated in (target.values if target else {}).items():
            assert target
            yield item, stage.value, target.unit, target.sense.value, dated
    plain = {name: item.target for name, item in standard.items.items() if item.target}
    if standard.monitoring:
        plain |= {"level": standard.monitoring.level, "rate": standard.monitoring.rate}
    if standard.recognition and standard.recognition.target:
        plain["recognition"] = standard.recognition.target
    for item, target in plain.items():
        yield item, None, target.unit, target.sense.value, next(iter(target.values.values()))


def _state(entry: Dated) -> str:
    if entry.unset:
        return Verdict.TARGET_NOT_SET.value
    return "ended" if entry.value is None else "set"


def milestones(plan: Plan, until: date | None = None) -> pl.DataFrame:
    """Return MILESTONES of the items that a plan's own file names, in the order of their dates; `until` leaves out
    later ones."""
    table = of_standard(plan.standard).filter(pl.col("item").is_in(list(plan.items)))
    return table if until is None else table.filter(pl.col("from") <= until)


def of_standard(standard: Standard) -> pl.DataFrame:
    """Return MILESTONES of every item of a standard, in the order of their dates."""
    rows = [
        (item, stage, entry.since or standard.since, entry.value, unit, sense, _state(entry))
        for item, stage, unit, sense, schedule in _schedules(standard)
        for entry in schedule
    ]
    answers = [
        (name, None, item.since or standard.since, None, "answer", "", "set")
        for name, item in standard.items.items()
        if item.kind == "answer"
    ]
    return pl.DataFrame([*rows, *answers], schema=MILESTONES, orient="row").sort("from", maintain_order=True)
