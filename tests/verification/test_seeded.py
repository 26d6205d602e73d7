"""Errors put into a finished report: the second reader finds every one, in the document that it stands in."""

from pathlib import Path

import pytest

from verification.run import check
from verification.seeded.breaking import break_one, copied, kinds
from verification.worked.case import Case

QUICK, MANY = 20, 500


def finds(report: Path, worked: Case, folder: Path, seed: int) -> str:
    """Return "" where an error is found, else what it was."""
    broken_in = copied(report, folder / "report")
    schools = sorted({place.name for place in worked.now.places if not place.out})
    broken = break_one(broken_in, schools, seed)
    found = check(broken_in, worked, broken.document, broken.pages)
    return "" if found.record.faults else f"{seed}: {broken.name}: {broken.before[:80]} -> {broken.after[:80]}"


@pytest.mark.sampled(10)
@pytest.mark.parametrize("seed", range(0, 2 * QUICK, 2))
def test_an_error_is_found(report: Path, worked: Case, tmp_path: Path, seed: int) -> None:
    assert finds(report, worked, tmp_path, seed) == ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1000 + MANY))
def test_each_of_many_errors_is_found(report: Path, worked: Case, tmp_path: Path, seed: int) -> None:
    assert finds(report, worked, tmp_path, seed) == ""


def test_every_kind_of_error_has_a_place_of_its_own() -> None:
    found = [(one["name"], one["document"]) for one in kinds()]
    assert len(found) == len(set(found))
    assert {one["change"] for one in kinds()} == {"digit", "swap", "school", "drop", "text"}


@pytest.mark.slow
def test_a_report_that_is_whole_has_no_error(report: Path, worked: Case, tmp_path: Path) -> None:
    assert check(copied(report, tmp_path / "report"), worked).record.faults == []
