"""Is a report still what it would be if it were built again? Answered from contents alone, without Polars.

The key of a report is a SHA-256 over everything that it is made from. It lies, with the SHA-256 of each file that was
written, in a hidden file beside them; times of files mean nothing. A file that differs from what was written is no
longer ours: somebody has worked on it.
"""

import hashlib
import json
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from platform import python_version
from typing import Any

from analysis import project, regions, sources, storage
from analysis.run import install
from analysis.run.request import Request

STATE = ".junheng.json"
#: The results that the present ones replaced: what `junheng diff` compares a report with.
PREVIOUS = ".previous.json"
#: What every report is made from, beside its own data: folders and files below the project's root.
SHARED = ("analysis", "notebooks", "reports", "_brand.yml", "_quarto.yml", "requirements.txt")
_IGNORED = {"__pycache__", ".ipynb_checkpoints", "output", project.SHIPPED}


@dataclass(frozen=True)
class State:
    """What was written into a report's folder: the key it was built from ("" while files are being put into place), and
    the SHA-256 of each file; while files are being put into place those of the old and of the new one. `about` is what
    the manifest tells of them (run.build.manifest).
    """

    key: str
    files: dict[str, tuple[str, ...]]
    about: dict[str, Any] = field(default_factory=dict)

    def holds(self, folder: Path, key: str, names: tuple[str, ...]) -> bool:
        """Tell whether all of `names` lie in `folder` as they were written, built from `key`."""
        return self.key == key and all(self.wrote(folder, name) for name in names)

    def wrote(self, folder: Path, name: str) -> bool:
        """Tell whether the file lies there as it was written."""
        return (
            name in self.files
            and (folder / name).is_file()
            and storage.digest_of_file(folder / name) in self.files[name]
        )


def state(folder: Path, name: str = STATE) -> State:
    """Return the state that the file `name` of a folder tells; an empty one where there is none that can be read."""
    try:
        state = json.loads((folder / name).read_text(encoding="utf-8"))
        digests = {str(file): _digests(folder / file, kept) for file, kept in state["files"].items()}
        return State(str(state["key"]), digests, dict(state.get("about", {})))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State("", {})


def _digests(file: Path, kept: Any) -> tuple[str, ...]:
    """Return the digests that a state tells; of an earlier edition, which told the size, that of a file so long."""
    if isinstance(kept, int):
        return (storage.digest_of_file(file),) if file.is_file() and file.stat().st_size == kept else ()
    if not isinstance(kept, list):
        raise TypeError(kept)
    return tuple(map(str, kept))


def write_state(folder: Path, state: State, name: str = STATE) -> None:
    """Write the state of a folder's files into its file `name`."""
    storage.write_whole(folder / name, text_of(state))


def text_of(state: State) -> str:
    """Return a state as its file holds it: any other byte there is not ours."""
    content = {"key": state.key, "files": state.files, "about": state.about}
    return json.dumps(content, ensure_ascii=False, indent=1)


def key(request: Request, engine: str) -> str:
    """Return the SHA-256 of all that a report is made from, but for its formats; `engine` is a name with version.

    Raises DataError where a source is missing, RequestError where a standard can't be read.
    """
    digest = hashlib.sha256(shared().encode())
    standards = [_own_standard(name) for name in (request.standard, request.plan)]
    # Of a user's own file the name, not the folder: the same file makes the same report on any machine.
    rules = [Path(name).name for name in (request.standard, request.plan)]
    words = [request.county.code, request.year, *rules, request.audience, request.lang, engine]
    words += [request.status, request.date]
    content = [
        words,
        standards,
        regions.province_of(request.catalogue, request.county.code),
        sources.key(request.catalogue, request.county.code),
    ]
    digest.update(json.dumps(content, sort_keys=True, default=str).encode())
    for path in filled_in(request):
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    return digest.hexdigest()


def filled_in(request: Request) -> tuple[Path, ...]:
    """Return where the workbooks lie that people fill in: the ledger, field check and evidence of the request's
    year."""
    county, folder = request.county.code, sources.filled_folder(request.data, request.county)
    return (
        folder / "ledger" / f"{county}.xlsx",
        folder / "fieldcheck" / f"{county}_{request.year}.xlsx",
        folder / "evidence" / f"{county}_{request.year}.xlsx",
    )


def _own_standard(name: str) -> Any:
    """Return what a user's own file says with all that it extends; the package's standards are in `shared`."""
    if not name.endswith((".yml", ".yaml")):
        return None
    from analysis.standards.load import read

    return read(name)


def parts() -> dict[str, str]:
    """Return what all reports are made from: versions of Python and of each package, the SHA-256 of each of SHARED."""
    digests = {"Python": python_version(), **_versions(project.part("requirements.txt"))}
    for name in SHARED:
        digest, whole = hashlib.sha256(), project.part(name)
        for path in _files(whole):
            digest.update(path.relative_to(whole.parent).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        digests[name] = digest.hexdigest()
    return digests


@cache
def shared() -> str:
    """Return the SHA-256 of what all reports are made from: the package, notebooks, templates, styles, versions."""
    return hashlib.sha256(json.dumps(parts(), sort_keys=True).encode()).hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in _IGNORED:
        for below in sorted(path.iterdir()):
            yield from _files(below)


def _versions(requirements: Path) -> dict[str, str]:
    """Return package -> installed version of those pinned, as the names of folders tell it: no package is loaded."""
    pinned = install.pins(requirements) if requirements.is_file() else set()
    folders = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    installed = {path.stem for folder in folders for path in folder.glob("*.dist-info")}
    named = (name.rpartition("-") for name in sorted(installed))
    return {install.same(name): version for name, _, version in named if install.same(name) in pinned}
