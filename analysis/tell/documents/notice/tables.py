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


def fields(notice: Notice) -> Table | None:
    """Return the fields at a glance."""
    return of_fields.table(notice.case)


def coefficients(notice: Notice) -> Table | None:
    """Return the coefficients of the year."""
    table = of_coefficients.table(notice.case)
    # What stands below it is about the change on the year before.
    return replace(selected(table, COEFFICIENT), source="") if table else None


def items_government(notice: Notice) -> Table | None:
    """Return the items of government: value, target, verdict."""
    return _items(notice, "government")


def items_quality(notice: Notice) -> Table | None:
    """Return the items of quality: value, target, verdict."""
    return _items(notice, "quality")


def recognition(notice: Notice) -> Table | None:
    """Return recognition by group, as far as the public may know it."""
    return of_recognition.table(notice.case)


def _items(notice: Notice, field: str) -> Table | None:
    table = field_table(notice.case, field)
    return selected(table, ITEM) if table else None
