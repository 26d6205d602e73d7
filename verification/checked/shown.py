"""How findings are told in a cell: values, targets, what is missing, and whose line it is."""

from fractions import Fraction
from functools import cache, cached_property
from math import ceil
from typing import Any

from verification import numbers
from verification.checked.kinds import Kind, Said, source
from verification.rules import fraction
from verification.words import Words, own
from verification.worked.case import Case
from verification.worked.duties import AT_FLOOR
from verification.worked.finding import Finding


@cache
def _words() -> dict[str, Any]:
    return own()


def word(group: str, key: str, lang: str) -> str:
    """Return a word of words.yml."""
    return str(_words()[group][key][lang])


def measure(unit: str, lang: str) -> str:
    """Return the measure word that follows a number of a unit."""
    return str(_words()["measures"][lang].get(unit, ""))


def blank(lang: str) -> Said:
    """Return the mark of an empty cell."""
    return Said(word("cells", "blank", lang), Kind.FORM)


class Shown:
    """Findings of a case as cells tell them."""

    def __init__(self, case: Case) -> None:
        self.case, self.lang, self.standard = case, case.lang, case.standard
        self.words = Words(case)

    @cached_property
    def by_plan(self) -> "Shown":
        """Return how findings on a plan's own targets are told. Raises LookupError without a plan."""
        if self.case.laid is None:
            raise LookupError("no plan")
        return Shown(self.case.laid)

    def cv(self, name: str, stage: str) -> Finding | None:
        """Return a coefficient that is judged, or measured alone; None where there is none."""
        judged = self.case.finding(f"resources.cv_{name}.{stage}")
        found = self.case.now.coefficients.get((name, stage))
        if judged is not None or found is None:
            return judged
        return Finding("", "resources", f"cv_{name}", stage, value=found.cv)

    def floor_of(self, one: Finding) -> str:
        """Return the indicator whose value a finding has: of a floor, or of a school at one that an item counts."""
        if one.item.startswith("floor_"):
            return one.item.removeprefix("floor_")
        item = self.standard.items.get(one.item, {}) if one.school else {}
        return str(item["parameters"]["indicator"]) if item.get("rule") == AT_FLOOR else ""

    def unit(self, one: Finding) -> str:
        """Return the unit of a finding's value."""
        if name := self.floor_of(one):
            return str(self.standard.indicators[name]["unit"])
        if one.item.startswith("cv_") or one.item in ("rate", "rate_own"):
            return "coefficient"
        if one.item in ("level", "three_years"):
            return {"level": "level", "three_years": "years"}[one.item]
        item = self.standard.items.get(one.item)
        if item is None:
            return "indicators" if one.item == "school_rule" else "share"
        if one.school:
            return {"training_funds": "share", "special_rooms": "rooms"}.get(str(item.get("rule")), "persons")
        return str(item["target"]["unit"]) if item.get("target") else "answer"

    def number(self, one: Finding, value: Fraction, judged: bool = True) -> str:
        """Return a number of a finding as it is told."""
        target, sense = (one.target, one.sense) if judged else (None, None)
        unit = self.unit(one)
        if unit == "coefficient":
            return numbers.judged(value, 2, target, sense)
        if unit == "level":
            return numbers.ROMAN[self.lang][int(value)]
        if unit == "share":
            return numbers.percent(value, target, sense)
        if name := self.floor_of(one):
            places = self.standard.indicators[name]["decimals"]
            return numbers.judged(value, places, target, sense)
        return numbers.trimmed(numbers.judged(value, 1, target, sense))

    def value(self, one: Finding | None) -> Said:
        """Return a finding's value."""
        if one is None or one.value is None:
            return blank(self.lang)
        return Said(self.number(one, one.value), source(one), one.value)

    def target(self, one: Finding | None) -> Said:
        """Return a finding's target as the standard writes it."""
        if one is None or one.target is None:
            return blank(self.lang)
        said = self.number(one, one.target, judged=False)
        if said.endswith("%"):
            said = f"{numbers.trimmed(said[:-1])}%"
        elif self.floor_of(one):
            said = numbers.trimmed(said)
        return Said(said, Kind.RULE, one.target)

    def verdict(self, one: Finding | None) -> Said:
        """Return a finding's verdict."""
        return blank(self.lang) if one is None else Said(self.standard.word("verdicts", one.verdict, self.lang))

    def fulfilled(self, one: Finding) -> Said:
        """Return a finding's verdict as the table of its field has it: entry conditions are fulfilled or not."""
        decided = one.field == "entry" and one.verdict in ("met", "not_met")
        return Said(word("fulfilled", one.verdict, self.lang)) if decided else self.verdict(one)

    def label(self, item: str, short: bool = True) -> str:
        """Return what readers call an item of a finding."""
        return self.words.label(item, short)

    def amount(self, missing: int, unit: str) -> str:
        """Return a missing amount; in Chinese much money is told in ten thousands, rounded up to a tenth of them."""
        if unit == "yuan_per_pupil" and self.lang == "zh" and missing >= 10000:
            return numbers.places(Fraction(-(-missing // 1000), 10), 1) + "万"
        return numbers.whole(missing)

    def where(self, one: Finding) -> str:
        """Return the school (with its stage where it has two), the subject and grade, the stage or the county."""
        if one.school:
            name = self.words.school(one.school)
            if one.stage and self.combined(one.school):
                unit = self.standard.word("stages", one.stage, self.lang)
                return word("cells", "with_unit", self.lang).format(name=name, unit=unit)
            return name
        if one.subject:
            subject = self.standard.word("subjects", one.subject, self.lang)
            grade = self.standard.word("grades", str(one.grade), self.lang)
            return f"{subject}, {grade}" if self.lang == "en" else f"{grade}{subject}"
        return self.standard.word("stages", one.stage, self.lang) if one.stage else self.case.county.entry[self.lang]

    def combined(self, school: str) -> bool:
        """Whether a school has both stages, this year or when it last stood in the tables."""
        for year in reversed(self.case.years):
            stages = {one.stage for one in self.case.at(year).places if one.school == school}
            if stages:
                return len(stages) > 1
        return False

    def missing(self, one: Finding) -> Said:
        """Return what a line lacks, with its measure word; the mark of an empty cell where nothing can be counted."""
        now = self.case.finding(one.id)
        if now is None or now.verdict != "not_met" or now.margin is None:
            return blank(self.lang)
        said = self._amount(now)
        over = (
            now.sense in ("at_most", "below") and str(self.standard.items.get(now.item, {}).get("rule")) != "class_size"
        )
        return Said(word("cells", "over", self.lang).format(amount=said.text), said.kind) if over else said

    def _amount(self, now: Finding) -> Said:
        assert now.margin is not None
        if now.item == "special_rooms":
            return Said(self._rooms(now))
        if now.item.startswith("floor_"):
            return self._floor(now)
        rule = str(self.standard.items.get(now.item, {}).get("rule"))
        if rule == "class_size":
            return Said(numbers.whole(now.told["over"]) + word("lacking", "classes", self.lang))
        if rule == "training_funds":
            funds = next(
                r["public_funds"] for r in self.case.county.rows("schools", self.case.year) if r["school"] == now.school
            )
            return Said(numbers.mends(-now.margin * funds) + word("lacking", "yuan", self.lang))
        unit = self.unit(now)
        if unit == "coefficient":
            return Said(numbers.judged(-now.margin, 2, Fraction(0), "at_most"))
        if unit == "share":
            return Said(numbers.places(-now.margin * 100, 1) + word("cells", "points", self.lang))
        if unit == "persons":
            return Said(numbers.mends(-now.margin) + word("lacking", "persons", self.lang))
        if unit == "yuan_per_pupil":
            return Said(numbers.mends(-now.margin) + word("lacking", "yuan_per_pupil", self.lang))
        return Said(numbers.whole(-now.margin) + measure(unit, self.lang))

    def _floor(self, now: Finding) -> Said:
        name = now.item.removeprefix("floor_")
        entry = self.standard.indicators[name]
        place = next(x for x in self.case.now.inside(now.stage) if x.school == now.school)
        assert now.margin is not None
        total = -now.margin * (place.pupils or 0) / fraction(entry["per"])
        return Said(numbers.mends(total) + word("lacking", entry["unit"], self.lang))

    def _rooms(self, now: Finding) -> str:
        told = now.told
        short = {kind: ceil(told["needed"] - told[kind]) for kind in ("music", "art") if told["needed"] > told[kind]}
        said = (
            word("cells", "rooms_missing", self.lang).format(kind=word("rooms", kind, self.lang), number=number)
            for kind, number in short.items()
        )
        return word("cells", "between", self.lang).join(said)
