"""What templates only word is decided in typed facts: each on both sides of its boundary, by hand."""

from dataclasses import dataclass, is_dataclass, replace
from types import SimpleNamespace
from typing import Any, cast, get_type_hints

import pytest

from analysis.tables import Verdict
from analysis.tell.documents.beside import Beside
from analysis.tell.documents.county import Report
from analysis.tell.documents.document import Document
from analysis.tell.documents.fieldcheck.check import FieldCheck, Visited
from analysis.tell.documents.forms.forms import Form, SelfAssessment
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.documents.review.review import ReviewForm
from analysis.tell.documents.school.sheet import SchoolSheet, StagePart
from analysis.tell.documents.subject.subject import SubjectReport
from analysis.tell.documents.township.township import TownshipReport
from analysis.tell.facts.obstacles import obstacles
from analysis.tell.facts.pace import Arrival, Pace
from analysis.tell.language import wording
from analysis.tell.parts.chapters.conclusion import cards
from analysis.tell.parts.chapters.improvement import lately
from analysis.tell.parts.figures.levels import levels_data
from analysis.tell.parts.figures.rates import rates_data
from analysis.tell.parts.figures.schools import schools_data
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.worded import worded

from .conftest import school, small

ANYTHING = cast("Any", None)


@pytest.mark.parametrize(
    ("earliest", "reached", "latest", "sooner", "later"),
    [
        (2028, 2029, 2030, True, True),
        (2029, 2029, 2029, False, False),
        (2028, 2029, 2029, True, False),
        (2029, 2029, None, False, True),
        (None, 2029, 2029, False, False),
    ],
)
def test_a_year_of_arrival_has_a_range_on_each_side(
    earliest: int | None, reached: int, latest: int | None, sooner: bool, later: bool
) -> None:
    arrival = Arrival(reached=reached, earliest=earliest, latest=latest)
    assert (arrival.sooner, arrival.later) == (sooner, later)


def pace(recent: float | None) -> Pace:
    return Pace(
        finding=ANYTHING, first=2020, start=0.9, pace=-0.01, recent=recent, at_recent=None, reached=None,
        earliest=None, latest=None,
    )  # fmt: skip


@pytest.mark.parametrize(("more", "told"), [(0, 1), (1, 0)])
def test_the_fall_of_the_last_year_is_told_of_few(more: int, told: int) -> None:
    most = wording.emphasis()["listed"]["lately"]
    lines = [pace(-0.02), *[pace(None)] * (most - 1 + more)]
    assert len(lately(lines)) == told


def test_what_schools_lack_is_summed_over_those_below_and_those_that_break_their_rule() -> None:
    # Floor 7.5 for 100 pupils: 300 lack 450, 700 lack 50; above 0.85 x 7.5 x 100 = 637.5 the rule allows one gap.
    report = small([school("1", sports_area=300.0), school("2", sports_area=700.0), school("3"), school("4")])
    (matter,) = obstacles(report)
    assert sorted(matter.below_schools) == ["1", "2"]
    assert matter.breaking_schools == ["1"]
    assert (matter.below_missing, matter.missing) == (500, 450)


def test_drivers_hold_the_sum_of_their_shares() -> None:
    (matter,) = obstacles(small([school("1", sports_area=9000.0), school("2"), school("3"), school("4")]))
    assert matter.drivers
    assert matter.drivers_share == sum(driver.share for driver in matter.drivers)
    assert replace(matter, drivers=()).drivers_share == 0


@pytest.mark.parametrize(("area", "over", "short"), [(1500.0, 0, 0), (9000.0, 1, 0), (300.0, 0, 1)])
def test_the_figure_of_schools_knows_which_stages_fall_short(area: float, over: int, short: int) -> None:
    report = small([school("1", sports_area=area), *(school(code) for code in "23456")])
    _, facts = schools_data(report)
    assert (len(facts.over), len(facts.short)) == (over, short)


def monitored(level: float | None, rate: float | None, tested: str = "yes") -> dict[str, list[dict[str, Any]]]:
    row = {"county": "990999", "year": 2024, "subject": "mathematics", "grade": 8, "level": level, "rate": rate}
    return {"monitoring": [row | {"tested": tested}]}


@pytest.mark.parametrize(
    ("level", "rate", "of_level", "of_rate"), [(3.0, 0.14, "fine", "fine"), (2.0, 0.15, "low", "high")]
)
def test_figures_of_monitoring_know_what_falls_short(level: float, rate: float, of_level: str, of_rate: str) -> None:
    report = small([school("1")], monitored(level, rate))
    levels, rates = levels_data(report)[1], rates_data(report)[1]
    assert levels is not None
    tested = ("mathematics", 8)
    by_name = {name: [(f.subject, f.grade) for f in getattr(levels, name)] for name in ("low", "fine", "open")}
    assert {name for name, subjects in by_name.items() if tested in subjects} == {of_level}
    assert all(finding.verdict == Verdict.NO_DATA for finding in levels.open)
    assert {name for name in ("high", "fine") if getattr(rates, name)} == {of_rate}


@pytest.mark.parametrize(("area", "above"), [(1500.0, 0), (9000.0, 1)])
def test_coefficients_within_their_limit_are_counted(area: float, above: int) -> None:
    report = small([school("1", sports_area=area), school("2"), school("3"), school("4")])
    card = next(card for card in cards(report) if card.finding.field == "resources")
    assert card.cvs_met == len(card.cvs) - above
    form = SelfAssessment(report)
    assert [len(form.cvs), len(form.cvs_met)] == [len(card.cvs), card.cvs_met]


def stage(name: str, verdict: str | None) -> StagePart:
    rule = cast("Any", SimpleNamespace(verdict=verdict) if verdict else None)
    return StagePart(name, 100.0, 3.0, True, "", rule, [])


@pytest.mark.parametrize(
    ("verdicts", "leading"),
    [
        (("met", "not_met"), "junior"),
        (("no_data", "not_met"), "junior"),
        (("met", "no_data"), "junior"),
        (("met", "met"), "primary"),
        ((None, "met"), "junior"),
        ((None, None), None),
    ],
)
def test_the_head_of_a_school_is_that_of_its_worst_stage(verdicts: tuple[str | None, ...], leading: str | None) -> None:
    sheet = SchoolSheet(ANYTHING, "1")
    stages = [stage(name, verdict) for name, verdict in zip(("primary", "junior"), verdicts, strict=True)]
    sheet.__dict__["stages"] = stages
    assert (sheet.leading.id if sheet.leading else None) == leading


def test_a_school_without_a_verified_value_is_not_visited_and_its_values_are_not_blank() -> None:
    check = FieldCheck(ANYTHING, ANYTHING)
    rows = [("1", 5, 5), ("2", 5, 3), ("3", 5, 0)]
    check.__dict__["schools"] = [Visited(code, listed, verified, 0, None, "", "") for code, listed, verified in rows]
    assert (check.unvisited, check.blank) == (["3"], 2)


def test_every_kind_of_document_hands_its_texts_a_frozen_record() -> None:
    own = [kind for kind in descendants(Document) if "facts" in vars(kind) and kind is not Report]
    told = {kind.__name__: get_type_hints(kind.facts)["return"] for kind in own}
    assert {TownshipReport, SchoolSheet, SubjectReport, FieldCheck, RegionReport, ReviewForm, Form, Beside} <= set(own)
    assert not [name for name, record in told.items() if not is_dataclass(record)]
    assert all(record.__dataclass_params__.frozen for record in told.values())


def descendants(kind: type[Any]) -> set[type[Any]]:
    """Return all classes below one."""
    return {*kind.__subclasses__(), *(lower for below in kind.__subclasses__() for lower in descendants(below))}


@dataclass(frozen=True)
class Two:
    name: str
    number: int


def test_the_fields_of_a_record_are_the_names_that_a_text_knows() -> None:
    voice = spoken(small([school("1")]))
    assert worded(voice, "{{ name }}\n有{{ number | whole }}所", Two("青溪县", 2)) == "青溪县有2所"
    with pytest.raises(TypeError, match="prints Undefined"):
        worded(voice, "{{ other }}", Two("青溪县", 2))
