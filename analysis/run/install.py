"""Install pinned packages into the environment that runs this file, with one line of progress.

Run as a file before anything is installed (`python analysis/run/install.py requirements.txt`), so it needs the standard
library alone and says only names and counts. What pip has to say is shown where it fails, and only there.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
_TAKEN = re.compile(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")


def pins(file: Path) -> set[str]:
    """Return the names pinned in `file` and in the files that it includes by `-r`."""
    names: set[str] = set()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            names |= pins(file.parent / line.removeprefix("-r ").strip())
        elif "==" in line:
            names.add(same(line.split("==")[0]))
    return names


def same(name: str) -> str:
    """Return the one spelling of a package name by which names are compared."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def progress(lines: Iterable[str], wanted: set[str]) -> Iterator[str]:
    """Yield `12/98 polars` for each wanted package that pip has begun with, then the last step's name."""
    seen: set[str] = set()
    for line in lines:
        taken = _TAKEN.match(line)
        if taken and (name := same(taken[1])) in wanted - seen:
            seen.add(name)
            yield f"{len(seen)}/{len(wanted)} {name}"
        elif line.startswith("Installing collected packages"):
            yield f"pip: {len(seen)}/{len(wanted)} ..."


def main(files: list[str]) -> int:
    """Install what `files` pin and return pip's exit code."""
    asked = [part for file in files for part in ("-r", file)]
    wanted = set().union(*(pins(Path(file)) for file in files))
    live = sys.stderr.isatty()
    command = [*PIP, "--progress-bar=off", *asked]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as pip,
    ):
        assert pip.stdout is not None
        for step in progress(pip.stdout, wanted):
            if live:
                sys.stderr.write(f"\r\033[K  {step}")
                sys.stderr.flush()
        if live:
            sys.stderr.write("\r\033[K")
        if pip.wait():
            said.seek(0)
            sys.stderr.write(said.read())
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
