"""What a notebook talks to: one county and year, and the chapters, tables and figures that tell of it."""

import platform
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import polars as pl

from analysis import clean, measure, project, sources, standards
from analysis.errors import RequestError
from analysis.judge import fieldcheck, kept
from analysis.judge.kept import Judged
from analysis.judge.ledger import ENTRIES
from analysis.read import fieldcheck as visited
from analysis.read.ledger import entries
from analysis.standards import Plan, Standard, label
from analysis.tables import Field
from analysis.tell.case.disclosure import withhold
from analysis.tell.facts.changes import Moved, moved
from analysis.tell.facts.ledger import Ledger, told
from analysis.tell.facts.obstacles import Matter, matters
from analysis.tell.facts.plan_targets import Planned, planned
from analysis.tell.facts.rates import OwnRate, rates
from analysis.tell.facts.school_effects import Effects, effects
from analysis.tell.findings import Finding, Findings, Measurements
from analysis.tell.language import numbers, wording
from analysis.tell.parts.picture import Picture
from analysis.tell.parts.table import Table
from analysis.tell.speech.display import shown
from analysis.tell.speech.voice import Voice, tidy

TEN_THOUSAND = 10_000

#: What a report is made with, as its method chapter tells.
LIBRARIES = ("polars", "numpy", "scipy", "matplotlib", "jinja2", "papermill")


@cache
def versions() -> dict[str, str]:
    """Return name and version of what reports are made with."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}}


@dataclass(frozen=True)
class Narrative:
    """A chapter in Pandoc's Markdown; numbers of findings are spans `[0.46]{.n f="id"}`."""

    name: str
    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return shown(self.text, self.name)


@dataclass(frozen=True)
class SourceFile:
    """A source of the report; `sha256` is empty where the file is not at hand (frames given by a test)."""

    file: str
    title: str
    publisher: str
    date: str
    table: str
    year: int
    registered: bool
    sha256: str


@dataclass(frozen=True, eq=False)
class Report:
    """The findings of one county and year with all that telling them needs; no file format is known here.

    Frames: `findings` (this year) and `history` (all years) have the schema FINDINGS, `measurements` MEASUREMENTS,
    `stages` that of measure.stage_rows; `records` are the clean tables. `audience` is internal or public. `plan` is the
    county's own plan by the name it was asked for, `laid` what it comes to; its findings have the field `plan`.
    `entries` is what people filled in of the ledger, `checked` (read.fieldcheck.ENTRIES) of the year's field check.
    `status` is final or draft, `date` (ISO) the day of signing, "" where it is to be written by hand.
    """

    county: str
    names: dict[str, str]
    province: dict[str, str]
    synthetic: bool
    year: int
    standard: Standard
    audience: str
    lang: str
    records: clean.Records
    stages: pl.DataFrame
    measurements: pl.DataFrame
    history: pl.DataFrame
    source_files: tuple[SourceFile, ...] = ()
    plan: str | None = None
    laid: Plan | None = None
    entries: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ENTRIES))
    checked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=visited.ENTRIES))
    status: str = "final"
    date: str = ""
    _hidden: dict[int, frozenset[tuple[str, str]]] = field(default_factory=dict, init=False, repr=False)
    _told: dict[int, Findings] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Take from the report of the public what it may not hold, before anything can tell it."""
        if self.public:
            kept = withhold(self.stages, self.measurements, self.history, self.standard, wording.emphasis())
            self._take(_hidden=kept.hidden, measurements=kept.measurements, history=kept.history)
            # What people typed may name a school: evidence of an item, a measure of the ledger.
            self._take(
                history=self._coded(self.history, "evidence"),
                entries=self._coded(self.entries, "measure"),
                records=replace(self.records, government=self._coded(self.records.government, "evidence")),
            )

    def _take(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _coded(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """Return a frame in whose column every name of a school is what the public is told instead."""
        named = self.stages.select("name", "school").drop_nulls().unique().filter(pl.col("name") != "").sort("name")
        if named.is_empty() or column not in frame.columns:
            return frame
        codes = [self.school(code) for code in named["school"]]
        names = named["name"].to_list()
        return frame.with_columns(pl.col(column).str.replace_many(names, codes, leftmost=True))

    # What templates, tables and figures ask.

    @cached_property
    def findings(self) -> pl.DataFrame:
        """FINDINGS of the report's year."""
        return self.history.filter(pl.col("year") == self.year)

    @cached_property
    def now(self) -> Findings:
        """The findings of the report's year, by id."""
        return self.at(self.year)

    @cached_property
    def years(self) -> list[int]:
        """Years with findings, ascending, up to the report's."""
        return sorted(year for year in self.history["year"].unique() if year <= self.year)

    def at(self, year: int) -> Findings:
        """Return the findings of a year, none where it has no data."""
        if year not in self._told:
            self._told[year] = Findings(self._by_year.get((year,), self.history.clear()))
        return self._told[year]

    @cached_property
    def _by_year(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        return self.history.partition_by("year", as_dict=True)

    @cached_property
    def before(self) -> int | None:
        """The last year before the report's that has data, None where there is none."""
        return max((year for year in self.years if year < self.year), default=None)

    @cached_property
    def measured(self) -> Measurements:
        """The measurements of all years, by key."""
        return Measurements(self.measurements)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Stage rows of the report's year."""
        return self.stages.filter(pl.col("year") == self.year)

    @cached_property
    def stage_ids(self) -> list[str]:
        """Stages with at least one school in scope, primary first."""
        present = set(self.rows.filter("in_scope")["stage"].to_list())
        return [stage for stage in ("primary", "junior") if stage in present]

    @property
    def public(self) -> bool:
        """Whether the report is for the public: schools by code, small groups left out."""
        return self.audience == "public"

    @property
    def draft(self) -> bool:
        """Whether the report is sent out for comment: every page says so."""
        return self.status == "draft"

    @property
    def name(self) -> str:
        """The county's name in the report's language."""
        return self.names.get(self.lang) or self.names["zh"]

    @cached_property
    def _school_names(self) -> dict[str, str]:
        latest = self.stages.filter(pl.col("year") <= self.year).sort("year").unique("school", keep="last")
        return dict(latest.select("school", "name").iter_rows())

    def school(self, code: str) -> str:
        """Return what a school is called in this report: its name; to the public its code, or none if hidden."""
        if self.public and code in self._unnamed:
            return self.word("cells", "hidden_school")
        if self.public:
            return self.word("cells", "school_code").format(code=code)
        return self._school_names.get(code) or code

    def standard_of(self, finding: Finding) -> Standard:
        """Return the standard that a finding is judged by: the plan's own for a target of the plan."""
        return self.laid.standard if self.laid and finding.field == Field.PLAN else self.standard

    def finding(self, id: str) -> Finding | None:
        """Return a finding of this year by its id."""
        return self.now.get(id)

    @cached_property
    def marked(self) -> Voice:
        """Words in Markdown, numbers marked with their findings."""
        return Voice(self, plain=False)

    @cached_property
    def spoken(self) -> Voice:
        """Words as plain text."""
        return Voice(self, plain=True)

    @property
    def versions(self) -> dict[str, str]:
        """Name and version of what the report is made with."""
        return versions()

    @cached_property
    def matters(self) -> list[Matter]:
        """What keeps the verdict from being met, heaviest first."""
        return matters(self)

    @cached_property
    def moved(self) -> list[Moved]:
        """What became of every coefficient since the last year with data, the largest movement first."""
        return moved(self)

    @cached_property
    def planned(self) -> Planned | None:
        """The plan's own targets, judged; None where no plan was given."""
        return planned(self)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of the report's year with what people filled in."""
        return told(self)

    @cached_property
    def visits(self) -> pl.DataFrame:
        """Values verified in the year's field check beside those reported (`compared` of judge.fieldcheck.Verified)."""
        return fieldcheck.compared(self.records, self.checked, self.year)[0]

    @cached_property
    def rates(self) -> list[tuple[Finding | None, OwnRate | None]]:
        """National rate and own test per subject and grade."""
        return rates(self)

    @cached_property
    def effects(self) -> Effects:
        """How far each school lies from the county's mean in the county's own tests; empty for the public."""
        return effects(self)

    @cached_property
    def _combined(self) -> set[str]:
        return set(self.rows.filter(pl.len().over("school") > 1)["school"].to_list())

    def combined(self, school: str) -> bool:
        """Return whether a school has both stages, so that the stage must be said beside its name."""
        return school in self._combined

    @cached_property
    def _unnamed(self) -> set[str]:
        return {school for school, _ in self._hidden.get(self.year, ())}

    def hides(self, stage: str, year: int) -> bool:
        """Return whether some school in scope of a stage is hidden, so that shares of others would tell of it."""
        hidden = {school for school, where in self._hidden.get(year, ()) if where == stage}
        return (
            bool(hidden)
            and not self.stages.filter(
                pl.col("in_scope")
                & (pl.col("year") == year)
                & (pl.col("stage") == stage)
                & pl.col("school").is_in(hidden)
            ).is_empty()
        )

    def may_show(self, school: str | None, stage: str | None) -> bool:
        """Return whether figures of a school's stage may be shown (tell.hiding); of the whole school, where all may."""
        if stage is None:
            return school not in self._unnamed
        return (school, stage) not in self._hidden.get(self.year, ())

    # What the notebook shows.

    def chapter(self, name: str) -> Narrative:
        """Return a chapter from reports/templates/<lang>/<name>.md.j2 and the facts of tell.chapters.<name>.

        Raises ModuleNotFoundError where there is no such chapter.
        """
        facts = import_module(f"analysis.tell.parts.chapters.{name}").facts(self)
        speaker = self.planned.report if name == "plan" and self.planned else self  # a plan has words of its own
        text = speaker.marked.render(f"{name}.md.j2", **facts)
        return Narrative(name, tidy(text, self.lang) + "\n")

    def table(self, name: str) -> Table | None:
        """Return a table of tell.tables.<name>; None where the county's data give it no row."""
        made: Table | None = import_module(f"analysis.tell.parts.tables.{name}").table(self)
        return made

    def figure(self, name: str) -> Picture | None:
        """Return a figure of tell.figures.<name>; None where the county's data give it nothing to show."""
        module = import_module(f"analysis.tell.parts.figures.{name}")
        frame, facts = getattr(module, f"{name}_data")(self)
        if frame.is_empty():
            return None
        said = {
            key: tidy(self.spoken.render(text, synthetic=self.synthetic, **facts), self.lang)
            for key, text in wording.texts("figures", self.lang)[name].items()
            if key != "labels"
        }
        draw = getattr(module, f"draw_{name}")
        return Picture(name, said["caption"], said["alt"], frame, lambda brand: draw(frame, said, brand))

    def missing(self, indicator: str, amount: float, group: str = "things") -> tuple[str, str]:
        """Return a missing amount as a number and its measure word; Chinese counts much money in 万."""
        word = self.word(group, indicator)
        money = self.standard.indicators[indicator].unit == "yuan_per_pupil"
        if money and self.lang == "zh" and amount >= TEN_THOUSAND:
            return numbers.missing_money(amount), self.word("cells", "ten_thousand") + word
        return numbers.missing(amount), word

    def label(self, item: str, *, short: bool = False) -> str:
        """Return what readers call an item or an indicator."""
        return label(self.standard, item, self.lang, short)

    def word(self, group: str, key: str) -> str:
        """Return a word of words.yml or of the vocabulary in the report's language."""
        return wording.word(group, key, self.lang)


def from_records(
    records: clean.Records,
    *,
    names: dict[str, str],
    province: dict[str, str] | None = None,
    synthetic: bool = True,
    year: int | None = None,
    standard: str = "national-2017",
    plan: str | None = None,
    audience: str = "internal",
    lang: str = "zh",
    source_files: tuple[SourceFile, ...] = (),
    entries: pl.DataFrame | None = None,
    last: int | None = None,
    status: str = "final",
    date: str = "",
    judged: Judged | None = None,
) -> Report:
    """Return the report of clean tables that are at hand; `open_report` finds them by the county's name.

    `last`: how many years up to the report's are judged; None is all, later ones too. Raises RequestError where the
    tables hold no schools, or none of `year`.
    """
    known = standards.load(standard)
    years = sorted(records.schools["year"].unique().to_list())
    if not years or (year is not None and year not in years):
        raise RequestError(
            "year_without_data", county=records.county, year=year or "", years=", ".join(map(str, years)) or "-"
        )
    laid = standards.plan(plan) if plan else None
    wanted = years if last is None else [each for each in years if year is None or each <= year][-last:]
    judged = judged or kept.of_records(records, standard, plan, wanted)
    return Report(
        county=records.county,
        names=names,
        province=province or {},
        synthetic=synthetic,
        year=year or years[-1],
        standard=known,
        audience=audience,
        lang=lang,
        records=records,
        stages=measure.stage_rows(records.schools, known),
        measurements=judged.measurements,
        history=judged.findings.filter(pl.col("year").is_in(wanted)),
        source_files=source_files,
        plan=plan,
        laid=laid,
        entries=pl.DataFrame(schema=ENTRIES) if entries is None else entries,
        status=status,
        date=date,
    )


def open_report(
    county: str,
    year: int | None = None,
    standard: str = "national-2017",
    plan: str | None = None,
    audience: str = "internal",
    lang: str = "zh",
    data: str | Path | None = None,
    processed: str | Path | None = None,
    status: str = "final",
    date: str = "",
) -> Report:
    """Return the report of a county (code, exact name or unique prefix), cleaning its sources first where they changed.

    `year` None is the county's latest; `data` and `processed` are the folders of raw and of clean tables. Raises
    RequestError for an unknown county, year or standard, DataError for a source that can't be used.
    """
    catalogue = sources.load(Path(data) if data else project.raw())
    found = sources.find_county(catalogue, str(county))  # `quarto -P county:990101` gives a number
    words = {"year": year, "standard": standard, "plan": plan, "audience": audience, "lang": lang}
    words |= {"status": status, "date": date}
    return open_county(catalogue, found, Path(processed) if processed else project.processed(), **words)


def open_county(catalogue: sources.Catalogue, county: sources.County, processed: Path, **words: Any) -> Report:
    """Return the report of a county of a catalogue that is loaded; `words` are those of `from_records`."""
    law, plan = words.get("standard", "national-2017"), words.get("plan")
    records, judged = kept.open_county(catalogue, county.code, processed, law, plan)
    return of_county(catalogue, county, records, judged, **words)


def of_county(
    catalogue: sources.Catalogue, county: sources.County, records: clean.Records, judged: Judged | None, **words: Any
) -> Report:
    """Return the report of a county whose clean tables are at hand with what they come to, as `open_county` does."""
    files = tuple(
        SourceFile(
            each.file, each.title, each.publisher, each.date, each.table, each.year, each.registered,
            sources.file_hash(catalogue.folder, each),
        )
        for each in catalogue.of(county.code)
    )  # fmt: skip
    report = from_records(
        records,
        names={"zh": county.zh, "en": county.en},
        province=catalogue.province,
        synthetic=county.synthetic,
        source_files=files,
        entries=entries(catalogue.folder / "ledger" / f"{county.code}.xlsx"),
        judged=judged,
        **words,
    )
    checked = visited.read(visited.path_of(catalogue.folder, county.code, report.year)).entries
    return replace(report, checked=checked)
