"""Findings and measurements as templates speak of them: one object per row, found by id."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import polars as pl

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import Field, Kind


@dataclass(frozen=True)
class Finding:
    """One row of FINDINGS (analysis.tables)."""

    id: str
    county: str
    year: int
    field: str
    item: str
    kind: str
    stage: str | None
    subject: str | None
    grade: int | None
    school: str | None
    data_year: int | None
    value: float | None
    computed: float | None
    computed_by: str | None
    target: float | None
    margin: float | None
    verdict: str
    reason: str | None
    evidence: str | None

    @property
    def details(self) -> dict[str, Any]:
        """What a structured evidence holds; empty where it is a text or a list of ids."""
        detail: dict[str, Any] = json.loads(self.evidence) if self.evidence and self.evidence.startswith("{") else {}
        return detail

    @property
    def rooms(self) -> "tuple[Rooms, ...]":
        """The special rooms of a school by kind; empty where the item does not ask for them, or they are not known."""
        rooms = self.details
        if rooms.get("needed") is None:
            return ()
        kinds = [name for name in rooms if name != "needed"]
        known = all(rooms[name] is not None for name in kinds)
        return tuple(Rooms(name, int(rooms[name]), int(rooms["needed"])) for name in kinds) if known else ()

    @property
    def short_rooms(self) -> "tuple[Rooms, ...]":
        """The kinds of special rooms that the school has too few of."""
        return tuple(room for room in self.rooms if room.missing)

    @property
    def indicator(self) -> str:
        """The indicator of a floor or a coefficient, empty for other items, the composite among them."""
        id = ids.parse(self.item)
        return id.name if id.kind in (Kind.FLOOR, Kind.CV) and id.name != COMPOSITE else ""


@dataclass(frozen=True)
class Rooms:
    """Special rooms of full size of one `kind` that a school has, and how many it needs."""

    kind: str
    have: int
    needed: int

    @property
    def missing(self) -> int:
        """Return how many more are needed."""
        return max(self.needed - self.have, 0)


_COLUMNS = [field.name for field in fields(Finding)]


def _finding(row: tuple[Any, ...]) -> Finding:
    """Return a row as a finding: a frozen dataclass sets field by field, which for thousands of rows takes its time."""
    finding = object.__new__(Finding)
    vars(finding).update(zip(_COLUMNS, row, strict=True))
    return finding


class Findings:
    """The findings of one county and year; those of a plan stand apart in `plan`, and are found by id like all."""

    def __init__(self, frame: pl.DataFrame) -> None:
        every = [_finding(row) for row in frame.select(_COLUMNS).iter_rows()]
        self._by_id = {row.id: row for row in every}
        self._rows = [row for row in every if row.field != Field.PLAN]
        self._by_item: dict[str, list[Finding]] = {}
        for row in self._rows:
            self._by_item.setdefault(row.item, []).append(row)
        self._by_kind: dict[str, list[Finding]] = {}
        self.plan = [row for row in every if row.field == Field.PLAN]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, id: str) -> Finding | None:
        """Return the finding with this id, None where there is none."""
        return self._by_id.get(id)

    def where(self, *, item: str | None = None, kind: str | None = None, **equal: object) -> list[Finding]:
        """Return the findings whose item is `item`, or of `kind`, and whose other fields are equal."""
        rows = self._rows if item is None else self._by_item.get(item, [])
        if kind is not None:
            rows = [row for row in self._kind(kind) if item is None or row.item == item]
        for name, value in equal.items():
            rows = [row for row in rows if getattr(row, name) == value]
        return list(rows)

    def _kind(self, kind: str) -> list[Finding]:
        if kind not in self._by_kind:
            self._by_kind[kind] = [row for row in self._rows if row.kind == kind]
        return self._by_kind[kind]

    def whole(self, field: str) -> Finding | None:
        """Return the finding that sums up a field (`resources.all`), None where the field is not judged."""
        return self._by_id.get(ids.whole(field))


@dataclass(frozen=True)
class Measured:
    """One row of MEASUREMENTS without its keys."""

    amount: float | None
    pupils: float | None
    value: float | None
    share: float | None
    note: str


class Measurements:
    """The measurements of one county, all years, found by their keys."""

    def __init__(self, frame: pl.DataFrame) -> None:
        keys = ["year", "stage", "indicator", "statistic", "school"]
        rows = frame.select(*keys, "amount", "pupils", "value", "share", "note").iter_rows()
        self._by_key = {row[:5]: Measured(*row[5:]) for row in rows}

    def stage(self, year: int, stage: str, indicator: str, statistic: str) -> float | None:
        """Return a stage's mean, cv, schools or missing; None where it was not measured."""
        finding = self._by_key.get((year, stage, indicator, statistic, None))
        return finding.value if finding else None

    def school(self, year: int, stage: str, indicator: str, school: str) -> Measured | None:
        """Return a school's row for one indicator."""
        return self._by_key.get((year, stage, indicator, "value", school))
