"""Names that readers see, both ways: what an id is called, and which id a word stands for."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from verification.checked.kinds import Kind
from verification.printed.blocks import tidy
from verification.worked.case import Case
from verification.worked.finding import Finding
from verification.worked.region import Region
from verification.worked.stages import STAGES

#: Slots of several words, by the slot of one.
LISTS = {"schools": "school", "inds": "ind", "counties": "county", "kinds": "kind"}


@cache
def own() -> dict[str, Any]:
    """Return words.yml: names that no standard owns."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Words:
    """Words of one case in its language."""

    case: Case

    @property
    def lang(self) -> str:
        """Return the language."""
        return self.case.lang

    @cached_property
    def groups(self) -> dict[str, dict[str, str]]:
        """Return for each type of slot the words and what they stand for."""
        lang, standard = self.lang, self.case.standard
        found: dict[str, dict[str, str]] = {}
        for kind, group in (("stage", "stages"), ("field", "fields"), ("verdict", "verdicts"), ("group", "groups")):
            found[kind] = {one[lang]: id for id, one in standard.words[group].items()}
        found["stage"] = {word: id for word, id in found["stage"].items() if id in STAGES}
        grades, subjects = standard.words["grades"], standard.words["subjects"]
        found["subject"] = {}
        for gid, grade in grades.items():
            for sid, subject in subjects.items():
                said, at = subject[lang], grade[lang]
                for way in [f"{at}{said}"] if lang == "zh" else [f"{said}, {at}", f"{at} {said}"]:
                    found["subject"] |= {way: f"{sid}.{gid}", way[:1].upper() + way[1:]: f"{sid}.{gid}"}
        found["discipline"] = {one[lang]: id for id, one in subjects.items()}
        found["grade"] = {one[lang]: id for id, one in grades.items()}
        found["ind"] = {standard.name(one, lang, short=True): one for one in standard.indicators}
        found["ind"] |= {standard.term(one, lang): one for one in standard.indicators}
        found["thing"] = {standard.thing(one, lang): one for one in standard.indicators}
        found["label"] = {standard.name(one, lang): one for one in standard.indicators}
        found["item"] = {one["label"][lang]: id for id, one in standard.items.items()}
        found["reason"] = {one[lang]: id for id, one in standard.words["scope_reasons"].items()}
        found["left"] = {one[lang]: id for id, one in own()["left_out"].items()}
        found["kind"] = {one[lang]: id for id, one in standard.words["school_types"].items()}
        if lang == "en":
            found["kind"] |= {f"{name}s": id for name, id in found["kind"].items()}
        found["area"] = {one[lang]: id for id, one in standard.words["areas"].items()}
        found["school"] = self.schools
        if lang == "en":
            for kind in ("stage", "ind", "item", "label", "field", "grade", "discipline"):
                for word, id in list(found[kind].items()):
                    found[kind].setdefault(word[:1].upper() + word[1:], id)
                    if not word[1:2].isupper():
                        found[kind].setdefault(word[:1].lower() + word[1:], id)
        found["county"] = {self.case.county.entry[lang]: self.case.county.code}
        found["document"] = {standard.document: standard.id}
        return found | self._of_plan() | self._of_region()

    def _of_region(self) -> dict[str, dict[str, str]]:
        """Return the names of a region, of its counties, and of the items that some county does not meet."""
        region = self.case
        if not isinstance(region, Region):
            return {}
        called = {self.in_full(region.item(id)): id for id in region.missed}
        called |= {said[:1].lower() + said[1:]: id for said, id in called.items()}
        counties = {one.name: one.code for one in region.members}
        return {"region": {region.county.entry[self.lang]: region.county.code}, "county": counties, "called": called}

    @cached_property
    def found(self) -> dict[str, str]:
        """Return what the findings on the county that are not met are called, with their ids."""
        every = [one for one in self.case.now.findings.values() if not one.school and one.verdict == "not_met"]
        found = {self.in_full(one): one.id for one in every}
        return found | {f"{self.label(one.item)}, {self._subject(one)}": one.id for one in every if one.subject}

    def in_full(self, one: Finding) -> str:
        """Return what an item is called with its stage, or with its grade and subject."""
        word, said = self.case.standard.word, self.label(one.item)
        parts = [word("stages", one.stage, self.lang)] if one.stage else []
        parts += [word("grades", str(one.grade), self.lang)] if one.grade else []
        parts += [word("subjects", one.subject, self.lang)] if one.subject else []
        return "".join([*parts, said]) if self.lang == "zh" else ", ".join([said, *parts])

    def label(self, item: str, short: bool = True) -> str:
        """Return what readers call an item of a finding."""
        lang, standard = self.lang, self.case.standard
        if item in standard.items or item in standard.indicators:
            return standard.name(item, lang, short)
        kind, _, name = item.partition("_")
        if kind in ("floor", "cv") and name in standard.indicators:
            said, inner = standard.word("items", kind, lang), standard.name(name, lang, short)
            lower = lang == "en" and not said.startswith("{") and not inner[1:2].isupper()
            return said.format(indicator=inner[:1].lower() + inner[1:] if lower else inner)
        if kind == "recognition" and name:
            return standard.word("items", "recognition_group", lang).format(group=standard.word("groups", name, lang))
        return standard.word("items", item, lang)

    def _of_plan(self) -> dict[str, dict[str, str]]:
        """Return what a plan calls its targets (by the ids of findings), its phases and what it asks every year."""
        plan, lang, case = self.case.plan_over, self.lang, self.case
        if plan is None or not case.by_plan:
            return {}
        found: dict[str, dict[str, str]] = {"aim": {}}
        for name in ("phases", "calendar"):
            found[name] = {str(one["label"][lang]): str(at) for at, one in enumerate(plan.beside(name))}
        for one in case.now.findings.values():
            if one.school or one.item == "all":
                continue
            scope = case.standard.word("stages", one.stage, lang) if one.stage else self._subject(one)
            said = self.called(one.item)
            with_scope = str(own()["cells"]["with_unit"][lang]).format(name=said, unit=scope) if scope else said
            found["aim"] |= {with_scope: one.id, with_scope[:1].lower() + with_scope[1:]: one.id}
        return found

    def _subject(self, one: Finding) -> str:
        if not one.subject:
            return ""
        subject = self.case.standard.word("subjects", one.subject, self.lang)
        grade = self.case.standard.word("grades", str(one.grade), self.lang)
        return f"{grade}{subject}" if self.lang == "zh" else f"{subject}, {grade}"

    def called(self, item: str) -> str:
        """Return what readers call an item of a finding in full."""
        return self.label(item, short=False)

    @cached_property
    def schools(self) -> dict[str, str]:
        """Return schools by the name, or to the public the code, by which they are printed."""
        found: dict[str, str] = {}
        for year in self.case.county.years():
            table = self.case.county.tables["schools"][year]
            for row in (*table.rows, *table.aside):
                code = row["school"]
                if self.case.public:
                    shown = self.school(code)
                    found |= {shown: code, shown[:1].upper() + shown[1:]: code}
                else:
                    found |= {row["name"]: code, self.case.name(code): code}
                    found[f"{self.case.name(code)} ({row['name']})"] = code
        return found

    def coded(self, text: str) -> str:
        """Return a text as the public is told it: codes in place of the names of schools."""
        if not self.case.public:
            return text
        years = self.case.county.years()
        names = {row["name"]: row["school"] for year in years for row in self.case.county.rows("schools", year)}
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, self.school(names[name])) if name else text
        return text

    @cached_property
    def numbered(self) -> dict[str, Kind]:
        """Return the names that have a number in them: of items and indicators, of schools in English, and codes."""
        rules, public = (*self.groups["item"], *self.groups["label"], *self.groups.get("called", ())), self.case.public
        schools = self.schools if public or self.lang == "en" else ()
        rules = (*rules, *self._said_by_plan())
        both = dict.fromkeys(schools, Kind.FORM if public else Kind.TRACED) | dict.fromkeys(rules, Kind.RULE)
        both |= {str(self.case.county.entry[self.lang]): Kind.TRACED}
        return {name: kind for name, kind in both.items() if re.search(r"\d", name)}

    def _said_by_plan(self) -> list[str]:
        """Return a plan's own words, longest first: notes on its text, its title and name, its phases and steps."""
        plan, lang = self.case.plan_over, self.lang
        if plan is None:
            return []
        notes = [str(one["text"][lang]) for one in plan.beside("notes")]
        labels = [str(one["label"][lang]) for name in ("phases", "calendar") for one in plan.beside(name)]
        titles = [str(plan.standard.data[name][lang]) for name in ("title", "name")]
        steps = [str(one[lang]) for one in plan.beside("steps")]
        return sorted(map(tidy, [*notes, *labels, *titles, *steps]), key=len, reverse=True)

    def slot(self, kind: str) -> str:
        """Return the regular expression of a slot of words."""
        if kind in LISTS:
            one = self.slot(LISTS[kind])
            return f"(?:(?:{one})(?:、|和|, ?| ?and ?))*(?:{one})"
        if kind == "unit":
            return "|".join(own()["units_said"][self.lang])
        if kind == "finding":
            return "|".join(re.escape(word) for word in sorted(self.found, key=len, reverse=True)) or "(?!)"
        if kind == "any":
            return r"[^，。；、（）]+?"
        return "|".join(re.escape(word) for word in sorted(self.groups[kind], key=len, reverse=True)) or "(?!)"

    def id(self, kind: str, word: str) -> Any:
        """Return what a word stands for; numbers stay as they are."""
        if kind in LISTS:
            return tuple(self.groups[LISTS[kind]][one] for one in re.findall(self.slot(LISTS[kind]), word))
        if kind == "finding":
            return self.found[word]
        return self.groups[kind].get(word, word) if kind in self.groups else word

    def school(self, code: str) -> str:
        """Return how a school is printed."""
        if not self.case.public:
            return self.case.name(code)
        return str(own()["cells"]["school_code"][self.lang]).format(code=code)

    def school_in_full(self, code: str) -> str:
        """Return how a list of all schools prints a school: in English with the characters of its name."""
        name, characters = self.school(code), self.case.characters.get(code, code)
        internal_english = self.lang == "en" and not self.case.public
        return f"{name} ({characters})" if internal_english and characters not in name else name
