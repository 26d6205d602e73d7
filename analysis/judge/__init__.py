"""Measurements against a standard: findings."""

from analysis.judge.county import judge, judge_plan
from analysis.judge.rounding import shown
from analysis.judge.verdicts import combine
from analysis.judge.whole import SUPPLEMENTS

__all__ = ["SUPPLEMENTS", "combine", "judge", "judge_plan", "shown"]
