"""Series of many schools that drift together and apart: what their past says of their next years.

One change of a series (of a logarithm, from one year to the next) is taken as

    change = mean + pull * apart + own + common + noise + slip this year - slip the year before

`mean` is the same for all series and years; `apart` says how far a series lies from the others (of a logarithm), so
that a `pull` below 0 brings them together; `own` is of a series and lasting, `common` of a year and the same for all
series (which is why they err together), `noise` of one series and year. A `slip` is of one year and gone in the next (a
number rounded, a form filled in late): where a rise is followed by a fall more often than chance would, that part of
the noise does not add up over years.

Spreads of what changes from year to year are estimated from so few years that a prior of some years is added, and
`common` is drawn from Student's t of as many degrees of freedom; `own` is drawn back towards nothing by what of the
changes lasts; `noise` is drawn from what was seen of series of about the same size. Missing changes are NaN.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import Floats, Ints, floats

#: Series of about the same size, of which noise is drawn: a part of all, and at least so many.
LIKE, FEWEST = 0.25, 8
#: Changes of series that are needed to say what of them lasts.
PAIRS = 12


@dataclass(frozen=True)
class Prior:
    """What is taken for granted where the past is short.

    Spreads of a year, of noise and of the pull, and how many years they count; spreads that are found are widened.
    """

    common: float
    noise: float
    years: float
    widen: float = 1.0
    pull: float = 0.0


@dataclass(frozen=True)
class Drift:
    """What the past says.

    `mean`, each series' `own` and how sure it is (`own_sd`), the spread of a year (`common`, with `freedom`); by series
    the places of `noise` that are drawn for it (`like`); of the noise's squares the part `slips` is of slips, each of
    which is in two changes; `pull` and how much it differs from year to year. `years`: how many were seen.
    """

    mean: float
    own: Floats
    own_sd: float
    common: float
    freedom: float
    noise: Floats
    like: tuple[Ints, ...]
    years: int
    slips: float = 0.0
    pull: float = 0.0
    pull_sd: float = 0.0

    def draw(
        self, rng: np.random.Generator, paths: int, years: int, apart: Floats | None = None, less: Floats | None = None
    ) -> Floats:
        """Return changes of each series, year by year, drawn: paths x years x series; the first path is without chance.

        `apart`: how far each series lies from the others now; `less` (paths x years x series): what it moves back
        towards them each year beside its own change.
        """
        drawn = self._chance(rng, paths, years)
        drawn[0] = self.mean + self.own
        if apart is None:
            return drawn
        # How fast they come together is known from few years, and is another each year.
        known, each = rng.standard_normal((paths, 1)), rng.standard_normal((paths, years))
        pulls = self.pull + self.pull_sd * (each + known / np.sqrt(max(self.years, 1)))
        pulls[0] = self.pull
        lies = np.repeat(apart[None], paths, axis=0)
        for year in range(years):
            drawn[:, year] += pulls[:, year, None] * np.nan_to_num(lies)
            moved = drawn[:, year] if less is None else drawn[:, year] - less[:, year]
            lies = lies + moved - np.nanmean(moved, axis=1, keepdims=True)
        return drawn

    def _chance(self, rng: np.random.Generator, paths: int, years: int) -> Floats:
        number = len(self.own)
        lasting = self.own + self.own_sd * rng.standard_normal((paths, 1, number))
        common = self.common * rng.standard_t(self.freedom, (paths, years, 1))
        noise = np.empty((paths, years + 1, number))
        for place, like in enumerate(self.like):
            noise[:, :, place] = self.noise[like[rng.integers(0, len(like), (paths, years + 1))]]
        slip = np.sqrt(self.slips / 2) * np.diff(noise, axis=1)
        drawn: Floats = self.mean + lasting + common + np.sqrt(1 - self.slips) * noise[:, 1:] + slip
        return drawn


def fit(
    changes: npt.ArrayLike,
    sizes: npt.ArrayLike,
    prior: Prior,
    *,
    known_mean: float | None = None,
    apart: npt.ArrayLike | None = None,
) -> Drift:
    """Return what changes (years x series) say; `sizes` of the series, by which noise is drawn.

    `known_mean`: the mean where it is not estimated (0 for errors of forecasts); `apart` (years x series): how far each
    series lay from the others before its change, where it is asked whether they come together.
    """
    seen = np.atleast_2d(np.asarray(changes, dtype=np.float64))
    size = floats(sizes)
    number = len(size)
    years = int(np.isfinite(seen).any(axis=1).sum()) if seen.size else 0
    if not years:
        return _unseen(size, prior, 0.0 if known_mean is None else known_mean)
    rows = np.isfinite(seen).any(axis=1)
    pull, pull_sd = 0.0, 0.0
    if apart is not None:
        lay = np.atleast_2d(np.asarray(apart, dtype=np.float64))
        pull, pull_sd = _pull(seen[rows], lay[rows], prior)
        seen = seen - pull * np.nan_to_num(lay)
    seen = seen[rows]
    of_year = np.array([_middle(row) for row in seen])
    # A mean of few years is not known better than the prior: it is drawn towards nothing as these years say.
    mean = float(of_year.sum() / (years + prior.years)) if known_mean is None else known_mean
    common = float(((of_year - mean) ** 2).sum())
    freedom = years + prior.years
    spread = float(np.sqrt((common + prior.years * prior.common**2) / freedom))
    left = seen - of_year[:, None]
    own, own_sd, slips = _lasting(left)
    noise = left - own
    known = np.isfinite(noise)
    order = np.argsort(size, kind="stable")
    rank = np.empty(number)
    rank[order] = np.arange(number)
    ranks = np.broadcast_to(rank, noise.shape)[known]
    reach = max(LIKE * number, FEWEST)
    like = tuple(np.flatnonzero(np.abs(ranks - rank[place]) <= reach) for place in range(number))
    pool = prior.widen * noise[known]
    everywhere = np.arange(len(pool))
    return Drift(
        mean,
        own,
        own_sd,
        prior.widen * spread,
        freedom,
        pool,
        tuple(each if len(each) else everywhere for each in like),
        years,
        slips,
        pull,
        pull_sd,
    )


def _pull(changes: Floats, apart: Floats, prior: Prior) -> tuple[float, float]:
    """Return by how much of their distance series come together in a year, from changes within a year: 0 or below, no
    less than -1; and how much that differs from year to year."""
    known = np.isfinite(changes) & np.isfinite(apart)
    if known.sum() < PAIRS:
        return 0.0, prior.pull
    limit = np.quantile(np.abs(changes[known]), 0.95)
    change = np.where(known, np.clip(changes, -limit, limit), np.nan)
    lay = np.where(known, apart, np.nan)
    change, lay = change - np.nanmean(change, axis=1, keepdims=True), lay - np.nanmean(lay, axis=1, keepdims=True)
    of_year, squares = np.nansum(change * lay, axis=1), np.nansum(lay**2, axis=1)
    if not squares.sum() > 0:
        return 0.0, prior.pull
    pull = float(np.clip(of_year.sum() / squares.sum(), -1.0, 0.0))
    there = squares > 0
    # Series that lay together to the last digit say nothing of how fast they come together: no year says more than all.
    each = np.clip(of_year[there] / squares[there], -1.0, 1.0)
    apart_by_year = ((each - pull) ** 2).sum()
    return pull, float(np.sqrt((apart_by_year + prior.years * prior.pull**2) / (there.sum() + prior.years)))


def _middle(row: Floats) -> float:
    """Return the mean of changes without the tenth at either end: a school that is rebuilt does not move the others."""
    known = np.sort(row[np.isfinite(row)])
    cut = len(known) // 10
    return float(known[cut : len(known) - cut].mean())


def _lasting(left: Floats) -> tuple[Floats, float, float]:
    """Return what of the changes lasts, by series, and how sure it is; and what part of them is slips: nothing where
    too few years can be compared."""
    number = left.shape[1]
    both = np.isfinite(left[:-1]) & np.isfinite(left[1:])
    if both.sum() < PAIRS:
        return np.zeros(number), 0.0, 0.0
    limit = np.quantile(np.abs(left[np.isfinite(left)]), 0.95)
    cut = np.clip(left, -limit, limit)
    lasts = float(np.mean(cut[:-1][both] * cut[1:][both]))
    whole = float(np.mean(cut[np.isfinite(cut)] ** 2))
    slips = min(max(-2 * lasts / whole, 0.0), 1.0) if whole > 0 else 0.0
    lasts = min(max(lasts, 0.0), whole)
    counted = np.isfinite(left).sum(axis=0)
    mean = np.where(counted > 0, np.nansum(cut, axis=0) / np.maximum(counted, 1), 0.0)
    rest = max(whole - lasts, 1e-12)
    weight = counted * lasts / (counted * lasts + rest)
    typical = float(np.median(counted))
    return weight * mean, float(np.sqrt(lasts * rest / (typical * lasts + rest))) if lasts else 0.0, slips


def _unseen(size: Floats, prior: Prior, mean: float) -> Drift:
    number = len(size)
    steps = (np.arange(1, 100) / 100 - 0.5) * 2
    noise = prior.widen * prior.noise * np.sqrt(3) * steps
    everywhere = np.arange(len(noise))
    return Drift(mean, np.zeros(number), 0.0, prior.widen * prior.common, prior.years, noise, (everywhere,) * number, 0)
