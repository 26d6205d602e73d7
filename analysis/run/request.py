"""What is asked for, resolved and checked before anything is read: every fault is one clear line."""

from dataclasses import dataclass, field
from pathlib import Path

from analysis import project, sources
from analysis.errors import LANGUAGES, RequestError, language

#: Formats of a report and the file of each.
FILES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "annex.xlsx"}
#: Written on every run, whatever formats are asked for.
ALWAYS = ("report.ipynb", "results.json")
AUDIENCES = ("internal", "public")
ENGINES = ("auto", "quarto", "embedded")
STANDARD = "national-2017"


@dataclass(frozen=True)
class Request:
    """One report: of a county and year, by a standard (and a plan, "" for none), for an audience, in a language.

    `catalogue` says what lies in the folder of raw statistics, `out` is the folder of all reports, `engine` is one of
    ENGINES.
    """

    catalogue: sources.Catalogue = field(repr=False)

    county: sources.County
    year: int
    standard: str
    plan: str
    audience: str
    lang: str
    formats: tuple[str, ...]
    engine: str
    out: Path

    @property
    def data(self) -> Path:
        """Return the folder of raw statistics."""
        return self.catalogue.folder

    @property
    def variant(self) -> str:
        """Return the name of the variant's folder below the county and year, "" for the default variant."""
        if (self.standard, self.plan, self.audience, self.lang) == (STANDARD, "", AUDIENCES[0], LANGUAGES[0]):
            return ""
        return "-".join(
            [self.audience, self.lang, Path(self.standard).stem, *([Path(self.plan).stem] if self.plan else [])]
        )

    @property
    def folder(self) -> Path:
        """Return the folder of the report's files."""
        return self.out / self.county.code / str(self.year) / self.variant

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the files that the request leaves in its folder."""
        return (*(FILES[each] for each in self.formats), *ALWAYS)


def resolve(
    county: str,
    *,
    year: str = "",
    standard: str = "",
    plan: str = "",
    audience: str = "",
    lang: str = "",
    formats: str = "",
    engine: str = "",
    data: str = "",
    out: str = "",
) -> Request:
    """Return the request that the words of a user mean; an empty word stands for its default.

    Raises RequestError for whatever names nothing that is there, DataError where sources.yml can't be understood.
    """
    asked_lang = _one_of("lang", lang or language(), LANGUAGES)
    asked_formats = _formats(formats)
    asked_audience = _one_of("audience", audience or AUDIENCES[0], AUDIENCES)
    asked_engine = _one_of("engine", engine or ENGINES[0], ENGINES)
    for name in {standard, plan} - {"", STANDARD}:
        _known_standard(name)
    if not county.strip():
        raise RequestError("county_missing")
    catalogue = sources.load(Path(data) if data else project.raw())
    found = sources.find_county(catalogue, county)
    return Request(
        catalogue=catalogue,
        county=found,
        year=_year(year, found, catalogue.years(found.code)),
        standard=standard or STANDARD,
        plan=plan,
        audience=asked_audience,
        lang=asked_lang,
        formats=asked_formats,
        engine=asked_engine,
        out=Path(out) if out else project.output(),
    )


def _one_of(option: str, text: str, known: tuple[str, ...]) -> str:
    word = text.strip().lower()
    if word not in known:
        raise RequestError("option_unknown", option=option, value=sources.shown(text), known=", ".join(known))
    return word


def _formats(text: str) -> tuple[str, ...]:
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    for word in words:
        _one_of("formats", word, tuple(FILES))
    return tuple(each for each in FILES if each in words or not words)


def _known_standard(name: str) -> None:
    from analysis.standards import path_of

    path_of(name)


def _year(text: str, county: sources.County, years: list[int]) -> int:
    if not years:
        raise RequestError("county_without_data", county=county.zh, code=county.code)
    if not text.strip():
        return years[-1]
    if text.strip() not in map(str, years):
        raise RequestError(
            "year_without_data", year=sources.shown(text), county=county.zh, years=", ".join(map(str, years))
        )
    return int(text)
