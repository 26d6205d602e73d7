"""Tables of a region of many counties: sums in place of what its workbook lists county by county."""

from typing import Any

import polars as pl

from analysis import ids
from analysis.tables import Field, Verdict
from analysis.tell.documents.region.counties import RegionCounty
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text


def _table(region: RegionReport, name: str, columns: list[Column], rows: list[dict[str, Value]]) -> Table | None:
    return make(region.base, f"region_{name}", columns, rows, name=name, texts="region", sortable=True, region=region)


def of_schools(region: RegionReport, county: RegionCounty, stage: str) -> Value:
    """Return how many schools of a stage meet their rule, of how many."""
    every, met = county.rule(stage), county.rule(stage, Verdict.MET)
    met_of_all = f"{numbers.whole(len(met))}/{numbers.whole(len(every))}" if every else blank(region.base)
    return number(None, met_of_all, verdict=Verdict.NOT_MET if county.rule(stage, Verdict.NOT_MET) else "")


def subjects(region: RegionReport) -> Table | None:
    """Return, over many counties, one row per subject and grade: counties that meet level and rate, don't, or have no
    result."""
    pairs = list(dict.fromkeys([*region.pairs("level"), *region.pairs("rate")]))
    if not pairs or not region.many:
        return None
    groups = [Verdict.MET.value, Verdict.NOT_MET.value]
    names = [f"{item}_{group}" for item in ("level", "rate") for group in (*groups, "open")]
    columns = [Column("subject"), Column("grade"), *(Column(name, pl.Int64, number=True) for name in names)]
    rows = []
    for subject, grade in pairs:
        row = {
            "subject": text(region.base.word("subjects", subject)),
            "grade": text(region.base.word("grades", str(grade))),
        }
        for item in ("level", "rate"):
            id = ids.finding(Field.QUALITY, item, subject, grade)
            verdicts = [county.now[id].verdict for county in region.judged if id in county.now]
            counted = {group: verdicts.count(group) for group in groups}
            counted["open"] = len(verdicts) - sum(counted.values())
            row |= {f"{item}_{name}": count(amount, region.base) for name, amount in counted.items()}
        rows.append(row)
    return _table(region, "subjects", columns, rows)


def lacks(region: RegionReport, row: dict[str, Any]) -> dict[str, Value]:
    """Return the cells on what schools of a stage lack of an indicator, in countable things."""
    return {
        "stage": text(region.base.word("stages", row["stage"])),
        "indicator": text(region.base.label(row["item"], short=True)),
        "schools": count(row["schools"], region.base),
        "missing": number(row["missing"], "".join(region.base.missing(row["item"], row["missing"], "amounts"))),
    }


def lacking_sums(region: RegionReport) -> Table | None:
    """Return, over many counties, one row per stage and indicator: counties and schools that lack it, and how much."""
    if not region.many:
        return None
    columns = [Column("stage"), Column("indicator"), Column("number", pl.Int64, number=True)]
    columns += [Column(name, pl.Int64, number=True) for name in ("schools", "missing")]
    summed = region.lacking.group_by("stage", "item").agg(pl.len().alias("number"), pl.col("schools", "missing").sum())
    rows = [
        lacks(region, row) | {"number": count(row["number"], region.base)}
        for row in summed.sort("stage", "schools", "item", descending=[True, True, False]).iter_rows(named=True)
    ]
    return _table(region, "lacking_sums", columns, rows)
