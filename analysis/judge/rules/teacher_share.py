"""The share of teachers that have an attribute."""

import math

from analysis.judge.computed import NOTHING, Figure, Figures, Inputs
from analysis.judge.resources import ASIDE
from analysis.judge.teachers import Sums, sums

ALL = "teachers"


def figures(inputs: Inputs) -> Figures:
    """Return teachers with the attribute `column` over those with `over` (all full-time ones), from the teachers
    table."""
    over = str(inputs.item.parameters.get("over", ALL))

    def share(known: Sums | Figure) -> Figure:
        if isinstance(known, Figure):
            return known
        part, teachers = known.known
        if known.aside and (over != ALL or math.isinf(known.most) or not teachers):
            return Figure(None, ASIDE, known.aside)
        if known.aside:
            return Figure(None, "", known.aside, (part / teachers, (part + known.most) / teachers))
        return Figure(part / teachers) if teachers else Figure(None, NOTHING)

    by_cell = sums(inputs, (str(inputs.item.parameters["column"]), over))
    return {cell: share(each) for cell, each in by_cell.items()}
