"""Writes a folder of raw statistics: the counties of stories.yml."""

import gzip
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis.sample import dirt as dirty
from analysis.sample import duties, records
from analysis.sample import monitoring as monitored
from analysis.sample.schools import Schools, simulate
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
class Dirt:
    """One cell that was typed wrongly: `row` counts from 1 in the file; `before` is right, `after` stands there."""

    file: str
    sheet: str
    row: int
    column: str
    kind: str
    before: Cell
    after: Cell


@dataclass(frozen=True)
class Truth:
    """What was written, as it really is: `dirt` are wrong cells, `ghosts` (file, row) rows that must be set aside."""

    folder: Path
    seed: int
    counties: tuple[str, ...]
    years: tuple[int, ...]
    dirt: tuple[Dirt, ...]
    ghosts: tuple[tuple[str, int], ...]


class Notebook:
    """Collects what goes beside the files while they are written: their sources, corrections, the truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: list[dict[str, Any]] = []
        self.corrections: list[dict[str, Any]] = []
        self.dirt: list[Dirt] = []
        self.ghosts: list[tuple[str, int]] = []

    def register(self, file: str, spec: Spec, table: str, year: int, title: str) -> None:
        """Note a file for sources.yml."""
        about = {"file": file, "county": spec.code, "table": table, "year": year, "title": title}
        about |= {"publisher": stories()["publisher"], "date": f"{year}-{FILLED[table]}", "synthetic": True}
        self.sources.append(about)

    def correct(self, found: Dirt, mark: dict[str, Any]) -> None:
        """Note a wrong value for corrections.yml."""
        about = {"file": found.file, "sheet": found.sheet, "row": found.row, "column": found.column}
        about |= {"before": str(found.after), "after": str(found.before), "why": mark["why"], "who": mark["who"]}
        self.corrections.append(about)


def _built(text: str, style: str) -> str:
    year, month = text.split("-")
    return text if style == "dashed" else f"{year}年{int(month)}月"


def title_of(table: str, spec: Spec, year: int) -> str:
    """Return the title of a table of one county and year."""
    return f"{spec.zh}{year}年{fields()['tables'][table]['title']['zh']}"


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
    month, day = FILLED[table].split("-")
    filled = f"填报单位：{spec.zh}教育局    填报日期：{year}年{int(month)}月{int(day)}日"
    grouped = any(column.group for column in printed)
    notes = tuple(stories()["notes"][table])
    return Sheet(title_of(table, spec, year), filled, printed, tuple(rows), total, notes, 2 if grouped else 1)


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
    file, name = f"{spec.code}/{table}_{year}.{suffix}", f"{year}年"
    for mark in spec["marks"]:
        if (mark["table"], mark["year"]) == (table, year):
            sheet = _marked(sheet, mark, file, name, book)
    path = book.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == "xlsx":
        write_xlsx(sheet, path, name)
    else:
        write_csv(sheet, path, spec["format"])
    book.register(file, spec, table, year, sheet.title)


def _marked(sheet: Sheet, mark: dict[str, Any], file: str, name: str, book: Notebook) -> Sheet:
    kinds: dict[str, Callable[[Cell], Cell]] = dirty.REVERSIBLE | dirty.IMPOSSIBLE | dirty.MISTAKEN
    at = [column.id for column in sheet.columns].index(mark["column"])
    for row in mark["rows"]:
        before = sheet.rows[row - 1][at]
        after = kinds[mark["kind"]](before)
        sheet = sheet.changed(row - 1, mark["column"], after)
        found = Dirt(file, name, sheet.first_row() + row - 1, mark["column"], mark["kind"], before, after)
        book.dirt.append(found)
        if mark["kind"] in dirty.MISTAKEN:
            book.correct(found, mark)
    return sheet


def _haunted(sheet: Sheet, made: Schools, year: int, file: str, book: Notebook) -> Sheet:
    """Add the closed schools that a story leaves in a later file, with an impossible value."""
    for ghost in made.spec["ghosts"]:
        if ghost["year"] != year:
            continue
        gone = next(i for i, active in enumerate(made.active) if active[0] and not active[-1])
        before = max(y for y, active in zip(made.years, made.active[gone], strict=True) if active)
        old = records.schools(made, before).filter(pl.col("school") == made.code[gone])
        old = old.with_columns(-pl.col(ghost["column"]))
        row = sheet_of("schools", old, made.spec, year).rows[0]
        sheet = Sheet(sheet.title, sheet.filled_by, sheet.columns, (*sheet.rows, row), sheet.total, sheet.notes)
        book.ghosts.append((file, sheet.first_row() + len(sheet.rows) - 1))
    return sheet


def _monitoring_frame(spec: Spec, year: int, seed: int) -> pl.DataFrame:
    frame = monitored.monitoring(spec, year, seed)
    style = spec["levels"]
    texts = [monitored.level_text(level, style) for level in frame["level"]]
    frame = frame.with_columns(
        pl.Series("level", [None if text is None else str(text) for text in texts], dtype=pl.String),
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
    dumped: str = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, default_flow_style=True, width=100_000)
    return dumped.strip()


def _sources(specs: list[Spec], book: Notebook) -> None:
    """Write sources.yml: who the counties are, what each file is; and corrections.yml."""
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
    if book.corrections:
        text = "".join(f"- {_flow(entry)}\n" for entry in book.corrections)
        (book.folder / "corrections.yml").write_text(text, encoding="utf-8")


def _county(spec: Spec, span: tuple[int, ...], seed: int, book: Notebook) -> None:
    """Write all tables of one county."""
    made: Schools = simulate(spec, span, seed)
    told_years = [year for year in span if year not in spec["missing_years"]]
    detailed = told_years[-model()["detailed_years"] :]
    suffix = "xlsx" if spec["format"] == "xlsx" else "csv"
    for year in told_years:
        known = records.schools(made, year)
        sheet = _haunted(
            sheet_of("schools", known, spec, year), made, year, f"{spec.code}/schools_{year}.{suffix}", book
        )
        _save(sheet, spec, book, "schools", year)
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
                sheet_of("monitoring", _monitoring_frame(spec, year, seed), spec, year), spec, book, "monitoring", year
            )


def write(
    folder: Path,
    counties: int | Iterable[str] | None = None,
    years: tuple[int, ...] | None = None,
    dirt: float = 0.0,
    seed: int = 0,
) -> Truth:
    """Write raw statistics of the counties of stories.yml (all, or those with these codes) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    span = tuple(years or stories()["years"])
    assert not isinstance(counties, int)
    specs = [told(code) for code in (counties or stories()["counties"])]
    book = Notebook(folder)
    for spec in specs:
        _county(spec, span, seed, book)
    _sources(specs, book)
    return Truth(folder, seed, tuple(spec.code for spec in specs), span, tuple(book.dirt), tuple(book.ghosts))
