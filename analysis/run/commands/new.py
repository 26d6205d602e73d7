"""A county's first day: its folder, a blank workbook per table, its entries in sources.yml; later what these lack."""

import re
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import typer

from analysis import project, regions, sources
from analysis.errors import RequestError, language, listed, message
from analysis.read import collecting
from analysis.read.fields import tables
from analysis.registering import Registering
from analysis.render import decisions, template
from analysis.run.build.placing import near
from analysis.run.commands.template import Asked, year_now, year_of
from analysis.sources import Catalogue
from analysis.standards import Standard

_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Office:
    """What someone says of a county beside its code and name; "" where it is asked for or as usual. `blanks`: by
    whose items its blank workbooks are laid."""

    english: str = ""
    province: str = ""
    city: str = ""
    office: str = ""
    office_english: str = ""
    blanks: Asked = field(default_factory=Asked)


def run(code: str, name: str, said: Office, year: str, data: str, ask: bool | None = None) -> list[str]:
    """Lay a county's folder and return the lines that tell what was done; whoever is at a terminal is asked.

    Of a county that is known the blank workbooks of another year are laid, and its names are put right. Raises
    RequestError as `start` and `more` do.
    """
    someone = sys.stdin.isatty() if ask is None else ask
    if not _CODE.fullmatch(code):
        raise RequestError("new_code", code=code[:40])
    folder = Path(data) if data else _own()
    if folder.is_dir() and _registered_already(sources.load(folder), code):
        return more(code, name, said, year_of(year), folder)
    lines = []
    if someone:
        name = name or _prompt("name", "")
        year = year or _prompt("year", str(year_now()))
        english = said.english or _prompt("english", "")
        office = said.office or _prompt("office", "")
        said = replace(said, english=english, office=office)
    elif not year:
        lines.append(message("new_year", year=year_now()))
    laid, number = start(code, name, said.english, year_of(year), data, said)
    catalogue = sources.load(folder)
    city, province = _of_divisions(code, said), regions.province_of(catalogue, code)
    if not said.english:
        lines.append(message("new_no_english", code=code, name=name))
    place = " ".join(filter(None, [province.get(language(), ""), city.get(language(), "")]))
    made = message("new_made", folder=near(laid), number=number, code=code, place=place or "-")
    return [*lines, made, message("new_next", code=code, folder=near(laid))]


def _prompt(name: str, default: str) -> str:
    return str(typer.prompt(message(f"new_ask_{name}"), default=default)).strip()


def start(
    code: str, name: str, english: str, year: int | None, data: str, said: Office | None = None
) -> tuple[Path, int]:
    """Lay a county's folder and return it with the number of blank workbooks in it.

    Without `data` it lies in the office's own folder, in that of the samples where an office keeps its counties there.
    Nothing that is there is changed but sources.yml, which grows by the county, its city and its files; its comments
    stay. Raises RequestError where the code is none, the county is known, or sources.yml can't be added to.
    """
    if not _CODE.fullmatch(code):
        raise RequestError("new_code", code=code[:40])
    if not name.strip():
        raise RequestError("new_name", code=code)
    of, standard = year or year_now(), said.blanks.items_of() if said else None
    folder = Path(data) if data else _own()
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = sources.load(folder)
    names = [f"{table}_{of}.xlsx" for table in tables()]
    if _registered_already(catalogue, code) or not _there(folder / code) <= set(names):
        raise RequestError("new_known", code=code, name=name.strip(), folder=near(folder / code))
    register = _registered(folder, code, name.strip(), said or Office(english.strip()), of)
    # Registered last: a county is known only with its files, and a run that was killed can be completed.
    _lay(folder, code, list(zip(tables(), names, strict=True)), of, standard)
    register.write()
    decisions.lay(folder, code)
    return folder / code, len(names)


def _lay(folder: Path, code: str, files: list[tuple[str, str]], year: int, standard: Standard | None) -> None:
    """Lay the blank workbooks of tables where no file of these names is."""
    (folder / code).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{code}.", dir=folder) as work:
        for table, file in files:
            if not (folder / code / file).exists():
                template.write(table, Path(work) / file, year, standard)
                (Path(work) / file).replace(folder / code / file)


def more(code: str, name: str, said: Office, year: int | None, folder: Path) -> list[str]:
    """Lay the blank workbooks that a known county lacks of a year and fills in itself, put its names right, and return
    what was done.

    RequestError where neither is asked for, or the county is one of the samples.
    """
    catalogue = sources.load(folder)
    county = catalogue.counties[code]
    sources.to_be_written(folder, county)
    register = Registering(folder)
    names = {"zh": name.strip(), "en": said.english, "office": said.office, "office_en": said.office_english}
    now = {"zh": county.zh, "en": county.en, "office": county.office, "office_en": county.office_en}
    named = {key: text for key, text in names.items() if text and text != now[key]}
    there = {source.table for source in catalogue.of(code) if source.year == year}
    # Not those that schools fill in: a blank table of schools would make its year the latest that the county has.
    known = {*there, *collecting.declared()["parts"]}
    lacking = [table for table in tables() if table not in known] if year else []
    if not named and not lacking:
        raise RequestError("new_known", code=code, name=county.zh, folder=near(folder / code))
    if named:
        register.amend_county(code, named)
    for table in lacking:
        register.add(_entry(code, table, year or 0))
    _lay(folder, code, [(table, f"{table}_{year}.xlsx") for table in lacking], year or 0, said.blanks.items_of())
    register.write()
    lines = [message("new_named", names=listed(named.values()))] if named else []
    if lacking:
        lines.append(message("new_more", code=code, folder=near(folder / code), number=len(lacking), year=year))
    return lines


def _own() -> Path:
    """Return the folder of an office's own data: that of the samples, where its counties lie there from of old."""
    raw, own = project.raw(), project.own()
    if (own / "sources.yml").is_file() or not (raw / "sources.yml").is_file():
        return own
    counties = sources.load(raw).counties.values()
    return raw if any(not county.synthetic and not county.published for county in counties) else own


def _registered_already(catalogue: Catalogue, code: str) -> bool:
    """Tell whether sources.yml knows a county or a file of it; a folder alone makes a county without a name."""
    county = catalogue.counties.get(code)
    return any(source.registered for source in catalogue.of(code)) or (county is not None and county.zh != code)


def _there(folder: Path) -> set[str]:
    """Return the names of the files in a county's folder, none where there is no folder."""
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _of_divisions(code: str, said: Office) -> dict[str, str]:
    """Return the names of a county's city: as someone said it, else GB/T 2260's; none where there is none."""
    if said.city:
        return {"zh": said.city, "en": said.city}
    return regions.divisions().get(code[: regions.CITY], {})


def _registered(folder: Path, code: str, name: str, said: Office, year: int) -> Registering:
    """Return sources.yml with a county and its files, to be written; RequestError where it can't be added to."""
    register = Registering(folder)
    entry: dict[str, object] = {"zh": name, "en": said.english or name, "synthetic": False}
    offices = {"office": said.office, "office_en": said.office_english}
    register.name("counties", code, entry | {key: text for key, text in offices.items() if text})
    if city := _of_divisions(code, said):
        register.name("cities", code[: regions.CITY], city)
    if said.province:
        register.name_province({"zh": said.province, "en": said.province})
    for table in tables():
        register.add(_entry(code, table, year))
    return register


def _entry(code: str, table: str, year: int) -> dict[str, object]:
    source = {"file": f"{code}/{table}_{year}.xlsx", "county": code, "table": table, "year": year}
    return source | {"title": tables()[table].title["zh"], "publisher": "", "date": ""}
