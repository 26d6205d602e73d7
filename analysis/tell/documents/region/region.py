"""What the notebook of a province or city talks to. The county is judged: a region has no verdict of its own."""

import dataclasses
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from analysis import ids, project, regions, sources, standards
from analysis.judge.verdicts import ORDER
from analysis.measure import COMPOSITE
from analysis.regions import Region
from analysis.standards import label
from analysis.tables import DECIDED, FIELDS, FINDINGS, Field, Kind, Verdict
from analysis.tell.case.setting import Setting, SourceFile
from analysis.tell.documents.document import Document
from analysis.tell.documents.region import gathering
from analysis.tell.documents.region.counties import WHOLE, CountyTold, Holding, Move, Thing, Turn
from analysis.tell.documents.region.gathering import ABSENT, FAILED, JUDGED, OF, ONLY_PUBLISHED, Gathered
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True, eq=False)
class RegionReport(Document):
    """A region in one year; `base` says by which standard, to whom and in which language it is told."""

    kind: ClassVar[str] = "region"

    region: Region
    base: Setting
    gathered: Gathered

    @property
    def lang(self) -> str:
        """The language."""
        return self.base.lang

    @cached_property
    def counties(self) -> list[CountyTold]:
        """Every county, by code."""
        found = self.gathered.findings.partition_by("county", as_dict=True)
        schools = self.gathered.schools.partition_by("county", as_dict=True)
        return [self._county(row, found, schools) for row in self.gathered.counties.iter_rows(named=True)]

    def _county(
        self, row: dict[str, Any], found: dict[Any, pl.DataFrame], schools: dict[Any, pl.DataFrame]
    ) -> CountyTold:
        code = row["county"]
        rows: dict[int, dict[str, Finding]] = {}
        if (code,) in found:
            for values in found[code,].select(list(FINDINGS)).iter_rows():
                one = Finding(*values)
                rows.setdefault(one.year, {})[one.id] = dataclasses.replace(one, id=f"{code}{OF}{one.id}")
        same = row["state"] != ONLY_PUBLISHED
        return CountyTold(
            code=code,
            name=row[self.lang],
            state=row["state"],
            year=row["year"],
            before=row["before"],
            acceptance=row["acceptance"],
            synthetic=row["synthetic"],
            fault=row["fault"] or "",
            files=row["files"],
            standard=self.base.standard if same else standards.load(row["standard"]),
            now=rows.get(row["year"], {}),
            then=rows.get(row["before"], {}),
            schools=schools.get((code,), self.gathered.schools.clear()),
        )

    def of(self, state: str) -> list[CountyTold]:
        """Return the counties of a state."""
        return [one for one in self.counties if one.state == state]

    @cached_property
    def judged(self) -> list[CountyTold]:
        """Counties judged from their own schools."""
        return self.of(JUDGED)

    @property
    def published(self) -> list[CountyTold]:
        """Counties of which only coefficients are published."""
        return self.of(ONLY_PUBLISHED)

    @property
    def absent(self) -> list[CountyTold]:
        """Counties without statistics up to the year."""
        return self.of(ABSENT)

    @property
    def failed(self) -> list[CountyTold]:
        """Counties that could not be read."""
        return self.of(FAILED)

    @property
    def older(self) -> list[CountyTold]:
        """Judged counties whose latest statistics are of an earlier year."""
        return [one for one in self.judged if one.year != self.base.year]

    def with_verdict(self, verdict: str) -> list[CountyTold]:
        """Return the judged counties with this verdict."""
        return [one for one in self.judged if one.verdict == verdict]

    @cached_property
    def verdicts(self) -> list[str]:
        """Verdicts that counties have, in the vocabulary's order."""
        return [one for one in standards.vocabulary()["verdicts"] if self.with_verdict(one)]

    @property
    def barred(self) -> list[CountyTold]:
        """Counties that don't meet the entry conditions or fall under a veto."""
        whole = ((one, one.now.get(ids.whole(Field.ENTRY))) for one in self.judged)
        return [one for one, found in whole if found and found.verdict == Verdict.NOT_MET]

    @property
    def due(self) -> list[CountyTold]:
        """Counties whose planned year of acceptance has come and that don't meet the standard."""
        return [
            one for one in self.judged
            if one.acceptance is not None and one.acceptance <= self.base.year and one.verdict != Verdict.MET
        ]  # fmt: skip

    @cached_property
    def stages(self) -> list[str]:
        """Stages with a school that is judged, primary first."""
        known = {stage for one in self.judged for stage in one.schools["stage"].unique()}
        findings = (each for one in self.judged for each in one.now.values() if each.kind == Kind.CV)
        cvs = {each.stage for each in findings if each.verdict in DECIDED}
        return [stage for stage in ("primary", "junior") if stage in known | cvs]

    def called(self, finding: Finding, *, short: bool = True) -> str:
        """Return what an item is called with its stage, or its grade and subject."""
        word = self.base.word
        parts = [
            word("stages", finding.stage) if finding.stage else "",
            word("grades", str(finding.grade)) if finding.grade else "",
            word("subjects", finding.subject) if finding.subject else "",
        ]
        said = label(self.base.standard, finding.item, self.lang, short)
        return "".join(parts) + said if self.lang == "zh" else ", ".join([said, *(one for one in parts if one)])

    def key(self, finding: Finding) -> str:
        """Return a finding's id without its county."""
        return finding.id.partition(OF)[2]

    @cached_property
    def holding(self) -> list[Holding]:
        """Items that counties don't meet, those of most counties first."""
        found: dict[str, list[tuple[CountyTold, Finding]]] = {}
        for county in self.judged:
            for one in county.unmet:
                found.setdefault(self.key(one), []).append((county, one))
        place = {one.value: number for number, one in enumerate(FIELDS)}
        ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), place[pair[1][0][1].field], pair[0]))
        return [Holding(key, self.called(rows[0][1]), tuple(county for county, _ in rows)) for key, rows in ranked]

    @property
    def top(self) -> list[Holding]:
        """The items of `holding` that most counties don't meet: one, or several with as many."""
        return [one for one in self.holding if len(one.counties) == len(self.holding[0].counties)]

    @cached_property
    def turned(self) -> list[Turn]:
        """Counties whose verdict turned, improvements first."""
        found = [
            Turn(one, one.now[WHOLE], one.then[WHOLE])
            for one in self.judged
            if WHOLE in one.now and WHOLE in one.then and one.now[WHOLE].verdict != one.then[WHOLE].verdict
        ]
        known = [one for one in found if {one.now.verdict, one.then.verdict} <= set(ORDER)]
        return sorted(known, key=lambda one: (not one.better, one.county.code))

    @property
    def turns(self) -> list[tuple[str, str, list[CountyTold]]]:
        """Those of `turned` by the verdict of then and of now, with their counties."""
        pairs = dict.fromkeys((one.then.verdict, one.now.verdict) for one in self.turned)
        return [
            (then, now, [one.county for one in self.turned if (one.then.verdict, one.now.verdict) == (then, now)])
            for then, now in pairs
        ]

    @cached_property
    def moves(self) -> list[Move]:
        """Judged coefficients that a county has in both of its years."""
        found = []
        for county in self.judged:
            for id, now in county.now.items():
                then = county.then.get(id)
                if now.kind != Kind.CV or then is None or now.value is None or then.value is None:
                    continue
                if {now.verdict, then.verdict} <= DECIDED:
                    found.append(Move(county, now, then))
        return found

    @property
    def crossed(self) -> list[Move]:
        """Changed coefficients whose verdict is another one now, the largest change first."""
        found = [one for one in self.moves if one.changed and one.now.verdict != one.then.verdict]
        return sorted(found, key=lambda one: (-abs(one.difference), one.now.id))

    @property
    def since(self) -> list[int]:
        """The years that counties are compared with."""
        return sorted({one.before for one in self.judged if one.before is not None})

    @cached_property
    def things(self) -> list[Thing]:
        """The matters of most counties, then those that weigh most (tell.matters); as many as emphasis.yml says."""
        by_code = {one.code: one for one in self.judged}
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.gathered.matters.iter_rows(named=True):
            if row["county"] in by_code:
                item = row["kind"] if row["kind"] in {"subject", "recognition", "composite"} else row["item"]
                parts = [item, row["stage"], row["subject"], row["grade"]]
                found.setdefault(".".join(str(one) for one in parts if one), []).append(row)
        ranked = sorted(
            found.items(), key=lambda pair: (-len(pair[1]), -sum(one["weight"] for one in pair[1]), pair[0])
        )
        return [self._thing(key, rows, by_code) for key, rows in ranked[: wording.emphasis()["things"]]]

    def _thing(self, key: str, rows: list[dict[str, Any]], by_code: dict[str, CountyTold]) -> Thing:
        first, who = rows[0], [by_code[row["county"]] for row in rows]
        named = by_code[first["county"]].now.get(first["id"]) or self._floor(first)
        return Thing(
            key, first["kind"], named, tuple(who),
            tuple(one for one, row in zip(who, rows, strict=True) if row["over"]),
            tuple(one for one, row in zip(who, rows, strict=True) if row["schools"]),
            sum(row["schools"] for row in rows), sum(row["missing"] for row in rows),
        )  # fmt: skip

    def _floor(self, row: dict[str, Any]) -> Finding:
        """Return the finding of an indicator's coefficient in the name of a floor, which only a school has."""
        id = ids.finding(Field.RESOURCES, ids.cv(row["item"]), row["stage"])
        empty = dict.fromkeys(
            ("subject", "grade", "school", "data_year", "value", "computed", "target", "margin", "reason", "evidence")
        )
        of_item = {"field": Field.RESOURCES.value, "item": ids.cv(row["item"]), "kind": Kind.CV.value}
        blank: dict[str, Any] = empty | of_item | {"stage": row["stage"]}
        return Finding(id=f"{row['county']}{OF}{id}", county=row["county"], year=self.base.year, verdict="", **blank)

    def pairs(self, item: str) -> list[tuple[str, int]]:
        """Return the subjects and grades that a county has a finding of this item for, in the standard's order."""
        found = {(one.subject, one.grade) for each in self.judged for one in each.now.values() if one.item == item}
        order = list(self.base.standard.monitoring.subjects) if self.base.standard.monitoring else []
        known = [(subject, grade) for subject, grade in found if subject and grade]
        return sorted(known, key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), pair[1]))

    def published_composite(self, county: CountyTold, stage: str) -> float | None:
        """Return the composite that was published for a stage of a county."""
        rows = self.gathered.composites.filter(county=county.code, stage=stage)
        found: float | None = rows["value"][0] if rows.height else None
        return found

    # Counts of the region: each number of counties or schools that a sentence tells, by its name.

    def id(self, name: str) -> str:
        """Return the id of a count."""
        return f"{self.region.code}{OF}{name}"

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every count that texts tell, by name."""
        found: Counter[str] = Counter(
            {"counties": len(self.counties), "due": len(self.due), "barred": len(self.barred), "older": len(self.older)}
        )
        for state in (JUDGED, ONLY_PUBLISHED, ABSENT, FAILED):
            found[f"state.{state}"] = len(self.of(state))
        for verdict in standards.vocabulary()["verdicts"]:
            for part in (Field.OVERALL.value, *FIELDS):
                have = [one.now[ids.whole(part)].verdict for one in self.judged if ids.whole(part) in one.now]
                found[f"{part}.{verdict}"] = have.count(verdict)
        composites = [one for each in self.published for one in each.now.values() if one.item == ids.cv(COMPOSITE)]
        found["composites"] = len(composites)
        found["composites.met"] = sum(one.verdict == Verdict.MET for one in composites)
        for one in self.holding:
            found[f"unmet.{one.key}"] = len(one.counties)
        for county in self.judged:
            for then in county.then.values():
                if then.kind == Kind.CV and then.verdict == Verdict.NOT_MET:
                    found[f"before.{self.key(then)}"] += 1
        found["items"] = len(self.holding)
        found["top"] = len(self.top)
        found["most"] = len(self.holding[0].counties) if self.holding else 0
        found["moves"] = len(self.moves)
        found["better"] = sum(one.changed and one.difference < 0 for one in self.moves)
        found["worse"] = sum(one.changed and one.difference > 0 for one in self.moves)
        found["same"] = sum(not one.changed for one in self.moves)
        found["crossed"] = len(self.crossed)
        found["turned"] = len(self.turned)
        found["over"] = sum(one.kind == Kind.CV for each in self.judged for one in each.unmet)
        found["cvs"] = sum(one.kind == Kind.CV for each in self.judged for one in each.judged)
        for stage in self.stages:
            found[f"schools.{stage}"] = sum(len(one.rule(stage)) for one in self.judged)
            for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.NO_DATA):
                found[f"schools.{stage}.{verdict}"] = sum(len(one.rule(stage, verdict)) for one in self.judged)
        for thing in self.things:
            found[f"thing.{thing.key}"] = len(thing.counties)
            found[f"thing.{thing.key}.over"] = len(thing.over)
            found[f"thing.{thing.key}.short"] = len(thing.short)
            found[f"thing.{thing.key}.schools"] = thing.schools
            found[f"thing.{thing.key}.missing"] = thing.missing
        found["files"] = sum(one.files for one in self.counties)
        return found

    # What the notebook shows.

    def voice(self, name: str) -> Voice:
        """Return who speaks: the region's setting."""
        return marked(self.base)

    def facts(self, name: str) -> dict[str, Any]:
        """Return what the texts know."""
        fields = [one for one in FIELDS if any(ids.whole(one) in each.now for each in self.judged)]
        return {"region": self, "aim": wording.aim(self.base.standard, self.lang), "fields": fields}

    def finding(self, id: str) -> Finding | None:
        """Return a finding of a county by its id with the county's code."""
        code, _, own = id.partition(OF)
        return next((one.now.get(own) for one in self.counties if one.code == code), None)


def of_gathered(
    region: Region, gathered: Gathered, year: int, *, standard: str = "national-2017", audience: str = "internal",
    lang: str = "zh", province: dict[str, str] | None = None, status: str = "final",
) -> RegionReport:  # fmt: skip
    """Return the report of a region of frames that are at hand.

    Where nothing but published coefficients is known, it speaks by the standard of their publication.
    """
    states = set(gathered.counties["state"])
    named = gathered.counties.filter(state=ONLY_PUBLISHED)["standard"].unique().to_list()
    rule = standards.load(named[0] if JUDGED not in states and len(named) == 1 else standard)
    files = tuple(
        SourceFile(**{key: value for key, value in row.items() if key != "county"})
        for row in gathered.sources.unique("file", keep="first", maintain_order=True).iter_rows(named=True)
    )
    base = Setting(
        county=region.full,
        names={"zh": region.zh, "en": region.en},
        province=province or {},
        synthetic=bool(gathered.counties["synthetic"].any()),
        year=year,
        standard=rule,
        audience=audience,
        lang=lang,
        source_files=files,
        status=status,
    )
    return RegionReport(region, base, gathered)


def open_region(
    region: str,
    year: int | None = None,
    standard: str = "national-2017",
    audience: str = "internal",
    lang: str = "zh",
    data: str | Path | None = None,
    processed: str | Path | None = None,
    gathered: str | Path | None = None,
) -> RegionReport:
    """Return the report of a province or city (code, exact name or unique prefix of it).

    `year` None is the latest of its counties; `gathered` is a folder that Gathered.write filled, else the counties are
    opened one after the other. Raises RequestError for an unknown region, year or standard.
    """
    catalogue = sources.load(Path(data) if data else project.raw())
    found = regions.find_region(catalogue, str(region))
    when = regions.year_of(catalogue, found, year)
    kept = (
        gathering.read(Path(gathered))
        if gathered
        else gathering.gather(catalogue, found, when, standard, lang, Path(processed) if processed else None)
    )
    return of_gathered(
        found, kept, when, standard=standard, audience=audience, lang=lang, province=province_of(catalogue, found)
    )


def province_of(catalogue: sources.Catalogue, region: Region) -> dict[str, str]:
    """Return the names of a region's province, its own where it is one."""
    code = region.code[: regions.PROVINCE]
    return next({"zh": one.zh, "en": one.en} for one in regions.regions(catalogue) if one.code == code)
