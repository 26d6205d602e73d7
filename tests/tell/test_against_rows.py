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
    own = {"county": "990999", "year": 2024, "file": "f", "sheet": "", "row": 3}
    teachers = [
        own | {"school": code, "stage": "primary", "teachers": all_, "certified": held} for code, all_, held in TEACHERS
    ]
    government = [own | {"item": "certificates", "value": typed, "evidence": "册"}]
    return small([school("1"), school("2")], {"teachers": teachers, "government": government}, **words)


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text)


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
