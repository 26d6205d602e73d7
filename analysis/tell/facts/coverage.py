"""What a report rests on: schools counted and left out, rows kept, mended and set aside."""

from dataclasses import dataclass

import polars as pl

from analysis.clean.checks import checks, value_rules
from analysis.tell.case.case import Case


@dataclass(frozen=True)
class LeftOut:
    """Schools that the scope leaves out for one reason (an id of the vocabulary's scope_reasons)."""

    reason: str
    schools: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """Rows of one source table in the report's year."""

    table: str
    read: int
    kept: int
    quarantined: int
    other: int


@dataclass(frozen=True)
class Coverage:
    """Counts are of the report's year; `schools` has records, `counted` at least one stage in scope.

    `mended` are cells that were written otherwise than they are read, `corrected` those that an entry of
    corrections.yml changed. `values` are those set aside, `marked` what is told beside.
    """

    schools: int
    counted: int
    left_out: tuple[LeftOut, ...]
    accounts: tuple[Account, ...]
    quarantined: int
    mended: int
    corrected: int
    values: int
    marked: int
    unregistered: int


def mended() -> pl.Expr:
    """Return whether a notice tells of a cell that is read otherwise than it was written; a warning changes nothing."""
    mending = [check.id for check in checks().values() if check.severity == "notice"]
    return pl.col("rule").is_in(mending) & (pl.col("before") != pl.col("after")).fill_null(value=False)


def corrected() -> pl.Expr:
    """Return whether a notice tells of a value that an entry of corrections.yml changed, not of its spelling."""
    return pl.col("rule") == "corrected"


def coverage(case: Case) -> Coverage:
    """Return what this year's figures rest on."""
    rows = case.rows
    inside = set(rows.filter("in_scope")["school"].to_list())
    reasons = rows.filter(~pl.col("school").is_in(list(inside))).sort("school").unique("school", keep="first")
    left = [
        LeftOut(key[0], tuple(sorted(part["school"].to_list())))
        for key, part in reasons.partition_by("scope_reason", as_dict=True, maintain_order=True).items()
    ]
    year = pl.col("year") == case.year
    accounts = tuple(
        Account(*row)
        for row in case.records.accounts.filter(year)
        .group_by("table", maintain_order=True)
        .agg(pl.col("read", "kept", "quarantined", "other").sum())
        .iter_rows()
    )
    notices = case.records.notices.filter(year)
    changed = mended()
    return Coverage(
        schools=rows["school"].n_unique(),
        counted=len(inside),
        left_out=tuple(sorted(left, key=lambda left_out: (-len(left_out.schools), left_out.reason))),
        accounts=accounts,
        quarantined=sum(account.quarantined for account in accounts),
        mended=notices.filter(changed & ~corrected()).height,
        corrected=notices.filter(changed & corrected()).height,
        values=notices.filter(pl.col("rule").is_in(value_rules())).height,
        marked=notices.filter(~changed).height,
        unregistered=sum(not file.registered for file in case.source_files),
    )
