"""From rows of values and cells to a table with the captions and labels of its language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.tables import DECIDED, Field
from analysis.tell.case.setting import Setting
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Cell, Table
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.templates import tidy


@dataclass(frozen=True)
class Column:
    """A column: `id` names it in the frame and its label in tables.yml; `label` is given where the data make it."""

    id: str
    dtype: Any = pl.String
    number: bool = False
    label: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Value:
    """What stands in one cell: the value for the frame and the cell for the reader."""

    value: Any
    cell: Cell | None = None


def text(value: str | None, *, verdict: str = "", finding: str = "") -> Value:
    """Return a cell of words."""
    return Value(value, Cell(value or "", verdict=verdict, finding=finding))


def number(value: float | None, shown: str, *, verdict: str = "", finding: str = "") -> Value:
    """Return a cell with a number that is text already."""
    return Value(value, Cell(shown, number=True, verdict=verdict, finding=finding))


def count(value: float | None, setting: Setting) -> Value:
    """Return a whole number, or the mark of an empty cell."""
    return number(value, blank(setting) if value is None else numbers.whole(value))


def blank(setting: Setting) -> str:
    """Return the mark of a cell without a value."""
    return wording.word("blank", "none", setting.lang)


def value(finding: Finding, setting: Setting) -> Value:
    """Return a finding's value, shaded by its verdict."""
    shown = (
        blank(setting)
        if finding.value is None
        else numbers.of(finding, finding.value, setting.standard_of(finding), setting.lang)
    )
    return number(finding.value, shown, verdict=finding.verdict, finding=finding.id)


def target(finding: Finding, setting: Setting) -> Value:
    """Return a finding's target."""
    shown = (
        blank(setting)
        if finding.target is None
        else numbers.target(finding, setting.standard_of(finding), setting.lang)
    )
    return number(finding.target, shown)


def verdict(finding: Finding, setting: Setting) -> Value:
    """Return a finding's verdict in its fixed word, that of an entry condition as fulfilled or not; the frame holds its
    id.
    """
    entry = finding.field == Field.ENTRY and finding.verdict in DECIDED
    said = setting.word("fulfilled" if entry else "verdicts", finding.verdict)
    return Value(finding.verdict, Cell(said, verdict=finding.verdict, finding=finding.id))


def make(
    setting: Setting,
    id: str,
    columns: Sequence[Column],
    rows: Sequence[dict[str, Value]],
    *,
    name: str | None = None,
    texts: str = "tables",
    sortable: bool = False,
    **facts: Any,
) -> Table | None:
    """Return the table `id`; its words are those of `name` (else `id`) in <texts>.yml. None where there is no row."""
    if not rows:
        return None
    said = wording.texts(texts, setting.lang)[name or id]
    facts = {"synthetic": setting.synthetic, **facts}

    def render(key: str) -> str:
        return tidy(spoken(setting).render(said.get(key, ""), **facts), setting.lang)

    shown = [column for column in columns if column.shown]
    return Table(
        id=id.replace("_", "-"),
        caption=render("caption"),
        frame=pl.DataFrame(
            {column.id: [row[column.id].value for row in rows] for column in columns},
            schema={column.id: column.dtype for column in columns},
        ),
        columns=tuple(column.id for column in shown),
        labels=tuple(column.label or setting.here(said["columns"][column.id]) for column in shown),
        numeric=tuple(column.number for column in shown),
        body=tuple(tuple(row[column.id].cell or Cell("") for column in shown) for row in rows),
        source=render("source"),
        sortable=sortable,
    )
