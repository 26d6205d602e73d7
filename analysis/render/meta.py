"""What a document says about itself, and the words that a page needs in each language."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.project import root
from analysis.sources import parse_yaml

#: Words of reports/words.yml that the filters write: before captions, and over callouts.
CAPTIONS = ("figure", "table", "callouts")


@dataclass(frozen=True)
class Meta:
    """Title and origin of one document; `date` is ISO (YYYY-MM-DD), `lang` zh or en.

    `date` is that of the file's own data, `signed` the day of signing where it is printed (ISO, "" where not).
    `synthetic` and `draft` mark every page. `county` and `province` are names as printed; `province` may be empty.
    `series` is the head of each page, "" for that of the project; a `brief` document has no contents on paper.
    """

    title: str
    subtitle: str
    county: str
    year: int
    lang: str
    audience: str
    synthetic: bool
    date: str
    office: str
    keywords: tuple[str, ...] = ()
    province: str = ""
    draft: bool = False
    series: str = ""
    brief: bool = False
    signed: str = ""

    @property
    def header(self) -> str:
        """What stands at the head of each page: the province and the series."""
        words = words_of(self.lang)
        series = self.series or str(words["series"])
        return str(words["header"]).format(province=self.province, series=series) if self.province else series

    @property
    def mark(self) -> str:
        """The marks of a draft and of synthetic data, empty for a final report of real data."""
        words, marks = words_of(self.lang), {"draft": self.draft, "synthetic": self.synthetic}
        return str(words["between_marks"]).join(str(words[name]) for name, borne in marks.items() if borne)


@cache
def words_of(lang: str) -> dict[str, Any]:
    """Return the page's own words in `lang` (reports/words.yml); raises KeyError for a language we don't speak."""
    loaded: dict[str, dict[str, Any]] = parse_yaml((root() / "reports" / "words.yml").read_text(encoding="utf-8"))
    return loaded[lang]
