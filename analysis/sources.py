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
from operator import attrgetter
from pathlib import Path

from analysis import decisions, files, project
from analysis.errors import DataError, RequestError, language, listed
from analysis.plaintext import file_name
from analysis.registered import (
    County,
    Published,
    Source,
    aliases,
    answers_of,
    decided,
    identities,
    load_yaml,
    parse_yaml,
    register,
    tables,
)

__all__ = [
    "Catalogue",
    "County",
    "Published",
    "Source",
    "aliases",
    "file_hash",
    "find_county",
    "identities",
    "key",
    "load",
    "load_yaml",
    "parse_yaml",
    "shown",
    "tables",
]

#: Endings of files that are read; any but a workbook may end in `.gz` too.
ENDINGS = ("xlsx", "xlsm", "xls", "ods", "csv", "tsv", "txt", "csv.gz", "tsv.gz", "txt.gz")
_CONVENTION = re.compile(r"(?P<table>[a-z_]+)_(?P<year>[0-9]{4})\.(?P<ending>.+)", re.IGNORECASE)
_CODE = re.compile(r"[0-9]{6}")
#: Files beside the sources that change what the clean tables of all counties say.
BESIDE = ("corrections.yml", "identity.yml", "aliases.yml")
_NEAREST = 3


@dataclass(frozen=True)
class Catalogue:
    """All that lies in `folder`; `strays` are files of county folders that are no source (told, never read).

    `absent` are files that sources.yml names and that are not there (told too); those that `junheng new` laid, of which
    nobody said from whom they come, are tables that a county does not have.

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
            object.__setattr__(self, name, {key: tuple(sources_of) for key, sources_of in grouped.items()})

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
        of_county = (published for published in self.published if county in published.counties)
        return {published.year: published for published in sorted(of_county, key=lambda published: published.year)}


def folder_of(data: str | Path | None, asked: str = "") -> Path:
    """Return the folder of raw statistics that a user means: `data`, else the office's own, else that of the samples.

    Where there is an own folder it is read first; what is `asked` for (a county, region or school, by code or name) and
    is known in that of the samples alone is read there.
    """
    own, samples = project.own(), project.raw()
    if data:
        return Path(data)
    if not (own / "sources.yml").is_file():
        return samples
    word = asked.strip().casefold()
    is_sample = word and not _names(load(own), word) and samples.is_dir() and _names(load(samples), word)
    return samples if is_sample else own


def filled_folder(folder: Path, county: County) -> Path:
    """Return where what people fill in of a county lies: beside its files, of a sample in the office's own folder."""
    return project.own() if county.synthetic and is_samples(folder) else folder


def to_be_written(folder: Path, county: County) -> Path:
    """Return a folder of raw statistics that is to be written to for a county; RequestError where it is a sample's."""
    if county.synthetic and is_samples(folder):
        raise RequestError("samples_kept", county=county.code)
    return folder


def is_samples(folder: Path) -> bool:
    """Tell whether a folder is that of the samples, which come with the program."""
    return folder.resolve() == project.raw().resolve()


def _names(catalogue: Catalogue, word: str) -> bool:
    """Tell whether a word may be the code or the name of a county, of a school or of a region of a catalogue."""
    counties = list(catalogue.counties.values())
    if any(county.code.startswith(word) or word.startswith(county.code) for county in counties):
        return True
    called = [{"zh": county.zh, "en": county.en} for county in counties]
    entries = (*called, *catalogue.cities.values(), catalogue.province)
    names = [name.casefold() for entry in entries for name in entry.values()]
    return any(name.startswith(word) for name in names)


def load(folder: Path) -> Catalogue:
    """Return what lies in `folder`.

    Raises RequestError where the folder does not exist, DataError where sources.yml can't be understood.
    """
    if not folder.is_dir() and is_samples(folder):  # a project without samples, and without a county of its own
        raise RequestError("no_county_yet", folder=project.own())
    if not folder.is_dir():
        raise RequestError("folder_missing", folder=folder)
    said = register(files.small(folder / "sources.yml", files.bounds().yaml_megabytes) or b"")
    lying = [f"{county}/{name}" for county, name in _county_files(folder)]
    at_hand = set(lying)
    # One listing answers for the files of a nation; those in other places are asked for one by one.
    there = {source.file for source in said.sources if source.file in at_hand or (folder / source.file).exists()}
    registered = [source for source in said.sources if source.file in there]
    gone = [source for source in said.sources if source.file not in there]
    absent = tuple(source.file for source in gone if not _is_laid(source))
    counties = dict(said.counties)
    unregistered, strays = _unregistered(lying, there)
    followed = _followed(folder)
    joined = [
        replace(source, county=followed[source.county]) if source.county in followed else source
        for source in (*registered, *unregistered)
    ]
    joined = _settled(folder, joined)
    sources = sorted(joined, key=attrgetter("county", "table", "year", "file"))
    for source in sources:
        if source.county not in counties:
            counties[source.county] = County(source.county, source.county, source.county, source.synthetic)
    kept = {code: county for code, county in counties.items() if code not in followed}
    former = {old: new for old, new in followed.items() if new in kept}
    return Catalogue(
        folder, dict(said.province), kept, tuple(sources), tuple(strays), absent, former, said.published, said.cities
    )


def _is_laid(source: Source) -> bool:
    """Tell whether an entry is one that `junheng new` lays and nobody wrote into: its workbook was not needed."""
    return bool(source.title) and not source.publisher and not source.date


def _settled(folder: Path, joined: list[Source]) -> list[Source]:
    """Return sources with what the workbooks of their counties decide of their files."""
    if not (folder / decisions.FOLDER).is_dir():
        return joined
    settings = {county: decisions.of_county(folder, county).settings for county in {source.county for source in joined}}
    return [decided(source, settings[source.county].get(source.file, {})) for source in joined]


def _followed(folder: Path) -> dict[str, str]:
    """Return the code that followed each county code that is no more: entries `kind: county` of identity.yml."""
    changes = [entry for entry in identities(folder) if entry["kind"] == "county"]
    direct = {str(entry["old"]): str(entry["new"]) for entry in changes}
    followed = {}
    for old in direct:
        new, seen = old, {old}
        while new in direct:
            new = direct[new]
            if new in seen:
                raise DataError("identity_circle", codes=listed([*seen]))
            seen.add(new)
        followed[old] = new
    return followed


def _unregistered(lying: list[str], known: set[str]) -> tuple[list[Source], list[str]]:
    """Return what of the files in county folders is a source by its name, and what is none."""
    unregistered: list[Source] = []
    strays: list[str] = []
    for file in lying:
        if file in known:
            continue
        county, _, name = file.partition("/")
        if name.startswith((".", "~$")):
            continue
        match = _CONVENTION.fullmatch(name)
        if match and match["table"].lower() in tables() and match["ending"].lower() in ENDINGS:
            unregistered.append(Source(file, county, match["table"].lower(), int(match["year"])))
        else:
            strays.append(file)
    return unregistered, strays


def _county_files(folder: Path) -> Iterator[tuple[str, str]]:
    for county in sorted(entry.name for entry in os.scandir(folder) if entry.is_dir()):
        if _CODE.fullmatch(county):
            for name in sorted(entry.name for entry in os.scandir(folder / county) if not entry.is_dir()):
                yield county, file_name(name)


def find_county(catalogue: Catalogue, text: str) -> County:
    """Return the county meant by a code, an exact name or a unique prefix of either.

    Raises RequestError with the nearest names where none, or more than one, is meant, and where a list of several is
    given.
    """
    asked = text.strip()
    if not catalogue.counties:
        raise RequestError("no_county_yet", folder=catalogue.folder)
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
    if "," in asked or "，" in asked:
        raise RequestError("county_several", county=shown(asked))
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
    for name in beside(county):
        digest.update(name.encode())
        digest.update(files.small(catalogue.folder / name, files.bounds().yaml_megabytes) or b"")
    return digest.hexdigest()


def beside(county: str) -> tuple[str, ...]:
    """Return the files beside the sources that change what a county's clean tables say, relative to the folder."""
    return (*BESIDE, f"{decisions.FOLDER}/{county}.xlsx", answers_of(county))


def file_hash(folder: Path, source: Source | Published) -> str:
    """Return the SHA-256 of a source file in hex.

    DataError where it is not there, can't be opened, has no end or is a link that leads out of the folder.
    """
    path = files.inside(folder, source.file)
    files.check_regular(path, source.file, files.bounds().file_megabytes)
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError("file_missing", file=source.file) from error
