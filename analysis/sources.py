"""What lies in a folder of raw statistics: which counties, which files, from whom.

`sources.yml` says it; a file that follows the naming convention `<county>/<table>_<year>.<ending>` counts without an
entry. This module reads no spreadsheet and imports no Polars, so that a question like "which county is meant" costs
nothing.
"""

import difflib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from analysis.errors import DataError, RequestError, language, listed

#: Endings of files that are read; any but a workbook may end in `.gz` too.
ENDINGS = ("xlsx", "xlsm", "xls", "ods", "csv", "tsv", "txt", "csv.gz", "tsv.gz", "txt.gz")
_CONVENTION = re.compile(r"(?P<table>[a-z_]+)_(?P<year>\d{4})\.(?P<ending>.+)", re.IGNORECASE)
_CODE, _CITY = re.compile(r"\d{6}"), re.compile(r"\d{4}")
#: Files beside the sources that change what a county's clean tables say.
BESIDE = ("corrections.yml", "identity.yml", "aliases.yml")
_NEAREST = 3


@dataclass(frozen=True)
class County:
    """A county: `published` where only its published coefficients are known (no school rows).

    `acceptance` is the year in which it is to be accepted (评估认定), None where sources.yml doesn't say.
    """

    code: str
    zh: str
    en: str
    synthetic: bool = False
    published: bool = False
    acceptance: int | None = None

    def name(self, lang: str) -> str:
        """Return the name in the reader's language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Source:
    """One file of one county, table and year; `file` is relative to the folder, with forward slashes.

    `where` picks a county's rows from a file of several: pairs of a header and the text that stands under it. What a
    person decided where a file may be read in two ways: the `sheet` that is read, `columns` by letter or header,
    `units` by column, whether what is `hidden` is read, the `encoding` of a text file.
    """

    file: str
    county: str
    table: str
    year: int
    title: str = ""
    publisher: str = ""
    date: str = ""
    synthetic: bool = False
    registered: bool = False
    where: tuple[tuple[str, str], ...] = ()
    sheet: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    hidden: bool | None = None
    encoding: str = ""


@dataclass(frozen=True)
class Published:
    """A file with the published coefficients of real counties, and the standard by which they were published."""

    file: str
    counties: tuple[str, ...]
    standard: str
    year: int
    title: str = ""
    publisher: str = ""
    date: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All that lies in `folder`; `strays` are files of county folders that are no source (told, never read).

    `absent` are files that sources.yml names and that are not there: a table that a county does not have (told too).

    `former` names the county that followed one whose code is no more; its sources are among the follower's. `cities`
    names cities (zh, en) by the four digits of their counties' codes.
    """

    folder: Path
    province: dict[str, str]
    counties: dict[str, County]
    sources: tuple[Source, ...]
    strays: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    former: dict[str, str] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    cities: dict[str, dict[str, str]] = field(default_factory=dict)
    _by_county: dict[str, tuple[Source, ...]] = field(default_factory=dict, repr=False, compare=False)
    _by_file: dict[str, tuple[Source, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, group in (("_by_county", attrgetter("county")), ("_by_file", attrgetter("file"))):
            grouped: dict[str, list[Source]] = {}
            for source in self.sources:
                grouped.setdefault(group(source), []).append(source)
            object.__setattr__(self, name, {key: tuple(found) for key, found in grouped.items()})

    def of(self, county: str) -> tuple[Source, ...]:
        """Return the sources of a county by its code, in order of table, year and file."""
        return self._by_county.get(county, ())

    def of_file(self, file: str) -> tuple[Source, ...]:
        """Return the sources that name a file, in their order."""
        return self._by_file.get(file, ())

    def years(self, county: str) -> list[int]:
        """Return the years, ascending, for which a county has a schools source."""
        return sorted({source.year for source in self.of(county) if source.table == "schools"})

    def published_of(self, county: str) -> dict[int, Published]:
        """Return year -> published coefficients, ascending; none of a county that has school rows."""
        if self.years(county):
            return {}
        found = (one for one in self.published if county in one.counties)
        return {one.year: one for one in sorted(found, key=lambda one: one.year)}


def aliases(folder: Path) -> tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]:
    """Return what aliases.yml of a folder says, by table and column: further headers; DataError where it is no such.

    It stands as `schools: {pupils_primary: [小学人数]}`.
    """
    told = load_yaml(folder / "aliases.yml") or {}
    found = []
    for table, columns in told.items() if isinstance(told, dict) else [("", None)]:
        if table not in tables() or not isinstance(columns, dict):
            raise DataError("aliases_shape", entry=str(table)[:60], tables=", ".join(tables()))
        of_table = []
        for column, headers in columns.items():
            headers = [headers] if isinstance(headers, str) else headers
            if not isinstance(headers, list) or column not in _declared()[str(table)]:
                raise DataError(
                    "aliases_column", entry=f"{table}: {column}"[:80], columns=listed(_declared()[str(table)])
                )
            of_table.append((str(column), tuple(map(str, headers))))
        found.append((str(table), tuple(of_table)))
    return tuple(found)


@cache
def _declared() -> dict[str, tuple[str, ...]]:
    text = (Path(__file__).parent / "read" / "fields.yml").read_text(encoding="utf-8")
    return {name: tuple(told["columns"]) for name, told in parse_yaml(text)["tables"].items()}


def tables() -> tuple[str, ...]:
    """Return the names of all source tables, as read/fields.yml declares them."""
    return tuple(_declared())


def parse_yaml(text: str) -> Any:
    """Parse YAML with the fast loader where it is built in; a national sources.yml has 50,000 lines."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)


def load_yaml(path: Path) -> Any:
    """Return what a YAML file of the folder holds, None where it is absent; DataError names file and line.

    A file whose content was read before is not parsed again, for it is asked for county by county: change nothing in
    what is returned.
    """
    return _yaml(path.name, path.read_bytes()) if path.is_file() else None


@lru_cache(maxsize=8)
def _yaml(name: str, content: bytes) -> Any:
    try:
        return parse_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DataError("yaml_encoding", file=name) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        raise DataError("yaml_syntax", file=name, row=line, reason=getattr(error, "problem", "") or "") from error


@dataclass(frozen=True)
class _Told:
    """What sources.yml tells."""

    province: dict[str, str]
    cities: dict[str, dict[str, str]]
    counties: dict[str, County]
    sources: tuple[Source, ...]
    published: tuple[Published, ...]


@lru_cache(maxsize=2)
def _told(content: bytes) -> _Told:
    """Return what sources.yml tells; forked children find it read."""
    told = _yaml("sources.yml", content)
    told = {} if told is None else told
    if not isinstance(told, dict):
        raise DataError("sources_shape", entry="sources.yml", reason="counties:, sources:")
    counties = _counties(told.get("counties") or {})
    registered = tuple(_source(entry, number) for number, entry in enumerate(told.get("sources") or [], start=1))
    published = tuple(_published(entry, number) for number, entry in enumerate(told.get("published") or [], start=1))
    return _Told(dict(told.get("province") or {}), _cities(told.get("cities") or {}), counties, registered, published)


def load(folder: Path) -> Catalogue:
    """Return what lies in `folder`.

    Raises RequestError where the folder does not exist, DataError where sources.yml can't be understood.
    """
    if not folder.is_dir():
        raise RequestError("folder_missing", folder=folder)
    path = folder / "sources.yml"
    told = _told(path.read_bytes() if path.is_file() else b"")
    lying = [f"{county}/{name}" for county, name in _county_files(folder)]
    at_hand = set(lying)
    # One listing answers for the files of a nation; those in other places are asked for one by one.
    there = {one.file for one in told.sources if one.file in at_hand or (folder / one.file).exists()}
    registered = [source for source in told.sources if source.file in there]
    absent = tuple(source.file for source in told.sources if source.file not in there)
    counties = dict(told.counties)
    found, strays = _unregistered(lying, there)
    followed = _followed(folder)
    joined = [
        replace(source, county=followed[source.county]) if source.county in followed else source
        for source in (*registered, *found)
    ]
    sources = sorted(joined, key=_order)
    for source in sources:
        if source.county not in counties:
            counties[source.county] = County(source.county, source.county, source.county, source.synthetic)
    kept = {code: county for code, county in counties.items() if code not in followed}
    former = {old: new for old, new in followed.items() if new in kept}
    return Catalogue(
        folder, dict(told.province), kept, tuple(sources), tuple(strays), absent, former, told.published, told.cities
    )


def _followed(folder: Path) -> dict[str, str]:
    """Return the code that followed each county code that is no more: entries `kind: county` of identity.yml."""
    told = load_yaml(folder / "identity.yml") or []
    entries = [entry for entry in told if isinstance(entry, dict)] if isinstance(told, list) else []
    direct = {str(one.get("old")): str(one.get("new")) for one in entries if one.get("kind") == "county"}
    followed = {}
    for old in direct:
        new, steps = old, 0
        while new in direct and steps <= len(direct):
            new, steps = direct[new], steps + 1
        followed[old] = new
    return followed


def _counties(told: Any) -> dict[str, County]:
    if not isinstance(told, dict):
        raise DataError("sources_shape", entry="counties", reason=str(told)[:60])
    counties = {}
    for code, entry in told.items():
        code = str(code)
        if not _CODE.fullmatch(code) or not isinstance(entry, dict) or not entry.get("zh"):
            raise DataError("sources_shape", entry=f"counties: {code}", reason=str(entry)[:60])
        zh, en = str(entry["zh"]), str(entry.get("en") or entry["zh"])
        year = entry.get("acceptance")
        if year is not None and not isinstance(year, int):
            raise DataError("sources_shape", entry=f"counties: {code}", reason=f"acceptance: {str(year)[:40]}")
        counties[code] = County(code, zh, en, entry.get("synthetic") is True, entry.get("published") is True, year)
    return counties


def _cities(told: Any) -> dict[str, dict[str, str]]:
    if not isinstance(told, dict):
        raise DataError("sources_shape", entry="cities", reason=str(told)[:60])
    for code, entry in told.items():
        if not _CITY.fullmatch(str(code)) or not isinstance(entry, dict) or not entry.get("zh"):
            raise DataError("sources_shape", entry=f"cities: {code}", reason=str(entry)[:60])
    return {
        str(code): {name: str(entry.get(name) or entry["zh"]) for name in ("zh", "en")} for code, entry in told.items()
    }


def _source(entry: Any, number: int) -> Source:
    try:
        file = str(PurePosixPath(str(entry["file"])))
        county, table, year = str(entry["county"]), str(entry["table"]), int(entry["year"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("sources_shape", entry=f"sources, {number}", reason=str(entry)[:80]) from error
    _inside(file, f"sources, {number}")
    if table not in tables():
        raise DataError("sources_table", file=file, table=table, tables=", ".join(tables()))
    if not _CODE.fullmatch(county):
        raise DataError("sources_shape", entry=f"sources, {number}", reason=f"county: {county}")
    told: dict[str, Any] = {
        name: str(entry.get(name) or "") for name in ("title", "publisher", "date", "sheet", "encoding")
    }
    told |= {name: _pairs(entry, name, number) for name in ("where", "columns", "units")}
    hidden = entry.get("hidden")
    if hidden is not None and not isinstance(hidden, bool):
        raise DataError("sources_shape", entry=f"sources, {number}", reason=f"hidden: {hidden}")
    synthetic = entry.get("synthetic") is True
    return Source(file, county, table, year, **told, hidden=hidden, synthetic=synthetic, registered=True)


def _pairs(entry: dict[str, Any], name: str, number: int) -> tuple[tuple[str, str], ...]:
    told = entry.get(name) or {}
    if not isinstance(told, dict):
        raise DataError("sources_shape", entry=f"sources, {number}", reason=f"{name}: {told}")
    return tuple((str(key), str(value)) for key, value in told.items())


def _published(entry: Any, number: int) -> Published:
    try:
        file, year = str(PurePosixPath(str(entry["file"]))), int(entry["year"])
        counties, standard = tuple(map(str, entry["counties"])), str(entry["standard"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("sources_shape", entry=f"published, {number}", reason=str(entry)[:80]) from error
    _inside(file, f"published, {number}")
    told = {name: str(entry.get(name) or "") for name in ("title", "publisher", "date")}
    return Published(file, counties, standard, year, **told)


def _inside(file: str, entry: str) -> None:
    """Raise DataError where a file that an entry names lies outside the folder."""
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file or ":" in file:
        raise DataError("sources_outside", entry=entry, file=file)


_order = attrgetter("county", "table", "year", "file")


def _unregistered(lying: list[str], known: set[str]) -> tuple[list[Source], list[str]]:
    """Return what of the files in county folders is a source by its name, and what is none."""
    found: list[Source] = []
    strays: list[str] = []
    for file in lying:
        if file in known:
            continue
        county, _, name = file.partition("/")
        if name.startswith((".", "~$")):
            continue
        match = _CONVENTION.fullmatch(name)
        if match and match["table"].lower() in tables() and match["ending"].lower() in ENDINGS:
            found.append(Source(file, county, match["table"].lower(), int(match["year"])))
        else:
            strays.append(file)
    return found, strays


def _county_files(folder: Path) -> Iterator[tuple[str, str]]:
    for county in sorted(entry.name for entry in os.scandir(folder) if entry.is_dir()):
        if _CODE.fullmatch(county):
            for name in sorted(entry.name for entry in os.scandir(folder / county) if entry.is_file()):
                yield county, name


def find_county(catalogue: Catalogue, text: str) -> County:
    """Return the county meant by a code, an exact name or a unique prefix of either.

    Raises RequestError with the nearest names where none, or more than one, is meant.
    """
    asked = text.strip()
    if not asked:
        raise RequestError("county_missing")
    counties = catalogue.counties.values()
    if asked in catalogue.counties:
        return catalogue.counties[asked]
    if asked in catalogue.former:
        return catalogue.counties[catalogue.former[asked]]
    low = asked.casefold()
    exact = [county for county in counties if low in (county.zh.casefold(), county.en.casefold())]
    begins = [
        county
        for county in counties
        if any(name.casefold().startswith(low) for name in (county.code, county.zh, county.en))
    ]
    matches = exact or begins
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = _listed(matches)
        raise RequestError("county_ambiguous", county=shown(asked), number=len(matches), names=names)
    raise RequestError("county_unknown", county=shown(asked), names=_nearest(low, catalogue))


def shown(text: str) -> str:
    """Show what was asked, printable and short: it may be anything."""
    plain = "".join(char if char.isprintable() else "?" for char in text)
    return plain if len(plain) <= 40 else plain[:40] + "…"


def _nearest(low: str, catalogue: Catalogue) -> str:
    names: dict[str, County] = {}
    for county in catalogue.counties.values():
        names |= {county.code: county, county.zh.casefold(): county, county.en.casefold(): county}
    close = difflib.get_close_matches(low, names, n=_NEAREST * 2, cutoff=0.4)
    chosen = dict.fromkeys(names[name] for name in close) or dict.fromkeys(catalogue.counties.values())
    return _listed(list(chosen))


def _listed(counties: list[County]) -> str:
    return listed(f"{county.name(language())}({county.code})" for county in counties[:_NEAREST])


def key(catalogue: Catalogue, county: str) -> str:
    """Return a SHA-256 over all that a county's clean tables are made from: its files, its entries, the corrections.

    Raises DataError where a file can't be opened.
    """
    digest = hashlib.sha256()
    digest.update(repr(catalogue.counties.get(county)).encode())
    for source in catalogue.of(county):
        digest.update(repr(source).encode())
        digest.update(file_hash(catalogue.folder, source).encode())
    digest.update(repr([file for file in catalogue.absent if file.startswith(f"{county}/")]).encode())
    for published in catalogue.published_of(county).values():
        digest.update(repr(published).encode())
        digest.update(file_hash(catalogue.folder, published).encode())
    for name in BESIDE:
        path = catalogue.folder / name
        digest.update(name.encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def file_hash(folder: Path, source: Source | Published) -> str:
    """Return the SHA-256 of a source file in hex; DataError where it is not there or can't be opened."""
    try:
        with (folder / source.file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError("file_missing", file=source.file) from error
