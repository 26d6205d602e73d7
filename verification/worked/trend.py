"""The pace of a coefficient over the years (Theil and Sen), its range, and when a limit is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, sqrt
from statistics import median

from scipy.special import stdtrit

HORIZON = 10


@dataclass(frozen=True)
class Pace:
    """Yearly change; the year in which the limit is reached at it, and at the ends of its range; None beyond ten."""

    pace: Fraction | None
    reached: int | None
    earliest: int | None
    latest: int | None
    first: int


def pace(series: Mapping[int, Fraction], limit: Fraction, year: int) -> Pace:
    """Return the pace of a series up to `year`, and what it means for an upper limit."""
    years = sorted(series)
    last = series[years[-1]]
    if len(years) < 3:
        return Pace(None, years[-1] if last <= limit else None, None, None, years[0])
    middle = median((series[b] - series[a]) / (b - a) for a, b in combinations(years, 2))
    spans = [b - a for a, b in pairwise(years)]
    steps = [series[b] - series[a] for a, b in pairwise(years)]
    drift = sum(steps, Fraction(0)) / sum(spans)
    spread = sqrt(sum((s - drift * k) ** 2 / k for s, k in zip(steps, spans, strict=True)) / (len(years) - 2))
    half = float(stdtrit(len(years) - 2, 0.975)) * spread / sqrt(sum(spans))
    low, high = min(float(drift) - half, float(middle)), max(float(drift) + half, float(middle))
    if last <= limit:
        return Pace(Fraction(middle), years[-1], years[-1], years[-1], years[0])
    gap = float(limit - last)

    def arrival(slope: float) -> int | None:
        if slope >= 0:
            return None
        found = years[-1] + ceil(gap / slope - 1e-9)
        return found if found <= year + HORIZON else None

    return Pace(Fraction(middle), arrival(float(middle)), arrival(low), arrival(high), years[0])
