"""The ids of items and of findings: made and read here, and nowhere else.

An item of the standard has the id that its file gives it. The others are made: `floor_<indicator>`, `cv_<indicator>`
(`cv_composite` among them), `recognition_<group>`, and those whose id is the name of their kind.
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from analysis.tables import FIELDS, Field, Kind, Verdict

#: What the ids begin with that are made from something else.
PREFIXES = {Kind.FLOOR: "floor_", Kind.CV: "cv_", Kind.RECOGNITION_GROUP: "recognition_"}
#: Kinds of which there is one item, whose id is the kind.
SINGLE = tuple(kind for kind in Kind if kind not in PREFIXES and kind is not Kind.ITEM)
#: Kinds that make no part of a field's verdict: what sums it up, and what stands beside it.
BESIDE = (Kind.ALL, Kind.RATE_OWN, Kind.RECOGNITION_GROUP)
#: Verdicts on what is not asked (yet), or of nobody.
UNASKED = (Verdict.NOT_APPLICABLE, Verdict.NOT_IN_FORCE)
#: The parts of a finding's id, in their order; empty ones are left out.
PARTS = ("field", "item", "stage", "subject", "grade", "school")
SEPARATOR = "."


@dataclass(frozen=True)
class ItemId:
    """The id of an item: its kind, and what it is made from (an indicator, a group; of the standard's own their id)."""

    kind: Kind
    name: str = ""

    def __str__(self) -> str:
        """Return the id as findings hold it."""
        return self.name if self.kind is Kind.ITEM else f"{PREFIXES.get(self.kind, self.kind)}{self.name}"


@cache
def parse(item: str) -> ItemId:
    """Return what an item's id says.

    >>> parse("cv_sports_area")
    ItemId(kind=<Kind.CV: 'cv'>, name='sports_area')
    >>> parse("all_day_care").kind
    <Kind.ITEM: 'item'>
    """
    if item in SINGLE:
        return ItemId(Kind(item))
    for kind, prefix in PREFIXES.items():
        if item.startswith(prefix):
            return ItemId(kind, item.removeprefix(prefix))
    return ItemId(Kind.ITEM, item)


def floor(indicator: str) -> str:
    """Return the item of an indicator's floor."""
    return str(ItemId(Kind.FLOOR, indicator))


def cv(indicator: str) -> str:
    """Return the item of an indicator's coefficient."""
    return str(ItemId(Kind.CV, indicator))


def group(name: str) -> str:
    """Return the item of one group that was asked."""
    return str(ItemId(Kind.RECOGNITION_GROUP, name))


def finding(field: str, item: str, *parts: str | int | None) -> str:
    """Return the id of a finding: field, item, and those of stage, subject, grade and school that it has.

    >>> finding("quality", "rate", "mathematics", 8)
    'quality.rate.mathematics.8'
    """
    return SEPARATOR.join(str(part) for part in (field, item, *parts) if part is not None)


def whole(field: str) -> str:
    """Return the id of the finding that sums up a field."""
    return finding(field, Kind.ALL)


#: The finding on the county.
OVERALL = whole(Field.OVERALL)


def of_kind(kind: Kind, name: pl.Expr) -> pl.Expr:
    """Return items of a kind that is made, from a column of what they are made from."""
    return pl.lit(PREFIXES[kind]) + name


def name_of(item: pl.Expr, kind: Kind) -> pl.Expr:
    """Return what items of a kind are made from."""
    return item.str.strip_prefix(PREFIXES[kind])


def kind_of(item: pl.Expr) -> pl.Expr:
    """Return the kind of each item, as `parse` reads it."""
    kind: pl.Expr = pl.when(item.is_not_null()).then(pl.lit(Kind.ITEM.value))
    for single, prefix in PREFIXES.items():
        kind = pl.when(item.str.starts_with(prefix)).then(pl.lit(single.value)).otherwise(kind)
    return pl.when(item.is_in([single.value for single in SINGLE])).then(item).otherwise(kind)


def is_kind(*kinds: Kind) -> pl.Expr:
    """Return whether findings are of one of `kinds`."""
    return pl.col("kind").is_in([kind.value for kind in kinds])


def counts() -> pl.Expr:
    """Return whether a finding counts in its field: not a school's own (the stage has them), not beside the verdict."""
    return pl.col("school").is_null() & ~is_kind(*BESIDE)


def judged(item: str, field: str, school: str | None, verdict: str) -> bool:
    """Return whether a finding is one of those that a report counts: it counts in one of the four fields (`counts`),
    and is asked of the county."""
    counting = school is None and parse(item).kind not in BESIDE
    return counting and field in FIELDS and verdict not in UNASKED
