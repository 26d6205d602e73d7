"""A county's first day: its folder, a blank workbook per table, its entries in sources.yml."""

import datetime
import re
import tempfile
from pathlib import Path

from analysis import project, sources
from analysis.errors import RequestError
from analysis.read.fields import tables
from analysis.registering import Registering
from analysis.render import decisions, template
from analysis.sources import Catalogue

_CODE = re.compile(r"[0-9]{6}")


def start(code: str, name: str, english: str, year: int | None, data: str) -> tuple[Path, int]:
    """Lay a county's folder and return it with the number of blank workbooks in it.

    Nothing that is there is changed but sources.yml, which grows by the county and its files; its comments stay.
    Raises RequestError where the code is none, the county is known, or sources.yml can't be added to.
    """
    if not _CODE.fullmatch(code):
        raise RequestError("new_code", code=code[:40])
    if not name.strip():
        raise RequestError("new_name", code=code)
    folder = Path(data) if data else project.raw()
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = sources.load(folder)
    of = year or _latest(catalogue)
    names = [f"{table}_{of}.xlsx" for table in tables()]
    if _registered_already(catalogue, code) or not _there(folder / code) <= set(names):
        raise RequestError("new_known", code=code, folder=folder / code)
    register = _registered(folder, code, {"zh": name.strip(), "en": english.strip() or name.strip()}, of)
    # Registered last: a county is known only with its files, and a run that was killed can be completed.
    (folder / code).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{code}.", dir=folder) as work:
        for table, file in zip(tables(), names, strict=True):
            if not (folder / code / file).exists():
                template.write(table, Path(work) / file, of)
                (Path(work) / file).replace(folder / code / file)
    register.write()
    decisions.lay(folder, code)
    return folder / code, len(names)


def _registered_already(catalogue: Catalogue, code: str) -> bool:
    """Tell whether sources.yml knows a county or a file of it; a folder alone makes a county without a name."""
    county = catalogue.counties.get(code)
    return any(source.registered for source in catalogue.of(code)) or (county is not None and county.zh != code)


def _there(folder: Path) -> set[str]:
    """Return the names of the files in a county's folder, none where there is no folder."""
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _latest(catalogue: Catalogue) -> int:
    years = [source.year for source in catalogue.sources]
    return max(years) if years else datetime.datetime.now(tz=datetime.UTC).year


def _registered(folder: Path, code: str, names: dict[str, str], year: int) -> Registering:
    """Return sources.yml with a county and its files, to be written; RequestError where it can't be added to."""
    register = Registering(folder)
    register.name("counties", code, names | {"synthetic": False})
    for table in tables().values():
        entry = {"file": f"{code}/{table.name}_{year}.xlsx", "county": code, "table": table.name, "year": year}
        register.add(entry | {"title": table.title["zh"], "publisher": "", "date": ""})
    return register
