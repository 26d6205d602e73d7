"""The checks that checks.yml declares: those within a row as Polars expressions, all with severity and sentence."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import language
from analysis.sources import parse_yaml

SEVERITIES = ("error", "warning", "notice")


@dataclass(frozen=True)
class Check:
    """A check: an error sets its row aside, a warning keeps and marks it, a notice tells what was done."""

    id: str
    severity: str
    text: dict[str, str]
    table: str = ""
    holds: str = ""
    columns: tuple[str, ...] = ()
    inside: str = ""
    of: str = ""
    sums: str = ""
    equals: str = ""
    mads: float = 0
    factor: float = 0

    def sentence(self, lang: str | None = None, **values: Any) -> str:
        """Return what the check says, filled with `column`, `before` and `after`."""
        given = {"column": "", "before": "", "after": ""} | {name: value or "" for name, value in values.items()}
        return self.text[lang or language()].format(**given)


@cache
def checks() -> dict[str, Check]:
    """Return all checks by id."""
    told = parse_yaml((Path(__file__).parent / "checks.yml").read_text(encoding="utf-8"))
    return {name: _check(name, entry) for name, entry in told["checks"].items()}


def _check(name: str, told: dict[str, Any]) -> Check:
    holds, columns = told.get("holds", ""), tuple(told.get("column", "").split(",")) if "column" in told else ()
    if parts := told.get("part"):
        holds = " AND ".join(f"coalesce({part} <= {told['whole']}, true)" for part in parts)
        columns = (*parts, told["whole"])
    text = {"zh": told["zh"], "en": told["en"]}
    return Check(
        name,
        told["severity"],
        text,
        told.get("table", ""),
        holds,
        tuple(told.get("jump", columns)),
        inside=told.get("in", ""),
        of=told.get("of", ""),
        sums=told.get("sums", ""),
        equals=told.get("equals", ""),
        mads=float(told.get("mads", 0)),
        factor=float(told.get("factor", 0)),
    )


@cache
def within_rows(table: str) -> list[tuple[Check, pl.Expr]]:
    """Return the checks of a table's rows, each with an expression that is true where the row breaks it."""
    return [
        (check, ~pl.sql_expr(check.holds).fill_null(True))
        for check in checks().values()
        if check.table == table and check.holds
    ]
