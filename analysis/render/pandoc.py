"""The pandoc that ships with pypandoc_binary, as one function."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import DataError
from analysis.project import root

#: Pandoc Markdown as Quarto reads it; quotation marks stay as written.
MARKDOWN = "markdown-smart"
#: What Windows needs to start any program.
_SYSTEM = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}


@cache
def program() -> str:
    """Return the path of the pandoc that came with the package, never another one."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


@cache
def version() -> str:
    """Return pandoc's version."""
    shown = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[1]


def filters(*names: str) -> list[str]:
    """Return the arguments that apply the Lua filters `names` of reports/filters, in this order."""
    return [f"--lua-filter={root() / 'reports' / 'filters' / name}.lua" for name in names]


def convert(
    text: str, source: str, target: str, metadata: dict[str, Any], arguments: Sequence[str], folder: Path
) -> str:
    """Convert `text` from `source` to `target` inside `folder` and return what pandoc prints.

    `metadata` is read as YAML whose strings are Markdown: names in it are escaped by the caller. Raises DataError with
    pandoc's own words where it fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        about = Path(scratch) / "metadata.json"
        about.write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")
        command = [program(), f"--from={source}", f"--to={target}", f"--metadata-file={about}", *arguments]
        environment = {"SOURCE_DATE_EPOCH": "0", "LANG": "C.UTF-8", "PATH": "", **_SYSTEM}
        done = subprocess.run(
            command, input=text, capture_output=True, encoding="utf-8", cwd=folder, env=environment, check=False
        )
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[-400:]
        raise DataError("engine_failed", engine="pandoc", format=target, reason=reason)
    return done.stdout
