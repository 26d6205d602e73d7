"""What must be right of an office's own table before it is used: no row is lost, none is told twice, each place is
known."""

from pathlib import Path

import polars as pl

from analysis.clean import Records
from analysis.clean.checks import checks
from analysis.errors import DataError, language, listed, message
from analysis.read import read_source
from analysis.read.fields import tables
from analysis.sources import Catalogue, Source

#: Columns that name a school of the county, or a place: a school or a township.
SCHOOLS, PLACES = ("school",), ("place", "start", "target", "township")
#: What a row of words alone holds where it is a note, not the beginning of a row.
_SENTENCE = r"[：:。；;，,]"


def check_rows(read: Records, table: str, file: str) -> None:
    """Raise DataError for the first row of which a cell that the table must have is blank, or any can't be used."""
    wrong = [check.id for check in checks().values() if check.severity in ("error", "value")]
    told = read.notices.filter((pl.col("table") == table) & pl.col("rule").is_in(wrong)).sort("row")
    for cell in told.head(1).iter_rows(named=True):
        column = _called(table, cell["column"]) if cell["column"] else ""
        said = checks()[cell["rule"]].sentence(column=column, before=cell["before"], after=cell["after"])
        if choices := tables()[table].columns[cell["column"]].choices if column else {}:
            said += message("plan_choices", known=listed(choice(table, cell["column"], each) for each in choices))
        raise DataError("plan_row", file=file, row=cell["row"], said=said)
    rows = read.frames()[table]
    needed = [name for name, column in tables()[table].columns.items() if column.required and name in rows.columns]
    blank = rows.filter(pl.any_horizontal(pl.col(needed).is_null())).sort("row")
    for row in blank.head(1).iter_rows(named=True):
        column = _called(table, next(name for name in needed if row[name] is None))
        said = checks()["missing_required"].sentence(column=column)
        raise DataError("plan_row", file=file, row=row["row"], said=said)


def _called(table: str, column: str) -> str:
    return tables()[table].columns[column].called(language())


def choice(table: str, column: str, value: str) -> str:
    """Return what people call a value of a column: the first of its words."""
    words = tables()[table].columns[column].choices.get(value, (value,))
    return words[0] if language() == "zh" else value


def check_lost(catalogue: Catalogue, source: Source) -> None:
    """Raise DataError where a row holds something and is none of the table: a total, an example, half a row.

    What stands alone in its row as a sentence is a note.
    """
    for raw in read_source(catalogue, source):
        cells = [name for name in raw.rows.columns if name.startswith("c") and name[1:].isdigit()]
        note = (pl.col("filled") == 1) & pl.concat_str(cells, ignore_nulls=True).str.contains(_SENTENCE)
        lost = raw.rows.filter(~pl.col("data") & (pl.col("filled") > 0) & (pl.col("stray") | ~note)).sort("row")
        for row in lost["row"].head(1):
            raise DataError("plan_row_other", file=source.file, row=row, table=source.table)


def check_once(rows: pl.DataFrame, table: str) -> None:
    """Raise DataError where two rows are of the same thing."""
    key = [name for name in tables()[table].key if name in rows.columns]
    twice = rows.group_by(key, maintain_order=True).agg(pl.col("row").sort(), pl.col("file").first())
    for row in twice.filter(pl.col("row").list.len() > 1).head(1).iter_rows(named=True):
        numbers = row["row"]
        raise DataError("plan_row_twice", file=Path(row["file"]).name, one=numbers[0], other=numbers[1])


def with_codes(rows: pl.DataFrame, records: Records, year: int) -> pl.DataFrame:
    """Return the rows of a table with the codes of schools where it has their names.

    Raises DataError for a place that is neither a school of the year nor, where a township may stand, one of these.
    """
    schools = records.schools.filter(pl.col("year") == year)
    own = pl.col("name").is_unique() & ~pl.col("name").is_in(schools["township"].drop_nulls().implode())
    names = schools.filter(own)
    codes = dict(names.select("name", "school").iter_rows())
    townships = schools["township"].drop_nulls().unique().to_list()
    for column in rows.columns:
        if column not in (*SCHOOLS, *PLACES):
            continue
        known = [*schools["school"], *(townships if column in PLACES else [])]
        if column != "township":
            rows = rows.with_columns(pl.col(column).replace(codes))
        unknown = rows.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known)).sort("row")
        for row in unknown.head(1).iter_rows(named=True):
            raise DataError(
                "plan_place_unknown" if column in PLACES else "plan_school_unknown",
                file=Path(row["file"]).name,
                row=row["row"],
                place=row[column],
                year=year,
            )
    return rows
