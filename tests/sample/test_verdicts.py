"""The committed folder, read and judged: each county's verdicts are those of its story."""

from pathlib import Path

import polars as pl
import pytest

from analysis import project, sources, standards
from analysis.clean import clean_county
from analysis.judge import judge
from analysis.measure import measure
from analysis.sample.settings import spec_of, stories
from analysis.tables import Field

STANDARD = standards.load("national-2017")
FIELDS = [field.value for field in Field if field.value in spec_of("990101")["expect"]]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("county", sorted(stories()["counties"]))
def test_verdicts_are_those_of_the_story(county: str, tmp_path: Path) -> None:
    raw = project.root() / "data" / "raw"
    records = clean_county(sources.load(raw), county, tmp_path)
    findings = judge(measure(records, STANDARD), records, STANDARD, county, stories()["years"][-1])
    whole = findings.filter(pl.col("item") == "all")
    expect = spec_of(county)["expect"]
    found = dict(zip(whole["field"], whole["verdict"], strict=True))
    assert {field: found[field] for field in FIELDS} == {field: expect[field] for field in FIELDS}
    assert set(expect["not_met"]) <= set(findings.filter(pl.col("verdict") == "not_met")["id"])
