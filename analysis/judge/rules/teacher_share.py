"""The share of teachers that have an attribute."""

import math

from analysis.judge.computed import Figure, Figures, Given
from analysis.judge.resources import ASIDE
from analysis.judge.teachers import Sums, sums


def figures(given: Given) -> Figures:
    """Return teachers with the attribute `column` over all full-time teachers, from the teachers table."""

    def share(known: Sums | Figure) -> Figure:
        if isinstance(known, Figure):
            return known
        held, teachers = known.known
        if known.aside and (math.isinf(known.most) or not teachers):
            return Figure(None, ASIDE, known.aside)
        if known.aside:
            return Figure(None, "", known.aside, (held / teachers, (held + known.most) / teachers))
        return Figure(held / teachers) if teachers else Figure(None, "value_missing")

    found = sums(given, (str(given.item.parameters["column"]), "teachers"))
    return {cell: share(each) for cell, each in found.items()}
