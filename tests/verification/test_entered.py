"""What people entered in the ledger, a day of one's own and what is foretold, read a second time: the forms, the sheets
of early warning and of deadlines, of a county that a seed draws."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analysis import cli
from analysis.render import results
from analysis.sample import write
from analysis.tell import open_report
from verification.checked import others
from verification.checked.kinds import Fault, Record
from verification.checked.shown import Shown
from verification.raw.entered import Entry, last_day
from verification.run import opened, verify
from verification.seeded.breaking import break_one, kinds
from verification.worked import warned
from verification.worked.calendar import since, span
from verification.worked.case import Case
from verification.worked.deadlines import dues
from verification.worked.due import line_due

from .conftest import STANDARDS
from .filled import fill_ledger

#: A county that is likely to lose what it meets, and a day of one's own.
SEED, YEARS, COUNTY, DAY = 15, (2020, 2021, 2022, 2023, 2024), "990101", "2024-10-20"
#: Of the county's report, in which a table has what people wrote beside its lines.
MADE = ("warning.html", "deadlines.html", "selfassessment.docx", "application.docx")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a county's results, its two sheets and its two forms; its statistics lie in `raw` beside it."""
    folder = tmp_path_factory.mktemp("entered")
    words = ["--data", str(folder / "raw"), "--out", str(folder)]
    write(folder / "raw", counties=1, seed=SEED, years=YEARS)
    assert cli.main(["ledger", COUNTY, *words]) == 0
    fill_ledger(folder / "raw" / "ledger" / f"{COUNTY}.xlsx")
    assert cli.main(["warning", COUNTY, "--formats", "html", *words]) == 0
    assert cli.main(["deadlines", COUNTY, "--formats", "html", "--date", DAY, *words]) == 0
    assert cli.main(["selfassessment", COUNTY, *words]) == 0
    report = open_report(COUNTY, data=folder / "raw", processed=folder / "processed")
    results.write(report, folder / COUNTY / "2024" / "results.json")
    return folder / COUNTY / "2024"


@pytest.fixture(scope="module")
def of(told: Path) -> Case:
    return opened(told, told.parents[1] / "raw", STANDARDS)


def faults(folder: Path, of: Case) -> list[Fault]:
    record = Record()
    others.check(folder, of, Shown(of), record)
    return record.faults


def test_every_number_of_them_is_explained(told: Path, of: Case) -> None:
    record = Record()
    assert others.check(told, of, Shown(of), record) == list(MADE)
    assert record.faults == []
    for row in record.of(MADE):
        assert all(int(number) for number in row[1:5])


@pytest.mark.sampled(6)
@pytest.mark.parametrize("error", kinds("entered"), ids=lambda one: f"{one['document']}, {one['name']}")
def test_an_error_in_one_of_them_is_found(error: dict[str, str], told: Path, of: Case, tmp_path: Path) -> None:
    shutil.copy(told / error["document"], tmp_path)
    schools = sorted({place.name for place in of.now.places})
    broken = break_one(tmp_path, schools, sum(map(ord, error["name"])), [error])
    assert faults(tmp_path, of), f"{broken.before[:80]} -> {broken.after[:80]}"


def test_what_people_entered_goes_before_the_standards_day(of: Case) -> None:
    one = next(one for one in dues(of) if one.line and not one.entry.written)
    assert one.line is not None
    id, finding = one.id, one.line.finding

    def entered(**words: str) -> tuple[date | None, int | None, str]:
        case = replace(of, county=replace(of.county, entered={id: Entry(id, **words)}))
        (due,) = [each for each in dues(case) if each.id == id]
        return due.day, line_due(case, finding), due.holder

    assert entered(date="2025年2月") == (date(2025, 2, 28), one.day and one.day.year, one.holder)
    assert entered(due="2026") == (date(2026, 12, 31), 2026, one.holder)
    assert entered(due="2026", date="2025-03-01")[:2] == (date(2025, 3, 1), 2026)
    assert entered(date="长期坚持")[0] is None
    assert entered(person="王某")[2] == (one.holder or "王某")
    assert entered(person="王某", holder="县教育局")[2] == "县教育局"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-06-30", date(2025, 6, 30)),
        ("2025.6", date(2025, 6, 30)),
        ("2025年底前", date(2025, 12, 31)),
        ("20250107", date(2025, 1, 7)),
        ("２０２５年２月", date(2025, 2, 28)),
        ("2025-02-30", None),
        ("长期坚持", None),
    ],
)
def test_a_day_is_the_last_that_a_text_means(text: str, day: date | None) -> None:
    assert last_day(text) == day


def test_lines_fall_due_from_the_day_told_from_to_the_same_of_the_next_year(of: Case) -> None:
    first, last = span(of)
    one = next(one for one in dues(of) if one.line and not one.closed)
    for day, falls in ((first, True), (last, True), (date.fromordinal(last.toordinal() + 1), False)):
        entry = Entry(one.id, date=day.isoformat())
        case = replace(of, county=replace(of.county, entered={entry.id: entry}))
        held = [each.id for each in warned.falling(case)]
        assert (entry.id in held) is falls
    leap = replace(of, told_from="2024-02-29")
    assert (since(leap), span(leap)[1]) == (date(2024, 2, 29), date(2025, 2, 28))


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_with_a_ledger_is_explained_in_all_formats(lang: str, tmp_path: Path) -> None:
    data = tmp_path / "raw"
    shutil.copytree(Path("data") / "raw", data)
    words = ["--data", str(data), "--out", str(tmp_path / "out")]
    for county in ("990101", "990109"):
        assert cli.main(["ledger", county, *words]) == 0
        fill_ledger(data / "ledger" / f"{county}.xlsx")
        for command in (["report"], ["warning", "--date", "2025-05-20"], ["deadlines"], ["selfassessment"]):
            assert cli.main([command[0], county, *command[1:], "--lang", lang, *words]) == 0
        (made,) = (tmp_path / "out" / county).rglob("results.json")
        found = verify(made.parent, data, STANDARDS)
        assert {"warning.pdf", "deadlines.docx", "selfassessment.docx", "report.pdf"} <= set(found.documents)
        assert found.record.faults == []


def test_a_line_that_people_added_falls_due_on_its_day_and_the_public_is_told_of_none(of: Case) -> None:
    line = Entry(item="新建小学", holder="县发改局", date="2025-06-30", row="9")
    case = replace(of, county=replace(of.county, own_lines=[line]))
    own = [one for one in dues(case) if one.line is None]
    assert [(one.id, one.item, one.day, one.holder, one.closed) for one in own] == [
        ("own.9", "新建小学", date(2025, 6, 30), "县发改局", False)
    ]
    assert not [one for one in dues(replace(case, audience="public")) if one.line is None]
