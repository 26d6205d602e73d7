"""Early warning: near a limit on both sides of what counts as near, coming within a year, years running."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.tables import Verdict
from analysis.tell import Report
from analysis.tell.documents.warning import WarningSheet
from analysis.tell.facts.warnings import is_near, near, near_schools, part_of, running, unmet_for_years
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from tests.tell.conftest import school, small


def reported(value: float, year: int = 2024, item: str = "retention") -> dict[str, Any]:
    return {"county": "990999", "year": year, "item": item, "value": value, "evidence": "x"}


def paper(*items: dict[str, Any], years: tuple[int, ...] = (2024,), **words: Any) -> Report:
    rows = [school(code, year=year) for code in "ab" for year in years]
    return small(rows, {"government": list(items)} if items else None, **words)


def finding(report: Report, id: str) -> Finding:
    found = report.finding(id)
    assert found is not None
    return found


@pytest.mark.parametrize(("value", "counts"), [(0.95, True), (0.997, True), (0.9976, False), (0.949, False)])
def test_near_is_within_a_twentieth_of_the_limit_and_met(value: float, counts: bool) -> None:
    """0.95 and a twentieth of it is 0.9975."""
    assert wording.emphasis()["near"] == 0.05
    report = paper(reported(value))
    assert is_near(finding(report, "quality.retention"), report.standard) is counts
    assert ("quality.retention" in [one.finding.id for one in near(report)]) is counts


def test_what_asks_for_all_has_no_margin() -> None:
    report = paper(reported(1.0, item="certificates"))
    assert part_of(finding(report, "government.certificates"), report.standard) is None


def test_years_running_near_end_with_the_first_year_that_is_not() -> None:
    report = paper(
        *(reported(0.96, year) for year in (2021, 2023, 2024)), reported(0.999, 2022), years=(2021, 2022, 2023, 2024)
    )
    assert [(one.finding.id, one.years) for one in near(report) if one.finding.item == "retention"] == [
        ("quality.retention", 2)
    ]


def test_a_year_without_data_ends_the_years_running() -> None:
    report = paper(*(reported(0.9, year) for year in (2021, 2022, 2024)), years=(2021, 2022, 2023, 2024))
    assert running(report, "quality.retention", lambda one: one.verdict == Verdict.NOT_MET) == [2024]
    whole = paper(*(reported(0.9, year) for year in (2022, 2023, 2024)), years=(2022, 2023, 2024))
    found = next(one for one in unmet_for_years(whole) if one.finding.item == "retention")
    assert (found.years, found.since) == (3, 2022)
    assert found in WarningSheet(whole).long
    assert WarningSheet(report).long == []


def test_schools_near_a_floor_are_counted_and_named() -> None:
    """750 square metres are what 100 pupils need; 780 lie within a twentieth, 790 don't."""
    rows = [school("a", sports_area=780.0), school("b", sports_area=790.0), school("c", sports_area=700.0)]
    report = small(rows)
    found = next(one for one in near_schools(report) if one.item == "floor_sports_area")
    assert [one.school for one in found.findings] == ["a"]
    table = WarningSheet(report).table("near_schools")
    assert table is not None
    assert "a小学" in table.markdown()


def test_what_comes_within_a_year_is_that_of_the_calendar() -> None:
    sheet = WarningSheet(paper(plan="plan-3", date="2024-12-31"))
    assert {one.day.isoformat() for one in sheet.targets} == {"2025-12-31"}
    table = sheet.table("coming")
    assert table is not None
    assert table.frame.height == len(sheet.targets) + len({one.line["item"] for one in sheet.lines})
    assert WarningSheet(paper(plan="plan-3", date="2024-06-30")).targets == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_has_a_hole(lang: str) -> None:
    sheet = WarningSheet(replace(paper(reported(0.9), plan="plan-3"), lang=lang))
    text = sheet.chapter("warning").text + sheet.chapter("warning_end").text
    assert "None" not in text
    assert text.count(":::") % 2 == 0
    assert f"[{len(sheet.running)}]" in text


def test_what_is_likely_to_be_lost_is_told_with_what_to_do() -> None:
    """A school whose pupils have grown by a tenth a year, and whose sports area has not, falls below its floor."""
    years = (2021, 2022, 2023, 2024)
    pupils = dict(zip(years, (83, 91, 100, 110), strict=True))
    rows = [school(code, year=year, pupils_primary=number, sports_area=840.0 if code == "a" else 2000.0)
            for code in "ab" for year, number in pupils.items()]  # fmt: skip
    classes = [
        {"county": "990999", "year": year, "school": code, "grade": grade, "class": "1", "pupils": round(number / 6)}
        for code in "ab" for year, number in pupils.items() for grade in range(1, 7)
    ]  # fmt: skip
    warning = WarningSheet(small(rows, {"classes": classes}))
    lost = next(one for one in warning.lost if one.finding.item == "floor_sports_area")
    assert (lost.finding.school, lost.year) == ("a", 2025)
    assert lost.probability >= 0.5
    assert lost.value < 7.5
    table = warning.table("lost")
    assert table is not None
    row = next(row for row in table.frame.iter_rows(named=True) if row["year"] == 2025)
    assert "平方米" in row["now"]
    assert "很可能失去的有" in warning.chapter("warning").text
    assert WarningSheet(paper(reported(0.96))).table("lost") is None
