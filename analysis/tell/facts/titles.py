"""What a document is called, by the titles of its kind (analysis/kinds.yml)."""

from dataclasses import dataclass
from typing import Any

from analysis.kinds import kind
from analysis.tell.case.setting import Setting
from analysis.tell.language import wording
from analysis.tell.language.document_numbers import document_number

#: The kind whose titles hold for whatever another does not say.
USUAL = "county"


@dataclass(frozen=True)
class Titles:
    """Title and subtitle, the `series` at the head of each page, the office that answers for it, keywords."""

    title: str
    subtitle: str
    series: str
    office: str
    keywords: tuple[str, ...]


def titles(setting: Setting, of: str = USUAL, **own: Any) -> Titles:
    """Return the titles of a document of the kind `of`; `own` is what it knows beside its setting, `name` foremost."""
    usual = kind(USUAL).titles[setting.lang]
    own_titles = kind(of).titles.get(setting.lang, {}) if of != USUAL else {}
    facts = {
        "county": setting.name,
        "year": setting.year,
        "aim": wording.aim(setting.standard, setting.lang),
        "document": document_number(setting.standard.document, setting.lang),
        "date": _dates(setting),
    }
    below = own_titles.get("subtitle") or usual["draft" if setting.draft else "subtitle"]
    return Titles(
        own_titles.get("title", usual["title"]).format(**facts | own),
        setting.here(below).format(**facts | own),
        str(own_titles.get("series", usual["series"])).format(**facts | own),
        setting.office.get(setting.lang) or usual["office"].format(**facts),
        (*(word.format(**facts) for word in usual["keywords"]), *([str(own["name"])] if "name" in own else [])),
    )


def _dates(setting: Setting) -> str:
    """Return the months of the report's year's statistics, first to last; the year where no source of it has a date."""
    dates = sorted({source.date[:7] for source in setting.source_files if source.date and source.year == setting.year})
    if not dates:
        return setting.word("dates", "year").format(year=setting.year)
    (year, first), (final, last) = (map(int, day.split("-")) for day in (dates[0], dates[-1]))
    begin, end = (setting.word("dates", "month").format(year=y, month=m) for y, m in ((year, first), (final, last)))
    if begin == end:
        return end
    if year == final:
        return setting.word("dates", "months").format(year=year, first=first, last=last)
    return setting.word("dates", "span").format(first=begin, last=end)
