"""What people say of a folder of raw statistics: sources.yml (counties and files) and aliases.yml (headers).

What a county decided in its workbook (analysis.decisions) joins what the YAML files say, and what its schools answered
(answers/<county>.yml) the corrections. It imports no Polars.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from analysis import decisions, entries, files, yamlfile
from analysis.errors import DataError, listed

#: What a text in YAML is to be quoted for.
_QUOTED = re.compile(r"[:,{}\[\]#&*!|>%@`'\n]")
_FILE = "sources.yml"
_PARTS = ("province", "cities", "counties", "sources", "published")
_CODE, _CITY = re.compile(r"[0-9]{6}"), re.compile(r"[0-9]{4}")
#: Further headers of columns, by table and column.
Aliases = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


@dataclass(frozen=True)
class County:
    """A county: `published` where only its published coefficients are known (no school rows).

    `acceptance` is the year in which it is to be accepted (评估认定), None where sources.yml doesn't say; `office` what
    its office is called on paper, "" where that is as usual.
    """

    code: str
    zh: str
    en: str
    synthetic: bool = False
    published: bool = False
    acceptance: int | None = None
    office: str = ""
    office_en: str = ""

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
    content = files.small(path, files.bounds().yaml_megabytes)
    return None if content is None else _yaml(path.name, content)


@lru_cache(maxsize=8)
def _yaml(name: str, content: bytes) -> Any:
    return yamlfile.parse(content, name)


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
    """Return what sources.yml tells; forked children find it read. Raises DataError with all its faults."""
    said = entries.mapped(_yaml(_FILE, content), _FILE)
    named = {part: entries.mapped(said.get(part), _FILE, part) for part in ("province", "cities", "counties")}
    listed_in = {part: entries.listed(said.get(part), _FILE) for part in ("sources", "published")}
    codes = [f"{part}: {key}" for part, code in (("cities", _CITY), ("counties", _CODE)) for key in named[part]
             if not code.fullmatch(str(key))]  # fmt: skip
    groups = [("province", "province", named["province"])] if named["province"] else []
    groups += [(f"{part}: {key}", part, named[part][key]) for part in ("cities", "counties") for key in named[part]]
    groups += [
        (f"{part} {place}", part, entry)
        for part, listed_entries in listed_in.items()
        for place, entry in enumerate(listed_entries, start=1)
    ]
    faults = [entries.said("unknown", key=str(key)[:40], known=", ".join(_PARTS)) for key in said if key not in _PARTS]
    faults += [entries.said("code", value=code) for code in codes]
    entries.told(_FILE, faults + entries.faults(groups, tables()))
    return Register(
        {name: str(text) for name, text in named["province"].items()},
        {str(code): {lang: str(entry.get(lang) or entry["zh"]) for lang in ("zh", "en")}
         for code, entry in named["cities"].items()},
        {str(code): _county(str(code), entry) for code, entry in named["counties"].items()},
        tuple(map(_source, listed_in["sources"])),
        tuple(map(_published, listed_in["published"])),
    )  # fmt: skip


def identities(folder: Path) -> list[dict[str, Any]]:
    """Return the entries of identity.yml; raises DataError with all its faults."""
    listed_entries = _entries(folder, "identity.yml", "identity.yml")
    faults = []
    for place, entry in enumerate(listed_entries, start=1):
        ends = ("old", "new") if entry["kind"] in ("county", "code", "merged", "split") else ("school",)
        needed = ends if entry["kind"] == "county" else ("county", *ends)
        faults += [f"{place}: {entries.said('one_of', known=key)}" for key in needed if not entry.get(key)]
        strange = [entry.get(key) for key in ends if not _CODE.fullmatch(str(entry.get(key)))]
        if entry["kind"] == "county":
            faults += [f"{place}: {entries.said('code', value=code)}" for code in strange if code]
    entries.told("identity.yml", faults)
    return listed_entries


def corrections(folder: Path, counties: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return the entries of corrections.yml, with what `counties` decided and their schools answered.

    Raises DataError with all faults of a file.
    """
    return [
        *_entries(folder, "corrections.yml", "corrections.yml"),
        *(entry for county in counties for entry in decisions.of_county(folder, county).corrections),
        *(entry for county in counties for entry in _entries(folder, answers_of(county), "corrections.yml")),
    ]


def decided_identities(folder: Path, county: str) -> list[dict[str, Any]]:
    """Return the entries of identity.yml with those of a county's workbook; DataError with all faults of a file."""
    return [*identities(folder), *decisions.of_county(folder, county).identities]


def answers_of(county: str) -> str:
    """Return where the answers of a county's schools stand, each an entry as of corrections.yml."""
    return f"answers/{county}.yml"


def _entries(folder: Path, name: str, of: str) -> list[dict[str, Any]]:
    listed_entries = entries.listed(load_yaml(folder / name), name)
    entries.told(name, entries.faults((str(place), of, entry) for place, entry in enumerate(listed_entries, start=1)))
    return listed_entries


def aliases(folder: Path, county: str = "") -> Aliases:
    """Return further headers, by table and column: those of aliases.yml and those that a county's workbook names.

    It stands as `schools: {pupils_primary: [小学人数]}`; DataError where it does not.
    """
    declared = _with_decided(load_yaml(folder / "aliases.yml") or {}, folder, county)
    aliases_of = []
    for table, columns in declared.items() if isinstance(declared, dict) else [("", None)]:
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


def _with_decided(declared: Any, folder: Path, county: str) -> Any:
    decided = decisions.of_county(folder, county).aliases if county and isinstance(declared, dict) else ()
    for table, column, head in decided:
        columns = dict(declared.get(table) or {})
        heads = columns.get(column) or []
        columns[column] = [*([heads] if isinstance(heads, str) else heads), head]
        declared = declared | {table: columns}
    return declared


@cache
def _declared() -> dict[str, tuple[str, ...]]:
    text = (Path(__file__).parent / "read" / "fields.yml").read_text(encoding="utf-8")
    return {name: tuple(declared["columns"]) for name, declared in parse_yaml(text)["tables"].items()}


def tables() -> tuple[str, ...]:
    """Return the names of all source tables, as read/fields.yml declares them."""
    return tuple(_declared())


def _county(code: str, entry: dict[str, Any]) -> County:
    year = entry.get("acceptance")
    return County(
        code,
        str(entry["zh"]),
        str(entry.get("en") or entry["zh"]),
        entry.get("synthetic") is True,
        entry.get("published") is True,
        None if year is None else int(year),
        str(entry.get("office") or ""),
        str(entry.get("office_en") or ""),
    )


def _source(entry: dict[str, Any]) -> Source:
    texts: dict[str, Any] = {
        name: str(entry.get(name) or "") for name in ("title", "publisher", "date", "sheet", "encoding")
    }
    pairs: dict[str, Any] = {
        name: tuple((str(key), str(value)) for key, value in (entry.get(name) or {}).items())
        for name in ("where", "columns", "units")
    }
    return Source(
        str(PurePosixPath(str(entry["file"]))),
        str(entry["county"]),
        entry["table"],
        int(entry["year"]),
        **texts,
        **pairs,
        hidden=entry.get("hidden"),
        codes=tuple(map(str, entry.get("codes") or [])),
        synthetic=entry.get("synthetic") is True,
        registered=True,
    )


def decided(source: Source, setting: dict[str, Any]) -> Source:
    """Return a source with what its county's workbook decides of its file (`setting`, as in an entry)."""
    if not setting:
        return source
    of_pairs = [name for name in ("where", "columns", "units") if name in setting]
    pairs: dict[str, Any] = {name: _joined(getattr(source, name), setting[name]) for name in of_pairs}
    others: dict[str, Any] = {
        name: setting[name] for name in ("sheet", "hidden", "encoding", "title") if name in setting
    }
    codes: dict[str, Any] = {"codes": tuple(map(str, setting["codes"]))} if "codes" in setting else {}
    return replace(source, **pairs, **others, **codes)


def _joined(pairs: tuple[tuple[str, str], ...], more: dict[Any, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((dict(pairs) | {str(key): str(value) for key, value in more.items()}).items())


def _published(entry: dict[str, Any]) -> Published:
    texts = {name: str(entry.get(name) or "") for name in ("title", "publisher", "date")}
    counties, standard = tuple(map(str, entry["counties"])), str(entry["standard"])
    return Published(str(PurePosixPath(str(entry["file"]))), counties, standard, int(entry["year"]), **texts)
