"""The least that must be done so that a county's schools meet the standard, and the proof that nothing cheaper does."""

from analysis.least_cost.costs import Costs, examples
from analysis.least_cost.moves import Distances
from analysis.least_cost.objective import Goal, Status, Wish
from analysis.least_cost.own_tables import (
    budgets_of,
    costs_of,
    distances_of,
    limits_of,
    scenario_of,
    with_scenario,
)
from analysis.least_cost.plan import Plan, plan_of
from analysis.least_cost.reading import Ground, Limits, ground_of, last_change, problem_of

__all__ = [
    "Costs",
    "Distances",
    "Goal",
    "Ground",
    "Limits",
    "Plan",
    "Status",
    "Wish",
    "budgets_of",
    "costs_of",
    "distances_of",
    "examples",
    "ground_of",
    "last_change",
    "limits_of",
    "plan_of",
    "problem_of",
    "scenario_of",
    "with_scenario",
]
