"""The tables that ought to be printed, row by row, worked out from the raw statistics."""

from collections.abc import Callable

from verification.checked.expected import items, ledgers, plan, planned, records, resources, school, subject, township
from verification.checked.expected.base import Row
from verification.checked.shown import Shown

#: Each table of tables.yml by the function that works it out.
TABLES: dict[str, Callable[[Shown, dict[str, str]], list[Row]]] = {
    "fields": items.fields,
    "basics": resources.basics,
    "resources": resources.overview,
    "failing": resources.failing,
    "coefficients": resources.coefficients,
    "summary": resources.summary,
    "schools": resources.schools,
    "improvement": resources.improvement,
    "monitoring": items.monitoring,
    "recognition": items.recognition,
    "problems": ledgers.problems,
    "ledger": ledgers.ledger,
    "ledger_closed": ledgers.ledger_closed,
    "items": items.items,
    "scope": resources.scope,
    "accounts": records.accounts,
    "sources": records.sources,
    "findings": items.findings,
    "notices": records.notices,
    "quarantine": records.quarantine,
    "evidence": records.evidence,
    "calendar": records.calendar,
    "plan": plan.plan,
    "milestones": plan.milestones,
    "yearly": plan.yearly,
    "least_cost": planned.least_cost,
    "plan_sums": planned.plan_sums,
    "school_indicators": school.indicators,
    "school_duties": school.duties,
    "school_lines": school.ledger,
    "school_contradictions": school.contradictions,
    "township_schools": township.schools,
    "township_lacking": township.lacking,
    "township_classes": township.classes,
    "township_parts": township.parts,
    "township_lines": township.ledger,
    "plan_schools": planned.plan_schools,
    "subject_national": subject.national,
    "subject_distribution": subject.distribution,
    "subject_areas": subject.areas,
    "subject_years": subject.years,
    "subject_effects": subject.effects,
}
