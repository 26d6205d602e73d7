"""What the notebook of one school talks to."""

import difflib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from analysis import ids, standards
from analysis.clean import Records
from analysis.errors import RequestError
from analysis.judge import ledger
from analysis.judge.verdicts import place
from analysis.measure.shares import Share, shares
from analysis.tables import Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.documents.document import Document
from analysis.tell.documents.opening import open_report
from analysis.tell.facts.contradictions import contradictions, refuting
from analysis.tell.findings import Finding
from analysis.tell.speech.filters import Voice, marked

#: Schools named to someone who asked for one that is not there.
_NEAREST = 3


@dataclass(frozen=True)
class StagePart:
    """One stage of the school in the report's year: pupils, classes, and the finding of the school rule, if judged."""

    id: str
    pupils: float | None
    classes: float | None
    in_scope: bool
    scope_reason: str
    rule: Finding | None
    unmet: list[Finding]


@dataclass(frozen=True)
class Facts:
    """What the texts know: the sheet itself."""

    sheet: "SchoolSheet"


@dataclass(frozen=True, eq=False)
class SchoolSheet(Document):
    """One school of a report, in the report's year."""

    kind: ClassVar[str] = "school"

    case: Case
    code: str

    @property
    def name(self) -> str:
        """What the school is called."""
        return self.case.school(self.code)

    @cached_property
    def record(self) -> dict[str, Any] | None:
        """The school's row of `schools` in this year; None where it has none, or it was set aside."""
        rows = self.case.records.schools.filter(school=self.code, year=self.case.year)
        return rows.row(0, named=True) if rows.height else None

    @cached_property
    def stages(self) -> list[StagePart]:
        """The school's stages, primary first."""
        return [self._stage(row) for row in self.case.rows.filter(school=self.code).iter_rows(named=True)]

    @property
    def judged(self) -> list[StagePart]:
        """The stages that the school rule judges."""
        return [stage for stage in self.stages if stage.rule]

    @property
    def leading(self) -> StagePart | None:
        """The stage whose verdict colours the head: the worst, of several as bad the first."""
        return min(self.judged, key=lambda stage: place(stage.rule.verdict if stage.rule else ""), default=None)

    def _stage(self, row: dict[str, Any]) -> StagePart:
        stage = row["stage"] or ""
        here = self.case.now.where(kind=Kind.FLOOR, stage=stage, school=self.code)
        return StagePart(
            stage,
            row["pupils"],
            row["classes"],
            row["in_scope"],
            row["scope_reason"],
            self.case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOL_RULE, stage, self.code)),
            [finding for finding in here if finding.verdict == Verdict.NOT_MET],
        )

    @cached_property
    def shares(self) -> list[Share]:
        """How assets that the stages share are split; empty for a school of one stage."""
        return shares(self.record, self.case.standard) if self.record else []

    @property
    def course(self) -> list[int]:
        """The five years that the sheet shows, fewer where the county's data begin later; gaps are among them."""
        return list(range(max(self.case.year - 4, min(self.case.years)), self.case.year + 1))

    @cached_property
    def duties(self) -> list[Finding]:
        """Findings of this school for items that are computed from its records."""
        items = self.case.standard.items
        return [finding for finding in self.case.now if finding.school == self.code and finding.item in items]

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Lines of the ledger (judge.ledger.LINES) that this school has still to close."""
        case = self.case
        plan = standards.plan(case.plan) if case.plan else None
        schools = case.records.schools
        lines = ledger.lines(case.history, case.measurements, schools, case.standard, case.year, case.lang, plan)
        return lines.filter((pl.col("school") == self.code) & (pl.col("state") != ledger.CLOSED))

    @cached_property
    def told_apart(self) -> pl.DataFrame:
        """Those of `lines` that the table of indicators does not tell whole."""
        floor = (ids.kind_of(pl.col("item")) == Kind.FLOOR.value) & (pl.col("state") != ledger.UNKNOWN)
        return self.lines.filter(~floor | (pl.col("holder") != "") | pl.col("due").is_not_null())

    @cached_property
    def consistent(self) -> bool:
        """Whether nothing was found that contradicts the school's figures of this year."""
        return not contradictions(self.case, self.code) and not refuting(self.case, self.code)

    @property
    def naming(self) -> dict[str, Any]:
        """What its titles know of it."""
        return {"name": self.name, "code": self.code}

    def voice(self, name: str) -> Voice:
        """Return who speaks: the county's case."""
        return marked(self.case)

    def facts(self, name: str) -> Facts:
        """Return what the texts know."""
        return Facts(self)


def schools(records: Records, year: int) -> dict[str, str]:
    """Return code and name of each school of a year, those set aside in it (known from other years) included."""
    known = records.schools.sort("year").unique("school", keep="last", maintain_order=True)
    now = set(records.schools.filter(year=year)["school"])
    aside = "\n".join(records.quarantine.filter(year=year, table="schools")["cells"])
    names = {code: name for code, name in known.select("school", "name").iter_rows() if code in now or code in aside}
    return dict(sorted(names.items()))


def nearest(text: str, known: dict[str, str]) -> str:
    """Return the schools whose code or name is nearest to `text`, to be named in a message."""
    said = {word: f"{name}({code})" for code, name in known.items() for word in (code, name)}
    near = difflib.get_close_matches(text, said, n=_NEAREST, cutoff=0.0)
    return "、".join(dict.fromkeys(said[word] for word in near))


def open_school(school: str, county: str, year: int | None = None, **words: Any) -> SchoolSheet:
    """Return the sheet of a school (code) of a county; `words` are those of tell.open_report.

    Raises RequestError where the county has no such school in the year, and whatever open_report raises.
    """
    folders = {name: Path(words[name]) if words.get(name) else None for name in ("data", "processed")}
    case = open_report(county, year, **(words | folders))
    known = schools(case.records, case.year)
    if str(school) not in known:
        raise RequestError("school_unknown", school=school, names=nearest(str(school), known))
    return SchoolSheet(case, str(school))
