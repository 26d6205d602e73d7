"""All raw statistics of one county: tables of every year, what is mended, and what became of each row."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from verification.raw.decided import Decided, decided
from verification.raw.doubles import set_doubles_aside
from verification.raw.entered import Entry, entries
from verification.raw.tables import Row, Table, names, table

_FILE = re.compile(r"([a-z]+)_(\d{4})\.(xlsx|csv|csv\.gz)")

MONITORING = "monitoring"


@dataclass
class County:
    """`tables` by name and year; `files` by their path with what sources.yml says of each and its SHA-256; `folder` is
    that of all counties, `entered` what people wrote beside lines of the ledger, and
    `own_lines` those that they added."""

    code: str
    entry: dict[str, Any]
    province: dict[str, str]
    tables: dict[str, dict[int, Table]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    predecessor: tuple[str, int] | None = None
    words: list[tuple[int, str, str, bool]] = field(default_factory=list)
    folder: Path = Path()
    entered: dict[str, Entry] = field(default_factory=dict)
    own_lines: list[Entry] = field(default_factory=list)

    def rows(self, name: str, year: int) -> list[Row]:
        """Return the rows of data of a table and year; none where there is no such table.

        A file of the monitoring may hold rounds of several years: each row says its own.
        """
        if name == MONITORING:
            tables = [self.tables[name][each] for each in sorted(self.tables.get(name, {}))]
            return [row for one in tables for row in one.rows if row["year"] == year]
        held = self.tables.get(name, {}).get(year)
        return held.rows if held else []

    def years(self, name: str = "schools") -> list[int]:
        """Return the years of a table, the earliest first."""
        if name == MONITORING:
            return sorted({int(row["year"]) for one in self.tables.get(name, {}).values() for row in one.rows})
        return sorted(self.tables.get(name, {}))

    def used(self, year: int) -> dict[str, dict[str, Any]]:
        """Return the files that a year's report uses: those up to it, and later ones with rounds of the monitoring up
        to it."""
        monitored = self.tables.get(MONITORING, {}).values()
        late = {row["place"].file for one in monitored for row in one.rows if row["year"] <= year}
        return {file: one for file, one in self.files.items() if one["year"] <= year or file in late}


def _listed(folder: Path, file: str) -> list[dict[str, Any]]:
    path = folder / file
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or []) if path.exists() else []


def county(folder: Path, code: str) -> County:
    """Read a county's raw statistics. Raises ValueError for a county that sources.yml does not name."""
    sources = yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8"))
    if code not in sources["counties"]:
        raise ValueError(f"sources.yml names no county {code}")
    entry = sources["counties"][code]
    found = County(code, entry, sources.get("province", {}), folder=folder)
    told = {one["file"]: one for one in sources.get("sources", [])}
    own, written = decided(folder, code), entries(folder, code)
    found.words = own.words
    found.entered = {one.id: one for one in written if one.id}
    found.own_lines = [one for one in written if not one.id]
    identity = _listed(folder, "identity.yml") + own.identities
    corrections = _listed(folder, "corrections.yml") + own.corrections + _listed(folder, f"answers/{code}.yml")
    corrections = [
        one | {name: "" if one[name] is None else str(one[name]) for name in ("before", "after", "why")}
        for one in corrections
        if one.get("status") != "retired"
    ]
    places: list[tuple[str, int | None]] = [(code, None)]
    for one in identity:
        if one["kind"] == "county" and str(one["new"]) == code:
            places.append((str(one["old"]), one["year"]))
            found.predecessor = (str(one["old"]), one["year"])
    for place, until in places:
        for path in sorted((folder / place).iterdir()):
            named = _FILE.fullmatch(path.name)
            if not named or named[1] not in names() or (until and int(named[2]) >= until):
                continue
            file, heads = f"{place}/{path.name}", _heads(folder, own, named[1])
            found.tables.setdefault(named[1], {})[int(named[2])] = table(path, named[1], file, corrections, heads)
            found.files[file] = {
                **told.get(file, {}),
                "registered": file in told,
                "table": named[1],
                "year": int(named[2]),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
    _recoded(found, identity)
    set_doubles_aside(found.tables)
    return found


def _heads(folder: Path, own: Decided, name: str) -> dict[str, str]:
    """Return the words over columns of a table that people named, each with its column."""
    path = folder / "aliases.yml"
    said = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}
    given = {str(head): str(column) for column, heads in (said.get(name) or {}).items() for head in heads}
    return given | {head: column for table_, column, head in own.heads if table_ == name}


def _recoded(found: County, identity: list[dict[str, Any]]) -> None:
    """Give schools that changed their code the one that they have now, also in the years before."""
    for one in identity:
        if one["kind"] != "code":
            continue
        for tables in found.tables.values():
            for year, held in tables.items():
                for row in held.rows:
                    if year < one["year"] and row.get("school") == str(one["old"]):
                        row["school"] = str(one["new"])
