"""The same statistics make the same files, byte for byte: on another day, in another folder, time zone and locale."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.cold

ROOT = Path(__file__).parents[2]


def build(out: Path, here: Path, formats: str, **environment: str) -> dict[str, bytes]:
    """Build a report in a process of its own and return its files."""
    here.mkdir()
    inherited = {name: value for name, value in os.environ.items() if name not in ("SOURCE_DATE_EPOCH", "TZ", "LC_ALL")}
    subprocess.run(
        [sys.executable, "-m", "analysis", "report", "990101", "--formats", formats, "--out", str(out)],
        cwd=here,
        env=inherited | {"PYTHONPATH": str(ROOT), "JUNHENG_PROCESSED": str(here / "processed")} | environment,
        check=True,
        capture_output=True,
    )
    return {path.name: path.read_bytes() for path in (out / "990101" / "2024").glob("[!.]*")}


@pytest.mark.parametrize(
    ("formats", "files"), [("xlsx", 4), pytest.param("html,pdf,docx,xlsx", 7, marks=pytest.mark.slow)]
)
def test_a_report_is_the_same_to_the_byte(formats: str, files: int, tmp_path: Path) -> None:
    # Kiritimati is 24 hours ahead of Honolulu and more: the day there is always another.
    here, there = tmp_path / "here", tmp_path / "there"
    first = build(tmp_path / "a", here, formats, TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    second = build(tmp_path / "b", there, formats, TZ="Pacific/Honolulu", LC_ALL="C", PYTHONHASHSEED="2")
    assert len(first) == files
    assert {name for name in first if first[name] != second[name]} == set()
