"""How templates speak: the filters that turn findings, names and ids into words, in Markdown or as plain text.

Whatever a template prints passes `_say`: a number that no filter turned into text, a missing value or an unknown name
is an error, and a string of the data is escaped. Only what the filters here return goes through as it is.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from jinja2 import Template, Undefined, pass_context
from markupsafe import Markup

from analysis import ids
from analysis.standards import label, rules, within
from analysis.standards.model import Deadline
from analysis.tables import Verdict
from analysis.tell.case.setting import Setting, once
from analysis.tell.findings import Finding
from analysis.tell.language import escape, numbers, wording
from analysis.tell.language.document_numbers import document_number
from analysis.tell.speech.templates import BLANK, FILTERS, code_of, environment_of, tidy

VERDICT_CLASS: dict[str, str] = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "not-met",
    Verdict.UNDECIDABLE: Verdict.UNDECIDABLE,
    Verdict.NO_DATA: "no-data",
}


#: What begins an item of a text.
_ITEM = re.compile(r"^[ \t]*-(?:[ \t]+|$)", re.MULTILINE)


def items_of(text: str) -> list[Markup]:
    """Return the items of a text that a template said, each from a line with "- " before it to the next.

    Raises ValueError where something else stands before the first: it would be said nowhere.
    """
    before, *items = _ITEM.split(text)
    if before.strip(BLANK):
        raise ValueError(f"a list begins with {before.strip()!r}, which is no item")
    return [Markup(item.strip(BLANK)) for item in items]


class Voice:
    """The words of one report in one form: Markdown with marked numbers, or plain text (figures, captions)."""

    def __init__(self, setting: Setting, *, plain: bool) -> None:
        self.setting, self.plain = setting, plain
        self.lang, self.standard = setting.lang, setting.standard
        self._templates: dict[str, Template] = {}
        self.environment = environment_of(
            setting.lang,
            setting.here,
            pass_context(lambda _, value: self._say(value)),  # the context keeps it out of what is compiled
        )
        self.environment.filters |= {name: getattr(self, name) for name in FILTERS}
        self.environment.globals |= {"report": setting, "lang": setting.lang, "emphasis": wording.emphasis()}
        self.environment.globals["OVERALL"] = ids.OVERALL

    def render(self, source: str, **facts: Any) -> str:
        """Return a template's text: `source` is a file of the language's folder when it ends in .j2, else the text."""
        template = self._templates.get(source)
        if template is None:
            template = self._templates[source] = self._load(source)
        return str(template.render(**facts))

    def _load(self, source: str) -> Template:
        if source.endswith(".j2"):
            return self.environment.get_template(source)
        globals_ = self.environment.make_globals(None)
        return Template.from_code(self.environment, code_of(self.setting.here(source)), globals_)

    # What may be printed.

    def _say(self, value: Any) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, str):
            return self._safe(value)
        if type(value) is Undefined:  # an `if` without `else` that does not hold; unknown names are StrictUndefined
            return Markup("")
        raise TypeError(f"a template prints {value!r}, which no filter turned into text")

    def _safe(self, text: str) -> Markup:
        return Markup(text if self.plain else escape.markdown(text))

    def _number(self, text: str, finding: Finding | str | None, kind: str = "") -> Markup:
        """Return a shown number, marked with its finding and, where it is not the finding's value, with what it is."""
        id = finding.id if isinstance(finding, Finding) else finding
        if self.plain or not id:
            return Markup(text)
        return Markup(f'[{text}]{{.n f="{id}"{f" k={kind}" if kind else ""}}}')

    # Numbers.

    def value(self, finding: Finding) -> Markup:
        """Print a finding's value."""
        assert finding.value is not None
        return self._number(numbers.of(finding, finding.value, self.setting.standard_of(finding), self.lang), finding)

    def end(self, number: float, finding: Finding, kind: str) -> Markup:
        """Print an end of a finding's interval, so that it shows on which side of the target it lies."""
        return self._number(numbers.of(finding, number, self.setting.standard_of(finding), self.lang), finding, kind)

    def bare(self, finding: Finding) -> Markup:
        """Print a finding's value that no target judges yet."""
        assert finding.value is not None
        return self._number(numbers.of(finding, finding.value, self.standard, self.lang, judged=False), finding)

    def by_rows(self, finding: Finding) -> Markup:
        """Print what the rows of schools come to of an item that is reported, with its unit."""
        standard = self.setting.standard_of(finding)
        said = self._number(numbers.computed(finding, standard, self.lang), finding, "computed")
        return said if numbers.unit_of(finding, standard) == "answer" else said + self.unit(finding)

    def asks(self, finding: Finding) -> Markup:
        """Print what a computed item asks of each school: 不超过2,000人; nothing of other items."""
        item = self.setting.standard_of(finding).items.get(finding.item)
        rule = rules.of(item.rule) if item and finding.school is None else None
        if item is None or rule is None or rule.asks is None:
            return Markup("")
        return Markup(tidy(self.render(rule.asks.text(self.lang), p=item.parameters), self.lang))

    def assumed(self, finding: Finding) -> bool:
        """Return whether what an item asks is our reading of a text that does not say."""
        item = self.setting.standard_of(finding).items.get(finding.item)
        return item is not None and item.assumed

    def sense(self, finding: Finding) -> Markup:
        """Print on which side of its target the good lies: 不低于."""
        sense = numbers.sense_of(finding, self.standard)
        return self._safe(wording.word("senses", sense.value, self.lang) if sense else "")

    def target(self, finding: Finding) -> Markup:
        """Print a finding's target."""
        return self._number(numbers.target(finding, self.setting.standard_of(finding), self.lang), finding, "target")

    def whole(self, count: float, finding: Finding | str | None = None, kind: str = "count") -> Markup:
        """Print a count that stands behind a finding."""
        return self._number(numbers.whole(count), finding, kind)

    def number(self, count: int, finding: Finding | str | None = None) -> Markup:
        """Print a small count in words where the language has them (三件事), else in figures."""
        small = wording.ordinals(self.lang)
        if self.lang == "zh" and 0 < count <= len(small):
            return self._safe("两" if count == 2 else small[count - 1])
        return self.whole(count, finding)

    def ratio(self, number: float, finding: Finding | str | None = None, kind: str = "other") -> Markup:
        """Print a coefficient or a rate."""
        return self._number(numbers.ratio(number), finding, kind)

    def signed(self, number: float, finding: Finding | str | None = None, kind: str = "change") -> Markup:
        """Print a change of a coefficient or a rate with its sign."""
        return self._number(numbers.signed(number), finding, kind)

    def signed_end(self, number: float, finding: Finding | str | None, kind: str) -> Markup:
        """Print an end of the interval of a change, so that it shows on which side of nothing it lies."""
        return self._number(numbers.signed_end(number), finding, kind)

    def percent(self, number: float, finding: Finding | str | None = None, kind: str = "other") -> Markup:
        """Print a share as a percentage."""
        return self._number(numbers.percent(number), finding, kind)

    def part(self, number: float, finding: Finding | str | None = None) -> Markup:
        """Print a share that a rule names: 85%."""
        return self._number(numbers.part(number), finding, "rule")

    def decimal(self, number: float, places: int, finding: Finding | str | None = None, kind: str = "other") -> Markup:
        """Print a number with fixed places."""
        return self._number(numbers.decimal(number, places), finding, kind)

    def points(self, number: float, finding: Finding | str | None = None) -> Markup:
        """Print a difference of shares in percentage points, without its sign."""
        return self._number(numbers.points(number), finding, "change")

    def step(self, change: float, finding: Finding, kind: str = "needed") -> Markup:
        """Print a yearly change of a finding's value, without its sign, in points of a percentage or in its unit."""
        unit = numbers.unit_of(finding, self.setting.standard_of(finding))
        if unit == "share" and finding.kind not in numbers.RATES:
            return self._number(numbers.points(change), finding, kind) + Markup(
                wording.word("cells", "points", self.lang)
            )
        if unit == "coefficient" or finding.kind in numbers.RATES:
            return self._number(numbers.decimal(abs(change), 3), finding, kind)
        return self._number(numbers.decimal(abs(change), 1), finding, kind) + self.unit(finding)

    def missing(
        self, amount: float, indicator: str, finding: Finding | str | None = None, group: str = "things"
    ) -> Markup:
        """Print a missing amount of an indicator, rounded up to whole things, with its measure word.

        `group` is things (名骨干教师) or, where the indicator has just been named, amounts (人).
        """
        text, word = self.setting.missing(indicator, amount, group)
        return self._number(text, finding, "missing") + Markup(word)

    def level(self, number: float, finding: Finding | str | None = None) -> Markup:
        """Print a level of the monitoring."""
        return self._number(numbers.level(number, self.lang), finding, "other")

    def span(self, text: str, finding: Finding | str | None, kind: str) -> Markup:
        """Print a number that is text already."""
        return self._number(text, finding, kind)

    def year(self, number: int) -> Markup:
        """Print a year."""
        return Markup(int(number))

    def month(self, day: date) -> Markup:
        """Print the month of a day with its year."""
        return self._safe(wording.word("dates", "month", self.lang).format(year=day.year, month=day.month))

    def day(self, day: date) -> Markup:
        """Print a day in words, its year and month with it."""
        return self._safe(wording.day(day, self.lang))

    def deadline(self, due: Deadline) -> Markup:
        """Print a day of every year."""
        said = wording.word("dates", "deadline", self.lang)
        return self._safe(said.format(month=due.month, day=due.day, name=calendar.month_name[due.month]))

    # Words.

    def word(self, key: str, group: str) -> Markup:
        """Print the word for an id of words.yml or of the vocabulary."""
        return self._safe(self.setting.word(group, key))

    def verdict(self, finding: Finding | str) -> Markup:
        """Print one of the seven fixed words, in its colour."""
        verdict = finding.verdict if isinstance(finding, Finding) else finding
        text = wording.word("verdicts", verdict, self.lang)
        known = VERDICT_CLASS.get(verdict)
        return self._safe(text) if self.plain or not known else Markup(f"[{text}]{{.{known}}}")

    def css(self, finding: Finding | str) -> Markup:
        """Print the class of a verdict."""
        verdict = finding.verdict if isinstance(finding, Finding) else finding
        return Markup(VERDICT_CLASS.get(verdict, "no-data"))

    def item(self, finding: Finding | str) -> Markup:
        """Print what readers call an item."""
        if isinstance(finding, Finding):
            return self._safe(self._name(finding))
        return self._safe(self.setting.label(finding))

    def document(self, text: str) -> Markup:
        """Print a document with its number as the language has it: 教督〔2017〕6号, Jiaodu [2017] No. 6."""
        return self._safe(document_number(text, self.lang))

    def breach(self, finding: Finding) -> Markup:
        """Print what is so where a veto is not met; nothing for what is no veto."""
        item = self.setting.standard_of(finding).items.get(finding.item)
        return self._safe(self.setting.here(item.breach.text(self.lang))) if item and item.breach else Markup("")

    def unmet(self, finding: Finding) -> Markup:
        """Print what is so where an item is not met: as its standard words it, else that it is not met."""
        item = self.setting.standard_of(finding).items.get(finding.item)
        if item is not None and item.unmet:
            return self._safe(self.setting.here(item.unmet.text(self.lang)))
        return self._safe(wording.word("labels", "unmet", self.lang).format(name=self._name(finding)))

    def measure(self, finding: Finding) -> Markup:
        """Print what is to be done about an item that is not met: as its standard words it, else to do what it asks."""
        item = self.setting.standard_of(finding).items.get(finding.item)
        said = item.measure.text(self.lang) if item and item.measure else wording.word("labels", "measure", self.lang)
        return self._safe(self.setting.here(said))

    def _name(self, finding: Finding) -> str:
        return self.setting.here(label(self.setting.standard_of(finding), finding.item, self.lang))

    def shared(self, finding: Finding) -> bool:
        """Return whether a finding's value is a share, whose distances are points of a percentage."""
        unit = numbers.unit_of(finding, self.setting.standard_of(finding))
        return unit == "share" and finding.kind not in numbers.RATES

    def term(self, indicator: str) -> Markup:
        """Print an indicator's name in full, within a sentence."""
        entry = self.standard.indicators[indicator]
        return self._safe((entry.term or entry.label).text(self.lang))

    def short(self, indicator: str) -> Markup:
        """Print an indicator's short name."""
        return self._safe(label(self.standard, indicator, self.lang, short=True))

    def indicator(self, indicator: str) -> Markup:
        """Print an indicator's full name."""
        return self._safe(label(self.standard, indicator, self.lang))

    def unit(self, of: Finding | str) -> Markup:
        """Print the measure word that follows a finding's value, or of a unit; a space belongs to it in some."""
        return Markup(wording.word("measures", self._unit_of(of), self.lang))

    def _unit_of(self, of: Finding | str) -> str:
        return of if isinstance(of, str) else numbers.unit_of(of, self.setting.standard_of(of))

    def base(self, of: Finding | str) -> Markup:
        """Print what a finding's value is counted on, or of a unit (每百名学生, 生均)."""
        return Markup(wording.of_unit("bases", self._unit_of(of), self.lang))

    def grade(self, number: int) -> Markup:
        """Print a grade."""
        return self._safe(wording.word("grades", str(number), self.lang))

    def school(self, code: str) -> Markup:
        """Print a school: by name, or by code where the report is public."""
        return self._safe(self.setting.school(code))

    def reason(self, id: str) -> Markup:
        """Print why a finding has its verdict."""
        return self._safe(self.setting.word("reasons", id))

    def ordinal(self, number: int) -> Markup:
        """Print first, second, ... for 1, 2, ..."""
        return self._safe(wording.ordinals(self.lang)[number - 1])

    def plural(self, count: float, singular: str, many: str) -> Markup:
        """Print what stands beside a count: `singular` beside 1, else `many`."""
        return Markup(singular if count == 1 else many)

    def sentence(self, text: str) -> Markup:
        """Print a text as a sentence begins: with a capital letter, in Chinese as it stands."""
        said = self._say(text)
        return said if self.lang == "zh" else Markup(said[:1].upper() + said[1:])

    def mid(self, text: str) -> Markup:
        """Print a name as it stands within a sentence."""
        return Markup(within(self._say(text), self.lang))

    def _join(self, parts: Iterable[Any], between: str, last: str) -> Markup:
        said = items_of(parts) if isinstance(parts, str) else [self._say(part) for part in parts]
        if len(said) < 2:
            return Markup("").join(said)
        return Markup(between).join(said[:-1]) + Markup(last) + said[-1]

    def listed(self, parts: Iterable[Any]) -> Markup:
        """Print parts as a list: 甲、乙和丙. Parts, here as below, may be the items of a text (items_of)."""
        return self._join(parts, wording.word("lists", "between", self.lang), wording.word("lists", "last", self.lang))

    def enumerated(self, parts: Iterable[Any]) -> Markup:
        """Print parts one after the other: 甲、乙、丙."""
        between = wording.word("lists", "between", self.lang)
        return self._join(parts, between, between)

    def joined(self, parts: Iterable[Any], between: str) -> Markup:
        """Print parts with `between`, which the template writes, between them."""
        return self._join(parts, between, between)

    def clauses(self, parts: Iterable[Any]) -> Markup:
        """Print parts as clauses of one sentence."""
        between = wording.word("lists", "clauses", self.lang)
        return self._join(parts, between, between)


@once
def marked(setting: Setting) -> Voice:
    """Return the words of a report in Markdown, numbers marked with their findings."""
    return Voice(setting, plain=False)


@once
def spoken(setting: Setting) -> Voice:
    """Return the words of a report as plain text."""
    return Voice(setting, plain=True)
