"""What the years to come may bring: enrolment by cohorts, amounts as they have grown, judged by the ordinary judge."""

from analysis.forecast.forecast import forecast_of
from analysis.forecast.scenario import Scenario

__all__ = ["Scenario", "forecast_of"]
