"""The same statistics as Polars expressions, to be used in `group_by(...).agg(...)`, `select` or with `.over(...)`.

Formulas and the treatment of missing values are those of the modules that bear the statistic's name.
"""

import polars as pl

from .dispersion import ROUNDING, SPLIT

Column = str | pl.Expr


def _column(column: Column) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column


def counts(amount: Column, pupils: Column) -> pl.Expr:
    """Return whether a school counts: amount and enrolment known (neither null nor NaN), and pupils there."""
    x, p = _column(amount), _column(pupils)
    return (x.is_not_null() & x.is_finite() & p.is_not_null() & p.is_finite() & (p > 0)).fill_null(value=False)


def _counted(amount: Column, pupils: Column) -> tuple[pl.Expr, pl.Expr]:
    count = counts(amount, pupils)
    return pl.when(count).then(_column(amount).cast(pl.Float64)), pl.when(count).then(_column(pupils).cast(pl.Float64))


def schools(amount: Column, pupils: Column) -> pl.Expr:
    """Return how many schools count."""
    return counts(amount, pupils).sum().cast(pl.Int64)


def enrolment(amount: Column, pupils: Column) -> pl.Expr:
    """Return the pupils of the schools that count."""
    return _counted(amount, pupils)[1].sum()


def total(amount: Column, pupils: Column) -> pl.Expr:
    """Return the amount of the schools that count."""
    return _counted(amount, pupils)[0].sum()


def mean(amount: Column, pupils: Column) -> pl.Expr:
    """Return the mean per pupil, sum(x) / sum(P); null where no school counts."""
    x, p = _counted(amount, pupils)
    return pl.when(p.sum() > 0).then(x.sum() / p.sum())


def apart(amount: Column, pupils: Column, centre: Column | None = None) -> pl.Expr:
    """Return |X_i - mean|, one per school; null where the school does not count."""
    x, p = _counted(amount, pupils)
    middle = x.sum() / p.sum() if centre is None else _column(centre)
    (a, b), (c, d), product = _halves(middle), _halves(p), middle * p
    # What the product loses for being rounded, as in `dispersion.deviations`.
    lost = a * c - product + a * d + b * c + b * d
    return ((x - product - lost) / p).abs()


def _halves(value: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    high = SPLIT * value - (SPLIT * value - value)
    return high, value - high


def squares(
    amount: Column,
    pupils: Column,
    centre: Column | None = None,
    each: Column | None = None,
    widest: Column | None = None,
) -> pl.Expr:
    """Return P_i (X_i - mean)^2, one per school; null where the school does not count.

    `centre` (the group's mean), `each` (the school's `apart`) and `widest` (the group's largest) are taken from columns
    where they are there already: groups of a large frame are then computed in a few plain passes, ten times faster than
    by `.over` on the whole.
    """
    x, p = _counted(amount, pupils)
    middle = x.sum() / p.sum() if centre is None else _column(centre)
    distance = apart(amount, pupils, centre) if each is None else _column(each)
    most = distance.max() if widest is None else _column(widest)
    return p * pl.when(most > ROUNDING * middle.abs()).then(distance).otherwise(distance * 0) ** 2


def cv(amount: Column, pupils: Column, part: Column | None = None) -> pl.Expr:
    """Return the enrolment-weighted coefficient: 0 for one school, null where none counts or the mean is 0.

    `part` names a column of `squares` where it is there already.
    """
    x, p = _counted(amount, pupils)
    variance = (squares(amount, pupils) if part is None else _column(part)).sum() / p.sum()
    return pl.when((p.sum() > 0) & (x.sum() != 0)).then(variance.sqrt() / (x.sum() / p.sum()))


def share(amount: Column, pupils: Column) -> pl.Expr:
    """Return each school's share of S squared (they sum to 1; all 0 where schools do not differ)."""
    part = squares(amount, pupils)
    return share_of(part, part.sum())


def share_of(part: Column, whole: Column) -> pl.Expr:
    """Return the share of S squared from a school's `squares` and their sum."""
    portion, all_ = _column(part), _column(whole)
    return pl.when(all_ > 0).then(portion / all_).otherwise(portion * 0)


def cv_note(amount: Column, pupils: Column) -> pl.Expr:
    """Return what there is to say about a coefficient: no_schools, one_school, mean_zero, or nothing."""
    (x, p), number = _counted(amount, pupils), counts(amount, pupils).sum()
    return (
        pl.when(number == 0)
        .then(pl.lit("no_schools"))
        .when(number == 1)
        .then(pl.lit("one_school"))
        .when(x.sum() / p.sum() == 0)
        .then(pl.lit("mean_zero"))
        .otherwise(pl.lit(""))
    )


def cv_least(known: Column, pupils: Column, unknown: Column) -> pl.Expr:
    """Return the least coefficient that there can be where amounts of some schools are not known (dispersion.least).

    `known`: the coefficient of the others (null where their mean is 0), `pupils` theirs; `unknown`: those not known.
    """
    c, p, u = _column(known), _column(pupils), _column(unknown)
    return (
        pl.when(p <= 0).then(0.0).when(c.is_null()).then((p / u).sqrt()).otherwise(c / (1 + (1 + c**2) * u / p).sqrt())
    )


def cv_most(known: Column, pupils: Column, unknown: Column, smallest: Column) -> pl.Expr:
    """Return the most that the coefficient can be, or come near to (dispersion.most); `smallest` is the enrolment of
    the smallest of the schools whose amounts are not known."""
    c, p, u, least = _column(known), _column(pupils), _column(unknown), _column(smallest)
    all_to_one = (p + u) / least - 1
    none = pl.when((p > 0) & c.is_not_null()).then((c**2 * (p + u) + u) / p)
    return pl.max_horizontal(all_to_one, none).sqrt()
