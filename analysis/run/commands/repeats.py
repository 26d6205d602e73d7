"""Pupils and schools that stand twice in a table of pupils, and groups that are named in their first row alone."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from analysis.errors import DataError, message
from analysis.read import labels
from analysis.read.anytable import Table

#: Of what tells pupils apart only perhaps, no more rows than this part are of one that stands there already.
_MOST = 0.5
#: Of so many other rows the mean tells something; a table in which chance makes a mean of a row of each school.
_ADDENDS, _CHANCE = 2, 1e-4
#: Of the last figure of a mean that is written out, and a little for what is computed.
_HALF = 0.5001


@dataclass(frozen=True)
class _Same:
    """Rows that bear in `column` what another row of their school bears: their places, how many are wholly equal."""

    column: str
    places: pl.Series
    equal: pl.DataFrame

    @property
    def pair(self) -> tuple[int, int]:
        """Return the places of two of them, wholly equal ones where there are such."""
        one, other = self.equal["places"][0][:2] if self.equal.height else self.places[:2]
        return int(one), int(other)


def pupils(table: Table, keys: Mapping[str, str], scores: Iterable[str]) -> list[str]:
    """Return what to tell of pupils that stand twice in their school; rows of pupils have a number in one of `scores`.

    `keys` are the columns of groups and schools by their inner names. Raises DataError where most rows of such pupils
    are equal in every column, so that they would count twice.
    """
    known = [name for name in table.schema.names() if name not in keys.values()]
    numbered = labels.pupil_columns(known)
    perhaps = labels.pupil_columns(known, "perhaps_pupil_columns")
    named = labels.pupil_columns(known, "pupil_name_columns")
    sure = bool(numbered)
    for name in numbered or perhaps or named:
        same = _same(table, keys, name, scores, sure=sure)
        if same is None:
            continue
        one, other = (place + table.first_row for place in same.pair)
        equal = sum(same.equal["len"].to_list())
        if 2 * equal > len(same.places) and name not in named:
            raise DataError("pupils_twice", file=table.path.name, one=one, other=other, count=equal)
        key = "pupil_names_again" if name in named else "pupils_again"
        said = {"file": table.path.name, "column": name}
        return [message(key, **said, one=str(one), other=str(other), count=str(len(same.places)))]
    return []


def _same(table: Table, keys: Mapping[str, str], name: str, scores: Iterable[str], *, sure: bool) -> _Same | None:
    """Return the rows that bear the same text in a column as another row of their group, school and class."""
    numbers = {f"x{number}": score for number, score in enumerate(scores)}
    within = {f"w{number}": column for number, column in enumerate(_within(table, [*keys.values(), name]))}
    rows = table.run(table.columns(numbers, keys, {"id": name, **within}).with_row_index("place"))
    known = pl.any_horizontal(pl.col(list(numbers)).is_not_null()) & (pl.col("id") != "")
    rows = rows.filter(known & pl.all_horizontal(pl.col("school").cast(pl.String) != ""))
    again = rows.filter(rows.select(*keys, *within, "id").is_duplicated())
    different = rows.select(*keys, *within, "id").unique().height
    if again.is_empty() or (not sure and rows.height - different > _MOST * rows.height):
        return None
    # Rows of one pupil stand one after the other.
    order = again.with_columns(first=pl.col("place").min().over(*keys, *within, "id")).sort("first", "place")
    return _Same(name, order["place"], _equal(table, again["place"]))


def _within(table: Table, besides: Iterable[str]) -> list[str]:
    """Return the columns within whose values a pupil's number may come again: of classes, years, subjects."""
    others = set(besides)
    classes = set(labels.pupil_columns(table.schema.names(), "class_columns"))
    return [
        name
        for name in table.schema.names()
        if name not in others and (name in classes or labels.is_year(name) or labels.is_subject(name))
    ]


def _equal(table: Table, places: pl.Series) -> pl.DataFrame:
    """Return the rows at these places that are equal in every column, in groups: `places` and how many, `len`."""
    every = table.schema.names()
    rows = table.run(table.frame.with_row_index("place_").filter(pl.col("place_").is_in(places.implode())))
    groups = rows.group_by(every, maintain_order=True).agg(pl.col("place_").alias("places"), pl.len().alias("len"))
    return groups.filter(pl.col("len") > 1).select("places", "len")


def refuse_means(table: Table, keys: Mapping[str, str], scores: Mapping[str, str]) -> None:
    """Raise DataError where the last, or the first, row of each school is the mean of its other rows, as far as it is
    written out: a row of means under the name of the school.

    `scores` are columns by their inner names. Chance makes no such thing of several schools.
    """
    rows = table.run(table.columns(scores, keys).with_row_index("place"))
    for inner, name in scores.items():
        known = rows.filter(pl.col(inner).is_not_null() & (pl.col("school").cast(pl.String).fill_null("") != ""))
        for end in ("last", "first"):
            x = pl.col(inner)
            mine = getattr(x, end)()
            schools = known.group_by(list(keys), maintain_order=True).agg(
                number=pl.len() - 1,
                mine=mine,
                rest=(x.sum() - mine) / (pl.len() - 1),
                spread=x.std(),
                place=getattr(pl.col("place"), end)(),
            )
            schools = schools.filter((pl.col("number") >= _ADDENDS) & (pl.col("spread") > 0))
            figures = pl.col("mine").cast(pl.String).str.extract(r"[.](\d*[1-9])", 1).str.len_chars().fill_null(0)
            last = 10.0 ** -figures.cast(pl.Float64)
            near = (pl.col("mine") - pl.col("rest")).abs() <= _HALF * last
            # How likely a score of so many figures is its school's mean, where scores are normal.
            chance = (last / (pl.col("spread") * math.sqrt(2 * math.pi))).clip(upper_bound=1).product()
            if schools.height and schools.select(near.all() & (chance < _CHANCE)).item():
                row = int(schools["place"][0]) + table.first_row
                raise DataError("means_among", file=table.path.name, column=name, row=row)


def schools(table: Table) -> None:
    """Raise DataError where rows of a table of schools are equal in every column: the school would count twice."""
    rows = table.run(table.frame.with_row_index("place_"))
    every = table.schema.names()
    filled = rows.filter(pl.any_horizontal(pl.col(every).is_not_null()))
    groups = _equal(table, filled["place_"])
    if groups.height:
        one, other = (place + table.first_row for place in groups["places"][0][:2])
        raise DataError("rows_twice", file=table.path.name, one=one, other=other, count=groups["len"].sum())


def refuse_filled_down(table: Table, rows: pl.DataFrame, named: Mapping[str, str]) -> None:
    """Raise DataError where a group or a school is named in its first row alone."""
    for key, name in named.items():
        texts = rows[key].cast(pl.String).fill_null("")
        if labels.is_filled_down(texts):
            blank = int((texts == "").sum())
            raise DataError("first_rows_alone", file=table.path.name, column=name, blank=blank, rows=rows.height)
