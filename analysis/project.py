"""Where the parts of a checkout lie."""

import hashlib
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from analysis.plaintext import is_digits

#: What whoever renders a notebook sets in the kernel that executes it: ours, and Quarto.
RENDERS = "JUNHENG_RENDERS"
RENDERERS = (RENDERS, "QUARTO_FIG_FORMAT")


def root() -> Path:
    """Return the project's root: JUNHENG_ROOT where it is set, else the folder that holds the package."""
    return Path(os.environ.get("JUNHENG_ROOT") or Path(__file__).resolve().parent.parent)


@cache
def code(*parts: str) -> str:
    """Return the SHA-256 of parts of the package (folders, or files by name): their Python and YAML."""
    package, digest = Path(__file__).resolve().parent, hashlib.sha256()
    for part in parts:
        files = [package / part] if part.endswith((".py", ".yml")) else sorted((package / part).rglob("*"))
        for file in files:
            if file.suffix in (".py", ".yml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def set_day() -> str:
    """Return the day (ISO) that SOURCE_DATE_EPOCH tells, empty where it is not set."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat() if is_digits(seconds) else ""


def today() -> str:
    """Return the day that it is (ISO): that of SOURCE_DATE_EPOCH where it is set."""
    return set_day() or datetime.now().astimezone().date().isoformat()


def raw() -> Path:
    """Return the default folder of raw statistics."""
    return root() / "data" / "raw"


def own() -> Path:
    """Return the folder of an office's own raw statistics: no update touches it, and it is read before the samples."""
    return root() / "data" / "own"


def processed(data: Path | None = None) -> Path:
    """Return the folder of clean tables; each folder of raw statistics `data` but the default one has its own.

    JUNHENG_PROCESSED, where it is set, names another: for raw statistics that are here for a moment only.
    """
    if os.environ.get("JUNHENG_PROCESSED"):
        return Path(os.environ["JUNHENG_PROCESSED"])
    folder = root() / "data" / "processed"
    if data is None or data.resolve() == raw().resolve():
        return folder
    return folder / f"of-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]}"


def output() -> Path:
    """Return the default folder of built reports."""
    return root() / "reports" / "output"


def templates() -> Path:
    """Return the folder of report templates; one folder per language below it."""
    return root() / "reports" / "templates"


def notebooks() -> Path:
    """Return the folder of notebooks."""
    return root() / "notebooks"
