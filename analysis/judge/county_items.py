"""Items of a county below the resources: what is answered, given as a value, or computed from records."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from analysis.clean.records import ASIDE as ASIDE_COLUMNS
from analysis.judge import against_rows, by_school, frames, rounding, rules
from analysis.judge.computed import Cell, Figure, Inputs
from analysis.judge.resources import AGREED, ASIDE
from analysis.standards import Standard, State, readings
from analysis.standards.items import Item
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
    values: dict[str, Any] = {"evidence": row["evidence"] or "", "data_year": year, "target": target}
    judged_by = "value" if item.kind == "value" and item.target is not None and target is not None else "answer"
    if judged_by in (row[ASIDE_COLUMNS] or ()):
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **values)
    if item.kind == "value" and item.target is not None and target is not None:
        value = row["value"]
        if value is None:
            return _finding(name, item, Verdict.NO_DATA, "value_missing", **values)
        if against_rows.impossible(value, item.target):
            return _finding(name, item, Verdict.NO_DATA, "value_impossible", value=value, **values)
        met = rounding.holds(value, target, item.target.sense)
        margin = rounding.apart(value, target, item.target.sense)
        return _finding(name, item, Verdict.MET if met else Verdict.NOT_MET, value=value, margin=margin, **values)
    if row["answer"] == "no":
        return _finding(name, item, Verdict.NOT_MET, **values)
    if row["answer"] == "yes":
        shown = bool(values["evidence"])
        return _finding(name, item, Verdict.MET if shown else Verdict.NO_DATA, "" if shown else "no_evidence", **values)
    return _finding(name, item, Verdict.NO_DATA, "value_missing", **values)


def _of_schools(name: str, item: Item, counted: dict[str, Any] | None, target: float, year: int) -> dict[str, Any]:
    """Return a county's finding on an item that is counted by schools: value = share that meet for certain, judged in
    best and worst case, none where no school says anything. `year` is that of the statistics."""
    assert item.target is not None
    if counted is None:
        return _finding(name, item, Verdict.NOT_APPLICABLE, "no_such_schools", target=target, data_year=year)
    number, met = counted["all"], counted["met"]
    share, best = met / number, (met + counted["unsure"]) / number
    known_share = share if counted["unsure"] < number else None
    values: dict[str, Any] = {"value": known_share, "target": target, "data_year": year}
    if rounding.holds(share, target, item.target.sense):
        return _finding(name, item, Verdict.MET, margin=rounding.apart(share, target, item.target.sense), **values)
    if not rounding.holds(best, target, item.target.sense):
        margin = rounding.apart(share, target, item.target.sense)
        return _finding(
            name, item, Verdict.NOT_MET, "schools_short", margin=margin, evidence=counted["short"], **values
        )
    if counted["silent"]:
        return _finding(name, item, counted["open"], "no_records", **values)
    return _finding(name, item, counted["open"], "schools_missing", evidence=counted["undecided"], **values)


def _early(name: str, item: Item, counted: dict[str, Any] | None, state: str, year: int) -> dict[str, Any]:
    """Return the finding on an item counted by schools whose target is not in force, or open: the share that meet the
    rule for certain, none where no school says anything."""
    if counted is None or counted["unsure"] == counted["all"]:
        return _finding(name, item, state, state)
    return _finding(name, item, state, state, value=counted["met"] / counted["all"], data_year=year)


def _of_figure(name: str, item: Item, figure: Figure, target: float, year: int) -> dict[str, Any]:
    assert item.target is not None
    values: dict[str, Any] = {"target": target, "evidence": figure.evidence}
    if figure.reason == ASIDE:
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **values)
    if figure.bounds is not None:
        return _between(name, item, figure, target, year)
    if figure.value is None:
        return _finding(name, item, Verdict.NO_DATA, figure.reason, **values)
    if against_rows.impossible(figure.value, item.target):
        return _finding(name, item, Verdict.NO_DATA, "value_impossible", value=figure.value, **values)
    met = rounding.holds(figure.value, target, item.target.sense)
    finite = figure.value != float("inf")
    values |= {"data_year": year, "value": figure.value if finite else None}
    values |= {"margin": rounding.apart(figure.value, target, item.target.sense) if finite else None}
    return _finding(name, item, Verdict.MET if met else Verdict.NOT_MET, "" if met else figure.reason, **values)


def _between(name: str, item: Item, figure: Figure, target: float, year: int) -> dict[str, Any]:
    """Return the finding on a figure that lies between bounds: decided where both say the same, and then with the bound
    that is nearer to the target."""
    assert item.target is not None
    assert figure.bounds is not None
    sense = item.target.sense
    values: dict[str, Any] = {"target": target, "evidence": figure.evidence}
    met = {rounding.holds(bound, target, sense) for bound in figure.bounds}
    if len(met) > 1:
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **values)
    margins = {bound: rounding.apart(bound, target, sense) for bound in figure.bounds}
    value = min(margins, key=lambda bound: abs(margins[bound]))
    values |= {"data_year": year, "value": value, "margin": margins[value]}
    return _finding(name, item, Verdict.MET if met.pop() else Verdict.NOT_MET, AGREED, **values)


def _by_rule(inputs: Inputs, force: Force) -> tuple[dict[Cell, dict[str, Any]], pl.DataFrame]:
    """Return the findings of counties and years on an item that is counted by schools, and those of their schools.

    Before a target is in force the share of schools is told all the same; of the schools it has no findings.
    """
    lag = inputs.standard.statistics_lag
    reported = set(inputs.frames["schools"].select(frames.KEYS).unique().iter_rows())
    years = {year: target is not None for year, (state, target) in force.items() if state != State.UNSET.value}
    looked, in_force = (pl.col("year").is_in(each) for each in (list(years), [year for year in years if years[year]]))
    used = replace(inputs, schools=inputs.schools.filter(looked))
    rows = by_school.school_rows(used).filter(looked)
    counted = by_school.counted(rows)
    by_cell = {}
    for cell in inputs.cells:
        state, target = force[cell[1]]
        if cell not in reported:
            by_cell[cell] = _finding(inputs.name, inputs.item, Verdict.NO_DATA, "no_records", target=target)
        elif target is not None:
            by_cell[cell] = _of_schools(inputs.name, inputs.item, counted.get(cell), target, cell[1] - lag)
        else:
            by_cell[cell] = _early(inputs.name, inputs.item, counted.get(cell), state, cell[1] - lag)
    rows = rows.filter(in_force)
    named = [pl.lit(inputs.item.field).alias("field"), pl.lit(inputs.name).alias("item")]
    return by_cell, rows.with_columns(*named, (pl.col("year") - lag).alias("data_year"))


def _by_figure(inputs: Inputs, force: Force) -> dict[Cell, dict[str, Any]]:
    """Return the findings of counties and years on an item that is one figure of a county."""
    by_cell = {}
    for cell, figure in rules.figures(inputs).items():
        state, target = force[cell[1]]
        if target is None:
            finite = None if figure.value == float("inf") else figure.value
            values = {"value": finite, "data_year": None if finite is None else cell[1]}
            by_cell[cell] = _finding(inputs.name, inputs.item, state, state, **values)
        else:
            by_cell[cell] = _of_figure(inputs.name, inputs.item, figure, target, cell[1])
    return by_cell


def findings(
    tables: dict[str, pl.DataFrame], standard: Standard, cells: pl.DataFrame, days: dict[int, date]
) -> pl.DataFrame:
    """Return the findings of the standard's items for each county and year of `cells`, item by item.

    `held` maps schools, classes, rooms, teachers, government, floors and quarantine to rows whose `year` is the year
    judged, `before` to county items of the year before, and monitoring to results of all years; `days` maps each year
    to the day whose rules hold. Of each year the standard is read as it was carried out then.
    """
    parts = []
    for read, years in readings.by_year(standard, list(days)):
        some = cells.filter(pl.col("year").is_in(years))
        parts.append(_findings(tables, read, some, {year: days[year] for year in years}))
    return pl.concat(parts)


def _findings(
    tables: dict[str, pl.DataFrame], standard: Standard, cells: pl.DataFrame, days: dict[int, date]
) -> pl.DataFrame:
    judged = tuple(cells.select(frames.KEYS).iter_rows())
    of_items = {(row["county"], row["year"], row["item"]): row for row in tables["government"].iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    of_schools: list[pl.DataFrame] = []
    for place, (name, item) in enumerate(standard.items.items()):
        force = {year: _target(item, standard, day) for year, day in days.items()}
        by_cell: dict[Cell, dict[str, Any]] = {}
        if item.kind == "computed":
            looked = Inputs(name, item, standard, judged, by_school.selected(tables["schools"], item.schools), tables)
            if every()[str(item.rule)].of == SCHOOLS:
                by_cell, schools = _by_rule(looked, force)
                of_schools.append(schools.with_columns(pl.lit(2 * place + 1).alias("place")))
            else:
                by_cell = _by_figure(looked, force)
        inputs = Inputs(name, item, standard, judged, tables["schools"], tables)
        by_rows, by_counts = against_rows.of_rows(inputs), against_rows.counted(inputs)
        for county, year in judged:
            row, (state, target) = of_items.get((county, year, name)), force[year]
            finding = by_cell.get((county, year))
            if finding is None and state != State.SET.value:
                finding = _finding(name, item, state, state, value=row["value"] if row else None)
            result = finding or reported(name, item, row, target, year)
            result = against_rows.beside(result, item, row, by_rows.get((county, year)), by_counts.get((county, year)))
            rows.append(result | {"county": county, "year": year, "place": 2 * place})
    schema = {name: dtype for name, dtype in FINDINGS.items() if name != "id"} | {"place": pl.Int32}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    return frames.shaped(pl.concat([whole, *of_schools], how="diagonal_relaxed").sort("place", maintain_order=True))
