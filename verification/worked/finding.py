"""A finding: what is judged of a county or a school, with its value, target and verdict."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verification.rules import holds

#: Verdicts in the order in which they win when several are joined.
ORDER = ("not_met", "undecidable", "no_data", "target_not_set", "met")
FIELDS = ("resources", "government", "quality", "recognition")
BESIDE = ("rate_own", "recognition_")


@dataclass(frozen=True)
class Finding:
    """`traced` where the value is a cell of a source, else it is worked out from many."""

    id: str
    field: str
    item: str
    stage: str = ""
    subject: str = ""
    grade: int = 0
    school: str = ""
    value: Fraction | None = None
    target: Fraction | None = None
    sense: str = ""
    verdict: str = "no_data"
    data_year: int | None = None
    traced: bool = False
    computed: Fraction | None = None
    told: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def margin(self) -> Fraction | None:
        """Return how far the value lies on the good side of its target."""
        if self.value is None or self.target is None:
            return None
        return self.value - self.target if self.sense in ("at_least", "above") else self.target - self.value

    @property
    def counts(self) -> bool:
        """Whether it is one of the judged items of its field."""
        return not self.school and self.item != "all" and not self.item.startswith(BESIDE)


def joined(verdicts: Iterable[str]) -> str:
    """Return the verdict of several together."""
    given = set(verdicts)
    return next((one for one in ORDER if one in given), "not_applicable")


def judged(value: Fraction | None, target: Fraction | None, sense: str) -> str:
    """Return the verdict on a value."""
    if target is None:
        return "not_in_force"
    if value is None:
        return "no_data"
    return "met" if holds(value, target, sense) else "not_met"
