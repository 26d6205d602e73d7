"""Any number of invented counties: each one's size, shape and fortune are drawn from its number."""

import copy
from collections.abc import Callable

import numpy as np
import polars as pl

from analysis.sample import bulk, county_records, monitoring, records
from analysis.sample.printing import blank_sheet
from analysis.sample.register import Register
from analysis.sample.schools import simulate, stream
from analysis.sample.settings import Spec, model, stories
from analysis.sample.sheets import Sheet, columns, number

#: Most counties that codes 9901xx to 9999xx and two-character names allow.
MOST = 3000


def code_of(number: int) -> str:
    """Return the code of county `number`, from 0: 990101, 990102, ... 990199, 990201."""
    return f"99{number // 99 + 1:02d}{number % 99 + 1:02d}"


def name_of(number: int) -> str:
    """Return a name of its own for each county."""
    says = model()["nation"]
    first, second = says["first"], says["second"]
    mixed = number * 1009 % (len(first) * len(second))
    kind = says["kinds"][number % len(says["kinds"])]
    return f"{first[mixed // len(second)]}{second[(mixed + 7 * (mixed // len(second))) % len(second)]}{kind}"


def invented(number: int, seed: int, form: str) -> Spec:
    """Return county `number`, which reports in the format `form`."""
    says = model()["nation"]
    code = code_of(number)
    rng = stream(seed, code, 9)
    story = copy.deepcopy(stories()["defaults"])
    size = int(np.clip(says["schools"]["mean"] * rng.lognormal(-0.08, 0.4), *says["schools"]["between"]))
    mix = {kind: part for kind, part in says["mix"].items() if part}
    counts = {kind: round(size * part) for kind, part in mix.items()} | {"special": 1}
    counts["primary"] = max(counts["primary"], 5)
    counts["junior"] = max(counts["junior"], 2)
    poor = rng.random() < says["poor"]
    story |= {
        "format": form,
        "schools": counts,
        "private": int(min(size * 0.04, 12)),
        "money": "万元" if rng.random() < 0.4 else "元",
        "teachers": "school" if rng.random() < 0.4 else "stage",
        "built": "chinese" if rng.random() < 0.3 else "dashed",
        "seat": "街道" if rng.random() < 0.4 else "镇",
        "spread": {stage: float(rng.uniform(*between)) for stage, between in says["spread"].items()},
        "lag": [float(rng.uniform(0.03, 0.12)), float(rng.uniform(0.05, 0.40))],
        "monitoring": {"level": [2, 3, 3, 4] if poor else [3, 3, 4], "rate": [0.08, 0.22] if poor else [0.05, 0.145]},
        "scores": None,
    }
    if poor:
        story["short"] = [
            {"stage": "primary", "indicator": name, "schools": 1 + size // 30, "ratio": [0.5, 0.9]}
            for name in says["scarce"]
        ]
    zh = name_of(number)
    return Spec(code, zh, f"Sample county {code}", story)


def write_county(
    spec: Spec, span: tuple[int, ...], tables: tuple[str, ...], rates: bulk.Rates, seed: int, book: Register
) -> None:
    """Write the tables of a county without a story: schools of each year, results of monitoring, others if asked."""
    schools = county_records.endowed(simulate(spec, span, seed), seed)
    rng = stream(seed, spec.code, 7)
    (book.folder / spec.code).mkdir(parents=True, exist_ok=True)
    frame = records.school_years(schools)
    printed = columns("schools", frame.columns[1:], spec)
    text = bulk.text_of("schools", frame, printed, spec)
    sums = frame.group_by("year", maintain_order=True).agg(pl.col(pl.Float64).sum(), pl.len().alias("rows"))
    at = 0
    for row in sums.iter_rows(named=True):
        total = ("合计", *(number(row[c.id], c, "") if c.id in row else None for c in printed[1:]))
        sheet = blank_sheet("schools", printed, spec, row["year"], total)
        _save_text(sheet, "schools", text.slice(at, row["rows"]), spec, row["year"], rates, rng, book)
        at += row["rows"]
    others: dict[str, Callable[[int], pl.DataFrame]] = {
        "classes": lambda year: county_records.classes(schools, year),
        "rooms": lambda year: county_records.rooms(schools, year, seed),
        "teachers": lambda year: county_records.teachers(schools, year, seed),
        "government": lambda year: county_records.government(
            spec, county_records.teachers(schools, year, seed), year, span, seed
        ),
        "survey": lambda year: county_records.survey(spec, len(schools.code), year, span, seed),
    }
    if "monitoring" in tables:
        rounds = [year for year in stories()["monitoring"]["rounds"] if year <= span[-1]]
        _save_frame("monitoring", monitoring.reported(spec, *rounds, seed=seed), spec, span[-1], rates, rng, book)
    for table in (name for name in others if name in tables):
        for year in span:
            _save_frame(table, others[table](year), spec, year, rates, rng, book)


def _save_frame(
    table: str, frame: pl.DataFrame, spec: Spec, year: int, rates: bulk.Rates, rng: np.random.Generator, book: Register
) -> None:
    printed = columns(table, frame.columns, spec)
    text = bulk.text_of(table, frame, printed, spec)
    _save_text(blank_sheet(table, printed, spec, year, None), table, text, spec, year, rates, rng, book)


def _save_text(
    sheet: Sheet,
    table: str,
    text: pl.DataFrame,
    spec: Spec,
    year: int,
    rates: bulk.Rates,
    rng: np.random.Generator,
    book: Register,
) -> None:
    form = spec["format"]
    file = f"{spec.code}/{table}_{year}.{'xlsx' if form in bulk.WORKBOOKS else 'tsv' if form == 'tsv' else 'csv'}"
    wrong = bulk.write_sheet(sheet, table, text, book.folder / file, form, rates, rng)
    book.note(file, spec, table, year, wrong)
    book.add(file, spec, table, year, sheet.title)
