"""How many have to be asked: nationally no number, told with the interval; a standard's own number decides."""

import json
from typing import Any

import pytest

from analysis.standards.monitoring import Sample
from analysis.tell.parts.chapters import recognition
from tests.judge.given import COUNTY, YEAR, judged, national, records, school
from tests.tell.conftest import school as told_school
from tests.tell.conftest import small

GROUPS = ("pupils", "parents", "teachers", "heads", "deputies", "cppcc", "others")


def survey(asked: dict[str, int], county: str = COUNTY) -> list[dict[str, Any]]:
    return [
        {"county": county, "year": YEAR, "group": group, "asked": number, "satisfied": number}
        for group, number in asked.items()
    ]


def found(asked: dict[str, int], sample: dict[str, Any] | None) -> dict[str, Any]:
    standard = national()
    assert standard.recognition
    rule = standard.recognition.model_copy(update={"sample": Sample.model_validate(sample) if sample else None})
    held = records(school("1"), survey=survey(asked))
    return judged(held, standard.model_copy(update={"recognition": rule}))["recognition.recognition"]


def test_nationally_seven_of_seven_are_met_and_told_with_their_interval() -> None:
    one = found(dict.fromkeys(GROUPS, 1), None)
    assert (one["verdict"], one["value"]) == ("met", 1.0)
    assert json.loads(one["evidence"])["ci_low"] == pytest.approx(0.6457, abs=1e-4)


@pytest.mark.parametrize(
    ("sample", "few", "enough"),
    [
        ({"least": 70}, dict.fromkeys(GROUPS, 10) | {"heads": 9}, dict.fromkeys(GROUPS, 10)),
        ({"groups": {"parents": 10}}, dict.fromkeys(GROUPS, 100) | {"parents": 9}, dict.fromkeys(GROUPS, 10)),
        (
            {"parts": {"parents": 0.5}},
            dict.fromkeys(GROUPS, 10) | {"parents": 59},
            dict.fromkeys(GROUPS, 10) | {"parents": 60},
        ),
    ],
)
def test_a_standard_may_say_how_many(sample: dict[str, Any], few: dict[str, int], enough: dict[str, int]) -> None:
    assert found(enough, sample)["verdict"] == "met"
    short = found(few, sample)
    assert (short["verdict"], short["reason"], short["margin"]) == ("undecidable", "sample_small", None)
    # A group that nobody asked is a gap all the same.
    silent = found({group: number for group, number in few.items() if group != "heads"}, sample)
    assert (silent["verdict"], silent["reason"]) == ("no_data", "missing_groups")


@pytest.mark.parametrize(("number", "spans"), [(1, True), (100, False)])
def test_the_report_says_that_so_few_leave_it_open(number: int, spans: bool) -> None:
    report = small([told_school("1")], {"survey": survey(dict.fromkeys(GROUPS, number), "990999")})
    facts = recognition.facts(report)
    assert (facts.spans, facts.limited) == (spans, False)
    assert ("没有规定最少问卷数" in report.chapter("recognition").text) == spans
