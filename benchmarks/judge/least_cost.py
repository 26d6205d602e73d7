"""How near plans are proven to the cheapest, how long they take, and what rules of thumb would cost.

`python -m benchmarks.judge.least_cost [counties]`: counties of the generator; of each the plan with the usual reserve,
laid over its records and judged again by the ordinary judge (a plan that it does not confirm stops the run), its proven
gap, the processor time of the search, and what two rules of thumb cost. Writes benchmarks/results/least_cost.json and
fills docs/least_cost.md, which `page` alone does too.
"""

import json
import sys
import time
from typing import Any

import numpy as np
import polars as pl

from analysis import standards
from analysis.clean.records import Records, of_frames
from analysis.judge import judge
from analysis.least_cost import Status, Wish, plan_of
from analysis.least_cost.judged_again import changed
from analysis.measure import measure
from analysis.sample import records
from analysis.sample.nation import code_of, invented
from analysis.sample.schools import simulate
from benchmarks.statistics.places import RESULTS, ROOT

YEAR = 2024
#: Counties of the mainland: what a plan for each would take.
MAINLAND = 2844
PAGE = ROOT / "docs" / "least_cost.md"
START, END = "<!-- table -->", "<!-- /table -->"


def county(number: int) -> tuple[str, Records]:
    """Return the code and the records of a generated county."""
    frame = pl.DataFrame(records.school_years(simulate(invented(number, 1, "csv"), (YEAR,), 1)))
    code = code_of(number)
    return code, of_frames(code, {"schools": frame.with_columns(pl.lit(code).alias("county"))})


def measured(number: int, reserve: float) -> dict[str, Any]:
    """Return what came of one county. Raises AssertionError where the judge does not confirm its plan."""
    standard = standards.load("national-2017")
    code, held = county(number)
    begun = time.process_time()
    plan = plan_of(held, standard, code, YEAR, Wish(reserve=reserve, seconds=600.0))
    seconds = time.process_time() - begun
    assert plan.units is not None
    assert plan.cost is not None
    assert plan.bound is not None
    laid = changed(held, plan.reading.problem, plan.units, YEAR)
    findings = judge(measure(laid, standard), laid, standard, code, YEAR)
    kinds = pl.col("kind").is_in(["cv", "schools", "school_rule"])
    broken = findings.filter((pl.col("field") == "resources") & kinds & (pl.col("verdict") == "not_met"))
    assert broken.is_empty(), broken["id"].to_list()
    assert plan.bound <= plan.cost + 1e-6
    assert all(plan.cost <= rule + 1e-6 for rule in plan.rules if rule is not None)
    return {
        "number": number,
        "status": plan.status.value,
        "cost": plan.cost,
        "gap": plan.gap,
        "seconds": seconds,
        "work": plan.work,
        "naive": plan.rules[0],
        "by_rule": plan.rules[1],
    }


def run(counties: int) -> dict[str, Any]:
    """Return what came of counties, with the usual reserve and without one."""
    reserves = {"usual": Wish().reserve, "bare": 0.0}
    return {name: [measured(number, reserve) for number in range(counties)] for name, reserve in reserves.items()}


def _row(name: str, rows: list[dict[str, Any]]) -> list[str]:
    planned = [row for row in rows if row["status"] != Status.NOTHING_TO_DO.value]
    gaps, seconds = ([row[key] for row in group] for key, group in (("gap", planned), ("seconds", rows)))
    total = sum(row["cost"] for row in planned)
    if not planned:
        return [name, str(len(rows)), "0", *["–"] * 10]
    dearer = [
        sum(row[rule] for row in planned if row[rule] is not None)
        / sum(row["cost"] for row in planned if row[rule] is not None)
        - 1
        for rule in ("naive", "by_rule")
    ]
    return [
        name,
        str(len(rows)),
        str(len(planned)),
        f"{np.median(gaps):.3%}",
        f"{np.quantile(gaps, 0.9):.2%}",
        f"{max(gaps):.2%}",
        f"{np.median(seconds):.2f}",
        f"{np.quantile(seconds, 0.9):.1f}",
        f"{max(seconds):.1f}",
        f"{np.mean(seconds) * MAINLAND / 60:.0f}",
        f"{total / 1e4:,.0f}",
        *(f"{part:.0%}" for part in dearer),
    ]


def table() -> str:
    """Return the block of the page."""
    said = json.loads((RESULTS / "least_cost.json").read_text(encoding="utf-8"))
    head = ["reserve", "counties", "with a plan", "gap, median", "ninth decile", "most"]
    head += ["seconds, median", "ninth decile", "most", f"minutes for {MAINLAND:,}", "cost (10,000 yuan)"]
    head += ["naive, dearer by", "by the 85 % rule"]
    names = {"usual": "5 %", "bare": "none"}
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *(_row(names[name], rows) for name, rows in said.items())]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def filled() -> str:
    """Return the page with the table as measured."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:] != ["page"]:
        result = run(*([int(word) for word in sys.argv[1:]] or [120]))
        (RESULTS / "least_cost.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(filled(), encoding="utf-8")
