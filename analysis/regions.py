"""Provinces and cities over the counties of a folder of raw statistics, by the digits of GB/T 2260.

The first two digits of a county's code are its province, the first four its city (or prefecture). Names are those of
sources.yml (`province`, `cities`), else those of GB/T 2260; what has no name is called by its code.
"""

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from analysis import project
from analysis.errors import RequestError, language, listed
from analysis.sources import Catalogue, County, load, shown

PROVINCE, CITY, COUNTY = 2, 4, 6  # digits
_NEAREST = 3


@dataclass(frozen=True)
class Region:
    """A province (code of two digits) or a city (four), with its counties by code."""

    code: str
    zh: str
    en: str
    counties: tuple[County, ...]

    @property
    def full(self) -> str:
        """The code of six digits."""
        return self.code.ljust(COUNTY, "0")

    def name(self, lang: str) -> str:
        """Return the name in the reader's language."""
        return self.en if lang == "en" else self.zh


@cache
def divisions() -> dict[str, dict[str, str]]:
    """Return the names (zh, en) that GB/T 2260 gives provinces and cities, by two and four digits."""
    declared: dict[str, dict[str, str]] = {}
    for file in ("provinces.yml", "cities.yml"):
        declared |= yaml.safe_load((Path(__file__).parent / file).read_text("utf-8"))
    return declared


def own_names() -> dict[str, dict[str, str]]:
    """Return the names (zh, en) of cities that the project's folders of raw statistics give, by four digits."""
    folders = [folder for folder in (project.raw(), project.own()) if (folder / "sources.yml").is_file()]
    return {code: name for folder in folders for code, name in load(folder).cities.items()}


def province_of(catalogue: Catalogue, code: str) -> dict[str, str]:
    """Return the names (zh, en) of a county's province: that of sources.yml where it can be meant, else GB/T 2260's."""
    digits = code[:PROVINCE]
    of_rows = {county.code[:PROVINCE] for county in catalogue.counties.values() if not county.published}
    if catalogue.province.get("zh") and (of_rows <= {digits} or digits not in divisions()):
        return catalogue.province
    return divisions().get(digits, {})


def regions(catalogue: Catalogue) -> list[Region]:
    """Return every province and city that has a county in the catalogue, by code."""
    counties = sorted(catalogue.counties.values(), key=lambda county: county.code)
    names = divisions() | catalogue.cities
    # The province of sources.yml is that of the counties with school rows.
    own = {county.code[:PROVINCE] for county in counties if not county.published}
    if len(own) == 1 and catalogue.province.get("zh"):
        names[own.pop()] = catalogue.province
    codes = sorted({county.code[:digits] for county in counties for digits in (PROVINCE, CITY)})
    return [_region(code, names.get(code, {}), counties) for code in codes]


def _region(code: str, name: dict[str, str], counties: list[County]) -> Region:
    zh = name.get("zh") or code.ljust(COUNTY, "0")
    return Region(code, zh, name.get("en") or zh, tuple(county for county in counties if county.code.startswith(code)))


def find_region(catalogue: Catalogue, text: str) -> Region:
    """Return the region meant by a code (`99` or `990000`, `9901` or `990100`), an exact name or a unique prefix of it.

    Raises RequestError with the nearest where none, or more than one, is meant, and for the code of a county.
    """
    asked = text.strip()
    if not asked:
        raise RequestError("region_missing")
    known = regions(catalogue)
    low = asked.casefold()
    if asked.isascii() and asked.isdecimal():
        matching = [region for region in known if asked in (region.code, region.full)]
        if not matching and asked in catalogue.counties:
            raise RequestError("region_is_county", county=catalogue.counties[asked].name(language()), code=asked)
    else:
        exact = [region for region in known if low in (region.zh.casefold(), region.en.casefold())]
        matching = exact or [
            region for region in known if region.zh.casefold().startswith(low) or region.en.casefold().startswith(low)
        ]
    if len(matching) == 1:
        return matching[0]
    near = matching or _nearest(low, known)
    names = listed(f"{region.name(language())}({region.code})" for region in near[:_NEAREST])
    raise RequestError("region_ambiguous" if matching else "region_unknown", region=shown(asked), names=names)


def _nearest(low: str, known: list[Region]) -> list[Region]:
    words = {word.casefold(): region for region in known for word in (region.zh, region.en, region.full)}
    close = difflib.get_close_matches(low, words, n=_NEAREST * 2, cutoff=0.4)
    return list({words[word].code: words[word] for word in close}.values()) or known


def year_of(catalogue: Catalogue, region: Region, year: int | None = None) -> int:
    """Return the region's year: `year`, else the latest of a county with school rows, else the latest published.

    Raises RequestError where no county has anything up to it.
    """
    with_schools = [each for county in region.counties for each in catalogue.years(county.code)]
    known = with_schools or [each for county in region.counties for each in catalogue.published_of(county.code)]
    every = [*with_schools, *(each for county in region.counties for each in catalogue.published_of(county.code))]
    if not known:
        raise RequestError("region_without_data", region=region.name(language()), code=region.code)
    if year is not None and not any(each <= year for each in every):
        raise RequestError(
            "region_year", region=region.name(language()), year=year, years=", ".join(map(str, sorted(set(every))))
        )
    return max(known) if year is None else year
