"""The entries of the files that people write into the raw folder, held against what they may hold (entries.yml).

All faults are told at once, each with its key, its value and what is due.
"""

import calendar
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from analysis.errors import DataError, language
from analysis.files import bounds

_COUNTY = re.compile(r"[0-9]{6}")
_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?")
#: A day or a month as people write it: 2024年11月2日, 2024.11.2, 2024/11.
_WRITTEN = re.compile(r"([0-9]{4})(?:年|[-./])([0-9]{1,2})(?:月|$|(?:月|[-./])([0-9]{1,2})日?)")
#: So many faults are told one by one, and so much of a value.
_TOLD, _SHOWN = 10, 40


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return declared


def faults(groups: Iterable[tuple[str, str, Any]], tables: tuple[str, ...] = ()) -> list[str]:
    """Return all faults of entries: (how one is called, what it is of in entries.yml, the entry).

    `tables` are those there are.
    """
    return [f"{called}: {fault}" for called, of, entry in groups for fault in _faults(of, entry, tables)]


def told(file: str, faults: list[str]) -> None:
    """Raise DataError with these faults of a file; nothing where there is none."""
    if faults:
        some = "；" if language() == "zh" else "; "
        more = [f"… (+{len(faults) - _TOLD})"] if len(faults) > _TOLD else []
        raise DataError("entries_faulty", file=file, number=len(faults), faults=some.join([*faults[:_TOLD], *more]))


def said(fault: str, **values: Any) -> str:
    """Return the sentence of a fault that is none of a value."""
    sentence: str = _declared()["faults"][fault][language()]
    return sentence.format(**{name: _shown(value) if name == "value" else value for name, value in values.items()})


def listed(value: Any, file: str) -> list[Any]:
    """Return a list of entries, empty where there is none; DataError where it is something else."""
    if value is None:
        return []
    if not isinstance(value, list):
        told(file, [said("list")])
    return list(value)


def mapped(value: Any, file: str, of: str = "") -> dict[Any, Any]:
    """Return a mapping, empty where there is none; DataError where it is something else, `of` says where."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        told(file, [f"{of}: {said('mapping')}" if of else said("mapping")])
    return dict(value)


def _faults(of: str, entry: Any, tables: tuple[str, ...]) -> Iterator[str]:
    kinds: dict[str, str] = _declared()["entries"][of]
    if isinstance(entry, dict) and _is_plain(of, kinds, entry, tables):
        return
    known = ", ".join(kinds)
    if not isinstance(entry, dict):
        yield said("shape", value=entry, known=known)
        return
    for key in entry:
        if key not in kinds:
            yield said("unknown", key=_shown(key), known=known)
    for key, kind in kinds.items():
        value, name = entry.get(key), kind.rstrip("!")
        if value is None or value == "":
            if (kind.endswith("!") and name != "value") or (name == "value" and key not in entry):
                yield said("lacks", key=key, mend=_mend(name, tables))
        elif not _is(name, value, tables):
            yield said("wrong", key=key, value=value, mend=_mend(name, tables))
    needed = _declared()["one_of"].get(of)
    if needed and not any(entry.get(key) for key in needed):
        yield said("one_of", known=", ".join(needed))


def _is_plain(of: str, kinds: dict[str, str], entry: dict[Any, Any], tables: tuple[str, ...]) -> bool:
    """Tell whether an entry surely has no fault: nearly all have none, and a nation has 50,000 of them."""
    needed = sum(kind.endswith("!") for kind in kinds.values())
    for key, value in entry.items():
        kind = kinds.get(key)
        if kind is None or (value not in (None, "") and not _is(kind.rstrip("!"), value, tables)):
            return False
        needed -= kind.endswith("!") and value not in (None, "")
    return needed == 0 and of not in _declared()["one_of"]


def _mend(kind: str, tables: tuple[str, ...]) -> str:
    limits = bounds()
    mend: str = _declared()["kinds"][kind][language()]
    return mend.format(
        text=limits.text_characters,
        code=limits.code_characters,
        name=limits.file_name,
        first=limits.first_year,
        last=limits.last_year,
        tables=", ".join(tables),
        changes=", ".join(_declared()["changes"]),
    )


def _shown(value: Any) -> str:
    """Return a value short and on one line: it may be anything, of any size."""
    text = str(value) if isinstance(value, str | int | float | None) else type(value).__name__
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _is(kind: str, value: Any, tables: tuple[str, ...]) -> bool:
    """Tell whether a value is of a kind."""
    limits = bounds()
    match kind:
        case "text" | "value":
            return _is_text(value, limits.text_characters)
        case "file":
            return _is_text(value, limits.file_name) and is_inside(str(value))
        case "county":
            return _is_county(value)
        case "counties":
            return isinstance(value, list) and bool(value) and all(map(_is_county, value))
        case "table":
            return isinstance(value, str) and value in tables
        case "change":
            return isinstance(value, str) and value in _declared()["changes"]
        case "year":
            return _is_whole(value) and limits.first_year <= int(value) <= limits.last_year
        case "row":
            return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
        case "date":
            return isinstance(value, str) and is_date(value)
        case "flag":
            return isinstance(value, bool)
        case "pairs":
            texts = [*value, *value.values()] if isinstance(value, dict) else [None]
            return all(_is_text(text, limits.text_characters) for text in texts)
        case "texts":
            return isinstance(value, list) and all(_is_text(text, limits.text_characters) for text in value)
        case "code":
            return _is_text(value, limits.code_characters)
        case "codes":
            codes = value if isinstance(value, list) else [value]
            return bool(codes) and all(_is_text(code, limits.code_characters) for code in codes)
    raise KeyError(kind)


def _is_text(value: Any, longest: int) -> bool:
    """Tell whether a value is text, or a number that may stand for it, and no longer."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return isinstance(value, str | int | float) and len(str(value)) <= longest


def _is_county(value: Any) -> bool:
    return isinstance(value, str | int) and _COUNTY.fullmatch(str(value)) is not None


def _is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number of no more than four digits."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return re.fullmatch(r"[0-9]{4}", str(value)) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is a day or a month that there is, YYYY-MM-DD or YYYY-MM.

    >>> [is_date(text) for text in ("2024-02-29", "2023-02-29", "2024-10", "2024-99-99", "2024")]
    [True, False, True, False, False]
    """
    match = _DATE.fullmatch(text)
    if not match or not int(match["year"]) or not 1 <= int(match["month"]) <= 12:
        return False
    last = calendar.monthrange(int(match["year"]), int(match["month"]))[1]
    return match["day"] is None or 1 <= int(match["day"]) <= last


def iso_date(text: str) -> str:
    """Return a day or a month that someone wrote in the usual ways as YYYY-MM-DD or YYYY-MM, "" where it is neither.

    A month of one digit behind a point is neither: a spreadsheet makes 2024.1 of 2024.10.

    >>> [iso_date(text) for text in ("2024年11月2日", "2024.11.2", "2024/11/02", "2024年11月", "2024.1")]
    ['2024-11-02', '2024-11-02', '2024-11-02', '2024-11', '']
    """
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", "".join(text.split())))
    if match is None or (match[0][4] == "." and len(match[0]) == len("2024.1")):
        return ""
    written = "-".join(part.zfill(2) for part in match.groups() if part)
    return written if is_date(written) else ""


def is_inside(file: str) -> bool:
    """Tell whether a path stays in its folder."""
    path = PurePosixPath(file)
    return not (path.is_absolute() or ".." in path.parts or "\\" in file or ":" in file or "\n" in file)
