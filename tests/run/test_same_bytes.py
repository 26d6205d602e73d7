"""The same statistics make the same files, byte for byte: on another day, in another folder, time zone and locale."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import project
from analysis.sample import write

pytestmark = pytest.mark.cold

ROOT = Path(__file__).parents[2]


def build(county: str, data: Path, out: Path, here: Path, formats: str, **environment: str) -> dict[str, bytes]:
    """Build a report in a process of its own and return its files."""
    here.mkdir()
    inherited = {name: value for name, value in os.environ.items() if name not in ("SOURCE_DATE_EPOCH", "TZ", "LC_ALL")}
    words = ["--formats", formats, "--data", str(data), "--out", str(out)]
    subprocess.run(
        [sys.executable, "-m", "analysis", "report", county, *words],
        cwd=here,
        env=inherited | {"PYTHONPATH": str(ROOT), "JUNHENG_PROCESSED": str(here / "processed")} | environment,
        check=True,
        capture_output=True,
    )
    return {path.name: path.read_bytes() for path in (out / county / "2024").glob("[!.]*")}


def differing(county: str, data: Path, folder: Path, formats: str) -> tuple[set[str], set[str]]:
    """Build a county's report on two days in two places; return the names of its files, and of those that differ."""
    # Kiritimati is 24 hours ahead of Honolulu and more: the day there is always another.
    here, there = folder / "here", folder / "there"
    words = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
    first = build(county, data, folder / "a", here, formats, **words)
    words = {"TZ": "Pacific/Honolulu", "LC_ALL": "C", "PYTHONHASHSEED": "2"}
    second = build(county, data, folder / "b", there, formats, **words)
    return set(first), {name for name in first if first[name] != second[name]}


def test_a_small_report_is_the_same_to_the_byte(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", counties=1, seed=1, years=(2023, 2024)).folder
    (county,) = (path.name for path in raw.iterdir() if path.is_dir())
    files, other = differing(county, raw, tmp_path, "xlsx")
    assert "annex.xlsx" in files
    assert other == set()


@pytest.mark.slow
def test_a_report_in_all_formats_is_the_same_to_the_byte(tmp_path: Path) -> None:
    files, other = differing("990101", project.raw(), tmp_path, "html,pdf,docx,xlsx")
    assert len(files) == 7
    assert other == set()
