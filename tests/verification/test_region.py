"""A region's report, read a second time: its numbers are those of its counties, which are worked out apart."""

import json
import shutil
from pathlib import Path

import pytest

from analysis import cli
from analysis.project import raw
from analysis.render import region as beside
from analysis.run.build import titles
from analysis.sample import write
from analysis.tell.documents.region.opening import open_region
from verification.checked import regions
from verification.checked.kinds import Fault, Record
from verification.run import said, verify
from verification.seeded.breaking import break_one, kinds
from verification.worked.region import Region, region
from verification.worked.region_plan import RegionPlan

from .conftest import STANDARDS

#: Of small counties, of whom one misses its verdict and one changed it.
SEED, LAST = 14, (2023, 2024)
ERRORS = kinds("region")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two counties that a seed draws: their statistics, and the region's results and workbook."""
    folder = tmp_path_factory.mktemp("region")
    write(folder / "raw", counties=2, seed=SEED, years=LAST)
    report = open_region("99", data=folder / "raw", processed=folder / "processed")
    beside.write_results(report, folder / "results.json")
    beside.write_workbook(report, folder / "region.xlsx", titles.meta(report.base))
    assert cli.main(["review", "99", "--data", str(folder / "raw"), "--out", str(folder)]) == 0
    shutil.move(folder / "regions" / "99" / "2024" / "review.docx", folder)
    return folder


@pytest.fixture(scope="module")
def worked(small: Path) -> Region:
    return region(small / "raw", STANDARDS, said(small))


def faults(folder: Path, of: Region) -> list[Fault]:
    record = Record()
    regions.check(folder, of, record)
    return record.faults


def test_a_region_of_generated_counties_is_explained(small: Path, worked: Region) -> None:
    record = Record()
    assert regions.check(small, worked, record) == ("results.json", "region.xlsx", "review.docx")
    assert record.faults == []
    for row in record.of(("results.json", "region.xlsx")):
        assert all(int(number) for number in row[1:5])
    (review,) = record.of(("review.docx",))
    assert int(review[1])


@pytest.mark.parametrize(
    "error",
    [one for one in ERRORS if not one["document"].endswith("html")],
    ids=lambda one: f"{one['document']}, {one['name']}",
)
def test_an_error_in_results_or_workbook_is_found(
    error: dict[str, str], small: Path, worked: Region, tmp_path: Path
) -> None:
    shutil.copy(small / error["document"], tmp_path)
    broken = break_one(tmp_path, [], 1, [error])
    assert faults(tmp_path, worked), f"{broken.before[:80]} -> {broken.after[:80]}"


@pytest.fixture(scope="module")
def planned(small: Path) -> Path:
    """The results and the workbook of the same region, held against a plan that judges schools itself."""
    folder = small / "planned"
    folder.mkdir()
    report = open_region("99", plan="plan-3", data=small / "raw", processed=small / "processed")
    beside.write_results(report, folder / "results.json")
    beside.write_workbook(report, folder / "region.xlsx", titles.meta(report.base))
    return folder


def test_a_region_held_against_a_plan_is_explained(planned: Path, small: Path) -> None:
    of = region(small / "raw", STANDARDS, said(planned))
    assert faults(planned, of) == []
    told = {row["id"]: row["value"] for row in json.loads((planned / "results.json").read_text("utf-8"))["counts"]}
    alone = {row["id"]: row["value"] for row in json.loads((small / "results.json").read_text("utf-8"))["counts"]}
    assert told["99:schools.primary"] == alone["99:schools.primary"] > 0
    assert told["99:plan.items"] == len(RegionPlan(of).targets) > 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "change", [("99:plan.items", 1), ("99:plan.short", 1), ("99:plan.2024.known", -1), ("99:schools.primary", 1)]
)
def test_a_wrong_count_of_a_plan_is_found(change: tuple[str, int], planned: Path, small: Path, tmp_path: Path) -> None:
    told = json.loads((planned / "results.json").read_text("utf-8"))
    row = next(row for row in told["counts"] if row["id"] == change[0])
    row["value"] += change[1]
    (tmp_path / "results.json").write_text(json.dumps(told), encoding="utf-8")
    assert [one.place for one in faults(tmp_path, region(small / "raw", STANDARDS, told))] == [f"counts {change[0]}"]


@pytest.mark.parametrize(
    ("met", "unmet", "target", "verdict"),
    [(2, 0, 2, "met"), (1, 1, 2, "not_met"), (1, 0, 2, "undecidable"), (0, 0, None, "target_not_set")],
)
def test_a_plans_number_is_reached_missed_or_open(
    met: int, unmet: int, target: int | None, verdict: str, planned: Path, small: Path
) -> None:
    plan = RegionPlan(region(small / "raw", STANDARDS, said(planned)))
    assert plan.total == 2
    assert plan._verdict(2024, met, unmet, target) == verdict
    assert plan._verdict(2025, met, unmet, target) == ("not_in_force" if target else verdict)


def test_a_county_that_is_left_out_is_missed(small: Path, worked: Region, tmp_path: Path) -> None:
    told = json.loads((small / "results.json").read_text(encoding="utf-8"))
    gone = told["counties"].pop()["county"]
    told["findings"] = [one for one in told["findings"] if one["county"] != gone]
    (tmp_path / "results.json").write_text(json.dumps(told), encoding="utf-8")
    places = [one.place for one in faults(tmp_path, worked)]
    assert f"counties {gone}" in places
    assert f"findings {gone}:overall.all" in places


def test_a_region_with_published_coefficients_alone_is_told_in_one_line() -> None:
    words = {"region": "34", "year": 2012, "standard": "national-2012", "lang": "zh", "audience": "internal"}
    with pytest.raises(ValueError, match="34"):
        region(raw(), STANDARDS, words)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the province of the sample, in Chinese."""
    out = tmp_path_factory.mktemp("province")
    assert cli.main(["region", "99", "--out", str(out)]) == 0
    return out / "regions" / "99" / "2024"


@pytest.fixture(scope="module")
def province(whole: Path) -> Region:
    return region(raw(), STANDARDS, said(whole))


@pytest.mark.slow
def test_every_number_of_the_province_is_explained(whole: Path, province: Region) -> None:
    record = Record()
    assert regions.check(whole, province, record) == regions.DOCUMENTS
    assert record.faults == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("error", ERRORS, ids=lambda one: f"{one['document']}, {one['name']}")
def test_an_error_in_the_province_is_found(
    error: dict[str, str], seed: int, whole: Path, province: Region, tmp_path: Path
) -> None:
    shutil.copy(whole / error["document"], tmp_path)
    counties = [one.name for one in province.members]
    broken = break_one(tmp_path, counties, seed, [error])
    assert faults(tmp_path, province), f"{broken.before[:80]} -> {broken.after[:80]}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["--lang", "en"], ["--audience", "public"], ["--standard", "national-2012"]], ids=["en", "public", "2012"]
)
def test_editions_of_the_province_are_explained(words: list[str], tmp_path: Path) -> None:
    assert cli.main(["region", "9901", *words, "--out", str(tmp_path)]) == 0
    (told,) = tmp_path.rglob("results.json")
    found = verify(told.parent, raw(), STANDARDS)
    assert found.documents == regions.DOCUMENTS
    assert found.record.faults == []
