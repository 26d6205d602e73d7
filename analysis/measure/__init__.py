"""School rows to stage rows to indicators, all counties and years at once."""

from analysis.measure.indicators import COMPOSITE, measure
from analysis.measure.stages import stage_rows

__all__ = ["COMPOSITE", "measure", "stage_rows"]
