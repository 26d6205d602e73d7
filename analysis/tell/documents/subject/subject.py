"""What the notebook of one subject talks to."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import polars as pl

from analysis import ids, judge
from analysis.errors import RequestError
from analysis.standards import vocabulary
from analysis.tables import Field, Kind
from analysis.tell.case.case import Case
from analysis.tell.documents.document import Document
from analysis.tell.documents.opening import open_report
from analysis.tell.documents.subject import scores as of_scores
from analysis.tell.facts.duty import Duty, duties
from analysis.tell.facts.rates import OwnRate, change_interval, own_rate
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.picture import Picture
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True)
class Change:
    """How a rate of the own tests moved since the year `before`, with its 95 % interval."""

    before: int
    then: OwnRate
    difference: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Grade:
    """One grade in the report's year: national findings, the own test's rate and scores; None where there are none."""

    number: int
    level: Finding | None
    rate: Finding | None
    own: OwnRate | None
    change: Change | None
    scores: pl.DataFrame

    @cached_property
    def distribution(self) -> of_scores.Distribution | None:
        """The distribution of scores."""
        return of_scores.distribution(self.scores)

    @cached_property
    def areas(self) -> list[of_scores.Area]:
        """Schools of towns and villages apart."""
        return of_scores.areas(self.scores)

    @cached_property
    def parts(self) -> of_scores.Parts | None:
        """Where the scores' sum of squares lies."""
        return of_scores.parts(self.scores)

    @cached_property
    def effects(self) -> pl.DataFrame:
        """Effects of schools, by code (scores.school_effects); none of a school that stands beside no other."""
        return of_scores.school_effects(self.scores).filter(pl.col("effect").is_not_null())

    @property
    def above(self) -> int:
        """Schools whose whole interval lies above the county's mean."""
        return self.effects.filter(pl.col("low") > 0).height

    @property
    def below(self) -> int:
        """Schools whose whole interval lies below the county's mean."""
        return self.effects.filter(pl.col("high") < 0).height


@dataclass(frozen=True)
class Facts:
    """What the texts know: the report itself."""

    tested: "SubjectReport"


@dataclass(frozen=True, eq=False)
class SubjectReport(Document):
    """One subject of a report, in the report's year."""

    kind: ClassVar[str] = "subject"

    case: Case
    subject: str

    @cached_property
    def grades(self) -> list[Grade]:
        """The grades of which anything is known, ascending."""
        judged = {
            finding.grade for finding in self.case.now if finding.subject == self.subject and finding.grade is not None
        }
        tested = self._scores.filter(pl.col("year") == self.case.year)["grade"].unique()
        return [self._grade(number) for number in sorted({*judged, *tested})]

    @cached_property
    def said(self) -> list[Grade]:
        """The grades with a national result, or with a reason why there is none."""
        return [
            grade
            for grade in self.grades
            if (grade.level and (grade.level.value is not None or grade.level.reason))
            or (grade.rate and grade.rate.value is not None)
        ]

    @cached_property
    def _scores(self) -> pl.DataFrame:
        records = self.case.records
        area = records.schools.select("year", "school", "area")
        own = records.scores.filter(pl.col("subject") == self.subject)
        return own.join(area, on=["year", "school"], how="left", maintain_order="left")

    def scores(self, grade: int, year: int) -> pl.DataFrame:
        """Return the rows of `scores` of a grade and year, with the `area` of each school."""
        return self._scores.filter(grade=grade, year=year)

    def own(self, grade: int, year: int) -> OwnRate | None:
        """Return the rate of the own test of a grade in a year."""
        finding = self.case.at(year).get(ids.finding(Field.QUALITY, Kind.RATE_OWN, self.subject, grade))
        return own_rate(finding) if finding else None

    def _grade(self, number: int) -> Grade:
        year, now = self.case.year, self.case.now
        return Grade(
            number,
            now.get(ids.finding(Field.QUALITY, Kind.LEVEL, self.subject, number)),
            now.get(ids.finding(Field.QUALITY, Kind.RATE, self.subject, number)),
            self.own(number, year),
            self._change(number),
            self.scores(number, year),
        )

    def _change(self, grade: int) -> Change | None:
        now = self.own(grade, self.case.year)
        years = (year for year in reversed(self.case.years) if year < self.case.year)
        before = next(((year, own) for year in years if (own := self.own(grade, year))), None)
        if now is None or before is None:
            return None
        year, then = before
        ends = (then.low, then.high, now.low, now.high)
        if None in ends:
            return None
        low, high = change_interval(then.value, *ends[:2], now.value, *ends[2:])  # type: ignore[arg-type]
        return Change(year, then, now.value - then.value, low, high)

    def may_tell(self, grade: Grade) -> bool:
        """Return whether scores of a grade may be told: to the public not where few schools stand behind them."""
        distribution, rule = grade.distribution, wording.emphasis()
        if not self.case.public or distribution is None:
            return distribution is not None
        return bool(
            distribution.schools >= rule["subject"]["schools"] and distribution.pupils >= rule["suppress_below"]
        )

    def may_part(self, grade: Grade) -> bool:
        """Return whether areas of a grade may be told apart; to the public not where one has few schools or pupils."""
        rule = wording.emphasis()
        return self.may_tell(grade) and (
            not self.case.public
            or all(
                area.schools >= rule["subject"]["schools"] and area.pupils >= rule["suppress_below"]
                for area in grade.areas
            )
        )

    @cached_property
    def verdict(self) -> str | None:
        """The verdict of all national results together; None where the standard judges none."""
        verdicts = [finding.verdict for grade in self.grades for finding in (grade.level, grade.rate) if finding]
        return judge.combine(verdicts).value if verdicts else None

    @cached_property
    def duties(self) -> list[Duty]:
        """What keeps the subject from its verdict, with who answers for it, as the county's report tells it."""
        return [duty for duty in duties(self.case) if duty.obstacle.finding.subject == self.subject]

    @cached_property
    def told_grades(self) -> list[Grade]:
        """Grades whose scores may be told."""
        return [grade for grade in self.grades if self.may_tell(grade)]

    @property
    def naming(self) -> dict[str, Any]:
        """What its titles know of it."""
        return {"name": self.case.word("subjects", self.subject)}

    def voice(self, name: str) -> Voice:
        """Return who speaks: the county's case."""
        return marked(self.case)

    def facts(self, name: str) -> Facts:
        """Return what the texts know."""
        return Facts(self)

    def figure(self, name: str = "distribution") -> Picture | None:
        """Return a figure, by default that of the scores' distribution; None without scores, and to the public."""
        return super().figure(name)


def subject_id(text: str) -> str:
    """Return the id of a subject that is named by its id or name; RequestError with those that there are."""
    known = vocabulary()["subjects"]
    for id, label in known.items():
        if text.strip().casefold() in (id, label.zh.casefold(), label.en.casefold()):
            return id
    names = "、".join(f"{label.zh}({id})" for id, label in known.items())
    raise RequestError("subject_unknown", subject=text.strip(), names=names)


def open_subject(subject: str, county: str, year: int | None = None, **options: Any) -> SubjectReport:
    """Return the report on a subject (id or name) of a county; `options` are those of tell.open_report.

    Raises RequestError where nothing is known of the subject in the year, and whatever open_report raises.
    """
    report = SubjectReport(open_report(county, year, **options), subject_id(subject))
    if not report.grades:
        raise RequestError(
            "subject_without_data", subject=vocabulary()["subjects"][report.subject].zh, county=report.case.names["zh"],
            year=report.case.year,
        )  # fmt: skip
    return report
