"""Every finding of a county and year, worked out again: value, target, verdict, and what stands behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from verification.raw.county import County
from verification.rules import COMPOSITE, Standard, fraction, holds
from verification.worked import duties, survey
from verification.worked.dispersion import Coefficient, coefficient, pairs
from verification.worked.finding import FIELDS, Finding, joined, judged
from verification.worked.monitored import quality
from verification.worked.stages import STAGES, Place, places


@dataclass
class Year:
    """One year of a county, by a standard."""

    county: County
    standard: Standard
    year: int

    @property
    def day(self) -> date:
        """Return the day whose rules hold: the last of the year."""
        return date(self.year, 12, 31)

    @cached_property
    def places(self) -> list[Place]:
        """Return schools by stage."""
        return places(self.county, self.standard, self.year)

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
        """Return all findings by id."""
        found = {one.id: one for part in (_resources, quality, _items, _recognition) for one in part(self)}
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


def _resources(y: Year) -> Iterator[Finding]:
    rule = y.standard.data.get("school_rule")
    for stage in STAGES:
        inside = y.inside(stage)
        if not inside:
            continue
        verdicts = []
        for place in inside:
            floors = list(_floors(y, place))
            yield from floors
            if rule:
                one = _school_rule(place, floors, rule, y.year)
                verdicts.append(one.verdict)
                yield one
        if rule:
            met = Fraction(sum(one == "met" for one in verdicts), len(verdicts))
            verdict = "met" if met == 1 else "not_met" if "not_met" in verdicts else joined(verdicts)
            yield Finding(
                f"resources.schools.{stage}",
                "resources",
                "schools",
                stage,
                value=met,
                target=fraction(rule["schools"]["values"]),
                sense="at_least",
                verdict=verdict,
                data_year=y.year,
            )
        yield from _limits(y, stage, len(inside))
    aside = y.county.tables.get("schools", {}).get(y.year)
    if aside and aside.aside:
        yield Finding(
            "resources.rows_set_aside",
            "resources",
            "rows_set_aside",
            value=Fraction(len(aside.aside)),
            target=Fraction(0),
            data_year=y.year,
        )


def _floors(y: Year, place: Place) -> Iterator[Finding]:
    for name in y.standard.indicators:
        target = y.standard.floor(name, place.stage, y.day)
        if target is None:
            continue
        value = place.per_pupil(name, y.standard)
        yield Finding(
            f"resources.floor_{name}.{place.stage}.{place.school}",
            "resources",
            f"floor_{name}",
            place.stage,
            school=place.school,
            value=value,
            target=target,
            sense="at_least",
            verdict=judged(value, target, "at_least"),
            data_year=y.year,
        )


def _school_rule(place: Place, floors: list[Finding], rule: dict[str, Any], year: int) -> Finding:
    met = [one for one in floors if one.verdict == "met"]
    short = [one for one in floors if one.verdict == "not_met"]
    part = fraction(rule["rest_part"])
    far = [one for one in short if one.value is not None and one.target and not _reaches(one, part)]
    if far or len(short) > len(floors) - rule["must_meet"]:
        verdict = "not_met"
    elif len(met) + len(short) < len(floors):
        verdict = "no_data"
    else:
        verdict = "met"
    return Finding(
        f"resources.school_rule.{place.stage}.{place.school}",
        "resources",
        "school_rule",
        place.stage,
        school=place.school,
        value=Fraction(len(met)),
        target=Fraction(rule["must_meet"]),
        sense="at_least",
        verdict=verdict,
        data_year=year,
    )


def _reaches(one: Finding, part: Fraction) -> bool:
    return one.value is not None and one.target is not None and holds(one.value, one.target * part, "at_least")


def _limits(y: Year, stage: str, schools: int) -> Iterator[Finding]:
    limits = {name: y.standard.limit(name, stage, y.day) for name in y.standard.indicators}
    found = {name: y.coefficients.get((name, stage)) for name in limits}
    values = {name: one.cv if one else None for name, one in found.items()}
    if y.standard.data.get(COMPOSITE):
        limits[COMPOSITE] = y.standard.limit(COMPOSITE, stage, y.day)
        values[COMPOSITE] = y.composite(stage)
    alone = schools == 1
    for name, limit in limits.items():
        if limit is None:
            continue
        value = values[name]
        yield Finding(
            f"resources.cv_{name}.{stage}",
            "resources",
            f"cv_{name}",
            stage,
            value=value,
            target=limit,
            sense="at_most",
            verdict="not_applicable" if alone else judged(value, limit, "at_most"),
            data_year=y.year,
        )


def _items(y: Year) -> Iterator[Finding]:
    reported = {row["item"]: row for row in y.county.rows("government", y.year)}
    for name, item in y.standard.items.items():
        target = item.get("target")
        limit = y.standard.at(target["values"], y.day) if target else None
        sense = target["sense"] if target else ""
        base = Finding(f"{item['field']}.{name}", item["field"], name, target=limit, sense=sense, data_year=y.year)
        row = reported.get(name)
        if item["kind"] != "computed" and row is None:
            base = _with(base, data_year=None)
        if item["kind"] == "computed":
            yield from _computed(y, name, base)
        elif item["kind"] == "answer":
            answer = row["answer"] if row else ""
            verdict = (
                "not_met" if answer == "no" else "met" if answer == "yes" and row and row["evidence"] else "no_data"
            )
            yield _with(base, verdict=verdict, traced=True)
        else:
            typed = row["value"] if row else None
            computed = duties.by_rows(y.county, y.standard, item, y.year)
            value = computed if typed is None else typed
            traced = typed is not None
            yield _with(base, value=value, verdict=judged(value, limit, sense), traced=traced, computed=computed)


def _with(base: Finding, **changes: Any) -> Finding:
    return Finding(**{**base.__dict__, **changes})


def _computed(y: Year, name: str, base: Finding) -> Iterator[Finding]:
    found = duties.duties(y.county, y.standard, name, y.year)
    if not found:
        yield _with(base, verdict="not_applicable" if y.county.rows("schools", y.year) else "no_data")
        return
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
            data_year=y.year,
            told=one.told,
        )
    verdicts = [one.verdict for one in found]
    share = Fraction(verdicts.count("met"), len(verdicts))
    if "not_met" not in verdicts and "no_data" in verdicts:
        yield _with(base, verdict="no_data", value=share or None)
        return
    yield _with(base, value=share, verdict=judged(share, base.target, base.sense))


def _recognition(y: Year) -> Iterator[Finding]:
    rule = y.standard.data.get("recognition")
    if not rule:
        return
    found = survey.shares(y.county.rows("survey", y.year), rule["groups"])
    target = y.standard.at(rule["target"]["values"], y.day) if rule.get("target") else None
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
            sense="at_least" if rule.get("target") else "",
            verdict=judged(share.value, target, "at_least") if rule.get("target") else "not_applicable",
            data_year=y.year,
            told={"share": share},
        )
