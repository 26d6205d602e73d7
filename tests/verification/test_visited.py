"""A field check, read a second time: the workbook that is taken to schools, and what comes of what people entered."""

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from analysis import cli
from analysis.judge import visit_sample
from analysis.sample import write
from analysis.tell import open_report
from verification.checked import others, visit_sheet
from verification.checked.kinds import Fault, Record
from verification.checked.shown import Shown
from verification.raw.visit import read
from verification.run import verify
from verification.seeded.breaking import break_one, kinds
from verification.worked.case import Case, case
from verification.worked.drawn import drawn
from verification.worked.visited import Visited, visited

from .conftest import STANDARDS
from .filled import REPORTED, VERIFIED, fill

#: A generated county with schools of several types.
SEED, YEARS, COUNTY = 15, (2023, 2024), "990101"
WORDS = {"county": COUNTY, "year": 2024, "standard": "national-2017", "audience": "internal", "plan": ""}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a county's statistics, its workbook filled in, and the page that tells what comes of it."""
    folder = tmp_path_factory.mktemp("visited")
    write(folder / "raw", counties=1, seed=SEED, years=YEARS)
    words = ["--data", str(folder / "raw"), "--out", str(folder / "out")]
    assert cli.main(["fieldcheck", COUNTY, "--schools", "9", "--seed", "7", *words]) == 0
    fill(folder / "raw" / "fieldcheck" / f"{COUNTY}_2024.xlsx", COUNTY)
    assert cli.main(["fieldcheck", COUNTY, "--formats", "html", *words]) == 1
    shutil.move(folder / "out" / COUNTY / "2024" / "fieldcheck.html", folder)
    return folder


@pytest.fixture(scope="module")
def of(folder: Path) -> Case:
    return case(folder / "raw", STANDARDS, COUNTY, 2024, "national-2017", "zh", "internal")


@pytest.fixture(scope="module")
def check(of: Case) -> Visited:
    found = visited(of)
    assert found is not None
    return found


def faults(folder: Path, of: Case) -> list[Fault]:
    record = Record()
    others.check(folder, of, Shown(of), record)
    return record.faults


def test_every_number_of_it_is_explained(folder: Path, of: Case) -> None:
    found = verify(folder, folder / "raw", STANDARDS, WORDS | {"lang": "zh"})
    assert found.documents == ("fieldcheck.html", "fieldcheck.xlsx")
    assert found.record.faults == []
    for row in found.record.of(found.documents):
        assert all(int(number) for number in row[1:5])


@pytest.mark.sampled(5)
@pytest.mark.parametrize("error", kinds("fieldcheck"), ids=lambda one: one["name"])
def test_an_error_in_it_is_found(error: dict[str, str], folder: Path, of: Case, tmp_path: Path) -> None:
    source = next(folder.glob(error["document"]))
    copied = tmp_path / source.relative_to(folder)
    copied.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, copied)
    schools = sorted({place.name for place in of.now.places})
    broken = break_one(tmp_path, schools, sum(map(ord, error["name"])), [error])
    seen = replace(of, county=replace(of.county, folder=tmp_path / "raw")) if source.suffix == ".xlsx" else of
    assert faults(tmp_path, seen), f"{broken.before[:80]} -> {broken.after[:80]}"


@pytest.mark.parametrize(("number", "seed"), [(5, 3), (30, 11)])
def test_the_same_schools_are_drawn(number: int, seed: int, folder: Path, of: Case) -> None:
    report = open_report(COUNTY, data=folder / "raw", processed=folder / "processed")
    chosen = visit_sample.sample(report.records.schools.filter(year=2024), report.findings, number, seed)
    worked = [(one.row["school"], "risk" if one.by_risk else "lot", one.larger) for one in drawn(of, number, seed)]
    assert worked == chosen.select("school", "chosen", "large").rows()


def test_an_entry_is_used_once_where_it_fits_a_value(check: Visited) -> None:
    why = {fault for _, fault in check.lost}
    assert why == {"school_unknown", "column_unknown", "place_unknown", "not_number", "negative", "not_whole", "twice"}
    assert all(not check.fault(one.line) for one in check.compared)
    assert {len(check.of_school(code)) for code in check.unvisited} == {0}
    # Of the four lines of the first school those are to be verified that fit a value of the report.
    assert 0 < check.listed(f"{COUNTY}0001") == len(check.of_school(f"{COUNTY}0001")) < 4
    assert check.blank > 0


def test_verified_values_are_judged_in_place_of_those_reported(check: Visited) -> None:
    one = next(one for one in check.differing if one.line.column == "sports_area" and one.reported)
    before, after = (
        {row["school"]: row["sports_area"] for row in of.county.rows("schools", 2024)}
        for of in (check.case, check.after)
    )
    assert before[one.line.school] == one.reported
    assert after[one.line.school] == one.verified
    assert one.rate == (one.reported - one.verified) / one.verified
    assert check.changes
    assert all(a is None or b is None or a.verdict != b.verdict for a, b in check.changes)


@pytest.mark.parametrize(
    ("typed", "differs"), [("1000.005", False), ("1000.006", True), ("1,000", False), ("999", True)]
)
def test_what_agrees_in_the_places_of_the_sheet_is_the_reported_value(
    typed: str, check: Visited, differs: bool
) -> None:
    line = next(one.line for one in check.compared if one.line.column == "sports_area")
    held = replace(check, sheets=replace(check.sheets, lines=[replace(line, typed=typed)]))
    held.__dict__["values"] = {line.key: Fraction(1000)}
    (one,) = held.compared
    assert one.differs is differs


def test_a_workbook_drawn_by_another_standard_is_not_read_by_this_one(folder: Path, of: Case) -> None:
    other = case(folder / "raw", STANDARDS, COUNTY, 2024, "national-2012", "zh", "internal")
    assert visit_sheet.check(visited(of), Record()) == [visit_sheet.NAME]
    assert visit_sheet.check(visited(other), Record()) == []


def test_a_value_that_is_missing_from_the_sheet_is_told(folder: Path, of: Case, tmp_path: Path) -> None:
    shutil.copytree(folder / "raw" / "fieldcheck", tmp_path / "fieldcheck")
    path = next((tmp_path / "fieldcheck").iterdir())
    book = openpyxl.load_workbook(path)
    page = book.worksheets[1]
    assert page.cell(5, REPORTED).value is not None
    page.cell(5, VERIFIED).value = None
    page.cell(5, 4).value = None
    book.save(path)
    sheets = read(path)
    assert sheets is not None
    record = Record()
    visit_sheet.check(Visited(of, sheets), record)
    assert [fault.printed for fault in record.faults] == ["(missing row)"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("county", "lang", "words"),
    [("990101", "zh", ["--plan", "plan-3"]), ("990108", "en", []), ("990109", "zh", ["--standard", "hebei"])],
)
def test_field_checks_of_the_sample_are_explained(county: str, lang: str, words: list[str], tmp_path: Path) -> None:
    data = tmp_path / "raw"
    shutil.copytree(Path("data") / "raw", data)
    options = ["--data", str(data), "--out", str(tmp_path / "out"), *words]
    assert cli.main(["fieldcheck", county, "--schools", "12", "--seed", "5", "--lang", lang, *options]) == 0
    fill(data / "fieldcheck" / f"{county}_2024.xlsx", county)
    said = (
        WORDS
        | {"county": county}
        | {name.removeprefix("--"): value for name, value in zip(*[iter(words)] * 2, strict=True)}
    )
    for told in ("zh", "en"):
        assert cli.main(["fieldcheck", county, "--lang", told, *options]) == 1
        (made,) = [one for one in tmp_path.rglob("fieldcheck.html") if ("-en-" in str(one)) == (told == "en")]
        found = verify(made.parent, data, STANDARDS, said | {"lang": told})
        assert found.record.faults == []
        assert {Path(one).suffix for one in found.documents} == {".html", ".docx", ".pdf", ".xlsx"}
