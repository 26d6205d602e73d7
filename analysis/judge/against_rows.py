"""What a county reports against what it counts and what the rows of its schools come to: what these refute is not
believed."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from analysis.judge import by_school, rounding, rules
from analysis.judge.computed import NOTHING, Cell, Figures, Inputs
from analysis.judge.counts import REPORTED
from analysis.judge.rules import county_counts, school_counts
from analysis.standards import Sense, Target
from analysis.standards.items import COUNTS, Item, Refuting
from analysis.standards.rules import SCHOOLS, every
from analysis.tables import DECIDED, Verdict

SHARE = "share"
#: What shows what an item comes to (FINDINGS, `computed_by`): the rows of schools, or the county's own counts.
ROWS, COUNTED = "rows", "counts"
#: Why a finding is undecidable, and why it has a verdict that nobody reported, by what shows it.
CONTRADICTS = {ROWS: "contradicts_rows", COUNTED: "contradicts_counts"}
FROM = {ROWS: "from_rows", COUNTED: "from_counts"}
#: Places of a share as it is typed at the least: whole per cents.
PERCENT = 2


@dataclass(frozen=True)
class OfRows:
    """What rows or counts say of an item: a figure of the county, a share of schools or of teachers; None where there
    is none.

    `met` is what that answers, for certain; None where it answers nothing. `whole`: the figure rests on all rows that
    there should be. `nobody`: all rows are there, and have nobody of whom there could be a share. `by`: what shows it.
    """

    value: float | None = None
    met: bool | None = None
    whole: bool = True
    nobody: bool = False
    by: str = ROWS


def as_computed(item: Item, rows: Refuting) -> Item:
    """Return an item that is reported as it would be computed from rows."""
    return item.model_copy(update={"rule": rows.rule, "parameters": rows.parameters, "schools": rows.schools})


def of_rows(inputs: Inputs) -> dict[Cell, OfRows]:
    """Return what rows say of an item that may be reported, by county and year.

    Of an item that is reported, by its entry `rows`; of one that is computed, by its own rule, where some county
    reports it all the same. `given.schools` are all schools. Where the rule works out a figure of the county beside
    (`typed`), that is what a county types.
    """
    item = inputs.item
    if item.kind == "computed":
        if every()[str(item.rule)].table == REPORTED or inputs.frames[REPORTED].filter(item=inputs.name).is_empty():
            return {}
    elif item.rows is None or inputs.frames[every()[item.rows.rule].table].is_empty():
        return {}
    else:
        item = as_computed(item, item.rows)
        if item.rule == rules.SUMS and school_counts.silent(replace(inputs, item=item)):
            return {}
    inputs = replace(inputs, item=item, schools=by_school.selected(inputs.schools, item.schools))
    if every()[str(item.rule)].of == SCHOOLS:
        typed = rules.typed(inputs)
        of_schools = _of_schools(by_school.counted(by_school.school_rows(inputs)))
        return {cell: replace(count, value=typed.get(cell, count.value)) for cell, count in of_schools.items()}
    figures = _of_figures(rules.figures(inputs))
    return {cell: replace(figure, met=_answered(figure.value, item.parameters)) for cell, figure in figures.items()}


def counted(inputs: Inputs) -> dict[Cell, OfRows]:
    """Return what the counts that a county reports say of an item, by county and year; nothing where it counts
    none."""
    says = inputs.item.counts
    if says is None or not set(county_counts.names(says)) & set(inputs.frames[REPORTED]["item"]):
        return {}
    item = inputs.item.model_copy(update={"rule": COUNTS, "parameters": says})
    figures = _of_figures(rules.figures(replace(inputs, item=item)), COUNTED)
    return {cell: replace(figure, met=_answered(figure.value, says)) for cell, figure in figures.items()}


def _answered(value: float | None, says: dict[str, Any]) -> bool | None:
    """Return whether a figure answers an item with yes; None where it answers nothing."""
    if value is None or not {"at_least", "above"} & set(says):
        return None
    sense, limit = (Sense.AT_LEAST, says["at_least"]) if "at_least" in says else (Sense.ABOVE, says["above"])
    return rounding.holds(value, float(limit), sense)


def _of_figures(figures: Figures, by: str = ROWS) -> dict[Cell, OfRows]:
    return {
        cell: OfRows(
            figure.value, None, figure.value is not None and figure.bounds is None, figure.reason == NOTHING, by
        )
        for cell, figure in figures.items()
    }


def _of_schools(counted: dict[Cell, dict[str, Any]]) -> dict[Cell, OfRows]:
    by_cell = {}
    for cell, count in counted.items():
        short = count["all"] - count["met"] - count["unsure"]
        met = False if short else (True if count["met"] == count["all"] else None)
        by_cell[cell] = OfRows(count["met"] / count["all"], met, whole=not count["unsure"])
    return by_cell


def agree(typed: float, computed: float, unit: str, within: float = 0.0) -> bool:
    """Return whether a typed figure is a computed one, rounded as it was typed; a share to whole per cents at the
    coarsest; `within` a part of it, where its amounts are rounded.

    >>> [agree(0.158, 0.1584, "share"), agree(0.158, 0.159, "share"), agree(1, 0.9951, "share")]
    [True, False, True]
    >>> [agree(6500, 6565, "yuan_per_pupil", 0.01), agree(6500, 6566, "yuan_per_pupil", 0.01)]
    [True, False]
    """
    exponent = Decimal(repr(rounding.exact(typed))).normalize().as_tuple().exponent
    places = max(-int(exponent), PERCENT if unit == SHARE else 0)
    return rounding.exact(abs(typed - computed)) <= max(rounding.half(places), rounding.exact(within * typed))


def beside(
    finding: dict[str, Any], item: Item, row: dict[str, Any] | None, rows: OfRows | None, counts: OfRows | None = None
) -> dict[str, Any]:
    """Return a finding with what rows, or counts, come to as `computed`, undecidable where they refute what the `row`
    of county items reports, and judged by them where it reports no figure.

    A figure that rounds to the other side of its target is refuted too: rounding does not reach a target. Rows come
    before counts, for these are the county's own; where it reports no figure, its counts are what rows may refute.
    """
    by_counts, by_rows = _against(finding, item, row, counts), _against(finding, item, row, rows)
    if counts is not None and by_counts["reason"] == FROM[COUNTED]:
        return _against(by_counts, item, _as_typed(item, counts), rows)
    if by_rows["reason"] == CONTRADICTS[ROWS] or by_counts is finding:
        return by_rows
    if by_counts["reason"] == CONTRADICTS[COUNTED] or by_rows is finding:
        return by_counts
    if counts is None or counts.value is None or item.kind != "value":
        return by_rows
    # Both round to what is typed: the counts are not rounded, and rows may refute them still.
    unrounded = _against(finding | {"value": counts.value}, item, _as_typed(item, counts), rows)
    return unrounded if unrounded["reason"] == CONTRADICTS[ROWS] else by_rows


def _as_typed(item: Item, counts: OfRows) -> dict[str, Any]:
    """Return what counts come to as a county would report it."""
    if item.kind == "value":
        return {"value": counts.value, "answer": None}
    return {"value": None, "answer": "yes" if counts.met else "no"}


def _against(finding: dict[str, Any], item: Item, row: dict[str, Any] | None, rows: OfRows | None) -> dict[str, Any]:
    """Return a finding beside one figure that shows what it comes to."""
    if rows is None or (rows.value is None and not rows.nobody):
        return finding
    shown = finding | {"computed": rows.value, "computed_by": rows.by}
    if not (rows.whole or rows.nobody) and rows.met is not False:
        return finding
    if row is not None and finding["verdict"] in DECIDED and _refuted(item, row, rows, finding):
        kept = {"value": row["value"] if row["value"] is not None else finding.get("value"), "margin": None}
        return shown | kept | {"verdict": Verdict.UNDECIDABLE, "reason": CONTRADICTS[rows.by]}
    if finding["verdict"] == Verdict.NOT_IN_FORCE and finding.get("value") is None and item.kind == "value":
        return shown | {"value": rows.value}
    silent = finding["reason"] in ("no_records", "value_missing")
    return shown | _judged(finding, item, rows) if silent and rows.value is not None else shown


def _judged(finding: dict[str, Any], item: Item, rows: OfRows) -> dict[str, Any]:
    """Return what rows, or counts, say of an item of which a county reports nothing."""
    target, value = finding.get("target"), rows.value
    assert value is not None
    if item.kind == "value" and target is not None and item.target is not None:
        if impossible(value, item.target):
            return {"value": value, "verdict": Verdict.NO_DATA, "reason": "value_impossible"}
        met = rounding.holds(value, target, item.target.sense)
        values: dict[str, Any] = {"value": value, "margin": rounding.apart(value, target, item.target.sense)}
    elif item.kind == "answer" and rows.met is not None and not (item.rows is not None and item.rows.assumed):
        met, values = rows.met, {}
    else:
        return {}
    return values | {"verdict": Verdict.MET if met else Verdict.NOT_MET, "reason": FROM[rows.by]}


def impossible(value: float, target: Target) -> bool:
    """Return whether no county can have this value: no share is above 1, no score above its points, none negative."""
    most = 1.0 if target.unit == SHARE and target.most is None else target.most
    return value < 0 or (most is not None and rounding.exact(value) > most)


def _refuted(item: Item, row: dict[str, Any], rows: OfRows, finding: dict[str, Any]) -> bool:
    typed, target, of = row["value"], finding.get("target"), item.target
    if typed is None or of is None:
        met = finding["verdict"] == Verdict.MET if item.kind == "computed" else rows.met
        if row["answer"] == "no" and item.rows is not None and item.rows.assumed:
            return False  # the number that rows are held to is ours, and what the county falls short of is its own
        return met is not None and row["answer"] in ("yes", "no") and (row["answer"] == "yes") != met
    if of.unit == SHARE and typed > 1:
        return False
    if rows.value is None:
        return bool(typed > 0)
    within = item.rows.within if item.rows is not None and rows.by == ROWS else 0.0
    if not rows.whole or not agree(typed, rows.value, of.unit, within):
        return rows.whole
    sides = (
        {rounding.holds(figure, target, of.sense) for figure in (typed, rows.value)} if target is not None else set()
    )
    return item.kind == "value" and len(sides) > 1
