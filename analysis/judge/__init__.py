"""Measurements against a standard: findings."""

from analysis.judge.county import SUPPLEMENTS, judge, judge_plan
from analysis.judge.rounding import shown
from analysis.judge.verdicts import combine

__all__ = ["SUPPLEMENTS", "combine", "judge", "judge_plan", "shown"]
