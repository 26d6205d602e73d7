"""What the rows of schools refute is named in the report, in the sheet of a school that shows it, and in the check."""

import re
from typing import Any

import pytest

from analysis.errors import LANGUAGES
from analysis.render.results import results
from analysis.sources import County
from analysis.tell import Report
from analysis.tell.documents.check.checked import Checked
from analysis.tell.documents.school import SchoolSheet
from tests.tell.conftest import school, small

#: 30 of 44 teachers are certified, all but those of one school; the county's sheet says all.
TEACHERS = [("1", 22, 22), ("2", 22, 8)]


def report(typed: float | None = 1.0, **words: Any) -> Report:
    own: dict[str, object] = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3}
    teachers = [
        own | {"school": code, "stage": "primary", "teachers": all_, "certified": held} for code, all_, held in TEACHERS
    ]
    government = [own | {"item": "certificates", "value": typed, "evidence": "册"}]
    return small([school("1"), school("2")], {"teachers": teachers, "government": government}, **words)


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "填报100%，按学校数据计算68.2%"), ("en", "reported 100%, by the rows 68.2%")]
)
def test_the_report_shows_both_figures(lang: str, said: str) -> None:
    assert said in plain(report(lang=lang).chapter("government").text)
    assert said not in plain(report(30 / 44, lang=lang).chapter("government").text)
    table = report(lang=lang).table("items_government")
    assert table
    assert "68.2%" in table.markdown()
    (row,) = [one for one in results(report(lang=lang))["findings"] if one["id"] == "government.certificates"]
    assert (row["value"], row["computed"], row["verdict"]) == (1.0, pytest.approx(30 / 44), "undecidable")


@pytest.mark.parametrize(("lang", "said"), [("zh", "本校22人中8人"), ("en", "this school has 8 of 22")])
def test_the_sheet_of_a_school_that_shows_it_names_it(lang: str, said: str) -> None:
    held = report(lang=lang)
    table = SchoolSheet(held, "2").table("contradictions")
    assert table
    assert said in plain(table.markdown())
    assert not SchoolSheet(held, "2").consistent
    # All teachers of school 1 have their certificate: nothing there contradicts the county's figure.
    assert SchoolSheet(held, "1").table("contradictions") is None
    assert SchoolSheet(held, "1").consistent


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("REPORT_LANG", request.param)
    return str(request.param)


def test_the_check_names_both_figures(language: str) -> None:
    def causes(typed: float | None) -> list[str]:
        county = County("990999", "县", "County", synthetic=True, published=False)
        found = Checked(county, report(typed).records, ())
        assert not found.failed
        return [one.sentence for one in found.causes if one.kind == "refuted"]

    (said,) = causes(1.0)
    assert "100%" in said
    assert "68.2%" in said
    assert causes(30 / 44) == []
    assert causes(None) == []


def checked(government: list[dict[str, Any]], plan: str = "", **frames: Any) -> list[str]:
    """What the check says of a county: its rows of county items, and its other tables."""
    own: dict[str, object] = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3}
    given = {"government": [own | {"evidence": "册"} | row for row in government]}
    given |= {table: [own | row for row in rows] for table, rows in frames.items()}
    county = County("990999", "县", "County", synthetic=True, published=False)
    found = Checked(county, small(frames.get("schools") or [school("1"), school("2")], given).records, (), plan)
    return [one.sentence for one in found.causes if one.kind == "refuted"]


HELD = [{"item": "teachers_certified", "value": 30.0}, {"item": "teachers_full_time", "value": 44.0}]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "按填报人数、金额计算68.2%"), ("en", "reported 100%, by the counts 68.2%")]
)
def test_counts_that_refute_are_named_in_the_report(lang: str, said: str) -> None:
    own: dict[str, object] = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3}
    rows = [{"item": "certificates", "value": 1.0, "evidence": "册"}, *HELD]
    held = small([school("1")], {"government": [own | row for row in rows]}, lang=lang)
    assert said in plain(held.chapter("government").text)
    table = held.table("items_government")
    assert table
    assert "68.2%" in table.markdown()
    (row,) = [one for one in results(held)["findings"] if one["id"] == "government.certificates"]
    assert (row["computed_by"], row["reason"]) == ("counts", "contradicts_counts")


def test_the_check_names_counts_that_refute_and_are_refuted(language: str) -> None:
    (said,) = checked([{"item": "certificates", "value": 1.0}, *HELD])
    assert "100%" in said
    assert "68.2%" in said
    assert checked([{"item": "certificates", "value": 0.682}, *HELD]) == []
    staff = {"stage": "primary", "teachers": 22}
    rows = [staff | {"school": code, "certified": certified} for code, certified in (("1", 22), ("2", 7))]
    (said,) = checked(HELD, teachers=rows)
    assert "68.2%" in said
    assert "65.9%" in said


@pytest.mark.sampled(1)
def test_the_check_compares_by_every_plan_that_asks(language: str) -> None:
    """大班额不反弹 is an item of one plan alone: a class of 56 refutes a yes. A nine-year school of 2,100 pupils is
    within the national limit, and above that of plan 8."""
    answer = [{"item": "big_classes_stay_away", "answer": "yes"}]
    for pupils, number in ((55, 0), (56, 1)):
        rows = [{"school": "1", "grade": 1, "class": "1", "pupils": pupils}]
        assert len(checked(answer, classes=rows)) == number
    size = [{"item": "school_size", "answer": "yes"}]
    row = {"school": "3", "school_type": "nine_year", "pupils_primary": 1100, "pupils_junior": 1000}
    assert checked(size, schools=[school("3") | row]) == []
    assert len(checked(size, "plan-8", schools=[school("3") | row])) == 1
    # One number of plan 1 (55 in start grades) and another of plan 3 (45): which is meant nobody says.
    start = [{"item": "start_grade_classes", "answer": "yes"}]
    for pupils, number in ((46, 0), (56, 1)):
        rows = [{"school": "1", "grade": 1, "class": "1", "pupils": pupils}]
        assert len(checked(start, classes=rows)) == number


@pytest.mark.parametrize(("pay", "shown"), [(90_000, "计算100%"), (89_999, "计算99.999%"), (89_000, "计算98.9%")])
def test_what_falls_short_of_a_whole_is_not_shown_as_one(pay: int, shown: str) -> None:
    own: dict[str, object] = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3, "evidence": "册"}
    answer = "no" if pay == 90_000 else "yes"
    rows: list[dict[str, object]] = [{"item": "teacher_pay", "answer": answer}]
    rows.append({"item": "teacher_mean_pay", "value": float(pay)})
    rows.append({"item": "civil_servant_mean_pay", "value": 90_000.0})
    held = small([school("1")], {"government": [own | row for row in rows]})
    assert shown in plain(held.chapter("government").text)


def test_the_sheet_of_a_special_school_names_its_funds_for_a_pupil() -> None:
    """60 pupils with 300,000 yuan where the county reports 6,500 a pupil; of other schools nothing is said."""
    own: dict[str, object] = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3}
    special = school("2", pupils=60, school_type="special", pupils_junior=0, public_funds=300_000.0)
    typed = {"item": "special_school_funding", "value": 6500.0, "evidence": "册"}
    held = small([own | school("1", public_funds=1000.0), own | special], {"government": [own | typed]})
    table = SchoolSheet(held, "2").table("contradictions")
    assert table
    assert "填报“特殊教育学校生均公用经费”6,500元" in plain(table.markdown())
    assert "本校5,000元" in plain(table.markdown())
    assert SchoolSheet(held, "1").table("contradictions") is None


def test_the_sheet_of_a_school_names_its_share() -> None:
    """School 2 has 900 of 1,000 pupils of its catchment; the county reports that all its town pupils have theirs."""
    own: dict[str, object] = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3}
    town = [
        school(code, area="town", pupils=1000, in_catchment_primary=living)
        for code, living in (("1", 1000), ("2", 900))
    ]
    held = small(
        [own | one for one in town], {"government": [own | {"item": "nearest_primary", "value": 1.0, "evidence": "册"}]}
    )
    table = SchoolSheet(held, "2").table("contradictions")
    assert table
    assert "本校1,000人中900人" in plain(table.markdown())
    assert SchoolSheet(held, "1").table("contradictions") is None
    places = small(
        [own | school("1", school_type="junior", pupils_primary=None, pupils_junior=500, senior_places=3)],
        {
            "government": [
                own | {"item": "senior_places", "value": 0.5, "evidence": "册"},
                own | {"item": "senior_places_planned", "value": 10.0},
            ]
        },
    )
    found = places.finding("government.senior_places")
    assert found
    assert found.reason == "contradicts_rows"
    assert SchoolSheet(places, "1").table("contradictions") is None


def test_what_counts_come_to_is_told_once() -> None:
    """600,000 yuan for 100 pupils: nothing is reported beside them, so 6,000 is the value and no other figure."""

    def reason(**more: float) -> str:
        told = {"special_school_funds": 600_000.0, "special_school_pupils": 100.0, **more}
        rows = [{"county": "990999", "year": 2024, "item": name, "value": value} for name, value in told.items()]
        table = small([school("1")], {"government": rows}).table("items_government")
        assert table is not None
        label = "特殊教育学校生均公用经费"
        return next(cells[-1].text for cells in table.body if cells[1].text == label)

    assert reason() == "县里没有直接填报，按填报的人数、金额计算"
    assert "按填报人数、金额计算为6,000" in reason(special_school_funding=6000.0)
