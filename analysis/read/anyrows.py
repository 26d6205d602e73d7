"""The rows of a table of schools of one's own, held against each other: totals, rows twice, years in one, torn rows.

Rows come as `Table.columns` has them: `x` the amount, `p` the pupils, keys, and what `beside` names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.errors import DataError, listed, message
from analysis.read import anycsv, anysums, labels
from analysis.read.anytable import Table

#: So many years are named.
_NAMED = 3


@dataclass(frozen=True)
class Beside:
    """What is read of rows beside what is asked for, by the names among them: `said`, where a row may say what it is,
    and `years`."""

    said: dict[str, str]
    years: dict[str, str]

    @property
    def texts(self) -> dict[str, str]:
        """Return all of these columns."""
        return self.said | self.years


def beside(table: Table, asked_for: Sequence[str]) -> Beside:
    """Return the columns of a table to read beside those that are asked for."""
    said, years = table.labels(asked_for), years_of(table, asked_for)
    return Beside(
        *({f"{letter}{n}": name for n, name in enumerate(names)} for letter, names in (("l", said), ("y", years)))
    )


def years_of(table: Table, by: Iterable[str]) -> list[str]:
    """Return the columns that name years, none where one of them is a group already."""
    names = [name for name in table.schema.names() if labels.is_year(name)]
    return [] if set(names) & set(by) else names


def subjects_of(table: Table, by: Iterable[str]) -> list[str]:
    """Return the columns that name subjects, none where one of them is a group already."""
    names = [name for name in table.schema.names() if labels.is_subject(name)]
    return [] if set(names) & set(by) else names


def check(
    table: Table, rows: pl.DataFrame, numbers: Mapping[str, str], keys: Sequence[str], beside: Beside
) -> list[str]:
    """Return what to tell of rows of schools; raises DataError for the first that is none, naming its row."""
    _check_whole(table, rows, beside.said)
    for inner, name in beside.years.items():
        _check_years(table, name, rows.filter(pl.col("p").is_not_null())[inner])
    if beside.said:
        totals = labels.first_total(rows.lazy(), beside.said).collect()
        for name in beside.said:
            if (place := totals[name].item()) is not None:
                table.refuse_total(int(place), rows[name][int(place)])
    doubts = _check_sums(table, rows, numbers, keys, list(beside.said))
    _check_twice(table, rows, beside.said, [*keys, *beside.texts])
    return [*_per_head(table, numbers["x"]), *doubts, *_again(table, rows, keys, beside)]


def _per_head(table: Table, amount: str) -> list[str]:
    """Return what to tell of a column of amounts that are so much a head, as its header says."""
    return [message("amount_per_head", file=table.path.name, column=amount)] if labels.is_per_head(amount) else []


def _again(table: Table, rows: pl.DataFrame, keys: Sequence[str], beside: Beside) -> list[str]:
    """Return what to tell of schools that have several rows in their group: each counts as a school.

    Nothing where a column tells all rows apart; what has the same text in most rows hardly names schools.
    """
    known = rows.with_row_index("place").filter(pl.col("x").is_not_null() & pl.col("p").is_not_null())
    named = {inner: name for inner, name in beside.said.items() if labels.is_identity(name)}
    several = {}
    for inner in named:
        filled = known.filter(pl.col(inner).fill_null("") != "")
        again = filled.filter(filled.select(*keys, inner).is_duplicated())
        if again.is_empty() and filled.height == known.height:
            return []
        mostly = 2 * filled.select(*keys, inner).unique().height >= filled.height
        if again.height and (mostly or labels.is_school(named[inner])):
            several[inner] = again.sort(pl.col("place").min().over(*keys, inner), "place")["place"]
    if not several:
        return []
    inner, places = next(iter(several.items()))
    one, other = (place + table.first_row for place in places[:2])
    values = {"column": named[inner], "count": len(places), "one": one, "other": other}
    return [message("schools_again", file=table.path.name, **values)]


def _check_whole(table: Table, rows: pl.DataFrame, texts: Mapping[str, str]) -> None:
    """Raise DataError where a text holds whole rows of the file."""
    if not (table.ragged and texts):
        return
    parts = rows.select(pl.any_horizontal(pl.col(list(texts)).str.contains("\n", literal=True)).fill_null(value=False))
    for place in parts.to_series().arg_true():
        if any(
            anycsv.is_torn(text or "", table.separator, len(table.schema))
            for text in rows.select(list(texts)).row(place)
        ):
            raise DataError("quote_open", file=table.path.name, row=place + table.first_row)


def _check_years(table: Table, name: str, values: pl.Series) -> None:
    """Raise DataError where a column of years has more than one."""
    known = values.filter(values != "").unique(maintain_order=True)
    if len(known) > 1:
        years = listed(known[:_NAMED]) + (" ..." if len(known) > _NAMED else "")
        raise DataError("years_mixed", file=table.path.name, column=name, years=years, count=len(known))


def _check_sums(
    table: Table, rows: pl.DataFrame, numbers: Mapping[str, str], keys: Sequence[str], said: Sequence[str]
) -> list[str]:
    """Return what to tell of sums that chance may have made; raises DataError for a row that surely is one."""
    known = rows.with_row_index("place").filter(pl.col("x").is_not_null() & pl.col("p").is_not_null())
    columns = {"amount": numbers["x"], "pupils": numbers["p"]}
    total = anysums.of_all_others(*_arrays(known))
    if total is not None:
        row = known["place"][total] + table.first_row
        raise DataError("total_by_sum", file=table.path.name, row=row, **columns)
    likely = []
    sums = [*anysums.of_runs(*_arrays(known)), *(_in_groups(known, keys) if keys else ())]
    for part in sums:
        first, last, row = (known["place"][place] + table.first_row for place in (part.first, part.last, part.place))
        values = {"file": table.path.name, "row": row, "first": first, "last": last, **columns}
        if part.sure or _says_so(known, part, [*said, *keys]):
            raise DataError("subtotal_by_sum", **values)
        likely.append(values)
    return [message("subtotal_likely", **likely[0], count=len(likely))] if likely else []


def _in_groups(known: pl.DataFrame, keys: Sequence[str]) -> list[anysums.Sum]:
    """Return the rows that are the sum of all others of their group."""
    at = known.select("x", "p", *keys).with_row_index("at")
    twice = [(2 * pl.col(name) - pl.col(name).sum().over(keys)).abs() <= 1e-6 * pl.col(name) for name in ("x", "p")]
    several = pl.len().over(keys) >= 3
    likely = at.filter(pl.all_horizontal(*twice, several, pl.col("x") > 0, pl.col("p") > 0))
    sums = []
    chance = anysums.expected(*_arrays(known), known.select(keys).n_unique()) if likely.height else 0.0
    for group in likely.select(keys).unique(maintain_order=True).iter_rows():
        of = at.filter(
            pl.all_horizontal(pl.col(key).eq_missing(pl.lit(text)) for key, text in zip(keys, group, strict=True))
        )
        place = anysums.of_all_others(*_arrays(of))
        if place is not None:
            ends = of["at"][0], of["at"][-1]
            sums.append(anysums.Sum(of["at"][place], *ends, sure=chance < anysums.CHANCE))
    return sums


def _says_so(known: pl.DataFrame, total: anysums.Sum, said: Sequence[str]) -> bool:
    """Tell whether a row lacks a text that all of its parts have, or bears in another column a name that they share."""
    texts = [name for name in said if known.schema[name] == pl.String]
    mine = known.select(texts).row(total.place)
    parts = known.select(texts)[total.first : total.last + 1]
    inside = total.place - total.first
    if 0 <= inside < parts.height:
        parts = pl.concat([parts.head(inside), parts.slice(inside + 1)])
    shared = {name: part[0] for name in texts if (part := parts[name]).n_unique() == 1 and part[0]}
    for name, text in zip(texts, mine, strict=True):
        if not text and bool((parts[name].fill_null("") != "").all()):
            return True
        if text and any(other != name and text == value for other, value in shared.items()):
            return True
    return False


def _check_twice(table: Table, rows: pl.DataFrame, texts: Mapping[str, str], names: Sequence[str]) -> None:
    """Raise DataError where two rows are equal in every column, one of which tells schools apart."""
    numbered = rows.with_row_index("place").filter(pl.col("x").is_not_null() | pl.col("p").is_not_null())
    again = numbered
    mine = ["x", "p", *names]
    for columns in (["x", "p"], mine):  # numbers first: few rows have both alike
        again = again.filter(again.select(columns).is_duplicated())
        if again.is_empty():
            return
    others = numbered.select(mine).unique()
    apart = any(others[name].n_unique() == others.height and not others[name].null_count() for name in texts)
    if not (apart or any(map(labels.is_identity, table.schema.names()))):
        return
    every = table.schema.names()
    whole = table.run(table.frame.with_row_index("row_").filter(pl.col("row_").is_in(again["place"].implode())))
    groups = whole.group_by(every, maintain_order=True).agg(pl.col("row_")).filter(pl.col("row_").list.len() > 1)
    if groups.height:
        row, other = (place + table.first_row for place in groups["row_"][0][:2])
        raise DataError("rows_twice", file=table.path.name, one=row, other=other, count=groups["row_"].list.len().sum())


def _arrays(rows: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return rows["x"].to_numpy().astype(np.float64), rows["p"].to_numpy().astype(np.float64)
