"""Writes a county of stories.yml, with the wrong cells of its story."""

import gzip
import io
from dataclasses import replace
from typing import Any

import polars as pl

from analysis.sample import county_records, dirt, monitoring, records
from analysis.sample.printing import sheet_of, title_of
from analysis.sample.register import Register
from analysis.sample.schools import Schools, simulate
from analysis.sample.scores import scores
from analysis.sample.settings import Spec, fields, model, stories
from analysis.sample.sheets import Sheet, write_csv, write_xlsx


def write_county(spec: Spec, span: tuple[int, ...], seed: int, book: Register) -> None:
    """Write all tables of one county."""
    schools: Schools = county_records.endowed(simulate(spec, span, seed), seed)
    told_years = [year for year in span if year not in spec["missing_years"]]
    detailed = told_years[-model()["detailed_years"] :]
    suffix = "xlsx" if spec["format"] == "xlsx" else "csv"
    for year in told_years:
        known = records.schools(schools, year)
        sheet = sheet_of("schools", _coded_then(known, spec, year), spec, year)
        _save(
            _haunted(sheet, schools, year, f"{spec.then(year)[0]}/schools_{year}.{suffix}", book),
            spec,
            book,
            "schools",
            year,
        )
        staff = county_records.teachers(schools, year, seed)
        frames = {"survey": county_records.survey(spec, known.height, year, span, seed)}
        frames["government"] = county_records.government(spec, staff, year, span, seed)
        if year in detailed:
            frames |= {
                "classes": county_records.classes(schools, year),
                "rooms": county_records.rooms(schools, year, seed),
                "teachers": staff,
            }
        for table, frame in frames.items():
            _save(sheet_of(table, frame, spec, year), spec, book, table, year)
        if spec["scores"] and year in span[-model()["scores"]["years"] :]:
            _save_scores(scores(schools, year, seed), spec, book, year)
    for year in stories()["monitoring"]["rounds"]:
        if year not in spec["missing_years"]:
            _save(
                sheet_of("monitoring", monitoring.reported(spec, year, seed=seed), spec, year),
                spec,
                book,
                "monitoring",
                year,
            )


def _coded_then(frame: pl.DataFrame, spec: Spec, year: int) -> pl.DataFrame:
    """Return schools under the codes that they bore in that year."""
    codes = {change["school"]: change["was"] for change in spec["recoded"] if year < change["year"]}
    return frame.with_columns(pl.col("school").replace(codes))


def _save(sheet: Sheet, spec: Spec, book: Register, table: str, year: int) -> None:
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
    book.add(file, spec, table, year, sheet.title)


def _marked(sheet: Sheet, mark: dict[str, Any], spec: Spec, file: str, name: str, book: Register) -> Sheet:
    at = [column.id for column in sheet.columns].index(mark["column"])
    for row in mark["rows"]:
        before = sheet.rows[row - 1][at]
        after = dirt.by_name(mark["kind"])(before, sheet.columns[at])
        sheet = sheet.changed(row - 1, mark["column"], after)
        mistake = (name, sheet.first_row() + row - 1, mark["column"], mark["kind"], str(before), str(after), "")
        book.note(file, spec, mark["table"], mark["year"], [mistake])
        if mark["kind"] in dirt.MISTAKEN:
            book.correct(file, mistake, mark)
    return sheet


def _haunted(sheet: Sheet, schools: Schools, year: int, file: str, book: Register) -> Sheet:
    """Add the closed schools that a story leaves in a later file, with an impossible value."""
    for ghost in schools.spec["ghosts"]:
        if ghost["year"] != year:
            continue
        gone = next(i for i, active in enumerate(schools.active) if active[0] and not active[-1])
        before = max(y for y, active in zip(schools.years, schools.active[gone], strict=True) if active)
        old = records.schools(schools, before).filter(pl.col("school") == schools.code[gone])
        row = sheet_of("schools", old.with_columns(-pl.col(ghost["column"])), schools.spec, year).rows[0]
        sheet = replace(sheet, rows=(*sheet.rows, row))
        number_ = sheet.first_row() + len(sheet.rows) - 1
        book.note(
            file, schools.spec, "schools", year, [(f"{year}年", number_, ghost["column"], "ghost", "", "", "negative")]
        )
    return sheet


def _save_scores(frame: pl.DataFrame, spec: Spec, book: Register, year: int) -> None:
    """Write pupil scores as CSV in gzip: one header row, texts of choices, blanks for absent pupils."""
    entries = fields()["tables"]["scores"]["columns"]
    subjects = fields()["tables"]["monitoring"]["columns"]["subject"]["choices"]
    shown = frame.with_columns(pl.col("subject").replace_strict({id_: texts[0] for id_, texts in subjects.items()}))
    text = io.BytesIO()
    shown.rename({id_: entries[id_]["zh"] for id_ in shown.columns}).write_csv(text)
    file = f"{spec.then(year)[0]}/scores_{year}.csv.gz"
    (book.folder / file).write_bytes(gzip.compress(text.getvalue(), 9, mtime=0))
    book.add(file, spec, "scores", year, title_of("scores", spec, year))
