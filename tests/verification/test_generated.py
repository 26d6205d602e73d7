"""Counties that nobody looked at: results and workbook of each are what the second reader works out."""

from pathlib import Path

import pytest

from analysis.render import annex, results
from analysis.run.build.titles import meta
from analysis.sample import write
from analysis.tell import open_report
from verification.run import check, opened

from .conftest import STANDARDS

QUICK, MANY = 20, 1000


def faults(folder: Path, seed: int) -> list[str]:
    """Return what disagrees in a county that a seed draws."""
    raw, out = folder / "raw", folder / "out"
    out.mkdir()
    write(raw, counties=1, seed=seed)
    (code,) = (path.name for path in raw.iterdir() if path.is_dir())
    report = open_report(code, data=raw, processed=folder / "processed")
    results.write(report, out / "results.json")
    annex.write(report, out / "annex.xlsx", meta(report))
    found = check(out, opened(out, raw, STANDARDS))
    assert found.documents == ("results.json", "annex.xlsx")
    return [f"{one.document}, {one.place}: {one.printed}, not {one.expected}" for one in found.record.faults]


@pytest.mark.parametrize("seed", range(QUICK))
def test_every_number_of_a_generated_county_is_explained(seed: int, tmp_path: Path) -> None:
    assert faults(tmp_path, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(QUICK, MANY))
def test_every_number_of_many_generated_counties_is_explained(seed: int, tmp_path: Path) -> None:
    assert faults(tmp_path, seed) == []
