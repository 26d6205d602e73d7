"""What the plan of least cost says in sentences: sums, schools, coefficients before and after."""

from fractions import Fraction
from math import ceil

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked.least_cost import Planned

#: Yuan in which sums are told, and their places: in tens of thousands, in millions.
WAN, MILLION = 10000, 1000000
SUMS = {"wan": (WAN, 1), "million": (MILLION, 3)}


def plan_cost(at: At, which: str, unit: str = "wan") -> Said:
    """Return what a plan costs."""
    cost = at.case.plan(which).cost
    yuan, places = SUMS[unit]
    return Said(numbers.places(cost / yuan, places), _kind(at.case.plan(which)), cost)


def _kind(plan: Planned) -> Kind:
    """Return how sums of a plan are explained: by its actions, or by results.json alone."""
    return Kind.TRACED if plan.sums_alone else Kind.WORKED


def plan_schools(at: At, which: str) -> Said:
    """Return in how many schools a plan does something."""
    return count(at.case.plan(which).schools, _kind(at.case.plan(which)))


def plan_reserve(at: At) -> Said:
    """Return the reserve of the plan."""
    return Said(numbers.part(at.case.plan().reserve), Kind.RULE)


def plan_gap(at: At) -> Said:
    """Return the part of the cost that is not proven to be needed, rounded up to a tenth of a per cent."""
    said = at.case.plan().said
    cost, bound = Fraction(str(said["cost"])), Fraction(str(said["bound"]))
    return Said(numbers.percent(Fraction(ceil(max(cost - bound, Fraction(0)) / cost * 1000), 1000)), Kind.WORKED)


def plan_hundred(_: At) -> Said:
    """Return the pupils on which persons and rooms are counted."""
    return Said("100", Kind.RULE)


def plan_lacking(at: At, what: str) -> Said:
    """Return how many schools, or coefficients, are not met today."""
    item = "school_rule" if what == "schools" else "cv_"
    found = [one for one in at.case.now.findings.values() if one.item.startswith(item) and one.verdict == "not_met"]
    return count(len({one.school for one in found}) if what == "schools" else len(found))


def plan_cv(at: At, when: str) -> Said:
    """Return a coefficient before the plan, or after it."""
    plan = at.case.plan()
    after = plan.coefficient(at.indicator, at.stage)
    found = at.cv().value if when == "before" else after
    assert found is not None
    return Said(numbers.places(found, 3), Kind.WORKED, found)


def plan_left(at: At) -> Said:
    """Return how many values the plan leaves below their floor without doing anything there."""
    plan = at.case.plan()
    return count(plan.untouched, _kind(plan))


def plan_turn(at: At, what: str) -> Said:
    """Return from where on more only raises a coefficient, or how many schools lie above."""
    value, schools = at.case.plan().turn()
    return count(schools) if what == "schools" else Said(numbers.places(value, 1), Kind.WORKED, value)


def plan_line(at: At, name: str) -> Said:
    """Return the value of a line of the plan's figure."""
    plan = at.case.plan()
    stage, indicator = plan.most_spent
    decimals = plan.standard.indicators[indicator]["decimals"]
    floor = plan.standard.floor(indicator, stage, plan.now.day)
    assert floor is not None
    part = Fraction(str(plan.standard.data["school_rule"]["rest_part"]))
    value = {"floor": floor, "part": floor * part, "turn": plan.turn()[0]}[name]
    return Said(numbers.places(value, decimals), Kind.WORKED if name == "turn" else Kind.RULE, value)


def plan_bars(at: At, which: str) -> Said:
    """Return how many schools the plan's figure shows, or how many of them are raised."""
    plan = at.case.plan()
    stage, indicator = plan.most_spent
    places = [one for one in plan.now.inside(stage) if one.per_pupil(indicator, plan.standard) is not None]
    raised = [
        one
        for one in places
        if (plan.value(one.school, stage, indicator) or 0) > (one.per_pupil(indicator, plan.standard) or 0)
    ]
    return count(len(places if which == "all" else raised))


def plan_is(at: At, status: str) -> bool:
    """Return whether the plan has a status, or one of several."""
    return at.case.plan().said["status"] in status.split("|")


def plan_most(at: At) -> bool:
    """Return whether most is spent on the stage and indicator that are named."""
    return at.case.plan().most_spent == (at.stage, at.indicator)


def plan_within(at: At) -> bool:
    """Return whether every coefficient is within its limit after the plan."""
    return not any(one.startswith("cv_") for one in at.case.plan().broken())


ALL: dict[str, Quantity] = {
    "plan_cost": plan_cost,
    "plan_schools": plan_schools,
    "plan_reserve": plan_reserve,
    "plan_gap": plan_gap,
    "plan_hundred": plan_hundred,
    "plan_lacking": plan_lacking,
    "plan_cv": plan_cv,
    "plan_left": plan_left,
    "plan_turn": plan_turn,
    "plan_line": plan_line,
    "plan_bars": plan_bars,
}
CLAIMS: dict[str, Claim] = {"plan_is": plan_is, "plan_most": plan_most, "plan_within": plan_within}
