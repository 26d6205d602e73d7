"""What a county reports against what the rows of its schools come to: what rows refute is not believed."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from analysis.judge import by_school, rounding, rules
from analysis.judge.computed import NOTHING, Cell, Given
from analysis.standards.model import Item, Refuting
from analysis.standards.rules import SCHOOLS, every
from analysis.tables import DECIDED, Verdict

SHARE = "share"
#: The table of what a county reports.
REPORTED = "government"
CONTRADICTS, FROM_ROWS = "contradicts_rows", "from_rows"
#: Places of a share as it is typed at the least: whole per cents.
PERCENT = 2


@dataclass(frozen=True)
class Told:
    """What rows say of an item: a figure of the county, a share of schools or of teachers; None where there is none.

    `met` is what that answers, for certain; None where it answers nothing. `whole`: the figure rests on all rows that
    there should be. `nobody`: all rows are there, and have nobody of whom there could be a share.
    """

    value: float | None = None
    met: bool | None = None
    whole: bool = True
    nobody: bool = False


def as_computed(item: Item, rows: Refuting) -> Item:
    """Return an item that is reported as it would be computed from rows."""
    return item.model_copy(update={"rule": rows.rule, "parameters": rows.parameters, "schools": rows.schools})


def told(given: Given) -> dict[Cell, Told]:
    """Return what rows say of an item that may be reported, by county and year.

    Of an item that is reported, by its entry `rows`; of one that is computed, by its own rule, where some county
    reports it all the same. `given.schools` are all schools. Where the rule works out a figure of the county beside
    (`typed`), that is what a county types.
    """
    item = given.item
    if item.kind == "computed":
        if every()[str(item.rule)].table == REPORTED or given.frames[REPORTED].filter(item=given.name).is_empty():
            return {}
    elif item.rows is None or given.frames[every()[item.rows.rule].table].is_empty():
        return {}
    else:
        item = as_computed(item, item.rows)
    given = replace(given, item=item, schools=by_school.selected(given.schools, item.schools))
    if every()[str(item.rule)].of == SCHOOLS:
        typed = rules.typed(given)
        of_schools = _of_schools(by_school.counted(by_school.school_rows(given)))
        return {cell: replace(one, value=typed.get(cell, one.value)) for cell, one in of_schools.items()}
    figures = rules.figures(given)
    return {
        cell: Told(one.value, whole=one.value is not None and one.bounds is None, nobody=one.reason == NOTHING)
        for cell, one in figures.items()
    }


def _of_schools(counted: dict[Cell, dict[str, Any]]) -> dict[Cell, Told]:
    found = {}
    for cell, one in counted.items():
        short = one["all"] - one["met"] - one["unsure"]
        met = False if short else (True if one["met"] == one["all"] else None)
        found[cell] = Told(one["met"] / one["all"], met, whole=not one["unsure"])
    return found


def agree(typed: float, computed: float, unit: str) -> bool:
    """Return whether a typed figure is a computed one, rounded as it was typed; a share to whole per cents at the
    coarsest.

    >>> [agree(0.158, 0.1584, "share"), agree(0.158, 0.159, "share"), agree(1, 0.9951, "share")]
    [True, False, True]
    """
    exponent = Decimal(repr(rounding.exact(typed))).normalize().as_tuple().exponent
    places = max(-int(exponent), PERCENT if unit == SHARE else 0)
    return rounding.exact(abs(typed - computed)) <= 0.5 * 10.0**-places


def beside(finding: dict[str, Any], item: Item, row: dict[str, Any] | None, rows: Told | None) -> dict[str, Any]:
    """Return a finding with what rows come to as `computed`, undecidable where they refute what the `row` of county
    items reports, and judged by them where it reports no figure.

    A figure that rounds to the other side of its target is refuted too: rounding does not reach a target.
    """
    if rows is None or (rows.value is None and not rows.nobody):
        return finding
    shown = finding | {"computed": rows.value}
    if not (rows.whole or rows.nobody) and rows.met is not False:
        return finding
    if row is not None and finding["verdict"] in DECIDED and _refuted(item, row, rows, finding):
        kept = {"value": row["value"] if row["value"] is not None else finding.get("value"), "margin": None}
        return shown | kept | {"verdict": Verdict.UNDECIDABLE, "reason": CONTRADICTS}
    if finding["verdict"] == Verdict.NOT_IN_FORCE and finding.get("value") is None and item.kind == "value":
        return shown | {"value": rows.value}
    silent = item.kind == "value" and finding["reason"] in ("no_records", "value_missing") and rows.value is not None
    target = finding.get("target")
    if silent and rows.value is not None and target is not None and item.target is not None:
        met = rounding.holds(rows.value, target, item.target.sense)
        margin = rounding.apart(rows.value, target, item.target.sense)
        verdict = Verdict.MET if met else Verdict.NOT_MET
        return shown | {"value": rows.value, "margin": margin, "verdict": verdict, "reason": FROM_ROWS}
    return shown


def _refuted(item: Item, row: dict[str, Any], rows: Told, finding: dict[str, Any]) -> bool:
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
    if not rows.whole or not agree(typed, rows.value, of.unit):
        return rows.whole
    sides = {rounding.holds(one, target, of.sense) for one in (typed, rows.value)} if target is not None else set()
    return item.kind == "value" and len(sides) > 1
