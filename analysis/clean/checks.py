"""The checks that checks.yml declares: those within a row as Polars expressions, all with severity and sentence."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import language
from analysis.sources import parse_yaml

SEVERITIES = ("error", "value", "warning", "notice")
#: What the id of a check ends in that sets aside a value where another sets aside the row.
OF_VALUE = "_value"
#: Rules that are told once a column for each way of writing.
ONCE = ("blank_mark", "absent_mark")


@dataclass(frozen=True)
class Check:
    """A check: an error sets its row aside, `value` the value alone, a warning marks, a notice tells what was done.

    `parts`: the columns that are each at most `whole`. `column_aside`: it sets aside the values of a column.
    """

    id: str
    severity: str
    text: dict[str, str]
    table: str = ""
    holds: str = ""
    columns: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    whole: str = ""
    inside: str = ""
    of: str = ""
    sums: str = ""
    equals: str = ""
    mads: float = 0
    factor: float = 0
    like: float = 0
    beyond: float = 0
    rows: int = 0
    shared: tuple[str, ...] = ()
    column_aside: bool = False

    def sentence(self, lang: str | None = None, **values: Any) -> str:
        """Return what the check says, filled with `column`, `before` and `after`."""
        filled_in = {"column": "", "before": "", "after": ""} | {name: value or "" for name, value in values.items()}
        return self.text[lang or language()].format(**filled_in)


@cache
def checks() -> dict[str, Check]:
    """Return all checks by id."""
    declared = parse_yaml((Path(__file__).parent / "checks.yml").read_text(encoding="utf-8"))
    all_checks: dict[str, Check] = {}
    for name, entry in declared["checks"].items():
        all_checks[name] = _check(name, entry)
        if entry.get("value"):
            all_checks[name + OF_VALUE] = _check(name + OF_VALUE, entry | {"severity": "value"})
    return all_checks


@cache
def value_rules() -> tuple[str, ...]:
    """Return the ids of the checks that set a value aside."""
    return tuple(check.id for check in checks().values() if check.severity == "value")


@cache
def column_rules() -> tuple[str, ...]:
    """Return the ids of the checks that set aside the values of a column."""
    return tuple(check.id for check in checks().values() if check.column_aside)


@cache
def error_rules() -> tuple[str, ...]:
    """Return the ids of the checks that set a row aside."""
    return tuple(check.id for check in checks().values() if check.severity == "error")


def _check(name: str, entry: dict[str, Any]) -> Check:
    holds, columns = entry.get("holds", ""), tuple(entry.get("column", "").split(",")) if "column" in entry else ()
    parts, whole = tuple(entry.get("part", ())), entry.get("whole", "")
    if parts:
        holds = " AND ".join(_at_most(part, whole) for part in parts)
        columns = (*parts, whole)
    text = {"zh": entry["zh"], "en": entry["en"]}
    return Check(
        name,
        entry["severity"],
        text,
        entry.get("table", ""),
        holds,
        tuple(entry.get("jump", columns)),
        parts,
        whole,
        inside=entry.get("in", ""),
        of=entry.get("of", ""),
        sums=entry.get("sums", ""),
        equals=entry.get("equals", ""),
        mads=float(entry.get("mads", 0)),
        factor=float(entry.get("factor", 0)),
        like=float(entry.get("like", 0)),
        beyond=float(entry.get("beyond", 0)),
        rows=int(entry.get("rows", 0)),
        shared=tuple(entry.get("shared", ())),
        column_aside=bool(entry.get("column_aside", False)),
    )


def _at_most(part: str, whole: str) -> str:
    return f"coalesce({part} <= {whole}, true)"


def _breaks(holds: str) -> pl.Expr:
    return ~pl.sql_expr(holds).fill_null(True)


def broken_places(rows: pl.DataFrame, breaks: list[pl.Expr]) -> list[tuple[int, pl.Series]]:
    """Return which of these rules some rows break, by number, and the places of these rows (UInt32).

    Most rules nobody breaks, and all are first asked for that in one go.
    """
    if not breaks or rows.is_empty():
        return []
    some = rows.select(broken.any().alias(str(number)) for number, broken in enumerate(breaks)).row(0)
    broken = [number for number, rows in enumerate(some) if rows]
    if not broken:
        return []
    flags = rows.select(breaks[number].alias(str(number)) for number in broken)
    return [(number, flags[str(number)].arg_true().cast(pl.UInt32)) for number in broken]


@cache
def within_rows(table: str) -> list[tuple[Check, pl.Expr]]:
    """Return the checks of a table's whole rows, each with an expression that is true where the row breaks it."""
    return [(check, _breaks(check.holds)) for check in _within(table) if check.severity != "value"]


@cache
def contradictions(table: str) -> list[tuple[Check, tuple[str, ...], pl.Expr]]:
    """Return the checks of a table that set aside values, each part by itself: check, columns, where they break it."""
    pairs: list[tuple[Check, tuple[str, ...], pl.Expr]] = []
    for check in _within(table):
        if check.severity == "value" and check.parts:
            each = ((part, check.whole) for part in check.parts)
            pairs += [(check, pair, _breaks(_at_most(*pair))) for pair in each]
        elif check.severity == "value":
            pairs.append((check, check.columns, _breaks(check.holds)))
    return pairs


def _within(table: str) -> list[Check]:
    return [check for check in checks().values() if check.table == table and check.holds]
