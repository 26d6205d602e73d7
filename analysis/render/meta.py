"""What a document says about itself, and the words that a page needs in each language."""

from dataclasses import dataclass

from analysis import pagewords
from analysis.pagewords import words_of

__all__ = ["CAPTIONS", "Meta", "words_of"]

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
        return pagewords.header(self.lang, self.series, self.province)

    @property
    def mark(self) -> str:
        """The marks of a draft and of synthetic data, empty for a final report of real data."""
        return pagewords.mark(self.lang, draft=self.draft, synthetic=self.synthetic)
