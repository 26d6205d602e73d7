"""Schools of one county over the years: types, places, pupils by cohort, resources that grow smoothly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sample import life, names, resources
from analysis.sample.resources import COMBINED, STAGES, Floats
from analysis.sample.settings import SCHOOL_TYPES, Spec, model


@dataclass(frozen=True)
class Schools:
    """n schools in y years.

    `grades[stage]` and `classes[stage]` are (n, grades, y); `amounts[column]` is (n, y), NaN where it does not apply.
    """

    spec: Spec
    years: tuple[int, ...]
    code: list[str]
    name: list[str]
    school_type: NDArray[np.str_]
    township: list[str]
    area: NDArray[np.str_]
    run_by: NDArray[np.str_]
    built: list[str]
    active: NDArray[np.bool_]
    grades: dict[str, NDArray[np.int64]]
    classes: dict[str, NDArray[np.int64]]
    amounts: dict[str, Floats]

    def pupils(self, stage: str) -> NDArray[np.int64]:
        """Return pupils of a stage, (n, y)."""
        total: NDArray[np.int64] = self.grades[stage].sum(axis=1)
        return total


def stream(seed: int, code: str, part: int) -> np.random.Generator:
    """Return the random stream of one part of one county, so that a new part leaves the others as they were."""
    return np.random.default_rng([seed, int(code), part])


def _areas(spec: Spec, types: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.str_]:
    """Return urban, town or rural per school: larger kinds of school in town, teaching points in villages."""
    draw = rng.random(len(types))
    middle = np.where(draw < 0.36, "urban", np.where(draw < 0.66, "town", "rural"))
    area = np.where(np.isin(types, ["primary", "junior"]), middle, "town")
    area = np.where(types == "nine_year", np.where(draw < 0.4, "town", "rural"), area)
    area = np.where(types == "teaching_point", "rural", area)
    area = np.where(
        np.isin(types, ["twelve_year", "complete_secondary", "special", "vocational_junior"]), "urban", area
    )
    if spec.says.get("urban"):
        area = np.where((area == "rural") & (draw < 0.85), "town", area)
        area = np.where((area == "town") | (draw < 0.7), "urban", area)
    return area


def _intake(types: NDArray[np.str_], area: NDArray[np.str_], rng: np.random.Generator) -> dict[str, Floats]:
    """Return pupils who enter the first grade of each stage in a usual year, (n,) per stage."""
    table = model()["intake"]
    size = {stage: np.zeros(len(types)) for stage in STAGES}
    noise = {stage: rng.standard_normal(len(types)) for stage in STAGES}

    def put(where: NDArray[np.bool_], stage: str, shape: list[float]) -> None:
        median, spread, low, high = shape
        size[stage][where] = np.clip(median * np.exp(spread * noise[stage][where]), low, high)

    for kind in ("primary", "junior"):
        for place in ("urban", "town", "rural"):
            put((types == kind) & (area == place), kind, table[kind][place])
    points = np.flatnonzero(types == "teaching_point")
    small = np.zeros(len(types), dtype=bool)
    small[points[::2]] = True
    put(small, "primary", table["point_small"])
    put((types == "teaching_point") & ~small, "primary", table["point_large"])
    for kind in ("nine_year", "twelve_year", "complete_secondary", "special", "vocational_junior"):
        for stage, shape in table[kind].items():
            put(types == kind, stage, shape)
    return size


def _cohorts(size: Floats, grades: int, years: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int64]:
    """Return pupils by grade and year, (n, grades, y): a cohort moves up one grade a year and stays nearly the same."""
    habits = model()["cohort"]
    first, span = years[0] - grades, years[-1] - years[0] + grades + 1
    back = first + np.arange(span) - years[-1]
    cohort = (
        size[:, None]
        * np.exp(habits["trend"] * (back + grades / 2))
        * np.exp(habits["noise"] * rng.standard_normal((len(size), span)))
    )
    grade = np.arange(grades)[:, None]
    entered = np.asarray(years)[None, :] - grade - first
    pupils = np.rint(cohort[:, entered]).astype(np.int64)
    return np.where(size[:, None, None] > 0, np.maximum(pupils, 1), 0)


def _order(spec: Spec) -> NDArray[np.str_]:
    return np.repeat(np.array(SCHOOL_TYPES), [spec["schools"].get(kind, 0) for kind in SCHOOL_TYPES])


def _active(spec: Spec, types: NDArray[np.str_], years: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return (n, y): a few schools open or close on the way."""
    active = np.ones((len(types), len(years)), dtype=bool)
    points, primaries = np.flatnonzero(types == "teaching_point"), np.flatnonzero(types == "primary")
    if len(years) > 3:
        if spec["closed"] and len(points) > 2:
            active[points[-1], 3:] = False
        if spec["opened"] and len(primaries) > 3:
            active[primaries[-1], :2] = False
    return active


def _owners(spec: Spec, types: NDArray[np.str_], area: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.str_]:
    """Return who runs each school: a few private ones in town, combined ones most likely, one of another office."""
    run_by = np.full(len(types), "county", dtype="U12")
    kinds = ["primary", "junior", "nine_year", "twelve_year", "complete_secondary"]
    likely = np.flatnonzero(np.isin(types, kinds) & (area != "rural"))
    weight = np.where(np.isin(types[likely], COMBINED), 4.0, 1.0)
    number = min(spec["private"], len(likely))
    run_by[rng.choice(likely, size=number, replace=False, p=weight / weight.sum())] = "private"
    public = np.flatnonzero((run_by == "county") & (area == "urban") & (types == "primary"))
    if len(public) > 4:
        run_by[public[-1]] = "other_public"
    return run_by


def _oversize(
    spec: Spec, types: NDArray[np.str_], area: NDArray[np.str_], run_by: NDArray[np.str_], primary: Floats
) -> None:
    """Make some primary schools as large as the story wants them, and no other larger than usual."""
    habits = model()["oversize"]
    large = np.flatnonzero((types == "primary") & (area == "urban") & (run_by == "county"))
    large = large[np.argsort(-primary[large], kind="stable")][: spec["oversize"]]
    primary[large] = np.maximum(primary[large], habits["from"]) * habits["factor"]
    usual = (types == "primary") & ~np.isin(np.arange(len(types)), large)
    primary[usual] = np.minimum(primary[usual], habits["usual_at_most"])


def _classes(
    spec: Spec, types: NDArray[np.str_], area: NDArray[np.str_], grades: dict[str, NDArray[np.int64]]
) -> dict[str, NDArray[np.int64]]:
    """Return classes by grade and year; the town schools of the story have larger ones."""
    crowded = np.zeros(len(types), dtype=bool)
    juniors = spec["crowded"]["schools"] // 3
    for kind, some in (("primary", spec["crowded"]["schools"] - juniors), ("junior", juniors)):
        crowded[np.flatnonzero((types == kind) & (area == "urban"))[:some]] = True
    classes_of = {}
    for stage in ("primary", "junior"):
        limit = np.where(crowded, spec["crowded"][stage], model()["class_size"][stage])
        classes_of[stage] = np.ceil(grades[stage] / limit[:, None, None]).astype(np.int64)
    return classes_of


def _built(
    types: NDArray[np.str_],
    area: NDArray[np.str_],
    active: NDArray[np.bool_],
    years: tuple[int, ...],
    rng: np.random.Generator,
) -> list[str]:
    """Return year and month in which each school was built; one that opened later in the year it opened."""
    n = len(types)
    born = rng.integers(1952, 2016, n)
    month = rng.choice([3, 8, 9], n)
    opened = np.asarray(years)[np.argmax(active, axis=1)]
    born = np.where(active[:, 0], born, opened)
    month = np.where(active[:, 0], month, 9)
    recent = np.flatnonzero(active[:, 0] & (types == "primary") & (area == "urban"))[-1:]
    born[recent] = years[0] - 1
    return [f"{year}-{number:02d}" for year, number in zip(born, month, strict=True)]


def simulate(spec: Spec, years: tuple[int, ...], seed: int = 0) -> Schools:
    """Make the schools of one county in `years`."""
    rng = stream(seed, spec.code, 0)
    types = _order(spec)
    area = _areas(spec, types, rng)
    run_by = _owners(spec, types, area, rng)
    active = _active(spec, types, years)
    size = _intake(types, area, rng)
    _oversize(spec, types, area, run_by, size["primary"])
    number = model()["grades"]
    grades = {stage: _cohorts(size[stage], number[stage], years, rng) * active[:, None, :] for stage in STAGES}
    pupils = {stage: grades[stage].sum(1) for stage in STAGES}
    amounts = resources.amounts(spec, types, run_by, active, pupils, years, rng)
    if spec["life"]:
        # What schools have follows what they were planned for; who comes and goes does not ask.
        chance = stream(seed, spec.code, 11)
        grades = life.lived(grades, spec["life"], chance)
        grades = {stage: each * active[:, None, :] for stage, each in grades.items()}
        amounts = life.built(amounts, spec["life"], chance)
    code = [f"{spec.code}{i + 1:04d}" for i in range(len(types))]
    township, name = names.of(spec, types, area, run_by, stream(seed, spec.code, 1))
    built = _built(types, area, active, years, rng)
    classes = _classes(spec, types, area, grades)
    return Schools(spec, years, code, name, types, township, area, run_by, built, active, grades, classes, amounts)
