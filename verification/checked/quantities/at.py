"""Where a number stands: what its sentence speaks of, and the small steps from there to a finding."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verification import numbers
from verification.checked.kinds import Kind, Said, source
from verification.printed.blocks import Block
from verification.worked.case import Case
from verification.worked.finding import Finding
from verification.worked.findings import Year

if TYPE_CHECKING:
    from verification.words import Words


#: What works out a number of a sentence, and what says whether its words hold; arguments are those of its pattern.
Quantity = Callable[..., "Said | None"]
Claim = Callable[..., bool]


@dataclass(frozen=True)
class At:
    """A sentence's case, the ids in its slots, and the block that it stands in."""

    case: Case
    words: "Words"
    said: dict[str, Any]
    block: Block
    found: re.Match[str]

    @property
    def stage(self) -> str:
        """Return the stage of the sentence, else of the heading above it."""
        if "stage" in self.said:
            return str(self.said["stage"])
        told = self._told()
        if told:
            return told[0]
        if (row := self._row("stage")) is not None:
            return row
        for word, id in self.words.groups["stage"].items():
            if word in self.block.part.lower() or word in self.block.after.lower():
                return id
        named = re.findall(self.words.slot("stage"), self._sentence)
        return str(self.words.id("stage", named[-1])) if named else self._where_short()

    @property
    def _sentence(self) -> str:
        """Return the sentence up to where the pattern fits; in English all that is said of one matter."""
        if self.words.lang == "en":
            return re.split(r"\(\d\)", self.block.text[: self.found.start()])[-1]
        return re.split(r"。|(?<!\d)\. ", self.block.text[: self.found.start()])[-1]

    @property
    def _before(self) -> str:
        """Return what its paragraph said before: what a sentence does not name, the last that did is about."""
        return self.block.text[: self.found.start()]

    def _told(self) -> tuple[str, str] | None:
        """Return the stage and indicator that the sentence named last before, where it named both together."""
        between = "" if self.words.lang == "zh" else "[^,;]{0,40}?"
        pattern = f"(?P<s>{self.words.slot('stage')}){between}(?P<i>{self.words.slot('ind')})"
        found = list(re.finditer(pattern, self._sentence)) or list(re.finditer(pattern, self._before))
        if not found:
            return None
        return self.words.id("stage", found[-1]["s"]), self.words.id("ind", found[-1]["i"])

    def _where_short(self) -> str:
        """Return the one stage in which a named school is below the floor of the named indicator."""
        schools = self.said.get("schools") or (self.school,)
        found = {
            one.stage
            for one in self.case.now.findings.values()
            if one.item == f"floor_{self.indicator}" and one.school in schools and one.verdict == "not_met"
        }
        if len(found) != 1:
            raise LookupError("no stage")
        return found.pop()

    def _row(self, kind: str) -> str | None:
        """Return the stage or the indicator that the problem of a table's row names."""
        found = re.search(self.words.slot(kind), self.block.after) if self.block.kind == "cell" else None
        return str(self.words.id(kind, found[0])) if found else None

    @property
    def indicator(self) -> str:
        """Return the indicator of the sentence."""
        for key in ("ind", "thing", "label"):
            if key in self.said:
                return str(self.said[key])
        told = self._told()
        if told is not None:
            return told[1]
        if (row := self._row("ind")) is not None:
            return row
        for kind in ("ind", "thing"):
            named = re.findall(self.words.slot(kind), self._sentence)
            if named:
                return str(self.words.id(kind, named[-1]))
        for word, id in self.words.groups["label"].items():
            if self.block.kind == "alt" and word in self.block.text:
                return id
        raise LookupError("no indicator")

    @property
    def item(self) -> str:
        """Return the item that the sentence speaks of, or named last."""
        if "item" in self.said:
            return str(self.said["item"])
        named = re.findall(self.words.slot("item"), self._sentence)
        return str(self.words.id("item", named[-1]))

    @property
    def subject(self) -> str:
        """Return subject and grade as ids have them."""
        if "subject" in self.said:
            return str(self.said["subject"])
        if "tested" in self.said:
            return f"{self.said['tested']}.{self.grade}"
        named = re.findall(self.words.slot("subject"), self._before)
        return str(self.words.id("subject", named[-1]))

    @property
    def grade(self) -> str:
        """Return the grade of the sentence, else the one that its paragraph named last."""
        if "grade" in self.said:
            return str(self.said["grade"])
        named = re.findall(self.words.slot("grade"), self._before)
        return str(self.words.id("grade", named[-1]))

    @property
    def school(self) -> str:
        """Return the school of the sentence."""
        if "school" in self.said:
            return str(self.said["school"])
        named = re.findall(self.words.slot("school"), self._sentence)
        return str(self.words.id("school", named[-1]))

    def year(self, which: str) -> Year:
        """Return the year of the report, or the one before."""
        if which != "before":
            return self.case.now
        if self.case.before is None:
            raise LookupError("no year before")
        return self.case.before

    def finding(self, id: str, which: str = "") -> Finding:
        """Return a finding of the year, or of the year before."""
        return self.year(which).findings[id]

    def of_item(self) -> Finding:
        """Return the county's finding on the sentence's item: a plan's own, where its chapter tells it."""
        id, item = str(self.said["item"]), self.case.standard.items[str(self.said["item"])]
        return self.finding(f"{'plan' if self.case.by_plan else item['field']}.{id}")

    def cv(self, which: str = "") -> Finding:
        """Return the coefficient of the sentence's indicator and stage."""
        return self.finding(f"resources.cv_{self.indicator}.{self.stage}", which)

    def floor(self) -> Finding:
        """Return the floor of the sentence's indicator, stage and school."""
        return self.finding(f"resources.floor_{self.indicator}.{self.stage}.{self.school}")


def value(one: Finding, places: int, judged: bool = True) -> Said:
    """Return a finding's value with so many places, more where its verdict needs them."""
    assert one.value is not None
    said = numbers.judged(one.value, places, one.target, one.sense) if judged else numbers.places(one.value, places)
    return Said(said, source(one), one.value)


def count(number: int | Fraction, kind: Kind = Kind.WORKED) -> Said:
    """Return a count."""
    return Said(numbers.whole(number), kind, Fraction(number))


#: Numbers that may be written in words.
FEW = {
    "zh": ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
}


def few(number: int, lang: str) -> Said:
    """Return a small count, in words or in figures."""
    spelled = FEW[lang][number] if number < len(FEW[lang]) else ""
    return Said(f"{number}|{spelled}" if spelled else str(number), Kind.WORKED, Fraction(number))
