"""What lies beside a region's documents: its workbook and its results.json, both views of what was gathered."""

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis import ids
from analysis.tables import WRITTEN, Kind
from analysis.tell.documents.region import RegionReport
from analysis.tell.documents.region.gathering import OF
from analysis.tell.facts.versions import versions
from analysis.tell.findings import Finding
from analysis.tell.language import wording

from .meta import Meta
from .readable_json import text_of
from .table_sheets import TableSheets
from .workbook import opened

#: Tables that become sheets, in this order.
TABLES = (
    "fields", "holding", "coefficients_primary", "coefficients_junior", "changes", "levels", "rates", "schools",
    "lacking", "recognition", "plan_years", "plan_items", "published", "counties",
)  # fmt: skip


class _Sheets(TableSheets):
    """Sheets of a region: a cell's finding is one of its county's."""

    def __init__(self, region: RegionReport, meta: Meta, path: Path) -> None:
        self.region = region
        super().__init__(region.base, meta, opened(path, meta))

    def finding(self, id: str) -> Finding | None:
        """Return the finding that a cell names."""
        return self.region.finding(id)


def write_workbook(region: RegionReport, path: Path, meta: Meta) -> None:
    """Write the tables of a region's report and the list of its files to `path`."""
    sheets, whole = _Sheets(region, meta, path), replace(region, full=True)
    contents = sheets.contents()
    for name in TABLES:
        table = whole.table(name)
        if table is not None:
            sheets.put(table, f"region_{name}")
    sheets.sources()
    sheets.list_sheets(contents)
    sheets.spread()
    sheets.book.close()


@cache
def schema() -> dict[str, Any]:
    """Return the JSON schema of a region's results.json."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "region.schema.json").read_text(encoding="utf-8"))
    return loaded


def results(region: RegionReport) -> dict[str, Any]:
    """Return what results.json holds: counties, counts, and the findings of each county, ids with its code before.

    To the public without the schools that a finding's evidence names.
    """
    base, gathered = region.base, region.gathered
    ids = (pl.col("county") + OF + pl.col("id")).alias("id")
    now = gathered.findings.join(gathered.counties.select("county", "year"), on=["county", "year"], how="semi")
    rows = now.with_columns(ids).select(WRITTEN)
    if base.public:
        rows = _public(rows)
    return {
        "region": region.region.code,
        "names": dict(base.names),
        "year": base.year,
        "standard": base.standard.id,
        "plan": base.plan,
        "audience": base.audience,
        "lang": base.lang,
        "synthetic": base.synthetic,
        "status": base.status,
        "counties": [
            {
                "county": row["county"],
                "names": {"zh": row["zh"], "en": row["en"]},
                **{name: row[name] for name in ("state", "year", "before", "standard", "acceptance", "fault")},
                "verdict": county.verdict or None,
            }
            for row, county in zip(gathered.counties.iter_rows(named=True), region.counties, strict=True)
        ],
        "counts": [{"id": region.id(name), "value": value} for name, value in sorted(region.counts.items())],
        "plan_years": [vars(year) for year in region.plan.years] if region.plan else [],
        "findings": [{key: _plain(value) for key, value in row.items()} for row in rows.iter_rows(named=True)],
        "sources": gathered.sources.to_dicts(),
        "versions": versions(),
    }


def _public(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the findings without schools, without groups and own tests, without the figures of few questionnaires."""
    item, asked = pl.col("item"), pl.col("evidence").str.json_path_match("$.asked").cast(pl.Float64, strict=False)
    beside = ids.kind_of(item).is_in([Kind.RATE_OWN.value, Kind.RECOGNITION_GROUP.value])
    few = (item == Kind.RECOGNITION.value) & (asked < wording.emphasis()["suppress_below"])
    return rows.filter(~beside).with_columns(
        *(pl.when(few.fill_null(value=False)).then(None).otherwise(name).alias(name) for name in ("value", "margin")),
        pl.lit(None, pl.String).alias("evidence"),
    )


def write_results(region: RegionReport, path: Path) -> None:
    """Write results.json; a test holds it to its schema."""
    path.write_text(text_of(results(region)) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
