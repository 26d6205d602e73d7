"""A folder to carry to a closed network: the project, wheels of all pinned packages for one platform, sums.

The start scripts `junheng.sh` and `junheng.cmd` are the project's own; beside a folder `wheels` they install from it
alone (run.install), and hold every file against SHA256SUMS before.
"""

import hashlib
import io
import os
import platform as machine
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from analysis import __version__, project
from analysis.errors import JunhengError, RequestError, message
from analysis.run import install
from analysis.run.install import SHIPPED, SUMS, WHEELS
from analysis.sources import shown

#: What names the Python that the wheels are for; run.python_fits and the start scripts read it.
PYTHON = "python.txt"
ABOUT = "START-HERE.txt"
#: Where an office keeps its statistics and what it says of them: no bundle holds anything there.
RAW = "data/raw/"
#: The lowest version of glibc that a tag of pip's may name.
OLDEST_GLIBC = 5
#: Every file of a bundle bears this time (1 January 2020), so that bundles of the same content are the same.
STAMP = 1_577_836_800


@dataclass(frozen=True)
class Target:
    """What a bundle is for: a platform of bundle.yml and a version of Python (`3.11`)."""

    platform: str
    python: str

    @property
    def tags(self) -> list[str]:
        """Return pip's names of what wheels may be for, the newest first."""
        platform = _declared()["platforms"][self.platform]
        versions = range(platform.get("glibc", OLDEST_GLIBC), OLDEST_GLIBC - 1, -1)
        return list(dict.fromkeys(tag.format(glibc=version) for tag in platform["tags"] for version in versions))

    @property
    def markers(self) -> dict[str, str]:
        """Return what a requirement's marker is held against: pip itself asks only the Python that runs it."""
        python = {"python_version": self.python, "python_full_version": f"{self.python}.0", "extra": ""}
        system: dict[str, str] = _declared()["platforms"][self.platform]["markers"]
        return system | python

    @property
    def start(self) -> str:
        """Return the command that starts junheng there."""
        return str(_declared()["platforms"][self.platform]["start"])

    @property
    def pip(self) -> list[str]:
        """Return the options that have pip choose for this target instead of for the machine that it runs on."""
        tag = "cp" + self.python.replace(".", "")
        platforms = [f"--platform={each}" for each in self.tags]
        return [*platforms, f"--python-version={self.python}", "--implementation=cp", f"--abi={tag}", "--abi=abi3",
                "--abi=none"]  # fmt: skip

    def wants(self, line: str) -> Requirement | None:
        """Return the requirement of a line of pins, or None where it is none or not of this target."""
        text = line.partition("#")[0].strip()
        if not text or text.startswith("-"):
            return None
        requirement = Requirement(text)
        return requirement if requirement.marker is None or requirement.marker.evaluate(self.markers) else None


Fetch = Callable[[list[str], Target, Path], None]


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return declared


def target_of(platform: str, python: str) -> Target:
    """Return the target of two words, empty ones meaning this machine's. RequestError for what can't be served."""
    own = f"{machine.system()}-{machine.machine()}".lower()
    asked = platform.strip().lower() or own
    version = python.strip() or "{}.{}".format(*sys.version_info)
    for option, value, known in (
        ("platform", asked, _declared()["platforms"]),
        ("python", version, _declared()["pythons"]),
    ):
        if value not in known:
            raise RequestError("option_unknown", option=option, value=shown(value), known=", ".join(known))
    return Target(asked, version)


def files(root: Path) -> list[str]:
    """Return the project's files below `root`, sorted: those that git tracks, without git those of bundle.yml.

    Raw statistics are none of them, nor is what an office says of them: they lie apart (`_lay_data`).
    """
    tracked = _git(root, "ls-files", "-z", "--cached")
    names = tracked.decode().split("\0") if tracked else _lying(root)
    return sorted(name for name in names if (root / name).is_file() and not name.startswith((RAW, f"{SHIPPED}/")))


def _lying(root: Path) -> Iterator[str]:
    for part in _declared()["parts"]:
        for top in root.glob(part):
            for path in [top] if top.is_file() else top.rglob("*"):
                name = path.relative_to(root)
                steps = [name, *name.parents]
                if not any(fnmatch(each.name, kept) or fnmatch(each.as_posix(), kept)
                           for each in steps for kept in _declared()["made"]):  # fmt: skip
                    yield name.as_posix()
    yield "data/processed/.gitkeep"


def _git(root: Path, *words: str) -> bytes:
    """Return what git prints, nothing where there is no git or `root` is no checkout of its own."""
    if not (root / ".git").exists():
        return b""
    try:
        return subprocess.run(["git", *words], cwd=root, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""


def lay(root: Path, folder: Path, data: Path | None) -> None:
    """Copy the project's files into `folder`, and statistics to begin with: `data` where given, else the sample."""
    for name in files(root):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, target)
        target.chmod(0o755 if name.endswith(".sh") else 0o644)
    _lay_data(root, folder / SHIPPED, data)


def _lay_data(root: Path, folder: Path, data: Path | None) -> None:
    """Write statistics to begin with, which the first start there lays into data/raw where nothing lies yet.

    Of a checkout the sample comes as it was committed, of a bundle as it was carried, else it is drawn anew: in
    data/raw an office writes its own.
    """
    if data is not None:
        shutil.copytree(data, folder, ignore=_passed_over)
    elif committed := _committed(root):
        for name, content in committed.items():
            target = folder / name.removeprefix(RAW)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    elif (root / SHIPPED).is_dir():
        shutil.copytree(root / SHIPPED, folder)
    else:
        from analysis.sample import write

        write(folder)


def _passed_over(folder: str, names: list[str]) -> list[str]:
    """Return the names that do not go along: hidden files, locks of open workbooks, links."""
    return [name for name in names if name.startswith((".", "~$")) or Path(folder, name).is_symlink()]


def _committed(root: Path) -> dict[str, bytes]:
    archive = _git(root, "archive", "--format=tar", "HEAD", "data/raw")
    if not archive:
        return {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        return {
            each.name: read.read()
            for each in packed.getmembers()
            if (read := packed.extractfile(each)) is not None
            and any(fnmatch(each.name, sample) for sample in _declared()["sample"])
        }


def pins(file: Path, target: Target) -> list[str]:
    """Return what `file` pins for the target, as `name==version`."""
    wanted = map(target.wants, file.read_text(encoding="utf-8").splitlines())
    return [f"{each.name}{each.specifier}" for each in wanted if each is not None]


def fetch(wanted: list[str], target: Target, folder: Path) -> None:
    """Have pip bring a wheel of each pin into `folder`; what comes as source alone is built if it is pure Python.

    Raises RequestError with the name of a package that is not to be had for the target.
    """
    left, names = list(wanted), {install.same(each.partition("==")[0]) for each in wanted}
    while True:
        with tempfile.TemporaryDirectory() as scratch:
            listed = Path(scratch) / "pins.txt"
            listed.write_text("\n".join(left) + "\n", encoding="utf-8")
            command = ["download", "--no-deps", "--only-binary=:all:", *target.pip, *install.QUIET]
            code, said = install.run([*command, f"--requirement={listed}", f"--dest={folder}"], names)
        if not code:
            return
        package = install.lacking(said)
        if not package or package not in left:
            raise JunhengError("bundle_failed", reason=_last(said))
        if not _built(package, folder):
            raise RequestError("bundle_no_wheel", package=package, platform=target.platform, python=target.python)
        left.remove(package)


def _built(package: str, folder: Path) -> bool:
    """Build the wheel of a package that comes as source alone; tell whether one came of it that runs anywhere."""
    name = package.partition("==")[0]
    with tempfile.TemporaryDirectory() as scratch:
        command = ["wheel", "--no-deps", f"--no-binary={name}", *install.QUIET, f"--wheel-dir={scratch}", package]
        code, _ = install.run(command, {name})
        pure = [path for path in Path(scratch).glob("*-none-any.whl") if not code]
        for path in pure:
            shutil.copyfile(path, folder / path.name)
    return bool(pure)


def _last(said: str) -> str:
    faults = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines() or ["pip"]
    return " ".join(faults[-1].removeprefix("ERROR:").split())[:400]


def check_wheels(wanted: list[str], target: Target, folder: Path) -> None:
    """Raise JunhengError unless `folder` has a wheel of each pin, and of all that those wheels need on the target."""
    wheels = {parse_wheel_filename(path.name)[0]: path for path in folder.glob("*.whl")}
    for pin in wanted:
        if install.same(pin.partition("==")[0]) not in wheels:
            raise JunhengError("bundle_lacks", package=pin, reason="requirements.txt")
    for name, path in sorted(wheels.items()):
        for need in _needs(path, target):
            if install.same(need) not in wheels:
                raise JunhengError("bundle_lacks", package=need, reason=name)


def _needs(wheel: Path, target: Target) -> list[str]:
    with ZipFile(wheel) as packed:
        about = next(name for name in packed.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        metadata = HeaderParser().parsestr(packed.read(about).decode("utf-8"))
    needs = map(Requirement, metadata.get_all("Requires-Dist") or [])
    return [need.name for need in needs if need.marker is None or need.marker.evaluate(target.markers)]


def _write_sums(folder: Path) -> None:
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n")
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _stamp(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (STAMP, STAMP))


def _about(target: Target) -> str:
    from jinja2 import Template

    template = Template(Path(__file__).with_suffix(".txt.j2").read_text(encoding="utf-8"), keep_trailing_newline=True)
    words = {"version": __version__, "platform": target.platform, "python": target.python, "start": target.start}
    return str(template.render(words, windows=target.platform.startswith("windows")))


def make(target: Target, data: Path | None, out: Path, fetching: Fetch = fetch) -> Path:
    """Write the bundle of `target` into `out` and return its folder; made beside and renamed.

    `data` is an office's folder of raw statistics that goes along in the place of the sample; `fetching` brings the
    wheels. Raises RequestError where the folder holds a bundle that someone has worked in, or where a wheel is not to
    be had; nothing is left then.
    """
    folder = out / f"junheng-{__version__}-{target.platform}-python{target.python}"
    if folder.exists() and not _untouched(folder):
        raise RequestError("bundle_in_use", folder=folder)
    beside = out / f".{folder.name}.{os.getpid()}"
    try:
        (beside / WHEELS).mkdir(parents=True)
        lay(project.root(), beside, data)
        wanted = pins(beside / "requirements.txt", target)
        fetching(wanted, target, beside / WHEELS)
        check_wheels(wanted, target, beside / WHEELS)
        (beside / WHEELS / PYTHON).write_text(target.python + "\n", encoding="utf-8", newline="\n")
        (beside / ABOUT).write_text(_about(target), encoding="utf-8", newline="\n")
        _write_sums(beside)
        _stamp(beside)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _untouched(folder: Path) -> bool:
    """Tell whether `folder` holds what was written into it and nothing else: such a bundle may be made anew."""
    sums = folder / SUMS
    if not sums.is_file() or install.differing(folder):
        return False
    listed = {line.split(maxsplit=1)[1] for line in sums.read_text(encoding="utf-8").splitlines()} | {SUMS}
    return listed >= {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def run(platform: str, python: str, data: str, out: str) -> str:
    """Make a bundle as the words ask, empty ones meaning their defaults, and return the line that says what it is."""
    from analysis.run.build.placing import near

    target = target_of(platform, python)
    own = Path(data) if data else None
    if own is not None and not own.is_dir():
        raise RequestError("folder_missing", folder=shown(data))
    folder = make(target, own, Path(out) if out else project.root() / "dist")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    number = len(list((folder / WHEELS).glob("*.whl")))
    return message(
        "bundle_done", folder=near(folder), number=number, size=f"{size / 1e6:.0f}", start=target.start,
        platform=target.platform, python=target.python,
    )  # fmt: skip
