"""Files of people's folders, opened with care: no link that leads out, nothing without an end; the bounds of it all.

It imports no Polars. Bounds stand in bounds.yml.
"""

import stat
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path, PurePosixPath

import yaml

from analysis.errors import DataError

MEGABYTE = 2**20


@dataclass(frozen=True)
class Bounds:
    """What bounds.yml says; sizes are in the units that its names say."""

    file_megabytes: int
    unpacked_megabytes: int
    packed_times: int
    file_name: int
    yaml_megabytes: int
    yaml_depth: int
    yaml_expanded: int
    text_characters: int
    code_characters: int
    first_year: int
    last_year: int
    renderer_seconds: int
    quarto_seconds: int


@cache
def bounds() -> Bounds:
    """Return the bounds of what is read."""
    declared = yaml.safe_load(Path(__file__).with_name("bounds.yml").read_text(encoding="utf-8"))
    return Bounds(**{field.name: int(declared[field.name]) for field in fields(Bounds)})


def inside(folder: Path, file: str) -> Path:
    """Return the path of a file of a folder; DataError where a link on the way leads out of the folder.

    The folder itself may be a link: whoever named it meant what it leads to.
    """
    path, step = folder / file, folder
    for part in PurePosixPath(file).parts:
        step = step / part
        if step.is_symlink():  # costs no more than a look at each step where there is none
            try:
                is_inside = path.resolve().is_relative_to(folder.resolve())
            except (OSError, RuntimeError):  # links in a circle
                is_inside = False
            if not is_inside:
                raise DataError("link_outside", file=file)
            break
    return path


def small(path: Path, megabytes: int) -> bytes | None:
    """Return the bytes of a file of a folder that people write, None where there is none.

    DataError where it is a link that leads out of its folder or nowhere, no plain file, or too large.
    """
    inside(path.parent, path.name)
    if not path.exists():
        if path.is_symlink():
            raise DataError("link_dangling", file=path.name)
        return None
    check_regular(path, path.name, megabytes)
    return path.read_bytes()


def check_regular(path: Path, file: str, megabytes: int | None = None) -> None:
    """Raise DataError where a path is no plain file (a pipe, a device: they may have no end), or one that is too large.

    `megabytes` None is no limit of size. What isn't there is left to whoever opens it.
    """
    try:
        status = path.stat()
    except OSError:
        return
    if not stat.S_ISREG(status.st_mode):
        raise DataError("file_irregular", file=file)
    if megabytes is not None and status.st_size > megabytes * MEGABYTE:
        raise DataError("file_over", file=file, limit=megabytes)
