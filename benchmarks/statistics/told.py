"""How schools that are named, changes and paces hold, by simulation: `python -m benchmarks.statistics.told [draws]`.

Writes benchmarks/results/told.json, of which `page` makes a part of docs/coverage.md.
"""

import json
import sys

import numpy as np
from scipy import stats

from analysis.statistics import trend, variance
from analysis.statistics.arrays import Floats
from benchmarks.statistics.draws import Array, effects, plain, sizes
from benchmarks.statistics.places import RESULTS

RATE, CORRELATION = 0.15, 0.7
KINDS = ("normal", "exponential", "t3", "outliers")
Row = dict[str, object]


def named(draws: int) -> list[Row]:
    """Return how often the effect of the farthest of twenty schools is held."""
    rows: list[Row] = []
    for place, kind in enumerate(KINDS):
        draw = np.random.default_rng([20, place])
        u = effects(kind, draw, (draws, 20))[0]
        n, mean, ss = plain(draw, u, sizes("county", 20), RATE)
        labels, truth = np.repeat(np.arange(draws), 20), u * np.sqrt(RATE)
        row: Row = {"schools named": kind}
        for together in (False, True):
            found = variance.school_effects(n.ravel(), mean.ravel(), ss.ravel(), labels, together=together)
            inside = ((found.low <= truth.ravel()) & (truth.ravel() <= found.high)).reshape(u.shape)
            farthest = np.abs(found.effect.reshape(u.shape)).argmax(axis=1)
            row["all together" if together else "each by itself"] = 100 * float(
                inside[np.arange(draws), farthest].mean()
            )
            if together:
                row["every school at once"] = 100 * float(inside.all(axis=1).mean())
        rows.append(row)
    return rows


def _again(kind: str, u: Array, correlation: float, draw: np.random.Generator) -> Array:
    """Return effects of a year later: drawn anew, or the same but for a part of the schools, so that they correlate."""
    other = effects(kind, draw, (u.shape[0], u.shape[1]))[0]
    return np.where(draw.random(u.shape) < correlation, u, other)


def changes(draws: int) -> list[Row]:
    """Return how often a change is told where there is none."""
    rows: list[Row] = []
    for place, kind in enumerate(KINDS):
        for correlation in (0.0, CORRELATION):
            row: Row = {"changes": kind, "correlation": f"{correlation:g}"}
            for schools in (10, 20, 40):
                draw = np.random.default_rng([schools, place, round(10 * correlation)])
                before = effects(kind, draw, (draws, schools))[0]
                labels, found = np.repeat(np.arange(draws), schools), []
                for u in (before, _again(kind, before, correlation, draw)):
                    n, mean, ss = plain(draw, u, sizes("county", schools), RATE)
                    found.append(variance.estimate(n.ravel(), mean.ravel(), ss.ravel(), labels, limit=0.15))
                row[f"{schools} schools"] = 100 * float(variance.rate_change(found[0], found[1]).changed.mean())
            rows.append(row)
    return rows


def _errors(kind: str, draw: np.random.Generator, years: int) -> Floats:
    shocks = draw.normal(0, 1, years)
    if kind == "independent":
        return shocks
    part = {"random walk": 1.0, "autoregressive 0.6": 0.6}[kind]
    values = [shocks[0]]
    for shock in shocks[1:]:
        values.append(part * values[-1] + shock)
    return np.array(values)


def _kendall(values: Floats) -> bool:
    """Return whether the interval of Theil and Sen's slope from Kendall's statistic holds 0."""
    found = stats.theilslopes(values, np.arange(len(values)), 0.95)
    return bool(found.low_slope <= 0 <= found.high_slope)


def paces(draws: int) -> list[Row]:
    """Return how often the interval of the pace holds the true one, 0."""
    rows: list[Row] = []
    for place, kind in enumerate(("independent", "autoregressive 0.6", "random walk")):
        for years in (4, 6, 8, 12):
            draw = np.random.default_rng([years, place])
            held, kendall = 0, 0
            for _ in range(draws):
                values = _errors(kind, draw, years)
                found = trend.theil_sen(range(years), values)
                held += found.low <= 0 <= found.high
                kendall += _kendall(values)
            rows.append(
                {"pace": kind, "years": str(years), "held": 100 * held / draws, "kendall": 100 * kendall / draws}
            )
    return rows


def main(draws: int) -> None:
    found: dict[str, object] = {"named": named(draws // 4), "changes": changes(draws), "paces": paces(draws)}
    found["draws"] = {"named": draws // 4, "changes": draws, "paces": draws}
    (RESULTS / "told.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
