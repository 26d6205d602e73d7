"""The site: one page over all counties whose reports lie in a folder; opens from disk, needs no server."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis import standards
from analysis.ids import judged
from analysis.standards import Standard, label, vocabulary
from analysis.tables import FIELDS, Kind, Verdict

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
        return [one for one in self.results["findings"] if one["school"] is None]

    def verdict(self, field: str) -> str:
        """Return the verdict of a field or of the whole, not_applicable where it is not judged."""
        found = [one["verdict"] for one in self.whole if one["field"] == field and one["item"] == Kind.ALL]
        return str(found[0]) if found else Verdict.NOT_APPLICABLE

    @cached_property
    def judged(self) -> list[dict[str, Any]]:
        """The findings that the report counts."""
        return [one for one in self.whole if judged(one["item"], one["field"], one["school"], one["verdict"])]

    @cached_property
    def unmet(self) -> list[dict[str, Any]]:
        """Those of `judged` that are not met."""
        return [one for one in self.judged if one["verdict"] == Verdict.NOT_MET]

    def over(self, year: int) -> set[tuple[str, str]]:
        """Return stage and indicator of the coefficients over their limit in a year."""
        rows = [one for one in self.results["coefficients"] if one["year"] == year]
        return {(one["stage"], one["indicator"]) for one in rows if one["verdict"] == Verdict.NOT_MET}


def entries(output: Path, audience: str) -> list[Entry]:
    """Return what lies in `output`/<county>/<year>/, counties in order, latest year first.

    A results.json of another audience is not shown: to the public no link leads to a report that names schools.
    """
    found = []
    for path in sorted(output.glob("[0-9]*/[0-9]*/results.json")):
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded["audience"] == audience:
            files = tuple(name for name in FILES if (path.parent / name).exists())
            found.append(Entry(path.parent.relative_to(output).as_posix(), files, loaded))
    return sorted(found, key=lambda one: (one.county, -one.year))


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
    found = []
    for path in sorted(output.glob("regions/[0-9]*/[0-9]*/results.json")):
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded["audience"] != audience:
            continue
        folder = path.parent.relative_to(output).as_posix()
        links = [
            (f"{folder}/{name}", name.rpartition(".")[2].upper()) for name in REGION if (path.parent / name).exists()
        ]
        have = Counter(one["verdict"] for one in loaded["counties"] if one["state"] == "judged")
        told = tuple((_word("verdicts", one, lang), have[one]) for one in vocabulary()["verdicts"] if have[one])
        name = loaded["names"].get(lang) or loaded["names"]["zh"]
        found.append(
            RegionEntry(loaded["region"], name, int(loaded["year"]), len(loaded["counties"]), told, tuple(links))
        )
    return sorted(found, key=lambda one: (one.code, -one.year))


def write(
    output: Path,
    found: list[Entry] | None = None,
    *,
    lang: str = "zh",
    audience: str = "internal",
    date: str = "",
) -> Path:
    """Write the site over every report in `output`, whether it was asked for now or not, and return its page.

    `found` are the entries where they are at hand; `date` is ISO and stands in the page's foot.
    """
    found = entries(output, audience) if found is None else found
    words = words_of(lang)["site"]
    synthetic = any(one.results["synthetic"] for one in found)
    meta = Meta(words["title"], "", "", 0, lang, audience, synthetic, date, "")
    above = regions(output, audience, lang)
    body = html.part("site.html.j2", words=words, page=words_of(lang), regions=above, **facts(found, lang))
    page = output / PAGE
    page.write_text(html.compose("", body, meta, styles=("site.css",)), encoding="utf-8")
    return page


def facts(found: list[Entry], lang: str) -> dict[str, Any]:
    """Return what the page shows: rows, counts of verdicts, what holds counties back, movement since last year."""
    latest = list({one.county: one for one in reversed(found)}.values())
    counted = Counter(one.verdict("overall") for one in latest)
    order = list(vocabulary()["verdicts"])
    return {
        "rows": [_row(one, lang) for one in found],
        "counties": len(latest),
        "verdicts": [(one, _word("verdicts", one, lang), counted[one]) for one in order if counted[one]],
        "years": sorted({one.year for one in found}, reverse=True),
        "fields": [(one, _word("fields", one, lang)) for one in FIELDS],
        "stages": [(one, _word("stages", one, lang)) for one in ("primary", "junior")],
        "holding": _holding(latest, lang),
        "movement": _movement(latest, lang),
    }


def _word(group: str, key: str, lang: str) -> str:
    return vocabulary()[group][key].text(lang)


def _row(entry: Entry, lang: str) -> dict[str, Any]:
    verdicts = {one: entry.verdict(one) for one in ("overall", *FIELDS)}
    over, before = entry.over(entry.year), entry.over(entry.year - 1)
    known = any(one["year"] == entry.year - 1 for one in entry.results["coefficients"])
    return {
        "code": entry.county,
        "name": entry.results["names"].get(lang) or entry.results["names"]["zh"],
        "year": entry.year,
        "draft": entry.results.get("status") == "draft",
        "verdicts": [(one.replace("_", "-"), _word("verdicts", one, lang)) for one in verdicts.values()],
        "unmet": len(entry.unmet),
        "over": len(over),
        "before": len(before) if known else None,
        "fails": " ".join(one for one in FIELDS if verdicts[one] == Verdict.NOT_MET),
        "stages": " ".join(sorted({one["stage"] for one in entry.unmet if one["stage"]})),
        "links": [(f"{entry.folder}/{name}", name.rpartition(".")[2].upper()) for name in entry.files],
    }


def _holding(latest: Iterable[Entry], lang: str) -> list[dict[str, Any]]:
    """Return the items that most counties miss, with the counties."""
    missed: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in latest:
        for one in entry.unmet:
            key = (one["field"], one["item"], one["stage"], one["subject"], one["grade"])
            missed.setdefault(key, []).append(entry)
    ranked = sorted(missed.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))[:MOST]
    return [
        {
            "field": _word("fields", key[0], lang),
            "item": _called(key, _standard(found[0]), lang),
            "count": len(found),
            "names": [(one.folder, one.results["names"].get(lang) or one.results["names"]["zh"]) for one in found],
        }
        for key, found in ranked
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
    return "".join(parts) + said if lang == "zh" else ", ".join([said, *(one for one in parts if one)])


def _movement(latest: Iterable[Entry], lang: str) -> list[dict[str, Any]]:
    """Return per indicator and stage how many counties were over the limit the year before, and are now."""
    now: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    standard: Standard | None = None
    for entry in latest:
        if not any(one["year"] == entry.year - 1 for one in entry.results["coefficients"]):
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
