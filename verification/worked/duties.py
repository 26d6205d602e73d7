"""Items that are counted school by school: rooms, sizes of schools and classes, funds, one indicator's floor."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from verification.raw.county import County
from verification.raw.tables import Row
from verification.rules import NOT_IN_FORCE, Standard, fraction, holds
from verification.worked import floors
from verification.worked.finding import Finding
from verification.worked.stages import STAGES

if TYPE_CHECKING:
    from verification.worked.findings import Year

MET, NOT_MET, NO_DATA, UNDECIDABLE = "met", "not_met", "no_data", "undecidable"
#: The rule that looks at one floor.
AT_FLOOR = "schools_at_floor"


@dataclass(frozen=True)
class Duty:
    """What one school comes to: value and target, `told` what stands behind them; `given` is a verdict that it has."""

    school: str
    stage: str
    value: Fraction | None
    target: Fraction | None
    sense: str
    told: dict[str, Any] = field(default_factory=dict)
    given: str = ""

    @property
    def verdict(self) -> str:
        """Return whether the school does what is asked."""
        if self.given:
            return self.given
        if self.value is None or self.target is None:
            return NO_DATA
        return MET if holds(self.value, self.target, self.sense) else NOT_MET


def selected(rows: list[Row], choices: list[dict[str, list[str]]] | None) -> list[Row]:
    """Return the schools that one of several choices names."""
    names = {"area": "settlement"}
    if not choices:
        return rows
    return [
        row for row in rows if any(all(row[names.get(key, key)] in of for key, of in one.items()) for one in choices)
    ]


def of_stages(row: Row, column: str, standard: Standard) -> Fraction | None:
    """Return the sum over the compulsory stages that a school's kind has."""
    levels = [one for one in standard.data["school_types"].get(row["school_type"], {}) if one != "senior"]
    held = [row.get(f"{column}_{level}") for level in levels]
    known = [one for one in held if one is not None]
    return None if len(known) < len(held) else sum(known, Fraction(0))


def _largest(county: County, year: int) -> dict[str, Fraction | None]:
    """Return the largest class of each school; None where one of its classes has no number."""
    found: dict[str, Fraction | None] = {}
    for row in county.rows("classes", year):
        before, size = found.get(row["school"], Fraction(0)), row["pupils"]
        found[row["school"]] = None if before is None or size is None else max(before, size)
    return found


def _least(school: Row, kind: str, given: dict[str, Any], largest: Fraction | None, standard: Standard) -> Fraction:
    """Return the least area of a room of full size in a school: smaller in early and in small rural schools."""
    usual = fraction(given[f"{kind}_area"])
    if "small_class_below" in given and largest is not None and school["settlement"] == "rural":
        pupils = of_stages(school, "pupils", standard)
        small = pupils is not None and pupils < given["small_pupils_below"]
        stage = "junior" if (school.get("pupils_junior") or 0) > 0 else "primary"
        if small and largest < given["small_class_below"] and f"small_area_{stage}" in given:
            return min(usual, fraction(given[f"small_area_{stage}"]))
    if given.get("built_before") and school.get("built") and school["built"] < str(given["built_before"]):
        return fraction(given.get(f"{kind}_area_before", given[f"{kind}_area"]))
    return usual


def rooms(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's music and art rooms of full size, the scarcer kind; none where one of unknown area would
    decide, and no need where a school has pupils and no class."""
    given = item["parameters"]
    full: Counter[tuple[str, str]] = Counter()
    best: Counter[tuple[str, str]] = Counter()
    seen = set()
    least_of = {row["school"]: row for row in county.rows("schools", year)}
    largest = _largest(county, year)
    for row in county.rows("rooms", year):
        seen.add(row["school"])
        school = least_of.get(row["school"])
        if school is None or f"{row['room_type']}_area" not in given:
            continue
        least = _least(school, str(row["room_type"]), given, largest.get(row["school"]), standard)
        full[row["school"], row["room_type"]] += row["area"] is not None and row["area"] >= least
        best[row["school"], row["room_type"]] += row["area"] is None or row["area"] >= least
    for row in selected(county.rows("schools", year), item.get("schools")):
        classes = of_stages(row, "classes", standard)
        silent = classes == 0 and (of_stages(row, "pupils", standard) or 0) > 0
        needed = None if classes is None or silent else Fraction(ceil(classes / fraction(given["classes_per_room"])))
        if needed == 0:
            continue
        code = row["school"]
        music, art = full[code, "music"], full[code, "art"]
        most = min(best[code, "music"], best[code, "art"])
        unsure = needed is not None and min(music, art) < needed <= most
        value = Fraction(min(music, art)) if code in seen and not unsure else None
        yield Duty(code, "", value, needed, "at_least", {"music": music, "art": art, "needed": needed})


def sizes(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's pupils of the compulsory stages against the limit of its kind."""
    for row in selected(county.rows("schools", year), item.get("schools")):
        pupils = of_stages(row, "pupils", standard)
        limit = _limit(row, item["parameters"], pupils)
        if pupils == 0:
            continue
        yield Duty(row["school"], "", pupils, limit, "at_most")


def _limit(row: Row, given: dict[str, Any], pupils: Fraction | None) -> Fraction | None:
    """Return the limit of a school's kind; None where it is not known whether that of early schools holds."""
    kind = row["school_type"]
    usual = None if given.get(kind) is None else fraction(given[kind])
    if usual is None or not given.get("built_before"):
        return usual
    early = fraction(given.get(f"{kind}_before", given[kind]))
    built = row.get("built") or ""
    part = given.get("migrants_above")
    migrants = part is not None and bool(pupils) and row.get("migrants") is not None
    if (built and built < str(given["built_before"])) or (
        migrants and row["migrants"] / (pupils or Fraction(1)) > fraction(part)
    ):
        return early
    unsure = pupils is not None and usual < pupils <= early and not given.get("concession")
    return None if unsure and not built else usual


def classes(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's largest class by stage; of the first grades alone where the item looks at these."""
    given = item["parameters"]
    stage_of = {grade: stage for stage, grades in standard.data["grades"].items() for grade in grades}
    firsts = {grades[0] for grades in standard.data["grades"].values()}
    held: dict[tuple[str, str], list[Fraction | None]] = {}
    listed: Counter[tuple[str, str]] = Counter()
    for row in county.rows("classes", year):
        grade = int(row["grade"])
        key = (row["school"], stage_of.get(grade, ""))
        listed[key] += 1
        if grade in firsts or not given.get("first_grades"):
            held.setdefault(key, []).append(row["pupils"])
    for stage in (one for one in STAGES if one in given):
        limit = fraction(given[stage])
        for row in selected(county.rows("schools", year), item.get("schools")):
            if stage not in standard.data["school_types"].get(row["school_type"], {}):
                continue
            if row.get(f"pupils_{stage}") == 0:
                continue
            mine = held.get((row["school"], stage), [])
            known = [one for one in mine if one is not None]
            over = sum(one > limit for one in known)
            reported = row.get(f"classes_{stage}")
            short = reported is not None and 0 < listed[row["school"], stage] < reported
            whole = len(known) == len(mine) and not short
            value = max(known) if known and (whole or over) else None
            yield Duty(row["school"], stage, value, limit, "at_most", {"over": over, "classes": len(mine)})


def small(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield small schools with the pupils that they are funded for."""
    given = item["parameters"]
    for row in selected(county.rows("schools", year), item.get("schools")):
        pupils = of_stages(row, "pupils", standard)
        if pupils is not None and 0 < pupils < given["pupils_below"]:
            yield Duty(row["school"], "", row.get("funded_pupils"), fraction(given["funded_as"]), "at_least")


def training(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's training funds as a part of its public funds."""
    for row in selected(county.rows("schools", year), item.get("schools")):
        public, own = row.get("public_funds"), row.get("training_funds")
        value = own / public if public and own is not None else None
        yield Duty(row["school"], "", value, fraction(item["parameters"]["part"]), "at_least")


def for_classes(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield what each school has of a column against so many for each of its classes."""
    column, each = item["parameters"]["column"], fraction(item["parameters"]["per_class"])
    for row in selected(county.rows("schools", year), item.get("schools")):
        held = of_stages(row, "classes", standard)
        needed = None if held is None else held * each
        if needed != 0:
            yield Duty(row["school"], "", row.get(column), needed, "at_least")


RULES: dict[str, Callable[[County, Standard, dict[str, Any], int], Iterator[Duty]]] = {
    "special_rooms": rooms,
    "school_size": sizes,
    "class_size": classes,
    "small_school_funding": small,
    "training_funds": training,
    "at_least_per_class": for_classes,
}


def known(item: dict[str, Any]) -> bool:
    """Whether an item, or what its rows tell of it, is counted school by school."""
    return str(item["rule"]) in {*RULES, AT_FLOOR}


def duties(y: "Year", item: dict[str, Any]) -> Iterator[Duty]:
    """Yield what the schools of a year come to in an item."""
    if item["rule"] == AT_FLOOR:
        yield from _at_floor(y, item["parameters"])
    else:
        for one in RULES[str(item["rule"])](y.county, y.standard, item, y.counted):
            yield _doubted(y, str(item["rule"]), one)


#: What a rule rests on, by table: where such a value is set aside a school without an amount is not decided. And the
#: verdict on a school that one more row of a table, where one is set aside, could turn round.
RESTS: dict[str, dict[str, tuple[str, ...]]] = {
    "special_rooms": {"schools": ("classes_primary", "classes_junior"), "rooms": ("area",)},
    "school_size": {"schools": ("built",)},
    "small_school_funding": {"schools": ("funded_pupils", "public_funds")},
    "training_funds": {"schools": ("public_funds", "training_funds")},
    "at_least_per_class": {"schools": ("classes_primary", "classes_junior")},
}
TURNED = {"special_rooms": ("rooms", NOT_MET), "class_size": ("classes", MET)}


def _doubted(y: "Year", rule: str, one: Duty) -> Duty:
    """Return what a school comes to, undecidable or without data where it hangs on what is set aside."""
    rests = RESTS.get(rule, {})
    if one.verdict == NO_DATA and any(_lost(y, table, one.school, names) for table, names in rests.items()):
        return replace(one, given=UNDECIDABLE)
    if rule == "class_size" and one.verdict == MET and _lost(y, "schools", one.school, (f"classes_{one.stage}",)):
        return replace(one, given=UNDECIDABLE)
    table, verdict = TURNED.get(rule, ("", ""))
    if one.verdict == verdict and one.school in _outside(y, table):
        return replace(one, given=NO_DATA)
    return one


def _lost(y: "Year", table: str, school: str, names: tuple[str, ...]) -> bool:
    rows = [row for row in y.county.rows(table, y.counted) if row.get("school") == school]
    return any(name in row["lost"] for row in rows for name in names)


def _outside(y: "Year", table: str) -> set[str]:
    """Return the schools of which rows of a table are set aside: all of them, where such a row names none."""
    held = y.county.tables.get(table, {}).get(y.counted)
    every = {row["school"] for row in y.county.rows("schools", y.counted)}
    found: set[str] = set()
    for row in held.aside if held else ():
        if any(fault.rule == "repeated" for fault in row["faults"]):
            continue
        named = {code for code in every if any(code in said for said in row["said"].values())}
        found |= named or every
    return found


def _at_floor(y: "Year", given: dict[str, Any]) -> Iterator[Duty]:
    """Yield each school's value of one indicator by the verdict on its floor, or on the floor to come."""
    for stage in (one for one in STAGES if given.get("stage") in (None, one)):
        for one in floors.rules(y, stage, y.inside(stage)):
            if one.item == f"floor_{given['indicator']}":
                yield Duty(one.school, stage, one.value, one.target, "at_least", given=_by_then(one))


def _by_then(one: Finding) -> str:
    early = one.verdict == NOT_IN_FORCE and one.margin is not None
    return (MET if (one.margin or 0) >= 0 else NOT_MET) if early else one.verdict
