"""Many counties at once give what each gives alone."""

import polars as pl

from analysis.judge import country, judge
from analysis.measure import measure
from tests.judge.given import COUNTY, national, records, school


def test_a_country_is_its_counties() -> None:
    rows = [
        school(f"{county}{code}", 1000 + place, sports_area=area) | {"county": county, "year": year}
        for county in (COUNTY, "990102")
        for year in (2023, 2024)
        for place, (code, area) in enumerate((("1", 7000.0), ("2", 9000.0), ("3", None)))
    ]
    held = records(*rows)
    found = country.judge_country(held, national())
    measured = measure(held, national())
    for county in (COUNTY, "990102"):
        for year in (2023, 2024):
            alone = judge(measured, held, national(), county, year).filter(
                pl.col("item").str.contains("^(floor_|cv_|schools$|school_rule$)")
            )
            here = (pl.col("county") == county) & (pl.col("year") == year)
            many = pl.concat([found.stages.filter(here), found.schools.filter(here)])
            assert many.sort("id").equals(alone.sort("id"))
