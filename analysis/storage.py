"""Files that a program writes: each whole or not at all, and what is kept held against the SHA-256 of what was written.

What is kept lies in a folder with the file `key`: the key of all that it was made from, and the SHA-256 of each file.
"""

import contextlib
import hashlib
import json
import os
import re
import socket
import sys
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

KEY = "key"
#: Seconds after which what lies unfinished beside a file is a killed run's, not that of one under way elsewhere.
ABANDONED = 24 * 3600
#: How the name of what is unfinished ends: which machine, which process there, and what no two have.
_UNFINISHED = re.compile(r"\.(?P<machine>[0-9a-f]{6})-(?P<process>[0-9]+)-[0-9a-f]{8}")


class DamagedError(Exception):
    """A kept file is missing or not what was written; `file` is its path."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(str(file))


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def digest_of_file(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside `path`, on the disk for certain, and put it there by one rename."""
    beside = unfinished(path)
    try:
        with beside.open("wb") as opened:
            opened.write(content.encode() if isinstance(content, str) else content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def unfinished(path: Path) -> Path:
    """Return where what shall become `path` lies until it is whole: beside it, hidden, with the process in its name."""
    return path.with_name(f".{path.name}.{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:8]}")


def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


def keep_edited(path: Path) -> Path:
    """Rename a file that somebody edited to report.edited-1.docx, or the next number that is free, and return it."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.edited-{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


def sync(path: Path) -> None:
    """Bring a file's content onto the disk for certain."""
    with path.open("rb+") as opened:
        os.fsync(opened.fileno())


def seal(folder: Path, key: str, names: Iterable[str]) -> None:
    """Write the key of a folder, with the SHA-256 of the files `names` in it."""
    files = {name: digest_of((folder / name).read_bytes()) for name in names}
    write_whole(folder / KEY, json.dumps({"key": key, "files": files}, indent=1))


def key_of(folder: Path) -> str:
    """Return the key of what is kept in a folder, empty where there is none that can be read."""
    return _sealed(folder)[0]


def read(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of kept files by name; raises DamagedError for the first that is not what was written."""
    digests = _sealed(folder)[1]
    contents: dict[str, bytes] = {}
    for name in names:
        try:
            contents[name] = (folder / name).read_bytes()
        except OSError as fault:
            raise DamagedError(folder / name) from fault
        if digest_of(contents[name]) != digests.get(name):
            raise DamagedError(folder / name)
    return contents


def _sealed(folder: Path) -> tuple[str, dict[str, str]]:
    try:
        seal = json.loads((folder / KEY).read_text(encoding="utf-8"))
        return str(seal["key"]), dict(seal["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", {}


def clear_abandoned(folder: Path, beginning: str = ".") -> None:
    """Remove what killed runs left unfinished in a folder: hidden files and folders so named, whose process on this
    machine has ended, or which are older than a day."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith(beginning) and path.name.startswith("."):
            with contextlib.suppress(OSError):
                if _is_orphan(path.name) or time.time() - path.stat().st_mtime > ABANDONED:
                    _remove(path)


def _is_orphan(name: str) -> bool:
    """Tell whether the process that a name tells of was one of this machine and has ended."""
    unfinished = _UNFINISHED.search(name)
    if unfinished is None or unfinished["machine"] != _machine() or sys.platform == "win32":
        return False
    try:
        os.kill(int(unfinished["process"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for below in path.iterdir():
            _remove(below)
        path.rmdir()
    else:
        path.unlink()
