"""The counties of a region in one year: each judged by itself, and what can be told of them together."""

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from analysis import ids, standards
from analysis.judge.verdicts import worst_first
from analysis.regions import Region
from analysis.standards import label
from analysis.tables import DECIDED, FIELDS, FINDINGS, Field, Kind, Verdict
from analysis.tell.case.setting import Setting
from analysis.tell.documents.region.counties import WHOLE, Holding, Move, RegionCounty, Thing, Turn
from analysis.tell.documents.region.gathering import ABSENT, FAILED, JUDGED, OF, ONLY_PUBLISHED, Gathered
from analysis.tell.documents.region.plan import RegionPlan
from analysis.tell.facts.obstacle_kinds import NAMED, ObstacleKind
from analysis.tell.findings import Finding
from analysis.tell.language import wording


@dataclass(frozen=True, eq=False)
class RegionCase:
    """A region in one year; `base` says by which standard, to whom and in which language it is told."""

    region: Region
    base: Setting
    gathered: Gathered
    #: Whether tables list every county, however many there are, as the workbook does.
    full: bool = False

    @property
    def many(self) -> bool:
        """Whether there are so many counties that the report sums up what its workbook lists county by county."""
        return not self.full and len(self.judged) > wording.emphasis()["region"]["many"]

    @property
    def lang(self) -> str:
        """The language."""
        return self.base.lang

    @cached_property
    def counties(self) -> list[RegionCounty]:
        """Every county, by code."""
        by_county = self.gathered.findings.partition_by("county", as_dict=True)
        schools = self.gathered.schools.partition_by("county", as_dict=True)
        return [self._county(row, by_county, schools) for row in self.gathered.counties.iter_rows(named=True)]

    def _county(
        self, row: dict[str, Any], by_county: dict[Any, pl.DataFrame], schools: dict[Any, pl.DataFrame]
    ) -> RegionCounty:
        code = row["county"]
        rows: dict[int, dict[str, Finding]] = {}
        planned: dict[int, dict[str, Finding]] = {}
        if (code,) in by_county:
            for values in by_county[code,].select(list(FINDINGS)).iter_rows():
                finding = Finding(*values)
                mine = planned if finding.field == Field.PLAN else rows
                mine.setdefault(finding.year, {})[finding.id] = dataclasses.replace(
                    finding, id=f"{code}{OF}{finding.id}"
                )
        same = row["state"] != ONLY_PUBLISHED
        return RegionCounty(
            code=code,
            name=row[self.lang],
            state=row["state"],
            year=row["year"],
            before=row["before"],
            acceptance=row["acceptance"],
            planned_acceptance=row["acceptance"] if wording.is_planned_for(self.base.standard.id) else None,
            synthetic=row["synthetic"],
            fault=row["fault"] or "",
            files=row["files"],
            standard=self.base.standard if same else standards.load(row["standard"]),
            now=rows.get(row["year"], {}),
            then=rows.get(row["before"], {}),
            planned=planned.get(row["year"], {}),
            verdicts={year: findings[WHOLE].verdict for year, findings in sorted(rows.items()) if WHOLE in findings},
            schools=schools.get((code,), self.gathered.schools.clear()),
        )

    def of(self, state: str) -> list[RegionCounty]:
        """Return the counties of a state."""
        return [county for county in self.counties if county.state == state]

    @cached_property
    def judged(self) -> list[RegionCounty]:
        """Counties judged from their own schools."""
        return self.of(JUDGED)

    @property
    def published(self) -> list[RegionCounty]:
        """Counties of which only coefficients are published."""
        return self.of(ONLY_PUBLISHED)

    @property
    def absent(self) -> list[RegionCounty]:
        """Counties without statistics up to the year."""
        return self.of(ABSENT)

    @property
    def failed(self) -> list[RegionCounty]:
        """Counties that could not be read."""
        return self.of(FAILED)

    @property
    def older(self) -> list[RegionCounty]:
        """Judged counties whose latest statistics are of an earlier year."""
        return [county for county in self.judged if county.year != self.base.year]

    def with_verdict(self, verdict: str) -> list[RegionCounty]:
        """Return the judged counties with this verdict."""
        return [county for county in self.judged if county.verdict == verdict]

    @cached_property
    def verdicts(self) -> list[str]:
        """Verdicts that counties have, in the vocabulary's order."""
        return [verdict for verdict in standards.verdicts() if self.with_verdict(verdict)]

    @property
    def fields(self) -> list[Field]:
        """Fields that some county is judged in; a standard need not judge all."""
        wholes = {field: [county.now.get(ids.whole(field)) for county in self.judged] for field in FIELDS}
        return [
            field
            for field, found in wholes.items()
            if any(whole is not None and whole.verdict != Verdict.NOT_APPLICABLE for whole in found)
        ]

    @property
    def barred(self) -> list[RegionCounty]:
        """Counties that don't meet the entry conditions or fall under a veto."""
        whole = ((county, county.now.get(ids.whole(Field.ENTRY))) for county in self.judged)
        return [county for county, whole_finding in whole if whole_finding and whole_finding.verdict == Verdict.NOT_MET]

    @property
    def due(self) -> list[RegionCounty]:
        """Counties whose planned year of acceptance has come and that don't meet the standard."""
        planned = [(county, county.planned_acceptance) for county in self.judged if county.verdict != Verdict.MET]
        return [county for county, year in planned if year is not None and year <= self.base.year]

    @cached_property
    def stages(self) -> list[str]:
        """Stages with a school that is judged, primary first."""
        known = {stage for county in self.judged for stage in county.schools["stage"].unique()}
        findings = (each for county in self.judged for each in county.now.values() if each.kind == Kind.CV)
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
        return "".join(parts) + said if self.lang == "zh" else ", ".join([said, *(part for part in parts if part)])

    def key(self, finding: Finding) -> str:
        """Return a finding's id without its county."""
        return finding.id.partition(OF)[2]

    @cached_property
    def holding(self) -> list[Holding]:
        """Items that counties don't meet, those of most counties first."""
        holding: dict[str, list[tuple[RegionCounty, Finding]]] = {}
        for county in self.judged:
            for finding in county.unmet:
                holding.setdefault(self.key(finding), []).append((county, finding))
        place = {field.value: number for number, field in enumerate(FIELDS)}
        ranked = sorted(holding.items(), key=lambda pair: (-len(pair[1]), place[pair[1][0][1].field], pair[0]))
        return [Holding(key, self.called(rows[0][1]), tuple(county for county, _ in rows)) for key, rows in ranked]

    @property
    def short(self) -> bool:
        """Whether schools that miss their rule lack something."""
        return not self.lacking.is_empty()

    @property
    def lacking(self) -> pl.DataFrame:
        """What schools that miss their rule lack, a row per county, stage and indicator."""
        known = [county.code for county in self.judged]
        short = (pl.col("kind") == ObstacleKind.INDICATOR.value) & (pl.col("schools") > 0)
        return self.gathered.matters.filter(short & pl.col("county").is_in(known))

    @property
    def asked(self) -> list[RegionCounty]:
        """The counties with a finding on their recognition."""
        id = ids.finding(Field.RECOGNITION, Kind.RECOGNITION)
        return [county for county in self.judged if id in county.now]

    @property
    def unrecognised(self) -> list[RegionCounty]:
        """Those of `asked` that are not known to meet the standard."""
        id = ids.finding(Field.RECOGNITION, Kind.RECOGNITION)
        return [county for county in self.asked if county.now[id].verdict != Verdict.MET]

    @property
    def leading(self) -> list[Holding]:
        """The first of `holding`, as many as emphasis.yml says at most: none is named where as many counties miss one
        that is not."""
        most = wording.emphasis()["region"]["items"]
        named, further = self.holding[:most], self.holding[most : most + 1]
        return [item for item in named if not further or len(item.counties) > len(further[0].counties)]

    @property
    def top(self) -> list[Holding]:
        """The items of `holding` that most counties don't meet: one, or several with as many."""
        return [item for item in self.holding if len(item.counties) == len(self.holding[0].counties)]

    @cached_property
    def turned(self) -> list[Turn]:
        """Counties whose verdict turned, improvements first."""
        turns = [
            Turn(county, county.now[WHOLE], county.then[WHOLE])
            for county in self.judged
            if WHOLE in county.now and WHOLE in county.then and county.now[WHOLE].verdict != county.then[WHOLE].verdict
        ]
        known = [turn for turn in turns if {turn.now.verdict, turn.then.verdict} <= set(worst_first())]
        return sorted(known, key=lambda turn: (not turn.better, turn.county.code))

    @property
    def turns(self) -> list[tuple[str, str, list[RegionCounty]]]:
        """Those of `turned` by the verdict of then and of now, with their counties."""
        pairs = dict.fromkeys((turn.then.verdict, turn.now.verdict) for turn in self.turned)
        return [
            (then, now, [turn.county for turn in self.turned if (turn.then.verdict, turn.now.verdict) == (then, now)])
            for then, now in pairs
        ]

    @cached_property
    def moves(self) -> list[Move]:
        """Judged coefficients that a county has in both of its years."""
        moves = []
        for county in self.judged:
            for id, now in county.now.items():
                then = county.then.get(id)
                if now.kind != Kind.CV or then is None or now.value is None or then.value is None:
                    continue
                if {now.verdict, then.verdict} <= DECIDED:
                    moves.append(Move(county, now, then))
        return moves

    @property
    def crossed(self) -> list[Move]:
        """Changed coefficients whose verdict is another one now, the largest change first."""
        crossed = [move for move in self.moves if move.changed and move.now.verdict != move.then.verdict]
        return sorted(crossed, key=lambda move: (-abs(move.difference), move.now.id))

    @property
    def since(self) -> list[int]:
        """The years that counties are compared with."""
        return sorted({county.before for county in self.judged if county.before is not None})

    @cached_property
    def things(self) -> list[Thing]:
        """The obstacles of most counties, then those that weigh most; as many as emphasis.yml says."""
        by_code = {county.code: county for county in self.judged}
        things: dict[str, list[dict[str, Any]]] = {}
        for row in self.gathered.matters.iter_rows(named=True):
            if row["county"] in by_code:
                item = row["item"] if row["kind"] in NAMED else row["kind"]
                parts = [item, row["stage"], row["subject"], row["grade"]]
                things.setdefault(".".join(str(part) for part in parts if part), []).append(row)
        ranked = sorted(
            things.items(), key=lambda pair: (-len(pair[1]), -sum(row["weight"] for row in pair[1]), pair[0])
        )
        return [self._thing(key, rows, by_code) for key, rows in ranked[: wording.emphasis()["things"]]]

    def _thing(self, key: str, rows: list[dict[str, Any]], by_code: dict[str, RegionCounty]) -> Thing:
        first, who = rows[0], [by_code[row["county"]] for row in rows]
        named = by_code[first["county"]].now.get(first["id"]) or self._floor(first)
        return Thing(
            key, ObstacleKind(first["kind"]), named, tuple(who),
            tuple(county for county, row in zip(who, rows, strict=True) if row["over"]),
            tuple(county for county, row in zip(who, rows, strict=True) if row["schools"]),
            sum(row["schools"] for row in rows), sum(row["missing"] for row in rows),
        )  # fmt: skip

    def _floor(self, row: dict[str, Any]) -> Finding:
        """Return the finding of an indicator's coefficient in the name of a floor, which only a school has."""
        item, county, stage = ids.cv(row["item"]), row["county"], row["stage"]
        named = {"county": county, "year": self.base.year, "item": item, "stage": stage, "kind": Kind.CV.value}
        blank: dict[str, Any] = dict.fromkeys(FINDINGS) | named | {"field": Field.RESOURCES.value, "verdict": ""}
        return Finding(**blank | {"id": f"{county}{OF}{ids.finding(Field.RESOURCES, item, stage)}"})

    def pairs(self, item: str) -> list[tuple[str, int]]:
        """Return the subjects and grades that a county has a finding of this item for, in the standard's order."""
        pairs = {
            (finding.subject, finding.grade)
            for each in self.judged
            for finding in each.now.values()
            if finding.item == item
        }
        order = list(self.base.standard.monitoring.subjects) if self.base.standard.monitoring else []
        known = [(subject, grade) for subject, grade in pairs if subject and grade]
        return sorted(known, key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), pair[1]))

    def published_composite(self, county: RegionCounty, stage: str) -> float | None:
        """Return the composite that was published for a stage of a county."""
        rows = self.gathered.composites.filter(county=county.code, stage=stage)
        value: float | None = rows["value"][0] if rows.height else None
        return value

    def finding(self, id: str) -> Finding | None:
        """Return a finding of a county by its id with the county's code."""
        code, _, own = id.partition(OF)
        county = next((county for county in self.counties if county.code == code), None)
        return (county.now.get(own) or county.planned.get(own)) if county else None

    @cached_property
    def plan(self) -> RegionPlan | None:
        """The plan that the region is held against, None without one."""
        laid = self.base.laid
        return RegionPlan(laid, self.counties, self.base.year, self.base.lang) if laid else None
