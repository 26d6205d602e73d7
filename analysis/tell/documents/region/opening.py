"""The report on a region: opened from the statistics of its counties, or made of what was gathered of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis import project, regions, sources, standards
from analysis.errors import language
from analysis.regions import Region
from analysis.tell.case.origins import files_for_public
from analysis.tell.case.setting import Setting, SourceFile
from analysis.tell.documents import injected
from analysis.tell.documents.region import gathering
from analysis.tell.documents.region.gathering import JUDGED, ONLY_PUBLISHED, Gathered
from analysis.tell.documents.region.region import RegionReport


def of_gathered(
    region: Region, gathered: Gathered, year: int, *, standard: str = "national-2017", audience: str = "internal",
    lang: str = "zh", province: dict[str, str] | None = None, status: str = "final", plan: str = "",
) -> RegionReport:  # fmt: skip
    """Return the report of a region of frames that are at hand.

    Where nothing but published coefficients is known, it speaks by the standard of their publication.
    """
    states = set(gathered.counties["state"])
    named = gathered.counties.filter(state=ONLY_PUBLISHED)["standard"].unique().to_list()
    rule = standards.load(named[0] if JUDGED not in states and len(named) == 1 else standard)
    if audience == "public":
        gathered = replace(gathered, sources=_for_public(gathered.sources, lang))
    files = tuple(
        SourceFile(**{key: value for key, value in row.items() if key != "county"})
        for row in gathered.sources.unique("file", keep="first", maintain_order=True).iter_rows(named=True)
    )
    base = Setting(
        county=region.full,
        names={"zh": region.zh, "en": region.en},
        province=province or {},
        synthetic=bool(gathered.counties["synthetic"].any()),
        year=year,
        standard=rule,
        audience=audience,
        lang=lang,
        source_files=files,
        status=status,
        plan=plan or None,
        laid=standards.plan(plan) if plan else None,
    )
    return RegionReport(region, base, gathered)


def _for_public(told: pl.DataFrame, lang: str) -> pl.DataFrame:
    """Return files as the public is told of them in each county's own report."""
    rows: list[dict[str, Any]] = []
    for (county,), frame in told.partition_by("county", as_dict=True, maintain_order=True).items():
        files = [SourceFile(**row) for row in frame.drop("county").iter_rows(named=True)]
        rows += [{"county": county} | vars(file) for file in files_for_public(files, str(county), lang)]
    return pl.DataFrame(rows, schema=told.schema)


def open_region(
    region: str,
    year: int | None = None,
    standard: str = "national-2017",
    audience: str | None = None,
    lang: str | None = None,
    data: str | Path | None = None,
    processed: str | Path | None = None,
    gathered: str | Path | None = None,
    plan: str | None = None,
) -> RegionReport:
    """Return the report of a province or city (code, exact name or unique prefix of it).

    `year` None is the latest of its counties; `gathered` is a folder that Gathered.write filled, else the counties are
    opened one after the other. Raises RequestError for an unknown region, year or standard.
    """
    injected.check()
    audience, lang = audience or project.audience(), lang or language()
    catalogue = sources.load(sources.folder_of(data, str(region)))
    found_region = regions.find_region(catalogue, str(region))
    when = regions.year_of(catalogue, found_region, year)
    kept = (
        gathering.read(Path(gathered))
        if gathered
        else gathering.gather(
            catalogue, found_region, when, standard, lang, Path(processed) if processed else None, plan=plan or ""
        )
    )
    return of_gathered(
        found_region,
        kept,
        when,
        standard=standard,
        audience=audience,
        lang=lang,
        province=province_of(catalogue, found_region),
        plan=plan or "",
    )


def province_of(catalogue: sources.Catalogue, region: Region) -> dict[str, str]:
    """Return the names of a region's province, its own where it is one."""
    code = region.code[: regions.PROVINCE]
    return next({"zh": region.zh, "en": region.en} for region in regions.regions(catalogue) if region.code == code)
