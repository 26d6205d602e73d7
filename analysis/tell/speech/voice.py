"""How templates speak: the filters that turn findings, names and ids into words, in Markdown or as plain text.

Whatever a template prints passes `_say`: a number that no filter turned into text, a missing value or an unknown name
is an error, and a string of the data is escaped. Only what the filters here return goes through as it is.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from types import CodeType
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    Undefined,
    pass_context,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from analysis.project import templates
from analysis.standards import label, within
from analysis.standards.model import Deadline
from analysis.tell.findings import Finding
from analysis.tell.language import escape, numbers, wording

if TYPE_CHECKING:
    from analysis.tell.documents.county import Report

VERDICT_CLASS = {"met": "met", "not_met": "not-met", "undecidable": "undecidable", "no_data": "no-data"}

#: The methods of Voice that templates know.
FILTERS = (
    "value",
    "end",
    "bare",
    "sense",
    "month",
    "deadline",
    "target",
    "whole",
    "number",
    "ratio",
    "signed",
    "percent",
    "part",
    "decimal",
    "points",
    "step",
    "missing",
    "level",
    "span",
    "year",
    "word",
    "verdict",
    "css",
    "item",
    "short",
    "indicator",
    "unit",
    "base",
    "grade",
    "school",
    "reason",
    "ordinal",
    "listed",
    "clauses",
    "sentence",
    "mid",
)

#: A line that stays a line of its own: a fence, a heading, a table row.
_BLOCK = re.compile(r"(:::|#|\||```)")
#: A line that begins an item of a list; lines below belong to it.
_ITEM = re.compile(r"(- |\d+\. )")


#: Stands for an empty line of a template, which alone parts paragraphs; lines left empty by tags do not.
_PART = "\u2029"


class Templates(FileSystemLoader):
    """Templates whose empty lines survive the removal of the line ends after tags."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, each empty line marked."""
        text, name, fresh = super().get_source(environment, template)
        return re.sub(r"\n[ \t]*(?=\n)", f"\n{_PART}", text), name, fresh


def tidy(text: str, lang: str) -> str:
    """Join the lines of each paragraph that a template broke: with nothing between in Chinese, with a space in English.

    Empty lines of the template part paragraphs; fences and headings stay lines of their own, list items begin one.
    """
    paragraphs: list[str] = []
    held: list[str] = []

    def close() -> None:
        if held:
            joined = ("" if lang == "zh" else " ").join(held)
            paragraphs.append(joined if lang == "zh" else re.sub(" {2,}", " ", joined))
            held.clear()

    for raw in text.replace(_PART, f"\n{_PART}\n").split("\n"):
        line = raw.strip(f" \t{_PART}")
        if _PART in raw or _BLOCK.match(line):
            close()
            paragraphs.append(line)
        elif line:
            if _ITEM.match(line):
                close()
            held.append(line)
    close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(paragraphs)).strip()


class _Compiled(BytecodeCache):
    """Compiled templates, kept for the life of the process: they are the same for every report."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled from the same text."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _environment(lang: str, finalize: Callable[..., Any]) -> Environment:
    """Return an environment whose compiled templates depend on no report: nothing is worked out ahead."""
    return Environment(
        loader=Templates(templates() / lang),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=finalize,
        optimized=False,
        bytecode_cache=_COMPILED,
        comment_start_string="<#",  # {#id} is a label in Markdown
        comment_end_string="#>",
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _blank(lang: str) -> Environment:
    """Return an environment that only compiles."""
    environment = _environment(lang, pass_context(lambda _, value: value))
    environment.filters |= dict.fromkeys(FILTERS, str)
    return environment


@cache
def _code(source: str) -> CodeType:
    """Return a text compiled; the language plays no part, for a text loads no other template."""
    return _blank("zh").compile(source)


def prepare(lang: str) -> None:
    """Compile all templates of a language, so that processes forked from this one find them."""
    environment = _blank(lang)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)
    for text in _texts([wording.texts(kind, lang) for kind in ("figures", "tables")]):
        _code(text)


def _texts(told: Any) -> Iterator[str]:
    """Yield every text of figures.yml or tables.yml but the heads of columns, which are no templates."""
    if isinstance(told, str):
        yield told
    else:
        for part in told if isinstance(told, list) else [told[key] for key in told if key != "columns"]:
            yield from _texts(part)


class Voice:
    """The words of one report in one form: Markdown with marked numbers, or plain text (figures, captions)."""

    def __init__(self, report: "Report", *, plain: bool) -> None:
        self.report, self.plain = report, plain
        self.lang, self.standard = report.lang, report.standard
        self._templates: dict[str, Template] = {}
        self.environment = _environment(
            report.lang,
            pass_context(lambda _, value: self._say(value)),  # the context keeps it out of what is compiled
        )
        self.environment.filters |= {name: getattr(self, name) for name in FILTERS}
        self.environment.globals |= {"report": report, "lang": report.lang, "emphasis": wording.emphasis()}

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
        return Template.from_code(self.environment, _code(source), globals_)

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
        return self._number(numbers.of(finding, finding.value, self.report.standard_of(finding), self.lang), finding)

    def end(self, number: float, finding: Finding, kind: str) -> Markup:
        """Print an end of a finding's interval, so that it shows on which side of the target it lies."""
        return self._number(numbers.of(finding, number, self.report.standard_of(finding), self.lang), finding, kind)

    def bare(self, finding: Finding) -> Markup:
        """Print a finding's value that no target judges yet."""
        assert finding.value is not None
        return self._number(numbers.of(finding, finding.value, self.standard, self.lang, judged=False), finding)

    def sense(self, finding: Finding) -> Markup:
        """Print on which side of its target the good lies: 不低于."""
        sense = numbers.sense_of(finding, self.standard)
        return self._safe(wording.word("senses", sense.value, self.lang) if sense else "")

    def target(self, finding: Finding) -> Markup:
        """Print a finding's target."""
        return self._number(numbers.target(finding, self.report.standard_of(finding), self.lang), finding, "target")

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
        unit = numbers.unit_of(finding, self.report.standard_of(finding))
        if unit == "share" and finding.item not in numbers.RATES:
            return self._number(numbers.points(change), finding, kind) + self._safe(
                wording.word("cells", "points", self.lang)
            )
        if unit == "coefficient" or finding.item in numbers.RATES:
            return self._number(numbers.decimal(abs(change), 3), finding, kind)
        return self._number(numbers.decimal(abs(change), 1), finding, kind) + self.unit(finding)

    def missing(
        self, amount: float, indicator: str, finding: Finding | str | None = None, group: str = "things"
    ) -> Markup:
        """Print a missing amount of an indicator, rounded up to whole things, with its measure word.

        `group` is things (名骨干教师) or, where the indicator has just been named, amounts (人).
        """
        text, word = self.report.missing(indicator, amount, group)
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

    def deadline(self, due: Deadline) -> Markup:
        """Print a day of every year."""
        said = wording.word("dates", "deadline", self.lang)
        return self._safe(said.format(month=due.month, day=due.day, name=calendar.month_name[due.month]))

    # Words.

    def word(self, key: str, group: str) -> Markup:
        """Print the word for an id of words.yml or of the vocabulary."""
        return self._safe(wording.word(group, key, self.lang))

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
            return self._safe(label(self.report.standard_of(finding), finding.item, self.lang))
        return self._safe(label(self.standard, finding, self.lang))

    def short(self, indicator: str) -> Markup:
        """Print an indicator's short name."""
        return self._safe(label(self.standard, indicator, self.lang, short=True))

    def indicator(self, indicator: str) -> Markup:
        """Print an indicator's full name."""
        return self._safe(label(self.standard, indicator, self.lang))

    def unit(self, finding: Finding) -> Markup:
        """Print the measure word that follows a finding's value; a space belongs to it where the language needs one."""
        return Markup(wording.word("measures", numbers.unit_of(finding, self.report.standard_of(finding)), self.lang))

    def base(self, finding: Finding) -> Markup:
        """Print what a value is counted on (每百名学生, 生均)."""
        return Markup(wording.word("bases", numbers.unit_of(finding, self.report.standard_of(finding)), self.lang))

    def grade(self, number: int) -> Markup:
        """Print a grade."""
        return self._safe(wording.word("grades", str(number), self.lang))

    def school(self, code: str) -> Markup:
        """Print a school: by name, or by code where the report is public."""
        return self._safe(self.report.school(code))

    def reason(self, id: str) -> Markup:
        """Print why a finding has its verdict."""
        return self._safe(wording.word("reasons", id, self.lang))

    def ordinal(self, number: int) -> Markup:
        """Print first, second, ... for 1, 2, ..."""
        return self._safe(wording.ordinals(self.lang)[number - 1])

    def sentence(self, text: str) -> Markup:
        """Print a text with a capital first letter."""
        said = self._say(text)
        return Markup(said[:1].upper() + said[1:])

    def mid(self, text: str) -> Markup:
        """Print a name as it stands within a sentence."""
        return Markup(within(self._say(text), self.lang))

    def _join(self, parts: Sequence[Any], between: str, last: str) -> Markup:
        said = [self._say(part) for part in parts]
        if len(said) < 2:
            return Markup("").join(said)
        return Markup(between).join(said[:-1]) + Markup(last) + said[-1]

    def listed(self, parts: Sequence[Any]) -> Markup:
        """Print parts as a list: 甲、乙和丙."""
        return self._join(parts, wording.word("lists", "between", self.lang), wording.word("lists", "last", self.lang))

    def clauses(self, parts: Sequence[Any]) -> Markup:
        """Print parts as clauses of one sentence."""
        between = wording.word("lists", "clauses", self.lang)
        return self._join(parts, between, between)
