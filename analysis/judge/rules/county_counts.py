"""What a county counts in its sheet, as a part of what else it counts, or of the same a year before."""

from typing import Any

from analysis.judge import counts
from analysis.judge.computed import Cell, Figure, Figures, Inputs
from analysis.judge.counts import Counted

OF, OVER, BESIDE = ("of", "of_less"), ("over", "over_less"), ("beside_of", "beside_over")


def figures(inputs: Inputs) -> Figures:
    """Return `of` less `of_less` over `over` less `over_less` (without `over`, by itself), as a part of `beside_of`
    over `beside_over` where these are named.

    With `before` that figure over the same of the year before; without `over` each count of `of` by itself, and the
    least of them: so many that only grow do so where the one that grew least has.
    """
    parameters = inputs.item.parameters
    now = counts.of(inputs.frames[counts.REPORTED], names(parameters))
    earlier = counts.of(inputs.frames.get(counts.BEFORE), names(parameters))
    if not parameters.get("before"):
        return {cell: _figure(now.get(cell, counts.NONE), parameters) for cell in inputs.cells}
    each = [parameters] if "over" in parameters else [{"of": (name,)} for name in parameters["of"]]
    return {cell: _least([_grown(cell, now, earlier, figure) for figure in each]) for cell in inputs.cells}


def names(parameters: dict[str, Any]) -> list[str]:
    """Return the counts that an item's parameters name."""
    return counts.named(parameters, *OF, *OVER, *BESIDE)


def _figure(counted: Counted, parameters: dict[str, Any]) -> Figure:
    lacking = counted.missing(names(parameters))
    if lacking is not None:
        return lacking
    counted_of = counted.sum(*(counts.named(parameters, key) for key in OF))
    over = counted.sum(*(counts.named(parameters, key) for key in OVER)) if "over" in parameters else 1.0
    figure = counts.part(counted_of, over)
    if "beside_of" not in parameters or figure.value is None:
        return figure
    beside = counts.part(*(counted.sum(counts.named(parameters, key)) for key in BESIDE))
    return counts.part(figure.value, beside.value) if beside.value is not None else beside


def _grown(cell: Cell, now: dict[Cell, Counted], earlier: dict[Cell, Counted], parameters: dict[str, Any]) -> Figure:
    this, last = (_figure(counts_of_year.get(cell, counts.NONE), parameters) for counts_of_year in (now, earlier))
    return counts.grown(this, last)


def _least(figures: list[Figure]) -> Figure:
    """Return the least figure; one without a value where there is one."""
    lacking = [figure for figure in figures if figure.value is None]
    return lacking[0] if lacking else min(figures, key=lambda figure: figure.value or 0.0)
