"""Every value that a standard or plan sets, stage by stage and date by date, has a case that stands at it."""

from collections.abc import Iterator
from datetime import date

import pytest

from analysis import ids, standards
from analysis.standards.dated import Schedule, StageSchedules
from analysis.tables import Kind
from tests.standards.inputs import FILES, cases, plan_of
from tests.standards.texts import proved

NAMES = [path.stem for path in FILES]
#: An item, the stage that a value is for (None where it is for all), the years in which it holds, the value.
Value = tuple[str, str | None, range, float]


def _dated(item: str, stage: str | None, schedule: Schedule, since: date) -> Iterator[Value]:
    first = [(entry.since or since).year for entry in schedule]
    for entry, year, until in zip(schedule, first, [*first[1:], 2100], strict=True):
        if entry.value is not None:
            yield item, stage, range(year, max(until, year + 1)), entry.value


def _staged(item: str, schedules: StageSchedules | None, since: date) -> Iterator[Value]:
    for stage, schedule in (schedules or {}).items():
        yield from _dated(item, stage.value if stage else None, schedule, since)


def values(name: str) -> list[Value]:
    """Return the values that a file sets itself: those of its indicators that no framework below it has, and of the
    targets of its items."""
    plan = plan_of(name)
    known = {} if name.startswith("national-") else standards.load(plan.framework).indicators
    found: list[Value] = []
    for indicator, says in plan.standard.indicators.items():
        below = known.get(indicator)
        for kind, told in (("floor", says.floor), ("cv", says.cv)):
            item = f"{kind}_{indicator}"
            if told and item in plan.items and told != (getattr(below, kind) if below else None):
                found += _staged(item, told, plan.standard.since)
    if plan.standard.composite and ids.cv("composite") in plan.items:
        found += _staged(ids.cv("composite"), plan.standard.composite.values, plan.standard.since)
    for item in sorted(plan.items & set(plan.standard.items)):
        target = plan.standard.items[item].target
        found += _staged(item, target.values, plan.standard.since) if target else []
    return found


def unproved(name: str, told: list[dict[str, object]]) -> list[Value]:
    """Return the values of a file that no case of their item, stage and time stands at, with both sides."""
    plan = plan_of(name)

    def stands(value: Value, case: dict[str, object]) -> bool:
        item, stage, years, number = value
        by_stage = ids.parse(item).kind in (Kind.FLOOR, Kind.CV)
        of_stage = not by_stage or stage is None or case.get("stage", "primary") == stage
        counted = item in plan.standard.items and plan.standard.items[item].kind == "computed"
        numbers = proved(case)
        return (
            case["item"] == item
            and case["year"] in years
            and of_stage
            and {"met", "not_met"} <= set(case)
            and (counted or number in numbers or round(100 * number, 6) in numbers)
        )

    return [value for value in values(name) if not any(stands(value, case) for case in told)]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_a_file_has_a_case_at_it(name: str) -> None:
    assert unproved(name, cases(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_of_a_rule_has_a_case_at_it(name: str) -> None:
    """What a rule is given as a number: classes for a room, square metres, pupils of a school or a class."""
    plan = plan_of(name)
    known = {} if name.startswith("national-") else standards.load(plan.framework).items
    for item in plan.items & set(plan.standard.items):
        below = known[item].parameters if item in known else {}
        numbers = [
            float(number)
            for key, number in plan.standard.items[item].parameters.items()
            if isinstance(number, int | float) and not isinstance(number, bool) and below.get(key) != number
        ]
        shown = set().union(*(proved(case) for case in cases(name) if case["item"] == item))
        # At the least a limit is passed by one: 2,401 pupils are above 2,400.
        near = shown | {number - 1 for number in shown} | {number + 1 for number in shown}
        assert [number for number in numbers if number not in near and 100 * number not in shown] == [], item


def test_a_value_without_its_case_is_found() -> None:
    """Without the case of junior schools, of another year, or of one side there is a value that none stands at."""
    told = cases("national-2017")
    of_junior = next(case for case in told if case["item"] == "floor_teaching_area" and case.get("stage") == "junior")
    missing = ("floor_teaching_area", "junior")
    assert [value[:2] for value in unproved("national-2017", [case for case in told if case != of_junior])] == [missing]
    early = [case if case != of_junior else case | {"year": 2016} for case in told]
    assert [value[:2] for value in unproved("national-2017", early)] == [missing]
    one_sided = [case if case != of_junior else {k: v for k, v in case.items() if k != "met"} for case in told]
    assert [value[:2] for value in unproved("national-2017", one_sided)] == [missing]
