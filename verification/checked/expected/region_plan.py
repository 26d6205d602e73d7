"""Tables of a region's plan: counties by year beside what is asked for, and by each target of the plan."""

from fractions import Fraction

from verification.checked.expected.base import Row, count, form
from verification.checked.expected.plan import aim
from verification.checked.expected.region import _region
from verification.checked.kinds import Kind
from verification.checked.shown import Shown, blank, word
from verification.worked.region_plan import RegionPlan

OPEN, LATER = ("no_data", "undecidable", "target_not_set"), ("not_in_force", "not_applicable")


def years(s: Shown, _: dict[str, str]) -> list[Row]:
    """Counties with statistics of each year, that meet the standard or don't, that plan to be accepted, asked for."""
    rows = []
    for one in RegionPlan(_region(s)).years.values():
        row = {"year": form(one.year, Fraction(one.year)), "known": count(one.known)}
        for name in ("met", "unmet"):
            row[name] = count(getattr(one, name)) if one.known else blank(s.lang)
        row["accepted"] = blank(s.lang) if one.accepted is None else count(one.accepted, Kind.TRACED)
        row["target"] = blank(s.lang) if one.target is None else count(one.target, Kind.RULE)
        rows.append(row | {"verdict": form(s.standard.word("verdicts", one.verdict, s.lang))})
    return rows


def items(s: Shown, _: dict[str, str]) -> list[Row]:
    """Targets of the plan: how many counties meet each, don't, are open, are not asked; which don't."""
    plan, told, rows = RegionPlan(_region(s)), s.by_plan, []
    for target in plan.targets:
        one = target.finding
        unmet = target.of("not_met")
        scope = blank(s.lang)
        if one.subject:
            subject, grade = (
                s.standard.word(*each, s.lang) for each in (("subjects", one.subject), ("grades", str(one.grade)))
            )
            scope = form(f"{subject}, {grade}" if s.lang == "en" else f"{grade}{subject}")
        elif one.stage:
            scope = form(s.standard.word("stages", one.stage, s.lang))
        names = word("cells", "between", s.lang).join(member.name for member in unmet)
        rows.append(
            {
                "item": form(told.label(one.item)),
                "scope": scope,
                "target": aim(told, one),
                "met": count(len(target.of("met"))),
                "unmet": count(len(unmet)),
                "open": count(len(target.of(*OPEN))),
                "later": count(len(target.of(*LATER))),
                "which": form(names) if names else blank(s.lang),
            }
        )
    return rows
