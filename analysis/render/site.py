"""The site: one page over all counties whose reports lie in a folder; opens from disk, needs no server."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from analysis import standards, storage
from analysis.errors import message
from analysis.ids import judged
from analysis.judge.verdicts import place
from analysis.regions import CITY, divisions
from analysis.standards import Standard, label, vocabulary
from analysis.tables import FIELDS, Kind, Verdict
from analysis.tell.language.pinyin import searched

from . import html
from .meta import Meta, words_of

PAGE = "index.html"
#: Files that a row links to, where they exist, in this order; of a region, of a county.
REGION = ("region.html", "region.pdf", "region.docx", "region.xlsx", "results.json")
FILES = ("report.html", "report.pdf", "report.docx", "annex.xlsx", "results.json")
#: How many items the overview names.
MOST = 12


@dataclass(frozen=True)
class Entry:
    """One county and year: its results.json, and where it lies, relative to the site."""

    folder: str
    files: tuple[str, ...]
    results: dict[str, Any]

    @property
    def county(self) -> str:
        """The county's code."""
        return str(self.results["county"])

    @property
    def year(self) -> int:
        """The report's year."""
        return int(self.results["year"])

    @cached_property
    def whole(self) -> list[dict[str, Any]]:
        """Findings that are not about one school."""
        return [finding for finding in self.results["findings"] if finding["school"] is None]

    def verdict(self, field: str) -> str:
        """Return the verdict of a field or of the whole, not_applicable where it is not judged."""
        verdicts = [
            finding["verdict"] for finding in self.whole if finding["field"] == field and finding["item"] == Kind.ALL
        ]
        return str(verdicts[0]) if verdicts else Verdict.NOT_APPLICABLE

    @cached_property
    def judged(self) -> list[dict[str, Any]]:
        """The findings that the report counts."""
        return [
            finding
            for finding in self.whole
            if judged(finding["item"], finding["field"], finding["school"], finding["verdict"])
        ]

    @cached_property
    def unmet(self) -> list[dict[str, Any]]:
        """Those of `judged` that are not met."""
        return [finding for finding in self.judged if finding["verdict"] == Verdict.NOT_MET]

    def over(self, year: int) -> set[tuple[str, str]]:
        """Return stage and indicator of the coefficients over their limit in a year."""
        rows = [coefficient for coefficient in self.results["coefficients"] if coefficient["year"] == year]
        return {(row["stage"], row["indicator"]) for row in rows if row["verdict"] == Verdict.NOT_MET}


def results_of(path: Path) -> dict[str, Any]:
    """Return a results.json; one that is damaged is told and left out: the other counties have their rows."""
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        loaded["audience"]
    except (OSError, ValueError, KeyError, TypeError):
        sys.stderr.write(message("site_lacks", file=path) + "\n")
        return {}
    return loaded


def entries(output: Path, audience: str) -> list[Entry]:
    """Return what lies in `output`/<county>/<year>/, counties in order, latest year first.

    A results.json of another audience is not shown: to the public no link leads to a report that names schools.
    """
    entry_list = []
    for path in sorted(output.glob("[0-9]*/[0-9]*/results.json")):
        results = results_of(path)
        if results and results["audience"] == audience:
            files = tuple(name for name in FILES if (path.parent / name).exists())
            entry_list.append(Entry(path.parent.relative_to(output).as_posix(), files, results))
    return sorted(entry_list, key=lambda entry: (entry.county, -entry.year))


@dataclass(frozen=True)
class RegionEntry:
    """A report on a province or city: its name, year, verdicts of counties (word and number), links to its files."""

    code: str
    name: str
    year: int
    counties: int
    verdicts: tuple[tuple[str, int], ...]
    links: tuple[tuple[str, str], ...]


def regions(output: Path, audience: str, lang: str) -> list[RegionEntry]:
    """Return the reports on regions in `output`/regions/<code>/<year>/, of one audience, latest year first."""
    region_list = []
    for path in sorted(output.glob("regions/[0-9]*/[0-9]*/results.json")):
        results = results_of(path)
        if not results or results["audience"] != audience:
            continue
        folder = path.parent.relative_to(output).as_posix()
        links = [
            (f"{folder}/{name}", name.rpartition(".")[2].upper()) for name in REGION if (path.parent / name).exists()
        ]
        have = Counter(county["verdict"] for county in results["counties"] if county["state"] == "judged")
        verdict_counts = tuple(
            (_word("verdicts", verdict, lang), have[verdict]) for verdict in standards.verdicts() if have[verdict]
        )
        name = results["names"].get(lang) or results["names"]["zh"]
        region_list.append(
            RegionEntry(
                results["region"], name, int(results["year"]), len(results["counties"]), verdict_counts, tuple(links)
            )
        )
    return sorted(region_list, key=lambda region: (region.code, -region.year))


def write(
    output: Path,
    reports: list[Entry] | None = None,
    *,
    lang: str = "zh",
    audience: str = "internal",
    date: str = "",
    folder: Path | None = None,
    cities: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Path:
    """Write the site over every report in `output`, whether it was asked for now or not, and return its page.

    `reports` are the entries where they are at hand; `date` (ISO) is that of the page, `folder` (`output` without it)
    is where it is written, `cities` are names (zh, en) by four digits beside those of GB/T 2260.
    """
    reports = entries(output, audience) if reports is None else reports
    words = words_of(lang)["site"]
    synthetic = any(entry.results["synthetic"] for entry in reports)
    meta = Meta(words["title"], "", "", 0, lang, audience, synthetic, date, "")
    above = regions(output, audience, lang)
    body = html.part("site.html.j2", words=words, page=words_of(lang), regions=above, **facts(reports, lang, cities))
    page = (folder or output) / PAGE
    storage.write_whole(page, html.compose("", body, meta, styles=("site.css",)))
    return page


def facts(
    reports: list[Entry], lang: str, cities: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> dict[str, Any]:
    """Return what the page shows: rows, counts of verdicts, what holds counties back, movement since last year."""
    latest = list({entry.county: entry for entry in reversed(reports)}.values())
    counted = Counter(entry.verdict("overall") for entry in latest)
    named = divisions() | dict(cities)
    rows = [_row(entry, lang, named) for entry in _first_asked(reports, latest)]
    return {
        "rows": rows,
        "cities": list(dict.fromkeys((row["city_code"], row["city"]) for row in sorted(rows, key=_city))),
        "counties": len(latest),
        "verdicts": [
            (verdict, _word("verdicts", verdict, lang), counted[verdict])
            for verdict in standards.verdicts()
            if counted[verdict]
        ],
        "years": sorted({entry.year for entry in reports}, reverse=True),
        "fields": [(field, _word("fields", field, lang)) for field in FIELDS],
        "stages": [(stage, _word("stages", stage, lang)) for stage in ("primary", "junior")],
        "holding": _holding(latest, lang),
        "movement": _movement(latest, lang),
    }


def _city(row: dict[str, Any]) -> str:
    return str(row["city_code"])


def _first_asked(reports: list[Entry], latest: list[Entry]) -> list[Entry]:
    """Return the reports in the order in which they are asked for: the latest of each county, those that meet least
    first, then earlier ones."""

    def asked(entry: Entry) -> tuple[bool, int, int, str, int]:
        return entry not in latest, place(entry.verdict("overall")), -len(entry.unmet), entry.county, -entry.year

    return sorted(reports, key=asked)


def _word(group: str, key: str, lang: str) -> str:
    return vocabulary()[group][key].text(lang)


def _row(entry: Entry, lang: str, cities: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    verdicts = {field: entry.verdict(field) for field in ("overall", *FIELDS)}
    over, before = entry.over(entry.year), entry.over(entry.year - 1)
    known = any(coefficient["year"] == entry.year - 1 for coefficient in entry.results["coefficients"])
    code, names = entry.county[:CITY], entry.results["names"]
    city = cities.get(code, {})
    return {
        "code": entry.county,
        "name": names.get(lang) or names["zh"],
        "city_code": code,
        "city": city.get(lang) or city.get("zh") or code,
        "search": " ".join([searched(names["zh"]), names.get("en") or "", searched(city.get("zh") or "")]).strip(),
        "year": entry.year,
        "draft": entry.results.get("status") == "draft",
        "verdicts": [(verdict.replace("_", "-"), _word("verdicts", verdict, lang)) for verdict in verdicts.values()],
        "unmet": len(entry.unmet),
        "over": len(over),
        "before": len(before) if known else None,
        "fails": " ".join(field for field in FIELDS if verdicts[field] == Verdict.NOT_MET),
        "stages": " ".join(sorted({finding["stage"] for finding in entry.unmet if finding["stage"]})),
        "links": [(f"{entry.folder}/{name}", name.rpartition(".")[2].upper()) for name in entry.files],
    }


def _holding(latest: Iterable[Entry], lang: str) -> list[dict[str, Any]]:
    """Return the items that most counties miss, with the counties."""
    missed: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in latest:
        for finding in entry.unmet:
            key = (finding["field"], finding["item"], finding["stage"], finding["subject"], finding["grade"])
            missed.setdefault(key, []).append(entry)
    ranked = sorted(missed.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))[:MOST]
    return [
        {
            "field": _word("fields", key[0], lang),
            "item": _called(key, _standard(holding[0]), lang),
            "count": len(holding),
            "names": [
                (entry.folder, entry.results["names"].get(lang) or entry.results["names"]["zh"]) for entry in holding
            ],
        }
        for key, holding in ranked
    ]


def _standard(entry: Entry) -> Standard:
    return standards.load(entry.results["standard"])


def _called(key: tuple[Any, ...], standard: Standard, lang: str) -> str:
    _, item, stage, subject, grade = key
    parts = [
        _word("stages", stage, lang) if stage else "",
        _word("grades", str(grade), lang) if grade else "",
        _word("subjects", subject, lang) if subject else "",
    ]
    said = label(standard, item, lang)
    return "".join(parts) + said if lang == "zh" else ", ".join([said, *(part for part in parts if part)])


def _movement(latest: Iterable[Entry], lang: str) -> list[dict[str, Any]]:
    """Return per indicator and stage how many counties were over the limit the year before, and are now."""
    now: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    standard: Standard | None = None
    for entry in latest:
        if not any(coefficient["year"] == entry.year - 1 for coefficient in entry.results["coefficients"]):
            continue
        standard = standard or _standard(entry)
        now.update(entry.over(entry.year))
        before.update(entry.over(entry.year - 1))
    keys = sorted(now.keys() | before.keys(), key=lambda key: (-now[key], -before[key], key))
    return [
        {
            "stage": _word("stages", stage, lang),
            "indicator": label(standard, indicator, lang),
            "before": before[stage, indicator],
            "now": now[stage, indicator],
        }
        for stage, indicator in keys
        if standard and indicator in standard.indicators
    ]
