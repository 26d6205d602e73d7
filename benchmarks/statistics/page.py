"""Fill the tables of docs/method.md and docs/coverage.md: `python -m benchmarks.statistics.page`."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.statistics import variance
from benchmarks.statistics.draws import CEILINGS
from benchmarks.statistics.places import CARRIED, RESULTS, ROOT, SPEED

PAGE = ROOT / "docs" / "method.md"
#: Differences of log-likelihood below this are those of where two programs stop.
SAME = 1e-6


def lines(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; columns of numbers to the right."""
    marks = ["---" if re.search("[a-z]", rows[0][place]) else "---:" for place in range(len(header))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, marks, *rows])


#: What a cell is named by, and what its kinds of scores are called.
NAMES = ["scores", "effects", "sizes", "rate"]


def _cells() -> pl.DataFrame:
    return pl.read_csv(RESULTS / "coverage.csv", infer_schema_length=None)


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def _error(share: float, draws: int) -> float:
    """Return the standard error of a share in points."""
    return 100 * float(np.sqrt(share * (1 - share) / draws))


def _within(cells: pl.DataFrame) -> str:
    """Return how many draws cells have, and the largest standard error of a coverage."""
    errors = [_error(row[pivot], row["draws"]) for row in cells.to_dicts() for pivot in ("corrected", "safe", "wald")]
    draws = cells["draws"]
    fewest, most = min(draws.to_list()), max(draws.to_list())
    many = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{many} draws a cell; standard errors of coverages are at most {max(errors):.2f} points."


def coverage() -> str:
    """Return the worst cell, over sizes and rates, of each kind of effects and number of schools."""
    cells = _cells().filter(scores="plain")
    schools = cells["schools"].unique(maintain_order=True).to_list()
    rows = []
    for (effect,), part in cells.group_by("effects", maintain_order=True):
        for name in ("corrected", "safe", "wald", "met", "not_met"):
            worst = pl.col(name).max() if name in {"met", "not_met"} else pl.col(name).min()
            of = part.group_by("schools", maintain_order=True).agg(worst)[name]
            called = {"met": "verdict met", "not_met": "verdict not met"}.get(name, name)
            rows.append([str(effect), called, *(_share(value) for value in of)])
    widths = (
        cells.filter(effects="normal")
        .group_by("schools", maintain_order=True)
        .agg(pl.col("corrected_width").max(), pl.col("safe_width").max())
    )
    for name in ("corrected", "safe"):
        rows.append(["normal", f"width of {name}", *(f"{value:.2f}" for value in widths[f"{name}_width"])])
    header = ["school effects", "of the 95 % interval", *(f"{number} schools" for number in schools)]
    return f"{_within(cells)}\n\n{lines(header, rows)}"


def whole(kind: str) -> str:
    """Return one row per effects, sizes and rate: coverage of each pivot, numbers of schools side by side."""
    every = _cells()
    cells = every.filter(scores="plain") if kind == "plain" else every.filter(pl.col("scores") != "plain")
    schools = cells["schools"].unique(maintain_order=True).to_list()
    rows = []
    for key, part in cells.group_by(NAMES, maintain_order=True):
        scores, effect, size, rate = key
        row = [str(effect), str(size), f"{rate:g}"] if kind == "plain" else [str(scores), str(effect)]
        for pivot in ("corrected", "safe", "wald"):
            pairs = zip(part[pivot], part["draws"], strict=True)
            row.append(" ".join(f"{_share(value)} ({_error(value, draws):.1f})" for value, draws in pairs))
        row += [" ".join(_share(value) for value in part[name]) for name in ("met", "not_met")]
        row.append(" ".join(f"{value:.2f}" for value in part["corrected_width"]))
        rows.append(row)
    several = " ".join(str(number) for number in schools)
    names = ["effects", "sizes", "rate"] if kind == "plain" else ["scores", "effects"]
    header = [*names, "corrected", "safe", "wald", "met", "not met", "width"]
    return f"{_within(cells)} Schools, in each cell of the table: {several}.\n\n{lines(header, rows)}"


def crowded() -> str:
    """Return how often scores are called crowded, and how often a report would err without and with that check."""
    cells = _cells().filter(pl.col("crowded").is_not_null(), pl.col("scores").is_in(["whole", *CEILINGS]))
    names = ("crowded", "met_unchecked", "met", "not_met_unchecked", "not_met")
    rows = [
        [*map(str, key), *(" ".join(_share(value) for value in part[name]) for name in names)]
        for key, part in cells.group_by("scores", "effects", maintain_order=True)
    ]
    header = ["scores", "effects", "crowded", "met, unchecked", "met", "not met, unchecked", "not met"]
    return lines(header, rows)


def others() -> str:
    """Return the coverage of draws without an outlier beside its bound."""
    cells = _cells().filter((pl.col("scores") == "plain") & (pl.col("effects") == "outliers"))
    rows = []
    for (size, rate), part in cells.group_by("sizes", "rate", maintain_order=True):
        said = [" ".join(_share(value) or "-" for value in part[f"{name}_others"]) for name in ("corrected", "wald")]
        rows.append([str(size), f"{rate:g}", *said])
    return lines(["sizes", "rate", "corrected", "bound (wald)"], rows)


def bias() -> str:
    """Return the bias of REML and of eta squared, and how often eta squared lies below REML, normal effects."""
    cells = _cells().filter((pl.col("scores") == "plain") & (pl.col("effects") == "normal"))
    rows = []
    for row in cells.filter(pl.col("schools").is_in([5, 20, 100])).to_dicts():
        biases = [f"{row[name]:+.3f}" for name in ("bias", "bias_eta2")]
        rows.append([row["sizes"], f"{row['rate']:g}", str(row["schools"]), *biases, _share(row["eta2_below"])])
    return lines(["sizes", "rate", "schools", "bias", "bias of eta²", "eta² below REML, %"], rows)


def likelihood(n: Any, mean: Any, ss: Any, tau2: float, sigma2: float) -> float:
    """Return the restricted log-likelihood without its constant."""
    weight = n / (sigma2 + n * tau2)
    mu = weight @ mean / weight.sum()
    logs = (n.sum() - len(n)) * np.log(sigma2) + np.log(sigma2 + n * tau2).sum() + np.log(weight.sum())
    return float(-0.5 * (logs + ss.sum() / sigma2 + weight @ (mean - mu) ** 2))


def peer() -> str:
    """Return the authorities at which statsmodels says that it did not converge, or stops below the maximum."""
    mean = pl.col("total") / pl.col("n")
    chem = pl.read_csv(CARRIED / "chem97_schools.csv").with_columns(
        mean=mean, ss=pl.col("squares") - pl.col("total") * mean
    )
    found = variance.estimate(chem["n"], chem["mean"], chem["ss"], chem["lea"], limit=0.15)
    place_of = {lea: place for place, lea in enumerate(found.groups.tolist())}
    rows, apart = [], {}
    for row in pl.read_csv(CARRIED / "chem97_statsmodels.csv").to_dicts():
        place = place_of[row["lea"]]
        n, m, ss = (
            chem.filter(pl.col("lea") == row["lea"])[name].to_numpy().astype(float) for name in ("n", "mean", "ss")
        )
        short = likelihood(n, m, ss, found.tau2[place], found.sigma2[place]) - likelihood(
            n, m, ss, row["tau2"], row["sigma2"]
        )
        rate = row["tau2"] / (row["tau2"] + row["sigma2"])
        if short <= SAME and row["converged"]:
            apart[abs(rate - float(found.icc[place]))] = (row["lea"], short)
        else:
            said = "stops short" if row["converged"] else "does not converge"
            rows.append(
                [
                    str(row["lea"]),
                    str(len(n)),
                    f"{n.sum():.0f}",
                    f"{found.icc[place]:.4f}",
                    f"{rate:.4f}",
                    f"{short:.5f}",
                    said,
                ]
            )
    header = ["authority", "schools", "pupils", "rate", "statsmodels", "short of the maximum by", "outcome"]
    lea, short = apart[max(apart)]
    rest = (
        f"At the other {len(apart)} the rates differ by {max(apart):.1e} at most (authority {lea}, {short:.0e} short)."
    )
    return f"{lines(header, rows)}\n\n{rest}"


def time(told: dict[str, float]) -> str:
    """Return a time by the clock and by the processor, in milliseconds."""
    spread = f"spread {100 * told['spread']:.0f} %"
    return f"{1000 * told['seconds']:.0f} ms ({spread}; {1000 * told['processor']:.0f} ms of processor time)"


def times(ratio: dict[str, float], digits: int = 1) -> str:
    """Return a ratio by the clock and by the processor."""
    return f"{ratio['seconds']:,.{digits}f} times ({ratio['processor']:,.{digits}f} by the processor)"


def speed() -> str:
    """Return the times as sentences and a table."""
    told = json.loads(SPEED.read_text(encoding="utf-8"))
    chem, many, made = told["chem97"], told["counties"], told["machine"]
    text = [
        f"{made['processor']}, {made['cores']} cores shared with other work; Python {made['python']}, Polars "
        f"{made['polars']}, NumPy {made['numpy']}. Medians; spread is (max - min) / median by the clock, processor "
        "time is that of all cores together. The floor is n, mean and variance by school in Polars.",
        "",
        f"- chem97, {chem['groups']} authorities, from pupils in memory to rates with interval and confidence: "
        f"{time(chem['rate'])}; {times(chem['times_the_floor'])} the floor. A loop of `statsmodels.MixedLM`, which "
        f"gives neither, takes {chem['statsmodels']['seconds']:.1f} s: {times(chem['times_statsmodels'], 0)} as long.",
        f"- {many['groups']:,} groups of that size, {many['pupils']:,} pupils: {time(many['rate'])}; "
        f"{times(many['times_the_floor'])} the floor. Per group that loop takes "
        f"{times(many['times_statsmodels_per_group'], 0)} as long.",
        "- From a Parquet file, in 2,844 counties and 3 subjects:",
    ]
    rows = []
    for row in told["scores"]:
        cells = [f"{row['millions']}", row["keys"]]
        for part in (row["rate"], row["floor"]):
            cells += [f"{part['seconds']:.2f}", f"{100 * part['spread']:.0f} %", f"{part['processor']:.2f}"]
        cells += [f"{row['times_the_floor'][by]:.2f}" for by in ("seconds", "processor")]
        rows.append([*cells, f"{row['rate']['gigabytes']:.2f}"])
    header = ["million scores", "keys", *("seconds", "spread", "processor"), *("floor: seconds", "spread", "processor")]
    header += ["times the floor", "by processor", "GB at most"]
    return "\n".join(text) + "\n\n" + lines(header, rows)


def bound() -> str:
    """Return what the best rule of each statistic can hold."""
    found = pl.read_csv(RESULTS / "bound.csv")
    rows = [[str(row["schools"]), *(_share(row[name]) for name in found.columns[1:])] for row in found.to_dicts()]
    return lines(found.columns, rows)


def methods() -> str:
    """Return how other intervals hold beside the pivots, with standard errors, and how wide they are."""
    found = pl.read_csv(RESULTS / "methods.csv", infer_schema_length=None)
    names = [name.removesuffix("_width") for name in found.columns if name.endswith("_width")]
    schools = found["schools"].unique(maintain_order=True).to_list()
    rows = []
    for (effect, rate), part in found.group_by("effects", "rate", maintain_order=True):
        for name in names:
            pairs = zip(part[name], part["draws"], strict=True)
            held = [f"{_share(value)} ({_error(value, draws):.1f})" for value, draws in pairs]
            rows.append([str(effect), f"{rate:g}", name, *held, *(f"{width:.2f}" for width in part[f"{name}_width"])])
    header = ["effects", "rate", "interval", *(f"{number} schools" for number in schools)]
    return lines([*header, *(f"width, {number}" for number in schools)], rows)


def digits() -> str:
    """Return the greatest relative error of any figure, by way of reading."""
    found = pl.read_csv(RESULTS / "digits.csv")
    ways = found.columns[3:]
    header = ["figures of", *(f"{row['far']:.0e} ± {row['spread']:g}" for row in found.to_dicts())]
    return lines(header, [[way, *(f"{value:.0e}" for value in found[way])] for way in ways])


def told() -> str:
    """Return how schools that are named, changes and paces hold."""
    found = json.loads((RESULTS / "told.json").read_text(encoding="utf-8"))
    parts, draws = [], found.pop("draws")
    for name, rows in found.items():
        header = list(rows[0])
        shares = [value / 100 for row in rows for value in row.values() if isinstance(value, float)]
        most = max(_error(share, draws[name]) for share in shares)
        parts.append(f"{draws[name]:,} draws a cell; standard errors are at most {most:.2f} points.")
        cells = [[str(v) if not isinstance(v, float) else f"{v:.1f}" for v in row.values()] for row in rows]
        parts.append(lines(header, cells))
    return "\n\n".join(parts)


COVERAGE = ROOT / "docs" / "coverage.md"
BLOCKS: dict[Path, dict[str, Callable[[], str]]] = {
    PAGE: {"coverage": coverage, "digits": digits, "peer": peer, "speed": speed},
    COVERAGE: {
        "plain": partial(whole, "plain"),
        "others": others,
        "kinds": partial(whole, "kinds"),
        "crowded": crowded,
        "bias": bias,
        "bound": bound,
        "methods": methods,
        "told": told,
    },
}


def filled(page: Path) -> str:
    """Return a page with its blocks made anew."""
    text = page.read_text(encoding="utf-8")
    for name, make in BLOCKS[page].items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise SystemExit(f"{page.name} needs one block {name}")
        before, rest = text.split(start)
        text = f"{before}{start}\n\n{make()}\n\n{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    for one in BLOCKS:
        one.write_text(filled(one), encoding="utf-8")
