"""What counties report beside their schools: classes, special rooms, teachers, duties and quality, the survey."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.sample.schools import Schools, stream
from analysis.sample.settings import Spec, model

FIRST_GRADE = {"primary": 1, "junior": 7}
#: The item that says what a pupil of a special school has.
OF_SPECIAL = "special_school_funding"


def _present(schools: Schools, year: int) -> tuple[int, NDArray[np.intp]]:
    """Return the index of the year and those of the schools that exist in it."""
    y = schools.years.index(year)
    return y, np.flatnonzero(schools.active[:, y])


def classes(schools: Schools, year: int) -> pl.DataFrame:
    """Return one row per class; a grade is divided as evenly as whole pupils allow, so that classes add up."""
    y, here = _present(schools, year)
    rows = []
    for i in here:
        for stage, first in FIRST_GRADE.items():
            for g, (pupils, number) in enumerate(
                zip(schools.grades[stage][i, :, y], schools.classes[stage][i, :, y], strict=True)
            ):
                for k in range(number):
                    size = (pupils + number - 1 - k) // number
                    rows.append((schools.code[i], schools.name[i], first + g, f"{k + 1}班", int(size)))
    return pl.DataFrame(rows, schema=["school", "name", "grade", "class", "pupils"], orient="row")


def rooms(schools: Schools, year: int, seed: int = 0) -> pl.DataFrame:
    """Return one row per music, art or other special room."""
    y, here = _present(schools, year)
    rng = stream(seed, schools.spec.code, 2)
    says = model()["rooms"]
    most = says["at_most"]
    # Drawn for all schools, whatever the year, so that a room keeps its size.
    size = {
        kind: np.round(rng.uniform(low, high, (len(schools.code), most)), 1)
        for kind, (low, high) in says["area"].items()
    }
    rows = []
    for i in here:
        number = sum(int(schools.classes[stage][i, :, y].sum()) for stage in FIRST_GRADE)
        for kind, prefix in says["prefix"].items():
            count = min(most, max(1, -(-number // says["classes_per_room"])))
            if kind in schools.spec["rooms_short"] and i % 3 == 0:
                count -= 1
            rows += [
                (schools.code[i], schools.name[i], f"{prefix}{k + 1}", kind, size[kind][i, k]) for k in range(count)
            ]
    return pl.DataFrame(rows, schema=["school", "name", "room", "room_type", "area"], orient="row")


def teachers(schools: Schools, year: int, seed: int = 0) -> pl.DataFrame:
    """Return one row per school and stage: certificates, training, rotation, psychology, degrees."""
    y, here = _present(schools, year)
    rng = stream(seed, schools.spec.code, 10_000 + year)
    says = schools.spec["staff"]
    rows = []
    for i in here:
        for stage in FIRST_GRADE:
            count = schools.amounts[f"teachers_{stage}"][i, y]
            if not count > 0:
                continue
            eligible = int(count * rng.uniform(0.35, 0.5))
            rotated = int(eligible * rng.uniform(*says["rotated"]) + rng.random())
            backbone = int(rotated * rng.uniform(*says["rotated_backbone"]) + rng.random())
            pupils = schools.grades[stage][i, :, y].sum()
            rows.append(
                {
                    "school": schools.code[i],
                    "name": schools.name[i],
                    "stage": stage,
                    "teachers": int(count),
                    "certified": int(np.ceil(count * rng.uniform(*says["certified"]))),
                    "trained": int(np.ceil(count * rng.uniform(*says["trained"]))),
                    "eligible": eligible,
                    "rotated": rotated,
                    "rotated_backbone": backbone,
                    "psychology": int(np.ceil(pupils / 1000)),
                    "postgraduate": int(count * rng.uniform(0.01, 0.06) * (2 if stage == "junior" else 1)),
                }
            )
    return pl.DataFrame(rows)


def government(
    spec: Spec, staff: pl.DataFrame | None, year: int, years: tuple[int, ...], seed: int = 0
) -> pl.DataFrame:
    """Return one row per item that a county reports: a value or an answer, and its evidence.

    Shares that follow from the teachers table are taken from it, so that the two sources agree.
    """
    rng = stream(seed, spec.code, 20_000 + year)
    behind = (years[-1] - year) / 5.0
    rows = []
    for item, says in model()["government"].items():
        low, high = says.get("value", (None, None))
        fails = item in spec["fails"]
        if item in spec["untold"] or ("since" in says and year < spec[says["since"]]):
            continue
        value, answer = None, None
        if "since" in says:
            value = float(year - spec[says["since"]])
        elif low is not None:
            bad = says["fails"]
            drawn = rng.uniform(low, high) - says.get("lag", 0.0) * behind * rng.uniform(0.6, 1.0)
            value = round(float(bad if fails else drawn), says.get("digits", 3))
            if staff is not None and "part" in says and not fails:
                value = _share(staff, *says["part"])
        else:
            answer = "no" if fails else "yes"
        evidence = says["evidence"].format(county=spec.zh, year=year, number=int(rng.integers(3, 60)))
        rows.append({"item": item, "name": says["zh"], "value": value, "answer": answer, "evidence": evidence})
    schema = {"item": pl.String, "name": pl.String, "value": pl.Float64, "answer": pl.String, "evidence": pl.String}
    return pl.DataFrame(rows, schema=schema)


def _share(staff: pl.DataFrame, part: str, whole: str) -> float:
    return round(int(staff[part].sum()) / int(staff[whole].sum()), 4)


def endowed(schools: Schools, seed: int = 0) -> Schools:
    """Return schools whose special ones have the funds that their county reports, a part as large for training."""
    special = schools.school_type == "special"
    if not special.any():
        return schools
    rows = [government(schools.spec, None, year, schools.years, seed) for year in schools.years]
    per_pupil = np.array([frame.filter(item=OF_SPECIAL)["value"].sum() for frame in rows])
    pupils = schools.pupils("primary") + schools.pupils("junior")
    before, training = schools.amounts["public_funds"], schools.amounts["training_funds"]
    changed = special[:, None] & (per_pupil > 0) & (before > 0)
    funds = np.where(changed, _hundreds(pupils * per_pupil), before)
    training = np.where(changed, _hundreds(funds * training / np.where(changed, before, 1.0)), training)
    return replace(schools, amounts=schools.amounts | {"public_funds": funds, "training_funds": training})


def _hundreds(yuan: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ceil(yuan / 100) * 100


def survey(spec: Spec, schools: int, year: int, years: tuple[int, ...], seed: int = 0) -> pl.DataFrame:
    """Return valid and approving questionnaires per group."""
    rng = stream(seed, spec.code, 30_000 + year)
    first, last = spec["satisfaction"]
    level = last - (last - first) * (years[-1] - year) / max(years[-1] - years[0], 1)
    rows: list[dict[str, Any]] = []
    for group, (asked, tilt) in model()["survey"].items():
        number = schools if group == "heads" else int(rng.integers(asked[0], asked[1] + 1))
        rate = min(level + tilt, 0.99)
        rows.append({"group": group, "asked": number, "satisfied": int(rng.binomial(number, rate))})
    return pl.DataFrame(rows)
