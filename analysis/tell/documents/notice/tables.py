"""Tables of the notice: those of the public report, without the columns that give a county's own words."""

from dataclasses import replace

from analysis.tell.documents.notice.notice import Notice
from analysis.tell.parts.table import Table, selected
from analysis.tell.parts.tables import coefficients as of_coefficients
from analysis.tell.parts.tables import fields as of_fields
from analysis.tell.parts.tables import recognition as of_recognition
from analysis.tell.parts.tables.items import field_table

#: What is announced of an item and of a coefficient.
ITEM = ("number", "item", "value", "target", "verdict")
COEFFICIENT = ("stage", "indicator", "schools", "cv", "limit", "verdict")


def fields(told: Notice) -> Table | None:
    """Return the fields at a glance."""
    return of_fields.table(told.case)


def coefficients(told: Notice) -> Table | None:
    """Return the coefficients of the year."""
    made = of_coefficients.table(told.case)
    # What stands below it is about the change on the year before.
    return replace(selected(made, COEFFICIENT), source="") if made else None


def items_government(told: Notice) -> Table | None:
    """Return the items of government: value, target, verdict."""
    return _items(told, "government")


def items_quality(told: Notice) -> Table | None:
    """Return the items of quality: value, target, verdict."""
    return _items(told, "quality")


def recognition(told: Notice) -> Table | None:
    """Return recognition by group, as far as the public may know it."""
    return of_recognition.table(told.case)


def _items(told: Notice, field: str) -> Table | None:
    made = field_table(told.case, field)
    return selected(made, ITEM) if made else None
