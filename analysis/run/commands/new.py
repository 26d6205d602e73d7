"""A county's first day: its folder, a blank workbook per table, its entries in sources.yml."""

import datetime
import re
from pathlib import Path

import yaml

from analysis import project, sources
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
    if code in catalogue.counties or catalogue.of(code) or (folder / code).exists():
        raise RequestError("new_known", code=code, folder=folder / code)
    of = year or _latest(catalogue)
    names = [f"{table}_{of}.xlsx" for table in tables()]
    _register(folder / "sources.yml", code, name.strip(), english.strip() or name.strip(), of)
    for table, file in zip(tables(), names, strict=True):
        template.write(table, folder / code / file, of)
    return folder / code, len(names)


def _latest(catalogue: Catalogue) -> int:
    years = [source.year for source in catalogue.sources]
    return max(years) if years else datetime.datetime.now(tz=datetime.UTC).year


def _register(path: Path, code: str, name: str, english: str, year: int) -> None:
    """Add a county and its files to sources.yml, as lines below `counties:` and `sources:`."""
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
    beside = path.with_name(f".{path.name}")
    try:
        registered = yaml.safe_load(after)
        whole = len(registered["sources"]) == len((yaml.safe_load(before) or {}).get("sources") or []) + len(files)
        if not (whole and registered["counties"][code]["zh"] == name):
            raise RequestError("new_register", file=path)
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise RequestError("new_register", file=path) from error
    beside.write_text(after, encoding="utf-8")
    beside.replace(path)


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
