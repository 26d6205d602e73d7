"""The plans of several counties together: what they come to, and where money brings most."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis.least_cost.objective import Status
from analysis.least_cost.plan import Plan


@dataclass(frozen=True)
class Stretch:
    """Schools of a county that a sum brings to their floors, after those of the county that cost less each."""

    county: str
    cost: float
    schools: int
    pupils: int


@dataclass(frozen=True)
class Together:
    """Plans by county; `cost` and `bound` are sums over those that there are, `lacking` the counties that have none.

    `stretches` are in the order in which money brings most: by what a school costs.
    """

    plans: tuple[Plan, ...]
    cost: float
    bound: float
    lacking: tuple[str, ...]
    stretches: tuple[Stretch, ...]

    @property
    def gap(self) -> float:
        """Return the part of the cost that is not proven to be needed."""
        return max(self.cost - self.bound, 0.0) / self.cost if self.cost else 0.0


def together(plans: Sequence[Plan]) -> Together:
    """Return what the plans of several counties come to."""
    known = [plan for plan in plans if plan.status is not Status.INFEASIBLE]
    stretches = [stretch for plan in plans for stretch in _stretches(plan)]
    return Together(
        tuple(plans),
        sum(plan.cost or 0.0 for plan in known),
        sum(plan.bound or 0.0 for plan in known),
        tuple(plan.county for plan in plans if plan.status is Status.INFEASIBLE),
        tuple(sorted(stretches, key=lambda each: (each.cost / each.schools, each.county))),
    )


def _stretches(plan: Plan) -> list[Stretch]:
    """Return the points of a county's curve beyond what it has today, each as what it adds to the one before."""
    points = [{"cost": 0.0, "schools": 0, "pupils": 0}, *plan.money]
    added = [
        Stretch(plan.county, *(after[name] - before[name] for name in ("cost", "schools", "pupils")))
        for before, after in pairwise(points)
    ]
    return [stretch for stretch in added if stretch.cost > 0 and stretch.schools > 0]


def curve(held: Together) -> list[dict[str, Any]]:
    """Return how many more schools, and pupils in them, a sum brings to their floors, and in which county the last of
    them lie."""
    points, cost, schools, pupils = [], 0.0, 0, 0
    for stretch in held.stretches:
        cost, schools, pupils = cost + stretch.cost, schools + stretch.schools, pupils + stretch.pupils
        points.append({"cost": cost, "schools": schools, "pupils": pupils, "county": stretch.county})
    return points


def row_of(held: Together) -> dict[str, Any]:
    """Return everything that is said of the counties together, unrounded."""
    return {
        "cost": held.cost,
        "bound": held.bound,
        "gap": held.gap,
        "counties": [county_row(plan) for plan in held.plans],
        "lacking": list(held.lacking),
        "budget_curve": curve(held),
    }


def county_row(plan: Plan) -> dict[str, Any]:
    """Return what one county's plan comes to. `cheapest` is the least that one more school at its floors costs."""
    stretches = _stretches(plan)
    return {
        "county": plan.county,
        "year": plan.year,
        "status": plan.status.value,
        "cost": plan.cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "schools": plan.schools,
        "open": sum(stretch.schools for stretch in stretches),
        "cheapest": stretches[0].cost / stretches[0].schools if stretches else None,
    }
