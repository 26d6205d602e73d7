"""Findings on quality: the national monitoring, and the county's own tests beside it."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verification.worked import rates
from verification.worked.finding import Finding, judged

if TYPE_CHECKING:
    from verification.worked.findings import Year


def quality(y: "Year") -> Iterator[Finding]:
    """Yield levels and rates of subjects concerned, and the rates of own tests."""
    rule = y.standard.data.get("monitoring")
    if not rule:
        return
    window = [y.year - back for back in range(rule["window_years"])]
    for subject, entry in rule["subjects"].items():
        if not entry["concerned"]:
            continue
        for grade in entry["grades"]:
            for item in ("level", "rate"):
                yield _monitored(y, rule, window, subject, grade, item)
    yield from _own(y, rule)


def _monitored(y: "Year", rule: dict[str, Any], window: list[int], subject: str, grade: int, item: str) -> Finding:
    value, at = None, None
    for year in window:
        rows = [
            row
            for row in y.county.rows("monitoring", year)
            if row["subject"] == subject and row["grade"] == grade and row.get("taken") != "no" and row["year"] == year
        ]
        if rows and rows[0].get(item) is not None:
            value, at = rows[0][item], year
            break
    state, target = y.standard.state(rule[item]["values"], y.day)
    sense = rule[item]["sense"]
    return Finding(
        f"quality.{item}.{subject}.{grade}",
        "quality",
        item,
        subject=subject,
        grade=grade,
        value=value,
        target=target,
        sense=sense,
        verdict=judged(value, target, sense, state),
        data_year=at,
        traced=True,
    )


def _own(y: "Year", rule: dict[str, Any]) -> Iterator[Finding]:
    held: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in y.county.rows("scores", y.year):
        held.setdefault((row["subject"], int(row["grade"])), []).append(row)
    limit = y.standard.at(rule["rate"]["values"], y.day)
    if limit is None:
        return
    for (subject, grade), rows in held.items():
        found = rates.rate(rows, float(limit))
        if found is None:
            yield _unrated(y, subject, grade, rows, limit)
            continue
        below, above = found.high < limit, found.low >= limit
        verdict, wide = "undecidable", False
        if found.at_end <= rule["own_tests"]["crowded"]:
            if below and found.p_safe >= 0.975:
                verdict = "met"
            elif above and found.p_safe <= 0.025:
                verdict = "not_met"
            else:
                wide = below or above
        low, high = (found.safe_low, found.safe_high) if wide else (found.low, found.high)
        yield Finding(
            f"quality.rate_own.{subject}.{grade}",
            "quality",
            "rate_own",
            subject=subject,
            grade=grade,
            value=Fraction(found.rate),
            target=limit,
            sense="below",
            verdict=verdict,
            data_year=y.year,
            told={"rate": found, "low": Fraction(low), "high": Fraction(high)},
        )


def _unrated(y: "Year", subject: str, grade: int, rows: list[dict[str, Any]], limit: Fraction) -> Finding:
    """Return the finding of a test of too few schools, or of none that can be compared."""
    s = rates.sums(rows)
    inside = s.free[1]
    told = {
        "schools": len(s.n),
        "pupils": int(s.n.sum()),
        "sigma2": s.within / inside if inside > 0 else None,
        "at_end": rates.crowd(rows),
    }
    verdict = "not_applicable" if len(s.n) == 1 else "no_data"
    id = f"quality.rate_own.{subject}.{grade}"
    return Finding(
        id,
        "quality",
        "rate_own",
        subject=subject,
        grade=grade,
        target=limit,
        sense="below",
        verdict=verdict,
        data_year=y.year,
        told=told,
    )
