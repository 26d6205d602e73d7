"""What the notebook of one township talks to."""

import difflib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from analysis import ids
from analysis.clean import Records
from analysis.errors import RequestError, language, listed
from analysis.judge import ledger
from analysis.sources import shown
from analysis.standards import rules
from analysis.tables import DECIDED, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.documents.document import Document
from analysis.tell.documents.opening import open_report
from analysis.tell.facts.ledger import ledger_of
from analysis.tell.facts.obstacles import Shortfall, shortfalls
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.speech.filters import Voice, marked

_NEAREST = 3


@dataclass(frozen=True)
class StagePart:
    """One stage of the township's schools that are judged: codes of all, of those that meet the rule, that don't."""

    id: str
    schools: list[str]
    met: list[str]
    unmet: list[str]
    undecided: list[str]


@dataclass(frozen=True)
class Part:
    """The township's part in one coefficient of the county: of S squared, of the pupils (0 to 1), and both means."""

    cv: Finding
    share: float
    pupils: float
    mean: float
    county: float
    schools: int


@dataclass(frozen=True)
class Facts:
    """What the texts know: the report itself."""

    township: "TownshipReport"


@dataclass(frozen=True, eq=False)
class TownshipReport(Document):
    """The schools of one township (乡镇、街道) in a report's year, by the name that the statistics give."""

    kind: ClassVar[str] = "township"

    case: Case
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "case", self.case.within(self.name))

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Stage rows of the township's schools in the report's year, by code, primary first."""
        order = pl.col("stage") == "junior"
        return self.case.rows.filter(township=self.name).sort(
            order.fill_null(value=False), "school", maintain_order=True
        )

    @cached_property
    def codes(self) -> list[str]:
        """The codes of the township's schools."""
        return sorted(self.case.records.schools.filter(township=self.name, year=self.case.year)["school"].unique())

    @cached_property
    def left_out(self) -> list[tuple[str, str]]:
        """Code and reason of each school that is out of scope."""
        out = self.rows.filter(~pl.col("in_scope")).unique("school", keep="first", maintain_order=True)
        return [(str(school), str(reason)) for school, reason in out.select("school", "scope_reason").rows()]

    def rule(self, school: str, stage: str) -> Finding | None:
        """Return the finding of the school rule."""
        return self.case.finding(ids.finding(Field.RESOURCES, Kind.SCHOOL_RULE, stage, school))

    @cached_property
    def stages(self) -> list[StagePart]:
        """The stages with schools in scope."""
        parts, settled = [], {*DECIDED, *ids.UNASKED}
        for stage in self.case.stage_ids:
            codes = self.rows.filter("in_scope", stage=stage)["school"].to_list()
            verdicts = {code: rule.verdict for code in codes if (rule := self.rule(code, stage))}
            if codes:
                parts.append(
                    StagePart(
                        stage,
                        codes,
                        [code for code in codes if verdicts.get(code) == Verdict.MET],
                        [code for code in codes if verdicts.get(code) == Verdict.NOT_MET],
                        [code for code in codes if verdicts.get(code, Verdict.NO_DATA) not in settled],
                    )
                )
        return parts

    @property
    def all_met(self) -> bool:
        """Tell whether schools are counted and all of them meet a rule that the standard has."""
        rule = self.case.standard.school_rule
        return bool(self.stages and rule) and all(len(stage.met) == len(stage.schools) for stage in self.stages)

    @cached_property
    def shortfalls(self) -> list[Shortfall]:
        """What the township's schools lack below a floor; to the public not of a school with few pupils."""
        mine = set(self.codes)
        return [
            shortfall for shortfall in shortfalls(self.case)
            if shortfall.school in mine and self.case.may_show(shortfall.school, shortfall.finding.stage)
        ]  # fmt: skip

    @cached_property
    def sizes(self) -> list[Finding]:
        """The findings on class size of the township's schools."""
        mine = set(self.codes)
        items = rules.counting(self.case.standard.items, "classes")
        sizes = [finding for finding in self.case.now if finding.item in items and finding.school in mine]
        return sorted(sizes, key=lambda finding: (finding.stage != "primary", finding.school or ""))

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Lines of the ledger that the township's schools have still to close."""
        mine = pl.col("school").is_in(self.codes)
        return ledger_of(self.case).lines.filter(mine & (pl.col("state") != ledger.CLOSED))

    @cached_property
    def parts(self) -> list[Part]:
        """The township's part in each judged coefficient, the largest beside its share of pupils first."""
        case, parts = self.case, []
        for cv in case.now.where(kind=Kind.CV):
            if cv.value is None or not cv.stage or not cv.indicator or cv.verdict not in DECIDED:
                continue
            every = case.measurements.filter(
                pl.col("school").is_not_null() & pl.col("share").is_not_null(),
                year=case.year, stage=cv.stage, indicator=cv.indicator, statistic="value",
            )  # fmt: skip
            mine = every.filter(pl.col("school").is_in(self.codes))
            county = case.measured.stage(case.year, cv.stage, cv.indicator, "mean")
            if mine.is_empty() or county is None:
                continue
            # A mean as a stage's: what all schools have over all pupils; multiplied as the indicator is.
            total, amount, share = mine.select(
                pl.col("pupils").sum(),
                (pl.col("value") * pl.col("pupils")).sum().alias("amount"),
                pl.col("share").sum(),
            ).row(0)
            mean, pupils = amount / total, total / every.select(pl.col("pupils").sum()).item()
            parts.append(Part(cv, share, pupils, mean, county, mine.height))
        return sorted(parts, key=lambda part: (part.cv.stage != "primary", -(part.share - part.pupils), part.cv.id))

    @property
    def apart(self) -> list[Part]:
        """Parts larger than the township's share of pupils in coefficients that the county doesn't meet, if told."""
        over = [part for part in self.parts if part.cv.verdict == Verdict.NOT_MET and part.share > part.pupils]
        return [part for part in over if self.may_tell(part)]

    def may_tell(self, part: Part) -> bool:
        """Return whether a mean may be told: to the public not where few schools stand behind it."""
        return not self.case.public or part.schools >= int(wording.emphasis()["subject"]["schools"])

    @property
    def naming(self) -> dict[str, Any]:
        """What its titles know of it."""
        return {"name": self.case.township_in_full(self.name)}

    @property
    def called(self) -> str:
        """What its texts call it."""
        return self.case.township_called(self.name)

    def voice(self, name: str) -> Voice:
        """Return who speaks: the county's case."""
        return marked(self.case)

    def facts(self, name: str) -> Facts:
        """Return what the texts know."""
        return Facts(self)


def townships(records: Records, year: int) -> list[str]:
    """Return the townships that the schools of a year lie in."""
    return sorted(records.schools.filter(pl.col("township").fill_null("") != "", year=year)["township"].unique())


def township_named(text: str, records: Records, year: int, county: str) -> str:
    """Return the township that a name or a unique beginning of it means; RequestError with the nearest where none."""
    known, asked = townships(records, year), text.strip()
    if not asked:
        raise RequestError("township_missing", county=county, names=listed(known))
    begins = [name for name in known if name.startswith(asked)]
    if asked in known:
        return asked
    if len(begins) == 1:
        return begins[0]
    near = begins or difflib.get_close_matches(asked, known, n=_NEAREST, cutoff=0.3) or known
    raise RequestError("township_unknown", county=county, year=year, township=shown(asked), names=listed(near))


def open_township(township: str, county: str, year: int | None = None, **options: Any) -> TownshipReport:
    """Return the report on a township (name or a unique beginning of it); `options` are those of tell.open_report.

    Raises RequestError where the county's statistics of the year name no such township, and what open_report raises.
    """
    folders = {name: Path(options[name]) if options.get(name) else None for name in ("data", "processed")}
    case = open_report(county, year, **(options | folders))
    return TownshipReport(case, township_named(township, case.records, case.year, case.names[language()]))
