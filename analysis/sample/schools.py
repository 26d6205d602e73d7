"""Schools of one county over the years: types, places, pupils by cohort, resources that grow smoothly."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sample import names
from analysis.sample.settings import SCHOOL_TYPES, Spec, model

Floats = NDArray[np.float64]
STAGES = ("primary", "junior", "senior")
COMBINED = ("nine_year", "twelve_year")
REGULAR = ("primary", "teaching_point", "junior", "nine_year", "twelve_year", "complete_secondary")


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


def _ratios(
    spec: Spec,
    types: NDArray[np.str_],
    weighted: dict[str, Floats],
    unit: Floats,
    in_scope: NDArray[np.bool_],
    fixed: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Return (n, k) ratios to the typical amount: skewed upwards until each stage has its coefficient.

    `weighted` holds pupils per stage, `unit` (n, k) the amount per weighted pupil at ratio 1, `fixed` ratios already
    set (NaN elsewhere). The lowest ratio is `floor`.
    """
    habits = model()
    keys = habits["calibrated"]
    share = rng.standard_normal((len(types), 1))
    z = 0.5 * share + 0.85 * rng.standard_normal((len(types), len(keys)))
    floor, above, most = habits["floor"], habits["above"], habits["highest"]
    lowest, highest = habits["jitter"]
    usual = rng.uniform(lowest, highest, (2, len(keys)))
    ratios = fixed.copy()
    junior = np.isin(types, ["junior", "complete_secondary", "special", "vocational_junior", *COMBINED])
    for stage, mine, jitter in (("junior", junior, usual[0]), ("primary", ~junior, usual[1])):
        named = spec["cv"].get(stage, {})
        target = np.array([named.get(key, spec["spread"][stage] * jitter[k]) for k, key in enumerate(keys)])
        rows = in_scope & (weighted[stage] > 0)
        pupils = weighted[stage][rows, None]
        low, high = np.zeros(len(keys)), np.full(len(keys), 2.0 if rows.sum() > 1 else 1.0)
        free = np.isnan(ratios) & mine[:, None]
        for _ in range(30):
            middle = (low + high) / 2
            trial = np.where(free, np.minimum(floor + above * np.exp(middle * z), most), ratios)
            value = (trial * unit)[rows]
            mean = (value * pupils).sum(0) / pupils.sum()
            spread = np.sqrt(((value - mean) ** 2 * pupils).sum(0) / pupils.sum()) / mean
            low, high = np.where(spread < target, middle, low), np.where(spread < target, high, middle)
        ratios = np.where(free, np.minimum(floor + above * np.exp((low + high) / 2 * z), most), ratios)
    return ratios


def _short(
    spec: Spec, types: NDArray[np.str_], run_by: NDArray[np.str_], pupils: Floats, rng: np.random.Generator
) -> Floats:
    """Return (n, k) ratios of the schools that a story leaves short, NaN for all others."""
    keys: list[str] = model()["calibrated"]
    fixed = np.full((len(types), len(keys)), np.nan)
    taken: dict[str, int] = {}
    for entry in spec["short"]:
        kind = entry["stage"]
        order = np.flatnonzero((types == kind) & (run_by == "county"))
        order = order[np.argsort(-pupils[order], kind="stable")]
        start = taken.get(kind, 1)
        chosen = order[(start + 2 * np.arange(entry["schools"])) % len(order)]
        taken[kind] = start + 2 * entry["schools"] + 1
        low, high = entry["ratio"]
        fixed[chosen, keys.index(entry["indicator"])] = rng.uniform(low, high, entry["schools"])
    return fixed


def _ceil(values: Floats, digits: int) -> Floats:
    step = 10.0**-digits
    return np.ceil(np.round(values / step, 6)) * step


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


def _staffing(amounts: dict[str, Floats], groups: list[str]) -> None:
    """Raise the teachers of a stage where one of its groups would not fit into them; add the stages up."""
    for stage in STAGES:
        most = np.fmax.reduce([amounts[f"{group}_{stage}"] for group in groups])
        amounts[f"teachers_{stage}"] = np.fmax(amounts[f"teachers_{stage}"], np.ceil(most * 1.08))
    for group in ("teachers", *groups):
        amounts[group] = np.nansum([amounts[f"{group}_{stage}"] for stage in STAGES], axis=0)
        amounts[group] = np.where(np.isnan(amounts["land_area"]), np.nan, amounts[group])


def simulate(spec: Spec, years: tuple[int, ...], seed: int = 0) -> Schools:
    """Make the schools of one county in `years`."""
    habits = model()
    rng = stream(seed, spec.code, 0)
    types = _order(spec)
    n = len(types)
    area = _areas(spec, types, rng)
    run_by = np.full(n, "county", dtype="U12")
    likely = np.flatnonzero(
        np.isin(types, ["primary", "junior", "nine_year", "twelve_year", "complete_secondary"]) & (area != "rural")
    )
    weight = np.where(np.isin(types[likely], ["twelve_year", "nine_year"]), 4.0, 1.0)
    run_by[rng.choice(likely, size=min(spec["private"], len(likely)), replace=False, p=weight / weight.sum())] = (
        "private"
    )
    public = np.flatnonzero((run_by == "county") & (area == "urban") & (types == "primary"))
    if len(public) > 4:
        run_by[public[-1]] = "other_public"
    active = _active(spec, types, years)

    size = _intake(types, area, rng)
    large = np.flatnonzero((types == "primary") & (area == "urban") & (run_by == "county"))
    large = large[np.argsort(-size["primary"][large], kind="stable")]
    for place in large[: spec["oversize"]]:
        size["primary"][place] = max(size["primary"][place], 190.0) * habits["oversize_factor"]
    usual = (types == "primary") & ~np.isin(np.arange(n), large[: spec["oversize"]])
    size["primary"][usual] = np.minimum(size["primary"][usual], 295.0)
    grades = {
        stage: _cohorts(size[stage], habits["grades"][stage], years, rng) * active[:, None, :] for stage in STAGES
    }
    crowded = np.zeros(n, dtype=bool)
    juniors = spec["crowded"]["schools"] // 3
    for kind, some in (("primary", spec["crowded"]["schools"] - juniors), ("junior", juniors)):
        crowded[np.flatnonzero((types == kind) & (area == "urban"))[:some]] = True
    classes = {}
    for stage in ("primary", "junior"):
        limit = np.where(crowded, spec["crowded"][stage], habits["class_size"][stage])
        classes[stage] = np.ceil(grades[stage] / limit[:, None, None]).astype(np.int64)

    # The last year in which a school exists is where its ratios hold.
    last = len(years) - 1 - np.argmax(active[:, ::-1], axis=1)
    by_stage = {stage: grades[stage].sum(1) for stage in STAGES}
    final = {stage: by_stage[stage][np.arange(n), last].astype(np.float64) for stage in STAGES}
    w = habits["weights"]
    senior = np.where(types == "complete_secondary", habits["complete_secondary_senior"] * w["junior"], w["senior"])
    stage_weight = {"primary": np.full(n, w["primary"]), "junior": np.full(n, w["junior"]), "senior": senior}
    weighted = sum(stage_weight[stage] * final[stage] for stage in STAGES)
    only_junior = ~np.isin(types, ["primary", "teaching_point", "special", *COMBINED])
    both = np.isin(types, ["special", *COMBINED])

    def unit(keys: list[str]) -> Floats:
        """Return the amount per weighted pupil at ratio 1, (n, k)."""
        primary = np.array([habits["typical"][key]["primary"] for key in keys])
        junior = np.array([habits["typical"][key]["junior"] for key in keys]) / w["junior"]
        return np.where(both[:, None], np.maximum(primary, junior), np.where(only_junior[:, None], junior, primary))

    keys: list[str] = habits["calibrated"]
    others = [key for key in habits["typical"] if key not in keys]
    pupils_all = sum(final.values())
    in_scope = np.isin(types, REGULAR) & active[:, -1] & ~((types == "teaching_point") & (pupils_all < 100))
    ratios = _ratios(spec, types, final, unit(keys), in_scope, _short(spec, types, run_by, pupils_all, rng), rng)
    loose = np.where(only_junior, habits["loose"]["junior"], habits["loose"]["primary"])[:, None]
    loose_ratios = 1.0 + loose * rng.gamma(1.0, 1.0, (n, len(others)))
    lag = spec["lag"]
    rank = np.argsort(np.argsort(ratios, axis=0), axis=0) / max(n - 1, 1)
    slow = lag[0] * rng.uniform(0.6, 1.4, ratios.shape) + lag[1] * (1 - rank)
    slow_loose = lag[0] * rng.uniform(0.6, 1.4, loose_ratios.shape)
    back = (years[-1] - np.asarray(years)) / 5.0
    amounts: dict[str, Floats] = {}
    exists = np.where(active, 1.0, np.nan)
    for names_, ratio, delay in ((keys, ratios, slow), (others, loose_ratios, slow_loose)):
        per_weight = unit(names_) * ratio
        for k, key in enumerate(names_):
            entry: dict[str, Any] = habits["typical"][key]
            growth = 1 - np.clip(delay[:, k, None] * back[None, :], 0, 0.7)
            if entry.get("staff"):
                parts = {
                    s: _ceil(per_weight[:, k, None] * (stage_weight[s] * final[s])[:, None] * growth, 0) for s in STAGES
                }
                for stage in ("primary", "junior"):
                    amounts[f"{key}_{stage}"] = np.where(by_stage[stage] > 0, parts[stage], np.nan) * exists
                amounts[f"{key}_senior"] = parts["senior"] * exists
            else:
                amounts[key] = _ceil(per_weight[:, k, None] * weighted[:, None] * growth, entry["digits"]) * exists
    _staffing(amounts, [key for key, entry in habits["typical"].items() if entry.get("staff") and key != "teachers"])

    total = sum(by_stage[stage] for stage in STAGES)
    small = (total < habits["funded_at_least"]) & np.isin(types, ["primary", "teaching_point"])[:, None]
    amounts["funded_pupils"] = np.where(small, habits["funded_at_least"], total) * exists
    per_pupil = sum(habits["funds_per_pupil"][s] * by_stage[s] for s in ("primary", "junior"))
    funds = np.where(small, habits["funds_per_pupil"]["primary"] * habits["funded_at_least"], per_pupil) * 1.0
    amounts["public_funds"] = _ceil(funds, -2) * exists
    low, high = spec["training_share"]
    amounts["training_funds"] = _ceil(funds * rng.uniform(low, high, (n, 1)), -2) * exists

    code = [f"{spec.code}{i + 1:04d}" for i in range(n)]
    township, name = names.of(spec, types, area, run_by, stream(seed, spec.code, 1))
    born = rng.integers(1952, 2016, n)
    month = rng.choice([3, 8, 9], n)
    opened = np.asarray(years)[np.argmax(active, axis=1)]
    born = np.where(active[:, 0], born, opened)
    month = np.where(active[:, 0], month, 9)
    recent = np.flatnonzero(active[:, 0] & (types == "primary") & (area == "urban"))[-1:]
    born[recent] = years[0] - 1
    built = [f"{year}-{number:02d}" for year, number in zip(born, month, strict=True)]
    return Schools(spec, years, code, name, types, township, area, run_by, built, active, grades, classes, amounts)
