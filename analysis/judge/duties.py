"""Items of a county below the resources: what is answered, given as a value, or computed from records."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from analysis.clean import values
from analysis.clean.records import ASIDE as ASIDE_COLUMNS
from analysis.judge import frames, rounding, rules, set_aside
from analysis.judge.computed import SCHOOL, Cell, Figure, Given
from analysis.judge.resources import AGREED, ASIDE
from analysis.judge.verdicts import combined
from analysis.standards import Standard, State, Target
from analysis.standards.model import Item, SchoolSelect
from analysis.standards.rules import SCHOOLS, Rule, every
from analysis.tables import DECIDED, FINDINGS, Verdict

SHARE = "share"
#: State and target of an item, by year.
Force = dict[int, tuple[str, float | None]]
#: What an item may ask of the schools that it looks at.
ATTRIBUTES = ("school_type", "run_by", "area")


def _selected(schools: pl.DataFrame, selects: tuple[SchoolSelect, ...]) -> pl.DataFrame:
    """Return the schools that any of `selects` takes, or may take (`unsure`: what it asks about is not reported); all
    where there is none."""
    taken = pl.lit(value=not selects)
    for one in selects:
        here = pl.lit(value=True)
        for column in ATTRIBUTES:
            wanted = list(getattr(one, column))
            if wanted:
                here = here & pl.col(column).is_in(wanted)
        taken = taken | here
    return schools.with_columns(taken.is_null().alias("unsure")).filter(taken.fill_null(value=True))


def _if_selected(rows: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` of a rule with no_data where a school falls short that the item perhaps does not look at."""
    unsure = schools.filter("unsure")
    if unsure.is_empty():
        return rows
    aside = unsure.filter(values.has(*ATTRIBUTES))
    rows = _doubtful(rows, aside, Verdict.NOT_MET.value, ASIDE, Verdict.UNDECIDABLE)
    return _doubtful(rows, unsure, Verdict.NOT_MET.value, "attribute_missing")


def _doubtful(
    rows: pl.DataFrame,
    schools: pl.DataFrame,
    verdict: str,
    reason: str,
    becomes: Verdict = Verdict.NO_DATA,
    where: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return `rows` of a rule with the verdict `becomes`, and why, where one of `schools` has `verdict`; `where` limits
    the rows that may change."""
    if schools.is_empty():
        return rows
    marked = rows.join(
        schools.select(SCHOOL).unique().with_columns(pl.lit(value=True).alias("doubtful")),
        on=SCHOOL,
        how="left",
        maintain_order="left",
    )
    doubtful = pl.col("doubtful").is_not_null() & (pl.col("verdict") == verdict)
    if where is not None:
        doubtful &= where
    return marked.with_columns(
        pl.when(doubtful).then(pl.lit(becomes.value)).otherwise("verdict").alias("verdict"),
        pl.when(doubtful).then(pl.lit(reason)).otherwise("reason").alias("reason"),
    ).drop("doubtful")


def _unless_set_aside(rows: pl.DataFrame, rule: Rule, quarantine: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` of a rule with no_data where source rows in quarantine could turn a school's verdict round."""
    if rule.turned is None:
        return rows
    schools = set_aside.schools_of(quarantine, rule.table, rows.select(SCHOOL).unique(maintain_order=True))
    return _doubtful(rows, schools, rule.turned.value, set_aside.ITEM)


def _where_set_aside(rows: pl.DataFrame, given: Given, rule: Rule) -> pl.DataFrame:
    """Return `rows` of a rule undecidable where they hang on values that are set aside: those without an amount, and
    what the rule itself doubts."""
    tables = {**given.frames, SCHOOLS: given.schools}
    lost = [tables[name].filter(values.has(*columns)).select(SCHOOL) for name, columns in rule.rests.items()]
    absent = pl.col("reason") == "missing_amount"
    if lost:
        rows = _doubtful(rows, pl.concat(lost), Verdict.NO_DATA.value, ASIDE, Verdict.UNDECIDABLE, absent)
    for schools, verdict, where in rules.doubts(given):
        rows = _doubtful(rows, schools, verdict.value, ASIDE, Verdict.UNDECIDABLE, where)
    return rows


def _target(item: Item, standard: Standard, day: date) -> tuple[str, float | None]:
    """Return the state of an item on `day`, and its target; an item without one holds from the standard's date."""
    if item.target is None:
        return (State.SET.value if day >= (item.since or standard.since) else State.NOT_IN_FORCE.value), None
    return frames.target_at(standard, item.target, day)


def _impossible(value: float, target: Target) -> bool:
    """Return whether no county can have this value: no share is above 1, no score above its points, none negative."""
    most = 1.0 if target.unit == SHARE and target.most is None else target.most
    return value < 0 or (most is not None and rounding.exact(value) > most)


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
        if _impossible(value, item.target):
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


def _counted(rows: pl.DataFrame) -> dict[Cell, dict[str, Any]]:
    """Return what the school rows of a rule come to, by county and year: how many there are (`all`), `met` and
    `unsure`, the verdict of these together (`open`), the schools that fall `short` and are `undecided`, and whether
    none says anything (`silent`)."""
    verdict = pl.col("verdict")
    unsure, short = ~verdict.is_in([one.value for one in DECIDED]), verdict == Verdict.NOT_MET.value
    told = rows.group_by(frames.KEYS).agg(
        pl.len().alias("all"),
        (verdict == Verdict.MET.value).sum().alias("met"),
        unsure.sum().alias("unsure"),
        combined(verdict.filter(unsure)).alias("open"),
        pl.col("school").filter(short).unique(maintain_order=True).str.join(frames.LIST).alias("short"),
        pl.col("school").filter(unsure).unique(maintain_order=True).str.join(frames.LIST).alias("undecided"),
        (pl.col("reason") == "no_rows_of_school").all().alias("silent"),
    )
    return {(row["county"], row["year"]): row for row in told.iter_rows(named=True)}


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


def _of_figure(name: str, item: Item, figure: Figure, target: float, year: int) -> dict[str, Any]:
    assert item.target is not None
    told: dict[str, Any] = {"target": target, "evidence": figure.evidence}
    if figure.reason == ASIDE:
        return _finding(name, item, Verdict.UNDECIDABLE, ASIDE, **told)
    if figure.bounds is not None:
        return _between(name, item, figure, target, year)
    if figure.value is None:
        return _finding(name, item, Verdict.NO_DATA, figure.reason, **told)
    if _impossible(figure.value, item.target):
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

    Those whose target is not in force are not among them.
    """
    rule, lag = every()[str(given.item.rule)], given.standard.statistics_lag
    reported = set(given.frames["schools"].select(frames.KEYS).unique().iter_rows())
    looked = pl.col("year").is_in([year for year, (_, target) in force.items() if target is not None])
    used = replace(given, schools=given.schools.filter(looked))
    rows = _where_set_aside(rules.schools(used).filter(looked), used, rule)
    rows = _if_selected(rows, used.schools)
    rows = _unless_set_aside(rows, rule, given.frames["quarantine"])
    counted = _counted(rows)
    found = {}
    for cell in given.cells:
        state, target = force[cell[1]]
        if cell not in reported:
            found[cell] = _finding(given.name, given.item, Verdict.NO_DATA, "no_records", target=target)
        elif target is not None:
            found[cell] = _of_schools(given.name, given.item, counted.get(cell), target, cell[1] - lag)
        elif state != State.NOT_IN_FORCE.value:
            found[cell] = _finding(given.name, given.item, state, state)
    told = [pl.lit(given.item.field).alias("field"), pl.lit(given.name).alias("item")]
    return found, rows.with_columns(*told, (pl.col("year") - lag).alias("data_year"))


def _by_figure(given: Given, force: Force) -> dict[Cell, dict[str, Any]]:
    """Return the findings of counties and years on an item that is one figure of a county, where it is in force."""
    found = {}
    asked = tuple(cell for cell in given.cells if force[cell[1]][0] != State.NOT_IN_FORCE.value)
    for cell, figure in rules.figures(replace(given, cells=asked)).items():
        state, target = force[cell[1]]
        if target is None:
            told = {"value": figure.value, "data_year": cell[1]}
            found[cell] = _finding(given.name, given.item, state, state, **told)
        else:
            found[cell] = _of_figure(given.name, given.item, figure, target, cell[1])
    return found


def findings(
    held: dict[str, pl.DataFrame], standard: Standard, cells: pl.DataFrame, days: dict[int, date]
) -> pl.DataFrame:
    """Return the findings of the standard's items for each county and year of `cells`, item by item.

    `held` maps schools, classes, rooms, teachers, government, floors and quarantine to rows whose `year` is the year
    judged, and monitoring to results of all years; `days` maps each year to the day whose rules hold.
    """
    judged = tuple(cells.select(frames.KEYS).iter_rows())
    of_items = {(row["county"], row["year"], row["item"]): row for row in held["government"].iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    of_schools: list[pl.DataFrame] = []
    for place, (name, item) in enumerate(standard.items.items()):
        force = {year: _target(item, standard, day) for year, day in days.items()}
        found: dict[Cell, dict[str, Any]] = {}
        if item.kind == "computed":
            given = Given(name, item, standard, judged, _selected(held["schools"], item.schools), held)
            if every()[str(item.rule)].of == SCHOOLS:
                found, schools = _by_rule(given, force)
                of_schools.append(schools.with_columns(pl.lit(2 * place + 1).alias("place")))
            else:
                found = _by_figure(given, force)
        for county, year in judged:
            row, (state, target) = of_items.get((county, year, name)), force[year]
            one = found.get((county, year))
            if one is None and state != State.SET.value:
                one = _finding(name, item, state, state, value=row["value"] if row else None)
            told = one or reported(name, item, row, target, year)
            rows.append(told | {"county": county, "year": year, "place": 2 * place})
    schema = {name: dtype for name, dtype in FINDINGS.items() if name != "id"} | {"place": pl.Int32}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    return frames.shaped(pl.concat([whole, *of_schools], how="diagonal_relaxed").sort("place", maintain_order=True))
