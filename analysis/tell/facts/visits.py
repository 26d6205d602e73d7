"""What a field check verified, beside what was reported."""

import polars as pl

from analysis.judge import fieldcheck
from analysis.tell.case.case import Case
from analysis.tell.case.setting import once


@once
def visits(case: Case) -> pl.DataFrame:
    """Return the values verified in the year's field check (`compared` of judge.fieldcheck.Verified)."""
    return fieldcheck.compared(case.records, case.checked, case.year)[0]
