"""Items of a county below the resources: what is answered, given as a value, or computed from records."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from analysis.clean.records import ASIDE as ASIDE_COLUMNS
from analysis.judge import against_rows, by_school, frames, rounding, rules
from analysis.judge.computed import Cell, Figure, Given
from analysis.judge.resources import AGREED, ASIDE
from analysis.standards import Standard, State
from analysis.standards.model import Item
from analysis.standards.rules import SCHOOLS, every
from analysis.tables import FINDINGS, Verdict

#: State and target of an item, by year.
Force = dict[int, tuple[str, float | None]]


def _target(item: Item, standard: Standard, day: date) -> tuple[str, float | None]:
    """Return the state of an item on `day`, and its target; an item without one holds from the standard's date."""
    if item.target is None:
        return (State.SET.value if day >= (item.since or standard.since) else State.NOT_IN_FORCE.value), None
    return frames.target_at(standard, item.target, day)


def _finding(name: str, item: Item, verdict: str, reason: str = "", **values: Any) -> dict[str, Any]:
    return {"field": item.field, "item": name, "verdict": verdict, "reason": reason} | values


def reported(name: str, item: Item, row: dict[str, Any] | None, target: float | None, year: int) -> dict[str, Any]:
    """Judge what a county reported on one item: a value against its target, or an answer with its evidence.

    A yes without evidence is no_data: nothing shows it yet. So is a value that can't be, such as 95 for 95 %. What is
    set aside was reported, and is not known: undecidable.
    """
    if row is None:
        return _finding(name, item, Verdict.NO_DATA, "no_records", target=target)
    told: dict[str, Any] = {"evidence": row["evidence"] or "", "data_year": year, "target": target}
    judged_by = "value" if item.kind == "value" and item.target is not None and target is not None else "answer"
    if judged_by in (row[ASIDE_COLUMNS] or ()):
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **told)
    if item.kind == "value" and item.target is not None and target is not None:
        value = row["value"]
        if value is None:
            return _finding(name, item, Verdict.NO_DATA, "value_missing", **told)
        if against_rows.impossible(value, item.target):
            return _finding(name, item, Verdict.NO_DATA, "value_impossible", value=value, **told)
        met = rounding.holds(value, target, item.target.sense)
        margin = rounding.apart(value, target, item.target.sense)
        return _finding(name, item, Verdict.MET if met else Verdict.NOT_MET, value=value, margin=margin, **told)
    if row["answer"] == "no":
        return _finding(name, item, Verdict.NOT_MET, **told)
    if row["answer"] == "yes":
        shown = bool(told["evidence"])
        return _finding(name, item, Verdict.MET if shown else Verdict.NO_DATA, "" if shown else "no_evidence", **told)
    return _finding(name, item, Verdict.NO_DATA, "value_missing", **told)


def _of_schools(name: str, item: Item, counted: dict[str, Any] | None, target: float, year: int) -> dict[str, Any]:
    """Return a county's finding on an item that is counted by schools: value = share that meet for certain, judged in
    best and worst case. `year` is that of the statistics."""
    assert item.target is not None
    if counted is None:
        return _finding(name, item, Verdict.NOT_APPLICABLE, "no_such_schools", target=target, data_year=year)
    number, met = counted["all"], counted["met"]
    share, best = met / number, (met + counted["unsure"]) / number
    told: dict[str, Any] = {"value": share, "target": target, "data_year": year}
    if rounding.holds(share, target, item.target.sense):
        return _finding(name, item, Verdict.MET, margin=rounding.apart(share, target, item.target.sense), **told)
    if not rounding.holds(best, target, item.target.sense):
        margin = rounding.apart(share, target, item.target.sense)
        return _finding(name, item, Verdict.NOT_MET, "schools_short", margin=margin, evidence=counted["short"], **told)
    if counted["silent"]:
        return _finding(name, item, counted["open"], "no_records", **told)
    return _finding(name, item, counted["open"], "schools_missing", evidence=counted["undecided"], **told)


def _early(name: str, item: Item, counted: dict[str, Any] | None, state: str, year: int) -> dict[str, Any]:
    """Return the finding on an item counted by schools whose target is not in force, or open: the share that meet the
    rule for certain, none where no school says anything."""
    if counted is None or counted["unsure"] == counted["all"]:
        return _finding(name, item, state, state)
    return _finding(name, item, state, state, value=counted["met"] / counted["all"], data_year=year)


def _of_figure(name: str, item: Item, figure: Figure, target: float, year: int) -> dict[str, Any]:
    assert item.target is not None
    told: dict[str, Any] = {"target": target, "evidence": figure.evidence}
    if figure.reason == ASIDE:
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **told)
    if figure.bounds is not None:
        return _between(name, item, figure, target, year)
    if figure.value is None:
        return _finding(name, item, Verdict.NO_DATA, figure.reason, **told)
    if against_rows.impossible(figure.value, item.target):
        return _finding(name, item, Verdict.NO_DATA, "value_impossible", value=figure.value, **told)
    met = rounding.holds(figure.value, target, item.target.sense)
    finite = figure.value != float("inf")
    told |= {"data_year": year, "value": figure.value if finite else None}
    told |= {"margin": rounding.apart(figure.value, target, item.target.sense) if finite else None}
    return _finding(name, item, Verdict.MET if met else Verdict.NOT_MET, "" if met else figure.reason, **told)


def _between(name: str, item: Item, figure: Figure, target: float, year: int) -> dict[str, Any]:
    """Return the finding on a figure that lies between bounds: decided where both say the same, and then with the bound
    that is nearer to the target."""
    assert item.target is not None
    assert figure.bounds is not None
    sense = item.target.sense
    told: dict[str, Any] = {"target": target, "evidence": figure.evidence}
    met = {rounding.holds(bound, target, sense) for bound in figure.bounds}
    if len(met) > 1:
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **told)
    margins = {bound: rounding.apart(bound, target, sense) for bound in figure.bounds}
    value = min(margins, key=lambda bound: abs(margins[bound]))
    told |= {"data_year": year, "value": value, "margin": margins[value]}
    return _finding(name, item, Verdict.MET if met.pop() else Verdict.NOT_MET, AGREED, **told)


def _by_rule(given: Given, force: Force) -> tuple[dict[Cell, dict[str, Any]], pl.DataFrame]:
    """Return the findings of counties and years on an item that is counted by schools, and those of their schools.

    Before a target is in force the share of schools is told all the same; of the schools it has no findings.
    """
    lag = given.standard.statistics_lag
    reported = set(given.frames["schools"].select(frames.KEYS).unique().iter_rows())
    years = {year: target is not None for year, (state, target) in force.items() if state != State.UNSET.value}
    looked, in_force = (pl.col("year").is_in(each) for each in (list(years), [one for one in years if years[one]]))
    used = replace(given, schools=given.schools.filter(looked))
    rows = by_school.school_rows(used).filter(looked)
    counted = by_school.counted(rows)
    found = {}
    for cell in given.cells:
        state, target = force[cell[1]]
        if cell not in reported:
            found[cell] = _finding(given.name, given.item, Verdict.NO_DATA, "no_records", target=target)
        elif target is not None:
            found[cell] = _of_schools(given.name, given.item, counted.get(cell), target, cell[1] - lag)
        else:
            found[cell] = _early(given.name, given.item, counted.get(cell), state, cell[1] - lag)
    rows = rows.filter(in_force)
    told = [pl.lit(given.item.field).alias("field"), pl.lit(given.name).alias("item")]
    return found, rows.with_columns(*told, (pl.col("year") - lag).alias("data_year"))


def _by_figure(given: Given, force: Force) -> dict[Cell, dict[str, Any]]:
    """Return the findings of counties and years on an item that is one figure of a county."""
    found = {}
    for cell, figure in rules.figures(given).items():
        state, target = force[cell[1]]
        if target is None:
            finite = None if figure.value == float("inf") else figure.value
            told = {"value": finite, "data_year": None if finite is None else cell[1]}
            found[cell] = _finding(given.name, given.item, state, state, **told)
        else:
            found[cell] = _of_figure(given.name, given.item, figure, target, cell[1])
    return found


def findings(
    held: dict[str, pl.DataFrame], standard: Standard, cells: pl.DataFrame, days: dict[int, date]
) -> pl.DataFrame:
    """Return the findings of the standard's items for each county and year of `cells`, item by item.

    `held` maps schools, classes, rooms, teachers, government, floors and quarantine to rows whose `year` is the year
    judged, `before` to county items of the year before, and monitoring to results of all years; `days` maps each year
    to the day whose rules hold.
    """
    judged = tuple(cells.select(frames.KEYS).iter_rows())
    of_items = {(row["county"], row["year"], row["item"]): row for row in held["government"].iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    of_schools: list[pl.DataFrame] = []
    for place, (name, item) in enumerate(standard.items.items()):
        force = {year: _target(item, standard, day) for year, day in days.items()}
        found: dict[Cell, dict[str, Any]] = {}
        if item.kind == "computed":
            looked = Given(name, item, standard, judged, by_school.selected(held["schools"], item.schools), held)
            if every()[str(item.rule)].of == SCHOOLS:
                found, schools = _by_rule(looked, force)
                of_schools.append(schools.with_columns(pl.lit(2 * place + 1).alias("place")))
            else:
                found = _by_figure(looked, force)
        given = Given(name, item, standard, judged, held["schools"], held)
        by_rows, by_counts = against_rows.told(given), against_rows.counted(given)
        for county, year in judged:
            row, (state, target) = of_items.get((county, year, name)), force[year]
            one = found.get((county, year))
            if one is None and state != State.SET.value:
                one = _finding(name, item, state, state, value=row["value"] if row else None)
            told = one or reported(name, item, row, target, year)
            told = against_rows.beside(told, item, row, by_rows.get((county, year)), by_counts.get((county, year)))
            rows.append(told | {"county": county, "year": year, "place": 2 * place})
    schema = {name: dtype for name, dtype in FINDINGS.items() if name != "id"} | {"place": pl.Int32}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    return frames.shaped(pl.concat([whole, *of_schools], how="diagonal_relaxed").sort("place", maintain_order=True))
