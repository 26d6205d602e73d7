"""The sample counties as their reports tell them: every number from its finding, nothing empty, nothing general."""

import re
from collections.abc import Callable
from functools import cache

import pytest

from analysis import ids
from analysis.tell import Report
from analysis.tell.facts.rates import own_rate
from analysis.tell.language import numbers

from .conftest import CHAPTERS, FIGURES, STORIES, TABLES

Sample = Callable[..., Report]

SPAN = re.compile(r'\[([^\]]*)\]\{\.n f="([^"]+)"(?: k=(\w+))?\}')
#: Digits that need no finding: years, numbers of documents, the level of an interval, lists, references.
PLAIN = [
    r"Jiaodu \[\d{4}\] No\. \d",
    r"教督〔\d{4}〕\d+号",
    r"(?<!\d)(19|20)\d\d(?!\d)",
    r"95%\s?(区间|interval)",
    r"(?m)^\d+\. ",
    r"\[@[a-z-]+\]",
    r"\{#[a-z-]+\}",
    r"\]\(#[a-z-]+\)",
    r"(?i)grade [48]",
    r"\(\d\)",
    r"附件\d|Annex \d|Part \d",
    r"per 100 pupils",
    r"No\. \d+(?= [A-Z])",  # in the name of a school
]


def spans(text: str) -> list[tuple[str, str, str]]:
    return SPAN.findall(text)


@cache
def chapter(report: Report, name: str) -> str:
    return report.chapter(name).text


def text_of(report: Report, *chapters: str) -> str:
    return "\n\n".join(chapter(report, name) for name in chapters or CHAPTERS)


def plain(text: str) -> str:
    return SPAN.sub(r"\1", text)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", STORIES)
def test_every_chapter_reads_as_text(sample: Sample, county: str, lang: str) -> None:
    report = sample(county, lang=lang)
    for name in CHAPTERS:
        text = chapter(report, name)
        body = [line for line in text.splitlines() if line and not line.startswith(("#", ":::"))]
        assert body, name
        for word in ("nan", "None", "Undefined", "NaN", "{{", "{%", "inf "):
            assert word not in plain(text), (name, word)
        assert not re.search(r"[，；、：]\s*[。，；、]|。。|，，|\(\s*\)|（）| ,| ;|  ", plain(text)), name
        assert not re.search(r"^#.*\n\n#", text, re.M), f"{name} has an empty section"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", STORIES)
def test_what_a_chapter_refers_to_is_there(sample: Sample, county: str, lang: str) -> None:
    report = sample(county, lang=lang)
    assert called_in_vain(report) == set()
    assert set(re.findall(r"\]\(#(sec-[a-z]+)\)", text_of(report))) <= {f"sec-{name}" for name in CHAPTERS}


def called_in_vain(report: Report) -> set[str]:
    """Return the figures and tables that chapters refer to and that are not there."""
    there = {f"fig-{name.replace('_', '-')}" for name in FIGURES if report.figure(name)}
    there |= {f"tbl-{name.replace('_', '-')}" for name in TABLES if report.table(name)}
    return set(re.findall(r"@((?:fig|tbl)-[a-z-]+)", text_of(report))) - there


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("county", STORIES)
def test_every_number_in_prose_is_marked_with_a_finding(sample: Sample, county: str, lang: str) -> None:
    report = sample(county, lang=lang)
    for name in CHAPTERS:
        text = chapter(report, name)
        assert {id for _, id, _ in spans(text)} <= {one.id for one in report.now}, name
        if name in {"data", "annex", "calendar", "sign", "method", "ledger"}:
            continue
        bare = SPAN.sub("", text).replace("\\", "")
        for item in report.standard.items.values():
            bare = bare.replace(item.label.text(lang), "")
        for pattern in PLAIN:
            bare = re.sub(pattern, "", bare)
        assert not re.findall(r".{0,12}\d+.{0,12}", bare), name


@pytest.mark.sampled(2)
@pytest.mark.parametrize("county", STORIES)
def test_marked_numbers_are_those_of_their_findings(sample: Sample, county: str) -> None:
    report = sample(county)
    for text, id, kind in spans(text_of(report)):
        finding = report.finding(id)
        assert finding is not None
        if not kind:
            assert finding.value is not None
            assert text == numbers.of(finding, finding.value, report.standard, "zh")
        elif kind == "target":
            assert text == numbers.target(finding, report.standard, "zh")
        elif kind in {"low", "high"} and finding.item == "rate_own":
            own = own_rate(finding)
            assert own is not None
            ends = [numbers.of(finding, end, report.standard, "zh") for end in (own.low, own.high) if end is not None]
            assert text in ends or text.startswith(("+", numbers.MINUS)) or float(text) == 0
        elif kind == "over":
            assert text == numbers.whole(finding.details["over"])


def test_a_chapter_counts_the_items_that_the_first_page_counts(sample: Sample) -> None:
    """An item that does not apply (here: no school is so small) is in the chapter's table, and in no count."""
    report = sample("990110")
    items = report.now.where(field="government", school=None)
    judged = [one for one in items if one.kind != "all" and one.verdict != "not_applicable"]
    assert len(judged) == len(items) - 2
    for name in ("conclusion", "government"):
        assert [numbers.whole(len(judged)), "government.all", "count"] in [
            list(one) for one in spans(chapter(report, name))
        ]
    assert spans(chapter(report, "government"))[1][0] == numbers.whole(len(judged))


def test_counts_of_the_first_page_are_counts_of_findings(sample: Sample) -> None:
    report = sample("990101")
    told = {(id, kind): text for text, id, kind in spans(chapter(report, "conclusion"))}
    met = {
        stage: sum(one.verdict == "met" for one in report.now.where(item="school_rule", stage=stage))
        for stage in ("primary", "junior")
    }
    judged = [
        one
        for one in report.now
        if one.school is None
        and ids.parse(one.item).kind not in ids.BESIDE
        and one.field not in {"overall", "entry", "plan"}
        and one.verdict not in {"not_applicable", "not_in_force"}
    ]
    fields = report.table("fields")
    assert fields is not None
    assert fields.frame["items"][-1] == len(judged)
    assert fields.frame["met"][-1] == sum(one.verdict == "met" for one in judged)
    for stage, count in met.items():
        assert told[f"resources.schools.{stage}", "count"] == numbers.whole(count)


def test_text_and_table_show_one_figure(sample: Sample) -> None:
    report = sample("990101")
    cells: dict[str, set[str]] = {}
    for name in TABLES:
        table = report.table(name)
        for row in table.body if table else ():
            for cell in row:
                if cell.finding and cell.number:
                    cells.setdefault(cell.finding, set()).add(cell.text)
    for text, id, kind in spans(text_of(report)):
        if not kind and id in cells:
            assert cells[id] == {text}, id


MASK = re.compile(r"\[[^\]]*\]\{\.n [^}]*\}|\d+")


def sentences(report: Report) -> set[str]:
    """Return the sentences of a report outside method, annex and calendar, with numbers and names masked."""
    beside = {
        "basics",
        "attainment",
        "data",
        "sign",
        "annex",
        "coefficients",
        "grounds",
        "ledger",
        "calendar",
        "method",
    }
    names = sorted({*report.stages["name"].drop_nulls().to_list(), report.name}, key=len, reverse=True)
    text = text_of(report, *(name for name in CHAPTERS if name not in beside))
    for name in names:
        text = text.replace(name, "甲")
    # The mark of synthetic data, cards and the bold heads of paragraphs are labels, no sentences.
    text = re.sub(r"::: \{\.page-mark\}.*?\n:::\n", "", text, flags=re.S)
    text = re.sub(r"::: \{\.fields\}.*?\n:::\n\n:::\n", "", text, flags=re.S)
    masked = MASK.sub("0", re.sub(r"\*\*.*?\*\*", "", text))
    lines = (line for line in masked.splitlines() if not line.startswith(("#", ":::")))
    found = (part.strip() for line in lines for part in line.split("。"))
    # What points to a table, a figure or an annex is no sentence of its own.
    return {one for one in found if one and "](#" not in one and "[@" not in one}


def test_opposite_counties_share_at_most_a_third_of_their_sentences(sample: Sample) -> None:
    told = {county: sentences(sample(county)) for county in ("990101", "990102", "990109")}
    for one in told:
        for other in told:
            if one < other:
                shared = told[one] & told[other]
                assert len(shared) <= min(len(told[one]), len(told[other])) / 3, shared


def test_the_same_data_tell_the_same_story_in_both_languages(sample: Sample) -> None:
    """The English text rests on the same findings as the Chinese."""
    for county in ("990101", "990106", "990109"):
        zh, en = (
            {id for _, id, kind in spans(text_of(sample(county, lang=lang))) if not kind} for lang in ("zh", "en")
        )
        assert zh == en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_coefficient_that_is_not_judged_is_no_finding_of_the_composite(sample: Sample, lang: str) -> None:
    report = sample("990101", lang=lang, standard="national-2012")
    text = chapter(report, "resources")
    for stage in report.stage_ids:
        composite = f"resources.cv_composite.{stage}"
        shown = [(number, kind) for number, id, kind in spans(text) if id == composite]
        assert {kind for _, kind in shown} <= {"", "target", "rule"}
        assert sum(kind == "" for _, kind in shown) == 1
        highest = max(report.measured.stage(report.year, stage, one, "cv") or 0 for one in report.standard.indicators)
        assert numbers.ratio(highest) in plain(text)
