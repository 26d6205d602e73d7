"""Which part of its shared assets each level of a combined school is given, as `stage_rows` splits them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.measure.stages import LEVELS
from analysis.standards import Standard


@dataclass(frozen=True)
class Share:
    """A level's enrolment, the weight of one of its pupils, and its part (0 to 1) of what the school shares."""

    level: str
    pupils: int
    weight: float
    part: float


def shares(school: Mapping[str, Any], standard: Standard) -> list[Share]:
    """Return the levels of a school (a row of `schools`) with their parts, lowest first; they sum to 1.

    Empty where nothing is split: the type has one level, is unknown, or an enrolment is missing, or all are zero.
    """
    weights = standard.school_types.get(school["school_type"], {})
    levels = [level for level in LEVELS if level in weights]
    pupils = {level: school[f"pupils_{level}"] for level in levels}
    if len(levels) < 2 or None in pupils.values() or not any(pupils.values()):
        return []
    whole = sum(weights[level] * pupils[level] for level in levels)
    return [Share(level, pupils[level], weights[level], weights[level] * pupils[level] / whole) for level in levels]
