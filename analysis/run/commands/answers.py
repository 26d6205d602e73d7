"""What schools answer to the questions of a check: each becomes a correction with who said so and when."""

from pathlib import Path
from typing import Any

import yaml

from analysis import sources, storage
from analysis.decisions import declared
from analysis.entries import iso_date
from analysis.errors import DataError, JunhengError, message
from analysis.plaintext import is_digits
from analysis.read import RawSheet, collecting, read_source
from analysis.read.header_units import narrow
from analysis.read.returned_workbooks import Book, Marked, text
from analysis.registered import answers_of
from analysis.render.answers import AFTER, QUESTION, RIGHT, ROWS, STANDS, TITLES, WHY
from analysis.run.commands import collection
from analysis.run.commands.collection import FOLDER
from analysis.sources import Catalogue, County, Source

_CONFIRMED = "retired"
_KEPT = "answered"
_NUMBERS = ("count", "amount", "number", "share")


def of_file(path: Path) -> Marked | None:
    """Return whose answers a workbook holds; None where it is none of ours."""
    try:
        marked = Book(path.read_bytes(), path.name).marked()
    except JunhengError:
        return None
    return marked if marked is not None and marked.kind == collecting.declared()["answers"] else None


def take(folder: Path, county: County, data: Path, day: str, refused: list[str]) -> list[str]:
    """Enter the answers that a folder holds; return a line for what was done, and note what can't be used."""
    file = data / answers_of(county.code)
    before: list[dict[str, Any]] = sources.load_yaml(file) or []
    catalogue = sources.load(data)
    known = {_same(entry) for entry in before}
    entered: list[dict[str, Any]] = []
    notes: list[str] = []
    for path in sorted(each for each in folder.rglob("*.xlsx") if not each.name.startswith((".", "~$"))):
        marked = of_file(path)
        if marked is None:
            continue
        if marked.county != county.code:
            refused.append(
                message("collect_other", file=path.name, county=marked.county, year="-", school=marked.school)
            )
            continue
        kept = _keep(path, data, county.code, marked.school)
        for entry in _entries(path, kept, catalogue, marked, day, refused, notes):
            if _same(entry) not in known:
                known.add(_same(entry))
                entered.append(entry)
    if not entered:
        return notes
    file.parent.mkdir(parents=True, exist_ok=True)
    written = yaml.safe_dump([*before, *entered], allow_unicode=True, sort_keys=False, width=1000)
    storage.write_whole(file, written)
    confirmed = sum(entry.get("status") == _CONFIRMED for entry in entered)
    file_name = answers_of(county.code)
    taken = message("answers_taken", number=len(entered) - confirmed, confirmed=confirmed, file=file_name)
    return [*notes, taken]


def _same(entry: dict[str, Any]) -> tuple[str, ...]:
    names = ("file", "sheet", "row", "key", "column", "before", "after")
    return tuple(str(entry.get(name)) for name in names)


def _keep(path: Path, data: Path, county: str, school: str) -> str:
    """Keep a workbook as it came; return where, relative to the folder of raw statistics."""
    content = path.read_bytes()
    name = f"{FOLDER}/{county}/{_KEPT}/{school or 'county'}-{storage.digest_of(content)[:12]}.xlsx"
    (data / name).parent.mkdir(parents=True, exist_ok=True)
    if not (data / name).exists():
        storage.write_whole(data / name, content)
    return name


def _entries(
    path: Path, kept: str, catalogue: Catalogue, marked: Marked, day: str, refused: list[str], notes: list[str]
) -> list[dict[str, Any]]:
    """Return the answers of a workbook as entries of corrections.yml; those that can't be used are noted as refused."""
    book = Book(path.read_bytes(), path.name)
    sheet = next((book.of(name) for name in TITLES.values() if book.of(name)), [])
    person, said = (text(row[2]) if len(row) > 2 else "" for row in (sheet[1:3] if len(sheet) > 3 else [[], []]))
    when = iso_date(said) or day
    if said and not iso_date(said):
        notes.append("  ! " + message("answers_day", file=path.name, value=sources.shown(said), day=day))
    entries = []
    for number, cells in _single(path, sheet, refused):
        why = cells[WHY]
        where: dict[str, Any] = {"file": path.name, "row": number}
        if not person:
            refused.append(message("answers_nobody", **where))
            continue
        try:
            entry = _entry(cells, catalogue, marked)
        except DataError as fault:
            refused.append(message("answers_lost", reason=fault, **where))
            continue
        who = f"{person} {marked.school} {when}".replace("  ", " ")
        entries.append(entry | {"why": why or cells[QUESTION].partition("\n")[0], "who": who, "note": kept})
    return entries


def _single(path: Path, sheet: list[list[Any]], refused: list[str]) -> list[tuple[int, list[str]]]:
    """Return the rows (number and cells) with an answer; of those that answer differently about one cell, none."""
    by_place: dict[str, list[tuple[int, list[str]]]] = {}
    for number, row in enumerate(sheet[ROWS:], start=ROWS + 1):
        cells = [text(value) for value in row] + [""] * WHY
        if fault := _unclear(cells[0], cells[AFTER], cells[RIGHT], cells[WHY]):
            refused.append(message(fault, file=path.name, row=number))
        elif cells[0] and (cells[AFTER] or cells[RIGHT]):
            by_place.setdefault(cells[0], []).append((number, cells))
    for place, rows in list(by_place.items()):
        if len({(cells[AFTER], cells[RIGHT]) for _, cells in rows}) > 1:
            numbers = ", ".join(str(number) for number, _ in by_place.pop(place))
            refused.append(message("answers_twice", file=path.name, rows=numbers))
    return [rows[0] for rows in by_place.values()]


def _unclear(place: str, after: str, right: str, why: str) -> str:
    """Return what keeps a row from being an answer (a key of messages.yml), "" where nothing does."""
    if not place:
        return "answers_beside" if after or right or why else ""
    if right and right.casefold() not in declared()["yes"]["zh"]:
        return "answers_right"
    if after and right:
        return "answers_both"
    return "answers_half" if why and not (after or right) else ""


def _entry(answer: list[str], catalogue: Catalogue, marked: Marked) -> dict[str, Any]:
    """Return an entry for an answer about a cell; DataError where it no longer stands there as it was asked about."""
    file, sheet, row, name = answer[0].split("|")
    after, is_right = answer[AFTER], bool(answer[RIGHT])
    source = next((each for each in catalogue.of(marked.county) if each.file == file), None)
    raw = _sheet(catalogue, source, sheet) if source else None
    bound = {each: f"c{binding.position}" for each, binding in raw.layout.bound().items()} if raw else {}
    rows = raw.rows.filter(raw.rows["row"] == int(row)).to_dicts() if raw else []
    column = name or next((key for key in raw.table.key if key in bound), "") if raw else ""
    if raw is None or not rows or column not in bound:
        raise DataError("answers_gone", file=file)
    cells = {each: rows[0][place] for each, place in bound.items()}
    if marked.school and narrow(cells.get("school") or marked.school).lstrip("'") != marked.school:
        raise DataError("answers_gone", file=file)
    keys = {key: cells[key] for key in raw.table.key if cells.get(key)}
    where: dict[str, Any] = {"key": keys} if is_merged(catalogue, file) and keys else {"row": int(row)}
    entry = {"file": file, "sheet": raw.name, **where, "column": column}
    before = cells[column] or ""
    if name and raw.table.columns[column].kind in _NUMBERS and answer[STANDS] and _differs(answer[STANDS], before):
        raise DataError("answers_gone", file=file)
    if is_right or after == before or not name:
        return entry | {"before": before, "after": before, "status": _CONFIRMED}
    return entry | {"before": before, "after": after}


def _differs(asked: str, now: str) -> bool:
    """Tell whether a number that was asked about is another one now; one of the two may be written otherwise."""
    try:
        return float(asked.replace(",", "")) != float(now.replace(",", ""))
    except ValueError:
        return asked != now


def _sheet(catalogue: Catalogue, source: Source, name: str) -> RawSheet | None:
    return next((sheet for sheet in read_source(catalogue, source) if sheet.name == name), None)


def is_merged(catalogue: Catalogue, file: str) -> bool:
    """Tell whether a file was merged from what schools sent, so that its rows may move."""
    county, _, name = file.partition("/")
    table, _, rest = name.rpartition("_")
    year = rest.partition(".")[0]
    return is_digits(year) and table in collection.opened(catalogue.folder, county, int(year)).merged
