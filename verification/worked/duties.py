"""Items that are counted school by school: rooms, sizes of schools and classes, funds."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

from verification.raw.county import County
from verification.raw.tables import Row
from verification.rules import Standard, fraction, holds

MET, NOT_MET, NO_DATA = "met", "not_met", "no_data"


@dataclass(frozen=True)
class Duty:
    """What one school comes to: value and target, `told` what stands behind them."""

    school: str
    stage: str
    value: Fraction | None
    target: Fraction | None
    sense: str
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Return whether the school does what is asked."""
        if self.value is None or self.target is None:
            return NO_DATA
        return MET if holds(self.value, self.target, self.sense) else NOT_MET


def _selected(rows: list[Row], choices: list[dict[str, list[str]]] | None) -> list[Row]:
    """Return the schools that one of several choices names."""
    names = {"area": "settlement"}
    if not choices:
        return rows
    return [
        row for row in rows if any(all(row[names.get(key, key)] in of for key, of in one.items()) for one in choices)
    ]


def _of_stages(row: Row, column: str, standard: Standard) -> Fraction | None:
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
        pupils = _of_stages(school, "pupils", standard)
        small = pupils is not None and pupils < given["small_pupils_below"]
        stage = "junior" if (school.get("pupils_junior") or 0) > 0 else "primary"
        if small and largest < given["small_class_below"] and f"small_area_{stage}" in given:
            return min(usual, fraction(given[f"small_area_{stage}"]))
    if given.get("built_before") and school.get("built") and _month(school["built"]) < str(given["built_before"]):
        return fraction(given.get(f"{kind}_area_before", given[f"{kind}_area"]))
    return usual


def rooms(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's music and art rooms of full size, the scarcer kind."""
    given = item["parameters"]
    full: Counter[tuple[str, str]] = Counter()
    seen = set()
    least_of = {row["school"]: row for row in county.rows("schools", year)}
    largest = _largest(county, year)
    for row in county.rows("rooms", year):
        seen.add(row["school"])
        school = least_of.get(row["school"])
        if school is None or f"{row['room_type']}_area" not in given:
            continue
        least = _least(school, str(row["room_type"]), given, largest.get(row["school"]), standard)
        if row["area"] is not None and row["area"] >= least:
            full[row["school"], row["room_type"]] += 1
    for row in _selected(county.rows("schools", year), item.get("schools")):
        classes = _of_stages(row, "classes", standard)
        needed = None if classes is None else Fraction(ceil(classes / fraction(given["classes_per_room"])))
        if needed == 0:
            continue
        code = row["school"]
        music, art = full[code, "music"], full[code, "art"]
        value = Fraction(min(music, art)) if code in seen else None
        yield Duty(code, "", value, needed, "at_least", {"music": music, "art": art, "needed": needed})


def sizes(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's pupils of the compulsory stages against the limit of its kind."""
    for row in _selected(county.rows("schools", year), item.get("schools")):
        limit = item["parameters"].get(row["school_type"])
        built = item["parameters"].get("built_before")
        pupils = _of_stages(row, "pupils", standard)
        early = bool(built and row.get("built") and _month(row["built"]) < str(built))
        part = item["parameters"].get("migrants_above")
        if part is not None and pupils and row.get("migrants") is not None:
            early = early or row["migrants"] / pupils > fraction(part)
        if early:
            limit = item["parameters"].get(f"{row['school_type']}_before", limit)
        if pupils == 0:
            continue
        yield Duty(row["school"], "", pupils, None if limit is None else fraction(limit), "at_most")


def _month(said: str) -> str:
    digits = [one for one in said.replace("年", "-").replace("月", "").replace("/", "-").split("-") if one]
    return f"{int(digits[0]):04}-{int(digits[1]) if len(digits) > 1 else 1:02}"


def classes(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's largest class by stage."""
    held: dict[tuple[str, str], list[Fraction | None]] = {}
    stage_of = {grade: stage for stage, grades in standard.data["grades"].items() for grade in grades}
    for row in county.rows("classes", year):
        held.setdefault((row["school"], stage_of.get(int(row["grade"]), "")), []).append(row["pupils"])
    for stage in ("primary", "junior"):
        limit = fraction(item["parameters"][stage])
        for row in _selected(county.rows("schools", year), item.get("schools")):
            if stage not in standard.data["school_types"].get(row["school_type"], {}):
                continue
            if row.get(f"pupils_{stage}") == 0:
                continue
            mine = held.get((row["school"], stage), [])
            known = [one for one in mine if one is not None]
            over = sum(one > limit for one in known)
            listed = row.get(f"classes_{stage}")
            whole = len(known) == len(mine) and not (listed is not None and len(mine) < listed)
            value = max(known) if known and (whole or over) else None
            yield Duty(row["school"], stage, value, limit, "at_most", {"over": over, "classes": len(mine)})


def small(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield small schools with the pupils that they are funded for."""
    given = item["parameters"]
    for row in _selected(county.rows("schools", year), item.get("schools")):
        pupils = _of_stages(row, "pupils", standard)
        if pupils is not None and 0 < pupils < given["pupils_below"]:
            yield Duty(row["school"], "", row.get("funded_pupils"), fraction(given["funded_as"]), "at_least")


def training(county: County, standard: Standard, item: dict[str, Any], year: int) -> Iterator[Duty]:
    """Yield each school's training funds as a part of its public funds."""
    for row in _selected(county.rows("schools", year), item.get("schools")):
        public, own = row.get("public_funds"), row.get("training_funds")
        value = own / public if public and own is not None else None
        yield Duty(row["school"], "", value, fraction(item["parameters"]["part"]), "at_least")


RULES: dict[str, Callable[[County, Standard, dict[str, Any], int], Iterator[Duty]]] = {
    "special_rooms": rooms,
    "school_size": sizes,
    "class_size": classes,
    "small_school_funding": small,
    "training_funds": training,
}


def duties(county: County, standard: Standard, name: str, year: int) -> list[Duty] | None:
    """Return what the schools of a year come to in an item; None where its rule is not known here."""
    item = standard.items[name]
    rule = RULES.get(str(item.get("rule")))
    return None if rule is None else list(rule(county, standard, item, year))


def by_rows(county: County, standard: Standard, item: dict[str, Any], year: int) -> Fraction | None:
    """Return what rows come to of an item that a county reports; None where they don't tell, or by another rule."""
    asked = item.get("rows", {})
    if asked.get("rule") == "teacher_share":
        return _share_of_teachers(county, asked["parameters"], year)
    if asked.get("rule") == "school_counts" and set(asked["parameters"]) == {"of"}:
        schools = _selected(county.rows("schools", year), asked.get("schools"))
        return _for_a_pupil(schools, asked["parameters"]["of"], standard)
    return None


def _share_of_teachers(county: County, asked: dict[str, Any], year: int) -> Fraction | None:
    rows, column, over = county.rows("teachers", year), asked["column"], asked.get("over", "teachers")
    total = sum((row[over] for row in rows if row[over] is not None), Fraction(0))
    return sum((row[column] for row in rows if row[column] is not None), Fraction(0)) / total if total else None


def _for_a_pupil(schools: list[Row], columns: list[str], standard: Standard) -> Fraction | None:
    """Return what schools have of some columns together for each of their pupils, where every school tells both."""
    held = [row.get(column) for row in schools for column in columns]
    pupils = [_of_stages(row, "pupils", standard) for row in schools]
    known, heads = [one for one in held if one is not None], [one for one in pupils if one is not None]
    if len(known) < len(held) or len(heads) < len(pupils) or not sum(heads):
        return None
    return sum(known, Fraction(0)) / sum(heads, Fraction(0))
