"""Writes a folder of raw statistics: the counties of stories.yml, or any number of others."""

import gzip
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from analysis.errors import RequestError
from analysis.sample import bulk, dirt, duties, nation, records
from analysis.sample import monitoring as monitored
from analysis.sample.schools import Schools, simulate, stream
from analysis.sample.scores import scores
from analysis.sample.settings import Spec, fields, model, stories, told
from analysis.sample.sheets import Cell, Column, Sheet, columns, label, number, write_csv, write_xlsx

#: Day of the year on which a table is filled in.
FILLED = {
    "schools": "09-30",
    "classes": "09-30",
    "rooms": "09-30",
    "teachers": "09-30",
    "monitoring": "12-20",
    "scores": "06-28",
    "government": "12-25",
    "survey": "11-30",
}


@dataclass(frozen=True)
class Truth:
    """What was written, as it really is.

    `dirt` (columns of bulk.DIRT) names every cell and row that is wrong in the files; `made` makes the schools again.
    """

    folder: Path
    seed: int
    specs: dict[str, Spec]
    years: tuple[int, ...]
    dirt: pl.DataFrame

    def made(self, county: str) -> Schools:
        """Return the schools of a county as they are."""
        return simulate(self.specs[county], self.years, self.seed)

    def schools(self, county: str) -> pl.DataFrame:
        """Return the true rows of the schools table, all years, column `year` first."""
        return records.school_years(self.made(county))

    def monitoring(self, county: str) -> pl.DataFrame:
        """Return the true results of monitoring, all rounds; `level` is a number."""
        spec = self.specs[county]
        rounds = [year for year in stories()["monitoring"]["rounds"] if year not in spec["missing_years"]]
        return monitored.monitoring(spec, *rounds, seed=self.seed)


class Notebook:
    """Collects what goes beside the files while they are written: their sources, corrections, the truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: list[dict[str, Any]] = []
        self.corrections: list[dict[str, Any]] = []
        self.dirt: list[tuple[Any, ...]] = []

    def register(self, file: str, spec: Spec, table: str, year: int, title: str) -> None:
        """Note a file for sources.yml."""
        about = {"file": file, "county": spec.then(year)[0], "table": table, "year": year, "title": title}
        about |= {"publisher": stories()["publisher"], "date": f"{year}-{FILLED[table]}", "synthetic": True}
        self.sources.append(about)

    def found(self, file: str, spec: Spec, table: str, year: int, wrong: Iterable[bulk.Wrong]) -> None:
        """Note what is wrong in a file."""
        self.dirt += [(spec.code, year, table, file, *one) for one in wrong]

    def correct(self, file: str, one: bulk.Wrong, mark: dict[str, Any]) -> None:
        """Note a wrong value for corrections.yml."""
        sheet, row, column, _, before, after, _ = one
        about = {"file": file, "sheet": sheet, "row": row, "column": column, "before": after, "after": before}
        self.corrections.append(about | {"why": mark["why"], "who": mark["who"]})


def _built(text: str, style: str) -> str:
    year, month = text.split("-")
    return text if style == "dashed" else f"{year}年{int(month)}月"


def title_of(table: str, spec: Spec, year: int) -> str:
    """Return the title of a table of one county and year."""
    return f"{spec.then(year)[1]}{year}年{fields()['tables'][table]['title']['zh']}"


def sheet_of(table: str, frame: pl.DataFrame, spec: Spec, year: int) -> Sheet:
    """Return clean rows of a table as the county prints them."""
    printed = columns(table, frame.columns, spec)
    entries = fields()["tables"][table]["columns"]
    empty = spec["empty"] if table == "schools" else ""
    rows = [
        tuple(
            _cell(table, value, column, entries[column.id]["kind"], spec, empty)
            for column, value in zip(printed, record, strict=True)
        )
        for record in frame.iter_rows()
    ]
    total = _total(printed, frame) if table == "schools" else None
    return replace(_blank_sheet(table, printed, spec, year, total), rows=tuple(rows))


def _filled_by(table: str, spec: Spec, year: int) -> str:
    month, day = FILLED[table].split("-")
    return f"填报单位：{spec.then(year)[1]}教育局    填报日期：{year}年{int(month)}月{int(day)}日"


def _cell(table: str, value: Any, column: Column, kind: str, spec: Spec, empty: str) -> Cell:
    if value is None:
        return empty or None
    if kind == "choice":
        return label(table, column.id, value)
    if kind == "date":
        return _built(value, spec["built"])
    return value if isinstance(value, str) or kind == "text" else number(value, column, empty)


def _total(printed: tuple[Column, ...], frame: pl.DataFrame) -> tuple[Cell, ...]:
    """Return the row 合计: sums of all columns that are numbers."""
    sums = frame.select(pl.col(pl.Float64).sum()).row(0, named=True)
    return ("合计", *(number(sums[column.id], column, "") if column.id in sums else None for column in printed[1:]))


def _save(sheet: Sheet, spec: Spec, book: Notebook, table: str, year: int) -> None:
    """Write a sheet in the county's format, with the wrong cells of its story, and register it."""
    suffix = "xlsx" if spec["format"] == "xlsx" else "csv"
    file, name = f"{spec.then(year)[0]}/{table}_{year}.{suffix}", f"{year}年"
    for mark in spec["marks"]:
        if (mark["table"], mark["year"]) == (table, year):
            sheet = _marked(sheet, mark, spec, file, name, book)
    path = book.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == "xlsx":
        write_xlsx({name: sheet}, path)
    else:
        write_csv(sheet, path, spec["format"])
    book.register(file, spec, table, year, sheet.title)


def _marked(sheet: Sheet, mark: dict[str, Any], spec: Spec, file: str, name: str, book: Notebook) -> Sheet:
    at = [column.id for column in sheet.columns].index(mark["column"])
    for row in mark["rows"]:
        before = sheet.rows[row - 1][at]
        after = dirt.by_name(mark["kind"])(before, sheet.columns[at])
        sheet = sheet.changed(row - 1, mark["column"], after)
        one = (name, sheet.first_row() + row - 1, mark["column"], mark["kind"], str(before), str(after), "")
        book.found(file, spec, mark["table"], mark["year"], [one])
        if mark["kind"] in dirt.MISTAKEN:
            book.correct(file, one, mark)
    return sheet


def _haunted(sheet: Sheet, made: Schools, year: int, file: str, book: Notebook) -> Sheet:
    """Add the closed schools that a story leaves in a later file, with an impossible value."""
    for ghost in made.spec["ghosts"]:
        if ghost["year"] != year:
            continue
        gone = next(i for i, active in enumerate(made.active) if active[0] and not active[-1])
        before = max(y for y, active in zip(made.years, made.active[gone], strict=True) if active)
        old = records.schools(made, before).filter(pl.col("school") == made.code[gone])
        row = sheet_of("schools", old.with_columns(-pl.col(ghost["column"])), made.spec, year).rows[0]
        sheet = replace(sheet, rows=(*sheet.rows, row))
        number_ = sheet.first_row() + len(sheet.rows) - 1
        book.found(
            file, made.spec, "schools", year, [(f"{year}年", number_, ghost["column"], "ghost", "", "", "negative")]
        )
    return sheet


def _monitoring_frame(spec: Spec, *years: int, seed: int) -> pl.DataFrame:
    """Return results with levels as the county writes them, or shares of pupils where it gives those."""
    frame = monitored.monitoring(spec, *years, seed=seed)
    texts = [monitored.level_text(level, spec["levels"]) for level in frame["level"]]
    frame = frame.with_columns(
        pl.Series("level", texts, dtype=pl.String),
        tested=pl.when("tested").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    if frame["share_1"].is_null().all():
        return frame.drop([f"share_{i}" for i in range(1, 5)])
    return frame.drop("level")


def _save_scores(frame: pl.DataFrame, spec: Spec, book: Notebook, year: int) -> None:
    """Write pupil scores as CSV in gzip: one header row, texts of choices, blanks for absent pupils."""
    entries = fields()["tables"]["scores"]["columns"]
    subjects = fields()["tables"]["monitoring"]["columns"]["subject"]["choices"]
    shown = frame.with_columns(pl.col("subject").replace_strict({id_: texts[0] for id_, texts in subjects.items()}))
    text = io.BytesIO()
    shown.rename({id_: entries[id_]["zh"] for id_ in shown.columns}).write_csv(text)
    file = f"{spec.code}/scores_{year}.csv.gz"
    (book.folder / file).write_bytes(gzip.compress(text.getvalue(), 9, mtime=0))
    book.register(file, spec, "scores", year, title_of("scores", spec, year))


def _flow(entry: dict[str, Any]) -> str:
    """Return an entry as YAML on one line; values stand as in JSON."""
    return "{" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()) + "}"


def _sources(specs: list[Spec], book: Notebook) -> None:
    """Write sources.yml (who the counties are, what each file is), corrections.yml and identity.yml."""
    counties = {spec.code: {"zh": spec.zh, "en": spec.en, "synthetic": True} for spec in specs}
    published = [entry for entry in stories()["published"]["sources"] if (book.folder / entry["file"]).is_file()]
    for entry in published:
        counties |= {code: stories()["published"]["counties"][code] for code in entry["counties"]}
    lines = [
        f"province: {_flow(stories()['province'])}",
        "counties:",
        *(f'  "{code}": {_flow(county)}' for code, county in counties.items()),
        "sources:",
        *(f"  - {_flow(entry)}" for entry in book.sources),
    ]
    if published:
        lines += ["published:", *(f"  - {_flow(entry)}" for entry in published)]
    (book.folder / "sources.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    identity = [entry for spec in specs for entry in _identity(spec)]
    for name, told_of in (("corrections.yml", book.corrections), ("identity.yml", identity)):
        if told_of:
            text = "".join(f"- {_flow(entry)}\n" for entry in told_of)
            (book.folder / name).write_text(text, encoding="utf-8")


def _coded_then(frame: pl.DataFrame, spec: Spec, year: int) -> pl.DataFrame:
    """Return schools under the codes that they bore in that year."""
    codes = {change["school"]: change["was"] for change in spec["recoded"] if year < change["year"]}
    return frame.with_columns(pl.col("school").replace(codes))


def _identity(spec: Spec) -> list[dict[str, Any]]:
    """Return what identity.yml tells of a county's schools."""
    about: dict[str, Any] = {"county": spec.code}
    former = spec["former"]
    county = (
        [{"kind": "county", "old": former["code"], "new": spec.code, "year": former["until"] + 1}] if former else []
    )
    renamed = [change for change in spec["renamed"] if not change.get("silent")]
    return [
        *county,
        *({"kind": "renamed", **about, "school": one["school"], "year": one["year"]} for one in renamed),
        *(
            {"kind": "code", **about, "old": one["was"], "new": one["school"], "year": one["year"]}
            for one in spec["recoded"]
        ),
    ]


def _county(spec: Spec, span: tuple[int, ...], seed: int, book: Notebook) -> None:
    """Write all tables of one county."""
    made: Schools = simulate(spec, span, seed)
    told_years = [year for year in span if year not in spec["missing_years"]]
    detailed = told_years[-model()["detailed_years"] :]
    suffix = "xlsx" if spec["format"] == "xlsx" else "csv"
    for year in told_years:
        known = records.schools(made, year)
        sheet = sheet_of("schools", _coded_then(known, spec, year), spec, year)
        _save(_haunted(sheet, made, year, f"{spec.code}/schools_{year}.{suffix}", book), spec, book, "schools", year)
        staff = duties.teachers(made, year, seed)
        frames = {"survey": duties.survey(spec, known.height, year, span, seed)}
        frames["government"] = duties.government(spec, staff, year, span, seed)
        if year in detailed:
            frames |= {
                "classes": duties.classes(made, year),
                "rooms": duties.rooms(made, year, seed),
                "teachers": staff,
            }
        for table, frame in frames.items():
            _save(sheet_of(table, frame, spec, year), spec, book, table, year)
        if spec["scores"] and year in span[-model()["scores"]["years"] :]:
            _save_scores(scores(made, year, seed), spec, book, year)
    for year in stories()["monitoring"]["rounds"]:
        if year not in spec["missing_years"]:
            _save(
                sheet_of("monitoring", _monitoring_frame(spec, year, seed=seed), spec, year),
                spec,
                book,
                "monitoring",
                year,
            )


def _bulk_county(
    spec: Spec, span: tuple[int, ...], tables: tuple[str, ...], rates: bulk.Rates, seed: int, book: Notebook
) -> None:
    """Write the tables of a county without a story: schools of each year, results of monitoring, others if asked."""
    made = simulate(spec, span, seed)
    rng = stream(seed, spec.code, 7)
    (book.folder / spec.code).mkdir(parents=True, exist_ok=True)
    frame = records.school_years(made)
    printed = columns("schools", frame.columns[1:], spec)
    text = bulk.text_of("schools", frame, printed, spec)
    sums = frame.group_by("year", maintain_order=True).agg(pl.col(pl.Float64).sum(), pl.len().alias("rows"))
    at = 0
    for row in sums.iter_rows(named=True):
        total = ("合计", *(number(row[c.id], c, "") if c.id in row else None for c in printed[1:]))
        sheet = _blank_sheet("schools", printed, spec, row["year"], total)
        _save_text(sheet, "schools", text.slice(at, row["rows"]), spec, row["year"], rates, rng, book)
        at += row["rows"]
    others: dict[str, Callable[[int], pl.DataFrame]] = {
        "classes": lambda year: duties.classes(made, year),
        "rooms": lambda year: duties.rooms(made, year, seed),
        "teachers": lambda year: duties.teachers(made, year, seed),
        "government": lambda year: duties.government(spec, duties.teachers(made, year, seed), year, span, seed),
        "survey": lambda year: duties.survey(spec, len(made.code), year, span, seed),
    }
    if "monitoring" in tables:
        rounds = [year for year in stories()["monitoring"]["rounds"] if year <= span[-1]]
        _save_frame("monitoring", _monitoring_frame(spec, *rounds, seed=seed), spec, span[-1], rates, rng, book)
    for table in (name for name in others if name in tables):
        for year in span:
            _save_frame(table, others[table](year), spec, year, rates, rng, book)


def _save_frame(
    table: str, frame: pl.DataFrame, spec: Spec, year: int, rates: bulk.Rates, rng: np.random.Generator, book: Notebook
) -> None:
    printed = columns(table, frame.columns, spec)
    text = bulk.text_of(table, frame, printed, spec)
    _save_text(_blank_sheet(table, printed, spec, year, None), table, text, spec, year, rates, rng, book)


def _blank_sheet(
    table: str, printed: tuple[Column, ...], spec: Spec, year: int, total: tuple[Cell, ...] | None
) -> Sheet:
    grouped = any(column.group for column in printed)
    notes = tuple(stories()["notes"][table])
    return Sheet(
        title_of(table, spec, year), _filled_by(table, spec, year), printed, (), total, notes, 2 if grouped else 1
    )


def _save_text(
    sheet: Sheet,
    table: str,
    text: pl.DataFrame,
    spec: Spec,
    year: int,
    rates: bulk.Rates,
    rng: np.random.Generator,
    book: Notebook,
) -> None:
    form = spec["format"]
    file = f"{spec.code}/{table}_{year}.{'xlsx' if form in bulk.WORKBOOKS else 'tsv' if form == 'tsv' else 'csv'}"
    wrong = bulk.write_sheet(sheet, table, text, book.folder / file, form, rates, rng)
    book.found(file, spec, table, year, wrong)
    book.register(file, spec, table, year, sheet.title)


def write(
    folder: Path,
    counties: int | Iterable[str] | None = None,
    years: tuple[int, ...] | None = None,
    dirt: float = 0.0,
    mistakes: float = 0.0,
    seed: int = 0,
    formats: tuple[str, ...] = ("csv",),
    tables: tuple[str, ...] = ("schools", "monitoring"),
) -> Truth:
    """Write raw statistics into `folder` and return what is true of them.

    `counties`: codes of stories.yml (all of them by default), or a number of counties without stories: these report
    `tables` (schools always) in `formats` (of bulk.FORMATS) by turns, with about `dirt` of their cells typed wrongly
    and `mistakes` of some amounts with a zero too many. The same arguments give the same bytes.

    Raises RequestError for more counties than there are names.
    """
    if isinstance(counties, int) and counties > nation.MOST:
        raise RequestError("sample_too_many", most=nation.MOST, asked=counties)
    folder.mkdir(parents=True, exist_ok=True)
    span = tuple(years or stories()["years"])
    book = Notebook(folder)
    if isinstance(counties, int):
        specs = [nation.invented(k, seed, formats[k % len(formats)]) for k in range(counties)]
        for spec in specs:
            _bulk_county(spec, span, tables, bulk.Rates(dirt, mistakes), seed, book)
    else:
        specs = [told(code) for code in (counties or stories()["counties"])]
        for spec in specs:
            _county(spec, span, seed, book)
    _sources(specs, book)
    found = pl.DataFrame(book.dirt, schema=bulk.DIRT, orient="row")
    return Truth(folder, seed, {spec.code: spec for spec in specs}, span, found)
