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


def interval(published: Published) -> tuple[float, float]:
    """Return the least and the greatest amount that cannot be excluded; (inf, -inf) where nothing agrees."""
    fitting = [amount for amount in _tried(published) if _agrees(published, amount)]
    return (min(fitting), max(fitting)) if fitting else (np.inf, -np.inf)


def protected(published: Published, part: float) -> bool:
    """Return whether the interval is wide enough: twice `part` of the amount, and of whole amounts two or more.

    This is the sliding protection level of the literature: whoever takes the middle may miss by `part`.

    A school that has nothing needs no protection, as empty cells of a table need none.
    """
    if published.amount == 0:
        return True
    low, high = interval(published)
    wide = max(2 * part * published.amount, 1.0 if published.counted else 0.0)
    return high - low >= wide * (1 - 1e-9)


def _tried(published: Published) -> list[float]:
    if published.counted:
        return [float(n) for n in range(int(FARTHEST * published.amount) + 3)]
    return [
        float(x) for x in np.unique(np.append(np.linspace(0, FARTHEST * published.amount, AMOUNTS), published.amount))
    ]


def _agrees(published: Published, amount: float) -> bool:
    """Return whether the other hidden schools can have amounts with which mean and coefficient are as published."""
    every = published.pupils + published.enrolment + sum(n for _, n in published.hidden)
    mean, half = published.mean
    least, most = ((mean + sign * half) * every - published.total - amount for sign in (-1, 1))
    if most < -1e-9 * every:
        return False
    if published.counted:
        rests = np.arange(np.ceil(max(least, 0) - 1e-9), np.floor(most + 1e-9) + 1)
    else:
        rests = np.linspace(max(least, 0), max(most, 0), TOTALS)
    for rest in rests:
        middle = (published.total + amount + rest) / every
        low, high = 0.0, np.inf
        if published.cv is not None:
            cv, width = published.cv
            low, high = (
                every * middle**2 * (1 + max(cv + sign * width, 0) ** 2)
                - published.squares
                - amount**2 / published.enrolment
                for sign in (-1, 1)
            )
        squares = _squares(published, float(rest))
        if published.counted and ((squares >= low - 1e-9) & (squares <= high + 1e-9)).any():
            return True
        if not published.counted and squares.min() <= high + 1e-9 and squares.max() >= low - 1e-9:
            return True
    return False


def _squares(published: Published, rest: float) -> Array:
    """Return sums of amount squared over enrolment that the other hidden schools can have with `rest` in all.

    Where amounts are no whole numbers, the least (all alike per pupil) and the greatest (one has all); every sum
    between the two can be had.
    """
    if not published.hidden:
        return np.array([0.0] if abs(rest) < 1e-9 else [np.nan])
    enrolments = np.array([n for _, n in published.hidden])
    if not published.counted:
        return np.array([rest**2 / enrolments.sum(), rest**2 / enrolments.min()])
    amounts = np.array([x for x, _ in published.hidden])
    free = min(len(amounts) - 1, 2)
    tried = [np.arange(max(x - STEPS, 0), x + STEPS + 1) for x in amounts[:free]]
    grid = np.stack([each.ravel() for each in np.meshgrid(*tried, indexing="ij")], axis=1) if free else np.zeros((1, 0))
    fixed = amounts[free + 1 :].sum()
    last = rest - grid.sum(axis=1) - fixed
    whole = np.concatenate([grid, last[:, None], np.tile(amounts[free + 1 :], (len(grid), 1))], axis=1)[last >= 0]
    return np.asarray((whole**2 / enrolments).sum(axis=1), dtype=float)
