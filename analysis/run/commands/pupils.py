"""What `junheng icc` is asked, and the table that it reads: checked, its faults told by file, row and column."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl

from analysis import project, standards
from analysis.clean import own_numbers
from analysis.errors import DataError, RequestError, listed, message
from analysis.judge.frames import target_at
from analysis.read import anyrows, labels
from analysis.read.anytable import AS_IT_STANDS, Asked, Table, blank_to_null, open_table
from analysis.run.commands import repeats
from analysis.run.commands.doubts import far_scores, likely_codes, sum_among
from analysis.run.commands.groups import in_one_spelling, keys_of, odd_codes, refuse_damaged, refuse_extreme, spellings
from analysis.run.commands.show import warn
from analysis.run.request import STANDARD
from analysis.statistics.level import LEVEL
from analysis.statistics.pieces import Pieces, Subject, extreme, numbered, of_sums, planned, sound, summed
from analysis.statistics.sufficient import Moments, from_sd, merge
from analysis.statistics.tails import PIVOTS

#: So many subjects are named where there are more.
_NAMED = 3

#: Files up to so many bytes are read into memory at once.
AT_ONCE = 32_000_000
#: Of fewer different rows each may be there an even number of times by chance.
DIFFERENT = 20
#: No sheet has more rows.
MOST_ROWS = 2**20


@dataclass(frozen=True)
class Question:
    """What `junheng icc` is asked, columns by name.

    `pv` are plausible values of one subject, beside the subjects in `scores`; `by` are the groups. Instead of scores,
    `n`, `mean` and `sd` name sufficient statistics, one row per school (rows of the same school are merged). `pivot` is
    one of `statistics.tails`.
    """

    school: str
    scores: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    pv: tuple[str, ...] = ()
    weight: str | None = None
    covariates: tuple[str, ...] = ()
    n: str | None = None
    mean: str | None = None
    sd: str | None = None
    limit: float | None = None
    level: float = LEVEL
    asked: Asked = AS_IT_STANDS
    pivot: str = PIVOTS[0]

    def __post_init__(self) -> None:
        """Raise RequestError where the parts do not fit together."""
        statistics = (self.n, self.mean, self.sd)
        if any(statistics) and not all(statistics):
            raise RequestError("statistics_incomplete")
        if all(statistics) == bool(self.scores or self.pv):
            raise RequestError("score_or_statistics")
        if all(statistics) and (self.weight or self.covariates):
            raise RequestError("statistics_alone")
        if self.pivot not in PIVOTS:
            raise RequestError("pivot_unknown", given=self.pivot, known=", ".join(PIVOTS))
        if self.limit is not None and not 0 < self.limit < 1:
            raise RequestError("share_expected", option="--limit", value=self.limit, example=usual_limit())
        if not 0 < self.level < 1:
            raise RequestError("share_expected", option="--level", value=self.level, example=type(self).level)

    @property
    def subjects(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of each subject by its name: a score's own, or plausible values joined with "+"."""
        alone = {name: (name,) for name in self.scores if name not in self.pv}
        values = tuple(dict.fromkeys(self.pv))
        return alone | ({"+".join(values): values} if values else {})


def read(path: Path, question: Question) -> Pieces:
    """Read a table once and return its sufficient statistics.

    Raises RequestError (no such file, kind or column) and DataError (no rows, text in a number, a negative weight, an
    impossible n or sd: with file, row and column).
    """
    table = open_table(path, question.asked, own_numbers.read)
    statistics = (question.n, question.mean, question.sd, question.weight)
    asked_for = (*chain(*question.subjects.values()), *question.covariates, *statistics, *question.by, question.school)
    named = [name for name in asked_for if name]
    warn([*table.told_of(named), *_years(table, question.by), *_subjects(table, question.by)])
    warn(_grades(table, question.by, named))
    if _is_of_a_sheet(table):
        texts = (question.school, *question.by)
        warn(table.odd_numbers(name for name in named if name not in texts))
        table.check_no_totals(named)
    pieces = _from_statistics(table, question) if question.n else _from_scores(table, question)
    names = pieces.schools["school"].cast(pl.String)
    for school in names.filter(labels.totals(names)):
        raise DataError("school_is_total", file=path.name, column=question.school, value=school)
    if not question.weight and (school := sum_among(pieces, printed=bool(question.n))) is not None:
        raise DataError("school_is_sum", file=path.name, column=question.school, value=names[school])
    return pieces


def _is_of_a_sheet(table: Table) -> bool:
    """Tell whether a table may come from a sheet, where people write totals: looked for in all rows, they take time."""
    if table.typed:
        return bool(table.run(table.frame.select(pl.len())).item() <= MOST_ROWS)
    return table.shown or table.path.stat().st_size <= AT_ONCE


def doubled(table: Table) -> list[str]:
    """Return what to tell where every row of a sheet stands there twice, or four times: chance makes no such thing of
    so many different rows."""
    if not _is_of_a_sheet(table):
        return []
    counts = table.run(table.frame.group_by(table.schema.names()).len())["len"]
    if counts.len() < DIFFERENT or bool((counts % 2 != 0).any()):
        return []
    return [message("rows_all_twice", file=table.path.name, count=int(counts.sum()), different=counts.len())]


def _years(table: Table, by: Sequence[str]) -> list[str]:
    """Return what to tell of columns of years that have more than one: pupils of several are rated as one."""
    sentences = []
    for name in anyrows.years_of(table, by):
        ends = pl.col(name).cast(pl.String).str.strip_chars().replace("", None)
        years = table.run(table.frame.select(least=ends.min(), greatest=ends.max()))
        least, greatest = years["least"].item(), years["greatest"].item()
        if least != greatest:
            sentences.append(message("years_together", file=table.path.name, column=name, one=least, other=greatest))
    return sentences


def _subjects(table: Table, by: Sequence[str]) -> list[str]:
    """Return what to tell of columns of subjects that have more than one: scores of several are rated as one."""
    sentences = []
    for name in anyrows.subjects_of(table, by):
        known = table.run(table.frame.select(pl.col(name).cast(pl.String).str.strip_chars().replace("", None)).unique())
        some = sorted(known[name].drop_nulls())
        if len(some) > 1:
            subjects = listed(some[:_NAMED]) + (" ..." if len(some) > _NAMED else "")
            sentences.append(message("subjects_together", file=table.path.name, column=name, subjects=subjects))
    return sentences


def _grades(table: Table, by: Sequence[str], asked_for: Sequence[str]) -> list[str]:
    """Return what to tell of a column of grades that has more than one: pupils of several are rated as one."""
    names = [name for name in labels.pupil_columns(table.schema.names(), "grade_columns") if name not in asked_for]
    if not names or set(names) & set(by):
        return []
    known = table.run(table.frame.select(pl.col(names[0]).cast(pl.String).str.strip_chars().replace("", None)).unique())
    some = sorted(known[names[0]].drop_nulls())
    if len(some) < 2:
        return []
    grades = listed(some[:_NAMED]) + (" ..." if len(some) > _NAMED else "")
    return [message("grades_together", file=table.path.name, column=names[0], grades=grades)]


def _from_scores(table: Table, question: Question) -> Pieces:
    columns = [name for names in question.subjects.values() for name in names]
    inside = {name: f"x{place}" for place, name in enumerate(dict.fromkeys(columns))}
    covariates = {f"c{place}": name for place, name in enumerate(question.covariates)}
    weight = {"w": question.weight} if question.weight else {}
    numbers = {key: name for name, key in inside.items()} | covariates | weight
    keys = keys_of(question.by)
    subjects = {subject: {name: inside[name] for name in names} for subject, names in question.subjects.items()}
    frame = table.columns(numbers, keys | {"school": question.school})
    frame, wanted = planned(frame, subjects, next(iter(weight), None), list(covariates))
    collect = partial(_collected, table, numbers)
    sum_up = partial(summed, wanted=wanted, keys=list(keys), weight=next(iter(weight), None), collect=collect)
    sums = blank_to_null(sum_up(frame, covariates=list(covariates)), [*keys, "school"])
    if sums.select(*keys, "school").is_duplicated().any():  # an empty text and a null stand for the same group
        frame = blank_to_null(frame, [*keys, "school"])
        sums = sum_up(frame, covariates=list(covariates))
    named = keys | {"school": question.school}
    refuse_damaged(table, sums, named)
    spelled, nobody = labels.one_spelling(sums, named), labels.no_names(sums["school"])
    if spelled or nobody:
        warn(spellings(table, spelled, named))
        frame = blank_to_null(frame, named).with_columns(pl.col(key).replace(same) for key, same in spelled.items())
        frame = frame.with_columns(pl.col("school").replace(dict.fromkeys(nobody))) if nobody else frame
        warn(_without_school(table, question.school, sums, nobody))
        sums = sum_up(frame, covariates=list(covariates))
    rows, blank = (int(each["rows"].sum()) for each in (sums, sums.filter(pl.col("school").is_null())))
    if blank > rows - blank:
        scored = frame.filter(pl.any_horizontal(pl.col(list(inside.values())).is_not_null()))
        schools = blank_to_null(collect(scored.select("school")), ["school"])["school"]  # an empty line is nobody's
        _refuse_mostly_blank(table, question.school, schools.null_count(), len(schools))
    if _is_of_a_sheet(table):
        if sums.select(pl.any_horizontal(pl.col(*named).is_null()).any()).item():
            repeats.refuse_filled_down(table, table.run(table.columns({}, named)), named)
        repeats.refuse_means(table, named, {key: name for name, key in inside.items()})
        warn(repeats.pupils(table, named, inside))
    warn([*odd_codes(table, sums, named), *_perhaps_none(table, question.school, sums), *doubled(table)])
    if weight and bool((sums["least"] < 0).any()):
        table.fail_where(pl.col("w") < 0, numbers, "w", "weight_negative")
    if not sound(sums):
        refuse_extreme(table, numbers)
    warn([*likely_codes(table, frame, sums, wanted, collect), *far_scores(table, frame, sums, wanted, collect)])
    return of_sums(frame, sums, wanted, list(keys), crowded_above(), collect)


def _without_school(table: Table, column: str, sums: pl.DataFrame, nobody: list[str]) -> list[str]:
    """Return what to tell of pupils whose school is a mark that stands for nothing: they are left out."""
    if not nobody:
        return []
    count = int(sums.filter(pl.col("school").is_in(nobody))["rows"].sum())
    return [message("school_marks", file=table.path.name, column=column, marks=listed(nobody), count=count)]


def _perhaps_none(table: Table, column: str, sums: pl.DataFrame) -> list[str]:
    """Return what to tell of schools that are called as if there were none: they count as schools."""
    names = labels.perhaps_none(sums["school"])
    if not names:
        return []
    count = int(sums.filter(pl.col("school").is_in(names))["rows"].sum())
    return [message("schools_unnamed", file=table.path.name, column=column, names=listed(names), count=count)]


def _refuse_mostly_blank(table: Table, column: str, blank: int, rows: int) -> None:
    """Raise DataError where more rows are without a school than with one: only the first of each group has it."""
    if blank > rows - blank:
        raise DataError("school_mostly_blank", file=table.path.name, column=column, blank=blank, rows=rows)


def usual_limit() -> float:
    """Return the limit of the rate by the usual standard."""
    standard = standards.load(STANDARD)
    assert standard.monitoring is not None
    _, limit = target_at(standard, standard.monitoring.rate, date.fromisoformat(project.today()))
    assert limit is not None
    return limit


def limit_of(question: Question) -> float:
    """Return the limit that a rate is held against: the one asked for, else the usual one."""
    return usual_limit() if question.limit is None else question.limit


def crowded_above() -> float:
    """Return the part of pupils at an end of the scores from which on the usual standard calls them crowded."""
    rule = standards.load(STANDARD).monitoring
    return 1.0 if rule is None else rule.own_tests.crowded


def _collected(table: Table, numbers: Mapping[str, str], query: pl.LazyFrame) -> pl.DataFrame:
    """Run a query over the columns of a table: a small one at once, so that sums are taken in the order of its rows.

    Streaming adds up whatever pieces come first, and the last digit of a sum depends on that.
    """
    if table.path.stat().st_size <= AT_ONCE:
        # What fails is read again below, where its row is found.
        with suppress(pl.exceptions.PolarsError, OSError):
            return query.collect(engine="in-memory", optimizations=table.optimizations)
    return table.collect(query, numbers)


def _from_statistics(table: Table, question: Question) -> Pieces:
    if question.n is None or question.mean is None or question.sd is None:
        raise RequestError("statistics_incomplete")
    keys = keys_of(question.by)
    numbers = {"n": question.n, "mean": question.mean, "sd": question.sd}
    frame = table.columns(numbers, keys | {"school": question.school})
    rows = blank_to_null(table.collect(frame, numbers), [*keys, "school"])
    rows = in_one_spelling(table, rows, keys | {"school": question.school})
    known = rows["n"].is_not_null() & (rows["n"] > 0) & rows["mean"].is_not_null()
    if extreme(rows, numbers):
        refuse_extreme(table, numbers)
    for wrong, column in ((rows["n"] < 0, "n"), (known & (rows["n"] > 1) & ~(rows["sd"].fill_null(-1.0) >= 0), "sd")):
        if bool(wrong.any()):
            place = int(wrong.arg_true()[0])
            raise DataError(
                "statistic_impossible", file=table.path.name, row=place + table.first_row, column=numbers[column],
                value="" if rows[column][place] is None else rows[column][place],
            )  # fmt: skip
    _refuse_mostly_blank(table, question.school, rows["school"].null_count(), rows.height)
    repeats.refuse_filled_down(table, rows, keys | {"school": question.school})
    if _is_of_a_sheet(table):
        repeats.schools(table)
    groups, rows = numbered(rows, list(keys))
    left_out = rows.group_by("group").agg(
        scores_missing=(pl.col("n").is_null() | (pl.col("mean").is_null() & (pl.col("n") > 0))).any(),
        school_missing=pl.col("school").is_null().any(),
        **{name: pl.lit(value=False) for name in ("weights_missing", "weights_zero", "covariates_missing")},
    )
    rows = rows.filter(known & pl.col("school").is_not_null())
    rows = rows.with_columns(ss=pl.Series(from_sd(rows["n"].to_numpy(), rows["sd"].fill_null(0.0).to_numpy())))
    schools = merge(rows, ["group", *keys, "school"])
    n, ss = schools["n"].to_numpy(), schools["ss"].to_numpy()
    mean, rest = (schools[name].to_numpy()[:, None] for name in ("mean", "rest"))
    moments = Moments(n, n, mean, rest, np.asarray(ss)[:, None, None])
    subject = Subject(question.mean, (question.mean,), (moments,), (), left_out)
    return Pieces(groups, schools.select("group", *keys, "school"), (subject,))
