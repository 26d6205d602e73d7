"""A district says 本区 and 全区, a street 本街道: in templates, tables, figures, titles, and in no name of the data."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis import places, project
from analysis.tell import Report
from analysis.tell.documents.document import Document
from analysis.tell.documents.forms.forms import Application, SelfAssessment
from analysis.tell.documents.notice.notice import Notice
from analysis.tell.documents.subject import SubjectReport
from analysis.tell.documents.township import TownshipReport
from analysis.tell.documents.warning.warning import WarningSheet
from analysis.tell.facts.titles import titles
from tests.tell.conftest import school, small

BARE = {
    "zh": re.compile("(?:本县|全县|本乡镇)(?!区)"),
    "en": re.compile(r"\b(?:[Tt]he|[Tt]his) (?:county|township)\b(?!-)"),
}
#: Texts that no place changes: what the terminal, the check and the workbooks of decisions say.
FIXED = [
    *("messages.yml", "decisions.yml", "clean/checks.yml", "read/collecting.yml", "read/register.yml"),
    *("render/watch.yml", "render/items.yml", "tell/documents/check/causes.yml", "tell/facts/folder.yml"),
]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("双流区", "本区各校，全区均值，县区，本县区"),
        ("龙泉市", "本市各校，全市均值，县区，本县区"),
        ("右旗", "本旗各校，全旗均值，县区，本县区"),
        ("青溪县", "本县各校，全县均值，县区，本县区"),
    ],
)
def test_a_place_is_called_by_what_its_name_ends_in(name: str, said: str) -> None:
    assert places.here("本县各校，全县均值，县区，本县区", (places.of_county("510116", name),), "zh") == said


def test_english_keeps_what_is_no_county_of_its_own() -> None:
    said = places.here("The county's mean; county-level; each county; the county", ("district",), "en")
    assert said == "The district's mean; county-level; each county; the district"
    assert (
        places.here("the county and the township", ("district", "street"), "en") == "the district and the subdistrict"
    )


def test_a_city_over_counties_speaks_of_counties() -> None:
    assert places.of_county("9901", "云川市") == ""
    # As the code stands in a report's setting, of six digits; a city that is a county has one of its own.
    assert places.of_county("990100", "云川市") == ""
    assert places.of_county("990181", "云川市") == "city"


@pytest.mark.parametrize("name", FIXED)
def test_what_no_place_changes_is_bare_of_it(name: str) -> None:
    text = (Path(places.__file__).parent / name).read_text(encoding="utf-8")
    assert BARE["zh"].findall(text.replace("本县测试", "")) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_template_is_left_with_a_bare_word(lang: str) -> None:
    kinds = ("district", "street")
    for path in sorted((project.templates() / lang).rglob("*.*")):
        assert BARE[lang].findall(places.here(path.read_text(encoding="utf-8"), kinds, lang)) == [], path.name


def shown(told: Document | Report) -> Iterator[str]:
    """Yield all that a document offers: chapters, tables with their heads, captions, texts of figures."""
    offers = told.offers()
    for name in offers.get("chapter", ()):
        yield told.chapter(name).text
    for name in offers.get("table", ()):
        if table := told.table(name):
            yield table.markdown() + table.caption + table.source
    for name in offers.get("figure", ()):
        if picture := told.figure(name):
            yield picture.caption + picture.alt


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_that_is_told_of_a_district_calls_it_one(sample: Callable[..., Report], lang: str) -> None:
    report = sample("990101", lang=lang)
    district = replace(report, names={"zh": "青溪区", "en": "Qingxi District"})
    told: list[Any] = [district, SubjectReport(district, "mathematics"), Notice(replace(district, audience="public"))]
    told += [
        SelfAssessment(district),
        Application(district),
        WarningSheet(district),
        TownshipReport(district, "长岭镇"),
    ]
    texts = [text.replace("he township", "") for each in told for text in shown(each)]  # 长岭镇 is one
    texts += [" ".join(map(str, (titles(district, kind, name="某").subtitle for kind in ("county", "subject"))))]
    own = [text for text in texts if found_in(text, lang)]
    assert [found_in(text, lang) for text in own] == []
    assert any(word in "".join(texts) for word in ("全区", "the district"))
    assert any(BARE[lang].search(text) for text in shown(report))


def found_in(text: str, lang: str) -> list[str]:
    return [text[max(found.start() - 20, 0) : found.end() + 20] for found in BARE[lang].finditer(text)]


@pytest.mark.parametrize(
    ("township", "said"), [("东街道", "本街道"), ("东镇", "本镇"), ("东乡", "本乡"), ("东", "本乡镇")]
)
def test_a_street_is_called_a_street(township: str, said: str) -> None:
    rows = [school("a", township=township, sports_area=187.5), school("b", township=township), school("c")]
    told = TownshipReport(small(rows), township)
    assert said in "".join(shown(told))
    assert said in titles(told.setting, "township", **told.naming).subtitle


def test_names_of_the_data_stay_as_they_are() -> None:
    case = replace(small([school("a", name="全县第一小学", sports_area=187.5)]), names={"zh": "试验区"})
    assert case.school("a") == "全县第一小学"
    assert "全县第一小学" in "".join(shown(TownshipReport(case, ""))) + case.school("a")
