"""Of what and to whom a document speaks, and the words that this chooses. No frame is needed to speak."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from analysis import places
from analysis.standards import Plan, Standard, label, within
from analysis.tables import Field
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording

TEN_THOUSAND = 10_000
_Of = TypeVar("_Of", bound="Setting")
_Fact = TypeVar("_Fact")


@dataclass(frozen=True)
class SourceFile:
    """A source of the report; `sha256` is empty where the file is not at hand (frames given by a test)."""

    file: str
    title: str
    publisher: str
    date: str
    table: str
    year: int
    registered: bool
    sha256: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Setting:
    """A county (or region) and year, the standard it is judged by, and for whom, in which language, it is told.

    `audience` is internal or public. `plan` is the county's own plan by the name it was asked for, `laid` what it comes
    to. `status` is final or draft, `date` (ISO) the day of signing, "" where it is to be written by hand. `acceptance`
    is the year in which the county plans to be recognised, `former` are the codes of counties that it followed.
    `office` is what its office is called, by language, where that is not as usual. `township` is the one that is told
    of, "" for the whole county.
    """

    county: str
    names: dict[str, str]
    province: dict[str, str]
    synthetic: bool
    year: int
    standard: Standard
    audience: str
    lang: str
    source_files: tuple[SourceFile, ...] = ()
    plan: str | None = None
    laid: Plan | None = None
    status: str = "final"
    date: str = ""
    acceptance: int | None = None
    former: tuple[str, ...] = ()
    office: dict[str, str] = field(default_factory=dict)
    township: str = ""
    _known: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def public(self) -> bool:
        """Whether the report is for the public: schools by code, small groups left out."""
        return self.audience == "public"

    @property
    def draft(self) -> bool:
        """Whether the report is sent out for comment: every page says so."""
        return self.status == "draft"

    @property
    def brief(self) -> bool:
        """Whether nothing is known of schools, so that documents are of a page or two."""
        return False

    @property
    def name(self) -> str:
        """The county's name in the report's language."""
        return self.names.get(self.lang) or self.names["zh"]

    def school(self, code: str) -> str:
        """Return what a school is called: where no frames name it, its code."""
        return code

    def combined(self, school: str) -> bool:
        """Return whether a school has both stages, so that the stage must be said beside its name."""
        return False

    def standard_of(self, finding: Finding) -> Standard:
        """Return the standard that a finding is judged by: the plan's own for a target of the plan."""
        return self.laid.standard if self.laid and finding.field == Field.PLAN else self.standard

    def missing(self, indicator: str, amount: float, group: str = "things") -> tuple[str, str]:
        """Return a missing amount as a number and its measure word; Chinese counts much money in 万."""
        word = self.counted(indicator, group)
        money = self.standard.indicators[indicator].unit == "yuan_per_pupil"
        if money and self.lang == "zh" and amount >= TEN_THOUSAND:
            return numbers.missing_money(amount), self.word("cells", "ten_thousand") + word
        return numbers.missing(amount), word

    def counted(self, indicator: str, group: str = "things") -> str:
        """Return what follows a missing amount: what it is (`things`), or where that was just named its `amounts`."""
        rule = self.standard.indicators[indicator]
        name = within((rule.counted or rule.short).text(self.lang), self.lang)
        return wording.of_unit(group, rule.unit, self.lang).format(name=name)

    def label(self, item: str, *, short: bool = False) -> str:
        """Return what readers call an item or an indicator."""
        return self.here(label(self.standard, item, self.lang, short))

    def word(self, group: str, key: str) -> str:
        """Return a word of words.yml or of the vocabulary in the report's language."""
        return self.here(wording.word(group, key, self.lang))

    @property
    def planned_acceptance(self) -> int | None:
        """The planned year of acceptance, None where it is about the certificate of another standard."""
        return self.acceptance if wording.is_planned_for(self.standard.id) else None

    @property
    def places(self) -> tuple[str, ...]:
        """The kinds of place that are told of: a district calls itself no county, a street no township."""
        kinds = places.of_county(self.county, self.names["zh"]), places.kind(self.township, "townships")
        return tuple(filter(None, kinds))

    def here(self, text: str) -> str:
        """Return a text of the project's own as these places say it: 本区 where a county says 本县."""
        return places.here(text, self.places, self.lang)


def once(work: Callable[[_Of], _Fact]) -> Callable[[_Of], _Fact]:
    """Have a fact of a case, or how a setting speaks, worked out once, however many ask for it."""

    @wraps(work)
    def asked(setting: _Of) -> _Fact:
        if work not in setting._known:
            setting._known[work] = work(setting)
        fact: _Fact = setting._known[work]
        return fact

    return asked
