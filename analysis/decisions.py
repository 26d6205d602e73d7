"""What a county's people decided, in a workbook: decisions/<county>.xlsx, read like the YAML files beside it.

It imports no Polars. Sheets and heads stand in decisions.yml, in both languages.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import python_calamine
import yaml

from analysis import files
from analysis.entries import iso_date
from analysis.errors import DataError, language
from analysis.plaintext import misleading

FOLDER = "decisions"
_CELL = re.compile(r"\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9][0-9]{0,6})")
_APART = re.compile(r"[、,，;；\s]+")
_TOLD = 8
#: What a row decides with a column beside it.
_NAMED = ("columns", "units", "where", "code", "merged", "split")


@dataclass(frozen=True)
class OwnText:
    """What the county says in its own words of a year, by the place where it is printed."""

    year: int
    place: str
    text: str
    text_en: str = ""
    public: bool = False

    def paragraphs(self, lang: str) -> tuple[str, ...]:
        """Return its paragraphs; in English as they were written where nobody gave them in English."""
        text = (self.text_en or self.text) if lang == "en" else self.text
        return tuple(line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True)
class Decided:
    """Rows of the workbook, each by the ids of its columns, as entries of the YAML files stand."""

    corrections: tuple[dict[str, Any], ...] = ()
    identities: tuple[dict[str, Any], ...] = ()
    aliases: tuple[tuple[str, str, str], ...] = ()
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: tuple[OwnText, ...] = ()


@cache
def declared() -> dict[str, Any]:
    """Return decisions.yml."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return loaded


def path_of(folder: Path, county: str) -> Path:
    """Return where the workbook of a county lies in a folder of raw statistics."""
    return folder / FOLDER / f"{county}.xlsx"


def of_county(folder: Path, county: str) -> Decided:
    """Return what the workbook of a county says, nothing where there is none; DataError with its faults."""
    content = files.small(path_of(folder, county), files.bounds().file_megabytes)
    return _read(content, f"{FOLDER}/{county}.xlsx", county) if content else Decided()


@lru_cache(maxsize=16)
def _read(content: bytes, file: str, county: str) -> Decided:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except Exception as fault:  # damaged files fail in as many ways as they have bytes
        raise DataError("decisions_unreadable", file=file) from fault
    faults: list[str] = []
    rows = {name: _sheet(book, name, faults) for name in declared()["sheets"]}
    for row in (*rows["corrections"], *rows["settings"]):
        name = row.get("file", "").replace("\\", "/")
        row["file"] = name if "/" in name else f"{county}/{name}"  # people write the name alone
    corrections = [_correction(row, faults) for row in rows["corrections"]]
    faults += [fault for name, said in rows.items() for fault in _twice(said, declared()["sheets"][name])]
    for row in (*rows["identities"], *rows["settings"]):
        _unused(row, faults)
    faults += [_said("sheet", sheet=name) for name in _others(book)]
    if faults:
        some = "；" if language() == "zh" else "; "
        raise DataError("entries_faulty", file=file, number=len(faults), faults=some.join(faults[:_TOLD]))
    settings: dict[str, dict[str, Any]] = {}
    for row in rows["settings"]:
        _set(settings.setdefault(row["file"], {}), row)
    return Decided(
        tuple(corrections),
        tuple(_identity(row, county) for row in rows["identities"]),
        tuple((row["table"], row["column"], row["head"]) for row in rows["aliases"]),
        settings,
        tuple(_own_text(row) for row in rows["texts"]),
    )


def _sheet(book: Any, name: str, faults: list[str]) -> list[dict[str, Any]]:
    """Return the rows of a sheet below its heads, by the ids of its columns; `faults` grow by what can't be meant."""
    said = declared()["sheets"][name]
    title = next((text for text in said["title"].values() if text in book.sheet_names), "")
    if not title:
        return []
    cells = [[_text(cell) for cell in row] for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)]
    heads = {text: column for column, entry in said["columns"].items() for text in (entry["zh"], entry["en"])}
    top = next((number for number, row in enumerate(cells) if len({heads[c] for c in row if c in heads}) > 1), None)
    named = {heads[text]: place for place, text in enumerate(cells[top]) if text in heads} if top is not None else {}
    lacking = [entry[language()] for column, entry in said["columns"].items() if column not in named]
    if top is None or lacking:
        faults.append(_said("heads", sheet=title, heads="、".join(lacking)))
        return []
    rows = []
    places = set(named.values())
    for number, row in enumerate(cells[top + 1 :], start=top + 2):
        beside = next((text for place, text in enumerate(row) if text and place not in places), "")
        if beside:
            faults.append(_said("beside", sheet=title, row=number, value=beside[:40]))
        texts = {column: row[place] if place < len(row) else "" for column, place in named.items()}
        if any(texts.values()):
            rows.append(_row(texts, said["columns"], title, number, faults) | {"_sheet": title, "_row": number})
    return rows


def _twice(rows: list[dict[str, Any]], said: dict[str, Any]) -> Iterator[str]:
    """Yield a fault for each row that says something else than the first of the same: neither is to be preferred."""
    firsts: dict[str, dict[str, Any]] = {}
    for row in rows:
        first = firsts.setdefault(repr([row.get(column) for column in said["of"]]), row)
        if any(first.get(column) != row.get(column) for column in said["says"]):
            yield _said("twice", sheet=row["_sheet"], rows=f"{first['_row']}, {row['_row']}")


def _row(texts: dict[str, str], columns: dict[str, Any], title: str, number: int, faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, text in texts.items():
        entry = columns[column]
        place = {"sheet": title, "row": number, "head": entry[language()]}
        if not text:
            if entry.get("needed"):
                faults.append(_said("lacks", **place))
            continue
        value, due = _value(text, entry)
        if value is None:
            faults.append(_said("wrong", value=text[:40], due=due, **place))
        values[column] = value
    return values


def _value(text: str, entry: dict[str, Any]) -> tuple[Any, str]:
    """Return what a text means by the kind of its column, None where it can mean nothing; and what is due there."""
    due = declared()["due"].get(entry["kind"], {}).get(language(), "")
    match entry["kind"]:
        case "whole":
            return (int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else None), due
        case "date":
            return iso_date(text) or None, due
        case "yes":
            return (True if text.casefold() in declared()["yes"]["zh"] else None), due
        case "prose":
            fits = len(text) <= declared()["longest"] and not misleading(text)
            return (text if fits else None), due
        case "codes":
            codes = [code for code in _APART.split(text) if code]
            return (codes[0] if len(codes) == 1 else codes), due
        case "choice":
            known = {said: name for name, says in entry["choices"].items() for said in (name, *says.values())}
            return known.get(text), "、".join(says[language()] for says in entry["choices"].values())
        case "table" | "column":
            return text.split()[0], due
    return text, due


def _unused(row: dict[str, Any], faults: list[str]) -> None:
    """Note a cell that what the row decides makes no use of."""
    kind = row.get("kind") or row.get("item")
    column = {"renamed": "new", "closed": "new"}.get(str(kind), "" if kind in _NAMED else "name")
    if row.get(column):
        columns = declared()["sheets"]["identities" if "kind" in row else "settings"]["columns"]
        head = columns[column][language()]
        faults.append(_said("unused", sheet=row["_sheet"], row=row["_row"], head=head, value=str(row[column])[:40]))


def _others(book: Any) -> list[str]:
    """Return the sheets that are none of the workbook's, and on which something stands."""
    titles = {text for said in declared()["sheets"].values() for text in said["title"].values()}
    shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible]
    return [name for name in shown if name not in titles and book.get_sheet_by_name(name).to_python()]


def _correction(row: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    """Return a row as an entry of corrections.yml."""
    cell = _CELL.fullmatch(row.get("cell") or "")
    if cell is None:
        due, head = declared()["due"]["cell"], declared()["sheets"]["corrections"]["columns"]["cell"]
        place = {"sheet": row["_sheet"], "row": row["_row"], "head": head[language()]}
        if row.get("cell"):
            faults.append(_said("wrong", value=str(row["cell"])[:40], due=due[language()], **place))
        return {}
    entry = {name: row.get(name, "") for name in ("file", "before", "after", "why")}
    entry |= {"who": f"{row.get('who', '')} {row.get('date', '')}".strip()}
    entry |= {"row": int(cell["row"]), "column": cell["column"].upper()}
    entry |= {"sheet": row["sheet"]} if row.get("sheet") else {}
    return entry | ({"status": "retired"} if row.get("retired") else {})


def _identity(row: dict[str, Any], county: str) -> dict[str, Any]:
    """Return a row as an entry of identity.yml."""
    entry = {"kind": row["kind"], "county": county, "year": row["year"]}
    entry |= {"note": row["note"]} if row.get("note") else {}
    if row["kind"] in ("renamed", "closed"):
        return entry | {"school": row["old"]}
    return entry | {"old": row["old"], "new": row.get("new", "")}


def _own_text(row: dict[str, Any]) -> OwnText:
    return OwnText(row["year"], row["place"], row["text"], row.get("text_en", ""), bool(row.get("public")))


def _set(setting: dict[str, Any], row: dict[str, Any]) -> None:
    """Add what a row decides of a file, in the shape of a source's entry."""
    if row["item"] in ("columns", "units", "where"):
        setting.setdefault(row["item"], {})[row.get("name", "").split(" ")[0]] = row["value"]
    elif row["item"] == "hidden":
        setting["hidden"] = row["value"].casefold() in declared()["yes"]["zh"]
    elif row["item"] == "codes":
        setting["codes"] = [code for code in _APART.split(row["value"]) if code]
    else:
        setting[row["item"]] = row["value"]


def _said(fault: str, **values: Any) -> str:
    sentence: str = declared()["faults"][fault][language()]
    return sentence.format(**values)


def _text(cell: Any) -> str:
    """Return the text of a cell as people see it."""
    if isinstance(cell, bool):
        return "是" if cell else ""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).strip()
