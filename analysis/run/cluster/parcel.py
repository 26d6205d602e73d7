"""One county's slice of a folder of statistics, to be sent to a machine that does not see the folder.

Laid out again it has the same content key (`sources.key`), so that what is built from it is what would be built here.
"""

from pathlib import Path
from typing import Any

import yaml

from analysis import sources
from analysis.errors import DataError
from analysis.files import bounds, check_regular, inside
from analysis.run.build import stale
from analysis.run.request import Request

#: Name of a file, relative to the folder that a parcel is laid out in -> what it holds.
Parcel = dict[str, bytes]
#: Options that may name a user's own file of rules.
RULES = ("standard", "plan")


def pack(request: Request) -> Parcel:
    """Return all that a county's reports are made from: its files and entries, corrections, identities, what
    people filled in, rules.

    Raises DataError where a file can't be opened.
    """
    catalogue, code = request.catalogue, request.county.code
    names = {each.file for each in catalogue.of(code)} | {each.file for each in catalogue.published_of(code).values()}
    parcel = {f"raw/{name}": _read(catalogue.folder, name) for name in sorted(names)}
    # A stray is told by its name and never read.
    parcel |= {f"raw/{name}": b"" for name in catalogue.strays if name.startswith(f"{code}/")}
    filled = sources.filled_folder(request.data, request.county)
    own_files = [(filled, path.relative_to(filled).as_posix()) for path in stale.filled_in(request)]
    for folder, name in (*((catalogue.folder, name) for name in sources.beside(code)), *own_files):
        if (folder / name).is_file():
            parcel[f"raw/{name}"] = _read(folder, name)
    parcel["raw/sources.yml"] = yaml.safe_dump(_entries(request), allow_unicode=True, sort_keys=False).encode()
    for option in RULES:
        file = Path(getattr(request, option))
        if own(file.name):
            parcel[f"{option}/{file.name}"] = _read(file.parent, file.name)
    return parcel


def lay_out(parcel: Parcel, folder: Path, words: dict[str, str]) -> dict[str, str]:
    """Write a parcel's files into `folder`; return `words` (of run.request.options) as they ask for its report."""
    for name, content in parcel.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    rules = {name: str(folder / name / Path(words[name]).name) for name in RULES if own(words[name])}
    return words | rules | {"data": str(folder / "raw"), "out": str(folder / "out")}


def own(name: str) -> bool:
    """Tell whether a word names a user's own file, not an id."""
    return name.endswith((".yml", ".yaml"))


def _read(folder: Path, name: str) -> bytes:
    path = inside(folder, name)
    check_regular(path, name, bounds().file_megabytes)
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError("file_missing", file=name) from error


def _entries(request: Request) -> dict[str, Any]:
    """Return what sources.yml says of one county."""
    catalogue, county = request.catalogue, request.county
    about = {"zh": county.zh, "en": county.en, "synthetic": county.synthetic, "published": county.published}
    named = [
        {
            **_entry_of(each),
            "county": each.county,
            "table": each.table,
            "synthetic": each.synthetic,
            "where": dict(each.where),
        }
        for each in catalogue.of(county.code)
        if each.registered
    ]
    # Of a file that is not there only the name is told, so any table and year will do.
    absent = [
        {"file": file, "county": county.code, "table": sources.tables()[0], "year": request.year}
        for file in catalogue.absent
        if file.startswith(f"{county.code}/")
    ]
    published = [
        {**_entry_of(each), "counties": list(each.counties), "standard": each.standard}
        for each in catalogue.published_of(county.code).values()
    ]
    return {
        "province": catalogue.province,
        "counties": {county.code: about},
        "sources": [*named, *absent],
        "published": published,
    }


def _entry_of(each: sources.Source | sources.Published) -> dict[str, Any]:
    return {name: getattr(each, name) for name in ("file", "year", "title", "publisher", "date")}
