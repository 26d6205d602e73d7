"""A province or city: its counties, each worked out by itself, and what several of them share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from verification.numbers import twelve
from verification.plans import plan as plan_of
from verification.raw.county import County, county
from verification.rules import standard
from verification.worked.case import Case, case
from verification.worked.finding import DECIDED, FIELDS, Finding
from verification.worked.shortfalls import shortfalls
from verification.worked.stages import STAGES

#: By so much a coefficient must move to have changed; the standards whose certificates counties plan for.
MOVED, PLANNED = Fraction(1, 100), ("national-2017", "hebei")
#: Items that the conclusion names, things that it tells, items of a figure, crossed coefficients; counties and schools
#: in a list; over so many counties a report sums up.
NAMED, THINGS, MISSED, CROSSED, LISTED, SCHOOLS, MANY = 3, 3, 20, 4, 12, 5, 30


@dataclass(frozen=True)
class Member:
    """A county of a region; `case` is that of its latest year up to the region's, None where it has no statistics."""

    code: str
    entry: dict[str, Any]
    case: Case | None
    lang: str

    @property
    def name(self) -> str:
        """Return its name."""
        return str(self.entry[self.lang])

    @property
    def worked(self) -> Case:
        """Return its case. Raises LookupError where it has none."""
        if self.case is None:
            raise LookupError(f"{self.code} has no statistics")
        return self.case

    @property
    def acceptance(self) -> int | None:
        """Return the year of acceptance that it plans, where that is of this standard's certificate."""
        planned = self.entry.get("acceptance") if self.worked.standard.id in PLANNED else None
        return int(planned) if planned else None

    def verdict(self, of: str = "overall") -> str:
        """Return the verdict of a field or of all of them, "" where there is none."""
        found = self.worked.now.findings.get(f"{of}.all")
        return found.verdict if found else ""

    def judged(self) -> list[Finding]:
        """Return the findings that make its verdict."""
        found = self.worked.now.of_field("overall")
        return [one for one in found if one.verdict not in ("not_applicable", "not_in_force")]

    def unmet(self) -> list[Finding]:
        """Return those that are not met."""
        return [one for one in self.judged() if one.verdict == "not_met"]

    def schools(self, stage: str, *verdicts: str) -> list[Finding]:
        """Return the school rules of a stage, those of some verdicts alone where they are given."""
        found = self.worked.now.schools("school_rule", stage)
        return [one for one in found if not verdicts or one.verdict in verdicts]


@dataclass(frozen=True)
class Move:
    """A coefficient of a county that is judged in both of its years."""

    member: Member
    now: Finding
    then: Finding

    @property
    def difference(self) -> Fraction:
        """Return by how much it moved."""
        assert self.now.value is not None
        assert self.then.value is not None
        return self.now.value - self.then.value

    @property
    def way(self) -> int:
        """Return 1 where it widened, -1 where it narrowed, 0 where it did not change."""
        if Fraction(twelve(abs(self.difference))) < MOVED:
            return 0
        return 1 if self.difference > 0 else -1


@dataclass(frozen=True)
class Lack:
    """What the schools of a county that miss their rule lack of an indicator: how many schools, whole units in all."""

    schools: int
    missing: int


@dataclass
class Region(Case):
    """A region told as a case is: its `county` has the names of the region and no statistics of its own."""

    members: list[Member] = field(default_factory=list)

    def here(self, text: str) -> str:
        """Return a text of ours as it is: a region speaks of counties."""
        return text

    @cached_property
    def judged(self) -> list[Member]:
        """Return the counties with statistics."""
        return [one for one in self.members if one.case is not None]

    def with_verdict(self, verdict: str, of: str = "overall") -> list[Member]:
        """Return the counties that have a verdict."""
        return [one for one in self.judged if one.verdict(of) == verdict]

    @cached_property
    def missed(self) -> dict[str, list[Member]]:
        """Return the items that counties don't meet, by the ids of findings, with the counties."""
        found: dict[str, list[Member]] = {}
        for member in self.judged:
            for one in member.unmet():
                found.setdefault(one.id, []).append(member)
        return found

    def item(self, id: str) -> Finding:
        """Return the finding of the first county that has it."""
        return next(found for one in self.judged if (found := one.worked.now.findings.get(id)) is not None)

    @property
    def most(self) -> int:
        """Return how many counties miss the item that most of them do."""
        return max(map(len, self.missed.values()), default=0)

    @property
    def top(self) -> list[str]:
        """Return the items that most counties miss."""
        return [id for id, members in self.missed.items() if len(members) == self.most]

    @cached_property
    def leading(self) -> list[str]:
        """Return the items that the conclusion names: at most three, none where as many counties miss one that it
        does not name."""
        place = {name: at for at, name in enumerate(FIELDS)}
        ranked = sorted(self.missed, key=lambda id: (-len(self.missed[id]), place[id.partition(".")[0]], id))
        if len(ranked) <= NAMED:
            return ranked
        return [id for id in ranked[:NAMED] if len(self.missed[id]) > len(self.missed[ranked[NAMED]])]

    @property
    def since(self) -> list[int]:
        """Return the years that counties are compared with."""
        return sorted({one.worked.before.year for one in self.judged if one.worked.before is not None})

    @cached_property
    def turned(self) -> dict[str, tuple[str, str]]:
        """Return the counties whose verdict is another one than the year before: then and now, by code."""
        found = {}
        for one in self.judged:
            before = one.worked.before
            then, now = before.findings["overall.all"].verdict if before else "", one.verdict()
            if then not in ("", now, "not_applicable", "not_in_force") and now not in (
                "not_applicable",
                "not_in_force",
            ):
                found[one.code] = (then, now)
        return found

    @cached_property
    def moves(self) -> list[Move]:
        """Return the coefficients that are judged in both years."""
        found = []
        for member in self.judged:
            before = member.worked.before
            for id, now in member.worked.now.findings.items():
                then = before.findings.get(id) if before else None
                if not now.item.startswith("cv_") or then is None or None in (now.value, then.value):
                    continue
                if now.verdict in DECIDED and then.verdict in DECIDED:
                    found.append(Move(member, now, then))
        return found

    @property
    def crossed(self) -> list[Move]:
        """Return those that changed and have another verdict now."""
        return [one for one in self.moves if one.way and one.now.verdict != one.then.verdict]

    def coefficients(self) -> Iterator[tuple[Member, Finding]]:
        """Yield the coefficients that are judged."""
        for member in self.judged:
            yield from ((member, one) for one in member.judged() if one.item.startswith("cv_"))

    @property
    def barred(self) -> list[Member]:
        """Return the counties that miss an entry condition or fall under a veto."""
        return [one for one in self.judged if one.verdict("entry") == "not_met"]

    @property
    def due(self) -> list[Member]:
        """Return the counties whose planned year has come and that don't meet the standard."""
        return [one for one in self.judged if one.verdict() != "met" and (one.acceptance or self.year + 1) <= self.year]

    @property
    def older(self) -> list[Member]:
        """Return the counties whose latest statistics are of an earlier year."""
        return [one for one in self.judged if one.worked.year != self.year]

    @cached_property
    def lacks(self) -> dict[tuple[str, str, str], Lack]:
        """Return what schools that miss their rule lack, by county, stage and indicator."""
        found = {}
        for member in self.judged:
            for stage in STAGES if self.standard.data.get("school_rule") else ():
                for name in self.standard.indicators:
                    short = [one for one in shortfalls(member.worked, stage, name) if one.breaks]
                    if short:
                        found[member.code, stage, name] = Lack(len(short), sum(one.missing for one in short))
        return found

    @cached_property
    def things(self) -> dict[tuple[str, ...], list[Member]]:
        """Return what keeps counties from their verdicts, with the counties: an indicator and its stage, a subject with
        its grade, an item, recognition."""
        found: dict[tuple[str, ...], list[Member]] = {}
        for member in self.judged:
            for key in dict.fromkeys(self._things(member)):
                found.setdefault(key, []).append(member)
        return found

    def _things(self, member: Member) -> Iterator[tuple[str, ...]]:
        yield from ((name, stage) for code, stage, name in self.lacks if code == member.code)
        for one in member.worked.now.findings.values():
            if one.school or one.verdict != "not_met":
                continue
            if one.item.startswith("cv_"):
                yield one.item.removeprefix("cv_"), one.stage
            elif one.item in ("level", "rate"):
                yield "subject", one.subject, str(one.grade)
            elif one.item in self.standard.items or one.item == "recognition":
                yield (one.item,)

    def short(self, name: str, stage: str) -> list[Lack]:
        """Return what schools of a stage that miss their rule lack of an indicator, by county."""
        return [one for (_, of, where), one in self.lacks.items() if (of, where) == (stage, name)]

    def over(self, name: str, stage: str) -> list[Member]:
        """Return the counties whose coefficient is above its limit."""
        found = ((one, one.worked.finding(f"resources.cv_{name}.{stage}")) for one in self.judged)
        return [one for one, cv in found if cv is not None and cv.verdict == "not_met"]


def region(raw: Path, standards: Path, said: Mapping[str, Any]) -> Region:
    """Return a region as the head of its results.json says it: its code, year, standard, language and audience.

    Raises ValueError for one without a county, or with counties of which only coefficients are published.
    """
    sources = yaml.safe_load((raw / "sources.yml").read_text(encoding="utf-8"))
    code, lang, year = str(said["region"]), said["lang"], int(said["year"])
    entries = {str(one): entry for one, entry in sorted(sources["counties"].items()) if str(one).startswith(code)}
    if not entries or any(entry.get("published") for entry in entries.values()):
        raise ValueError(f"{code} has no counties with statistics of schools, or others besides")
    words = (said["standard"], lang, said["audience"], said.get("plan") or "")
    members = [_member(raw, standards, one, entry, year, words) for one, entry in entries.items()]
    names = sources.get("province", {}) if len(code) == 2 else sources.get("cities", {}).get(code, {})
    name = names.get("zh", code.ljust(6, "0"))
    known = standard(standards, said["standard"])
    held = County(code, {"zh": name, "en": names.get("en", name)}, sources.get("province", {}))
    over = plan_of(standards, words[3]) if words[3] else None
    return Region(held, known, year, lang, said["audience"], members=members, plan_over=over)


def _member(
    raw: Path, standards: Path, code: str, entry: dict[str, Any], year: int, words: tuple[str, str, str, str]
) -> Member:
    held = county(raw, code) if (raw / code).is_dir() else None
    years = [one for one in held.years() if one <= year] if held else []
    return Member(code, entry, case(raw, standards, code, years[-1], *words) if years else None, words[1])
