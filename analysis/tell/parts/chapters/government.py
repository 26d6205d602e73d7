"""Government duties: what is met, what is not and where, what has no data."""

from dataclasses import dataclass

import polars as pl

from analysis import ids
from analysis.judge.against_rows import CONTRADICTS
from analysis.judge.evidence import LACK, listed
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding


def unproven(case: Case) -> list[Finding]:
    """Return what the county reported as met, in whatever field, without naming a document that shows it.

    An item whose row is blank is not reported, and one that is not met needs no document.
    """
    evidence = listed(case.findings, case.records, case.standard, case.year)
    bare = evidence.filter((pl.col("rows") > 0), basis="reported", state=LACK)
    said = pl.col("value").is_not_null() | (pl.col("answer") == "yes")
    reported = set(case.records.government.filter(said, year=case.year)["item"])
    return [finding for finding in map(case.finding, bare["id"]) if finding and finding.item in reported]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the section on duties says: items by verdict; `total` are judged, parts of so many `articles`.

    Entry conditions (`conditions` counts them without vetoes) by verdict; of those that are not met the vetoes apart,
    `breached`.

    `unproven` are reported as met without evidence.
    """

    whole: Finding | None
    total: int
    met: list[Finding]
    unmet: list[Finding]
    articles: int
    entry: list[Finding]
    conditions: int
    entry_met: list[Finding]
    entry_unmet: list[Finding]
    breached: list[Finding]
    entry_whole: Finding | None
    absent: list[Finding]
    contradicted: list[Finding]
    unproven: list[Finding]


def facts(case: Case) -> Facts:
    """Return what the chapter on government duties says."""
    items = [
        finding
        for finding in case.now.where(field=Field.GOVERNMENT)
        if finding.item in case.standard.items and not finding.school
    ]
    entry = [finding for finding in case.now.where(field=Field.ENTRY, school=None) if finding.kind != Kind.ALL]
    met = [item for item in items if item.verdict == Verdict.MET]
    unfulfilled = [finding for finding in entry if finding.verdict == Verdict.NOT_MET]
    return Facts(
        whole=case.now.whole(Field.GOVERNMENT),
        total=sum(ids.judged(item.item, item.field, item.school, item.verdict) for item in items),
        met=met,
        unmet=[item for item in items if item.verdict == Verdict.NOT_MET],
        articles=len({case.standard.items[item.item].number for item in items}),
        entry=entry,
        conditions=sum(not case.standard.veto(finding.item) for finding in entry),
        entry_met=[finding for finding in entry if finding.verdict == Verdict.MET],
        entry_unmet=[finding for finding in unfulfilled if not case.standard.veto(finding.item)],
        breached=[finding for finding in unfulfilled if case.standard.veto(finding.item)],
        entry_whole=case.now.whole(Field.ENTRY),
        absent=[item for item in items if item.verdict == Verdict.NO_DATA],
        contradicted=[item for item in items if item.reason in CONTRADICTS.values()],
        unproven=unproven(case),
    )
