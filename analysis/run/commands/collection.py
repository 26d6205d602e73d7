"""A year's collection from a county's schools as it is on the disk: what was sent, what came back, what was merged."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis import storage
from analysis.errors import DataError
from analysis.read import returned_workbooks
from analysis.read.returned_workbooks import Returned

FOLDER = "collected"
_STATE, _SENT, _RECEIVED = "state.json", "sent", "received"


@dataclass(frozen=True)
class Receipt:
    """A workbook that came back: kept as `file` below the collection's folder; `origin` is how it was called."""

    school: str
    file: str
    digest: str
    day: str
    origin: str
    kind: str = ""


@dataclass
class Collection:
    """The collection of a county and year; `schools` are codes and names in their order, `merged` digests by table."""

    folder: Path
    schools: dict[str, str] = field(default_factory=dict)
    due: str = ""
    sent: str = ""
    receipts: list[Receipt] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        """Write the state whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {name: getattr(self, name) for name in ("schools", "due", "sent", "merged")}
        state["receipts"] = [asdict(receipt) for receipt in self.receipts]
        storage.write_whole(self.folder / _STATE, json.dumps(state, ensure_ascii=False, indent=1))

    def sent_file(self, school: str) -> Path:
        """Return where the workbook lies that a school got."""
        return self.folder / _SENT / f"{school}.xlsx"

    def latest(self) -> dict[str, Receipt]:
        """Return the last workbook of each school, in the order of schools."""
        last = {receipt.school: receipt for receipt in self.receipts if not receipt.kind}
        return {school: last[school] for school in self.schools if school in last}

    def missing(self) -> list[str]:
        """Return the codes of the schools of which nothing came back."""
        there = self.latest()
        return [school for school in self.schools if school not in there]

    def late(self) -> list[str]:
        """Return the codes of the schools whose first workbook came after the day that was due."""
        first: dict[str, str] = {}
        for receipt in self.receipts:
            if not receipt.kind:
                first.setdefault(receipt.school, receipt.day)
        return [school for school, day in first.items() if self.due and day[: len(self.due)] > self.due]

    def keep(self, school: str, content: bytes, day: str, origin: str, kind: str = "") -> Receipt:
        """Keep a workbook as it came and note it."""
        number = 1 + sum(receipt.school == school for receipt in self.receipts)
        file = f"{_RECEIVED}/{school}_{number}.xlsx"
        (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
        storage.write_whole(self.folder / file, content)
        receipt = Receipt(school, file, storage.digest_of(content), day, origin, kind)
        self.receipts.append(receipt)
        return receipt

    def read(self, school: str, content: bytes, file: str) -> Returned:
        """Return what a workbook of a school says; DataError where it can't be read or is not the one that was sent."""
        return returned_workbooks.read(content, file, self.sent_file(school).read_bytes())


def opened(data: Path, county: str, year: int) -> Collection:
    """Return the collection of a county and year, a new one where there is none; DataError where it is damaged."""
    folder = data / FOLDER / county / str(year)
    if not (folder / _STATE).is_file():
        return Collection(folder)
    try:
        state: dict[str, Any] = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        receipts = [Receipt(**receipt) for receipt in state.pop("receipts")]
        return Collection(folder, receipts=receipts, **state)
    except (ValueError, TypeError, KeyError) as fault:
        raise DataError("collect_state", file=folder / _STATE) from fault


def years(data: Path, county: str) -> list[int]:
    """Return the years of which a county collects, ascending."""
    folder = data / FOLDER / county
    return sorted(int(path.parent.name) for path in folder.glob(f"[0-9]*/{_STATE}"))
