"""What a reader of rounded means and coefficients can work out of a school that is not shown.

The reader is taken to know everything else: all enrolments, the amounts of every school that is shown, and the rounded
mean and coefficient. What cannot be excluded of a school's amount is an interval; it is protected where the interval
reaches far enough to both sides. Such an audit of feasibility intervals against protection levels is that of Hundepool
et al., Statistical Disclosure Control (Wiley 2012), chapter 4; there for sums, here with the coefficient beside.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: Amounts that are tried, up to so many times the true one; totals tried within the rounding of the mean.
AMOUNTS, FARTHEST, TOTALS = 121, 3.0, 5
#: Whole amounts of the other hidden schools are tried this far from the true ones.
STEPS = 8


@dataclass(frozen=True)
class Published:
    """One indicator of a stage as it is published, and what is true of the schools that are not shown.

    `amount`, `enrolment`: of the school asked for; `hidden`: amount and enrolment of every other school that is not
    shown, each enrolment above 0; `pupils`, `total`, `squares`: sums of enrolment, amount, and amount squared over
    enrolment of the schools that are shown; `mean` per pupil and `cv`, each with half the unit of its last place;
    `counted`: amounts are whole numbers.
    """

    amount: float
    enrolment: float
    hidden: tuple[tuple[float, float], ...]
    pupils: float
    total: float
    squares: float
    mean: tuple[float, float]
    cv: tuple[float, float] | None
    counted: bool


def interval(one: Published) -> tuple[float, float]:
    """Return the least and the greatest amount that cannot be excluded; (inf, -inf) where nothing agrees."""
    found = [amount for amount in _tried(one) if _agrees(one, amount)]
    return (min(found), max(found)) if found else (np.inf, -np.inf)


def protected(one: Published, part: float) -> bool:
    """Return whether the interval is wide enough: twice `part` of the amount, and of whole amounts two or more.

    This is the sliding protection level of the literature: whoever takes the middle may miss by `part`.

    A school that has nothing needs no protection, as empty cells of a table need none.
    """
    if one.amount == 0:
        return True
    low, high = interval(one)
    wide = max(2 * part * one.amount, 1.0 if one.counted else 0.0)
    return high - low >= wide * (1 - 1e-9)


def _tried(one: Published) -> list[float]:
    if one.counted:
        return [float(n) for n in range(int(FARTHEST * one.amount) + 3)]
    return [float(x) for x in np.unique(np.append(np.linspace(0, FARTHEST * one.amount, AMOUNTS), one.amount))]


def _agrees(one: Published, amount: float) -> bool:
    """Return whether the other hidden schools can have amounts with which mean and coefficient are as published."""
    every = one.pupils + one.enrolment + sum(n for _, n in one.hidden)
    mean, half = one.mean
    least, most = ((mean + sign * half) * every - one.total - amount for sign in (-1, 1))
    if most < -1e-9 * every:
        return False
    if one.counted:
        rests = np.arange(np.ceil(max(least, 0) - 1e-9), np.floor(most + 1e-9) + 1)
    else:
        rests = np.linspace(max(least, 0), max(most, 0), TOTALS)
    for rest in rests:
        middle = (one.total + amount + rest) / every
        low, high = 0.0, np.inf
        if one.cv is not None:
            cv, width = one.cv
            low, high = (
                every * middle**2 * (1 + max(cv + sign * width, 0) ** 2) - one.squares - amount**2 / one.enrolment
                for sign in (-1, 1)
            )
        squares = _squares(one, float(rest))
        if one.counted and ((squares >= low - 1e-9) & (squares <= high + 1e-9)).any():
            return True
        if not one.counted and squares.min() <= high + 1e-9 and squares.max() >= low - 1e-9:
            return True
    return False


def _squares(one: Published, rest: float) -> Array:
    """Return sums of amount squared over enrolment that the other hidden schools can have with `rest` in all.

    Where amounts are no whole numbers, the least (all alike per pupil) and the greatest (one has all); every sum
    between the two can be had.
    """
    if not one.hidden:
        return np.array([0.0] if abs(rest) < 1e-9 else [np.nan])
    enrolments = np.array([n for _, n in one.hidden])
    if not one.counted:
        return np.array([rest**2 / enrolments.sum(), rest**2 / enrolments.min()])
    amounts = np.array([x for x, _ in one.hidden])
    free = min(len(amounts) - 1, 2)
    tried = [np.arange(max(x - STEPS, 0), x + STEPS + 1) for x in amounts[:free]]
    grid = np.stack([each.ravel() for each in np.meshgrid(*tried, indexing="ij")], axis=1) if free else np.zeros((1, 0))
    fixed = amounts[free + 1 :].sum()
    last = rest - grid.sum(axis=1) - fixed
    whole = np.concatenate([grid, last[:, None], np.tile(amounts[free + 1 :], (len(grid), 1))], axis=1)[last >= 0]
    return np.asarray((whole**2 / enrolments).sum(axis=1), dtype=float)
