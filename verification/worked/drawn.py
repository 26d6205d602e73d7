"""Which schools a field check draws by its seed, and the values that it looks at there."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from verification.numbers import twelve
from verification.raw.tables import Row
from verification.raw.visit import Key, known
from verification.worked.case import Case
from verification.worked.finding import Finding
from verification.worked.stages import STAGES
from verification.worked.visited import place_of, values

#: A floor that is met by no more than this part of it is at risk, and a class within this part of its limit.
NEAR = Fraction(1, 20)
BELOW, MISSING, CLOSE = "below", "missing", "near"
#: Rules that look at single rows: classes over their limit or near it, rooms of two kinds.
CLASSES, ROOMS = "class_size", ("music", "art")


@dataclass(frozen=True)
class Drawn:
    """A school drawn: whether by its risk, and whether it is of the larger half of its type."""

    row: Row
    by_risk: bool
    larger: bool


def risk(case: Case, one: Finding) -> str:
    """Return at what risk a finding puts its school: below, missing or near; "" where at none."""
    if not one.school or one.item == "school_rule":
        return ""
    if one.verdict == "not_met":
        return BELOW
    if one.verdict == "no_data":
        return MISSING
    if one.item.startswith("floor_") and one.verdict == "met" and one.margin is not None and one.target:
        return CLOSE if Fraction(twelve(one.margin / one.target)) <= NEAR else ""
    return ""


def risks(case: Case) -> dict[str, list[tuple[Finding, str]]]:
    """Return the findings that put each school at risk."""
    found: dict[str, list[tuple[Finding, str]]] = {}
    for one in case.now.findings.values():
        if said := risk(case, one):
            found.setdefault(one.school, []).append((one, said))
    return found


def heads(row: Row) -> Fraction:
    """Return the pupils of a school's compulsory stages that are reported."""
    return sum((row.get(f"pupils_{stage}") or Fraction(0) for stage in STAGES), Fraction(0))


def drawn(case: Case, number: int, seed: int) -> list[Drawn]:
    """Return the schools that a seed draws: of each type in turn the one with most at risk and one by lot."""
    rows, at_risk = case.county.rows("schools", case.year), risks(case)
    lot = {row["school"]: hashlib.sha256(f"{seed}:{row['school']}".encode()).hexdigest() for row in rows}
    types: dict[str, list[Row]] = {}
    for row in rows:
        types.setdefault(row["school_type"], []).append(row)
    places = [one for held in types.values() for one in _of_type(held, lot, {k: len(v) for k, v in at_risk.items()})]
    places.sort(key=lambda one: one[0])
    return sorted((one for _, one in places[:number]), key=lambda one: (one.row["school_type"], one.row["school"]))


def _of_type(
    rows: list[Row], lot: dict[str, str], count: dict[str, int]
) -> Iterator[tuple[tuple[bool, Fraction, int, str], Drawn]]:
    """Yield the schools of a type with their place among those of all types."""
    by_size = sorted(range(len(rows)), key=lambda at: (heads(rows[at]), at))
    larger = {rows[at]["school"]: 2 * (size + 1) > len(rows) for size, at in enumerate(by_size)}
    codes = sorted((row["school"] for row in rows), key=lot.__getitem__)
    seen: Counter[bool] = Counter()
    half = {}
    for code in codes:
        half[code] = seen[larger[code]]
        seen[larger[code]] += 1
    pupils = {row["school"]: heads(row) for row in rows}
    by_lot = {code: 2 * at + 1 for at, code in enumerate(sorted(codes, key=lambda code: (half[code], lot[code])))}
    ranked = sorted(codes, key=lambda code: (-count.get(code, 0), -pupils[code], lot[code]))
    by_risk = {code: 2 * at if count.get(code) else by_lot[code] + 1 for at, code in enumerate(ranked)}
    order = sorted(codes, key=lambda code: (min(by_lot[code], by_risk[code]), lot[code]))
    held = {row["school"]: row for row in rows}
    for turn, code in enumerate(order):
        share = (turn + Fraction(1, 2)) / len(rows)
        yield (turn > 0, share, -len(rows), code), Drawn(held[code], by_risk[code] < by_lot[code], larger[code])


@dataclass(frozen=True)
class Asked:
    """A value on the sheet: as it was reported, and the hint beside it with its limit."""

    reported: Fraction | None
    hint: str = ""
    limit: Fraction | None = None


def asked(case: Case, row: Row) -> dict[Key, Asked]:
    """Return the values of a school that the sheet lists."""
    code, reported = row["school"], values(case.county, case.year)
    found: dict[Key, Asked] = {}
    for column, hint in _amounts(case, row):
        found[code, "schools", column, ""] = Asked(row.get(column), hint)
    levels = case.standard.data["school_types"].get(row["school_type"], {})
    foreign = {f"classes_{stage}" for stage in STAGES if stage not in levels}
    for name, item in case.standard.items.items():
        if any(one.item == name and one.school == code for one in case.now.findings.values()):
            for column in known()["rests"].get(str(item.get("rule")), ()):
                if column not in foreign:
                    found.setdefault((code, "schools", column, ""), Asked(row.get(column)))
    found |= {key: one for key, one in _classes(case, code) if key in reported}
    for one in case.county.rows("rooms", case.year):
        if one["school"] == code and one["room_type"] in ROOMS:
            found[code, "rooms", "area", place_of("rooms", one)] = Asked(one["area"], str(one["room_type"]))
    return found


def _amounts(case: Case, row: Row) -> Iterator[tuple[str, str]]:
    """Yield the columns that the indicators of a school rest on, with the worst risk of their indicator."""
    levels = case.standard.data["school_types"].get(row["school_type"], {})
    at_risk = risks(case).get(row["school"], [])
    yield from ((f"pupils_{level}", "") for level in levels)
    for name, entry in case.standard.indicators.items():
        said = {each for one, each in at_risk if one.item == f"floor_{name}"}
        hint = next((each for each in (BELOW, MISSING, CLOSE) if each in said), "")
        amount = str(entry["amount"])
        stages = [f"{amount}_{stage}" for stage in STAGES if stage in levels and entry["by_stage"]]
        told = [column for column in (amount, *stages) if row.get(column) is not None]
        yield from ((column, hint) for column in told or [amount])


def _classes(case: Case, code: str) -> Iterator[tuple[Key, Asked]]:
    """Yield the classes of a school over their limit, or near it."""
    names = {name for name, item in case.standard.items.items() if item.get("rule") == CLASSES}
    limits: dict[str, Fraction] = {}
    for one in case.now.findings.values():
        if one.school == code and one.item in names and one.target is not None:
            limits[one.stage] = min(one.target, limits.get(one.stage, one.target))
    stage_of = {grade: stage for stage, grades in case.standard.data["grades"].items() for grade in grades}
    for row in case.county.rows("classes", case.year):
        limit = limits.get(stage_of.get(int(row["grade"]), ""))
        if row["school"] != code or limit is None:
            continue
        pupils = row["pupils"]
        near = pupils is None or pupils >= limit * (1 - NEAR)
        hint = BELOW if pupils is not None and pupils > limit else CLOSE if near else ""
        if hint:
            yield (code, "classes", "pupils", place_of("classes", row)), Asked(pupils, hint, limit)
