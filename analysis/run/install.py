"""Install pinned packages into the environment that runs this file, with one line of progress.

Run as a file before anything is installed (`python analysis/run/install.py requirements.txt`), so it needs the standard
library alone. Where a folder `wheels` lies beside the file of pins, packages come from there and from no index; where
`SHA256SUMS` lies there, files are held against it first. A package that can't be had is told in one line; whatever else
pip has to say is shown where it fails, and only there.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

PIP = [sys.executable, "-m", "pip"]
QUIET = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
WHEELS = "wheels"
SUMS = "SHA256SUMS"
#: What people change in a project that was carried to them; all else must be as it was.
THEIRS = "data/"
#: Statistics to begin with, and where an office keeps its own. A bundle holds the former alone, so that one which is
#: copied over another changes nothing that people wrote.
SHIPPED, RAW = "data/shipped", "data/raw"
#: How many files a line names before it counts the rest.
NAMED = 3
_TAKEN = re.compile(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")
_LACKING = re.compile(r"No matching distribution found for ([^\s;]+)")


def say(key: str, **values: object) -> str:
    """Return the sentence `key` of install.json in the reader's language, filled with `values`."""
    sentences = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    sentence: str = sentences[key]["en" if os.environ.get("REPORT_LANG") == "en" else "zh"]
    return sentence.format(**values)


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


def run(command: Sequence[str], wanted: set[str]) -> tuple[int, str]:
    """Run pip, show on a terminal how far it is with the `wanted` names; return its exit code and its complaints."""
    live = sys.stderr.isatty()
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said,
        subprocess.Popen(
            [*PIP, *command], stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8", errors="replace"
        ) as pip,
    ):
        assert pip.stdout is not None
        for step in progress(pip.stdout, wanted):
            if live:
                sys.stderr.write(f"\r\033[K  {step}")
                sys.stderr.flush()
        if live:
            sys.stderr.write("\r\033[K")
        code = pip.wait()
        said.seek(0)
        return code, said.read()


def lacking(said: str) -> str:
    """Return the package that pip could not find, as it was asked for (`polars==2.1.0`); empty where it is not that."""
    missing = _LACKING.search(said)
    return missing[1] if missing else ""


def differing(folder: Path) -> list[str]:
    """Return the files of SHA256SUMS in `folder` that are missing or not as they were; none where there are no sums."""
    sums = folder / SUMS
    if not sums.is_file():
        return []
    entries = (line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines() if line.strip())
    return [name for digest, name in entries if _digest(folder / name) != digest]


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lay_data(folder: Path) -> bool:
    """Copy the statistics that a bundle brings to data/raw where nothing lies there yet; tell whether that was so."""
    shipped, raw = folder / SHIPPED, folder / RAW
    if not shipped.is_dir() or (raw.exists() and any(raw.iterdir())):
        return False
    beside = raw.with_name(f".{raw.name}.{os.getpid()}")
    shutil.copytree(shipped, beside)
    if raw.exists():
        raw.rmdir()
    beside.rename(raw)
    return True


def _shown(files: list[str]) -> str:
    named = ", ".join(files[:NAMED])
    return f"{named} {say('and_more', number=len(files))}" if len(files) > NAMED else named


def tell_quarto(folder: Path) -> None:
    """Name this Python in `folder`/_environment.local, where Quarto looks: its scripts and kernels need these packages.

    Nothing is written where no project of Quarto's lies. Forward slashes are a path on Windows too.
    """
    if (folder / "_quarto.yml").is_file():
        line = f"QUARTO_PYTHON='{Path(sys.executable).as_posix()}'\n"
        (folder / "_environment.local").write_text(line, encoding="utf-8")


def main(files: list[str]) -> int:
    """Install what `files` pin and lay out the first statistics of a bundle.

    Returns 0, 2 for what is told in one line, or else pip's exit code.
    """
    folder = Path(files[0]).resolve().parent
    differences = differing(folder)
    if damaged := [name for name in differences if not name.startswith(THEIRS)]:
        sys.stderr.write(say("damaged", files=_shown(damaged)) + "\n")
        return 2
    if differences:
        sys.stderr.write(say("changed", files=_shown(differences)) + "\n")
    sys.stderr.write(say("installing") + "\n")
    wheels = folder / WHEELS
    source = ["--no-index", f"--find-links={wheels}"] if wheels.is_dir() else []
    asked = [part for file in files for part in ("-r", file)]
    wanted = set().union(*(pins(Path(file)) for file in files))
    code, said = run(["install", "--root-user-action=ignore", *QUIET, *source, *asked], wanted)
    if code and (package := lacking(said)):
        machine = f"{platform.system()} {platform.machine()}"
        key = "not_in_wheels" if source else "not_reached"
        python = "{}.{}".format(*sys.version_info)
        sys.stderr.write(say(key, package=package, machine=machine, python=python) + "\n")
        return 2
    if code:
        sys.stderr.write(said)
    else:
        lay_data(folder)
        tell_quarto(folder)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
