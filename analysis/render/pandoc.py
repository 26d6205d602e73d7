"""The pandoc that ships with pypandoc_binary, as one function."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import DataError
from analysis.project import root

#: Pandoc Markdown as Quarto reads it; quotation marks stay as written.
MARKDOWN = "markdown-smart"
_OUTPUT = "--output="
#: What Windows needs to start any program.
_SYSTEM = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}


@cache
def program() -> str:
    """Return the path of the pandoc that came with the package, never another one, whatever the environment says.

    Raises DataError where the package came without.
    """
    import pypandoc

    path = Path(pypandoc.__file__).parent / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
    if not path.is_file():
        raise DataError("engine_absent", engine="pandoc", package="pypandoc_binary")
    return str(path)


@cache
def version() -> str:
    """Return pandoc's version."""
    shown = _ran([program(), "--version"], "", "--version", None)
    return shown.stdout.split()[1]


def filters(*names: str) -> list[str]:
    """Return the arguments that apply the Lua filters `names` of reports/filters, in this order."""
    return [f"--lua-filter={root() / 'reports' / 'filters' / name}.lua" for name in names]


def convert(
    text: str, source: str, target: str, metadata: dict[str, Any], arguments: Sequence[str], folder: Path
) -> str:
    """Convert `text` from `source` to `target` inside `folder` and return what pandoc prints.

    `metadata` is read as YAML whose strings are Markdown: names in it are escaped by the caller. Raises DataError with
    pandoc's own words where it fails, and where it takes too long or writes nothing.
    """
    with tempfile.TemporaryDirectory() as scratch:
        about = Path(scratch) / "metadata.json"
        about.write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")
        command = [program(), f"--from={source}", f"--to={target}", f"--metadata-file={about}", *arguments]
        done = _ran(command, text, target, folder)
    written = next((Path(each.removeprefix(_OUTPUT)) for each in arguments if each.startswith(_OUTPUT)), None)
    if not (done.stdout.strip() if written is None else written.is_file() and written.stat().st_size):
        raise DataError("engine_empty", engine="pandoc", format=target)
    return done.stdout


def _ran(command: list[str], text: str, target: str, folder: Path | None) -> "subprocess.CompletedProcess[str]":
    """Run pandoc; DataError with its own words where it fails, and where it takes longer than bounds.yml allows."""
    environment = {"SOURCE_DATE_EPOCH": "0", "LANG": "C.UTF-8", "PATH": "", **_SYSTEM}
    limit = files.bounds().renderer_seconds
    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            cwd=folder,
            env=environment,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise DataError("engine_slow", engine="pandoc", format=target, seconds=limit) from fault
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[-400:]
        raise DataError("engine_failed", engine="pandoc", format=target, reason=reason)
    return done
