"""Items beside the resources: reported by the county, counted school by school, or one figure of the county."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verification.raw.tables import Row
from verification.rules import NOT_IN_FORCE, SET, UNSET, holds
from verification.worked import duties, figures, refuting
from verification.worked.finding import DECIDED, Finding, joined, judged

if TYPE_CHECKING:
    from verification.worked.findings import Year


def items(y: "Year") -> Iterator[Finding]:
    """Yield the findings of all items of a standard, those of single schools after that of the county."""
    reported = {row["item"]: row for row in y.county.rows("government", y.year)}
    for name, item in y.standard.items.items():
        target = item.get("target")
        state, limit = _state(y, item)
        sense = target["sense"] if target else ""
        base = Finding(f"{item['field']}.{name}", item["field"], name, target=limit, sense=sense)
        if item["kind"] != "computed":
            yield _reported(y, item, base, state, reported.get(name))
        elif duties.known(item):
            yield from _counted(y, name, item, base, state)
        else:
            yield _figure(y, item, base, state)


def _state(y: "Year", item: dict[str, Any]) -> tuple[str, Fraction | None]:
    if item.get("target"):
        return y.standard.state(item["target"]["values"], y.day)
    since = item.get("from")
    begun = y.day >= (date.fromisoformat(str(since)) if since else y.standard.since)
    return (SET if begun else NOT_IN_FORCE), None


def _reported(y: "Year", item: dict[str, Any], base: Finding, state: str, row: Row | None) -> Finding:
    shown = figures.by_rows(y, item)
    computed = shown.value if shown else None
    if state != SET:
        typed = row["value"] if row else None
        value = computed if typed is None and state == NOT_IN_FORCE and item["kind"] == "value" else typed
        return replace(base, value=value, verdict=state, traced=typed is not None, computed=computed)
    base = replace(base, data_year=y.year if row else None, computed=computed)
    if item["kind"] == "answer":
        answer = row["answer"] if row else ""
        verdict = "not_met" if answer == "no" else "met" if answer == "yes" and row and row["evidence"] else "no_data"
        silent = answer not in ("yes", "no") and shown is not None and shown.met is not None
        if silent and shown is not None and not item["rows"].get("assumed"):
            verdict = "met" if shown.met else "not_met"
        if verdict in DECIDED and shown and refuting.answer(item, answer, shown):
            return replace(base, verdict="undecidable", traced=True, refuted=True)
        return replace(base, verdict=verdict, traced=True)
    typed = row["value"] if row else None
    value = computed if typed is None else typed
    verdict = judged(value, base.target, base.sense)
    share = bool(item.get("target")) and item["target"]["unit"] == "share"
    if typed is not None and (typed < 0 or (share and typed > 1)):
        return replace(base, value=typed, verdict="no_data", traced=True)  # no such figure can be
    if typed is not None and shown and verdict in DECIDED and refuting.figure(item, base, typed, shown):
        return replace(base, value=value, verdict="undecidable", traced=True, refuted=True)
    return replace(base, value=value, verdict=verdict, traced=typed is not None)


def _figure(y: "Year", item: dict[str, Any], base: Finding, state: str) -> Finding:
    """Return the finding on one figure of the county."""
    found = figures.figure(y, item)
    if state != SET:
        return replace(base, value=found.value, verdict=state, data_year=None if found.value is None else y.year)
    if found.endless:
        return replace(base, verdict="met" if base.sense == "at_least" else "not_met", data_year=y.year)
    verdict = judged(found.value, base.target, base.sense)
    return replace(base, value=found.value, verdict=verdict, data_year=None if found.value is None else y.year)


def _counted(y: "Year", name: str, item: dict[str, Any], base: Finding, state: str) -> Iterator[Finding]:
    """Yield the share of schools that do what an item asks, judged at best and at worst, and the schools."""
    if not y.county.rows("schools", y.counted):
        yield base
        return
    found = [] if state == UNSET else list(duties.duties(y, item))
    undecided = [one.verdict for one in found if one.verdict not in DECIDED]
    met = sum(one.verdict == "met" for one in found)
    share = Fraction(met, len(found)) if len(undecided) < len(found) else None
    base = replace(base, value=share, data_year=y.counted)
    if state != SET:
        yield replace(base, verdict=state, data_year=None if share is None else y.counted)
        return
    if not found:
        yield replace(base, verdict="not_applicable")
        return
    assert base.target is not None
    best = Fraction(met + len(undecided), len(found))
    if holds(Fraction(met, len(found)), base.target, base.sense):
        verdict = "met"
    else:
        verdict = joined(undecided) if holds(best, base.target, base.sense) else "not_met"
    yield replace(base, verdict=verdict)
    for one in found:
        tail = ".".join(part for part in (one.stage, one.school) if part)
        yield Finding(
            f"{base.id}.{tail}",
            base.field,
            name,
            one.stage,
            school=one.school,
            value=one.value,
            target=one.target,
            sense=one.sense,
            verdict=one.verdict,
            data_year=y.counted,
            told=one.told,
        )
