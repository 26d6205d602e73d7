"""Every limit of every standard and plan on both sides, through the command that an office runs.

Inputs of a case are counties whose files are written as statistics print them, and whose report is built. What does not
touch each other stands in one county: figures of the county's sheet beside one another, a survey and a result of the
monitoring with them. The day has some inputs, the night all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import ids, project
from analysis.read.fields import table, tables
from analysis.tables import Kind
from tests.standards.inputs import FILES, at_floor, cases, plan_of, school
from tests.standards.inputs import tables as rows_of
from tests.standards.pages import finding

SIDES = ("met", "not_met", "no_data", "target_not_set")
#: The table of county items.
SHEET = "government"
#: Tables of the statistics, which may be those of years before the year judged.
STATISTICS = ("schools", "classes", "rooms", "teachers")
#: How many of the inputs of the national framework the day has.
DAY = 20


def inputs(name: str) -> list[tuple[int, str]]:
    """Return place and side of each input of a standard's cases.

    Years running below a standard are no case here where they are too few: whether the other years meet it hangs on all
    that it asks, of which the input says one figure (tests/standards/test_cases.py judges that alone).
    """
    each = [(place, side) for place, case in enumerate(cases(name)) for side in SIDES if side in case]
    return [(place, side) for place, side in each if (cases(name)[place]["item"], side) != ("three_years", "met")]


def of_day() -> list[tuple[int, str]]:
    """Return inputs of the national framework: both sides of the first case of items at even distances."""
    known = cases("national-2017")
    both = [place for place, case in enumerate(known) if {"met", "not_met"} <= set(case)]
    first = sorted({known[place]["item"]: place for place in reversed(both)}.values())
    picked = first[:: len(first) // (DAY // 2)][: DAY // 2]
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


Told = dict[str, list[dict[str, Any]]]


@dataclass
class County:
    """Inputs of one year that are told together: their rows by table, and which inputs they are."""

    year: int
    told: Told
    inputs: list[tuple[int, str]]

    def with_(self, one: tuple[int, str], year: int, told: Told, base: dict[str, float]) -> "County | None":
        """Return the county with an input beside the others; None where they touch each other: a table of theirs has
        other rows, or an item of the county's sheet comes twice. Schools at every floor, `base`, may each leave it in
        amounts of their own."""
        known, more = ({row["item"] for row in rows.get(SHEET, ())} for rows in (self.told, told))
        if year != self.year or known & more:
            return None
        both = self.told | told
        for name in set(told) & set(self.told):
            if name == SHEET:
                both[name] = self.told[name] + told[name]
            elif (rows := merged(self.told[name], told[name], base)) is not None:
                both[name] = rows
            else:
                return None
        return County(year, both, [*self.inputs, one])


def merged(
    rows: list[dict[str, Any]], more: list[dict[str, Any]], base: dict[str, float]
) -> list[dict[str, Any]] | None:
    """Return rows of the same schools with the amounts of both that are not those of `base`; None where they differ in
    anything else."""
    if rows == more:
        return rows
    if [row.keys() for row in rows] != [row.keys() for row in more] or not all(set(base) <= set(row) for row in rows):
        return None
    whole = []
    for one, other in zip(rows, more, strict=True):
        changed = {name for name in one if one[name] != other[name]}
        if any(name not in base or base[name] not in (one[name], other[name]) for name in changed):
            return None
        whole.append({name: other[name] if one[name] == base.get(name) else one[name] for name in one})
    return whole


def changes_one(item: str) -> bool:
    """Return whether an item is about one amount of schools alone."""
    return ids.parse(item).kind in (Kind.FLOOR, Kind.CV) and item != ids.cv("composite")


def together(name: str, wanted: list[tuple[int, str]]) -> list[County]:
    """Return counties that tell all inputs, as few as they come to one by one.

    Years running below a standard hang on all that is reported of each year: such an input stands alone.
    """
    counties: list[County] = []
    for place, side in wanted:
        case, plan = cases(name)[place], plan_of(name)
        told = rows_of(plan, case, case[side])
        # A report is of a year with statistics, whatever the input is about.
        told.setdefault("schools", [school("1")])
        floors = at_floor(plan, case.get("stage", "primary"), case["year"])
        for at, county in enumerate(counties):
            known = {cases(name)[one]["item"] for one, _ in county.inputs}
            alone = case["item"] == "three_years" or case["item"] in known
            # What schools have at every floor is changed by floors and coefficients alone, one amount an item.
            base = floors if all(changes_one(item) for item in {*known, case["item"]}) else {}
            both = None if alone else county.with_((place, side), case["year"], told, base)
            if both is not None:
                counties[at] = both
                break
        else:
            counties.append(County(case["year"], told, [(place, side)]))
    return counties


def write(folder: Path, code: str, name: str, county: County) -> None:
    """Write the files of a county."""
    lag = plan_of(name).standard.statistics_lag
    (folder / code).mkdir(parents=True)
    for of, rows in county.told.items():
        if of not in tables():
            continue
        before = lag if of in STATISTICS else 0
        by_year: dict[int, list[dict[str, Any]]] = {}
        for row in coded(code, rows):
            # A result of the monitoring has its own year as a column, a row of another year its own file.
            own = county.year if of == "monitoring" else row.get("year", county.year)
            by_year.setdefault(own, []).append(row)
        for own, some in by_year.items():
            for at in {own, own - before}:
                printed(of, some).write_csv(folder / code / f"{of}_{at}.csv")


def build(folder: Path, name: str, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], set[str]]:
    """Run the command once for all inputs, and return the verdicts that each one's report gives its finding."""
    data, out = folder / "raw", folder / "out"
    codes = {f"99{number:04}": one for number, one in enumerate(together(name, wanted), start=101)}
    for code, county in codes.items():
        write(data, code, name, county)
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
    for code, county in codes.items():
        (file,) = (out / code / str(county.year)).rglob("results.json")
        results = json.loads(file.read_text(encoding="utf-8"))
        for place, side in county.inputs:
            pattern = finding(name, plan_of(name), cases(name)[place])
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
