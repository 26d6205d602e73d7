"""The four ways in which a printed number is explained, and the record of all that were looked at."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from verification.worked.finding import Finding

Read = TypeVar("Read")


class Kind(StrEnum):
    """How a number is explained."""

    WORKED = "recomputed"
    TRACED = "traced"
    RULE = "standard"
    FORM = "structure"


@dataclass(frozen=True)
class Said:
    """What ought to be printed: its text, and the number behind it where there is one."""

    text: str
    kind: Kind = Kind.WORKED
    value: Fraction | None = None


def source(one: Finding) -> Kind:
    """Return how the value of a finding is explained."""
    return Kind.TRACED if one.traced else Kind.WORKED


@dataclass(frozen=True)
class Fault:
    """A place where what is printed is not what was worked out; `expected` is "" where nothing explains it."""

    document: str
    place: str
    printed: str
    expected: str


@dataclass
class Record:
    """Counts by document and kind, and every fault."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def good(self, document: str, kind: Kind, many: int = 1) -> None:
        """Count numbers that are explained."""
        self.counts[document, kind.value] += many

    def bad(self, document: str, place: str, printed: Any, expected: Any = "") -> None:
        """Keep a number, or a word, that is another one than it should be, or that nothing explains."""
        self.faults.append(Fault(document, place, str(printed), str(expected)))

    def opened(self, read: Callable[[Path], Read], path: Path, name: str = "") -> Read | None:
        """Return what a document holds; one that can't be read is a fault itself, and None."""
        try:
            return read(path)
        except Exception as fault:  # noqa: BLE001 - damaged bytes raise whatever comes to the mind of their reader
            self.bad(name or path.name, path.name, type(fault).__name__, "a file that can be read")
            return None

    def of(self, documents: Iterable[str]) -> list[tuple[str, ...]]:
        """Return a row for each document, or for all of a name with a wild card: its name, numbers of each kind,
        disagreements, unexplained."""
        rows = []
        for name in documents:
            mine = [one for one in self.faults if fnmatchcase(one.document, name)]
            wrong = sum(bool(one.expected) for one in mine)
            held = {
                kind: sum(n for (told, k), n in self.counts.items() if k == kind and fnmatchcase(told, name))
                for kind in Kind
            }
            rows.append((name, *map(str, held.values()), str(wrong), str(len(mine) - wrong)))
        return rows
