"""How many overstated reports turn a coefficient, and how often visits miss them all.

`python -m benchmarks.judge.fragile [counties] [draws]`: counties of the generator, each coefficient of each stage, by
limits a little above it, so that there is something to turn. Of each: whether the bounds on the least number agree; on
small ones every set of schools is tried. Of visits, sets that turn the verdict (the least one, those of the largest
gains at other tangents, and random ones grown until they turn it) are met by draws: how often all of a set are missed,
at worst, and how many schools a plain random draw would have to visit for that. Writes benchmarks/results/fragile.json
and fills docs/fragile.md, which `page` alone does too.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import standards
from analysis.judge.fragile import settings
from analysis.measure import stage_rows
from analysis.sample import records
from analysis.sample.nation import invented
from analysis.sample.schools import simulate
from analysis.statistics import fragile
from analysis.statistics.dispersion import coefficient
from analysis.tables import Stage
from benchmarks.statistics.places import RESULTS, ROOT

Array = npt.NDArray[np.float64]
ERRORS = (0.03, 0.05, 0.10)
#: Limits, in terms of the coefficient as it is.
LIMITS = (1.002, 1.01, 1.03)
#: Schools of the small cases, of which every set is tried.
SMALL = 11
#: Coefficients of the worst misses whose draws are taken together.
WORST = 20
YEAR = 2024
PAGE = ROOT / "docs" / "fragile.md"
START, END = "<!-- table -->", "<!-- /table -->"


@dataclass(frozen=True)
class Case:
    """One coefficient and its limit."""

    amount: Array
    pupils: Array
    limit: float
    error: float

    def turns(self, chosen: Array) -> bool:
        """Return whether the schools chosen (0 or 1) turn it."""
        return fragile.over(self.amount * (1 - self.error * chosen), self.pupils, self.limit)


def cases(counties: int) -> Iterator[Case]:
    """Yield the coefficients of counties with their limits and errors."""
    standard = standards.load("national-2017")
    for number in range(counties):
        frame = records.school_years(simulate(invented(number, 1, "csv"), (YEAR,), 1))
        rows = stage_rows(standard_columns(frame, number), standard).filter("in_scope")
        for stage in Stage:
            of_stage = rows.filter(stage=stage.value)
            for name in standard.indicators:
                known = of_stage.select(name, "pupils").drop_nulls()
                amount, pupils = known[name].to_numpy(), known["pupils"].to_numpy()
                if len(amount) < 2:
                    continue
                cv = coefficient(amount, pupils).cv
                for place, error in enumerate(ERRORS):
                    yield Case(amount, pupils, cv * LIMITS[(number + place) % len(LIMITS)], error)


def standard_columns(frame: Any, number: int) -> Any:
    """Return generated schools as the schools table has them."""
    from analysis.clean.records import of_frames
    from analysis.sample.nation import code_of

    return of_frames(code_of(number), {"schools": frame}).schools


def sets(case: Case, result: fragile.Fragility, rng: np.random.Generator) -> list[Array]:
    """Return sets of schools that turn a case: the least one, its likes, and random ones."""
    number = len(case.amount)
    shares = case.amount / case.amount.sum()
    least = np.zeros(number)
    least[list(result.least)] = 1
    turning = [least] if result.least else []
    for at in np.linspace(1 - case.error, 1, 5):
        gain = 2 * (1 + case.limit**2) * at * shares - (2 - case.error) * shares**2 / (case.pupils / case.pupils.sum())
        turning += _grown(case, np.argsort(-gain))
    for _ in range(5):
        turning += _grown(case, rng.permutation(number))
    return turning


def _grown(case: Case, order: npt.NDArray[np.int64]) -> list[Array]:
    """Return the first set that turns the case when schools are added in an order; none where none does."""
    chosen = np.zeros(len(order))
    for place in order:
        chosen[place] = 1
        if case.turns(chosen):
            return [chosen]
    return []


def at_random(number: int, least: int) -> int:
    """Return how many of `number` schools a random draw visits to meet one of `least` with 95 %."""
    missed = 1.0
    for visits in range(1, number + 1):
        missed *= max(number - visits + 1 - least, 0) / (number - visits + 1)
        if missed <= 0.05:
            return visits
    return number


def run(counties: int, draws: int) -> dict[str, Any]:
    """Return what was found, by error."""
    rng = np.random.default_rng(22)
    factor = settings()["factor"]
    rows: dict[float, list[dict[str, float]]] = {error: [] for error in ERRORS}
    for case in cases(counties):
        result = fragile.of_coefficient(case.amount, case.pupils, case.limit, case.error, factor)
        if result.low is None:
            rows[case.error].append({"none": 1})
            continue
        exact = {float(np.prod(1 - result.chance[chosen > 0])): chosen for chosen in sets(case, result, rng)}
        worst = max(exact, default=0.0)
        missed = 0.0
        if worst:
            met = rng.random((draws, len(case.amount))) < result.chance
            missed = float((~(met & (exact[worst] > 0)).any(axis=1)).mean())
        row = {"agree": result.low == result.high, "least": result.high or np.nan, "visits": result.visits}
        row |= {
            "missed": missed,
            "exact": worst,
            "random": at_random(len(case.amount), result.high or 1),
        }
        rows[case.error].append(row)
    return {
        "counties": counties,
        "draws": draws,
        "errors": [_told(error, rows[error]) for error in ERRORS],
        "small": small(),
    }


def _told(error: float, rows: list[dict[str, float]]) -> dict[str, Any]:
    turned = [row for row in rows if "none" not in row]
    several = [row for row in turned if row["least"] > 1]
    return {
        "error": error,
        "coefficients": len(rows),
        "turned": len(turned),
        "agree": sum(bool(row["agree"]) for row in turned),
        "alone": len(turned) - len(several),
        "visits": float(np.median([row["visits"] for row in several])),
        "random": float(np.median([row["random"] for row in several])),
        "exact": max(row["exact"] for row in turned),
        "missed": float(np.mean([row["missed"] for row in sorted(several, key=lambda row: row["exact"])[-WORST:]])),
        "typical": float(np.median([row["missed"] for row in several])),
    }


def small() -> dict[str, int]:
    """Return on how many small cases the bounds are the least number of all sets tried."""
    rng, tried, equal = np.random.default_rng(23), 0, 0
    for _ in range(150):
        number = int(rng.integers(3, SMALL + 1))
        pupils = rng.integers(20, 2000, number).astype(float)
        amount = pupils * np.exp(rng.normal(0, 0.35, number))
        case = Case(
            amount, pupils, coefficient(amount, pupils).cv * rng.choice([1.01, 1.04, 1.07]), float(rng.choice(ERRORS))
        )
        result = fragile.of_coefficient(amount, pupils, case.limit, case.error, settings()["factor"])
        least = next(
            (
                size
                for size in range(1, number + 1)
                for chosen in combinations(range(number), size)
                if case.turns(np.isin(np.arange(number), chosen).astype(float))
            ),
            None,
        )
        tried, equal = tried + 1, equal + (result.low == least == result.high)
    return {"tried": tried, "equal": equal}


def table() -> str:
    """Return the block of the page."""
    said = json.loads((RESULTS / "fragile.json").read_text(encoding="utf-8"))
    head = [
        "overstated by",
        "coefficients",
        "a set turns it",
        "bounds agree",
        "a school alone",
        "visits",
        "at random",
        "worst miss",
        "by draws",
        "median",
    ]
    rows = [
        [
            f"{row['error']:.0%}",
            str(row["coefficients"]),
            str(row["turned"]),
            str(row["agree"]),
            str(row["alone"]),
            f"{row['visits']:.1f}",
            f"{row['random']:.0f}",
            f"{row['exact']:.4f}",
            f"{row['missed']:.3f}",
            f"{row['typical']:.3f}",
        ]
        for row in said["errors"]
    ]
    lines = [head, ["---:"] * len(head), *rows]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    small = said["small"]
    return (
        f"{said['counties']} generated counties, {said['draws']:,} draws of visits for each coefficient. On "
        f"{small['tried']} counties of at most {SMALL} schools every set was tried: the bounds were the least number "
        f"in {small['equal']}.\n\n{text}"
    )


def filled() -> str:
    """Return the page with the table as found."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:] != ["page"]:
        asked = [int(word) for word in sys.argv[1:]] or [120, 4000]
        found = run(*asked)
        (RESULTS / "fragile.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(filled(), encoding="utf-8")
