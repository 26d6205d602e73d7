"""A rule of the first program that is changed: what it then finds is not what the second reader works out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.judge import rounding, verdicts
from analysis.judge.rules import class_size, special_rooms
from analysis.least_cost.judged_again import BrokenPromiseError
from analysis.measure import stages
from analysis.render import results
from analysis.statistics import intervals, tails, variance
from analysis.tell import open_report
from verification.run import check
from verification.worked.case import Case


def told(folder: Path, worked: Case) -> list[str]:
    """Return the places of the faults of the results that the first program finds now."""
    try:
        results.write(open_report("990101", processed=folder / "processed"), folder / "results.json")
    except BrokenPromiseError as broken:  # the plan of least cost is judged again, and is the first to find it
        return [str(broken)]
    return [fault.place for fault in check(folder, worked).record.faults]


def weight(change: Callable[[Any], Any]) -> Callable[..., Any]:
    old = stages._weight
    return lambda standard, level: change(old(standard, level))


MET_FIRST = tuple(reversed(verdicts.worst_first()))

MUTATIONS: dict[str, tuple[Any, str, Any, str]] = {
    "a junior pupil counts as a primary one": (
        stages,
        "_weight",
        weight(lambda x: (x > 0).cast(float)),
        "twelve_year|floor_sports_area",
    ),
    "a floor is open": (
        rounding,
        "sided",
        lambda given, limit, sense: given > limit if sense == "at_least" else given <= limit,
        "special_rooms|resources.schools",
    ),
    "what is met wins over what is not": (verdicts, "worst_first", lambda: MET_FIRST, "all verdict"),
    "a music room suffices": (special_rooms, "KINDS", ("music",), "special_rooms"),
    "classes of the first grades alone are counted": (
        class_size,
        "grades",
        lambda item, standard: {stage: every[:1] for stage, every in standard.grades.items()},
        "class_size",
    ),
    "an interval of 90 %": (
        intervals,
        "quantile",
        lambda level: 1.6448536269514722,
        "recognition.recognition evidence",
    ),
    "normal school effects": (tails, "NORMAL", 30.0, "rate_own"),
    "half of the variance between": (variance, "_anova", lambda schools: schools.df_between * 0 + 0.1, "anova"),
}


def test_without_a_mutation_there_is_no_fault(worked: Case, tmp_path: Path) -> None:
    assert told(tmp_path, worked) == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutated_rule_is_found(name: str, worked: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, attribute, other, place = MUTATIONS[name]
    monkeypatch.setattr(module, attribute, other)
    faults = told(tmp_path, worked)
    assert any(part in fault for fault in faults for part in place.split("|")), faults[:5]
