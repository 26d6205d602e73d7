"""Sentences: each kind has its pattern, and each number in it is worked out anew from what the sentence speaks of.

A pattern is a regular expression with slots ({stage}, {n:int}) that says of each number which quantity it is. The words
in other slots (which stage, indicator, school) are what it is worked out for, so that a wrong word is found as a wrong
number is. A number that stands in no pattern is not explained, whatever it may equal.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from verification.checked import quantities
from verification.checked.kinds import Kind, Record
from verification.checked.quantities.at import At
from verification.printed.blocks import Block, tidy
from verification.words import Words
from verification.worked.case import Case

#: What a number looks like, by the type of its slot.
NUMBERS = {
    "int": r"\d{1,3}(?:,\d{3})+|\d+",
    "num": r"−?\d{1,3}(?:,\d{3})+(?:\.\d+)?|−?\d+(?:\.\d+)?",
    "sig": r"[−+]?\d+(?:\.\d+)?",
    "pct": r"\d+(?:\.\d+)?%",
    "year": r"(?:19|20)\d\d",
    "level": r"[ⅠⅡⅢⅣ]|IV|I{1,3}",
    "day": r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]+ \d{4}",
    "file": r"\d{6}/[a-z]+_\d{4}\.(?:xlsx|csv)(?:\.gz)?",
    "cell": r"[^”]+",
    "raw": r"-?\d[\d.,]*",
    "version": r"\d+(?:\.\d+)+",
    "asks": r"[^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*",
    "said": r".+",
    "quoted": r"[^'…]+",
    "cited": r"[^”…]+",
    "holders": r"[^，。；＿_]+(?=，时限)|[^.;,＿_ ][^.;＿_]*?(?=, by)",
    "few": r"[一二两三四五六七八九十]+|\d+|[a-z]+",
}
#: Whatever in a text is a number.
TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)*%?|[ⅠⅡⅢⅣ]")
_SLOT = re.compile(r"\{([a-z_]+\d?)(?::([a-z]+))?\}")

#: What a quantity or a claim raises where this county, or its standard, has no such thing.
UNKNOWN = (LookupError, ArithmeticError, TypeError, AttributeError, AssertionError, StopIteration)


@dataclass(frozen=True)
class Pattern:
    """`numbers` maps a slot to its quantity and arguments; `claims` must hold; `region` is where it is looked for."""

    said: re.Pattern[str]
    slots: dict[str, str]
    numbers: dict[str, tuple[str, ...]]
    claims: tuple[tuple[str, ...], ...]
    region: re.Pattern[str] | None
    kinds: tuple[str, ...]


@dataclass
class Reader:
    """The patterns of a language, with the names of a county's schools and the like in their slots.

    `kind` is that of another document than a county's report, `about` what it is about; `alone` where no sentence of a
    county's report may stand in it.
    """

    case: Case
    words: Words
    record: Record
    seen: set[str] = field(default_factory=set)
    kind: str = ""
    about: dict[str, str] = field(default_factory=dict)
    alone: bool = False

    @cached_property
    def patterns(self) -> list[Pattern]:
        """Return all patterns, the first of which that fits a number explains it."""
        lang = self.case.lang
        own = [f"{lang}_{name}.yml" for name in (self.kind, "plan" if self.case.by_plan else "") if name]
        files = [*own, *([] if self.alone else [f"{lang}.yml"])]
        texts = [(Path(__file__).parent / file).read_text(encoding="utf-8") for file in files]
        return [self._compiled(one) for text in texts for one in yaml.safe_load(text)]

    def _compiled(self, entry: dict[str, Any]) -> Pattern:
        slots: dict[str, str] = {}

        def slot(found: re.Match[str]) -> str:
            name, kind = found[1], found[2] or found[1].rstrip("0123456789")
            if kind == "unit":
                return f"(?:{self.words.slot(kind)})"
            slots[name] = kind
            return f"(?P<{name}>{NUMBERS.get(kind) or self.words.slot(kind)})"

        # In English a blank may be missing beside a Chinese name or a sign: see blocks.tidy.
        say = self.case.here(entry["say"])
        form = say if self.case.lang == "zh" else say.replace(" ", " ?")
        said = re.compile(_SLOT.sub(slot, form))
        numbers = {key: tuple(str(value).split()) for key, value in entry.items() if key in slots}
        lacking = {name for name, kind in slots.items() if kind in NUMBERS} - set(numbers)
        if lacking:
            raise ValueError(f"{entry['say']}: no quantity for {sorted(lacking)}")
        region = re.compile(self.case.here(entry["in"])) if "in" in entry else None
        claims = tuple(tuple(str(one).split()) for one in entry.get("claims", ()))
        return Pattern(said, slots, numbers, claims, region, tuple(entry.get("of", ())))

    def read(self, document: str, block: Block) -> None:
        """Explain every number of a block, and hold what the patterns claim."""
        text = block.text
        taken = [False] * len(text)
        self._own(document, text, taken)
        for pattern in self.patterns:
            if pattern.kinds and block.kind.split()[0] not in pattern.kinds:
                continue
            for found in self._matches(pattern, text):
                self._hold(document, block, pattern, found, taken)
        self._names(document, text, taken)
        for token in TOKEN.finditer(text):
            if not all(taken[token.start() : token.end()]):
                around = text[max(token.start() - 14, 0) : token.end() + 10]
                self.record.bad(document, block.place, f"{token[0]} in “{around}”")

    @cached_property
    def own(self) -> list[str]:
        """What the county says in its own words of this year, by paragraphs; to the public schools are their codes."""
        case, told = self.case, []
        names = sorted({(place.name, place.school) for place in case.now.places}, key=lambda one: -len(one[0]))
        for year, text, english, public in case.county.words:
            if year != case.year or (case.public and not public):
                continue
            said = (english or text) if case.lang == "en" else text
            for name, school in names if case.public else ():
                said = said.replace(name, f"学校{school}" if case.lang == "zh" else f"school {school}")
            told += [tidy(line) for line in said.splitlines() if line.strip()]
        return told

    def _own(self, document: str, text: str, taken: list[bool]) -> None:
        """Take the numbers of what the county says in its own words: they are the workbook's, letter by letter."""
        for said in self.own:
            if text.endswith(said):
                start = len(text) - len(said)
                self.record.good(document, Kind.TRACED, len(TOKEN.findall(said)))
                taken[start:] = [True] * len(said)

    def _names(self, document: str, text: str, taken: list[bool]) -> None:
        """Take the numbers that belong to a name: of an item or indicator, which the standard words so, or a school."""
        for name, kind in self.words.numbered.items():
            for found in re.finditer(re.escape(name), text):
                for token in TOKEN.finditer(text, *found.span()):
                    if not any(taken[token.start() : token.end()]):
                        self.record.good(document, kind)
                        taken[token.start() : token.end()] = [True] * len(token[0])

    @staticmethod
    def _matches(pattern: Pattern, text: str) -> Iterator[re.Match[str]]:
        if pattern.region is None:
            yield from pattern.said.finditer(text)
            return
        for region in pattern.region.finditer(text):
            yield from pattern.said.finditer(text, region.start(), region.end())

    def _hold(self, document: str, block: Block, pattern: Pattern, found: re.Match[str], taken: list[bool]) -> None:
        spans = [found.span(name) for name in pattern.numbers if found[name]]
        if spans and all(all(taken[start:end]) for start, end in spans):
            return
        if not spans and not pattern.claims:
            return
        said = {name: self.words.id(kind, found[name]) for name, kind in pattern.slots.items() if found[name]}
        said = {**self.about, **said}
        at = At(self.case, self.words, said, block, found)
        place = f"{block.place}: “{found[0][:60]}”"
        for claim in pattern.claims:
            holds, why = self._claimed(claim, at)
            if not holds:
                self.record.bad(document, place, found[0][:80], why)
        for name, (quantity, *arguments) in pattern.numbers.items():
            if not found[name]:
                continue
            start, end = found.span(name)
            if all(taken[start:end]):
                continue
            taken[start:end] = [True] * (end - start)
            self._number(document, place, found[name], quantity, arguments, at)

    @staticmethod
    def _claimed(claim: tuple[str, ...], at: At) -> tuple[bool, str]:
        try:
            return bool(quantities.CLAIMS[claim[0]](at, *claim[1:])), f"not so: {' '.join(claim)}"
        except UNKNOWN as fault:
            return False, f"can't be worked out: {' '.join(claim)} ({fault!r})"

    def _number(self, document: str, place: str, printed: str, quantity: str, arguments: list[str], at: At) -> None:
        try:
            expected = quantities.ALL[quantity](at, *arguments)
        except UNKNOWN as fault:
            self.record.bad(document, place, printed, f"can't be worked out: {quantity} ({fault!r})")
            return
        if expected is not None and printed in expected.text.split("|"):
            self.record.good(document, expected.kind)
        else:
            self.record.bad(document, place, printed, expected.text if expected else f"no {quantity}")
