"""Writes a folder of raw statistics: the counties of stories.yml, or any number of others."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.errors import RequestError
from analysis.sample import bulk, county_records, monitoring, nation, records, story
from analysis.sample.register import Register
from analysis.sample.schools import Schools, simulate
from analysis.sample.settings import Spec, spec_of, stories


@dataclass(frozen=True)
class Truth:
    """What was written, as it really is.

    `dirt` (columns of bulk.DIRT) names every cell and row that is wrong in the files; `made` makes the schools again.
    """

    folder: Path
    seed: int
    specs: dict[str, Spec]
    years: tuple[int, ...]
    dirt: pl.DataFrame

    def truth_of(self, county: str) -> Schools:
        """Return the schools of a county as they are."""
        return county_records.endowed(simulate(self.specs[county], self.years, self.seed), self.seed)

    def schools(self, county: str) -> pl.DataFrame:
        """Return the true rows of the schools table, all years, column `year` first."""
        return records.school_years(self.truth_of(county))

    def monitoring(self, county: str) -> pl.DataFrame:
        """Return the true results of monitoring, all rounds; `level` is a number."""
        spec = self.specs[county]
        rounds = [year for year in stories()["monitoring"]["rounds"] if year not in spec["missing_years"]]
        return monitoring.monitoring(spec, *rounds, seed=self.seed)


def write(
    folder: Path,
    counties: int | Iterable[str] | None = None,
    years: tuple[int, ...] | None = None,
    dirt: float = 0.0,
    mistakes: float = 0.0,
    seed: int = 0,
    formats: tuple[str, ...] = ("csv",),
    tables: tuple[str, ...] = ("schools", "monitoring"),
) -> Truth:
    """Write raw statistics into `folder` and return what is true of them.

    `counties`: codes of stories.yml (all of them by default), or a number of counties without stories: these report
    `tables` (schools always) in `formats` (of bulk.FORMATS) by turns, with about `dirt` of their cells typed wrongly
    and `mistakes` of some amounts with a zero too many. The same arguments give the same bytes.

    Raises RequestError for more counties than there are names.
    """
    if isinstance(counties, int) and counties > nation.MOST:
        raise RequestError("sample_too_many", most=nation.MOST, asked=counties)
    folder.mkdir(parents=True, exist_ok=True)
    span = tuple(years or stories()["years"])
    book = Register(folder)
    if isinstance(counties, int):
        specs = [nation.invented(k, seed, formats[k % len(formats)]) for k in range(counties)]
        for spec in specs:
            nation.write_county(spec, span, tables, bulk.Rates(dirt, mistakes), seed, book)
    else:
        specs = [spec_of(code) for code in (counties or stories()["counties"])]
        for spec in specs:
            story.write_county(spec, span, seed, book)
    book.write(specs)
    dirt_table = pl.DataFrame(book.dirt, schema=bulk.DIRT, orient="row")
    return Truth(folder, seed, {spec.code: spec for spec in specs}, span, dirt_table)
