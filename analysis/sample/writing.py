"""Writes a folder of raw statistics: the counties of stories.yml."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis.sample import monitoring as monitored
from analysis.sample import records
from analysis.sample.schools import Schools, simulate
from analysis.sample.settings import Spec, fields, stories, told
from analysis.sample.sheets import Cell, Sheet, columns, label, number, write_csv, write_xlsx

FILLED = {"schools": "09-30", "monitoring": "12-20"}
NOTES = {
    "schools": (
        "注：1.本表由学校填报，县级教育行政部门汇总；“—”“/”和空格表示该校没有此学段。",
        "2.九年一贯制学校、十二年一贯制学校和完全中学的校舍、设备按全校填报。3.本表为虚构数据，仅供演示。",
    ),
    "monitoring": ("注：1.未参测的学科不填等级和校际差异率。2.本表为虚构数据，仅供演示。",),
}


@dataclass(frozen=True)
class Truth:
    """What was written, as it really is."""

    folder: Path
    seed: int
    counties: tuple[str, ...]
    years: tuple[int, ...]


def _choice_columns(table: str) -> set[str]:
    return {id_ for id_, entry in fields()["tables"][table]["columns"].items() if entry["kind"] == "choice"}


def _built(text: str, style: str) -> str:
    year, month = text.split("-")
    return text if style == "dashed" else f"{year}年{int(month)}月"


def sheet_of(table: str, frame: pl.DataFrame, spec: Spec, year: int) -> Sheet:
    """Return clean rows of a table as the county prints them."""
    printed = columns(table, frame.columns, spec)
    entries, choices = fields()["tables"][table]["columns"], _choice_columns(table)
    rows = []
    for record in frame.iter_rows():
        row: list[Cell] = []
        for column, value in zip(printed, record, strict=True):
            if isinstance(value, str):
                text = label(table, column.id, value) if column.id in choices else value
                row.append(_built(text, spec["built"]) if column.id == "built" else text)
            elif entries[column.id]["kind"] in ("text", "choice"):
                row.append(value)
            else:
                row.append(number(value, column, spec["empty"] if table == "schools" else ""))
        rows.append(tuple(row))
    total = _total(printed, frame) if table == "schools" else None
    title = f"{spec.zh}{year}年{fields()['tables'][table]['title']['zh']}"
    filled = f"填报单位：{spec.zh}教育局    填报日期：{year}年{int(FILLED[table][:2])}月{int(FILLED[table][3:])}日"
    grouped = any(column.group for column in printed)
    return Sheet(title, filled, printed, tuple(rows), total, NOTES[table], 2 if grouped else 1)


def _total(printed: tuple[Any, ...], frame: pl.DataFrame) -> tuple[Cell, ...]:
    """Return the row 合计: sums of all columns that are numbers."""
    row: list[Cell] = ["合计"]
    for column in printed[1:]:
        values = frame[column.id]
        row.append(None if values.dtype == pl.String else number(values.sum(), column, ""))
    return tuple(row)


def _save(sheet: Sheet, spec: Spec, folder: Path, table: str, year: int) -> str:
    """Write a sheet in the county's format; return the file's name below `folder`."""
    name = f"{spec.code}/{table}_{year}.{'xlsx' if spec['format'] == 'xlsx' else 'csv'}"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if spec["format"] == "xlsx":
        write_xlsx(sheet, path, f"{year}年")
    else:
        write_csv(sheet, path, spec["format"])
    return name


def _monitoring_sheet(spec: Spec, year: int, seed: int) -> Sheet:
    frame = monitored.monitoring(spec, year, seed)
    texts = [monitored.level_text(level, spec["levels"]) for level in frame["level"]]
    known = ["yes" if yes else "no" for yes in frame["tested"]]
    shares = [f"share_{i}" for i in range(1, 5)]
    if frame["share_1"].is_null().all():
        frame = frame.drop(shares)
        level = pl.Series("level", texts, dtype=pl.String if spec["levels"] != "arabic" else pl.Int8)
        frame = frame.with_columns(level)
    else:
        frame = frame.drop("level")
    return sheet_of("monitoring", frame.with_columns(tested=pl.Series(known)), spec, year)


def _flow(entry: dict[str, Any]) -> str:
    dumped: str = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, default_flow_style=True, width=100_000)
    return dumped.strip()


def _sources(folder: Path, specs: list[Spec], entries: list[dict[str, Any]]) -> None:
    """Write sources.yml: who the counties are, what each file is."""
    counties = {spec.code: {"zh": spec.zh, "en": spec.en, "synthetic": True} for spec in specs}
    published = [entry for entry in stories()["published"]["sources"] if (folder / entry["file"]).is_file()]
    for entry in published:
        counties |= {code: stories()["published"]["counties"][code] for code in entry["counties"]}
    lines = [
        f"province: {_flow(stories()['province'])}",
        "counties:",
        *(f'  "{code}": {_flow(county)}' for code, county in counties.items()),
        "sources:",
        *(f"  - {_flow(entry)}" for entry in entries),
    ]
    if published:
        lines += ["published:", *(f"  - {_flow(entry)}" for entry in published)]
    (folder / "sources.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


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
    entries = []
    for spec in specs:
        made: Schools = simulate(spec, span, seed)
        for year in span:
            if year in spec["missing_years"]:
                continue
            sheet = sheet_of("schools", records.schools(made, year), spec, year)
            entries.append(_entry(_save(sheet, spec, folder, "schools", year), spec, "schools", year, sheet))
        for year in stories()["monitoring"]["rounds"]:
            if year in spec["missing_years"]:
                continue
            sheet = _monitoring_sheet(spec, year, seed)
            entries.append(_entry(_save(sheet, spec, folder, "monitoring", year), spec, "monitoring", year, sheet))
    _sources(folder, specs, entries)
    return Truth(folder, seed, tuple(spec.code for spec in specs), span)


def _entry(name: str, spec: Spec, table: str, year: int, sheet: Sheet) -> dict[str, Any]:
    return {
        "file": name,
        "county": spec.code,
        "table": table,
        "year": year,
        "title": sheet.title,
        "publisher": stories()["publisher"],
        "date": f"{year}-{FILLED[table]}",
        "synthetic": True,
    }
