"""What is odd about pupils' scores and their schools: codes that stand for missing, a school that is all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.errors import message
from analysis.read.anytable import Table
from analysis.sources import parse_yaml
from analysis.statistics.pieces import Collect, Pieces, Scores


@dataclass(frozen=True)
class Rules:
    """What doubts.yml says: when a score is told to be a code, and a school to be the sum of the others."""

    high: tuple[float, ...]
    low: tuple[float, ...]
    absent: float
    far: float
    gap: float
    apart: float
    zeros: int
    kinds: int
    fewest: int
    same: float
    alone: float

    @property
    def codes(self) -> tuple[float, ...]:
        """Every number that may stand for a missing score."""
        return (*self.high, *self.low, self.absent)


@cache
def rules() -> Rules:
    """Return what doubts.yml says."""
    said: dict[str, Any] = parse_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    lists = {name: tuple(map(float, said[name])) for name in ("high", "low")}
    return Rules(**(said | lists | {"absent": float(said["absent"])}))


def likely_codes(
    table: Table, frame: pl.LazyFrame, sums: pl.DataFrame, wanted: Sequence[Scores], collect: Collect
) -> list[str]:
    """Return what to tell of scores that may well be codes; pupils are read again where such a number is an end."""
    doubts: list[str] = []
    for each in wanted:
        if len(each.columns) > 1 or not _may_be(sums[f"{each.prefix}least"], sums[f"{each.prefix}greatest"]):
            continue
        x = pl.col(each.score)
        others = x.filter(~x.is_in(rules().codes))
        counts = {f"n{place}": (x == code).sum() for place, code in enumerate(rules().codes)}
        statistics = collect(
            frame.select(
                least=others.min(), greatest=others.max(), spread=others.std(), kinds=others.n_unique(), **counts
            )
        ).row(0, named=True)
        for place, code in enumerate(rules().codes):
            zeros_alike = code == rules().absent and (
                statistics[f"n{place}"] < rules().zeros or statistics["kinds"] < rules().kinds
            )
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


def far_scores(
    table: Table, frame: pl.LazyFrame, sums: pl.DataFrame, wanted: Sequence[Scores], collect: Collect
) -> list[str]:
    """Return what to tell of a greatest, or a least, score that lies far beyond all others and is no code for a missing
    one: a point that was left out (7550 among 51 to 97). Pupils are read again where such a score may be there."""
    told: list[str] = []
    for each in wanted:
        least, greatest = (sums[f"{each.prefix}{end}"].drop_nulls() for end in ("least", "greatest"))
        if len(each.columns) > 1 or sums["rows"].sum() < rules().fewest or len(least) < 2:
            continue
        x = pl.col(each.score)
        for mine, ends, sign in ((float(greatest.max()), greatest, 1), (float(least.min()), least, -1)):  # type: ignore[arg-type]
            next_end = sorted((sign * value for value in ends.unique()), reverse=True)[1:2]
            other = least.min() if sign > 0 else greatest.max()
            if not next_end or mine in rules().codes:  # which are told as such; a single zero may be a mark
                continue
            if sign * mine - next_end[0] <= rules().alone * (next_end[0] - sign * float(other)):  # type: ignore[arg-type]
                continue
            others = x.filter(x != mine)
            low, high, count = collect(frame.select(low=others.min(), high=others.max(), count=(x == mine).sum())).row(
                0
            )
            beyond = mine - high if sign > 0 else low - mine
            if beyond > rules().alone * (high - low):
                values = {"value": f"{mine:g}", "least": f"{low:g}", "greatest": f"{high:g}"}
                told.append(message("score_far", file=table.path.name, column=each.columns[0], count=count, **values))
    return told


def _may_be(least: pl.Series, greatest: pl.Series) -> bool:
    """Tell from the ends of each school whether the least or the greatest score of all may be a code far from others.

    A code lies at least a part `gap` of their range beyond them.
    """
    low, high = least.min(), greatest.max()
    below, above = (
        least.filter(~least.is_in(rules().codes)).min(),
        greatest.filter(~greatest.is_in(rules().codes)).max(),
    )
    if high in rules().codes and (above is None or low is None or high - above > rules().gap * (above - low)):  # type: ignore[operator]
        return True
    if low not in rules().codes or low > rules().absent:  # type: ignore[operator]
        return False
    if low == rules().absent:
        return below is None or bool(below > rules().apart * (high - below))  # type: ignore[operator]
    return below is None or bool(below >= 0 or below - low > rules().gap * (high - below))  # type: ignore[operator]


def _is_far(code: float, least: float | None, greatest: float | None, spread: float | None) -> bool:
    if least is None or greatest is None or spread is None:
        return False
    if code < 0 <= least:
        return True
    if code == rules().absent:
        return least > rules().apart * (greatest - least)
    return max(code - greatest, least - code) > max(rules().far * spread, rules().gap * (greatest - least))


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
            (n >= (1 if printed else rules().fewest))
            & (ss > 0)
            & (schools >= 3)
            & (np.abs(2 * n - totals) <= rules().same * totals)
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
    near = [
        _half_a_figure(value) if printed else rules().same * max(abs(value), spreads[1]) for value in (mean, spreads[0])
    ]
    return abs(mean - middle) <= near[0] and abs(spreads[0] - spreads[1]) <= near[1]


def _half_a_figure(value: float) -> float:
    """Return half of what the last printed figure of a number counts, and a little for its parts, rounded as well."""
    figures = len(repr(round(value, 9)).partition(".")[2].rstrip("0"))
    return 1.01 * 10.0**-figures
