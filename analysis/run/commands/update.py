"""An installation is brought up to the version of the bundle that this runs from; what people wrote stays as it is.

What people write lies in data/raw and below the reports, which no bundle holds. A file of ours that somebody edited is
kept under another name. Broken off, the command is run again and goes on.
"""

import os
import shutil
from pathlib import Path, PurePosixPath

from analysis import __version__, project, storage
from analysis.errors import RequestError, listed, message
from analysis.run.install import SHIPPED, SUMS, THEIRS, differing, lay_data
from analysis.sources import shown

#: What any installation has.
_MARK = "analysis/cli.py"
_NAMED = 5


def run(folder: str) -> str:
    """Update the installation in `folder` and return the line that says what was done.

    Raises RequestError where this is no whole bundle, or `folder` no other installation; nothing is changed then.
    """
    new, old = project.root(), Path(folder)
    if not (new / SUMS).is_file():
        raise RequestError("update_no_bundle", folder=new)
    ours = _sums(new)
    faults = [name for name in differing(new) if _is_ours(name)] + [name for name in ours if not _is_below(name)]
    if faults:
        raise RequestError("update_damaged", files=listed(faults[:_NAMED]))
    if not (old / _MARK).is_file() or old.resolve() == new.resolve():
        raise RequestError("update_target", folder=shown(folder))
    before = _sums(old)
    changed, kept = 0, []
    for name, digest in ours.items():
        if _is_ours(name) and _digest(old / name) != digest:
            kept += _put(new / name, old / name, before.get(name, ""))
            changed += 1
    gone = [name for name in before if name not in ours and _is_ours(name) and _is_below(name)]
    gone = [name for name in gone if _digest(old / name) == before[name]]
    for name in gone:
        (old / name).unlink()
    lay_data(old)
    _put(new / SUMS, old / SUMS, _digest(old / SUMS))
    kept_files = listed(sorted(kept))
    return message(
        "update_done", folder=shown(folder), version=__version__, changed=changed, removed=len(gone), kept=kept_files
    )


def _is_ours(name: str) -> bool:
    return not name.startswith(THEIRS) or name.startswith(f"{SHIPPED}/")


def _is_below(name: str) -> bool:
    """Tell whether a name of SHA256SUMS stays in its folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


def _sums(folder: Path) -> dict[str, str]:
    """Return the digest of each file that SHA256SUMS names; none where there are no sums."""
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines if line.strip())}


def _digest(path: Path) -> str:
    return storage.digest_of_file(path) if path.is_file() else ""


def _put(source: Path, target: Path, known: str) -> list[str]:
    """Copy a file beside its place and rename it; what lies there and is not as it was carried (`known`) is kept.

    Returns the name that it is kept under, if any.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.copyfile(source, beside)
    shutil.copymode(source, beside)
    edited = target.is_file() and _digest(target) != known
    kept = [storage.keep_edited(target).name] if edited else []
    beside.replace(target)
    return kept
