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


@dataclass(frozen=True)
class Place:
    """Schools of one `type` (None: all): how many, by area (ids of the vocabulary) and who are private; their pupils,
    classes and teachers of both stages, None where none reports them or they may not be told."""

    type: str | None
    schools: int
    areas: dict[str, int]
    private: int
    pupils: int | None
    classes: int | None
    teachers: int | None


@dataclass(frozen=True)
class OfStage:
    """What all schools of a stage have together; None where none reports it or it may not be told."""

    stage: str
    schools: int
    pupils: int | None
    classes: int | None
    teachers: int | None

    @property
    def told(self) -> bool:
        """Whether some sum is known."""
        return any(number is not None for number in (self.pupils, self.classes, self.teachers))


def withheld(case: Case) -> bool:
    """Return whether sums over schools are not told: the public could take all but a hidden school from them."""
    pairs = case.rows.select("school", "stage").drop_nulls().rows()
    return case.public and not all(case.may_show(school, stage) for school, stage in pairs)


@once
def places(case: Case) -> tuple[Place, ...]:
    """Return the schools of the report's year by type, most first, and last all of them."""
    schools = case.records.schools.filter(pl.col("year") == case.year).unique("school", keep="first")
    types = schools.group_by("school_type").len().sort(-pl.col("len").cast(pl.Int64), "school_type")["school_type"]
    hidden = withheld(case)
    parts = [(str(name), schools.filter(school_type=name)) for name in types if name is not None]
    return tuple(_place(name, rows, hidden=hidden) for name, rows in (*parts, (None, schools)))


def _place(name: str | None, rows: pl.DataFrame, *, hidden: bool) -> Place:
    areas = rows.drop_nulls("area").group_by("area").len().rows()
    sums = {
        "pupils": pl.sum_horizontal("pupils_primary", "pupils_junior"),
        "classes": pl.sum_horizontal("classes_primary", "classes_junior"),
        "teachers": _teachers(),
    }
    numbers = {key: None if hidden else _total(rows.select(each).to_series()).number for key, each in sums.items()}
    return Place(name, rows.height, dict(areas), rows.filter(run_by="private").height, **numbers)


@once
def of_stages(case: Case) -> tuple[OfStage, ...]:
    """Return what the schools of each stage have together, in scope or not; teachers are those told by stage."""
    hidden = withheld(case)
    schools = case.records.schools.filter(pl.col("year") == case.year)
    stages = []
    for stage in Stage:
        rows = case.rows.filter(stage=stage.value)
        if rows.is_empty():
            continue
        teachers = schools.filter(pl.col("school").is_in(rows["school"].implode()))[f"teachers_{stage.value}"]
        sums = (None if hidden else _total(each).number for each in (rows["pupils"], rows["classes"], teachers))
        stages.append(OfStage(stage.value, rows["school"].n_unique(), *sums))
    return tuple(stages)


def _teachers() -> pl.Expr:
    """Return a school's teachers: those of the whole school, else of its stages together."""
    by_stage = pl.sum_horizontal("teachers_primary", "teachers_junior", ignore_nulls=True)
    known = pl.col("teachers_primary").is_not_null() | pl.col("teachers_junior").is_not_null()
    return pl.coalesce("teachers", pl.when(known).then(by_stage))


def _total(numbers: pl.Series) -> Total:
    known = numbers.drop_nulls()
    return Total(round(float(known.sum())) if len(known) else None, len(numbers) - len(known))
