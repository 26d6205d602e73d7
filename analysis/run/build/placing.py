"""Put finished files into a report's folder, each by one rename; what is unfinished never lies there.

A file there that differs from what was written is somebody's work: it is never replaced or removed, but renamed to
report.edited-1.docx and so on, and one line says so.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis import storage
from analysis.errors import RequestError, message
from analysis.run.build import manifest, stale
from analysis.run.build.manifest import NAME
from analysis.run.request import FILES, Request

RESULTS = "results.json"


def check(folder: Path) -> None:
    """Raise RequestError where `folder` can't be written, before anything is spent on what shall lie there."""
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    try:
        # Only trying tells: what permissions say is not all (drives that are read only, Windows, an administrator).
        with tempfile.TemporaryDirectory(prefix=".junheng-", dir=there):
            pass
    except OSError as fault:
        raise RequestError("out_unwritable", folder=there) from fault


def put(work: Path, request: Request, key: str, about: Mapping[str, Any] | None = None) -> None:
    """Move the request's files from `work` into its folder and remove formats there that are no longer current.

    Results that say something else than those there are kept beside them, hidden, one generation. Killed half way, the
    folder holds whole files without a state, so that the next run builds them again.
    """
    _keep(work / RESULTS, request.folder)
    put_files(work, request.folder, request.files, FILES.values(), key, stale.STATE, about)


def put_files(
    work: Path,
    folder: Path,
    files: Sequence[str],
    known: Iterable[str],
    key: str,
    state: str,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Move `files` from `work` into `folder`; of `known`, what is neither among them nor current is removed.

    `state` is the name of the file that tells what they were built from, `about` what the folder's manifest tells of it
    (run.build.manifest); nothing is told of what is no document.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*known, *files, state, NAME, manifest.STATE, stale.PREVIOUS):
        storage.clear_abandoned(folder, f".{name}.")
    before = stale.state(folder, state)
    kept = before.files if before.key == key else {}
    written = {name: (storage.digest_of_file(work / name),) for name in files}
    gone = sorted(set(known) - set(files) - set(kept))
    for name in (*files, *gone):
        _set_aside_if_edited(folder, name, state)
    # Killed from here on, whatever lies there is known to be ours, old or new, and counts as stale.
    either = {name: (*before.files.get(name, ()), *written.get(name, ())) for name in before.files | written}
    stale.write_state(folder, stale.State("", either), state)
    for name in files:
        _move(work / name, folder / name)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    stale.write_state(folder, stale.State(key, kept | written, dict(about or {})), state)
    refresh(folder)
    refresh(folder.parent)


def refresh(folder: Path) -> None:
    """Write a folder's manifest where the documents there are others than it says; an edited one is set aside."""
    # Another run may be at the same folder: who comes last sees what all have told.
    while (text := manifest.compose(folder)) is not None:
        state = manifest.state_of(folder, text)
        if stale.state(folder, manifest.STATE) == state and state.wrote(folder, NAME):
            return
        _set_aside_if_edited(folder, NAME, manifest.STATE)
        # Killed between the two, either manifest is known to be ours.
        before = stale.state(folder, manifest.STATE).files.get(NAME, ())
        either = state.files | {NAME: (*before, *state.files[NAME])}
        stale.write_state(folder, stale.State(state.key, either, state.about), manifest.STATE)
        storage.write_whole(folder / NAME, text)
        stale.write_state(folder, state, manifest.STATE)


def _set_aside_if_edited(folder: Path, name: str, state: str) -> None:
    """Rename a file that is not as it was written, and say so."""
    file = folder / name
    # Asked twice: another run, which tells its state before it moves its files, may be under way in this folder.
    if not file.is_file() or any(stale.state(folder, state).wrote(folder, name) for _ in range(2)):
        return
    kept = storage.keep_edited(file)
    sys.stderr.write(message("edited_kept", file=near(file), kept=kept.name) + "\n")


def _keep(new: Path, folder: Path) -> None:
    old = folder / RESULTS
    if not old.is_file() or old.read_bytes() == new.read_bytes():
        return
    part = storage.unfinished(folder / stale.PREVIOUS)
    try:
        shutil.copyfile(old, part)
        part.replace(folder / stale.PREVIOUS)
    finally:
        part.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Replace `target` at once, also from another file system."""
    # Not the process id alone: on a shared folder, two machines may have the same.
    part = storage.unfinished(target)
    try:
        shutil.move(source, part)
        storage.sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def near(path: Path) -> str:
    """Return a path as someone in the current folder would write it."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else os.fspath(path)
