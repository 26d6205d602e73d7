"""Reports to look at: small counties whose figures a person can check, and the sample counties as they are."""

import dataclasses
import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from analysis import clean
from analysis.standards.load import path_of
from analysis.tell import Report, from_records, open_report
from analysis.tell.facts.fragile import trust
from analysis.tell.facts.least_cost import least
from analysis.tell.facts.outlook import foretold
from analysis.tell.facts.unsure_practices import hanging

ROOT = Path(__file__).parents[2]
CHAPTERS = (
    "conclusion", "basics", "attainment", "resources", "government", "quality", "recognition", "improvement",
    "problems",
    "advice", "least_cost", "data", "sign", "annex", "coefficients", "grounds", "ledger", "calendar", "scores",
    "method",
)  # fmt: skip
TABLES = (
    "basics", "resources", "monitoring", "failing", "advice", "schools_primary", "schools_junior", "coefficients",
    "improvement", "fields", "items_government", "items_entry", "items_quality", "recognition", "ledger_unknown",
    "ledger_closed", "least_cost", "calendar", "scope", "accounts", "problems", "ledger", "sources",
)  # fmt: skip
FIGURES = ("schools", "levels", "trends", "least_cost", "overview", "beside", "rates", "effects")
#: Counties of the sample with stories as different as can be.
STORIES = ("990101", "990102", "990106", "990107", "990108", "990109")

#: Enough of everything for 100 primary pupils: each value is twice its floor.
PLENTY = {
    "advanced_degree_teachers_primary": 8.4,
    "backbone_teachers_primary": 2.0,
    "pe_arts_teachers_primary": 1.8,
    "teaching_area": 900.0,
    "sports_area": 1500.0,
    "equipment_value": 400_000.0,
    "multimedia_rooms": 4.6,
}

#: Enough of everything of national-2012 for 100 primary pupils, in whole teachers.
WHOLE: dict[str, Any] = PLENTY | {
    "advanced_degree_teachers_primary": 10.0, "backbone_teachers_primary": 2.0, "pe_arts_teachers_primary": 2.0,
    "multimedia_rooms": 4.0, "computers": 10, "books": 1000, "teachers_primary": 10, "senior_title_teachers_primary": 4,
}  # fmt: skip


def school(code: str, year: int = 2024, pupils: int = 100, **differs: Any) -> dict[str, Any]:
    """Return a primary school with twice of everything for its pupils, but for what `differs`."""
    plenty = {name: amount * pupils / 100 for name, amount in PLENTY.items()}
    return {
        "county": "990999",
        "year": year,
        "school": code,
        "name": f"{code}小学",
        "school_type": "primary",
        "run_by": "county",
        "pupils_primary": pupils,
        **plenty,
        **differs,
    }


def small(schools: list[dict[str, Any]], tables: dict[str, list[dict[str, Any]]] | None = None, **words: Any) -> Report:
    """Return the report of a county made of the rows given; everything that is not given is missing."""
    given = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in (tables or {}).items()}
    frame = pl.DataFrame(schools, infer_schema_length=None)
    for name in ("advanced_degree_teachers_primary", "backbone_teachers_primary", "pe_arts_teachers_primary"):
        frame = frame.with_columns(pl.col(name).cast(pl.Float64).round().cast(pl.Int64))
    records = clean.of_frames("990999", given | {"schools": frame.with_columns(pl.col("multimedia_rooms").ceil())})
    return from_records(records, names={"zh": "试验县", "en": "Trial County"}, **words)


#: The mark of a number or a verdict in Markdown.
_MARK = re.compile(r"\[([^\]]*)\]\{\.(?:n|met|not-met|no-data|undecidable)\b[^}]*\}")


def aloud(text: str) -> str:
    """Return a text as a reader hears it: numbers and verdicts without their marks."""
    return _MARK.sub(r"\1", text).replace("\\", "")


def told(report: Report, *chapters: str) -> dict[str, str]:
    """Return what chapters say, by language, without what takes long: what hangs on practices, and but for its own
    chapter the plan of least cost."""
    said = {}
    spared: dict[Any, Any] = {hanging: []} | ({} if "least_cost" in chapters else {least: None})
    for lang in ("zh", "en"):
        each = dataclasses.replace(report, lang=lang)
        each._known.update({fact.__wrapped__: told for fact, told in spared.items()})
        said[lang] = "\n".join(aloud(each.chapter(name).text) for name in chapters)
    return said


@functools.cache
def national() -> dict[str, Any]:
    """Return what the file of the national standard holds."""
    held: dict[str, Any] = yaml.load(path_of("national-2017").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return held


def own_standard(folder: Path, **parts: Any) -> str:
    """Return the file of a standard of one's own: the national one with parts of it replaced or merged."""
    head = {"id": "own", "name": {"zh": "本县标准", "en": "the county"}, "practice": []}
    file = folder / "own.yml"
    file.write_text(yaml.dump(national() | head | parts, Dumper=yaml.CSafeDumper, allow_unicode=True), "utf-8")
    return str(file)


#: What takes long to work out and hangs on no language; with a plan laid beside it the forecast is another one.
OF_ANY_LANGUAGE = (least, trust, hanging)


def told_otherwise(report: Report, **words: Any) -> Report:
    """Return the same findings told in another language, to other readers, or with a plan."""
    other = dataclasses.replace(report, **words)
    if other.audience == report.audience:
        for fact in (*OF_ANY_LANGUAGE, *([foretold] if other.laid is report.laid else [])):
            other._known[fact.__wrapped__] = fact(report)  # type: ignore[attr-defined]
    return other


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Report]:
    """Return how to open a sample county; its tables are cleaned once for all tests."""
    processed = tmp_path_factory.mktemp("processed")
    opened: dict[tuple[Any, ...], Report] = {}

    def find(county: str, standard: str = "national-2017", **words: Any) -> Report:
        if (county, standard) not in opened:
            folder = ROOT / "data" / "raw"
            opened[county, standard] = open_report(county, standard=standard, data=folder, processed=processed)
        whole = opened[county, standard]
        other = {name: word for name, word in words.items() if getattr(whole, name) != word}
        key = (county, standard, *sorted(other.items()))
        if key not in opened:
            opened[key] = told_otherwise(whole, **other)
        return opened[key]

    return find
