"""Every limit of every standard and plan on both sides, through the command that an office runs.

Each input of a case is a county of its own, whose files are written as statistics print them, and whose report is
built. The day has some of them, the night all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import project
from analysis.read.fields import table, tables
from tests.standards.inputs import FILES, cases, plan_of
from tests.standards.inputs import tables as rows_of
from tests.standards.pages import finding

SIDES = ("met", "not_met", "no_data", "target_not_set")
#: Tables of the statistics, which may be those of years before the year judged.
STATISTICS = ("schools", "classes", "rooms", "teachers")
#: How many of the inputs of the national framework the day has.
DAY = 10


def inputs(name: str) -> list[tuple[int, str]]:
    """Return place and side of each input of a standard's cases.

    Years running below a standard are no case here where they are too few: whether the other years meet it hangs on all
    that it asks, of which the input says one figure (tests/standards/test_cases.py judges that alone).
    """
    each = [(place, side) for place, case in enumerate(cases(name)) for side in SIDES if side in case]
    return [(place, side) for place, side in each if (cases(name)[place]["item"], side) != ("three_years", "met")]


def of_day() -> list[tuple[int, str]]:
    """Return inputs of the national framework at even distances, both sides of a case together."""
    both = [place for place, case in enumerate(cases("national-2017")) if {"met", "not_met"} <= set(case)]
    picked = both[:: len(both) // (DAY // 2)][: DAY // 2]
    return [(place, side) for place in picked for side in ("met", "not_met")]


def coded(county: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with codes of schools that begin with their county's."""
    return [row | ({"school": f"{county}{int(row['school']):04}"} if "school" in row else {}) for row in rows]


def printed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return rows as statistics print them: headers and choices in words."""
    columns = table(name).columns
    named = [column for column in columns if any(row.get(column) is not None for row in rows)]
    named += [column for column in columns if columns[column].required and column not in named]
    return pl.DataFrame(
        {
            columns[column].zh: [
                columns[column].choices[row[column]][0]
                if columns[column].kind == "choice" and row.get(column) is not None
                else "" if row.get(column) is None else str(row[column])
                for row in rows
            ]
            for column in named
        }
    )  # fmt: skip


def write(folder: Path, county: str, name: str, case: dict[str, Any], given: Any) -> None:
    """Write the files of a county that an input describes."""
    plan, year = plan_of(name), case["year"]
    told = rows_of(plan, case, given)
    # A report is of a year with statistics, whatever the input is about.
    told.setdefault("schools", [{"school": "1", "name": "1", "school_type": "primary", "pupils_primary": 1000}])
    (folder / county).mkdir(parents=True)
    for of, rows in told.items():
        if of not in tables():
            continue
        lag = plan.standard.statistics_lag if of in STATISTICS else 0
        by_year: dict[int, list[dict[str, Any]]] = {}
        for row in coded(county, rows):
            # A result of the monitoring has its own year as a column, a row of another year its own file.
            own = year if of == "monitoring" else row.get("year", year)
            by_year.setdefault(own, []).append(row)
        for own, some in by_year.items():
            for at in {own, own - lag}:
                printed(of, some).write_csv(folder / county / f"{of}_{at}.csv")


def build(folder: Path, name: str, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], set[str]]:
    """Run the command once for all inputs, and return the verdicts that each one's report gives its finding."""
    data, out = folder / "raw", folder / "out"
    codes = {f"99{number:04}": one for number, one in enumerate(wanted, start=101)}
    for county, (place, side) in codes.items():
        case = cases(name)[place]
        write(data, county, name, case, case[side])
    entries = "".join(f'  "{code}": {{zh: 县{code}, en: County {code}}}\n' for code in codes)
    (data / "sources.yml").write_text(f"counties:\n{entries}", encoding="utf-8")
    asked = ["--plan", name] if name.startswith("plan-") else ["--standard", name]
    words = ["reports", *asked, "--formats", "xlsx", "--jobs", "1", "--data", str(data), "--out", str(out), "--", "all"]
    run = subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        cwd=project.root(),
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    found = {}
    for county, (place, side) in codes.items():
        case = cases(name)[place]
        (file,) = (out / county / str(case["year"])).rglob("results.json")
        results = json.loads(file.read_text(encoding="utf-8"))
        pattern = finding(name, plan_of(name), case)
        found[place, side] = {row["verdict"] for row in results["findings"] if fnmatch(row["id"], pattern)}
    return found


def unlike(name: str, found: dict[tuple[int, str], set[str]]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield the inputs whose report has another verdict than their case."""
    for (place, side), verdicts in found.items():
        if side not in verdicts:
            yield cases(name)[place]["says"], side, verdicts


def test_limits_of_the_national_framework_hold_through_the_command(tmp_path: Path) -> None:
    assert list(unlike("national-2017", build(tmp_path, "national-2017", of_day()))) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_every_limit_holds_through_the_command(name: str, tmp_path: Path) -> None:
    assert list(unlike(name, build(tmp_path, name, inputs(name)))) == []
