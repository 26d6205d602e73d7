"""What `junheng site` does: bring the page over all counties up to date."""

from pathlib import Path
from typing import TYPE_CHECKING

from analysis import project, sources
from analysis.errors import LANGUAGES, RequestError, language
from analysis.run.request import AUDIENCES, one_of

if TYPE_CHECKING:
    from analysis.render.site import Entry


def update(out: Path, lang: str, audience: str) -> Path:
    """Write the page over every report that lies in `out` and return where it lies.

    Raises RequestError where there is no report to show.
    """
    from analysis.render import site

    entries = _together(site.entries(out, audience))
    if not entries:
        raise RequestError("no_reports", folder=out)
    dates = [str(source["date"]) for entry in entries for source in entry.results["sources"]]
    return site.write(out, entries, lang=lang, audience=audience, date=project.set_day() or max(dates, default=""))


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
