"""What a region's report rests on: per county the findings of its own report, gathered one county at a time.

Each county is opened, judged and left before the next, so a province costs no more memory than its largest county and
the few hundred rows that are kept of each.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import polars as pl

from analysis import project, sources
from analysis.errors import JunhengError, message
from analysis.measure import COMPOSITE
from analysis.regions import Region
from analysis.tables import FINDINGS, Field, Kind, Schema, Verdict, packed
from analysis.tell.case.case import Case
from analysis.tell.documents.opening import open_county
from analysis.tell.documents.published import PUBLISHED, open_published
from analysis.tell.facts.obstacle_kinds import ObstacleKind
from analysis.tell.facts.obstacles import obstacles

#: What became of a county: judged; nothing but published coefficients; no statistics up to the year; unreadable.
JUDGED, ONLY_PUBLISHED, ABSENT, FAILED = "judged", "published", "absent", "failed"
#: A county's year and the one before it.
YEARS = 2
#: Between the county and the id of its finding.
OF = ":"

#: One row per county: `year` is that of its findings, `before` the last year before it with data.
COUNTIES: Schema = {
    "county": pl.String,
    "zh": pl.String,
    "en": pl.String,
    "synthetic": pl.Boolean,
    "acceptance": pl.Int32,
    "state": pl.String,
    "year": pl.Int32,
    "before": pl.Int32,
    "standard": pl.String,
    "files": pl.Int64,
    "fault": pl.String,
}
#: One row per school and stage with a finding of the school rule, in both years; `unmet` are ids with ";" between.
SCHOOLS: Schema = {
    "county": pl.String,
    "year": pl.Int32,
    "school": pl.String,
    "name": pl.String,
    "stage": pl.String,
    "verdict": pl.String,
    "unmet": pl.String,
}
#: One row per obstacle (tell.facts.obstacles) of a county. `over`: its coefficient is above the limit;
#: `schools` and `missing` are of the schools that miss their rule.
MATTERS: Schema = {
    "county": pl.String,
    "kind": pl.String,
    "item": pl.String,
    "stage": pl.String,
    "subject": pl.String,
    "grade": pl.Int8,
    "weight": pl.Float64,
    "over": pl.Boolean,
    "schools": pl.Int64,
    "missing": pl.Int64,
    "id": pl.String,
}
#: One row per stage of a county with a published composite.
COMPOSITES: Schema = {"county": pl.String, "stage": pl.String, "value": pl.Float64}
SOURCES: Schema = {
    "county": pl.String,
    "file": pl.String,
    "title": pl.String,
    "publisher": pl.String,
    "date": pl.String,
    "table": pl.String,
    "year": pl.Int32,
    "registered": pl.Boolean,
    "sha256": pl.String,
}


@dataclass(frozen=True, eq=False)
class Gathered:
    """Frames of all counties; `findings` has FINDINGS of both years of each, ids as in the county's own report."""

    counties: pl.DataFrame
    findings: pl.DataFrame
    schools: pl.DataFrame
    matters: pl.DataFrame
    composites: pl.DataFrame
    sources: pl.DataFrame

    def write(self, folder: Path) -> None:
        """Write each frame as Parquet into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for each in fields(self):
            (folder / f"{each.name}.parquet").write_bytes(packed(getattr(self, each.name)))

    @property
    def failed(self) -> list[tuple[str, str]]:
        """Code and fault of each county that could not be read."""
        rows = self.counties.filter(state=FAILED).select("county", "fault").rows()
        return [(str(county), str(fault)) for county, fault in rows]


def read(folder: Path) -> Gathered:
    """Return what `Gathered.write` wrote."""
    return Gathered(*(pl.read_parquet(folder / f"{each.name}.parquet") for each in fields(Gathered)))


def gather(
    catalogue: sources.Catalogue,
    region: Region,
    year: int,
    standard: str,
    lang: str = "zh",
    processed: Path | None = None,
    tick: Callable[[int, int], None] = lambda done, of: None,
    plan: str = "",
) -> Gathered:
    """Return what the counties' own reports say of `year`, or of their latest year before it.

    With a `plan` its targets are there too, and the findings of all years.

    Schools are called as in `lang`. A county that can't be read is told in `counties` with its fault; the others stand.
    `tick` hears how many are done.
    """
    gathered: list[dict[str, pl.DataFrame]] = []
    for number, county in enumerate(region.counties):
        tick(number, len(region.counties))
        try:
            gathered.append(_county(catalogue, county, year, standard, processed or project.processed(), plan, lang))
        except (JunhengError, OSError) as fault:
            said = message(fault.key, lang, **fault.values) if isinstance(fault, JunhengError) else str(fault)
            gathered.append({"counties": _county_row(county, FAILED, fault=" ".join(said.split()))})
    schemas = {
        "counties": COUNTIES, "findings": FINDINGS, "schools": SCHOOLS, "matters": MATTERS, "composites": COMPOSITES,
        "sources": SOURCES,
    }  # fmt: skip
    return Gathered(
        **{
            name: pl.concat([pl.DataFrame(schema=schema), *(frames[name] for frames in gathered if name in frames)])
            for name, schema in schemas.items()
        }
    )


def _county_row(county: sources.County, state: str, **differs: Any) -> pl.DataFrame:
    base = {"county": county.code, "zh": county.zh, "en": county.en, "synthetic": county.synthetic}
    row = base | {"acceptance": county.acceptance, "state": state, "files": 0} | differs
    return pl.DataFrame([row], schema=COUNTIES)


def _county(
    catalogue: sources.Catalogue,
    county: sources.County,
    year: int,
    standard: str,
    processed: Path,
    plan: str,
    lang: str,
) -> dict[str, pl.DataFrame]:
    years = [known_year for known_year in catalogue.years(county.code) if known_year <= year]
    if years:
        words: dict[str, Any] = {"year": years[-1], "standard": standard, "last": YEARS, "lang": lang}
        if plan:  # it is told year by year
            words |= {"plan": plan, "last": None}
        return of_report(open_county(catalogue, county, processed, **words), county)
    published = [known_year for known_year in catalogue.published_of(county.code) if known_year <= year]
    if published:
        published_report = open_published(county.code, published[-1], "internal", "zh", catalogue.folder)
        return of_report(published_report, county, ONLY_PUBLISHED)
    return {"counties": _county_row(county, ABSENT)}


def of_report(report: Case, county: sources.County, state: str = JUDGED) -> dict[str, pl.DataFrame]:
    """Return what is kept of a county's report, frames by their names in Gathered."""
    about = {"year": report.year, "before": report.before, "standard": report.standard.id}
    # A plan judges the same schools once more.
    rules = report.history.filter(kind=Kind.SCHOOL_RULE, field=Field.RESOURCES).with_columns(
        pl.col("school").replace_strict({school: report.school(school) for school in report.stages["school"].unique()},
                                        default=pl.col("school"), return_dtype=pl.String).alias("name")
    )  # fmt: skip
    matters = [
        {
            "county": report.county,
            "kind": obstacle.kind.value,
            "item": obstacle.finding.indicator or obstacle.finding.item
            if obstacle.kind is ObstacleKind.INDICATOR
            else obstacle.finding.item,
            "stage": obstacle.finding.stage,
            "subject": obstacle.finding.subject,
            "grade": obstacle.finding.grade,
            "weight": obstacle.weight,
            "over": obstacle.cv is not None and obstacle.cv.verdict == Verdict.NOT_MET,
            "schools": len({each.school for each in obstacle.breaking}),
            "missing": obstacle.missing,
            "id": obstacle.finding.id,
        }
        for obstacle in obstacles(report)
    ]
    files = [{"county": report.county} | vars(file) for file in report.source_files]
    composites = report.measurements.filter(indicator=COMPOSITE, statistic=PUBLISHED)
    return {
        "counties": _county_row(county, state, files=len(files), **about),
        "findings": report.history.filter(pl.col("school").is_null()),
        "schools": rules.select(
            "county", "year", "school", "name", "stage", "verdict", pl.col("evidence").alias("unmet")
        ),
        "matters": pl.DataFrame(matters, schema=MATTERS),
        "composites": composites.select(*COMPOSITES),
        "sources": pl.DataFrame(files, schema=SOURCES),
    }
