"""The source tables as fields.yml declares them: columns, kinds, headers, units, choices."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from analysis.registered import Aliases, parse_yaml
from analysis.tables import ORIGIN, Schema

#: The type that a clean column of each kind has. A date is text, YYYY-MM.
DTYPES: Schema = {
    "code": pl.String,
    "text": pl.String,
    "choice": pl.String,
    "count": pl.Int64,
    "amount": pl.Float64,
    "number": pl.Float64,
    "share": pl.Float64,
    "date": pl.String,
    "year": pl.Int32,
    "grade": pl.Int8,
    "level": pl.Int8,
}


@dataclass(frozen=True)
class Column:
    """One column of a source table; `headers` are all texts that name it, the printed one first.

    `sums`: headers whose cells add up to it, where a layout has only these. `implied`: a value that the presence of
    headers implies, where a layout has no such column. `percent`: a number written with a percent sign is a share of 1.
    `perhaps`: headers that may mean it or something else. `weaker`: headers that give way to others of its own.
    `degrees`: words of headers of its parts. `within`: the columns within which its texts number things.
    `costs_row`: a cell that can't be read costs its row, not its value alone. `absent`: words that say why there is no
    value, which is no fault. `person`: it identifies a person. `about`: what its name alone does not say, by language.
    """

    name: str
    headers: tuple[str, ...]
    kind: str
    required: bool = False
    unit: str = ""
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    person: bool = False
    sums: tuple[tuple[str, ...], ...] = ()
    implied: dict[str, tuple[str, ...]] = field(default_factory=dict)
    percent: bool = False
    en: str = ""
    costs_row: bool = False
    absent: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    weaker: tuple[str, ...] = ()
    degrees: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        """Return the header as statistics print it."""
        return self.headers[0]

    @property
    def base(self) -> str:
        """Return the base of the units in which its numbers may come; "" where they have none."""
        return "share" if self.kind == "share" else self.unit

    def called(self, lang: str) -> str:
        """Return what readers call the column: its English name where it has one and they read English."""
        return self.en if lang == "en" and self.en else self.zh

    def measured_in(self, lang: str) -> str:
        """Return the unit of the clean table in the readers' language; "" where there is none."""
        return str(_declared()["unit_names"].get(self.unit, self.unit)) if lang == "en" else self.unit


@dataclass(frozen=True, eq=False)
class Table:
    """One source table: its key is unique within a county and year. A table is equal to itself alone.

    `title` is what its sheets print by language, `short` what sentences call it. `form` are the columns that its blank
    workbook has filled in, `parts` those that it may ask for in parts.
    """

    name: str
    title: dict[str, str]
    short: dict[str, str]
    key: tuple[str, ...]
    columns: dict[str, Column]
    form: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @cached_property
    def needed(self) -> frozenset[str]:
        """Return the columns that a sheet must have: those required but the year, which a file's name tells."""
        return frozenset(name for name, column in self.columns.items() if column.required and name != "year")

    def schema(self) -> Schema:
        """Return the columns of the clean table: county, year, its own, then file, sheet and row."""
        own = {name: DTYPES[column.kind] for name, column in self.columns.items()}
        return {"county": pl.String, "year": pl.Int32} | own | ORIGIN

    def empty(self) -> pl.DataFrame:
        """Return the clean table without rows."""
        return pl.DataFrame(schema=self.schema())


@dataclass(frozen=True)
class Unit:
    """A unit of a header: values times `factor` are in unit `base`."""

    base: str
    factor: float


@cache
def _declared() -> dict[str, Any]:
    text = (Path(__file__).parent / "fields.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = parse_yaml(text)
    return loaded


@cache
def tables() -> dict[str, Table]:
    """Return all source tables by name."""
    return {name: _table(name, entry) for name, entry in _declared()["tables"].items()}


def table(name: str) -> Table:
    """Return one source table; KeyError where it is not declared."""
    return tables()[name]


@cache
def units() -> dict[str, Unit]:
    """Return all units that a header, a title or a cell may carry, with and without a multiple (万元, 千册)."""
    declared = _declared()
    plain = {name: Unit(base, float(Fraction(str(factor)))) for name, (base, factor) in declared["units"].items()}
    multiples = {
        f"{word}{name}": Unit(unit.base, unit.factor * times)
        for name, unit in plain.items()
        if unit.base != "share"
        for word, times in declared["multiples"].items()
    }
    return multiples | plain


@cache
def multiples() -> dict[str, int]:
    """Return the words that multiply a number, without a unit: 万 is 10,000."""
    multiples_declared: dict[str, int] = _declared()["multiples"]
    return multiples_declared


@dataclass(frozen=True)
class GradeNames:
    """Grades that are named from one on within a stage: `after` which grade that is, and how many there are."""

    after: int
    grades: int

    @property
    def last(self) -> int:
        """The last grade of the stage."""
        return self.after + self.grades


@cache
def grade_names() -> dict[str, GradeNames]:
    """Return what grades are called, by what their names begin with: 小学, 初, 高."""
    return {begins: GradeNames(**entry) for begins, entry in _declared()["grade_names"].items()}


@cache
def header_words() -> dict[str, frozenset[str]]:
    """Return the words of headers that name no column by themselves, by what they mean."""
    return {name: frozenset(map(str, words)) for name, words in _declared()["header_words"].items()}


@lru_cache(maxsize=64)
def known_as(name: str, aliases: Aliases) -> Table:
    """Return a source table whose columns are known by further headers too; the same object each time."""
    further = dict(dict(aliases).get(name, ()))
    if not further:
        return table(name)
    columns = {
        column.name: replace(column, headers=column.headers + further.get(column.name, ()))
        for column in table(name).columns.values()
    }
    return replace(table(name), columns=columns)


@cache
def addends(of: Table) -> Table:
    """Return a table of the headers whose cells add up to columns of another, each a column by its own name."""
    parts = {header: column for column in of.columns.values() for headers in column.sums for header in headers}
    named = {header: Column(header, (header,), column.kind, unit=column.unit) for header, column in parts.items()}
    return replace(of, columns=named)


def in_parts(of: Table) -> Table:
    """Return a table that asks for the headers of the first sum of some columns in the place of each."""
    columns: dict[str, Column] = {}
    for column in of.columns.values():
        headers = column.sums[0] if column.name in of.parts else ()
        columns |= {header: addends(of).columns[header] for header in headers} or {column.name: column}
    return replace(of, columns=columns)


def _table(name: str, entry: dict[str, Any]) -> Table:
    costly = _declared()["costs_row"].get(name, entry["key"])
    columns = {column: _column(column, entry, column in costly) for column, entry in entry["columns"].items()}
    form, parts = (tuple(entry.get(name, ())) for name in ("form", "parts"))
    return Table(name, entry["title"], entry.get("short", entry["title"]), tuple(entry["key"]), columns, form, parts)


def _column(name: str, entry: dict[str, Any], costs_row: bool) -> Column:
    choices = entry.get("choices") or {}
    if borrowed := entry.get("choices_of"):
        other, column = borrowed.split(".")
        choices = _declared()["tables"][other]["columns"][column]["choices"]
    words: dict[str, Any] = {key: tuple(entry.get(key, ())) for key in ("perhaps", "weaker", "degrees", "within")}
    words["about"] = entry.get("about", {})
    return Column(
        name,
        (entry["zh"], *entry.get("aliases", ())),
        entry["kind"],
        entry.get("required", False),
        entry.get("unit", ""),
        {choice: tuple(texts) for choice, texts in choices.items()},
        entry.get("person", False),
        tuple(tuple(parts) for parts in entry.get("sums", ())),
        {value: tuple(headers) for value, headers in entry.get("implied", {}).items()},
        entry.get("percent", False),
        entry.get("en", ""),
        costs_row,
        tuple(_declared()["absent"].get(entry.get("absent", ""), ())),
        **words,
    )
