"""A case: the frames of one county and year, and what of them may be shown. No file format is known here."""

import copy
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import polars as pl

from analysis.clean import Records
from analysis.clean.corrections import Correction
from analysis.decisions import OwnText
from analysis.judge.ledger import ENTRIES
from analysis.read import fieldcheck as visited
from analysis.read import register
from analysis.standards import Standard
from analysis.tell.case.disclosure import withhold
from analysis.tell.case.origins import for_public
from analysis.tell.case.setting import Setting
from analysis.tell.findings import Finding, Findings, Measurements
from analysis.tell.language import wording
from analysis.tell.language.english_names import english


@dataclass(frozen=True, eq=False, kw_only=True)
class Case(Setting):
    """The findings of one county and year with all that telling them needs.

    Frames: `findings` (this year) and `history` (all years) have the schema FINDINGS, `measurements` MEASUREMENTS,
    `stages` that of measure.stage_rows; `records` are the clean tables. Findings of the plan have the field `plan`.
    `entries` is what people filled in of the ledger, `checked` (read.fieldcheck.ENTRIES) of the year's field check,
    `papers` (read.register.ENTRIES) of its evidence.
    `corrections` are the entries of the county's files in corrections.yml, `texts` what it says in its own words.
    `kept` is the folder in which what the county comes to by the standard is kept, so that it is worked out once.
    """

    records: Records
    stages: pl.DataFrame
    measurements: pl.DataFrame
    history: pl.DataFrame
    entries: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ENTRIES))
    checked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=visited.ENTRIES))
    papers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=register.ENTRIES))
    corrections: tuple[Correction, ...] = ()
    texts: tuple[OwnText, ...] = ()
    kept: Path | None = None
    _hidden: dict[int, frozenset[tuple[str, str]]] = field(default_factory=dict, init=False, repr=False)
    _told: dict[int, Findings] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Take from what is told to the public what it may not hold, before anything can tell it."""
        if self.public:
            kept = withhold(self.stages, self.measurements, self.history, self.standard, wording.emphasis())
            self._take(_hidden=kept.hidden, measurements=kept.measurements, history=kept.history)
            # What people typed may name a school: evidence of an item, a measure of the ledger, a file, a correction.
            records, files = for_public(self.records, self.source_files, self.lang)
            self._take(
                source_files=tuple(replace(file, publisher=self._code(file.publisher)) for file in files),
                corrections=(),
                texts=tuple(
                    replace(text, text=self._code(text.text), text_en=self._code(text.text_en))
                    for text in self.texts
                    if text.public
                ),
                history=self._coded(self.history, "evidence"),
                entries=self._coded(self._coded(self.entries, "measure"), "holder"),
                papers=self._coded(self._coded(self._coded(self.papers, "document"), "number"), "page"),
                records=replace(records, government=self._coded(records.government, "evidence")),
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

    def _code(self, text: str) -> str:
        """Return a text in which every name of a school is what the public is told instead."""
        return str(self._coded(pl.DataFrame({"text": [text]}), "text")["text"][0])

    def by(self, standard: Standard) -> Self:
        """Return the same case, its items named and measured by another standard; what is hidden stays hidden."""
        other = copy.copy(self)
        other._take(standard=standard, _known={})
        return other

    def within(self, township: str) -> Self:
        """Return the same case, told of one of its townships."""
        other = copy.copy(self)
        other._take(township=township, _known={})
        return other

    @property
    def brief(self) -> bool:
        """Whether nothing is known of schools, so that documents are of a page or two."""
        return self.records.schools.is_empty()

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

    @cached_property
    def _names_in_statistics(self) -> dict[str, str]:
        latest = self.stages.filter(pl.col("year") <= self.year).sort("year").unique("school", keep="last")
        return dict(latest.select("school", "name").iter_rows())

    @cached_property
    def _school_names(self) -> dict[str, str]:
        return self._names_in_statistics if self.lang == "zh" else self._in_english(self._names_in_statistics)

    def _in_english(self, names: dict[str, str]) -> dict[str, str]:
        """Return names of schools in English, by code; what several would be called is followed by its characters."""
        schools = self.records.schools.filter(pl.col("year") <= self.year).sort("year")
        names_given = dict(schools.drop_nulls("name_en").select("school", "name_en").iter_rows())
        places = (self.names["zh"], *schools["township"].drop_nulls().unique())
        said = {code: names_given.get(code) or english(name or code, places) for code, name in names.items()}
        twice = {name for name, number in Counter(said.values()).items() if number > 1}
        return {
            code: self._with_characters(name, names[code]) if name in twice else name for code, name in said.items()
        }

    def _with_characters(self, name: str, characters: str) -> str:
        return name if characters in name else self.word("cells", "in_characters").format(name=name, zh=characters)

    def school_in_full(self, code: str) -> str:
        """Return what a list of all schools calls a school: in English its name with its characters."""
        name = self.school(code)
        return name if self.public else self._with_characters(name, self._names_in_statistics.get(code) or code)

    def school(self, code: str) -> str:
        """Return what a school is called in this report: its name; to the public its code, or none if hidden."""
        if self.public and code in self._unnamed:
            return self.word("cells", "hidden_school")
        if self.public:
            return self.word("cells", "school_code").format(code=code)
        return self._school_names.get(code) or code

    def township_called(self, name: str) -> str:
        """Return what a township (乡镇、街道) is called, which statistics name in Chinese."""
        return name if self.lang == "zh" else english(name)

    def township_in_full(self, name: str) -> str:
        """Return what a title calls a township: in English its name with its characters."""
        return self._with_characters(self.township_called(name), name)

    def own(self, place: str) -> tuple[str, ...]:
        """Return what the county says in its own words of this year in a place of the report, by paragraphs."""
        said = (text for text in self.texts if (text.year, text.place) == (self.year, place))
        return next((text.paragraphs(self.lang) for text in said), ())

    def why(self, file: str, before: str, after: str) -> str:
        """Return why an entry of corrections.yml changes a text of a file so; empty where none does."""
        corrections = (
            entry for entry in self.corrections if (entry.file, entry.before, entry.after) == (file, before, after)
        )
        return next((entry.why for entry in corrections), "")

    def finding(self, id: str) -> Finding | None:
        """Return a finding of this year by its id."""
        return self.now.get(id)

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
        """Return whether figures of a school's stage may be shown (case.disclosure); of the whole, where all may."""
        if stage is None:
            return school not in self._unnamed
        return (school, stage) not in self._hidden.get(self.year, ())
