"""What `junheng site` does: bring the page over all counties up to date."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import project, regions, sources, storage
from analysis.errors import LANGUAGES, RequestError, language
from analysis.run.build import placing, stale
from analysis.run.request import AUDIENCES, one_of

if TYPE_CHECKING:
    from analysis.render.site import Entry

#: What tells of the page: the state of documents that lie beside it is theirs.
STATE = f".site{stale.STATE}"


def update(out: Path, lang: str, audience: str) -> Path:
    """Put the page over every report that lies in `out` there, with a manifest, and return where it lies.

    Raises RequestError where there is no report to show.
    """
    from analysis.render import site

    entries = _together(site.entries(out, audience))
    if not entries:
        raise RequestError("no_reports", folder=out)
    dates = [str(source["date"]) for entry in entries for source in entry.results["sources"]]
    day = project.set_day() or max(dates, default="")
    with tempfile.TemporaryDirectory(prefix="junheng-") as work:
        page = site.write(
            out, entries, lang=lang, audience=audience, date=day, folder=Path(work), cities=regions.own_names()
        )
        key = storage.digest_of_file(page)
        placing.put_files(Path(work), out, (page.name,), (), key, STATE, _about(out, entries, lang, audience, day))
    return out / page.name


def _about(out: Path, entries: "list[Entry]", lang: str, audience: str, day: str) -> dict[str, Any]:
    """Return what the page's manifest tells of it: the results of each report are its sources."""
    year = max(entry.year for entry in entries)
    from analysis.render.meta import words_of

    read = [f"{entry.folder}/results.json" for entry in entries]
    return {
        "kind": "site",
        "place": out.name,
        "name": words_of(lang)["site"]["title"],
        "day": day[:10] if len(day) >= len("2024-10-15") else f"{year}-12-31",
        "parameters": {"year": str(year), "audience": audience, "lang": lang},
        "sources": [{"name": name, "sha256": storage.digest_of_file(out / name)} for name in read],
        "versions": stale.parts(),
    }


def _together(entries: "list[Entry]") -> "list[Entry]":
    """Return the entries of one kind: an office's own counties are never shown beside the samples."""
    if not (project.own() / "sources.yml").is_file():
        return entries
    own = sources.load(project.own()).counties
    return [entry for entry in entries if entry.county in own] or entries


def run(lang: str, audience: str, out: str) -> Path:
    """Update the page as the words of a user ask; an empty word stands for its default."""
    asked_lang = one_of("lang", lang or language(), LANGUAGES)
    asked_audience = one_of("audience", audience or AUDIENCES[0], AUDIENCES)
    return update(Path(out) if out else project.output(), asked_lang, asked_audience)
