"""Rates of groups, and statistics and effects of their schools, from the pieces of a table of pupils."""

import numpy as np
import polars as pl

from . import plausible
from .effects import school_effects, value_added
from .pieces import Pieces, Subject
from .tails import named

#: What is said of the rate, and of the rate with covariates.
RATES = ("icc", "ci_low", "ci_high", "p_below", "tau2", "sigma2", "anova", "eta2")
CONDITIONAL = ("icc_conditional", "icc_conditional_low", "icc_conditional_high", "p_below_conditional")


def rates(subject: Subject, codes: np.ndarray, limit: float, level: float, pivot: str) -> pl.DataFrame:
    """Return the rates of one subject, a row per group: group, schools, pupils, RATES, [CONDITIONAL,] why.

    `codes` has the group of each school, `pivot` is one of `tails`; `why` says why there is no rate, else "".
    """
    moments, chosen = subject.moments, named(pivot)
    mean, ss = [each.mean[:, 0] for each in moments], [each.cross[:, 0, 0] for each in moments]
    rest = [each.rest[:, 0] for each in moments]
    estimated = plausible.estimate(moments[0].n, mean, ss, codes, limit=limit, level=level, pivot=chosen, rest=rest)
    groups = estimated.groups.astype(np.int64)
    pupils = np.bincount(codes, moments[0].pupils, 1 + int(groups.max(initial=0)))[groups]
    part = pl.DataFrame(
        {"group": groups, "schools": estimated.schools, "pupils": pupils}
        | {name: getattr(estimated, name) for name in RATES}
        | {"why": estimated.note.tolist()},
        schema_overrides={"group": pl.Int64, "why": pl.String},
    )
    if not subject.conditional:
        return part
    means, cross = [each.mean for each in subject.conditional], [each.cross for each in subject.conditional]
    rests = [each.rest for each in subject.conditional]
    conditional = plausible.conditional(
        subject.conditional[0].n, means, cross, codes, limit=limit, level=level, pivot=chosen, rest=rests
    )
    reasons = [
        f"conditional_{why}" if why and not own else ""
        for own, why in zip(estimated.note, conditional.note, strict=True)
    ]
    figures = (conditional.icc, conditional.ci_low, conditional.ci_high, conditional.p_below)
    return part.with_columns(
        *(pl.Series(name, values) for name, values in zip(CONDITIONAL, figures, strict=True)),
        why=pl.col("why") + pl.Series(reasons, dtype=pl.String),
    )


def schools(pieces: Pieces) -> pl.DataFrame:
    """Return the statistics of each school that rates are made of: group, keys, school, pupils, n, mean, sd, score.

    n is the effective number of pupils, sd has the divisor n - 1 and is null where n is 1. `score` names the column:
    of plausible values there is one row each.
    """
    parts = []
    for subject in pieces.subjects:
        for name, each in zip(subject.columns, subject.moments, strict=True):
            part = pieces.schools.with_columns(
                pl.Series("pupils", each.pupils),
                pl.Series("n", each.n),
                pl.Series("mean", each.mean[:, 0]),
                pl.Series("ss", each.cross[:, 0, 0]),
                score=pl.lit(name),
            )
            parts.append(part.filter(pl.col("n") > 0))
    sd = pl.when(pl.col("n") > 1).then((pl.col("ss") / (pl.col("n") - 1)).sqrt())
    return pl.concat(parts).with_columns(sd.alias("sd")).drop("ss")


def effects(pieces: Pieces, level: float) -> pl.DataFrame:
    """Return what each school adds: group, keys, school, pupils, effect, low, high, reliability, score.

    Effects are in units of the score around the group's mean; with covariates they are the value-added. A school of a
    group without a rate has none (null). Of plausible values there is one row each.
    """
    codes = pieces.schools["group"].to_numpy()
    parts = []
    for subject in pieces.subjects:
        for place, name in enumerate(subject.columns):
            if subject.conditional:
                conditional = subject.conditional[place]
                pupils = conditional.pupils
                added = value_added(
                    conditional.n, conditional.mean, conditional.cross, codes, level, rest=conditional.rest
                )
            else:
                plain = subject.moments[place]
                mean, rest, ss, pupils = plain.mean[:, 0], plain.rest[:, 0], plain.cross[:, 0, 0], plain.pupils
                added = school_effects(plain.n, mean, ss, codes, level, rest=rest)
            columns = {column: getattr(added, column) for column in ("effect", "low", "high", "reliability")}
            part = pieces.schools.with_columns(
                pl.DataFrame({"pupils": pupils} | columns).get_columns(), score=pl.lit(name)
            )
            parts.append(part.filter(pl.col("pupils") > 0))
    return pl.concat(parts).with_columns(pl.selectors.float().fill_nan(None))
