"""Values with the day from which they hold, and which of them is in force at a date, or to come."""

from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from analysis.standards.basis import Frozen
from analysis.tables import Stage, Verdict


class State(StrEnum):
    """Whether a target can be judged at a date."""

    SET = "set"
    UNSET = Verdict.TARGET_NOT_SET.value
    NOT_IN_FORCE = Verdict.NOT_IN_FORCE.value


class Dated(Frozen):
    """A value from the day on which it holds; `value` null ends it, `unset` says that the text leaves it open."""

    since: date | None = Field(default=None, alias="from")
    value: float | None = None
    unset: bool = False
    document: str = ""
    article: str = ""
    assumed: bool = False

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        if self.unset and self.value is not None:
            raise ValueError("unset and value exclude each other")
        return self


def _dated(value: Any) -> Any:
    """Read the short forms: 4.2 is [{value: 4.2}], `unset` is [{unset: true}]."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ({"value": value},)
    if value == "unset":
        return ({"unset": True},)
    return value


def _in_order(schedule: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """Values of one schedule follow each other in time: only the first may hold from the standard's own date."""
    for before, after in pairwise(schedule):
        if after.since is None or (before.since is not None and after.since <= before.since):
            raise PydanticCustomError(
                "dates_disorder",
                "the dates of {day} and of the value before it are not in order",
                {"day": str(after.since)},
            )
    return schedule


Schedule = Annotated[tuple[Dated, ...], BeforeValidator(_dated), Field(min_length=1), AfterValidator(_in_order)]


def _staged(value: Any) -> Any:
    """Read one value for all stages as the value of each."""
    if isinstance(value, dict) and (set(value) & set(Stage)):
        return value
    return dict.fromkeys(Stage, value)


StageSchedules = Annotated[dict[Stage, Schedule], BeforeValidator(_staged)]


def in_force(schedule: tuple[Dated, ...], start: date, day: date) -> tuple[State, float | None]:
    """Return whether a value of `schedule` is in force on `day`, and which; entries without a day hold from `start`."""
    started = [entry for entry in schedule if (entry.since or start) <= day]
    if not started:
        return State.NOT_IN_FORCE, None
    last = max(started, key=lambda entry: entry.since or start)
    if last.unset:
        return State.UNSET, None
    return (State.NOT_IN_FORCE, None) if last.value is None else (State.SET, last.value)


def coming(schedule: tuple[Dated, ...], start: date, day: date) -> float | None:
    """Return the first value of `schedule` that comes into force after `day`; None where none does."""
    later = (entry.value for entry in schedule if (entry.since or start) > day)
    return next((value for value in later if value is not None), None)
