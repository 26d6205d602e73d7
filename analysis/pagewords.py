"""The words that every page bears whatever it tells: its head, its marks, captions (reports/words.yml)."""

from functools import cache
from typing import Any

from analysis.project import root
from analysis.sources import parse_yaml


@cache
def words_of(lang: str) -> dict[str, Any]:
    """Return the page's own words in `lang` (reports/words.yml); raises KeyError for a language we don't speak."""
    loaded: dict[str, dict[str, Any]] = parse_yaml((root() / "reports" / "words.yml").read_text(encoding="utf-8"))
    return loaded[lang]


def header(lang: str, series: str, province: str) -> str:
    """Return what stands at the head of each page: the province, where there is one, and the series."""
    words = words_of(lang)
    series_said = series or str(words["series"])
    return str(words["header"]).format(province=province, series=series_said) if province else series_said


def mark(lang: str, *, draft: bool, synthetic: bool) -> str:
    """Return the marks of a draft and of synthetic data, empty for a final report of real data."""
    words, marks = words_of(lang), {"draft": draft, "synthetic": synthetic}
    return str(words["between_marks"]).join(str(words[name]) for name, borne in marks.items() if borne)
