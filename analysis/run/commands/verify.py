"""Is a report as it ought to be? Of a county or region a package apart works out again every number that its report
prints, and every file is held against the manifest (`junheng verify COUNTY`); of a folder the files alone.

The second reader is started as a program of its own, for it imports nothing of this one, nor this one of it.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis import regions, sources, standards
from analysis.errors import RequestError, language, message
from analysis.kinds import kinds
from analysis.project import PACKAGE
from analysis.run.build import manifest
from analysis.run.build.placing import near
from analysis.run.commands import region, unaltered
from analysis.run.commands.show import Format, emit, show
from analysis.run.request import Request, resolve

#: What it reads documents by, as they are imported: the extra `verify` of the distribution.
NEEDED = ("openpyxl", "pypdf", "docx")
#: Endings of the files that it reads.
READ = (".json", ".xlsx", ".html", ".pdf", ".docx")


def run(county: str, words: dict[str, str], form: Format = Format.TABLE) -> int:
    """Print what disagrees in a county's or region's report, or in a folder; return 0 where nothing does, else 1.

    Words as in run.request.resolve, `year` among them. Raises RequestError as that does, where there is no such report,
    and where what the second reader needs is not installed.
    """
    if unaltered.is_folder(county):
        return _folder(Path(county), form)
    request, case = _asked(county, words)
    if not _documents(request.folder):
        raise RequestError("verify_no_report", folder=near(request.folder), command=_command(case))
    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        raise RequestError("verify_needs", packages=", ".join(lacking))
    # What people lay beside a report is theirs.
    broken = [place for place in unaltered.places(request.folder) if place.kind != unaltered.ADDED]
    if form is not Format.TABLE:
        done = _second_reader(request, case, "json", capture=True)
        rows = json.loads(done.stdout or "[]")
        emit(_shown([*rows, *map(asdict, broken)], form))
        return 1 if broken else done.returncode
    done = _second_reader(request, case, "table", capture=False)
    emit("".join(f"{_line(place)}\n" for place in broken))
    return 1 if broken else done.returncode


def _asked(place: str, words: dict[str, str]) -> tuple[Request | region.Asked, dict[str, Any]]:
    """Return the request that a county, or a region by its code or whole name, and the words mean; and its case."""
    year = words.pop("year")
    catalogue = sources.load(sources.folder_of(words.get("data"), place))
    known = (each for each in regions.regions(catalogue) if place.strip() in (each.code, each.full, each.zh, each.en))
    found = next(known, None)
    if found is not None:
        of_region = region.resolve(found.code, year, words)
        return of_region, _case(of_region, region=found.code)
    request = resolve(place, year, **words)
    return request, _case(request, county=request.county.code)


def _case(request: Request | region.Asked, **of: str) -> dict[str, Any]:
    return of | {name: getattr(request, name) for name in ("year", "standard", "lang", "audience", "plan")}


def _command(case: dict[str, Any]) -> str:
    return f"junheng region {case['region']}" if "region" in case else f"make report COUNTY={case['county']}"


def _documents(folder: Path) -> list[Path]:
    """Return what lies in a report's folder, or in those below it that hold documents of other kinds."""
    folders = [folder, *(folder / each for each in {kind.folder for kind in kinds().values()} if each)]
    return [path for each in folders for path in each.glob("[!.]*") if path.suffix in READ]


def _second_reader(
    request: Request | region.Asked, case: dict[str, Any], form: str, *, capture: bool
) -> "subprocess.CompletedProcess[str]":
    below = Path(standards.__file__).parent
    options = ["--raw", str(request.data), "--standards", str(below), "--lang", language(), "--format", form]
    options += ["--case", json.dumps(case)]
    # It lies beside the package, in a checkout and where a wheel is installed.
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "verification", str(request.folder), *options]
    environment = os.environ | {"PYTHONPATH": path}
    stdout = subprocess.PIPE if capture else None
    return subprocess.run(command, env=environment, stdout=stdout, encoding="utf-8", check=False)


def _folder(folder: Path, form: Format) -> int:
    if not unaltered.crates(folder):
        raise RequestError("verify_no_manifest", folder=near(folder))
    places = unaltered.places(folder)
    if form is not Format.TABLE:
        emit(_shown(list(map(asdict, places)), form))
        return int(bool(places))
    lines = [_line(place) for place in places]
    for crate in unaltered.crates(folder):
        wrong = sum((folder / place.file).parent == crate for place in places)
        number = sum(path.is_file() for path in crate.iterdir())
        said = {"folder": near(crate), "digest": manifest.digest(crate) or "-"}
        key = "verify_broken" if wrong else "verify_whole"
        lines.append(message(key, number=wrong or number, **said))
    emit("\n".join(lines) + "\n")
    return int(bool(places))


def _line(place: unaltered.Place) -> str:
    said = {"file": place.file, "printed": place.printed, "expected": place.expected or "-"}
    return message(
        f"verify_{place.kind}",
        **{name: text for name, text in said.items() if name == "file" or place.kind == unaltered.CHANGED},
    )


def _shown(rows: list[dict[str, Any]], form: Format) -> str:
    import polars as pl

    names = ("file", "place", "printed", "expected", "kind")
    return show(pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"), form)
