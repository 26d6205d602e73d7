"""Plans of least cost in results.json: what they promise, their sums, and the arithmetic of their gap."""

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from verification.checked.kinds import Kind
from verification.worked.least_cost import Planned

if TYPE_CHECKING:
    from verification.checked.results import Results

#: Sums of doubles agree to so many digits; a proof counts as whole below so much of the cost.
SUMMED, PROVEN, UNSEEN = 1e-9, Fraction(1, 10000), 500
#: Gap up to which a plan is called the least.
WITHIN = Fraction(5, 1000)


def hold_plan(results: "Results", name: str, plan: Planned) -> None:
    """Hold everything that one plan says."""
    said, place = plan.said, f"least_cost {name}"
    if said["status"] == "infeasible":
        return
    for broken in plan.broken():
        results.record.bad(results.document, place, "a plan that keeps its promise", broken)
    results.hold(f"{place} reserve", said["reserve"], plan.reserve, Kind.RULE)
    results.hold(f"{place} cost", said["cost"], plan.cost, Kind.WORKED, SUMMED)
    _gap(results, place, said)
    for one in plan.actions:
        _action(results, place, plan, one)
    for row in said["coefficients"]:
        _coefficient(results, place, plan, row)
    if plan.sums_alone:
        return
    _curve(results, place, plan, every=name == "every")
    left = {(row["school"], row["stage"], row["indicator"]) for row in said["left_at_85"]}
    if left != plan.left():
        results.record.bad(results.document, f"{place} left_at_85", len(left), len(plan.left()))
    for row in said["left_at_85"]:
        value = plan.value(row["school"], row["stage"], row["indicator"])
        results.hold(f"{place} left_at_85 value", row["value"], value, Kind.WORKED, SUMMED)
        floor = plan.standard.floor(row["indicator"], row["stage"], plan.now.day)
        results.hold(f"{place} left_at_85 floor", row["floor"], floor, Kind.RULE, SUMMED)


def _curve(results: "Results", place: str, plan: Planned, *, every: bool) -> None:
    """Hold what sums bring: what is met today, more for more, no more than there is; between these it is a solver's."""
    told = plan.said["budget_curve"]
    if not told:
        return
    met = plan.met_now(every=every)
    results.hold(f"{place} budget_curve schools", told[0]["schools"], len({one.school for one in met}), Kind.WORKED)
    results.hold(f"{place} budget_curve pupils", told[0]["pupils"], sum(one.pupils or 0 for one in met), Kind.WORKED)
    held = [one for one in plan.now.places if not one.out and one.pupils]
    pupils = sum((one.pupils or Fraction(0) for one in held), Fraction(0))
    most: dict[str, Fraction] = {
        "cost": plan.cost,
        "schools": Fraction(len({one.school for one in held})),
        "pupils": pupils,
    }
    for name, end in most.items():
        rising = [Fraction(str(point[name])) for point in told]
        if any(later <= earlier for earlier, later in pairwise(rising)) or rising[-1] > end:
            results.record.bad(results.document, f"{place} budget_curve {name}", told[-1][name], "more for more")


def _gap(results: "Results", place: str, said: dict[str, Any]) -> None:
    cost, bound = Fraction(str(said["cost"])), Fraction(str(said["bound"]))
    gap = max(cost - bound, Fraction(0)) / cost if cost else Fraction(0)
    if bound > cost * (1 + Fraction(1, 10**9)):
        results.record.bad(results.document, f"{place} bound", said["bound"], "at most the cost")
    results.hold(f"{place} gap", said["gap"], gap, Kind.WORKED, 1e-6)
    status = "optimal" if gap <= PROVEN and cost - bound <= UNSEEN else "within_gap" if gap <= WITHIN else "feasible"
    status = status if cost else "nothing_to_do"
    results.hold(f"{place} status", said["status"], status, Kind.FORM)


def _action(results: "Results", place: str, plan: Planned, one: dict[str, Any]) -> None:
    at = f"{place} {one['school']} {one['indicator']}"
    now = next(p for p in plan.now.places if (p.school, p.stage) == (one["school"], one["stage"]))
    before = now.per_pupil(one["indicator"], plan.standard)
    after = plan.value(one["school"], one["stage"], one["indicator"])
    results.hold(f"{at} before", one["before"], before, Kind.WORKED, SUMMED)
    results.hold(f"{at} after", one["after"], after, Kind.WORKED, SUMMED)
    worked = Fraction(str(one["amount"])) * Fraction(str(one["price"]))
    results.hold(f"{at} cost", one["cost"], worked, Kind.WORKED, SUMMED)
    floor = plan.standard.floor(one["indicator"], one["stage"], plan.now.day)
    results.hold(f"{at} floor", one["floor"], floor, Kind.RULE, SUMMED)


def _coefficient(results: "Results", place: str, plan: Planned, row: dict[str, Any]) -> None:
    at = f"{place} cv_{row['indicator']} {row['stage']}"
    found = plan.now.coefficients[row["indicator"], row["stage"]]
    results.hold(f"{at} before", row["before"], found.cv, Kind.WORKED, SUMMED)
    results.hold(f"{at} after", row["after"], plan.coefficient(row["indicator"], row["stage"]), Kind.WORKED, SUMMED)
    limit = plan.standard.limit(row["indicator"], row["stage"], plan.now.day)
    results.hold(f"{at} limit", row["limit"], limit, Kind.RULE, SUMMED)
