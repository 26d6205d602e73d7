"""Published coefficients: the verdict of each stage, what differs most, what nobody can tell without school rows."""

from dataclasses import dataclass

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import Field, Kind, Stage, Verdict
from analysis.tell.case.case import Case
from analysis.tell.case.setting import SourceFile
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True)
class Part:
    """One coefficient of a stage: a measurement, not judged; `id` is that of its row in results.json."""

    id: str
    indicator: str
    cv: float


@dataclass(frozen=True)
class Composite:
    """A stage: the finding of its composite, the published composite, the indicators that differ most."""

    finding: Finding
    published: float | None
    highest: list[Part]
    count: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a report of published coefficients says: a composite per stage, findings without data, the source file."""

    judged: list[Composite]
    open: list[Finding]
    origin: SourceFile


def facts(case: Case) -> Facts:
    """Return `judged` (a Composite per stage), `open` (findings without data) and `origin`, the source file."""
    judged = [_composite(case, stage.value) for stage in Stage]
    return Facts(
        judged=[finding for finding in judged if finding],
        open=[
            finding
            for finding in case.now
            if finding.verdict == Verdict.NO_DATA and finding.kind != Kind.ALL and finding.stage is None
        ],
        origin=case.source_files[0],
    )


def _composite(case: Case, stage: str) -> Composite | None:
    finding = case.finding(ids.finding(Field.RESOURCES, ids.cv(COMPOSITE), stage))
    if finding is None:
        return None
    known = [
        Part(f"coefficients.{indicator}.{stage}", indicator, cv)
        for indicator in case.standard.indicators
        if (cv := case.measured.stage(case.year, stage, indicator, "cv")) is not None
    ]
    highest = sorted(known, key=lambda finding: -finding.cv)[: wording.emphasis()["listed"]["published"]]
    return Composite(finding, case.measured.stage(case.year, stage, COMPOSITE, "published"), highest, len(known))
