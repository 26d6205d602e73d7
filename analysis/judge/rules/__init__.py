"""The rules of computed items: a module for each, named as rules.yml names it; what is said of a rule stands there.

A module has `schools(given)`, which returns school rows (computed.ROWS), or `figures(given)`, which returns a figure of
each county and year (computed.Figures). It may have

    lacking() -> Expr            what a school is short of, from a ledger row and the columns that the rule rests on;
                                 without it the distance between value and target
    doubts(given) -> (schools, verdict, where)...   where else a verdict is undecidable for a value that is set aside
    typed(given) -> {cell: figure}      what a county types of the item, where that is no share of schools
    counted(rows, item, standard, stage) -> dict    what `detail` of rules.yml may say of a school; `rows` are those of
                                                    the rule's table
"""

from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

import polars as pl

from analysis.judge.computed import Cell, Figures, Inputs
from analysis.standards import Standard
from analysis.standards.items import Item
from analysis.tables import Verdict

#: The rule that adds up what schools count.
SUMS = "school_counts"


def module(rule: str) -> ModuleType:
    """Return the module of a rule."""
    return import_module(f"{__name__}.{rule}")


def _part(rule: str | None, name: str) -> Any:
    return getattr(module(rule), name, None) if rule else None


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return the school rows of an item's rule, as it has them."""
    rows: pl.DataFrame = _part(inputs.item.rule, "schools")(inputs)
    return rows


def figures(inputs: Inputs) -> Figures:
    """Return the figures of an item's rule."""
    by_cell: Figures = _part(inputs.item.rule, "figures")(inputs)
    return by_cell


def doubts(inputs: Inputs) -> Iterable[tuple[pl.DataFrame, Verdict, pl.Expr]]:
    """Return schools, and rows of theirs with a verdict that hangs on a value which is set aside."""
    part = _part(inputs.item.rule, "doubts")
    uncertain: Iterable[tuple[pl.DataFrame, Verdict, pl.Expr]] = part(inputs) if part else ()
    return uncertain


def typed(inputs: Inputs) -> dict[Cell, float]:
    """Return the figures of counties that they type of an item which is counted by schools."""
    part = _part(inputs.item.rule, "typed")
    values: dict[Cell, float] = part(inputs) if part else {}
    return values


def lacking(rule: str | None) -> pl.Expr:
    """Return what a ledger row lacks, in the lacking_unit of its rule."""
    part = _part(rule, "lacking")
    amount: pl.Expr = part() if part else (pl.col("value") - pl.col("target")).abs()
    return amount


def counted(rows: pl.DataFrame, item: Item, standard: Standard, stage: str | None) -> dict[str, Any]:
    """Return what the sheet of one school tells of the `rows` of the table that an item's rule counts."""
    part = _part(item.rule, "counted")
    counts: dict[str, Any] = part(rows, item, standard, stage) if part else {}
    return counts
