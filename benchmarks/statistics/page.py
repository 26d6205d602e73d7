"""Fill the tables of docs/method.md from what the benchmarks left: `python -m benchmarks.statistics.page`."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from analysis.statistics import variance
from benchmarks.statistics.places import CARRIED, RESULTS, ROOT

PAGE = ROOT / "docs" / "method.md"
#: Differences of log-likelihood below this are those of where two programs stop.
SAME = 1e-6


def lines(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; columns of numbers to the right."""
    marks = ["---" if re.search("[a-z]", rows[0][place]) else "---:" for place in range(len(header))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, marks, *rows])


def coverage() -> str:
    """Return one row per kind, sizes and rate; the numbers of schools side by side."""
    cells = pl.read_csv(RESULTS / "coverage.csv")
    schools = cells["schools"].unique(maintain_order=True).to_list()
    rows = []
    for (scores, sizes, rate), part in cells.group_by("scores", "sizes", "rate", maintain_order=True):
        row = [str(scores).replace("_", " "), str(sizes), f"{rate:g}"]
        row += [f"{100 * value:.1f}" for value in part["coverage"]]
        row += [f"{value:+.3f}" for value in part["bias_reml"].gather([0, len(schools) - 1])]
        row += [f"{value:+.3f}" for value in part["bias_eta2"].gather([0, len(schools) - 1])]
        row += ["" if value is None else f"{100 * value:.1f}" for value in part["p_0.95"].gather([0, len(schools) - 1])]
        rows.append(row)
    ends = f"{schools[0]}", f"{schools[-1]}"
    header = ["scores", "sizes", "rate", *(f"{number} schools" for number in schools)]
    header += [f"{name}, {end}" for name in ("bias", "bias of eta²", "p ≤ 0.95") for end in ends]
    worst = 100 * float(str(cells["se_coverage"].max()))
    said = f"{cells['draws'][0]:,} draws a cell; standard errors of coverages are at most {worst:.2f} points."
    return f"{said}\n\n{lines(header, rows)}"


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
    found = variance.estimate(chem["n"], chem["mean"], chem["ss"], chem["lea"])
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
    told = json.loads((RESULTS / "speed.json").read_text(encoding="utf-8"))
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


BLOCKS: dict[str, Callable[[], str]] = {"coverage": coverage, "peer": peer, "speed": speed}


def filled(text: str) -> str:
    """Return the page with its blocks made anew."""
    for name, make in BLOCKS.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise SystemExit(f"{PAGE.name} needs one block {name}")
        before, rest = text.split(start)
        text = f"{before}{start}\n\n{make()}\n\n{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
