"""What the notebooks of the forms talk to."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

import polars as pl
from markupsafe import Markup

from analysis import ids
from analysis.judge.ledger import CLOSED
from analysis.tables import Field, Kind, Verdict
from analysis.tell.documents.beside import Beside, Facts
from analysis.tell.documents.template import Templated
from analysis.tell.facts.basics import Basics, basics
from analysis.tell.facts.calendar import Day, What, calendar_of
from analysis.tell.facts.changes import Counted, counted
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.facts.obstacles import Obstacle, obstacles
from analysis.tell.findings import Finding
from analysis.tell.language import escape, wording
from analysis.tell.parts.chapters.conclusion import judged


@dataclass(frozen=True)
class FormFacts(Facts):
    """What the texts of a form know: the form, and what keeps the county from its verdict, heaviest first."""

    matters: list[Obstacle]


@dataclass(frozen=True, eq=False)
class Form(Templated, Beside):
    """A county's case in the order of a form: what is known is told, what the county alone knows is a blank."""

    kind: ClassVar[str] = ""

    def facts(self, name: str) -> FormFacts:
        """Return what the texts know."""
        return FormFacts(self, self.matters)

    def blank(self, name: str) -> str:
        """Return what the county says in its own words in a place of the form, else the blank that it fills in."""
        own = self.case.own(name)
        return Markup("\n\n").join(Markup(escape.markdown(each)) for each in own) if own else super().blank(name)

    @property
    def aim(self) -> str:
        """What the standard certifies."""
        return wording.aim(self.case.standard, self.case.lang)

    @property
    def signed(self) -> str:
        """The day of signing in words, "" where it is written by hand."""
        return wording.day(date.fromisoformat(self.case.date), self.case.lang) if self.case.date else ""

    @property
    def overall(self) -> Finding | None:
        """The finding on the county."""
        return self.case.finding(ids.OVERALL)

    def whole(self, field: str) -> Finding | None:
        """Return the finding that sums up a field."""
        return self.case.now.whole(field)

    def of(self, field: str, verdict: str = "") -> list[Finding]:
        """Return the findings that a field's verdict is made of, those with one verdict alone where it is named."""
        return [finding for finding in judged(self.case, field) if not verdict or finding.verdict == verdict]

    @cached_property
    def judged(self) -> list[Finding]:
        """What makes the verdict."""
        return judged(self.case)

    def count(self, verdict: str) -> int:
        """Return how many of `judged` have a verdict."""
        return sum(finding.verdict == verdict for finding in self.judged)

    @property
    def basics(self) -> Basics:
        """The county in counts."""
        return basics(self.case)

    @cached_property
    def schools(self) -> list[Counted]:
        """Schools of each stage that meet the rule."""
        return counted(self.case) if self.case.standard.school_rule else []

    @cached_property
    def cvs(self) -> list[Finding]:
        """The coefficients that count."""
        return [finding for finding in self.of(Field.RESOURCES) if finding.kind == Kind.CV]

    @property
    def cvs_met(self) -> list[Finding]:
        """Those of `cvs` that are within their limit."""
        return [finding for finding in self.cvs if finding.verdict == Verdict.MET]

    @property
    def recognition(self) -> Finding | None:
        """The finding on recognition, None where there is no survey."""
        recognition = next(iter(self.case.now.where(item=Kind.RECOGNITION)), None)
        return recognition if recognition and recognition.value is not None else None

    @cached_property
    def matters(self) -> list[Obstacle]:
        """What keeps the county from its verdict, heaviest first."""
        return obstacles(self.case)

    @property
    def absent(self) -> list[Finding]:
        """What has no data."""
        return [finding for finding in self.judged if finding.verdict == Verdict.NO_DATA]

    @property
    def undecided(self) -> list[Finding]:
        """What can't be decided yet."""
        return [finding for finding in self.judged if finding.verdict == Verdict.UNDECIDABLE]

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Lines of the ledger that are not closed."""
        return ledger_of(self.case).lines.filter(pl.col("state") != CLOSED)

    @property
    def targets(self) -> list[Day]:
        """What of the plan comes into force next."""
        calendar = calendar_of(self.case)
        return [day for day in (*calendar.days, *calendar.later) if day.what is What.TARGET]

    @property
    def certified_years(self) -> Finding | None:
        """Years since the certificate of basic balance, where the county reports them."""
        years = next(iter(self.case.now.where(item="basic_balance_years")), None)
        return years if years and years.value is not None else None


class SelfAssessment(Form):
    """The self-assessment report."""

    kind: ClassVar[str] = "selfassessment"


class Application(Form):
    """The application form."""

    kind: ClassVar[str] = "application"
