"""Resources of one county's schools: ratios to the typical amount that give each stage its coefficient, and grow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sample.settings import Spec, model

Floats = NDArray[np.float64]
STAGES = ("primary", "junior", "senior")
COMBINED = ("nine_year", "twelve_year")
REGULAR = ("primary", "teaching_point", "junior", "nine_year", "twelve_year", "complete_secondary")


def amounts(
    spec: Spec,
    types: NDArray[np.str_],
    run_by: NDArray[np.str_],
    active: NDArray[np.bool_],
    pupils: dict[str, NDArray[np.int64]],
    years: tuple[int, ...],
    rng: np.random.Generator,
) -> dict[str, Floats]:
    """Return amounts by column, (n, y), NaN where they do not apply; `pupils` by stage and `active` are (n, y).

    Ratios hold in the last year in which a school exists; before it, amounts stood lower.
    """
    habits = model()
    n = len(types)
    last = len(years) - 1 - np.argmax(active[:, ::-1], axis=1)
    final = {stage: pupils[stage][np.arange(n), last].astype(np.float64) for stage in STAGES}
    total = sum(final.values())
    in_scope = (
        np.isin(types, REGULAR) & active[:, -1] & ~((types == "teaching_point") & (total < habits["small_point"]))
    )
    keys: list[str] = habits["calibrated"]
    others = [key for key in habits["typical"] if key not in keys]
    named = _unit(types, keys)
    ratios = _ratios(spec, types, final, named, in_scope, _short(spec, types, run_by, total, rng), rng)
    loose = np.where(_only_junior(types), habits["loose"]["junior"], habits["loose"]["primary"])[:, None]
    loose_ratios = 1.0 + loose * rng.gamma(1.0, 1.0, (n, len(others)))
    lag = spec["lag"]
    rank = np.argsort(np.argsort(ratios, axis=0), axis=0) / max(n - 1, 1)
    slow = lag[0] * rng.uniform(0.6, 1.4, ratios.shape) + lag[1] * (1 - rank)
    slow_loose = lag[0] * rng.uniform(0.6, 1.4, loose_ratios.shape)
    per_weight = np.hstack([named * ratios, _unit(types, others) * loose_ratios])
    back = (years[-1] - np.asarray(years)) / 5.0
    growth = 1 - np.clip(np.hstack([slow, slow_loose])[:, :, None] * back, 0, 0.7)
    exists = np.where(active, 1.0, np.nan)
    columns = _laid_out(types, [*keys, *others], per_weight[:, :, None] * growth, final, pupils, exists)
    return columns | _funds(spec, types, pupils, exists, rng)


def _laid_out(
    types: NDArray[np.str_],
    keys: list[str],
    per_weight: Floats,
    final: dict[str, Floats],
    pupils: dict[str, NDArray[np.int64]],
    exists: Floats,
) -> dict[str, Floats]:
    """Return amounts from those per weighted pupil, (n, k, y): staff in whole persons by stage, all else in one."""
    habits = model()
    w = habits["weights"]
    senior = np.where(types == "complete_secondary", habits["complete_secondary_senior"] * w["junior"], w["senior"])
    weighted = {"primary": w["primary"] * final["primary"], "junior": w["junior"] * final["junior"]}
    weighted["senior"] = senior * final["senior"]
    whole = sum(weighted.values())
    amounts_of: dict[str, Floats] = {}
    for k, key in enumerate(keys):
        entry: dict[str, Any] = habits["typical"][key]
        if entry.get("staff"):
            parts = {stage: _ceil(per_weight[:, k] * weighted[stage][:, None], 0) for stage in STAGES}
            for stage in ("primary", "junior"):
                amounts_of[f"{key}_{stage}"] = np.where(pupils[stage] > 0, parts[stage], np.nan) * exists
            amounts_of[f"{key}_senior"] = parts["senior"] * exists
        else:
            amounts_of[key] = _ceil(per_weight[:, k] * whole[:, None], entry["digits"]) * exists
    _staffing(amounts_of, [key for key, entry in habits["typical"].items() if entry.get("staff") and key != "teachers"])
    return amounts_of


def _funds(
    spec: Spec,
    types: NDArray[np.str_],
    pupils: dict[str, NDArray[np.int64]],
    exists: Floats,
    rng: np.random.Generator,
) -> dict[str, Floats]:
    """Return public funds, what of them is for training, and the pupils that funds are reckoned for."""
    habits = model()
    least, rates = habits["funded_at_least"], habits["funds_per_pupil"]
    total = sum(pupils[stage] for stage in STAGES)
    small = (total < least) & np.isin(types, ["primary", "teaching_point"])[:, None]
    per_pupil = sum(rates[stage] * pupils[stage] for stage in ("primary", "junior"))
    funds = np.where(small, rates["primary"] * least, per_pupil) * 1.0
    low, high = spec["training_share"]
    return {
        "funded_pupils": np.where(small, least, total) * exists,
        "public_funds": _ceil(funds, -2) * exists,
        "training_funds": _ceil(funds * rng.uniform(low, high, (len(types), 1)), -2) * exists,
    }


def _only_junior(types: NDArray[np.str_]) -> NDArray[np.bool_]:
    return ~np.isin(types, ["primary", "teaching_point", "special", *COMBINED])


def _unit(types: NDArray[np.str_], keys: list[str]) -> Floats:
    """Return the amount per weighted pupil at ratio 1, (n, k): for both stages the more demanding one."""
    habits = model()
    primary = np.array([habits["typical"][key]["primary"] for key in keys])
    junior = np.array([habits["typical"][key]["junior"] for key in keys]) / habits["weights"]["junior"]
    both = np.isin(types, ["special", *COMBINED])[:, None]
    return np.where(both, np.maximum(primary, junior), np.where(_only_junior(types)[:, None], junior, primary))


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


def _staffing(amounts: dict[str, Floats], groups: list[str]) -> None:
    """Raise the teachers of a stage where one of its groups would not fit into them; add the stages up."""
    for stage in STAGES:
        most = np.fmax.reduce([amounts[f"{group}_{stage}"] for group in groups])
        amounts[f"teachers_{stage}"] = np.fmax(amounts[f"teachers_{stage}"], np.ceil(most * 1.08))
    for group in ("teachers", *groups):
        amounts[group] = np.nansum([amounts[f"{group}_{stage}"] for stage in STAGES], axis=0)
        amounts[group] = np.where(np.isnan(amounts["land_area"]), np.nan, amounts[group])
