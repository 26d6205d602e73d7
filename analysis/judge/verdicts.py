"""How verdicts combine.

met: the target is reached. not_met: it is not. undecidable: an interval spans it. no_data: nothing to judge.
target_not_set: the text
leaves the target open. not_in_force: no rule holds at the date. not_applicable: the item has no meaning here.
"""

from collections.abc import Iterable

import polars as pl

from analysis.tables import Verdict

#: Combined, the first of these that occurs wins; verdicts that are not named here are left out.
ORDER = (Verdict.NOT_MET, Verdict.UNDECIDABLE, Verdict.NO_DATA, Verdict.TARGET_NOT_SET, Verdict.MET)


def combine(verdicts: Iterable[str]) -> Verdict:
    """Return the verdict of several together: the first of ORDER that occurs, not_applicable where none does."""
    present = set(verdicts)
    return next((verdict for verdict in ORDER if verdict in present), Verdict.NOT_APPLICABLE)


def combined(verdict: pl.Expr) -> pl.Expr:
    """Return `combine` as an aggregation over rows."""
    result: pl.Expr = pl.lit(Verdict.NOT_APPLICABLE.value)
    for kind in reversed(ORDER):
        result = pl.when((verdict == kind.value).any()).then(pl.lit(kind.value)).otherwise(result)
    return result
