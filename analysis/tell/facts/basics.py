"""What a county is, in counts: schools by type, pupils, classes, teachers, and how many schools report none."""

from dataclasses import dataclass

import polars as pl

from analysis.tables import Stage
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@dataclass(frozen=True)
class Total:
    """The sum of what schools report (None where none does), and how many of those asked report nothing."""

    number: int | None
    silent: int


@dataclass(frozen=True)
class Basics:
    """`types`: id of a school type and number of schools, most first; totals of the county's schools of the year."""

    schools: int
    types: tuple[tuple[str, int], ...]
    pupils: dict[str, Total]
    classes: Total
    teachers: Total

    def of_type(self, name: str) -> int:
        """Return the number of schools of a type."""
        return dict(self.types).get(name, 0)


@once
def basics(case: Case) -> Basics:
    """Return the counts of a report's year, over all schools that its statistics have, in scope or not."""
    schools = case.records.schools.filter(pl.col("year") == case.year)
    types = schools.group_by("school_type").len().sort(-pl.col("len").cast(pl.Int64), "school_type")
    rows = case.rows
    staged = {stage.value: rows.filter(stage=stage.value)["pupils"] for stage in Stage}
    return Basics(
        schools=schools["school"].n_unique(),
        types=tuple((str(name), int(number)) for name, number in types.iter_rows()),
        pupils={stage: _total(pupils) for stage, pupils in staged.items() if len(pupils)},
        classes=_total(rows["classes"]),
        teachers=_total(schools.select(_teachers()).to_series()),
    )


def _teachers() -> pl.Expr:
    """Return a school's teachers: those of the whole school, else of its stages together."""
    by_stage = pl.sum_horizontal("teachers_primary", "teachers_junior", ignore_nulls=True)
    known = pl.col("teachers_primary").is_not_null() | pl.col("teachers_junior").is_not_null()
    return pl.coalesce("teachers", pl.when(known).then(by_stage))


def _total(numbers: pl.Series) -> Total:
    known = numbers.drop_nulls()
    return Total(round(float(known.sum())) if len(known) else None, len(numbers) - len(known))
