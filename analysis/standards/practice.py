"""How a framework is carried out where its text leaves something open: concessions, and what is said of them."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from analysis.standards.basis import Frozen, Label, Name


class Adjustment(Frozen):
    """What a column of the schools table adds to the amount of an indicator, or takes from it (`less`).

    All conditions together: schools with so many pupils of the compulsory stages, in very dense centres. A school that
    does not report the column claims nothing. Of an amount by stage the column has `_primary` and `_junior` too.
    """

    column: Name
    less: bool = False
    pupils_from: int | None = Field(default=None, gt=0)
    pupils_below: int | None = Field(default=None, gt=0)
    dense_centre: bool = False


class Practice(Frozen):
    """Something that a text leaves open, as it is done: `about` the keys that say so, its source, and how sure it is.

    sure: several sources, or a text of the ministry; likely: one source that is none of the ministry; local: of one
    place. `otherwise`: what the standard would say without it, laid over it as a plan is; of what is doubtful alone.
    It is done so from the day `from` on, that of the text where no source names another; of a year that ends before,
    the other reading holds.
    """

    id: Name
    about: tuple[str, ...]
    text: Label
    source: Label
    sure: Literal["sure", "likely", "local"]
    since: date = Field(alias="from")
    otherwise: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _doubtful(self) -> Self:
        if self.otherwise is not None and self.sure == "sure":
            raise ValueError("what is sure has no other reading")
        return self


class Beside(Frozen):
    """A figure that is told beside an item's target from a day on, and decides nothing."""

    since: date = Field(alias="from")
    value: float
    text: Label
    source: Label
    sure: Literal["sure", "likely", "local"]
