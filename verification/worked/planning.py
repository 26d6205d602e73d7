"""What would decide an own test: how many more schools, or pupils in the same schools."""

from collections.abc import Callable
from math import ceil

from scipy.special import fdtrc

from verification.worked.rates import FACTOR, POWER, Rate

MOST = 10**6


def _sure(freedom: tuple[float, float], within: float, value: float) -> float:
    low, high = freedom
    return max(float(fdtrc(high, within, value)), 0.5) + min(float(fdtrc(low, within, value)), 0.5) - 0.5


def _below(schools: float, size: float, rate: float, odds: float, safe: bool) -> float:
    """Return the expected confidence that the rate's odds lie below `odds`, with schools of equal size."""
    between, reliable = schools - 1, size * odds / (1 + size * odds)
    freedom = (between, between)
    if safe:
        least = min(between, FACTOR * max(between, 0.0) ** POWER)
        high = 1 / (1 / between + reliable**2 * (1 / least - 1 / between))
        freedom = (min(between, high, 0.6 * between), high)
    theta = rate / (1 - rate)
    return _sure(freedom, schools * (size - 1), (1 + size * theta) / (1 + size * odds))


def _decided(schools: float, size: float, rate: float, limit: float) -> bool:
    below = _below(schools, size, rate, limit / (1 - limit), safe=True)
    return below >= 0.975 or below <= 0.025


def _equal(found: Rate, limit: float) -> float:
    """Return how many schools of equal size would give the end of the interval beyond the limit."""
    upper = found.rate < limit
    end = found.high if upper else found.low
    size = found.pupils / found.schools
    few, many = 1 + 1e-9, float(found.schools)
    for _ in range(50):
        middle = (few + many) / 2
        below = _below(middle, size, found.rate, end / (1 - end), safe=False)
        if (below >= 0.975) if upper else (below <= 0.025):
            many = middle
        else:
            few = middle
    return many


def _least(decides: Callable[[float], bool], start: float) -> float | None:
    if not decides(start + MOST):
        return None
    low, high = 0, MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if decides(start + middle) else (middle + 1, high)
    return start + high


def needed(found: Rate, limit: float) -> tuple[int | None, int | None]:
    """Return how many more schools, or pupils, would decide whether the rate is below the limit."""
    schools, size = float(found.schools), found.pupils / found.schools
    equal = _equal(found, limit)
    enough = _least(lambda k: _decided(equal * k / schools, size, found.rate, limit), schools)
    pupils = _least(lambda k: _decided(equal, k, found.rate, limit), size)
    return (
        None if enough is None else max(ceil(enough - schools - 1e-6), 1),
        None if pupils is None else max(ceil((pupils - size) * schools - 1e-6), 1),
    )
