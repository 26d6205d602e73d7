"""What the notebook of a field check talks to."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from analysis import ids, judge, measure, sources
from analysis.judge.fieldcheck import Verified, listed, verified
from analysis.read import fieldcheck as workbook
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.documents.document import Document
from analysis.tell.documents.opening import open_report
from analysis.tell.facts.obstacles import Obstacle, obstacles
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True)
class Visited:
    """One school of the check: values on its sheet, verified and differing ones, and the school rule before and after.

    `worst` is the largest deviation rate by size, None where there is none.
    """

    code: str
    listed: int
    verified: int
    differing: int
    worst: float | None
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the texts know: the check, the county's verdict before and after it, how many schools were visited and
    which were not, values left blank, what keeps the county from its verdict after it and how much of that is told.
    """

    check: "FieldCheck"
    before: Finding | None
    after: Finding | None
    done: int
    undone: list[str]
    blank: int
    most: int
    matters: list[Obstacle]


@dataclass(frozen=True, eq=False)
class FieldCheck(Document):
    """A report as it was reported, and what the workbook of its field check holds; always internal."""

    kind: ClassVar[str] = "fieldcheck"

    case: Case
    sheet: workbook.Sheet

    @cached_property
    def result(self) -> Verified:
        """What the field check comes to."""
        case = self.case
        return verified(
            case.records, self.sheet.entries, case.standard, case.county, case.year, case.laid
        )  # fmt: skip

    @cached_property
    def after(self) -> Case:
        """The same report with the verified values in place of those reported."""
        case, verified = self.case, self.result
        others = case.history.filter(pl.col("year") != case.year)
        return replace(
            case,
            records=verified.records,
            stages=measure.stage_rows(verified.records.schools, case.standard),
            measurements=measure.measure(verified.records, case.standard),
            history=pl.concat([others, verified.findings]).sort("year", maintain_order=True),
        )

    @cached_property
    def differing(self) -> pl.DataFrame:
        """The verified values that differ from those reported (judge.fieldcheck.Verified.compared)."""
        return self.result.compared.filter("differs")

    @property
    def agreeing(self) -> float:
        """The share of the verified values that agree with those reported; 1 where none was verified."""
        number = self.result.compared.height
        return 1 - self.differing.height / number if number else 1.0

    @cached_property
    def changes(self) -> list[tuple[Finding | None, Finding | None]]:
        """Findings whose verdict changes, before and after, in the order of the report; the county's own first."""
        changed = set(self.result.changes["id"])
        by_id = {finding.id: finding for now in (self.after.now, self.case.now) for finding in (*now, *now.plan)}
        in_order = sorted((id for id in by_id if id in changed), key=lambda id: by_id[id].school is not None)
        return [(self.case.finding(id), self.after.finding(id)) for id in in_order]

    @cached_property
    def fields(self) -> list[tuple[Finding, Finding]]:
        """The whole of each field that is judged, before and after."""
        wholes = [finding for finding in self.case.now if finding.kind == Kind.ALL and finding.field != Field.OVERALL]
        pairs = [(finding, self.after.finding(finding.id)) for finding in wholes]
        return [(before, after) for before, after in pairs if after and before.verdict != Verdict.NOT_APPLICABLE.value]

    @cached_property
    def schools(self) -> list[Visited]:
        """The schools drawn, then those that people added, in their order."""
        compared = self.result.compared
        added = [code for code in compared["school"].unique(maintain_order=True) if code not in self.sheet.schools]
        return [self._visited(code) for code in (*self.sheet.schools, *added)]

    @cached_property
    def _listed(self) -> dict[str, int]:
        """How many values of the report are on the sheet, by school; lines that fit none are no values to verify."""
        lines = listed(self.case.records, self.sheet.listed, self.case.year)
        return dict(lines.group_by("school").len().iter_rows())

    def _visited(self, code: str) -> Visited:
        own = self.result.compared.filter(school=code)
        rates = own["rate"].drop_nulls().to_list()
        differing = own.filter("differs").height
        return Visited(
            code,
            self._listed.get(code, own.height),
            own.height,
            differing,
            max(rates, key=abs, default=None) if differing else None,
            _rule(self.case, code),
            _rule(self.after, code),
        )

    @property
    def unvisited(self) -> list[str]:
        """The codes of the schools of which nothing is verified."""
        return [school.code for school in self.schools if not school.verified]

    @property
    def blank(self) -> int:
        """How many values of the schools visited are on a sheet and not verified."""
        return sum(school.listed - school.verified for school in self.schools if school.verified)

    def voice(self, name: str) -> Voice:
        """Return who speaks: the case after the check."""
        return marked(self.after)

    def facts(self, name: str) -> Facts:
        """Return what the texts know; `report` in them is the case after the check."""
        return Facts(
            check=self,
            before=self.case.finding(ids.OVERALL),
            after=self.after.finding(ids.OVERALL),
            done=len(self.schools) - len(self.unvisited),
            undone=self.unvisited,
            blank=self.blank,
            most=wording.emphasis()["listed"]["fieldcheck"],
            matters=obstacles(self.after),
        )


def _rule(case: Case, code: str) -> str:
    """Return whether a school meets the school rule in all its stages; "" where it is not judged."""
    verdicts = [finding.verdict for finding in case.now.where(kind=Kind.SCHOOL_RULE, school=code)]
    return str(judge.combine(verdicts)) if verdicts else ""


def open_fieldcheck(county: str, year: int | None = None, **words: Any) -> FieldCheck:
    """Return the field check of a county and year; `words` are those of tell.open_report.

    Raises DataError where its workbook can't be read, and whatever open_report raises. Without a workbook it is empty.
    """
    folders = {name: Path(words[name]) if words.get(name) else None for name in ("data", "processed")}
    case = open_report(county, year, **(words | folders))
    catalogue = sources.load(sources.folder_of(folders["data"], case.county))
    filled = sources.filled_folder(catalogue.folder, sources.find_county(catalogue, case.county))
    path = workbook.path_of(filled, case.county, case.year)
    return FieldCheck(case, workbook.read(path))
