"""What a region's report tells of the plan that it is held against."""

from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked.region import LISTED, Region
from verification.worked.region_plan import PlanYear, RegionPlan


def _plan(at: At) -> RegionPlan:
    assert isinstance(at.case, Region)
    return RegionPlan(at.case)


def _year(at: At, which: str) -> PlanYear:
    plan = _plan(at)
    return plan.next if which == "next" else plan.years[at.case.year]


def number(at: At, which: str, year: str = "now") -> Said:
    """Return a number of a year: its own, counties that meet the standard, don't, plan to be accepted, asked for."""
    found = getattr(_year(at, year), which)
    if found is None:
        raise LookupError(f"no {which}")
    kind = {"year": Kind.FORM, "target": Kind.RULE, "accepted": Kind.TRACED}.get(which, Kind.WORKED)
    return Said(str(found), kind) if which == "year" else count(found, kind)


def targets(at: At, which: str) -> Said:
    """Return how many counties the plan is about, targets it has for them, that some miss, that most miss, and how many
    counties do."""
    plan = _plan(at)
    known = {"all": len(plan.targets), "short": len(plan.short), "top": len(plan.top)}
    if which == "total":
        return count(plan.total, Kind.RULE)
    return count(plan.most if which == "most" else known[which])


def asked(at: At, whether: str) -> bool:
    """Whether the plan names a number for the year, reached as is said; or none."""
    one = _year(at, "now")
    return one.target is None if whether == "not" else one.verdict == at.said["verdict"]


def leads(at: At) -> bool:
    """Whether one target is missed by more counties than any other, by those named."""
    plan = _plan(at)
    if len(plan.top) != 1:
        return False
    named = [one.code for one in plan.top[0].of("not_met")]
    return list(at.said["counties"]) == named[: LISTED if len(named) > LISTED else len(named)]


def several(at: At) -> bool:
    """Whether several targets are missed by as many counties as any."""
    return len(_plan(at).top) > 1


def none_short(at: At) -> bool:
    """Whether no county misses a target."""
    return not _plan(at).short


ALL: dict[str, Quantity] = {"region_plan_year": number, "region_plan_targets": targets}
CLAIMS: dict[str, Claim] = {
    "region_plan_asked": asked,
    "region_plan_leads": leads,
    "region_plan_several": several,
    "region_plan_none": none_short,
}
