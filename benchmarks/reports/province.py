"""The counties whose reports are built: sample counties with every table but pupils' scores."""

from dataclasses import dataclass
from pathlib import Path

from analysis import sources
from analysis.sample import write

TABLES = ("schools", "monitoring", "classes", "rooms", "teachers", "government", "survey")
FORMATS = ("xlsx", "csv")


@dataclass(frozen=True)
class Province:
    """A folder of raw statistics and the codes of its counties."""

    raw: Path
    codes: tuple[str, ...]


def lay(folder: Path, counties: int) -> Province:
    """Write the raw statistics of `counties` counties below `folder`, half as workbooks, half as text."""
    write(folder, counties=counties, tables=TABLES, formats=FORMATS, dirt=0.001)
    return Province(folder, tuple(sorted(sources.load(folder).counties)))
