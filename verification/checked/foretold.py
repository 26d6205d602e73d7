"""What results.json foretells: drawn by lot, so that it is held to what is known: years, keys, targets, what is now."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verification.checked.kinds import Kind
from verification.rules import fraction, holds
from verification.worked import gained
from verification.worked.stages import STAGES

if TYPE_CHECKING:
    from verification.checked.results import Results

#: How closely parts that are printed must add up.
NEAR = 1e-9


def hold(results: "Results", said: dict[str, Any]) -> None:
    """Hold all rows of a forecast."""
    years = said["years"]
    for name, key in (("enrolment", ("stage",)), ("values", ("item", "stage")), ("indicators", ("indicator", "stage"))):
        _keys(results, name, said[name], key, years)
    for row in said["enrolment"]:
        now = gained.taught(results.case, row["stage"])
        results.hold(f"forecast {row['stage']} now", row["now"], now, Kind.WORKED)
        _ends(results, f"forecast {row['stage']} {row['year']}", row)
    for row in said["values"]:
        _value(results, row)
    for row in said["indicators"]:
        _indicator(results, row)
    for row in said["lost"]:
        _lost(results, row, years)


def _keys(
    results: "Results", name: str, rows: list[dict[str, Any]], key: tuple[str, ...], years: Iterable[int]
) -> None:
    """Hold that each thing has a row for each year, and none twice."""
    seen = [(*(str(row[part]) for part in key), row["year"]) for row in rows]
    things = {one[:-1] for one in seen}
    wanted = {(*thing, year) for thing in things for year in years}
    if name != "values":
        indicators = list(results.case.standard.indicators) if name == "indicators" else [""]
        stages = [stage for stage in STAGES if results.case.now.inside(stage)]
        wanted = {(*filter(None, (one, stage)), year) for one in indicators for stage in stages for year in years}
    if len(seen) != len(set(seen)) or set(seen) != wanted:
        odd = sorted(map(str, set(seen) ^ wanted)) or ["a row twice"]
        results.record.bad(results.document, f"forecast {name}", len(seen), f"{len(wanted)} rows: {odd[0]}")


def _ends(results: "Results", place: str, row: dict[str, Any]) -> None:
    if row["value"] is not None and not row["low"] <= row["value"] <= row["high"]:
        results.record.bad(results.document, place, row["value"], f"{row['low']} to {row['high']}")
    results.record.good(results.document, Kind.TRACED, 3)


def _target(results: "Results", item: str, stage: str, year: int) -> Fraction | None:
    """Return the target that an item has at the end of a year."""
    of, day = results.case.standard, date(year, 12, 31)
    kind, _, name = item.partition("_")
    if item == "schools":
        return of.at(of.data["school_rule"]["schools"]["values"], day, stage)
    if item == "school_rule":
        return fraction(of.data["school_rule"]["must_meet"])
    return of.floor(name, stage, day) if kind == "floor" else of.limit(name, stage, day)


def _value(results: "Results", row: dict[str, Any]) -> None:
    place = f"forecast {row['finding']} {row['year']}"
    now = results.case.now.findings.get(row["finding"])
    results.hold(f"{place} finding", row["finding"], f"resources.{row['item']}.{row['stage']}", Kind.FORM)
    known = now is not None and now.verdict != "not_applicable"  # one school alone has no difference to foretell
    results.hold(f"{place} now", row["now"], now.value if now and known else None, Kind.WORKED)
    results.hold(f"{place} target", row["target"], _target(results, row["item"], row["stage"], row["year"]), Kind.RULE)
    _ends(results, place, row)
    if row["by_enrolment"] is not None:
        results.hold(f"{place} kept", row["kept"], row["now"] + row["by_enrolment"], Kind.WORKED, NEAR)
        results.hold(f"{place} value", row["value"], row["kept"] + row["by_amounts"], Kind.WORKED, NEAR)
    for name in ("probability", "probability_kept"):
        if row[name] is not None and not 0 <= row[name] <= 1:
            results.record.bad(results.document, f"{place} {name}", row[name])


def _indicator(results: "Results", row: dict[str, Any]) -> None:
    case, name, stage = results.case, row["indicator"], row["stage"]
    place = f"forecast {name} {stage} {row['year']}"
    found = case.now.coefficients.get((name, stage))
    per = fraction(case.standard.indicators[name]["per"])
    results.hold(f"{place} now", row["now"], found.mean * per if found else None, Kind.WORKED)
    floor = case.standard.floor(name, stage, date(row["year"], 12, 31))
    results.hold(f"{place} floor", row["floor"], floor, Kind.RULE)
    _ends(results, place, row)
    if row["below_now"] is None:
        return
    inside, now = case.now.inside(stage), case.standard.floor(name, stage, case.now.day)
    values = [value for one in inside if (value := one.per_pupil(name, case.standard)) is not None]
    below = sum(now is not None and not holds(value, now, "at_least") for value in values)
    results.hold(f"{place} below_now", row["below_now"], below, Kind.WORKED)
    if row["below"] is not None and not 0 <= row["below"] <= len(inside):
        results.record.bad(results.document, f"{place} below", row["below"], f"0 to {len(inside)}")
    results.record.good(results.document, Kind.TRACED)


def _lost(results: "Results", row: dict[str, Any], years: list[int]) -> None:
    place = f"forecast lost {row['finding']}"
    laid = results.case.laid.now.findings if results.case.laid else {}
    now = results.case.now.findings.get(row["finding"]) or laid.get(row["finding"])
    if now is None or now.verdict != "met" or row["year"] not in years:
        results.record.bad(results.document, place, row["year"], "what is met now, in a year that is foretold")
        return
    results.hold(f"{place} now", row["now"], now.value, Kind.WORKED)
    for key in ("item", "stage", "school"):
        results.hold(f"{place} {key}", row[key] or "", getattr(now, key), Kind.FORM)
    if now.field == "resources":
        asked = _target(results, row["item"], row["stage"], row["year"])
        results.hold(f"{place} target", row["target"], asked, Kind.RULE)
    if not 0 <= row["probability"] <= 1 or (row["lacking"] or 0) < 0:
        results.record.bad(
            results.document, place, row["probability"], "a probability, and a lack that is none below 0"
        )
    results.record.good(results.document, Kind.TRACED, 3)
