"""What a county counts in its sheet, as a part of what else it counts, or of the same a year before."""

from typing import Any

from analysis.judge import counts
from analysis.judge.computed import Cell, Figure, Figures, Given
from analysis.judge.counts import Counted

OF, OVER = ("of", "of_less"), ("over", "over_less")


def figures(given: Given) -> Figures:
    """Return `of` less `of_less` over `over` less `over_less` (without `over`, by itself).

    With `before` that figure over the same of the year before; without `over` each count of `of` by itself, and the
    least of them: so many that only grow do so where the one that grew least has.
    """
    told = given.item.parameters
    now = counts.of(given.frames[counts.REPORTED], names(told))
    earlier = counts.of(given.frames.get(counts.BEFORE), names(told))
    if not told.get("before"):
        return {cell: _figure(now.get(cell, counts.NONE), told) for cell in given.cells}
    each = [told] if "over" in told else [{"of": (name,)} for name in told["of"]]
    return {cell: _least([_grown(cell, now, earlier, one) for one in each]) for cell in given.cells}


def names(parameters: dict[str, Any]) -> list[str]:
    """Return the counts that an item's parameters name."""
    return counts.named(parameters, *OF, *OVER)


def _figure(counted: Counted, told: dict[str, Any]) -> Figure:
    lacking = counted.missing(names(told))
    if lacking is not None:
        return lacking
    held = counted.sum(*(counts.named(told, key) for key in OF))
    over = counted.sum(*(counts.named(told, key) for key in OVER)) if "over" in told else 1.0
    return counts.part(held, over)


def _grown(cell: Cell, now: dict[Cell, Counted], earlier: dict[Cell, Counted], told: dict[str, Any]) -> Figure:
    this, last = (_figure(one.get(cell, counts.NONE), told) for one in (now, earlier))
    if this.value is None or last.value is None:
        return this if this.value is None else last
    return counts.part(this.value, last.value)


def _least(found: list[Figure]) -> Figure:
    """Return the least figure; one without a value where there is one."""
    lacking = [one for one in found if one.value is None]
    return lacking[0] if lacking else min(found, key=lambda one: one.value or 0.0)
