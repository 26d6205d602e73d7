"""Tables of a region's plan: counties by year beside the plan's schedule, and counties by each of its targets."""

from dataclasses import replace

import polars as pl

from analysis.tables import Verdict
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.parts.table import Cell, Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text
from analysis.tell.parts.tables.plan import aim, scope

YEARS = ("known", "met", "unmet", "accepted", "target")
#: What statistics of the year must tell: where no county has any, nobody is known to meet the standard, or not to.
COUNTED = ("met", "unmet")
#: Verdicts that leave a county's target open, and those on what is not asked of it (yet).
OPEN = (Verdict.NO_DATA.value, Verdict.UNDECIDABLE.value, Verdict.TARGET_NOT_SET.value)
LATER = (Verdict.NOT_IN_FORCE.value, Verdict.NOT_APPLICABLE.value)


def plan_years(region: RegionReport) -> Table | None:
    """Return one row per year: counties with statistics, met, not met, planned, asked for, whether that is reached."""
    base, plan = region.base, region.plan
    if plan is None:
        return None
    columns = [Column("year", pl.Int64, number=True)]
    columns += [Column(name, pl.Int64, number=True) for name in YEARS] + [Column("verdict")]
    rows = []
    for year in plan.years:
        row: dict[str, Value] = {"year": number(year.year, str(year.year))}
        row |= {
            name: count(None if name in COUNTED and not year.known else getattr(year, name), base) for name in YEARS
        }
        row["verdict"] = Value(year.verdict, Cell(base.word("verdicts", year.verdict), verdict=year.verdict))
        rows.append(row)
    if plan.now.accepted is None:
        columns = [column for column in columns if column.id != "accepted"]
    return _made(region, "plan_years", columns, rows)


def plan_items(region: RegionReport) -> Table | None:
    """Return one row per target of the plan: how many counties meet it, don't, are open, not asked yet; which don't."""
    base, plan = region.base, region.plan
    if plan is None:
        return None
    said = replace(base, standard=plan.plan.standard)
    columns = [Column("item"), Column("scope"), Column("target")]
    columns += [Column(name, pl.Int64, number=True) for name in ("met", "unmet", "open", "later")] + [Column("which")]
    between = base.word("lists", "between")
    rows = []
    for item in plan.items:
        unmet = item.of(Verdict.NOT_MET)
        rows.append(
            {
                "item": text(said.label(item.finding.item, short=True)),
                "scope": text(scope(said, item.finding)),
                "target": text(aim(said, item.finding)),
                "met": count(len(item.of(Verdict.MET)), base),
                "unmet": count(len(unmet), base),
                "open": count(len(item.of(*OPEN)), base),
                "later": count(len(item.of(*LATER)), base),
                "which": text(between.join(county.name for county in unmet) or blank(base)),
            }
        )
    if all(row["scope"].value == blank(base) for row in rows):
        columns = [column for column in columns if column.id != "scope"]
    return _made(region, "plan_items", columns, rows)


def _made(region: RegionReport, name: str, columns: list[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(
        region.base, f"region_{name}", columns, rows, name=name, texts="region", sortable=True, region=region,
        plan=region.plan,
    )  # fmt: skip
