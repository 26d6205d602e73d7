"""What identifies people: pupils are numbered anew, and of tables that list them nothing is told that may name one.

A person stands in a column of fields.yml with `person: true`, and in a column of any table that fields.yml does not
know and whose header has one of the words `header_words.people` (姓名, 身份证). Sheets of people mix them up: a name
under 成绩, an identity number under 学校代码. So only what can be nobody is told of a table of people: a short number,
a choice, the code of a school that the county has. All else is masked, a mark for each character.
"""

from functools import cache

import polars as pl

from analysis.clean import cell_texts, doubles
from analysis.clean.checks import ONCE
from analysis.clean.failed_cells import normal
from analysis.read.fields import Column, Table, header_words, tables

#: What stands for a character that is not told, and for how many of them at most.
MARK, _LONGEST = "●", 8
#: A number that is no one's: no longer than a mark or a weight is.
_SHORT = r"^[-+－＋]?\d{1,3}([.．]\d{1,3})?[%％]?$"
#: So many digits on end may be a pupil's number, an identity number or a telephone.
_LONG = r"\d{5}"
_NUMBERS = ("number", "amount", "count", "share")
#: Rules of entries that people wrote, whose texts are what they want them to be.
_ENTERED = ("corrected", "correction_unused", "correction_mended", "correction_unmatched")


def lists_people(table: Table) -> bool:
    """Tell whether the rows of a table are people."""
    return any(column.person for column in table.columns.values())


def is_kept_close(frame: str) -> bool:
    """Tell whether the file of a frame of Records is for its owner alone: it holds rows of people."""
    return frame == "quarantine" or (frame in tables() and lists_people(tables()[frame]))


def names_people(header: str) -> bool:
    """Tell whether a header that is no column of a table names people."""
    return any(word in header for word in header_words()["people"])


def numbered(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return rows whose people are running numbers: one is as many as were there before, whatever number was theirs.

    The numbers tell rows of one person in one table of one county, and nothing elsewhere.
    """
    return rows.with_columns(_numbers(rows[column.name]) for column in table.columns.values() if column.person)


def _numbers(codes: pl.Series) -> pl.Series:
    unique = codes.drop_nulls().unique(maintain_order=True)
    if unique.is_empty():
        return codes
    numbers = pl.int_range(1, len(unique) + 1, eager=True).cast(pl.String)
    return codes.replace_strict(unique, numbers, default=None, return_dtype=pl.String)


def masked(text: pl.Expr) -> pl.Expr:
    """Return text with a mark for each character, of long texts for the first; blank stays blank."""
    return text.str.replace_all(r"\s", "").str.replace_all(r"(?s).", MARK).str.slice(0, _LONGEST)


def cells(text: pl.Series, table: Table, column: Column | None, header: str, schools: pl.Series) -> pl.Series:
    """Return the cells of a column as they may be kept: those that may name somebody are masked.

    `schools` are the codes of the county's schools, `header` what stands over the column.
    """
    people = lists_people(table)
    if not people and (column is not None or not names_people(header)):
        return text
    cell = pl.col(text.name)
    is_told = _is_told(cell, column, schools) if people and column is not None else pl.lit(False)
    return text.to_frame().select(pl.when(is_told).then(cell).otherwise(masked(cell)).alias(text.name)).to_series()


def _is_told(cell: pl.Expr, column: Column, schools: pl.Series) -> pl.Expr:
    """Tell whether a cell of a table of people can name nobody."""
    if column.person:
        return pl.lit(False)
    plain = normal(cell)
    empty = ~plain.str.contains(r"[\pL\pN]")
    if column.kind in _NUMBERS:
        return empty | plain.str.contains(_SHORT) | plain.is_in(column.absent)
    if column.kind in ("choice", "grade", "level", "year"):
        texts = {text for name, texts in column.choices.items() for text in (name, *texts)}
        texts |= cell_texts.words(column.kind).keys() if column.kind in ("grade", "level") else set()
        return empty | plain.is_in(sorted(texts)) | plain.str.contains(r"^\d{1,2}$")
    return empty | plain.is_in(schools.implode())


def masked_notices(notices: pl.DataFrame, schools: pl.Series) -> pl.DataFrame:
    """Return notices whose `before` and `after` name nobody; `schools` are the codes of the county's schools."""
    if notices.is_empty():
        return notices
    # Most notices are of tables without people, and of cells that were read: nothing in them is to be looked at.
    free = ~pl.col("table").is_in([*_of_people()]) & ~pl.col("rule").is_in(_ENTERED)
    placed = notices.with_row_index("nth")
    asked = placed.filter(~free.fill_null(False))
    if asked.is_empty():
        return notices
    texts = pl.col("before", "after")
    shown = pl.when(_may_be_told(schools, set(asked["table"]))).then(texts).otherwise(masked(texts))
    whole = pl.concat([placed.filter(free.fill_null(False)), asked.with_columns(shown)])
    return whole.sort("nth").drop("nth")


def _may_be_told(schools: pl.Series, of: set[str | None]) -> pl.Expr:
    """Tell of `before` and `after`, one by one, whether they may be told; `of` are the tables that there are."""
    texts = pl.col("before", "after")
    entered = pl.col("rule").is_in(_ENTERED)
    unknown = pl.lit(True)
    allowed = pl.lit(False)
    for table in (table for table in tables().values() if table.name in of):
        here = pl.col("table") == table.name
        for column in table.columns.values():
            mine = here & pl.col("column").is_in([column.name, *column.headers])
            unknown = unknown & ~mine
            if lists_people(table):
                # What was read as something known was understood: ４ of grade 4, or a code with a blank before it.
                understood = ~entered & _is_told(pl.col("after"), column, schools)
                allowed = allowed | (mine & (_is_told(texts, column, schools) | understood))
    named = unknown.fill_null(True) & pl.any_horizontal(
        pl.col("column").str.contains(word, literal=True) for word in header_words()["people"]
    ).fill_null(False)
    of_people = pl.col("table").is_in(_of_people()).fill_null(False)
    of_header = pl.col("row").is_null() & ~pl.col("rule").is_in(ONCE) & ~entered
    of_header = (of_header | pl.col("rule").is_in(doubles.RULES)) & ~texts.str.contains(_LONG)
    free = ~of_people & ~(named & entered) & ~(pl.col("table").is_null() & entered)
    return free | (of_people & (allowed.fill_null(False) | of_header))


@cache
def _of_people() -> list[str]:
    return [table.name for table in tables().values() if lists_people(table)]
