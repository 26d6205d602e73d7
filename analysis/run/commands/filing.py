"""A file is laid into the folder of raw statistics and entered in sources.yml; nothing that people wrote is lost."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analysis import sources, storage
from analysis.errors import DataError, RequestError, message
from analysis.plaintext import file_name
from analysis.read import grid
from analysis.read.fields import tables
from analysis.read.grid import Sheet
from analysis.registering import FILE, Registering
from analysis.render import template
from analysis.sources import Catalogue, Source

#: Where files lie that others took the place of: kept, and read no more.
SUPERSEDED = "superseded"


def in_the_way(path: Path, county: str, table: str, year: int, catalogue: Catalogue) -> Source | None:
    """Return a source of the same county, table and year that holds something and is another file; None where none."""
    for source in catalogue.of(county):
        there = catalogue.folder / source.file
        same = (source.table, source.year) == (table, year) and there.resolve() != path.resolve()
        if same and not is_blank(there, table, year) and storage.digest_of_file(there) != storage.digest_of_file(path):
            return source
    return None


def is_blank(path: Path, table: str, year: int) -> bool:
    """Tell whether a workbook is the blank one that is laid for a table, and nobody wrote anything into it."""
    if path.suffix != ".xlsx" or not path.is_file():
        return False
    try:
        mine = grid.read(path, path.name)
    except DataError:
        return False
    return any(_is_as_laid(mine, _blank_of(table, year, parts)) for parts in {False, bool(tables()[table].parts)})


def _blank_of(table: str, year: int, parts: bool) -> list[Sheet]:
    with TemporaryDirectory(prefix="junheng-") as work:
        path = template.write(table, Path(work) / f"{table}.xlsx", year, parts=parts)
        return grid.read(path, path.name)


def _is_as_laid(mine: list[Sheet], laid: list[Sheet]) -> bool:
    """Tell whether a workbook has the heads of a blank one, and nothing below those under which that has nothing.

    What it has filled in beforehand may be another: the items of a plan, words in another language.
    """
    top = template.HEAD + 2
    if [sheet.name for sheet in mine] != [sheet.name for sheet in laid]:
        return False
    for cells, blank in ((one.cells, other.cells) for one, other in zip(mine, laid, strict=True)):
        if cells.columns != blank.columns or cells[:top].rows() != blank[:top].rows():
            return False
        empty = [name for name in blank.columns if blank[name][top:].null_count() == blank.height - top]
        if any(cells[name][top:].null_count() < cells.height - top for name in empty):
            return False
    return True


def file(path: Path, entry: dict[str, Any], folder: Path, way: str = "") -> str:
    """Lay a file into the folder, register it, and return the line that says so.

    A file that lies in the folder stays where it is. A blank workbook of the same table and year gives way; what holds
    something stays beside (`way` is also) or is set aside in SUPERSEDED (replace). Raises RequestError where something
    is in the way and `way` says nothing, or sources.yml can't be added to.
    """
    county, table, year = entry["county"], entry["table"], entry["year"]
    catalogue = sources.load(folder)
    there = in_the_way(path, county, table, year, catalogue)
    if there and not way:
        raise RequestError("add_in_the_way", file=path.name, there=there.file)
    register = Registering(folder)
    former = [each for each in catalogue.of(county) if (each.table, each.year) == (table, year)]
    former = [each for each in former if way != "also" or is_blank(folder / each.file, table, year)]
    target = _target(path, folder, county, f"{table}_{year}", bool(former) and way != "also")
    places = {each["file"]: place for place, each in enumerate(register.said().get("sources") or [])}
    name = target.relative_to(folder.resolve()).as_posix()
    entered = [name, *(each.file for each in former), *_absent(catalogue, register, entry)]
    place = next((places[each] for each in entered if each in places), None)
    if place is None:
        register.add({"file": name, **entry})
    else:
        register.amend(place, {"file": name, **entry})
    _laid(path, target, folder, former, table, year)
    register.write()
    return message("add_done", file=name, table=table, year=year, county=county, register=FILE)


def _absent(catalogue: Catalogue, register: Registering, entry: dict[str, Any]) -> list[str]:
    """Return files that entries of the same county, table and year name and that are not there."""
    key = ("county", "table", "year")
    entries = register.said().get("sources") or []
    return [
        each["file"]
        for each in entries
        if not (catalogue.folder / each["file"]).exists() and all(str(each[name]) == str(entry[name]) for name in key)
    ]


def _target(path: Path, folder: Path, county: str, stem: str, free: bool) -> Path:
    """Return where a file is to lie: where it is, if in the folder; else under a free name of its table and year."""
    resolved, base = path.resolve(), folder.resolve()
    if resolved.is_relative_to(base):
        return resolved
    longest = sorted(sources.ENDINGS, key=len, reverse=True)
    ending = next((each for each in longest if path.name.lower().endswith(f".{each}")), path.suffix.lstrip("."))
    target, number = base / county / f"{stem}.{ending}", 1
    while target.exists() and not free and storage.digest_of_file(target) != storage.digest_of_file(path):
        number += 1
        target = base / county / f"{stem}_{number}.{ending}"
    return target


def _laid(path: Path, target: Path, folder: Path, former: list[Source], table: str, year: int) -> None:
    """Bring the file into place; blank workbooks go, files of the same table and year are set aside."""
    for source in former:
        there = (folder / source.file).resolve()
        if there == path.resolve():
            continue
        if is_blank(there, table, year):
            there.unlink()
        elif storage.digest_of_file(there) != storage.digest_of_file(path):
            set_aside(there, folder, source.county)
    if target != path.resolve():
        target.parent.mkdir(parents=True, exist_ok=True)
        storage.write_whole(target, path.read_bytes())


def set_aside(file: Path, folder: Path, county: str) -> Path:
    """Move a file of the folder to SUPERSEDED of its county, under a name that is free there."""
    aside = folder / SUPERSEDED / county
    aside.mkdir(parents=True, exist_ok=True)
    target, number = aside / file_name(file.name), 1
    while target.exists():
        number += 1
        target = aside / f"{file.stem}-{number}{file.suffix}"
    shutil.move(file, target)
    return target
