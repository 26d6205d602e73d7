"""Futures of a county's school rows: enrolment and amounts of the years to come, drawn from what its past says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.clean.records import Records
from analysis.forecast.cohorts import Grades, errors, grades_of, kept, ratios, stepped
from analysis.forecast.scenario import Scenario
from analysis.forecast.settings import prior, settings
from analysis.measure.stages import columns_of, further_columns
from analysis.standards import Standard
from analysis.statistics.drift import Drift, fit
from analysis.tables import Stage

Array = npt.NDArray[np.float64]
#: The table of children who will enter school, where a county gives one.
ENTRANTS = "entrants"


@dataclass(frozen=True)
class Past:
    """What a county's years up to `year` say.

    `grades` of now, `step` by grade as cohorts.ratios has it, `stay` as cohorts.kept says; drifts of enrolment by stage
    and of the amounts of each indicator, and how far each school lies from the others in that (`apart`); `entrants`:
    first grades of coming years by school.
    """

    schools: pl.DataFrame
    standard: Standard
    year: int
    grades: Grades
    step: Array
    stay: Array
    enrolment: dict[str, Drift]
    amounts: dict[str, Drift]
    apart: dict[str, Array]
    entrants: dict[int, Array]

    @property
    def seed(self) -> int:
        """Return where draws begin: by county and year, so that the same inputs give the same futures."""
        return int(self.schools["county"][0]) * 10_000 + self.year


def past_of(records: Records, standard: Standard, county: str, year: int) -> Past:
    """Return what the years up to `year` say; none after it are looked at."""
    rows = records.schools.filter((pl.col("county") == county) & (pl.col("year") <= year))
    now = rows.filter(year=year).sort("school")
    years = sorted(set(rows["year"]))[-settings()["past"] - 1 :]
    known = {
        each: grades_of(rows.filter(year=each).sort("school"), records.classes.filter(year=each), standard)
        for each in years
    }
    pairs = [(each, each - 1) for each in years if each - 1 in known]
    # Ratios of steps are known only where classes tell the grades of both years.
    graded = [(each, before) for each, before in pairs if known[each].listed.any() and known[before].listed.any()]
    steps = {each: ratios(known[before], known[each]) for each, before in graded}
    return Past(
        now,
        standard,
        year,
        known[year],
        _middle(list(steps.values()), len(known[year].grades)),
        kept(known.get(year - 1), known[year]),
        _enrolment(known, pairs, steps, year),
        *_amounts(rows, now, years, standard),
        _entrants(records, now, known[year], year),
    )


def _middle(steps: Sequence[Array], grades: int) -> Array:
    """Return the ratios of past years together: 1 where there is none."""
    result: Array = np.exp(np.sum([np.log(step) for step in steps], axis=0) / len(steps)) if steps else np.ones(grades)
    return result


def _enrolment(
    known: dict[int, Grades], pairs: list[tuple[int, int]], steps: dict[int, Array], year: int
) -> dict[str, Drift]:
    """Return what forecasts of past years erred by, each made with the ratios of the other years."""
    seen: dict[str, list[Array]] = {stage.value: [] for stage in Stage}
    now = known[year]
    # Where grades are known of enough years, what was forecast without them says nothing of cohorts.
    listed_pairs = [pair for pair in pairs if known[pair[1]].listed.any()]
    if now.listed.any() and len(listed_pairs) >= settings()["short"]:
        pairs = listed_pairs
    for each, before in pairs:
        others = [step for other, step in steps.items() if other != each]
        step = _middle(others, len(now.grades))
        stay = kept(known.get(before - 1), known[before])
        deviations = errors(known[before], known[each], step, stay)
        place_of = {code: place for place, code in enumerate(known[each].schools)}
        for stage, error in deviations.items():
            seen[stage].append(
                np.array([error[place_of[code]] if code in place_of else np.nan for code in now.schools])
            )
    return {
        stage: fit(
            np.array(rows).reshape(-1, len(now.schools)),
            np.nan_to_num(now.totals(stage)),
            prior("enrolment"),
            known_mean=0.0,
        )
        for stage, rows in seen.items()
    }


def whole_amounts(schools: pl.DataFrame, standard: Standard) -> dict[str, pl.Expr]:
    """Return each indicator's amount of the whole school: as reported, else the sum of its stages."""
    result = {}
    for name, indicator in standard.indicators.items():
        whole, *stages = columns_of(indicator.amount, indicator.by_stage)
        parts = [pl.sum_horizontal(stages, ignore_nulls=True)] if stages else []
        any_part = (
            pl.any_horizontal(pl.col(column).is_not_null() for column in stages) if stages else pl.lit(value=False)
        )
        said = pl.col(whole).cast(pl.Float64)
        result[name] = pl.coalesce(said, pl.when(any_part).then(parts[0].cast(pl.Float64))) if stages else said
    return result


def _amounts(
    rows: pl.DataFrame, now: pl.DataFrame, years: list[int], standard: Standard
) -> tuple[dict[str, Drift], dict[str, Array]]:
    """Return how the amounts of each indicator have changed from year to year, and how far the amount per pupil of each
    school lies now from the others'."""
    amounts = whole_amounts(rows, standard)
    taught = pl.sum_horizontal(f"pupils_{stage.value}" for stage in Stage).cast(pl.Float64).alias("pupils")
    grid = now.select("school")
    frames = {
        each: grid.join(
            rows.filter(year=each).select("school", taught, *(amount.alias(name) for name, amount in amounts.items())),
            on="school",
            how="left",
            maintain_order="left",
        )
        for each in years
    }
    drifts, lies = {}, {}
    for name in standard.indicators:
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = {each: _finite(np.log(frame[name].cast(pl.Float64).to_numpy())) for each, frame in frames.items()}
            each_pupil = {
                each: _finite(logs[each] - np.log(frame["pupils"].to_numpy())) for each, frame in frames.items()
            }
        pairs = [(each, each - 1) for each in years if each - 1 in frames]
        changes = np.array([logs[each] - logs[before] for each, before in pairs]).reshape(-1, now.height)
        apart = np.array([_from_middle(each_pupil[before]) for _, before in pairs]).reshape(-1, now.height)
        size = np.nan_to_num(np.exp(logs[years[-1]]))
        drifts[name] = fit(changes, size, prior("amounts"), apart=apart)
        lies[name] = _from_middle(each_pupil[years[-1]])
    return drifts, lies


def _finite(values: Array) -> Array:
    return np.where(np.isfinite(values), values, np.nan)


def _from_middle(values: Array) -> Array:
    """Return how far each lies from the median; nothing where it is not known."""
    known = values[np.isfinite(values)]
    return np.nan_to_num(values - np.median(known)) if len(known) else np.zeros_like(values)


def _entrants(records: Records, now: pl.DataFrame, grades: Grades, year: int) -> dict[int, Array]:
    """Return first grades of the years that the table of entrants tells: a township's children by its schools' parts
    of this year, those without a township over all schools."""
    entrants = records.others.get(ENTRANTS)
    if entrants is None or entrants.is_empty():
        return {}
    first = grades.pupils[:, 0]
    township = now["township"].fill_null("").to_numpy()
    result = {}
    latest = entrants.filter(pl.col("year") <= year).filter(pl.col("year") == pl.col("year").max())
    for (entry,), part in latest.group_by("entry_year", maintain_order=True):
        if int(str(entry)) <= year:
            continue
        children = np.full(len(first), np.nan)
        for place, number in part.group_by("township", maintain_order=True).agg(pl.col("children").sum()).iter_rows():
            here = township == place if place else np.ones(len(first), dtype=bool)
            total = np.nansum(first[here])
            if total > 0:
                children = np.where(here, number * first / total, children)
        result[int(str(entry))] = np.where(np.isfinite(children), children, first)
    return result


@dataclass(frozen=True)
class Futures:
    """Enrolment by stage and factors of amounts by indicator: paths x years x schools; path 0 is the expected one.

    `coming`: pupils by grade of the first year ahead, paths x schools x grades; None in a scenario, which has none.
    """

    years: tuple[int, ...]
    pupils: dict[str, Array]
    factors: dict[str, Array]
    coming: Array | None = None


def futures(past: Past, years: Sequence[int], scenario: Scenario | None, paths: int) -> Futures:
    """Return `paths` futures up to the last of `years`; the first of them is what is expected, without chance.

    A scenario says what enrolment becomes; its amounts stay as they are unless it says that they grow on.
    """
    ahead = list(range(past.year + 1, max(years) + 1))
    rng = np.random.default_rng(past.seed)
    pupils, coming = _pupils(past, ahead, rng, paths)
    if scenario is not None:
        pupils = {
            stage: np.repeat(
                scenario.enrolment(past.schools, past.grades.totals(stage), stage, ahead)[None], paths, axis=0
            )
            for stage in pupils
        }
    taught = np.nansum(list(pupils.values()), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        now = np.nansum([past.grades.totals(stage) for stage in pupils], axis=0)
        steps = np.diff(np.log(np.concatenate([np.repeat(now[None, None], paths, axis=0), taught], axis=1)), axis=1)
    steps = np.nan_to_num(steps, posinf=0.0, neginf=0.0)
    factors = {
        name: np.exp(np.cumsum(drift.draw(rng, paths, len(ahead), past.apart[name], steps), axis=1))
        for name, drift in past.amounts.items()
    }
    if scenario is not None and not scenario.amounts_grow:
        factors = {name: np.ones_like(each) for name, each in factors.items()}
    places = [ahead.index(year) for year in years]
    return Futures(
        tuple(years),
        {stage: each[:, places] for stage, each in pupils.items()},
        {name: each[:, places] for name, each in factors.items()},
        None if scenario else coming,
    )


def _pupils(past: Past, ahead: list[int], rng: np.random.Generator, paths: int) -> tuple[dict[str, Array], Array]:
    """Return enrolment by stage, and by grade of the first year; each school's surprises stay with its cohorts."""
    number = len(past.grades.schools)
    shocks = {}
    for stage, drift in past.enrolment.items():
        shocks[stage] = drift.draw(rng, paths, len(ahead))
    state = np.repeat(past.grades.pupils[None], paths, axis=0)
    result = {stage: np.empty((paths, len(ahead), number)) for stage in past.enrolment}
    coming = state
    for place, year in enumerate(ahead):
        state = stepped(state, past.grades, past.step, past.stay, past.entrants.get(year))
        for stage in past.enrolment:
            columns = past.grades.of_stage(stage)
            state[:, :, columns] *= np.exp(shocks[stage][:, place])[:, :, None]
            result[stage][:, place] = state[:, :, columns].sum(axis=2)
        coming = state.copy() if place == 0 else coming
    return result, coming


def rows_of(past: Past, ahead: Futures, *, pupils: bool = True, amounts: bool = True) -> pl.DataFrame:
    """Return the schools table of every path and year: the county of a row is its path ("0", "1", ...).

    Without `pupils` enrolment stays as it is now, without `amounts` these do.
    """
    paths, years, number = next(iter(ahead.pupils.values())).shape
    index = pl.DataFrame(
        {
            "path": np.repeat(np.arange(paths), years * number),
            "future": np.tile(np.repeat(np.array(ahead.years, dtype=np.int32), number), paths),
        }
    )
    place = np.tile(np.arange(number), paths * years)
    frame = past.schools[place].with_columns(
        index["path"].cast(pl.String).alias("county"), index["future"].cast(pl.Int32).alias("year")
    )
    changed: list[pl.Series | pl.Expr] = []
    if pupils:
        for stage, each in ahead.pupils.items():
            changed.append(_counted(frame, f"pupils_{stage}", each.reshape(-1)))
    if amounts:
        factors = {name: each.reshape(-1) for name, each in ahead.factors.items()}
        for name, indicator in past.standard.indicators.items():
            for column in (*columns_of(indicator.amount, indicator.by_stage), *further_columns(indicator)):
                said = frame[column].cast(pl.Float64)
                changed.append((said * pl.Series(factors[name])).alias(column))
    return frame.with_columns(changed)


def _counted(frame: pl.DataFrame, column: str, values: Array) -> pl.Series:
    """Return whole pupils where the school reports the stage."""
    said = frame[column].is_not_null()
    whole = pl.Series(column, np.where(np.isfinite(values), np.round(values), 0.0)).cast(pl.Int64)
    return pl.select(pl.when(said).then(whole).alias(column)).to_series()
