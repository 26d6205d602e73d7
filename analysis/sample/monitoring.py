"""Results of the national monitoring: one row per year, grade and subject, on the cycle of that year."""

import numpy as np
import polars as pl

from analysis.sample.schools import stream
from analysis.sample.settings import Spec, stories

ROMAN = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ", 5: "Ⅴ"}
LATIN = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}


def tested(year: int) -> list[tuple[int, str]]:
    """Return (grade, subject) of the national programme of one year."""
    cycle = stories()["monitoring"]
    subjects = cycle["rounds"][year]
    return [(grade, subject) for subject in subjects for grade in cycle["grades_of"].get(subject, cycle["grades"])]


SCHEMA = {
    "year": pl.Int32,
    "grade": pl.Int8,
    "subject": pl.String,
    "level": pl.Int8,
    "rate": pl.Float64,
    "tested": pl.Boolean,
} | {f"share_{i}": pl.Float64 for i in range(1, 5)}


def monitoring(spec: Spec, *years: int, seed: int = 0) -> pl.DataFrame:
    """Return the county's results of these monitoring years: level 1 to 5, rate 0 to 1, null where not tested."""
    says = spec["monitoring"]
    cells = {(c["year"], c["grade"], c["subject"]): c for c in says.get("cells", [])}
    rows: list[tuple[object, ...]] = []
    for year in years:
        rng = stream(seed, spec.code, 100 + year)
        shares = year in says.get("shares", [])
        for grade, subject in tested(year):
            level = int(rng.choice(says["level"]))
            rate = round(float(rng.uniform(*says["rate"])), 3)
            overrides = cells.get((year, grade, subject), {})
            level, rate = overrides.get("level", level), overrides.get("rate", rate)
            known = overrides.get("tested", True)
            parts = _shares(level, rng)
            result = (level, rate, True) if known else (None, None, False)
            rows.append((year, grade, subject, *result, *(parts if shares and known else [None] * 4)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _shares(level: int, rng: np.random.Generator) -> list[float]:
    """Return four shares of pupils, in thousandths, most of them at the county's level."""
    weights = np.array([0.3, 0.3, 0.3, 0.3]) + rng.uniform(0, 0.1, 4)
    weights[min(level, 4) - 1] += 1.6
    parts = np.floor(1000 * weights / weights.sum())
    parts[min(level, 4) - 1] += 1000 - parts.sum()
    return [round(float(part) / 1000, 3) for part in parts]


def level_text(level: int | None, style: str) -> str | None:
    """Return a level as a county writes it: Ⅲ, III or 3."""
    if level is None:
        return None
    return str(level) if style == "arabic" else (ROMAN if style == "roman" else LATIN)[level]


def reported(spec: Spec, *years: int, seed: int) -> pl.DataFrame:
    """Return results with levels as the county writes them, or shares of pupils where it gives those."""
    frame = monitoring(spec, *years, seed=seed)
    texts = [level_text(level, spec["levels"]) for level in frame["level"]]
    frame = frame.with_columns(
        pl.Series("level", texts, dtype=pl.String),
        tested=pl.when("tested").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    if frame["share_1"].is_null().all():
        return frame.drop([f"share_{i}" for i in range(1, 5)])
    return frame.drop("level")
