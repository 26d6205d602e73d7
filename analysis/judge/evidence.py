"""The evidence list (佐证材料目录): which document or which rows of a source show each item, and what has none yet."""

from typing import Any

import polars as pl

from analysis import ids
from analysis.clean.records import Records
from analysis.judge.against_rows import COUNTED, FROM, ROWS
from analysis.judge.rules import county_counts
from analysis.measure import COMPOSITE
from analysis.standards import Standard
from analysis.standards.rules import every
from analysis.tables import Field, Kind, Schema, Verdict

#: One row is one item. `basis` is reported, computed, monitoring or survey; `document` the text that the county gave;
#: `file` and `sheet` where its rows lie (several files joined by "; "), `row` the one that holds it, `rows` how many.
EVIDENCE: Schema = {
    "id": pl.String,
    "basis": pl.String,
    "document": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "rows": pl.Int32,
    "state": pl.String,
}
HAVE, LACK, NOT_ASKED = "have", "lack", "not_asked"
_UNASKED = [Verdict.NOT_IN_FORCE.value, Verdict.TARGET_NOT_SET.value]


def listed(findings: pl.DataFrame, records: Records, standard: Standard, year: int) -> pl.DataFrame:
    """Return EVIDENCE of the FINDINGS of one county and year, in their order: one row per item that is asked of it.

    Indicators stand as their coefficients, a monitored subject as its level. What a county reports has its document,
    or lacks it; what is computed, monitored or asked has the rows of its source, or lacks them. Supplements, sums and
    single schools are no items.
    """
    own = findings.filter(
        pl.col("school").is_null()
        & (pl.col("field") != Field.PLAN.value)
        & (
            pl.col("item").is_in(list(standard.items))
            | ids.is_kind(Kind.LEVEL, Kind.RECOGNITION)
            | (ids.is_kind(Kind.CV) & (pl.col("item") != ids.cv(COMPOSITE)))
        )
    )
    sources = _Sources(records, year)
    rows = [_row(finding, sources, standard) for finding in own.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=EVIDENCE)


class _Sources:
    """Where the rows of a county and year lie: file, sheet, row and number of rows, each part looked up once."""

    def __init__(self, records: Records, year: int) -> None:
        self._records, self._year = records, year
        self._tables: dict[str, dict[str, Any]] = {}
        self._reported = records.government.filter(year=year).partition_by("item", as_dict=True)

    def table(self, name: str) -> dict[str, Any]:
        """Return the place of a whole table."""
        if name not in self._tables:
            self._tables[name] = _place(self._records.frames()[name].filter(year=self._year))
        return self._tables[name]

    def tested(self, year: int, subject: str | None, grade: int | None) -> dict[str, Any]:
        """Return the place of the monitoring results of a year (not the report's), subject and grade."""
        return _place(self._records.monitoring.filter(year=year, subject=subject, grade=grade))

    def reported(self, *items: str) -> tuple[dict[str, Any], str]:
        """Return the place of what the county reports of an item, or counts, and its document ("" where it gives
        none)."""
        parts = [self._reported[item,] for item in items if (item,) in self._reported]
        if not parts:
            return _place(self._records.government.clear()), ""
        rows = pl.concat(parts)
        return _place(rows), next(iter(rows["evidence"].drop_nulls()), "")


def _place(rows: pl.DataFrame) -> dict[str, Any]:
    files, sheets = (sorted(set(rows[column].to_list()) - {None}) for column in ("file", "sheet"))
    row = rows["row"][0] if rows.height == 1 else None
    return {"file": "; ".join(files), "sheet": "; ".join(sheets), "row": row, "rows": rows.height}


def _row(finding: dict[str, Any], sources: _Sources, standard: Standard) -> dict[str, Any]:
    name, item, document = finding["item"], standard.items.get(finding["item"]), ""
    if name == Kind.LEVEL:
        basis, place = "monitoring", sources.tested(finding["data_year"] or 0, finding["subject"], finding["grade"])
    elif name == Kind.RECOGNITION:
        basis, place = "survey", sources.table("survey")
    elif item is None:
        basis, place = "computed", sources.table("schools")
    elif item.kind == "computed":
        basis, place = "computed", sources.table(every()[str(item.rule)].table)
    elif item.rows is not None and finding["reason"] == FROM[ROWS]:
        basis, place = "computed", sources.table(every()[item.rows.rule].table)
    elif item.counts is not None and finding["reason"] == FROM[COUNTED]:
        basis, place = "computed", sources.reported(*county_counts.names(item.counts))[0]
    else:
        basis = "reported"
        place, document = sources.reported(name)
    has_evidence = bool(document) if basis == "reported" else place["rows"] > 0
    state = NOT_ASKED if finding["verdict"] in _UNASKED else HAVE if has_evidence else LACK
    return {"id": finding["id"], "basis": basis, "document": document, **place, "state": state}
