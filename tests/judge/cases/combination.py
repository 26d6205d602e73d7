"""Combination: the first of not_met, undecidable, no_data, target_not_set, met that occurs."""

from typing import Any

import numpy as np
from scipy.special import ndtri

from analysis.judge import combine
from tests.judge.given import COUNTY, YEAR, case, judged, national, records, result, school


@case
def combination_follows_the_order() -> None:
    order = ["not_met", "undecidable", "no_data", "target_not_set", "met"]
    for place, first in enumerate(order):
        assert combine(order[place:]) == first
        assert combine(reversed(order[place:])) == first
    assert combine(["met", "not_in_force", "not_applicable"]) == "met"
    assert combine(["not_in_force", "not_applicable"]) == "not_applicable"
    assert combine([]) == "not_applicable"


@case
def combination_of_fields_and_county() -> None:
    found = judged(records(school("1"), school("2", sports_area=6000.0, teaching_area=1000.0)))
    assert found["resources.all"]["verdict"] == "not_met"
    assert found["resources.all"]["evidence"].startswith("resources.schools.primary")
    assert found["government.all"]["verdict"] == "no_data"
    assert found["overall.all"]["verdict"] == "not_met"
    assert found["overall.all"]["evidence"] == "resources.all"
    unharmed = judged(records(school("1"), school("2")))
    assert unharmed["resources.all"]["verdict"] == "met"
    assert unharmed["overall.all"]["verdict"] == "no_data"


@case
def combination_counts_every_item_whatever_it_is_called() -> None:
    plain = national()
    item = plain.items["layout"]
    named = plain.model_copy(update={"items": {"all_roofs_are_tight": item}})
    answer = {"county": COUNTY, "year": YEAR, "item": "all_roofs_are_tight", "answer": "no"}
    found = judged(records(school("1"), government=[answer]), named)
    assert found["government.all_roofs_are_tight"]["verdict"] == "not_met"
    assert found["government.all"]["verdict"] == "not_met"


@case
def combination_of_entry_stops_only_where_it_is_not_met() -> None:
    def entry(**answer: Any) -> dict[str, dict[str, Any]]:
        row = {"county": COUNTY, "year": YEAR, "item": "no_key_schools"} | answer
        alone = national().model_copy(update={"items": {"no_key_schools": national().items["no_key_schools"]}})
        alone = alone.model_copy(update={"monitoring": None, "recognition": None})
        return judged(records(school("1"), school("2"), government=[row]), alone)

    assert entry(answer="yes", evidence="核查")["overall.all"]["verdict"] == "met"
    assert entry(answer="yes")["overall.all"]["verdict"] == "met"
    assert entry(answer="yes")["entry.all"]["verdict"] == "no_data"
    assert entry(answer="no")["overall.all"]["verdict"] == "not_met"


@case
def combination_of_own_tests_stand_beside_the_national_rate() -> None:
    scores = [
        {"county": COUNTY, "year": YEAR, "school": str(j), "pupil": f"{j}-{i}", "grade": 8, "subject": "mathematics"}
        | {"score": 10.0 * j + i}
        for j in range(8)
        for i in range(10)
    ]
    rows = [result("mathematics", 8, YEAR, level=3, rate=0.14)]
    found = judged(records(school("1"), school("2"), scores=scores, monitoring=rows))
    assert found["quality.rate_own.mathematics.8"]["verdict"] == "not_met"
    assert found["quality.rate.mathematics.8"]["verdict"] == "met"
    assert found["quality.all"]["verdict"] == "no_data"


@case
def combination_of_own_tests_leave_open_what_a_few_schools_far_away_could_turn() -> None:
    def told(schools: int, spread: float) -> tuple[str, str]:
        pupils = ndtri((np.arange(60) + 0.5) / 60)
        effects = spread * ndtri((np.arange(schools) + 0.5) / schools)
        test = {"county": COUNTY, "year": YEAR, "grade": 8, "subject": "mathematics"}
        scores = [
            test | {"school": str(j), "pupil": f"{j}-{i}", "score": 70 + 10 * float(effect + pupil)}
            for j, effect in enumerate(effects)
            for i, pupil in enumerate(pupils)
        ]
        found = judged(records(school("1"), school("2"), scores=scores))["quality.rate_own.mathematics.8"]
        return found["verdict"], found["reason"]

    # 0.05 with an interval up to 0.11, and 0.26 with one from 0.16: with twenty schools that is not sure enough.
    assert told(20, 0.26) == ("undecidable", "tails_unknown")
    assert told(20, 0.15) == ("met", "")
    assert told(20, 0.40) == ("undecidable", "spans_limit")
    assert told(20, 0.61) == ("undecidable", "tails_unknown")
    assert told(20, 0.70) == ("not_met", "")


@case
def combination_of_own_tests_leave_open_what_crowds_at_an_end() -> None:
    def told(at_end: int, turned: float) -> tuple[str, str]:
        # Twenty schools of 60 pupils, all alike; of all 1,200 the 12 * at_end at the top have one score.
        pupils = turned * np.append(ndtri((np.arange(60) + 0.5) / 61)[: 60 - at_end], [3.0] * at_end)
        test = {"county": COUNTY, "year": YEAR, "grade": 8, "subject": "mathematics"}
        scores = [
            test | {"school": str(j), "pupil": f"{j}-{i}", "score": 70 + 10 * float(pupil)}
            for j in range(20)
            for i, pupil in enumerate(pupils)
        ]
        found = judged(records(school("1"), school("2"), scores=scores))["quality.rate_own.mathematics.8"]
        return found["verdict"], found["reason"]

    for turned in (1.0, -1.0):
        assert told(12, turned) == ("met", "")
        assert told(13, turned) == ("undecidable", "scores_crowded")
