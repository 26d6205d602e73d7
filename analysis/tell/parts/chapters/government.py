"""Government duties: what is met, what is not and where, what has no data."""

from dataclasses import dataclass

import polars as pl

from analysis import ids
from analysis.judge.against_rows import CONTRADICTS
from analysis.judge.evidence import LACK, listed
from analysis.standards.basis import Label
from analysis.tables import Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.facts.obstacles import short_schools
from analysis.tell.facts.tally import Tally, tally
from analysis.tell.findings import Finding


@dataclass(frozen=True)
class Unmet:
    """An item that is not met, with the schools that fall short where it is computed."""

    finding: Finding
    schools: tuple[Finding, ...]
    tally: Tally | None


def unproven(case: Case) -> list[Finding]:
    """Return what the county reported, in whatever field, without naming a document that shows it."""
    found = listed(case.findings, case.records, case.standard, case.year)
    bare = found.filter((pl.col("rows") > 0), basis="reported", state=LACK)
    return [one for one in map(case.finding, bare["id"]) if one]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter on duties says: items by verdict, each with the schools that fall short; `total` are judged.

    Entry conditions by verdict.

    `unproven` are reported as met without evidence.
    """

    whole: Finding | None
    total: int
    met: list[Finding]
    unmet: list[Unmet]
    entry: list[Finding]
    steps: tuple[Label, ...]
    entry_met: list[Finding]
    entry_unmet: list[Finding]
    entry_whole: Finding | None
    absent: list[Finding]
    contradicted: list[Finding]
    unproven: list[Finding]


def facts(case: Case) -> Facts:
    """Return what the chapter on government duties says."""
    items = [one for one in case.now.where(field="government") if one.item in case.standard.items and not one.school]
    entry = [one for one in case.now.where(field="entry", school=None) if one.kind != Kind.ALL]
    met = [one for one in items if one.verdict == Verdict.MET]
    return Facts(
        whole=case.now.whole("government"),
        total=sum(ids.judged(one.item, one.field, one.school, one.verdict) for one in items),
        met=met,
        unmet=[
            Unmet(one, short_schools(case, one), tally(case, one)) for one in items if one.verdict == Verdict.NOT_MET
        ],
        entry=entry,
        steps=case.standard.steps,
        entry_met=[one for one in entry if one.verdict == Verdict.MET],
        entry_unmet=[one for one in entry if one.verdict == Verdict.NOT_MET],
        entry_whole=case.now.whole("entry"),
        absent=[one for one in items if one.verdict == Verdict.NO_DATA],
        contradicted=[one for one in items if one.reason == CONTRADICTS],
        unproven=unproven(case),
    )
