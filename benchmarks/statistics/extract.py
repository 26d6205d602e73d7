"""Make what tests/real carries of two data sets, and what statsmodels says: `python -m benchmarks.statistics.extract`.

Needs the whole files of hsb82 and chem97 and statsmodels; minutes on one core.
"""

import warnings

import numpy as np
import polars as pl
import statsmodels
import statsmodels.api as sm

from benchmarks.statistics.places import CARRIED, SHARED


def statistics() -> None:
    """Write per school: of hsb82 n, mean and ss; of chem97, whose scores are whole, n, sum and sum of squares."""
    y = pl.col("mAch")
    hsb = pl.read_csv(SHARED / "hsb82.csv.gz").group_by("school", maintain_order=True)
    hsb.agg(n=pl.len(), mean=y.mean(), ss=y.var(0) * pl.len()).write_csv(CARRIED / "hsb82_schools.csv")
    y = pl.col("score")
    chem = pl.read_csv(SHARED / "chem97.csv.gz").group_by("lea", "school", maintain_order=True)
    chem.agg(n=pl.len(), total=y.sum(), squares=(y * y).sum()).write_csv(CARRIED / "chem97_schools.csv")


def peer() -> None:
    """Write what statsmodels' MixedLM (REML, default optimisers) gives for each authority of two schools or more."""
    pupils = pl.read_csv(SHARED / "chem97.csv.gz")
    rows = []
    for (lea,), part in pupils.group_by("lea", maintain_order=True):
        if part["school"].n_unique() < 2:
            continue
        y, school = part["score"].to_numpy().astype(float), part["school"].to_numpy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = sm.MixedLM(y, np.ones(len(y)), groups=school).fit(reml=True)
        tau2, sigma2 = float(np.asarray(fit.cov_re)[0, 0]), float(fit.scale)
        rows.append(
            {"lea": lea, "tau2": tau2, "sigma2": sigma2, "llf": float(fit.llf), "converged": bool(fit.converged)}
        )
    pl.DataFrame(rows).write_csv(CARRIED / "chem97_statsmodels.csv")
    print(f"statsmodels {statsmodels.__version__}: {len(rows)} authorities")


if __name__ == "__main__":
    for name in ("hsb82.csv.gz", "chem97.csv.gz"):
        if not (SHARED / name).exists():
            raise SystemExit(f"{name} is not in {SHARED.name}/ beside the clone (or in JUNHENG_SHARED): nothing made.")
    CARRIED.mkdir(parents=True, exist_ok=True)
    statistics()
    peer()
