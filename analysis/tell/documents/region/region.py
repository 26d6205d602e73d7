"""What the notebook of a province or city talks to. The county is judged: a region has no verdict of its own."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from analysis import ids, standards
from analysis.measure import COMPOSITE
from analysis.tables import FIELDS, Field, Kind, Verdict
from analysis.tell.case.setting import Setting
from analysis.tell.documents.document import Document
from analysis.tell.documents.region.case import RegionCase
from analysis.tell.documents.region.gathering import ABSENT, FAILED, JUDGED, OF, ONLY_PUBLISHED
from analysis.tell.language import wording
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True)
class Facts:
    """What the texts know: the report, what the standard certifies, the fields that some county is judged in."""

    region: "RegionReport"
    aim: str
    fields: list[Field]


@dataclass(frozen=True, eq=False)
class RegionReport(RegionCase, Document):
    """What is told of a region, and each number of counties or schools that a sentence tells, by its name."""

    kind: ClassVar[str] = "region"

    def id(self, name: str) -> str:
        """Return the id of a count."""
        return f"{self.region.code}{OF}{name}"

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every count that texts tell, by name."""
        counts: Counter[str] = Counter(
            {"counties": len(self.counties), "due": len(self.due), "barred": len(self.barred), "older": len(self.older)}
        )
        for state in (JUDGED, ONLY_PUBLISHED, ABSENT, FAILED):
            counts[f"state.{state}"] = len(self.of(state))
        for verdict in standards.verdicts():
            for part in (Field.OVERALL.value, *FIELDS):
                have = [county.now[ids.whole(part)].verdict for county in self.judged if ids.whole(part) in county.now]
                counts[f"{part}.{verdict}"] = have.count(verdict)
        composites = [
            finding for each in self.published for finding in each.now.values() if finding.item == ids.cv(COMPOSITE)
        ]
        counts["composites"] = len(composites)
        counts["composites.met"] = sum(composite.verdict == Verdict.MET for composite in composites)
        for item_missed in self.holding:
            counts[f"unmet.{item_missed.key}"] = len(item_missed.counties)
        for county in self.judged:
            for then in county.then.values():
                if then.kind == Kind.CV and then.verdict == Verdict.NOT_MET:
                    counts[f"before.{self.key(then)}"] += 1
        counts["items"] = len(self.holding)
        counts["top"] = len(self.top)
        counts["leading"] = len(self.leading)
        counts["next"] = max((len(item.counties) for item in self.holding[len(self.leading) :]), default=0)
        counts["most"] = len(self.holding[0].counties) if self.holding else 0
        counts["moves"] = len(self.moves)
        counts["better"] = sum(move.changed and move.difference < 0 for move in self.moves)
        counts["worse"] = sum(move.changed and move.difference > 0 for move in self.moves)
        counts["same"] = sum(not move.changed for move in self.moves)
        counts["crossed"] = len(self.crossed)
        counts["turned"] = len(self.turned)
        counts["over"] = sum(finding.kind == Kind.CV for each in self.judged for finding in each.unmet)
        counts["cvs"] = sum(county.kind == Kind.CV for each in self.judged for county in each.judged)
        for stage in self.stages:
            counts[f"schools.{stage}"] = sum(len(county.rule(stage)) for county in self.judged)
            for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.NO_DATA):
                counts[f"schools.{stage}.{verdict}"] = sum(len(county.rule(stage, verdict)) for county in self.judged)
        for thing in self.things:
            counts[f"thing.{thing.key}"] = len(thing.counties)
            counts[f"thing.{thing.key}.over"] = len(thing.over)
            counts[f"thing.{thing.key}.short"] = len(thing.short)
            counts[f"thing.{thing.key}.schools"] = thing.schools
            counts[f"thing.{thing.key}.missing"] = thing.missing
        for name, number in self.plan.counts().items() if self.plan else ():
            counts[name] = number
        counts["files"] = sum(county.files for county in self.counties)
        return counts

    def verdicts_of(self, field: str) -> list[str]:
        """Return the verdicts that a field has in some county, in the vocabulary's order."""
        return [verdict for verdict in standards.verdicts() if self.counts[f"{field}.{verdict}"]]

    @property
    def setting(self) -> Setting:
        """Its own."""
        return self.base

    @property
    def naming(self) -> dict[str, Any]:
        """What its titles know of it."""
        return {"name": self.base.name, "number": len(self.counties)}

    def voice(self, name: str) -> Voice:
        """Return who speaks: the region's setting."""
        return marked(self.base)

    def facts(self, name: str) -> Facts:
        """Return what the texts know."""
        return Facts(self, wording.aim(self.base.standard, self.lang), self.fields)
