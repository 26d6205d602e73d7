"""Measurements against a standard: findings."""

from analysis.judge.county import judge, judge_plan
from analysis.judge.rounding import shown
from analysis.judge.verdicts import combine

__all__ = ["combine", "judge", "judge_plan", "shown"]
