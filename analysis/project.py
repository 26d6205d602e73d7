"""Where the parts of a checkout lie, and those of an installed package."""

import hashlib
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from analysis.plaintext import is_digits

#: What whoever renders a notebook sets in the kernel that executes it: ours, and Quarto.
RENDERS = "JUNHENG_RENDERS"
RENDERERS = (RENDERS, "QUARTO_FIG_FORMAT")
#: The folder of an installed package that holds what lies beside it in a checkout (setup.py).
SHIPPED = "shipped"
#: Names the folder in which data is read and reports are built; an installed package fixes it once, for kernels run in
#: folders of their own.
HERE = "JUNHENG_HERE"
PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the project's root: JUNHENG_ROOT where it is set, else the folder that holds the package.

    Of an installed package it is the folder that it carries.
    """
    if os.environ.get("JUNHENG_ROOT"):
        return Path(os.environ["JUNHENG_ROOT"])
    return PACKAGE / SHIPPED if _installed() else PACKAGE.parent


def work() -> Path:
    """Return the folder below which data is read and reports are built: JUNHENG_HERE where it is set, else the root.

    An installed package works in the folder where it is run.
    """
    if _installed() and not os.environ.get("JUNHENG_ROOT"):
        os.environ.setdefault(HERE, str(Path.cwd()))
    return Path(os.environ.get(HERE) or root())


def part(name: str) -> Path:
    """Return a file or folder of the project; the package itself is no part of what an installed one carries."""
    return PACKAGE if name == PACKAGE.name and _installed() else root() / name


def _installed() -> bool:
    return (PACKAGE / SHIPPED).is_dir()


@cache
def code(*parts: str) -> str:
    """Return the SHA-256 of parts of the package (folders, or files by name): their Python and YAML."""
    package, digest = PACKAGE, hashlib.sha256()
    for part in parts:
        files = [package / part] if part.endswith((".py", ".yml")) else sorted((package / part).rglob("*"))
        for file in files:
            if file.suffix in (".py", ".yml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def audience() -> str:
    """Return for whom documents are told where nobody says: AUDIENCE where it is set (a profile of Quarto's does)."""
    return os.environ.get("AUDIENCE") or "internal"


def set_day() -> str:
    """Return the day (ISO) that SOURCE_DATE_EPOCH tells, empty where it is not set."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat() if is_digits(seconds) else ""


def today() -> str:
    """Return the day that it is (ISO): that of SOURCE_DATE_EPOCH where it is set."""
    return set_day() or datetime.now().astimezone().date().isoformat()


def raw() -> Path:
    """Return the default folder of raw statistics."""
    return work() / "data" / "raw"


def own() -> Path:
    """Return the folder of an office's own raw statistics: no update touches it, and it is read before the samples."""
    return work() / "data" / "own"


def processed(data: Path | None = None) -> Path:
    """Return the folder of clean tables; each folder of raw statistics `data` but the default one has its own.

    JUNHENG_PROCESSED, where it is set, names another: for raw statistics that are here for a moment only.
    """
    if os.environ.get("JUNHENG_PROCESSED"):
        return Path(os.environ["JUNHENG_PROCESSED"])
    folder = work() / "data" / "processed"
    if data is None or data.resolve() == raw().resolve():
        return folder
    return folder / f"of-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]}"


def output() -> Path:
    """Return the default folder of built reports."""
    return work() / "reports" / "output"


def templates() -> Path:
    """Return the folder of report templates; one folder per language below it."""
    return root() / "reports" / "templates"


def notebooks() -> Path:
    """Return the folder of notebooks."""
    return root() / "notebooks"
