"""What is wished of a plan: by how much it goes beyond the bare minimum, for which goal, with which money, by when."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from analysis.tables import Verdict

#: What a plan leaves at the part of a floor, and what it does not (项项达标).
Rule = Literal["rule", "every"]


class Goal(StrEnum):
    """What is sought: the least cost for all, or with a budget the most schools, or the most pupils in them."""

    COST = "cost"
    SCHOOLS = "schools"
    PUPILS = "pupils"


class Status(StrEnum):
    """How far a plan is proven to be the cheapest, or that there is none."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True)
class Wish:
    """What a plan must do.

    `reserve` is the part by which deciding floors are passed and coefficients stay below their limits; `every` asks
    each school for all indicators (项项达标); `transfers` is the part of eligible teachers that may move in a year;
    `gap` the part between cost and bound up to which a plan counts as the cheapest; `seconds` stops a search in an
    emergency. `budget` is in yuan, one for each year from the first to `by`.
    """

    goal: Goal = Goal.COST
    reserve: float = 0.05
    every: bool = False
    transfers: float = 0.0
    budget: tuple[float, ...] = ()
    by: int | None = None
    gap: float = 0.005
    seconds: float = 30.0


#: Verdicts that a plan leaves to no finding of resources that it promises.
BROKEN = Verdict.NOT_MET
