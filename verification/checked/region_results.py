"""results.json of a region: its counties, its counts, the findings and files of each county."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from verification.checked.kinds import Kind, Record
from verification.checked.results import EXACT, SOLVED, alike
from verification.worked.finding import FIELDS, Finding
from verification.worked.region import THINGS, Member, Region
from verification.worked.region_plan import RegionPlan
from verification.worked.stages import STAGES

#: Verdicts that may be counted.
VERDICTS = ("met", "not_met", "undecidable", "no_data", "not_in_force", "target_not_set", "not_applicable")


class RegionResults:
    """One results.json against one region."""

    def __init__(self, region: Region, path: Path, record: Record) -> None:
        self.region, self.record = region, record
        self.data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))

    def hold(self, place: str, printed: Any, worked: Any, kind: Kind = Kind.WORKED, within: float = EXACT) -> None:
        """Hold one number or word against what was worked out."""
        number = isinstance(printed, int | float) and not isinstance(printed, bool)
        if (
            alike(printed, worked, within)
            if number or isinstance(worked, int | float | Fraction)
            else printed == worked
        ):
            self.record.good("results.json", kind, int(number))
        else:
            self.record.bad("results.json", place, printed, worked if worked is not None else "null")

    def check(self) -> None:
        """Hold everything."""
        self.hold("region", self.data["region"], self.region.county.code, Kind.FORM)
        self.hold("year", self.data["year"], self.region.year, Kind.FORM)
        self._counties()
        self._counts()
        self._findings()
        self._sources()

    def _counties(self) -> None:
        rows = {row["county"]: row for row in self.data["counties"]}
        known = {one.code: one for one in self.region.members}
        for code in sorted(set(rows) ^ set(known)):
            self.record.bad("results.json", f"counties {code}", code in rows, code in known)
        for code in sorted(set(rows) & set(known)):
            row, one = rows[code], known[code]
            for lang in ("zh", "en"):
                self.hold(f"counties {code} names", row["names"][lang], one.entry[lang], Kind.FORM)
            before = one.case.before if one.case else None
            self.hold(f"counties {code} state", row["state"], "judged" if one.case else "absent", Kind.FORM)
            self.hold(f"counties {code} year", row["year"], one.case.year if one.case else None, Kind.FORM)
            self.hold(f"counties {code} before", row["before"], before.year if before else None, Kind.FORM)
            self.hold(f"counties {code} acceptance", row["acceptance"], one.entry.get("acceptance"), Kind.TRACED)
            self.hold(f"counties {code} verdict", row["verdict"], one.verdict() if one.case else None)

    def _counts(self) -> None:
        worked = {f"{self.region.county.code}:{name}": value for name, value in counts(self.region)}
        told = [row["id"] for row in self.data["counts"] if ":thing." in row["id"]]
        least = sorted((len(held) for held in self.region.things.values()), reverse=True)[:THINGS]
        wanted = {f"{self.region.county.code}:thing.{'.'.join(key)}": key for key in self.region.things}
        if sorted((len(self.region.things[wanted[id]]) for id in told if id in wanted), reverse=True) != least:
            self.record.bad("results.json", "counts thing", " ".join(told), f"things of {least} counties")
        for id in (id for id in told if id in wanted):
            worked |= {f"{id}{end}": value for end, value in of_thing(self.region, wanted[id])}
        for row in self.data["counts"]:
            if row["value"] or row["id"] in worked:
                self.hold(f"counts {row['id']}", row["value"], worked.get(row["id"]))
        for id in sorted({id for id, value in worked.items() if value} - {row["id"] for row in self.data["counts"]}):
            self.record.bad("results.json", f"counts {id}", "(missing)", worked[id])

    def _findings(self) -> None:
        worked = {
            f"{one.code}:{found.id}": (one, found)
            for one in self.region.judged
            for found in (
                *one.worked.now.findings.values(),
                *(one.worked.laid.now.findings.values() if one.worked.laid else ()),
            )
            if not found.school and not (self.region.public and found.item.startswith(("rate_own", "recognition_")))
        }
        printed = {row["id"]: row for row in self.data["findings"]}
        for lost in sorted(set(worked) - set(printed)):
            self.record.bad("results.json", f"findings {lost}", "(missing)", worked[lost][1].verdict)
        for id, row in printed.items():
            if id in worked:
                self._finding(row, *worked[id])
            else:
                self.record.bad("results.json", f"findings {id}", row["value"])

    def _finding(self, row: dict[str, Any], member: Member, one: Finding) -> None:
        place, within = f"findings {row['id']}", SOLVED if one.item == "rate_own" else EXACT
        margin = None if one.verdict == "not_applicable" or not one.sense else one.margin
        self.hold(f"{place} year", row["year"], member.worked.year, Kind.FORM)
        self.hold(f"{place} value", row["value"], one.value, Kind.TRACED if one.traced else Kind.WORKED, within)
        self.hold(f"{place} target", row["target"], one.target, Kind.RULE)
        self.hold(f"{place} computed", row["computed"], one.computed)
        self.hold(f"{place} margin", row["margin"], margin, Kind.WORKED, max(within, 1e-11))
        self.hold(f"{place} verdict", row["verdict"], one.verdict)
        for key in ("field", "item", "stage", "subject"):
            self.hold(f"{place} {key}", row[key] or "", getattr(one, key), Kind.FORM)

    def _sources(self) -> None:
        files = {
            (one.code, file): held
            for one in self.region.judged
            for file, held in one.worked.county.used(one.worked.year).items()
        }
        printed = {(row["county"], row["file"]): row for row in self.data["sources"]}
        for key in sorted(set(files) ^ set(printed)):
            self.record.bad("results.json", f"sources {key}", key in printed, key in files)
        for key in sorted(set(files) & set(printed)):
            for name in ("year", "table", "sha256"):
                self.hold(f"sources {key} {name}", printed[key][name], files[key].get(name, ""), Kind.TRACED)


def of_thing(region: Region, key: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the counts of a thing that keeps counties from their verdict, by the ends of their names."""
    yield "", len(region.things[key])
    if len(key) == 2:
        mine = region.short(*key)
        yield from {".over": len(region.over(*key)), ".short": len(mine)}.items()
        yield from {f".{name}": sum(getattr(one, name) for one in mine) for name in ("schools", "missing")}.items()


def _of_plan(plan: RegionPlan) -> Iterator[tuple[str, int]]:
    """Yield the counts of the plan that a region is held against."""
    yield from {"plan.total": plan.total, "plan.items": len(plan.targets), "plan.short": len(plan.short)}.items()
    yield from {"plan.top": len(plan.top), "plan.most": plan.most}.items()
    yield from ((f"plan.{verdict}", plan.with_verdict(verdict)) for verdict in VERDICTS)
    for one in plan.years.values():
        told = {name: getattr(one, name) for name in ("known", "met", "unmet", "accepted", "target")}
        yield from ((f"plan.{one.year}.{name}", number) for name, number in told.items() if number is not None)


def counts(region: Region) -> Iterator[tuple[str, int]]:
    """Yield every count that a region's texts may tell, by the name that results.json gives it."""
    yield from {"counties": len(region.members), "due": len(region.due), "barred": len(region.barred)}.items()
    yield from {"older": len(region.older), "turned": len(region.turned), "crossed": len(region.crossed)}.items()
    yield "state.judged", len(region.judged)
    yield "state.absent", len(region.members) - len(region.judged)
    for verdict in VERDICTS:
        for name in ("overall", *FIELDS):
            yield f"{name}.{verdict}", len(region.with_verdict(verdict, name))
    yield from ((f"unmet.{id}", len(held)) for id, held in region.missed.items())
    yield "items", len(region.missed)
    yield "top", len(region.top)
    yield "most", region.most
    yield "leading", len(region.leading)
    yield "next", max((len(held) for id, held in region.missed.items() if id not in region.leading), default=0)
    yield "moves", len(region.moves)
    for name, way in (("better", -1), ("worse", 1), ("same", 0)):
        yield name, sum(one.way == way for one in region.moves)
    cvs = [one for _, one in region.coefficients()]
    yield from {"cvs": len(cvs), "over": sum(one.verdict == "not_met" for one in cvs)}.items()
    before: dict[str, int] = {}
    for member in region.judged:
        then = member.worked.before
        for one in then.findings.values() if then else ():
            if one.item.startswith("cv_") and one.verdict == "not_met":
                before[one.id] = before.get(one.id, 0) + 1
    yield from ((f"before.{id}", number) for id, number in before.items())
    if region.plan_over is not None:
        yield from _of_plan(RegionPlan(region))
    for stage in STAGES:
        yield f"schools.{stage}", sum(len(one.schools(stage)) for one in region.judged)
        for verdict in ("met", "not_met", "no_data"):
            yield f"schools.{stage}.{verdict}", sum(len(one.schools(stage, verdict)) for one in region.judged)
    yield (
        "files",
        sum(len(one.worked.county.used(one.worked.year)) for one in region.judged),
    )
