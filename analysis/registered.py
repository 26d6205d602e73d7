"""What people say of a folder of raw statistics: sources.yml (counties and files) and aliases.yml (headers).

It reads YAML alone, and imports no Polars.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from analysis.errors import DataError, listed

#: What a text in YAML is to be quoted for.
_QUOTED = re.compile(r"[:,{}\[\]#&*!|>%@`'\n]")
_CODE, _CITY = re.compile(r"[0-9]{6}"), re.compile(r"[0-9]{4}")
#: Further headers of columns, by table and column.
Aliases = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


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
    `units` by column, whether what is `hidden` is read, the `encoding` of a text file; with what the `codes` of this
    county's schools begin.
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
    codes: tuple[str, ...] = ()


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


def quoted(text: str) -> str:
    """Return a text as it is to be written in a line of YAML."""
    return f'"{text}"' if _QUOTED.search(text) else text


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
class Register:
    """What sources.yml tells."""

    province: dict[str, str]
    cities: dict[str, dict[str, str]]
    counties: dict[str, County]
    sources: tuple[Source, ...]
    published: tuple[Published, ...]


@lru_cache(maxsize=2)
def register(content: bytes) -> Register:
    """Return what sources.yml tells; forked children find it read."""
    said = _yaml("sources.yml", content)
    said = {} if said is None else said
    if not isinstance(said, dict):
        raise DataError("sources_shape", entry="sources.yml", reason="counties:, sources:")
    counties = _counties(said.get("counties") or {})
    registered = tuple(_source(entry, number) for number, entry in enumerate(said.get("sources") or [], start=1))
    published = tuple(_published(entry, number) for number, entry in enumerate(said.get("published") or [], start=1))
    return Register(
        dict(said.get("province") or {}), _cities(said.get("cities") or {}), counties, registered, published
    )


def aliases(folder: Path) -> Aliases:
    """Return what aliases.yml of a folder says, by table and column: further headers; DataError where it is no such.

    It stands as `schools: {pupils_primary: [小学人数]}`.
    """
    entries = load_yaml(folder / "aliases.yml") or {}
    aliases_of = []
    for table, columns in entries.items() if isinstance(entries, dict) else [("", None)]:
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
        aliases_of.append((str(table), tuple(of_table)))
    return tuple(aliases_of)


@cache
def _declared() -> dict[str, tuple[str, ...]]:
    text = (Path(__file__).parent / "read" / "fields.yml").read_text(encoding="utf-8")
    return {name: tuple(declared["columns"]) for name, declared in parse_yaml(text)["tables"].items()}


def tables() -> tuple[str, ...]:
    """Return the names of all source tables, as read/fields.yml declares them."""
    return tuple(_declared())


def _counties(entries: Any) -> dict[str, County]:
    if not isinstance(entries, dict):
        raise DataError("sources_shape", entry="counties", reason=str(entries)[:60])
    counties = {}
    for code, entry in entries.items():
        code = str(code)
        if not _CODE.fullmatch(code) or not isinstance(entry, dict) or not entry.get("zh"):
            raise DataError("sources_shape", entry=f"counties: {code}", reason=str(entry)[:60])
        zh, en = str(entry["zh"]), str(entry.get("en") or entry["zh"])
        year = entry.get("acceptance")
        if year is not None and not isinstance(year, int):
            raise DataError("sources_shape", entry=f"counties: {code}", reason=f"acceptance: {str(year)[:40]}")
        counties[code] = County(code, zh, en, entry.get("synthetic") is True, entry.get("published") is True, year)
    return counties


def _cities(entries: Any) -> dict[str, dict[str, str]]:
    if not isinstance(entries, dict):
        raise DataError("sources_shape", entry="cities", reason=str(entries)[:60])
    for code, entry in entries.items():
        if not _CITY.fullmatch(str(code)) or not isinstance(entry, dict) or not entry.get("zh"):
            raise DataError("sources_shape", entry=f"cities: {code}", reason=str(entry)[:60])
    return {
        str(code): {name: str(entry.get(name) or entry["zh"]) for name in ("zh", "en")}
        for code, entry in entries.items()
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
    values: dict[str, Any] = {
        name: str(entry.get(name) or "") for name in ("title", "publisher", "date", "sheet", "encoding")
    }
    values |= {name: _pairs(entry, name, number) for name in ("where", "columns", "units")}
    hidden = entry.get("hidden")
    if hidden is not None and not isinstance(hidden, bool):
        raise DataError("sources_shape", entry=f"sources, {number}", reason=f"hidden: {hidden}")
    codes = entry.get("codes") or []
    if not isinstance(codes, list):
        raise DataError("sources_shape", entry=f"sources, {number}", reason=f"codes: {codes}")
    values["codes"] = tuple(map(str, codes))
    synthetic = entry.get("synthetic") is True
    return Source(file, county, table, year, **values, hidden=hidden, synthetic=synthetic, registered=True)


def _pairs(entry: dict[str, Any], name: str, number: int) -> tuple[tuple[str, str], ...]:
    pairs = entry.get(name) or {}
    if not isinstance(pairs, dict):
        raise DataError("sources_shape", entry=f"sources, {number}", reason=f"{name}: {pairs}")
    return tuple((str(key), str(value)) for key, value in pairs.items())


def _published(entry: Any, number: int) -> Published:
    try:
        file, year = str(PurePosixPath(str(entry["file"]))), int(entry["year"])
        counties, standard = tuple(map(str, entry["counties"])), str(entry["standard"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("sources_shape", entry=f"published, {number}", reason=str(entry)[:80]) from error
    _inside(file, f"published, {number}")
    values = {name: str(entry.get(name) or "") for name in ("title", "publisher", "date")}
    return Published(file, counties, standard, year, **values)


def _inside(file: str, entry: str) -> None:
    """Raise DataError where a file that an entry names lies outside the folder."""
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file or ":" in file:
        raise DataError("sources_outside", entry=entry, file=file)
