"""A finding: what is judged of a county or a school, with its value, target and verdict."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verification.rules import NOT_IN_FORCE, holds

#: Verdicts in the order in which they win when several are joined.
ORDER = ("not_met", "undecidable", "no_data", "target_not_set", "met")
FIELDS = ("resources", "government", "quality", "recognition")
BESIDE = ("rate_own", "recognition_")
#: Verdicts that decide, and those of what nothing is short of: it is not known, or the text sets no target.
DECIDED, OPEN = ("met", "not_met"), ("no_data", "target_not_set")
#: What sums up a school's floors, and a stage's schools.
SUMMED = ("school_rule", "schools")


@dataclass(frozen=True)
class Finding:
    """`traced` where the value is a cell of a source, else it is worked out from many.

    `coming` is the target that is to come into force, of a floor before any is; `refuted` where rows of schools come to
    something else than what the county reports.
    """

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
    coming: Fraction | None = None
    told: dict[str, Any] = dataclasses.field(default_factory=dict)
    refuted: bool = False

    @property
    def margin(self) -> Fraction | None:
        """Return how far the value lies on the good side of its target."""
        target = self.coming if self.target is None else self.target
        if (
            self.refuted
            or self.value is None
            or target is None
            or (self.verdict in OPEN and self.item != "three_years")
        ):
            return None
        if self.item.startswith("cv_") and self.verdict == "undecidable":
            return None
        if self.item in SUMMED and self.verdict not in DECIDED:
            return None
        return self.value - target if self.sense in ("at_least", "above") else target - self.value

    @property
    def counts(self) -> bool:
        """Whether it is one of the judged items of its field."""
        return not self.school and self.item != "all" and not self.item.startswith(BESIDE)


def joined(verdicts: Iterable[str]) -> str:
    """Return the verdict of several together."""
    given = set(verdicts)
    return next((one for one in ORDER if one in given), "not_applicable")


def judged(value: Fraction | None, target: Fraction | None, sense: str, state: str = NOT_IN_FORCE) -> str:
    """Return the verdict on a value; `state` is that of a target that there is not."""
    if target is None:
        return state
    if value is None:
        return "no_data"
    return "met" if holds(value, target, sense) else "not_met"
