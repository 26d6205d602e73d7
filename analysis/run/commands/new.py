"""A county's first day: its folder, a blank workbook per table, its entries in sources.yml."""

import datetime
import re
import tempfile
from pathlib import Path

import yaml

from analysis import project, sources, storage
from analysis.errors import RequestError, language
from analysis.read.fields import tables
from analysis.render import template
from analysis.sources import Catalogue

_CODE = re.compile(r"[0-9]{6}")
_EMPTY = "counties:\nsources:\n"


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
    register = _registered(folder / "sources.yml", code, name.strip(), english.strip() or name.strip(), of)
    # Registered last: a county is known only with its files, and a run that was killed can be completed.
    (folder / code).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{code}.", dir=folder) as work:
        for table, file in zip(tables(), names, strict=True):
            if not (folder / code / file).exists():
                template.write(table, Path(work) / file, of)
                (Path(work) / file).replace(folder / code / file)
    storage.write_whole(folder / "sources.yml", register)
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


def _registered(path: Path, code: str, name: str, english: str, year: int) -> str:
    """Return sources.yml with a county and its files, as lines below `counties:` and `sources:`."""
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else _EMPTY
    county = f'  "{code}": {_flow({"zh": name, "en": english, "synthetic": False})}'
    publisher = template.words(language())["publisher"]
    files = [
        "  - "
        + _flow(
            {"file": f"{code}/{table.name}_{year}.xlsx", "county": code, "table": table.name, "year": year}
            | {"title": table.title["zh"], "publisher": publisher, "date": ""}
        )
        for table in tables().values()
    ]
    after = _below(_below(before, "counties", [county]), "sources", files)
    try:
        registered = yaml.safe_load(after)
        whole = len(registered["sources"]) == len((yaml.safe_load(before) or {}).get("sources") or []) + len(files)
        if not (whole and registered["counties"][code]["zh"] == name):
            raise RequestError("new_register", file=path)
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise RequestError("new_register", file=path) from error
    return after


def _flow(entry: dict[str, object]) -> str:
    return yaml.safe_dump(entry, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000).strip()


def _below(text: str, key: str, lines: list[str]) -> str:
    """Insert lines at the end of the block under a top-level key, or with the key at the end of the text.

    Empty where the key's value stands on its own line, so that nothing can be added below it.
    """
    rows = text.splitlines()
    at = next((number for number, row in enumerate(rows) if row.startswith(f"{key}:")), None)
    if at is None:
        return "\n".join([*rows, f"{key}:", *lines, ""])
    if re.fullmatch(rf"{key}:\s*(\{{\s*\}}|\[\s*\])\s*", rows[at]):
        rows[at] = f"{key}:"
    elif not re.fullmatch(rf"{key}:\s*(#.*)?", rows[at]):
        return ""
    end = at + 1
    last = at
    while end < len(rows) and (not rows[end].strip() or rows[end][0] in " -#"):
        last = end if rows[end].strip() and rows[end][0] != "#" else last
        end += 1
    return "\n".join([*rows[: last + 1], *lines, *rows[last + 1 :], ""])
