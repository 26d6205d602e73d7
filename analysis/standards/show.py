"""Standards as tables: what there is, what one holds, how two differ, what is wrong with a file, and a start for a
new one."""

from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import language
from analysis.standards.labels import label, vocabulary
from analysis.standards.load import load, names, own, problems, read
from analysis.standards.model import Standard

FLAT = "."
#: Parts that are told by themselves, not as values.
SILENT = {"id", "extends", "name", "title"}
STARTING_POINT = Path(__file__).parent / "starting_point.txt"


def listing() -> pl.DataFrame:
    """Return the standards that come with the package: id, name, extends, document, from."""
    lang = language()
    rows = [
        {
            "id": name,
            "name": standard.name.text(lang),
            "extends": standard.extends or "",
            "document": standard.document,
            "from": standard.since,
        }
        for name in names()
        for standard in (load(name),)
    ]
    return pl.DataFrame(rows).with_columns(pl.col("from").cast(pl.String))


def _flat(value: Any, key: str = "") -> dict[str, str]:
    """Return nested data as key -> text: labels in both languages and single dated values in one line."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return {key: f"{value['zh']} / {value['en']}"}
        return {k: v for name, part in value.items() for k, v in _flat(part, f"{key}{FLAT}{name}".strip(FLAT)).items()}
    if isinstance(value, list | tuple):
        if all(not isinstance(part, dict | list | tuple) for part in value):
            return {key: ", ".join(str(part) for part in value)}
        return {k: v for place, part in enumerate(value) for k, v in _flat(part, f"{key}{FLAT}{place}").items()}
    return {} if value is None or value == "" else {key: str(value)}


def _data(name: str | Path) -> dict[str, str]:
    load(name)
    return {key: value for key, value in _flat(read(name)).items() if key.partition(FLAT)[0] not in SILENT}


def _named(standard: Standard, key: str) -> str:
    """Return what readers call the item or indicator that a key belongs to; "" for other parts."""
    group, _, rest = key.partition(FLAT)
    item = rest.partition(FLAT)[0]
    if (group == "items" and item in standard.items) or (group == "indicators" and item in standard.indicators):
        return label(standard, item, language())
    return ""


def shown(name: str | Path) -> pl.DataFrame:
    """Return one row per value of a standard: key, value, of (what readers call it), own (its file says so itself).

    Raises RequestError as `load`.
    """
    standard = load(name)
    mine = set(_flat(own(name)))
    rows = [
        {"key": key, "value": value, "of": _named(standard, key), "own": "yes" if key in mine else ""}
        for key, value in _data(name).items()
    ]
    return pl.DataFrame(rows)


def differences(a: str | Path, b: str | Path) -> pl.DataFrame:
    """Return the keys in which two standards differ: key, of, and the value in each ("" where one has none)."""
    first, second = _data(a), _data(b)
    rows = [
        {
            "key": key,
            "of": _named(load(b), key) or _named(load(a), key),
            "a": first.get(key, ""),
            "b": second.get(key, ""),
        }
        for key in {**first, **second}
        if first.get(key) != second.get(key)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("key", "of", "a", "b"), pl.String))


def faults(name: str | Path) -> pl.DataFrame:
    """Return every fault of a standard's file: key, value, fault, mend; no rows where it is whole.

    Raises RequestError where the file can't be read at all.
    """
    lang, mends = language(), vocabulary()["mends"]
    rows = [
        {
            "key": fault.key,
            "value": fault.value,
            "fault": fault.text,
            "mend": mends[fault.kind if fault.kind in mends else "other"].text(lang).format(expected=fault.expected),
        }
        for fault in problems(name)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("key", "value", "fault", "mend"), pl.String))


def starting_point() -> str:
    """Return the text of a plan to begin with: the fewest lines that are a whole plan."""
    return STARTING_POINT.read_text(encoding="utf-8")
