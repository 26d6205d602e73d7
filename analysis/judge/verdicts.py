"""How verdicts combine.

met: the target is reached. not_met: it is not. undecidable: an interval spans it. no_data: nothing to judge.
target_not_set: the text
leaves the target open. not_in_force: no rule holds at the date. not_applicable: the item has no meaning here.
"""

from collections.abc import Iterable
from functools import cache

import polars as pl

from analysis import standards
from analysis.ids import UNASKED
from analysis.tables import Verdict


@cache
def worst_first() -> tuple[Verdict, ...]:
    """Return the verdicts of which the first that occurs wins where several are combined: in the order in which they
    are told, but met last; those on what is not asked are left out."""
    short = [verdict for verdict in standards.verdicts() if verdict not in {Verdict.MET, *UNASKED}]
    return (*short, Verdict.MET)


def place(verdict: str) -> int:
    """Return where a verdict stands among those that combine, the worst first; what is left out stands last."""
    order = worst_first()
    return order.index(Verdict(verdict)) if verdict in order else len(order)


def combine(verdicts: Iterable[str]) -> Verdict:
    """Return the verdict of several together: the worst that occurs, not_applicable where none does."""
    present = set(verdicts)
    return next((verdict for verdict in worst_first() if verdict in present), Verdict.NOT_APPLICABLE)


def combined(verdict: pl.Expr) -> pl.Expr:
    """Return `combine` as an aggregation over rows."""
    result: pl.Expr = pl.lit(Verdict.NOT_APPLICABLE.value)
    for kind in reversed(worst_first()):
        result = pl.when((verdict == kind.value).any()).then(pl.lit(kind.value)).otherwise(result)
    return result
