"""Every finding of a county and year, worked out again: value, target, verdict, and what stands behind it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from verification.raw.county import County
from verification.raw.tables import Row
from verification.rules import COMPOSITE, Standard, holds
from verification.worked import floors, survey
from verification.worked.certified import three_years
from verification.worked.dispersion import Coefficient, between, coefficient, pairs
from verification.worked.finding import FIELDS, Finding, joined, judged
from verification.worked.items import items
from verification.worked.monitored import quality
from verification.worked.stages import STAGES, Place, places


def said_elsewhere(row: Row) -> bool:
    """Whether a row that is set aside says again what a kept one says: nothing is unknown because of it."""
    return any(fault.rule == "repeated" for fault in row["faults"])


@dataclass
class Year:
    """One year of a county, by a standard; `named` are the items of a plan, where its own findings are asked for."""

    county: County
    standard: Standard
    year: int
    named: frozenset[str] | None = None

    @property
    def day(self) -> date:
        """Return the day whose rules hold: the last of the year."""
        return date(self.year, 12, 31)

    @property
    def counted(self) -> int:
        """Return the year of the statistics that feed this one."""
        return self.year - int(self.standard.data.get("statistics_lag") or 0)

    @cached_property
    def places(self) -> list[Place]:
        """Return schools by stage."""
        return places(self.county, self.standard, self.counted)

    def inside(self, stage: str) -> list[Place]:
        """Return the schools of a stage that are in scope."""
        return [one for one in self.places if one.stage == stage and not one.out]

    @cached_property
    def coefficients(self) -> dict[tuple[str, str], Coefficient]:
        """Return the coefficient of each indicator and stage."""
        found = {}
        for name in self.standard.indicators:
            for stage in STAGES:
                one = coefficient(pairs(self.places, name, stage))
                if one is not None:
                    found[name, stage] = one
        return found

    def composite(self, stage: str) -> Fraction | None:
        """Return the plain mean of a stage's coefficients; None where one of them is not known."""
        given = [self.coefficients.get((name, stage)) for name in self.standard.indicators]
        values = [one.cv for one in given if one is not None and one.cv is not None]
        return sum(values, Fraction(0)) / len(values) if values and len(values) == len(given) else None

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Return all findings by id; by a plan those on its own targets, and what they come to."""
        return self._judged if self.named is None else {one.id: one for one in _of_plan(self, self.named)}

    @property
    def verdict(self) -> str:
        """Return the verdict of the whole."""
        return self._judged["overall.all"].verdict

    @cached_property
    def _judged(self) -> dict[str, Finding]:
        found = {one.id: one for part in (_resources, quality, items, _recognition) for one in part(self)}
        for name in (*FIELDS, "entry"):
            mine = [one for one in found.values() if one.field == name and one.counts]
            if mine or name in FIELDS:
                verdict = joined(one.verdict for one in mine)
                found[f"{name}.all"] = Finding(f"{name}.all", name, "all", verdict=verdict)
        parts = [found[f"{name}.all"].verdict for name in FIELDS if f"{name}.all" in found]
        entry = found.get("entry.all")
        if entry and entry.verdict == "not_met":
            parts.append("not_met")
        found["overall.all"] = Finding("overall.all", "overall", "all", verdict=joined(parts))
        return found

    def of_field(self, name: str) -> list[Finding]:
        """Return the judged items of a field, or of the four together for overall."""
        fields = FIELDS if name == "overall" else (name,)
        return [one for one in self.findings.values() if one.field in fields and one.counts]

    def schools(self, item: str, stage: str = "") -> list[Finding]:
        """Return the findings of an item on single schools."""
        return [
            one
            for one in self.findings.values()
            if one.item == item and one.school and (not stage or one.stage == stage)
        ]


def _of_plan(y: Year, named: frozenset[str]) -> Iterator[Finding]:
    every = [*y._judged.values(), *three_years(y)]
    own = [one for one in every if one.item in named]
    counting = [one.verdict for one in own if one.counts]
    if any(one.item in ("schools", "school_rule") or one.item.startswith(("cv_", "floor_")) for one in own):
        counting += [one.verdict for one in every if one.item == "rows_set_aside"]
    yield Finding("plan.all", "plan", "all", verdict=joined(counting))
    for one in own:
        yield replace(one, id=f"plan.{one.id.partition('.')[2]}", field="plan")


def _resources(y: Year) -> Iterator[Finding]:
    for stage in STAGES:
        inside = y.inside(stage)
        rows = list(floors.rules(y, stage, inside))
        yield from rows
        if inside and y.standard.data.get("school_rule"):
            yield floors.schools(y, stage, [one for one in rows if one.item == "school_rule"])
        if inside:
            yield from _limits(y, stage, len(inside))
    held = y.county.tables.get("schools", {}).get(y.counted)
    aside = [row for row in held.aside if not said_elsewhere(row)] if held else []
    if aside:
        yield Finding(
            "resources.rows_set_aside",
            "resources",
            "rows_set_aside",
            value=Fraction(len(aside)),
            target=Fraction(0),
            data_year=y.counted,
        )


def _limits(y: Year, stage: str, schools: int) -> Iterator[Finding]:
    limits = {name: entry.get("cv") for name, entry in y.standard.indicators.items()}
    found = {name: y.coefficients.get((name, stage)) for name in limits}
    values = {name: one.cv if one else None for name, one in found.items()}
    if y.standard.data.get(COMPOSITE):
        limits[COMPOSITE] = y.standard.data[COMPOSITE]["values"]
        values[COMPOSITE] = y.composite(stage)
    alone = schools == 1
    for name, given in limits.items():
        if given is None:
            continue
        value, (state, limit) = values[name], y.standard.state(given, y.day, stage)
        one_alone = alone and limit is not None
        yield Finding(
            f"resources.cv_{name}.{stage}",
            "resources",
            f"cv_{name}",
            stage,
            value=value,
            target=limit,
            sense="at_most",
            verdict="not_applicable"
            if one_alone
            else _at_bounds(y, name, stage, limit, judged(value, limit, "at_most", state)),
            data_year=y.counted,
        )


def _at_bounds(y: Year, name: str, stage: str, limit: Fraction | None, verdict: str) -> str:
    """Return the verdict on a coefficient: where amounts are set aside that on which the least and the most agree."""
    ends = None if name == COMPOSITE else between(y.places, name, stage)
    if ends is None or limit is None:
        return verdict
    least, most = (holds(Fraction(end), limit, "at_most") for end in ends)
    return "met" if most else "not_met" if not least else "undecidable"


def _recognition(y: Year) -> Iterator[Finding]:
    rule = y.standard.data.get("recognition")
    if not rule:
        return
    found = survey.shares(y.county.rows("survey", y.year), rule["groups"])
    asked = rule.get("target")
    state, target = y.standard.state(asked["values"], y.day) if asked else ("", None)
    if not found:
        yield Finding("recognition.recognition", "recognition", "recognition", target=target, sense="at_least")
        return
    for group, share in found.items():
        name = f"recognition_{group}" if group else "recognition"
        yield Finding(
            f"recognition.{name}",
            "recognition",
            name,
            value=share.value,
            target=target,
            sense="at_least" if asked else "",
            verdict=judged(share.value, target, "at_least", state) if asked else "not_applicable",
            data_year=y.year,
            told={"share": share},
        )
