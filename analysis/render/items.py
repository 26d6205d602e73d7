"""The county sheet with its items filled in: what each is called, where it stands, how to fill it in, what shows it."""

from functools import cache
from pathlib import Path
from typing import Any

from analysis import standards
from analysis.errors import language
from analysis.read.fields import Table
from analysis.sources import parse_yaml
from analysis.standards.items import Item

TABLE = "government"
#: By whose items the sheet of a county is laid out.
STANDARD = "national-2017"
_SHARE = "share"
_WIDTHS = (26, 46, 12, 12, 34, 22, 34, 40)


@cache
def words() -> dict[str, Any]:
    """Return what is said of items and of rows that are known beforehand (items.yml)."""
    loaded: dict[str, Any] = parse_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return loaded


def items() -> dict[str, Item]:
    """Return the items that a county reports, in the order of the standard, by id."""
    return {name: item for name, item in standards.load(STANDARD).items.items() if item.kind != "computed"}


def fill(book: Any, page: Any, table: Table, head: int) -> None:
    """Fill in the sheet of county items below its header (`head` is its first row, counted from 0)."""
    lang, said = language(), words()
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    share = book.add_format({"num_format": "0.0%", "valign": "top", "bg_color": "#FFF9DB"})
    fill_in = book.add_format({"valign": "top", "bg_color": "#FFF9DB"})
    places = {name: place for place, name in enumerate(table.columns)}
    for place, name in enumerate(("source", "how", "evidence"), start=len(places)):
        page.merge_range(head, place, head + 1, place, said["heads"][name][lang], bold)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    for row, (name, item) in enumerate(items().items(), start=head + 2):
        page.write(row, places["item"], name, plain)
        page.write(row, places["name"], item.label.zh, plain)
        is_share = item.target is not None and item.target.unit == _SHARE
        page.write_blank(row, places["value" if item.target else "answer"], None, share if is_share else fill_in)
        page.write_blank(row, places["evidence"], None, fill_in)
        fields = standards.vocabulary()["fields"][item.field]
        source = item.article or said["item"][lang].format(field=getattr(fields, lang), number=item.number)
        page.write(row, len(places), source, plain)
        page.write(row, len(places) + 1, _how(item, lang), plain)
        page.write(row, len(places) + 2, said["evidence"].get(name, said["usual"])[lang], plain)
        if is_share:
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
            message = {"error_title": item.label.zh[:32], "error_message": said["wrong"][lang]}
            page.data_validation(row, places["value"], row, places["value"], rule | message)


def _how(item: Item, lang: str) -> str:
    how = words()["how"]
    if item.target is None:
        return str(how["answer"][lang])
    if item.target.unit == _SHARE:
        return str(how["share"][lang])
    unit = standards.vocabulary()["units"][item.target.unit]
    return str(how["amount"][lang]).format(unit=getattr(unit, lang))
