"""What a report rests on, as frames of pandas: what a notebook hands to a researcher."""

from typing import TYPE_CHECKING

import polars as pl

from analysis.errors import RequestError
from analysis.read.fields import tables
from analysis.tell.case.case import Case

if TYPE_CHECKING:
    import pandas as pd

#: Frames of a case by their names there; those of its clean tables come beside them.
OF_CASE = ("findings", "history", "measurements", "stages")
#: Of these the case of the public holds what the public may know (tell.case.disclosure), and of no other.
FOR_PUBLIC = ("findings", "history", "measurements")


def known(case: Case) -> list[str]:
    """Return the names of the frames that `frame` gives of a case."""
    return [*FOR_PUBLIC] if case.public else [*case.records.frames(), *OF_CASE]


def frame(case: Case, name: str) -> "pd.DataFrame":
    """Return a frame of pandas: a clean table (`schools`, `scores`, ...; all years) or one of OF_CASE.

    Raises RequestError for a name that is none of `known`.
    """
    names = known(case)
    if name not in names:
        raise RequestError("frame_unknown", name=name, known=", ".join(names))
    return of_polars(getattr(case, name) if name in OF_CASE else _without_people(case.records.frames()[name], name))


def _without_people(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return a clean table without its columns that identify people: nothing of them leaves the clean tables."""
    columns = tables()[name].columns.values() if name in tables() else ()
    return rows.drop([column.name for column in columns if column.person])


def of_polars(frame: pl.DataFrame) -> "pd.DataFrame":
    """Return the same frame in pandas, by pandas and NumPy alone.

    Whole numbers are Int64 and truths boolean, so that a missing one stays missing (<NA>); numbers are float64 with NaN
    for missing; text is str; lists are objects.
    """
    import pandas as pd

    return pd.DataFrame({column.name: _series(column) for column in frame.iter_columns()})


def _series(column: pl.Series) -> "pd.Series":
    import pandas as pd

    if column.dtype.is_integer():
        return pd.Series(column.to_list(), dtype="Int64")
    if column.dtype.is_float():
        return pd.Series(column.to_numpy(), dtype="float64")
    if column.dtype == pl.Boolean:
        return pd.Series(column.to_list(), dtype="boolean")
    return pd.Series(column.to_list(), dtype="str" if column.dtype == pl.String else "object")
