"""The ledger of what is to be mended (整改台账), recounted from the findings of all years."""

from collections import defaultdict
from dataclasses import dataclass

from verification.worked.case import Case
from verification.worked.finding import Finding

SUMMED = ("all", "school_rule", "schools", "rows_set_aside")


@dataclass(frozen=True)
class Line:
    """One line: the finding of the last year in which it was not met, its state, the year in which it was opened."""

    finding: Finding
    state: str
    opened: int
    last: int
    closed: int | None


def _has_line(case: Case, one: Finding) -> bool:
    if one.item in SUMMED or one.item.startswith(("rate_own", "recognition_")):
        return False
    return bool(one.school) or case.standard.items.get(one.item, {}).get("kind") != "computed"


def lines(case: Case) -> dict[str, Line]:
    """Return every line that is open, or was closed in the year of the report, by its id."""
    history: dict[str, dict[int, Finding]] = defaultdict(dict)
    for year in case.years:
        for id, one in case.at(year).findings.items():
            if _has_line(case, one):
                history[id][year] = one
    found = {}
    for id, years in history.items():
        unmet = [year for year, one in years.items() if one.verdict == "not_met"]
        if not unmet:
            continue
        last = max(unmet)
        met = [year for year, one in years.items() if one.verdict == "met"]
        before = max((year for year in met if year < last), default=None)
        closed = min((year for year in met if year > last), default=None)
        opened = min(year for year in unmet if before is None or year > before)
        now = years[case.year].verdict if case.year in years else ""
        state = "closed" if closed is not None else "unknown" if now != "not_met" else "open"
        if state == "open" and before is not None and before > min(unmet):
            state = "reopened"
        found[id] = Line(years[last], state, opened, last, closed)
    return {id: one for id, one in found.items() if one.closed is None or one.closed == case.year}


def unmet(case: Case) -> list[Line]:
    """Return the lines of what is not met this year; of floors those of schools that miss their rule."""
    found = []
    for one in lines(case).values():
        rule = case.now.findings.get(f"resources.school_rule.{one.finding.stage}.{one.finding.school}")
        misses = not one.finding.item.startswith("floor_") or (rule is not None and rule.verdict == "not_met")
        if one.state in ("open", "reopened") and misses:
            found.append(one)
    return found
