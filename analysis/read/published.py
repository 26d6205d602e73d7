"""Tables of published figures of counties: one row per county, stage and statistic, one column per indicator."""

import polars as pl

from analysis.errors import RequestError
from analysis.standards import Standard, vocabulary
from analysis.tables import Stage

KEYS = ("county", "stage")
FIRST_ROW = 2
#: The column of the mean of all coefficients, where one is published.
COMPOSITE = "composite"


def _stages() -> dict[str, str]:
    """Return every way to write a stage -> its id."""
    words = vocabulary()["stages"]
    return {
        text: stage.value for stage in Stage for text in (stage.value, words[stage.value].zh, words[stage.value].en)
    }


def _numbers(frame: pl.DataFrame, columns: list[str], file: str) -> pl.DataFrame:
    """Return `columns` as numbers; RequestError names the first cell that is none, or is negative."""
    texts = [pl.col(name).cast(pl.String).str.strip_chars() for name in columns]
    cast = frame.with_columns(pl.when(text != "").then(text).cast(pl.Float64, strict=False) for text in texts)
    for name in columns:
        text = frame[name].cast(pl.String).str.strip_chars()
        number = cast[name]
        wrong = ((text.fill_null("") != "") & number.is_null()) | (number < 0) | ~number.is_finite()
        if wrong.fill_null(value=False).any():
            row = int(wrong.fill_null(value=False).arg_true()[0])
            raise RequestError("published_cell", file=file, row=frame["__row"][row], column=name, value=text[row])
    return cast


def checked(
    frame: pl.DataFrame,
    standard: Standard,
    file: str,
    first_row: int = FIRST_ROW,
    statistics: tuple[str, ...] = ("cv",),
) -> tuple[pl.DataFrame, list[str]]:
    """Return the rows of a table of published figures, and which indicators of the standard it has as columns.

    Stages become ids, figures numbers; with a column `statistic` only rows of `statistics` count. `file` is named in
    faults, with rows counted from `first_row`. Raises RequestError for missing columns, an unknown stage or a cell that
    is no such figure.
    """
    lacking = [name for name in KEYS if name not in frame.columns]
    if lacking:
        raise RequestError("published_columns", file=file, columns=", ".join(lacking))
    present = [name for name in standard.indicators if name in frame.columns]
    if not present:
        raise RequestError("published_indicators", file=file, known=", ".join(standard.indicators))
    # A line without anything in it is no row.
    filled = pl.any_horizontal(pl.all().exclude("__row").is_not_null())
    rows = frame.with_row_index("__row", offset=first_row).filter(filled)
    if "statistic" in frame.columns:
        rows = rows.filter(pl.col("statistic").cast(pl.String).str.strip_chars().is_in(statistics))
    ids = _stages()
    stage = pl.col("stage").cast(pl.String).str.strip_chars().replace_strict(ids, default=None)
    unknown = rows.filter(stage.is_null())
    if not unknown.is_empty():
        first = unknown.row(0, named=True)
        raise RequestError(
            "published_stage", file=file, row=first["__row"], value=first["stage"] or "", known=", ".join(ids)
        )
    figures = [*present, *([COMPOSITE] if COMPOSITE in rows.columns and standard.composite else [])]
    return _numbers(rows, figures, file).with_columns(stage.alias("stage"), pl.col("county").cast(pl.String)), present
