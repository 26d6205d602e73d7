"""Figures of a school that contradict another source or another year, and rows of it that were set aside."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.clean.checks import checks
from analysis.judge.against_rows import CONTRADICTS, ROWS, as_computed
from analysis.judge.by_school import selected
from analysis.judge.rules import SUMS
from analysis.judge.rules.teacher_share import ALL
from analysis.read.fields import tables
from analysis.standards.items import Item
from analysis.standards.rules import SCHOOLS, every
from analysis.tables import Stage, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding

_PLACE = ["table", "file", "sheet", "row"]


def contradictions(case: Case, code: str) -> list[dict[str, Any]]:
    """Return what was found about a school in the report's year: place, rule, column, before, after.

    Warnings about its rows, and all that was found in a row set aside that bears its code.
    """
    records, year = case.records, case.year
    notices = records.notices.filter(year=year)
    kept = [
        frame.filter(school=code, year=year).select(pl.lit(name).alias("table"), *_PLACE[1:])
        for name, frame in records.frames().items()
        if name in tables() and "school" in frame.columns
    ]
    warnings = [name for name, check in checks().items() if check.severity == "warning"]
    own = notices.filter(pl.col("rule").is_in(warnings)).join(pl.concat(kept), on=_PLACE, how="semi")
    marked = pl.col("cells").str.contains(f'"{code}"', literal=True)
    aside = records.quarantine.filter(marked, year=year).explode("rules").rename({"rules": "rule"})
    by_notice = aside.join(notices, on=[*_PLACE, "rule"], how="left", maintain_order="left")
    wanted = [*_PLACE, "rule", "column", "before", "after"]
    return pl.concat([own.select(wanted), by_notice.select(wanted)]).unique(maintain_order=True).rows(named=True)


def _part(ruled: Item) -> tuple[pl.Expr, pl.Expr]:
    """Return what a row has of what an item asks for, and of how many; nobody where its county alone tells that."""
    parameters = ruled.parameters
    if ruled.rule != SUMS:
        return pl.col(str(parameters["column"])).alias("having"), pl.col(str(parameters.get("over", ALL))).alias("of")

    def added(key: str) -> pl.Expr:
        return pl.sum_horizontal(
            *(pl.col(name) for name in parameters[key]),
            *(-pl.col(name) for name in parameters.get(f"{key}_less", ())),
            ignore_nulls=False,
        )

    pupils = [f"pupils_{parameters['stage']}"] if "stage" in parameters else [f"pupils_{stage}" for stage in Stage]
    of = added("over") if "over" in parameters else pl.sum_horizontal(pupils)
    return added("of").alias("having"), (pl.lit(None) if "over_counts" in parameters else of).alias("of")


@dataclass(frozen=True)
class Refuting:
    """A row of a school that is among those which refute what its county reports of an item.

    `having` of `of` persons have what the item asks for, or `having` yuan are for `of` persons; both None where the
    school as a whole falls short of its rule.
    """

    finding: Finding
    table: str
    file: str
    row: int | None
    having: float | None = None
    of: int | None = None


def refuting(case: Case, code: str) -> list[Refuting]:
    """Return the rows of a school that lie on the side of what refutes an item reported by its county.

    Where the county reports more than rows come to, those are the schools below what it reports, else those above.
    """
    refuted = []
    for finding in case.now:
        item = case.standard.items.get(finding.item)
        if finding.reason != CONTRADICTS[ROWS] or finding.school is not None or item is None:
            continue
        ruled = as_computed(item, item.rows) if item.rows else item
        table = every()[str(ruled.rule)].table
        rows = case.records.frames()[table].filter(school=code, year=case.year)
        if table == SCHOOLS:
            rows = selected(rows, ruled.schools)
        if every()[str(ruled.rule)].of == SCHOOLS:
            short = any(
                each.school == code and each.verdict == Verdict.NOT_MET for each in case.now.where(item=finding.item)
            )
            place = rows.select("file", "row").head(1).rows()
            refuted += [Refuting(finding, table, *place[0])] if short and place else []
            continue
        if finding.value is None:
            continue  # an answer is refuted by all schools together
        for file, row, amount, of in rows.select("file", "row", *_part(ruled)).drop_nulls().iter_rows():
            less = finding.computed is None or (finding.value or 0.0) > finding.computed
            if of == 0 or (amount / of < (finding.value or 0.0) if less else amount / of > (finding.value or 0.0)):
                refuted.append(Refuting(finding, table, file, row, amount, of))
    return refuted
