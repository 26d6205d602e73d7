"""What is odd about pupils' scores and their schools: codes that stand for missing, a school that is all others."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.errors import message
from analysis.read.anytable import Table
from analysis.statistics.pieces import Collect, Pieces, Scores

#: Among fewer pupils, or equal scores, a school may come by chance to what the others do; printed spreads say more.
_FEWEST = 20
#: Numbers that people write for a missing score.
_HIGH = (99, 888, 997, 998, 999, 8888, 9997, 9998, 9999, 99999, 999999)
_LOW = (*range(-9, 0), -88, -98, -99, -998, -999, -9999)
#: A pupil who was absent is often given 0.
_ABSENT = 0.0
CODES = tuple(map(float, (*_HIGH, *_LOW, _ABSENT)))
#: A code lies so many times the spread of all others beyond them; below 0 it need not, where no other score is.
_FAR = 5.0
_GAP = 0.25
#: Zeros, several, may be absences where all others, of so many kinds, lie so much of their own range above.
_APART, _ZEROS, _KINDS = 0.5, 2, 10
#: Sums agree to this share where they are computed, and to half of the last figure where they are printed.
_SAME = 1e-9


def likely_codes(
    table: Table, frame: pl.LazyFrame, sums: pl.DataFrame, wanted: Sequence[Scores], collect: Collect
) -> list[str]:
    """Return what to tell of scores that may well be codes; pupils are read again where such a number is an end."""
    doubts: list[str] = []
    for each in wanted:
        if len(each.columns) > 1 or not _may_be(sums[f"{each.prefix}least"], sums[f"{each.prefix}greatest"]):
            continue
        x = pl.col(each.score)
        others = x.filter(~x.is_in(CODES))
        counts = {f"n{place}": (x == code).sum() for place, code in enumerate(CODES)}
        statistics = collect(
            frame.select(
                least=others.min(), greatest=others.max(), spread=others.std(), kinds=others.n_unique(), **counts
            )
        ).row(0, named=True)
        for place, code in enumerate(CODES):
            zeros_alike = code == _ABSENT and (statistics[f"n{place}"] < _ZEROS or statistics["kinds"] < _KINDS)
            if (
                statistics[f"n{place}"]
                and not zeros_alike
                and _is_far(code, statistics["least"], statistics["greatest"], statistics["spread"])
            ):
                values = {name: f"{statistics[name]:g}" for name in ("least", "greatest")}
                option = f"--missing {code:g}" if code > 0 else f"--missing={code:g}"
                place_of = {"file": table.path.name, "column": each.columns[0], "count": statistics[f"n{place}"]}
                doubts.append(message("code_likely", **place_of, value=f"{code:g}", option=option, **values))
    return doubts


def _may_be(least: pl.Series, greatest: pl.Series) -> bool:
    """Tell from the ends of each school whether the least or the greatest score of all may be a code far from others.

    A code lies at least a part `_GAP` of their range beyond them.
    """
    low, high = least.min(), greatest.max()
    below, above = least.filter(~least.is_in(CODES)).min(), greatest.filter(~greatest.is_in(CODES)).max()
    if high in CODES and (above is None or low is None or high - above > _GAP * (above - low)):  # type: ignore[operator]
        return True
    if low not in CODES or low > _ABSENT:  # type: ignore[operator]
        return False
    if low == _ABSENT:
        return below is None or bool(below > _APART * (high - below))  # type: ignore[operator]
    return below is None or bool(below >= 0 or below - low > _GAP * (high - below))  # type: ignore[operator]


def _is_far(code: float, least: float | None, greatest: float | None, spread: float | None) -> bool:
    if least is None or greatest is None or spread is None:
        return False
    if code < 0 <= least:
        return True
    if code == _ABSENT:
        return least > _APART * (greatest - least)
    return max(code - greatest, least - code) > max(_FAR * spread, _GAP * (greatest - least))


def sum_among(pieces: Pieces, printed: bool) -> int | None:
    """Return the place of a school whose pupils and scores are those of all others of its group, or of the table.

    `printed` where statistics were given, rounded to the figures that stand there.
    """
    moments = pieces.subjects[0].moments[0]
    n, mean, ss = moments.n, moments.mean[:, 0], moments.cross[:, 0, 0]
    codes = pieces.schools["group"].to_numpy()
    for of in (codes, np.zeros_like(codes)):
        _, groups = np.unique(of, return_inverse=True)
        totals, schools = (np.bincount(groups, weights)[groups] for weights in (n, n > 0))
        for place in np.flatnonzero(
            (n >= (1 if printed else _FEWEST)) & (ss > 0) & (schools >= 3) & (np.abs(2 * n - totals) <= _SAME * totals)
        ):
            rest = (groups == groups[place]) & (np.arange(len(n)) != place)
            if _is_pooled((n[place], mean[place], ss[place]), (n[rest], mean[rest], ss[rest]), printed):
                return int(place)
    return None


def _is_pooled(
    school: tuple[float, float, float], rest: tuple[np.ndarray, np.ndarray, np.ndarray], printed: bool
) -> bool:
    """Tell whether a school has the mean and the spread of all these together."""
    n, means, within = rest
    middle = float(np.average(means, weights=n))
    squares = float((within + n * (means - middle) ** 2).sum())
    size, mean, ss = school
    spreads = [float(np.sqrt(each / max(size - 1, 1))) for each in (ss, squares)]
    near = [_half_a_figure(value) if printed else _SAME * max(abs(value), spreads[1]) for value in (mean, spreads[0])]
    return abs(mean - middle) <= near[0] and abs(spreads[0] - spreads[1]) <= near[1]


def _half_a_figure(value: float) -> float:
    """Return half of what the last printed figure of a number counts, and a little for its parts, rounded as well."""
    figures = len(repr(round(value, 9)).partition(".")[2].rstrip("0"))
    return 1.01 * 10.0**-figures
