"""The county's schools by type: where they lie, who runs them, their pupils, classes and teachers."""

import polars as pl

from analysis.standards import vocabulary
from analysis.tell.case.case import Case
from analysis.tell.facts.basics import Place, places
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, count, make, text


def table(case: Case) -> Table | None:
    """Return one row per type of school, most first, and last all; columns that nothing fills are left out."""
    *types, every = places(case)
    if not every.schools:
        return None
    areas = [area for area in vocabulary()["areas"] if every.areas]
    sums = [name for name in ("pupils", "classes", "teachers") if getattr(every, name) is not None]
    columns = [
        Column("type"),
        Column("schools", pl.Int64, number=True),
        *(Column(area, pl.Int64, number=True, label=case.word("areas", area)) for area in areas),
        Column("private", pl.Int64, number=True),
        *(Column(name, pl.Int64, number=True) for name in sums),
    ]
    return make(case, "basics", columns, [_row(case, place, areas, sums) for place in (*types, every)])


def _row(case: Case, place: Place, areas: list[str], sums: list[str]) -> dict[str, Value]:
    name = case.word("school_types", place.type) if place.type else case.word("cells", "total")
    return {
        "type": text(name),
        "schools": count(place.schools, case),
        **{area: count(place.areas.get(area, 0), case) for area in areas},
        "private": count(place.private, case),
        **{name: count(getattr(place, name), case) for name in sums},
    }
