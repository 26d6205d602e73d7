"""What is asked for, resolved and checked before anything is read: every fault is one clear line."""

from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from analysis import project, sources
from analysis.entries import iso_date
from analysis.errors import LANGUAGES, RequestError, language

#: Formats of a report and the file of each.
FILES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx", "xlsx": "annex.xlsx"}
#: Written on every run, whatever formats are asked for.
ALWAYS = ("report.ipynb", "results.json")
AUDIENCES = ("internal", "public")
#: The first is the default: pages bear a mark only where a draft is asked for.
DRAFT = "draft"
STATUSES = ("final", DRAFT)
ENGINES = ("auto", "quarto", "embedded")
STANDARD = "national-2017"


@dataclass(frozen=True)
class Options:
    """What is asked of every report: by which standard (and plan, "" for none), for whom, in which language and form.

    `catalogue` says what lies in the folder of raw statistics, `out` is the folder of all reports, `engine` is one of
    ENGINES. `status` (one of STATUSES) and `date` (of signing, ISO, "" to be written by hand) are no variant: a
    draft lies in the folder `draft` of the final report.
    """

    catalogue: sources.Catalogue = field(repr=False)
    standard: str
    plan: str
    audience: str
    lang: str
    formats: tuple[str, ...]
    engine: str
    out: Path
    status: str = field(default=STATUSES[0], kw_only=True)
    date: str = field(default="", kw_only=True)

    @property
    def data(self) -> Path:
        """Return the folder of raw statistics."""
        return self.catalogue.folder

    @property
    def usual(self) -> str:
        """Return the standard of the default variant."""
        return STANDARD

    @property
    def variant(self) -> str:
        """Return the name of the variant's folder below the county and year, "" for the default variant."""
        if (self.standard, self.plan, self.audience, self.lang) == (self.usual, "", AUDIENCES[0], LANGUAGES[0]):
            return ""
        names = [self.audience, self.lang, Path(self.standard).stem, *([Path(self.plan).stem] if self.plan else [])]
        return "-".join(names)

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of the files that a report has."""
        return (*(FILES[each] for each in self.formats), *ALWAYS)


@dataclass(frozen=True)
class Request(Options):
    """One report: of a county and a year for which it has school statistics."""

    county: sources.County
    year: int

    @property
    def folder(self) -> Path:
        """Return the folder of the report's files."""
        final = self.out / self.county.code / str(self.year) / self.variant
        return final / DRAFT if self.status == DRAFT else final

    @property
    def usual(self) -> str:
        """Return the standard of the default variant: where only coefficients are published, that of publication."""
        published = self.catalogue.published_of(self.county.code)
        return published[self.year].standard if published else STANDARD

    @property
    def published(self) -> bool:
        """Return whether nothing but published coefficients is known; they are judged by the standard named there."""
        return bool(self.catalogue.published_of(self.county.code))


def options(
    *,
    standard: str = "",
    plan: str = "",
    audience: str = "",
    lang: str = "",
    formats: str = "",
    engine: str = "",
    data: str = "",
    out: str = "",
    status: str = "",
    date: str = "",
) -> Options:
    """Return what the words of a user mean; an empty word stands for its default.

    Raises RequestError for whatever names nothing that is there, DataError where sources.yml can't be understood.
    """
    _known(standard, plan)
    return Options(
        standard=standard or STANDARD,
        plan=plan,
        audience=one_of("audience", audience or AUDIENCES[0], AUDIENCES),
        lang=one_of("lang", lang or language(), LANGUAGES),
        formats=_formats(formats),
        engine=one_of("engine", engine or ENGINES[0], ENGINES),
        catalogue=sources.load(sources.folder_of(data)),
        out=Path(out) if out else project.output(),
        status=one_of("status", status or STATUSES[0], STATUSES),
        date=_day(date),
    )


def request_of(asked: Options, county: sources.County, year: str = "") -> Request:
    """Return the request for a county and a year, "" for its latest; RequestError where it has no statistics of it."""
    shared = {each.name: getattr(asked, each.name) for each in fields(Options)}
    published = asked.catalogue.published_of(county.code)
    known = asked.catalogue.years(county.code) or list(published)
    request = Request(**shared, county=county, year=_year(year, county, known))
    if published and (asked.plan or asked.standard not in (STANDARD, published[request.year].standard)):
        raise RequestError(
            "published_standard", county=county.name(language()), standard=published[request.year].standard
        )
    return replace(request, standard=request.usual) if published else request


def resolve(county: str, year: str = "", **words: str) -> Request:
    """Return the request that a county's code, name or prefix, a year and the words of `options` mean.

    Raises RequestError and DataError as those do.
    """
    asked = options(**(words | {"data": str(sources.folder_of(words.get("data"), county))}))
    return request_of(asked, sources.find_county(asked.catalogue, county), year)


def one_of(option: str, text: str, known: tuple[str, ...]) -> str:
    """Return the one of `known` that a user's `text` for `option` is; RequestError names them where it is none."""
    word = text.strip().lower()
    if word not in known:
        raise RequestError("option_unknown", option=option, value=sources.shown(text), known=", ".join(known))
    return word


def _day(text: str) -> str:
    day = iso_date(text)
    if text.strip() and len(day) < len("2025-01-15"):
        raise RequestError("date_unknown", value=sources.shown(text))
    return day


def _formats(text: str) -> tuple[str, ...]:
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    for word in words:
        one_of("formats", word, tuple(FILES))
    return tuple(each for each in FILES if each in words or not words)


def _known(standard: str, plan: str) -> None:
    """Raise RequestError where there is no such standard or plan; the usual ones load nothing."""
    if standard not in ("", STANDARD):
        from analysis.standards import path_of

        path_of(standard)
    if plan:
        from analysis.standards import plan_path

        plan_path(plan)


def _year(text: str, county: sources.County, years: list[int]) -> int:
    if not years:
        raise RequestError("county_without_data", county=county.name(language()), code=county.code)
    if not text.strip():
        return years[-1]
    if text.strip() not in map(str, years):
        raise RequestError(
            "year_without_data",
            year=sources.shown(text),
            county=county.name(language()),
            years=", ".join(map(str, years)),
        )
    return int(text)
