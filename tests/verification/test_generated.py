"""Counties that nobody looked at: results and workbook of each are what the second reader works out."""

from pathlib import Path

import pytest

from analysis.render import annex, results
from analysis.run.build.titles import meta
from analysis.sample import write
from analysis.tell import open_report
from verification.run import check, opened

from .conftest import STANDARDS

#: Of the first seventy seeds those that draw the smallest counties, of two years; the night has all of a thousand.
QUICK = (1, 5, 6, 14, 15, 30, 31, 34, 35, 38, 39, 42, 43, 49, 55, 56, 61, 62, 64, 65)
MANY = 1000
LAST = (2023, 2024)


def faults(folder: Path, seed: int, years: tuple[int, ...] | None = None) -> list[str]:
    """Return what disagrees in a county that a seed draws, with the statistics of these years, else of all."""
    raw, out = folder / "raw", folder / "out"
    out.mkdir()
    write(raw, counties=1, seed=seed, years=years)
    (code,) = (path.name for path in raw.iterdir() if path.is_dir())
    report = open_report(code, data=raw, processed=folder / "processed")
    results.write(report, out / "results.json")
    annex.write(report, out / "annex.xlsx", meta(report))
    found = check(out, opened(out, raw, STANDARDS))
    assert found.documents == ("results.json", "annex.xlsx")
    return [f"{one.document}, {one.place}: {one.printed}, not {one.expected}" for one in found.record.faults]


@pytest.mark.parametrize("seed", QUICK)
def test_every_number_of_a_generated_county_is_explained(seed: int, tmp_path: Path) -> None:
    assert faults(tmp_path, seed, LAST) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(MANY))
def test_every_number_of_many_generated_counties_is_explained(seed: int, tmp_path: Path) -> None:
    assert faults(tmp_path, seed) == []
